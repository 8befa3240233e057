#include "memory/extract/input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hearth::memory::extract {

Result<std::string> Input::read(std::int64_t offset, std::size_t length) const {
  std::string bytes;
  length = std::min(length, static_cast<std::size_t>(std::max<std::int64_t>(size() - offset, 0)));
  bytes.resize(length);
  bytes.resize(TRY(read_at(offset, bytes)));
  return bytes;
}

Result<std::string> Input::read_all(std::size_t most) const {
  if (size() > static_cast<std::int64_t>(most)) return fail(Code::TooLarge, "Larger than {} MB.", most >> 20);
  return read(0, most);
}

FileInput::FileInput(int descriptor) : descriptor_(descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) == 0) size_ = status.st_size;
}

std::shared_ptr<const Input> FileInput::beside(std::string_view name) const {
  const auto found = beside_.find(name);
  return found == beside_.end() ? nullptr : found->second;
}

std::shared_ptr<const Input> BytesInput::beside(std::string_view name) const {
  const auto found = beside_.find(name);
  return found == beside_.end() ? nullptr : found->second;
}

FileInput::~FileInput() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::size_t> FileInput::read_at(std::int64_t offset, std::span<char> into) const {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got = ::pread(descriptor_, into.data() + filled, into.size() - filled, offset + static_cast<std::int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(Error::from_errno(errno, "reading the file"));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Result<std::size_t> BytesInput::read_at(std::int64_t offset, std::span<char> into) const {
  if (offset < 0 || offset >= size()) return 0;
  const auto count = std::min(into.size(), bytes_.size() - static_cast<std::size_t>(offset));
  std::memcpy(into.data(), bytes_.data() + offset, count);
  return count;
}

}  // namespace hearth::memory::extract
