#include "files/root.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "files/path.h"

namespace hearth::files {
namespace {

std::string relative(std::string_view path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  return path.empty() ? "." : std::string(path);
}

std::unexpected<Error> failed(std::string_view path, int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:  // a symbolic link: as good as not there
    case EXDEV:  // led out of the root
    case ENXIO:  // a socket, or a pipe without a reader
      return fail(Code::NotFound, "There is no “{}”.", path);
    case EEXIST:
    case ENOTEMPTY:
    case EISDIR:
      return fail(Code::AlreadyExists, "There already is a “{}”.", path);
    default:
      return std::unexpected(Error::from_errno(error_number, "“{}”", path));
  }
}

Time to_time(const struct statx_timestamp& stamp) {
  return Time(std::chrono::seconds(stamp.tv_sec) + std::chrono::microseconds(stamp.tv_nsec / 1000));
}

// None: neither a plain file nor a folder.
std::optional<Status> to_status(const struct statx& raw) {
  if (!S_ISREG(raw.stx_mode) && !S_ISDIR(raw.stx_mode)) return std::nullopt;
  Status status;
  status.folder = S_ISDIR(raw.stx_mode);
  status.size = status.folder ? 0 : raw.stx_size;
  status.modified = to_time(raw.stx_mtime);
  status.created = raw.stx_mask & STATX_BTIME ? to_time(raw.stx_btime) : status.modified;
  status.device = (static_cast<std::uint64_t>(raw.stx_dev_major) << 32) | raw.stx_dev_minor;
  status.inode = raw.stx_ino;
  return status;
}

constexpr unsigned kWanted = STATX_BASIC_STATS | STATX_BTIME;

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Result<Directory> read_directory(Descriptor folder, std::string_view path) {
  Directory directory(::fdopendir(folder.get()));
  if (!directory) return failed(path, errno);
  folder.release();
  return directory;
}

// Removes what is in the folder behind `fd`, never following a link. Depth-first; folders are renamed by nobody's mercy:
// each level is held by its descriptor.
Result<> empty_folder(int fd, std::string_view path, int depth) {
  if (depth > 512) return fail(Code::Unsupported, "“{}” is nested more than 512 folders deep.", path);
  Descriptor again(::openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!again) return failed(path, errno);
  auto directory = TRY(read_directory(std::move(again), path));
  while (const auto* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (::unlinkat(fd, entry->d_name, 0) == 0 || errno == ENOENT) continue;
    if (errno != EISDIR && errno != EPERM) return failed(path, errno);
    Descriptor child(::openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!child) {
      if (errno == ENOENT) continue;
      return failed(path, errno);
    }
    TRY(empty_folder(child.get(), path, depth + 1));
    if (::unlinkat(fd, entry->d_name, AT_REMOVEDIR) != 0 && errno != ENOENT) return failed(path, errno);
  }
  return {};
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string Status::etag() const {
  return fmt::format("\"{:x}-{:x}-{:x}\"", inode, size, modified.time_since_epoch().count());
}

Result<Status> status_of(int descriptor) {
  struct statx raw{};
  if (::statx(descriptor, "", AT_EMPTY_PATH, kWanted, &raw) != 0) return failed("the file", errno);
  const auto status = to_status(raw);
  if (!status) return fail(Code::NotFound, "This is no plain file.");
  return *status;
}

Result<Root> Root::open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected(Error::from_errno(error.value(), "Making {}", folder));
  Descriptor descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor) return std::unexpected(Error::from_errno(errno, "Opening {}", folder));
  return Root(std::move(descriptor));
}

Result<Descriptor> Root::resolve(std::string_view path, int flags, mode_t mode) const {
  struct open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const auto name = relative(path);
  // EAGAIN: a rename elsewhere raced with the resolution and the kernel could not be sure; ask again.
  for (int attempt = 0;; ++attempt) {
    const auto fd = static_cast<int>(::syscall(SYS_openat2, folder_.get(), name.c_str(), &how, sizeof how));
    if (fd >= 0) return Descriptor(fd);
    if ((errno != EAGAIN && errno != EINTR) || attempt == 1000) return failed(path, errno);
  }
}

Result<Status> Root::status(std::string_view path) const {
  const auto file = TRY(resolve(path, O_PATH));
  auto status = status_of(file.get());
  if (!status) return fail(Code::NotFound, "There is no “{}”.", path);
  return status;
}

Result<Descriptor> Root::open_file(std::string_view path) const {
  auto file = TRY(resolve(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  const auto status = status_of(file.get());
  if (!status || status->folder) return fail(Code::NotFound, "There is no file “{}”.", path);
  return file;
}

Result<Descriptor> Root::open_for_writing(std::string_view path) const {
  auto file = TRY(resolve(path, O_RDWR | O_NONBLOCK | O_NOCTTY));
  const auto status = status_of(file.get());
  if (!status || status->folder) return fail(Code::NotFound, "There is no file “{}”.", path);
  return file;
}

Result<Descriptor> Root::open_folder(std::string_view path) const {
  return resolve(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
}

Result<Descriptor> Root::create_file(std::string_view path) const {
  return resolve(path, O_RDWR | O_CREAT | O_EXCL | O_NOCTTY, 0600);
}

Result<> Root::make_folder(std::string_view path) const {
  if (path == "/") return fail(Code::AlreadyExists, "There already is a “/”.");
  const auto parent = TRY(resolve(path_parent(path), O_PATH | O_DIRECTORY));
  if (::mkdirat(parent.get(), path_name(path).c_str(), 0700) != 0) return failed(path, errno);
  return {};
}

Result<> Root::check_folders(std::string_view path) const {
  std::string at;
  for (const auto& name : path_names(path)) {
    at += "/" + name;
    if (resolve(at, O_PATH | O_DIRECTORY)) continue;
    // Whatever it is: also what is nothing to those who ask for files, such as a link.
    struct stat status{};
    if (::fstatat(folder_.get(), relative(at).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
    return fail(Code::AlreadyExists, "“{}” stands in the way: it is no folder.", at);
  }
  return {};
}

Result<> Root::make_folders(std::string_view path) const {
  TRY(check_folders(path));
  std::string at;
  for (const auto& name : path_names(path)) {
    at += "/" + name;
    if (auto made = make_folder(at); !made && made.error().code() != Code::AlreadyExists) return made;
  }
  return check_folders(path);
}

Result<> Root::rename(std::string_view from, const Root& other, std::string_view to, Existing existing) const {
  if (from == "/" || to == "/") return fail(Code::InvalidInput, "The home itself cannot be moved.");
  const auto source = TRY(resolve(path_parent(from), O_PATH | O_DIRECTORY));
  const auto target = TRY(other.resolve(path_parent(to), O_PATH | O_DIRECTORY));
  const auto source_name = path_name(from);
  const auto target_name = path_name(to);
  // A link must not be moved either: what is moved is a plain file or folder.
  struct statx raw{};
  if (::statx(source.get(), source_name.c_str(), AT_SYMLINK_NOFOLLOW, kWanted, &raw) != 0) return failed(from, errno);
  if (!to_status(raw)) return fail(Code::NotFound, "There is no “{}”.", from);
  const unsigned flags = existing == Existing::Refuse ? RENAME_NOREPLACE : 0;
  if (::renameat2(source.get(), source_name.c_str(), target.get(), target_name.c_str(), flags) == 0) return {};
  if (errno == EINVAL) return fail(Code::InvalidInput, "A folder cannot be moved into itself.");
  if (errno == EXDEV) return fail(Code::Unsupported, "“{}” lies on another disk; copy it instead.", from);
  return failed(errno == ENOENT ? from : to, errno);
}

Result<std::int64_t> Root::list(std::string_view path, const Visit& visit) const {
  auto folder = TRY(open_folder(path));
  auto directory = TRY(read_directory(std::move(folder), path));
  std::int64_t passed_over = 0;
  while (const auto* entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const auto clean = clean_name(name);
    if (!clean || *clean != name) {
      ++passed_over;
      continue;
    }
    struct statx raw{};
    if (::statx(::dirfd(directory.get()), entry->d_name, AT_SYMLINK_NOFOLLOW, kWanted, &raw) != 0) continue;  // gone
    const auto status = to_status(raw);
    if (!status) {
      ++passed_over;
      continue;
    }
    TRY(visit(name, *status));
  }
  return passed_over;
}

Result<> Root::remove_file(std::string_view path) const {
  const auto parent = TRY(resolve(path_parent(path), O_PATH | O_DIRECTORY));
  if (::unlinkat(parent.get(), path_name(path).c_str(), 0) != 0) return failed(path, errno);
  return {};
}

Result<> Root::remove_tree(std::string_view path) const {
  if (path == "/") return fail(Code::InvalidInput, "The home itself cannot be removed.");
  const auto parent = resolve(path_parent(path), O_PATH | O_DIRECTORY);
  if (!parent) return parent.error().code() == Code::NotFound ? Result<>() : std::unexpected(parent.error());
  const auto name = path_name(path);
  if (::unlinkat(parent->get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  if (errno != EISDIR && errno != EPERM) return failed(path, errno);
  Descriptor folder(::openat(parent->get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return failed(path, errno);
  TRY(empty_folder(folder.get(), path, 0));
  if (::unlinkat(parent->get(), name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) return failed(path, errno);
  return {};
}

Result<> Root::set_modified(std::string_view path, Time modified) const {
  const auto file = TRY(resolve(path, O_RDONLY | O_NONBLOCK));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(modified);
  const struct timespec times[2] = {
      {0, UTIME_OMIT},
      {seconds.time_since_epoch().count(), std::chrono::nanoseconds(modified - seconds).count()},
  };
  if (::futimens(file.get(), times) != 0) return failed(path, errno);
  return {};
}

Result<> Root::sync_folder(std::string_view path) const {
  const auto folder = TRY(open_folder(path));
  if (::fsync(folder.get()) != 0) return failed(path, errno);
  return {};
}

Result<> write_all(int descriptor, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(Error::from_errno(errno, "Writing the file"));
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  std::size_t got = 0;
  while (got < length) {
    const auto count = ::pread(descriptor, bytes.data() + got, length - got, static_cast<off_t>(offset + got));
    if (count < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(Error::from_errno(errno, "Reading the file"));
    }
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

}  // namespace hearth::files
