#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace hearth::memory::extract {

// A message or document larger than this is reported instead of read.
inline constexpr std::size_t kLargestItem = 128 << 20;

// What a format is read from: an open file, or bytes in memory (a member of an archive).
class Input {
 public:
  virtual ~Input() = default;

  virtual std::int64_t size() const = 0;
  // Reads at `offset`; fewer bytes than asked for only at the end.
  virtual Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const = 0;
  // A file that helps to read this one: `name` from the same folder, "../name" from the one above. Null when it is not there
  // or was not handed over: hearthd hands over what open_beside in walk.cpp names.
  virtual std::shared_ptr<const Input> beside(std::string_view) const { return nullptr; }
  // False where nobody can tell what lies beside it: in an archive that is only read from its beginning to its end.
  virtual bool sees_beside() const { return true; }

  // In how many archives it lies.
  virtual int depth() const { return 0; }

  // `length` bytes at `offset`, fewer at the end.
  Result<std::string> read(std::int64_t offset, std::size_t length) const;
  // All of it; TooLarge beyond `most`.
  Result<std::string> read_all(std::size_t most = kLargestItem) const;
};

// Owns the descriptor.
class FileInput final : public Input {
 public:
  explicit FileInput(int descriptor);
  FileInput(FileInput&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), beside_(std::move(other.beside_)) {}
  FileInput& operator=(FileInput&&) = delete;
  ~FileInput() override;

  std::int64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override;
  std::shared_ptr<const Input> beside(std::string_view name) const override;
  void put_beside(std::string name, std::shared_ptr<const Input> input) { beside_[std::move(name)] = std::move(input); }

 private:
  int descriptor_;
  std::int64_t size_ = 0;
  std::map<std::string, std::shared_ptr<const Input>, std::less<>> beside_;
};

class BytesInput final : public Input {
 public:
  explicit BytesInput(std::string bytes) : bytes_(std::move(bytes)) {}

  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override;
  std::shared_ptr<const Input> beside(std::string_view name) const override;
  void put_beside(std::string name, std::shared_ptr<const Input> input) { beside_[std::move(name)] = std::move(input); }

 private:
  std::string bytes_;
  std::map<std::string, std::shared_ptr<const Input>, std::less<>> beside_;
};

}  // namespace hearth::memory::extract
