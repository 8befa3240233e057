#pragma once
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"

namespace hearth::files {

// An open file descriptor, closed when destroyed.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// What the file system knows about a file or folder.
struct Status {
  bool folder = false;
  std::uint64_t size = 0;  // bytes; 0 of a folder
  Time modified;
  Time created;  // of the inode; where the file system does not know, as `modified`
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  // A strong validator (RFC 9110 §8.8.3): changes whenever the content does. Quoted.
  std::string etag() const;
};

// A folder of the disk that nothing leaves: every path is resolved by the kernel below this folder's descriptor, with
// symbolic links refused (openat2, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), so that neither "..", links nor a race between
// check and use leads out. Paths are clean (path.h). Only plain files and folders exist here: links, sockets and devices
// are NotFound. Blocking; any thread.
class Root {
 public:
  // Opens the folder, making it when absent.
  static Result<Root> open(const std::string& folder);

  Result<Status> status(std::string_view path) const;
  Result<Descriptor> open_file(std::string_view path) const;    // to read; NotFound for a folder
  Result<Descriptor> open_folder(std::string_view path) const;  // NotFound for a file
  // Makes a new file to write; AlreadyExists when there is one.
  Result<Descriptor> create_file(std::string_view path) const;
  Result<Descriptor> open_for_writing(std::string_view path) const;  // an existing file
  Result<> make_folder(std::string_view path) const;  // AlreadyExists; NotFound without its parent
  // Makes the folder and its parents as far as they are missing. AlreadyExists names what stands in the way.
  Result<> make_folders(std::string_view path) const;
  // Whether make_folders could: fails with AlreadyExists when something on the way is no folder.
  Result<> check_folders(std::string_view path) const;

  enum class Existing { Refuse, Replace };
  // Moves a file or folder to `to` of another (or the same) root, atomically. Refuse: AlreadyExists when `to` exists.
  // Replace: a file replaces a file.
  Result<> rename(std::string_view from, const Root& other, std::string_view to, Existing existing) const;

  // Calls `visit(name, status)` for each file and folder of a folder, in no order; stops at the first error. Returns how
  // many entries were passed over: links, devices and names that are not clean.
  using Visit = std::function<Result<>(const std::string& name, const Status& status)>;
  Result<std::int64_t> list(std::string_view path, const Visit& visit) const;

  Result<> remove_file(std::string_view path) const;
  // Removes a file, or a folder with all that is in it. Gone already is no error.
  Result<> remove_tree(std::string_view path) const;
  Result<> set_modified(std::string_view path, Time modified) const;

  // Makes renames into and within a folder durable.
  Result<> sync_folder(std::string_view path) const;

  int descriptor() const { return folder_.get(); }

 private:
  explicit Root(Descriptor folder) : folder_(std::move(folder)) {}
  Result<Descriptor> resolve(std::string_view path, int flags, mode_t mode = 0) const;

  Descriptor folder_;
};

Result<Status> status_of(int descriptor);

// Writes all of `bytes` at `offset`. NoSpace when the disk is full.
Result<> write_all(int descriptor, std::string_view bytes, std::uint64_t offset);
// Up to `length` bytes from `offset`; fewer at the end of the file.
Result<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t length);

}  // namespace hearth::files
