#include "store/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <memory>

#include "base/bytes.h"

namespace hearth::store {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_;
};

Result<> write_whole(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(Error::from_errno(errno, "writing {}", name));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<> sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor || ::fsync(descriptor.get()) != 0) {
    return std::unexpected(Error::from_errno(errno, "syncing {}", folder.string()));
  }
  return {};
}

}  // namespace

Result<> write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const auto temporary = path.string() + "." + make_id() + ".part";
  const auto write = [&]() -> Result<> {
    const Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor) return std::unexpected(Error::from_errno(errno, "making {}", temporary));
    TRY(write_whole(descriptor.get(), bytes, temporary));
    if (::fsync(descriptor.get()) != 0) return std::unexpected(Error::from_errno(errno, "syncing {}", temporary));
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
      return std::unexpected(Error::from_errno(errno, "renaming to {}", path.string()));
    }
    return {};
  };
  auto written = write();
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(path.parent_path());
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return std::unexpected(Error::from_errno(errno, "reading {}", path.string()));
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) bytes.resize(bytes.size() + 4096);
    const auto count = ::read(descriptor.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(Error::from_errno(errno, "reading {}", path.string()));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

std::filesystem::path BlobStore::path_of(std::string_view name) const {
  return folder_ / name.substr(0, 2) / name;
}

bool BlobStore::has(std::string_view name) const {
  std::error_code ignored;
  return std::filesystem::exists(path_of(name), ignored);
}

Result<std::string> BlobStore::put(std::string_view bytes) const {
  auto name = to_hex(sha256(bytes));
  if (has(name)) return name;
  std::error_code error;
  std::filesystem::create_directories(path_of(name).parent_path(), error);
  if (error) return std::unexpected(Error::from_errno(error.value(), "making the blob folder"));
  TRY(write_file_atomically(path_of(name), bytes));
  return name;
}

Result<std::string> BlobStore::get(std::string_view name) const {
  auto bytes = read_file(path_of(name));
  if (!bytes) return bytes;
  if (to_hex(sha256(*bytes)) != name) {
    return fail(Code::Corrupt, "The stored file {} is damaged. Restore it from a backup.", path_of(name).string());
  }
  return bytes;
}

Result<> BlobStore::remove(std::string_view name) const {
  const auto path = path_of(name);
  {
    const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!descriptor) {
      if (errno == ENOENT) return {};
      return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
    }
    struct stat status {};
    if (::fstat(descriptor.get(), &status) == 0) {
      const std::string zeros(64 * 1024, '\0');
      for (auto left = static_cast<std::size_t>(status.st_size); left > 0;) {
        const auto piece = std::min(left, zeros.size());
        TRY(write_whole(descriptor.get(), std::string_view(zeros).substr(0, piece), path.string()));
        left -= piece;
      }
      ::fdatasync(descriptor.get());
    }
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return std::unexpected(Error::from_errno(errno, "removing {}", path.string()));
  }
  return {};
}

}  // namespace hearth::store
