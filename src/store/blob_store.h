#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hearth::store {

// Files named by the SHA-256 of what they hold (64 hex digits), under <folder>/<first two digits>/. Blocking; any thread.
class BlobStore {
 public:
  explicit BlobStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Stores `bytes` and returns their name; once it returns they survive a power cut. Storing twice keeps one copy.
  Result<std::string> put(std::string_view bytes) const;

  // NotFound when there is none; Corrupt when the bytes do not match the name.
  Result<std::string> get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::filesystem::path path_of(std::string_view name) const;

  // Overwrites with zeros, then unlinks. Gone already is no error.
  Result<> remove(std::string_view name) const;

 private:
  std::filesystem::path folder_;
};

// Writes `bytes` to a temporary file beside `path`, syncs it, and renames it into place: readers see the old or the new.
Result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);
Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace hearth::store
