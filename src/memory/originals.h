#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hearth::memory {

// The original bytes of a person's items: one file ("pack") per source, to which they are appended. A million mails are one
// file, written with one sync per batch, and forgetting a source is removing a file. Where an original lies is kept in
// the database; what lies beyond the length that the database knows is left of an interrupted import and overwritten.
// Blocking; one writer at a time.
class Originals {
 public:
  explicit Originals(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Writes `length` bytes of the open file `from` at `start` into the pack at `at`.
  Result<> append(std::int64_t source, std::int64_t at, int from, std::int64_t start, std::int64_t length) const;
  // The same for bytes in memory.
  Result<> append(std::int64_t source, std::int64_t at, std::string_view bytes) const;
  // Once this returns, what was appended survives a power cut.
  Result<> sync(std::int64_t source) const;

  Result<std::string> read(std::int64_t source, std::int64_t at, std::int64_t length) const;
  std::filesystem::path path_of(std::int64_t source) const;

  struct Piece {
    std::int64_t at = 0;
    std::int64_t length = 0;
  };
  // Overwrites pieces with zeros and gives their space back where the file system can. A pack that is gone is no error.
  Result<> erase(std::int64_t source, std::vector<Piece> pieces) const;
  // Gone already is no error.
  Result<> remove(std::int64_t source) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace hearth::memory
