#include "memory/originals.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/process.h"

namespace hearth::memory {
namespace {

constexpr std::size_t kPiece = 256 << 10;

Result<> write_at(int file, std::string_view bytes, std::int64_t at) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(file, bytes.data(), bytes.size(), at);
    if (written < 0 && errno != EINTR) return std::unexpected(Error::from_errno(errno, "keeping the original"));
    if (written <= 0) continue;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    at += written;
  }
  return {};
}

Result<Descriptor> open_pack(const std::filesystem::path& path, int flags) {
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!file) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
  return file;
}

}  // namespace

std::filesystem::path Originals::path_of(std::int64_t source) const { return folder_ / fmt::format("{}.pack", source); }

Result<> Originals::append(std::int64_t source, std::int64_t at, int from, std::int64_t start, std::int64_t length) const {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const auto file = TRY(open_pack(path_of(source), O_WRONLY | O_CREAT));
  std::string piece;
  while (length > 0) {
    piece.resize(std::min(kPiece, static_cast<std::size_t>(length)));
    const auto got = ::pread(from, piece.data(), piece.size(), start);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(Error::from_errno(errno, "reading the original"));
    if (got == 0) return fail(Code::Conflict, "The file became shorter while it was read.");
    TRY(write_at(file.get(), std::string_view(piece).substr(0, static_cast<std::size_t>(got)), at));
    start += got;
    at += got;
    length -= got;
  }
  return {};
}

Result<> Originals::append(std::int64_t source, std::int64_t at, std::string_view bytes) const {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const auto file = TRY(open_pack(path_of(source), O_WRONLY | O_CREAT));
  return write_at(file.get(), bytes, at);
}

Result<> Originals::sync(std::int64_t source) const {
  const auto file = TRY(open_pack(path_of(source), O_WRONLY | O_CREAT));
  if (::fdatasync(file.get()) != 0) return std::unexpected(Error::from_errno(errno, "syncing the originals"));
  return {};
}

Result<std::string> Originals::read(std::int64_t source, std::int64_t at, std::int64_t length) const {
  const auto file = TRY(open_pack(path_of(source), O_RDONLY));
  std::string bytes(static_cast<std::size_t>(length), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = ::pread(file.get(), bytes.data() + filled, bytes.size() - filled, at + static_cast<std::int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(Error::from_errno(errno, "reading the original"));
    if (got == 0) return fail(Code::Corrupt, "{} is shorter than it should be. Restore it from a backup.", path_of(source).string());
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<> Originals::erase(std::int64_t source, std::vector<Piece> pieces) const {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.at < b.at; });
  std::vector<Piece> joined;
  for (const auto& piece : pieces) {
    if (piece.length == 0) continue;
    if (!joined.empty() && joined.back().at + joined.back().length == piece.at) {
      joined.back().length += piece.length;
    } else {
      joined.push_back(piece);
    }
  }
  if (joined.empty()) return {};
  Descriptor file(::open(path_of(source).c_str(), O_WRONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) return {};
  if (!file) return std::unexpected(Error::from_errno(errno, "opening {}", path_of(source).string()));
  const std::string zeros(kPiece, '\0');
  for (const auto& piece : joined) {
    for (std::int64_t done = 0; done < piece.length; done += static_cast<std::int64_t>(kPiece)) {
      TRY(write_at(file.get(), std::string_view(zeros).substr(0, static_cast<std::size_t>(piece.length - done)), piece.at + done));
    }
  }
  if (::fdatasync(file.get()) != 0) return std::unexpected(Error::from_errno(errno, "syncing the originals"));
  for (const auto& piece : joined) (void)::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, piece.at, piece.length);
  return {};
}

Result<> Originals::remove(std::int64_t source) const {
  if (::unlink(path_of(source).c_str()) != 0 && errno != ENOENT) {
    return std::unexpected(Error::from_errno(errno, "removing {}", path_of(source).string()));
  }
  return {};
}

}  // namespace hearth::memory
