#include "memory/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/bytes.h"
#include "memory/moving.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using extract::Format;

constexpr std::size_t kDeepest = 64;

std::string ending(std::string_view name) {
  const auto dot = name.rfind('.');
  std::string result(dot == name.npos ? "" : name.substr(dot));
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// By the name alone; Any where hearth-extract has to look: a page may be bookmarks, a text a chat.
Format format_by_name(std::string_view name) { return ending(name) == ".eml" ? Format::Message : Format::Any; }

// Whether a file is a mailbox, an mbox or Outlook's: these are read in pieces, so that it has to be known before.
bool begins_like_mailbox(int file) {
  std::array<char, 64> start{};
  const auto got = ::pread(file, start.data(), start.size(), 0);
  std::string_view head(start.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (head.starts_with("!BDN")) return head.size() > 4;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  head.remove_prefix(std::min(head.find_first_not_of("\r\n"), head.size()));
  return head.starts_with("From ");
}

// A Maildir's file name says which flags the message has, and changes with them.
std::string_view without_flags(std::string_view name) { return name.substr(0, name.rfind(":2,")); }

// A path may hold any bytes; a place is UTF-8, and different for different paths.
std::string place_of(const std::string& path) {
  if (is_utf8(path)) return path;
  std::string place;
  for (std::size_t at = 0; at < path.size();) {
    const auto point = code_point_at(path, at);
    place += point.value < 0 ? fmt::format("%{:02X}", static_cast<unsigned char>(path[at])) : path.substr(at, point.length);
    at += point.length;
  }
  return place;
}

// The files that help to read `name` in `folder`: lists of users and channels, a note's other form, a database's newest pages.
// `above`: the folder above, -1 when that is not the source's.
std::vector<FileBeside> open_beside(const std::string& name, int folder, int above) {
  static constexpr std::array<const char*, 7> kLists = {"users.json", "channels.json", "groups.json", "mpims.json",
                                                        "dms.json",   "channel.json",  "index.json"};
  std::vector<FileBeside> found;
  const auto add = [&](int in, const std::string& wanted, std::string_view shown_in) {
    Descriptor opened(::openat(in, wanted.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (!opened || ::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
    found.push_back({std::string(shown_in) + wanted, std::move(opened)});
  };
  const auto end = ending(name);
  if (end == ".html") add(folder, name.substr(0, name.size() - end.size()) + ".json", "");
  if (end == ".db" || end == ".sqlite") add(folder, name + "-wal", "");
  if (end != ".json" && end != ".csv") return found;
  for (const auto* list : kLists) {
    if (list != name) add(folder, list, "");
    if (above >= 0) add(above, list, "../");
  }
  return found;
}

Time modified_at(const struct stat& status) {
  return Time(std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::microseconds(status.st_mtim.tv_nsec / 1000));
}

bool holds_folder(int folder, const char* name) {
  struct stat status {};
  return ::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

ClosedFolders::ClosedFolders(std::span<const std::filesystem::path> folders) {
  for (const auto& folder : folders) {
    struct stat status {};
    if (!folder.empty() && ::stat(folder.c_str(), &status) == 0) folders_.emplace_back(status.st_dev, status.st_ino);
  }
}

bool ClosedFolders::contains(const struct stat& folder) const {
  return std::find(folders_.begin(), folders_.end(), std::pair(folder.st_dev, folder.st_ino)) != folders_.end();
}

bool is_maildir(int folder) { return holds_folder(folder, "cur") && holds_folder(folder, "new"); }

bool LeftOut::name(int folder, bool maildir, const std::string& name) const {
  if (name == "tmp" && (maildir || kind_ == SourceKind::Mail)) return true;
  if (kind_ == SourceKind::Mail || !name.starts_with(".")) return false;
  if (!maildir) return true;
  // A Maildir's subfolders are hidden ones.
  const Descriptor below(::openat(folder, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  return !below || !is_maildir(below.get());
}

bool LeftOut::closed(int folder) const {
  struct stat status {};
  return ::fstat(folder, &status) != 0 || closed_.contains(status);
}

bool LeftOut::folder(int folder) const { return closed(folder) || is_export(folder); }

std::string place_of_path(const std::string& path, Within within) {
  if (within == Within::Folder) return place_of(path);
  const auto slash = path.rfind('/');
  const auto folder = path.substr(0, slash == path.npos ? 0 : slash + 1);  // ends with "cur/" or "new/", or is the origin
  return place_of(folder.substr(0, folder.size() - std::min<std::size_t>(folder.size(), 4)) + std::string(without_flags(path.substr(folder.size()))));
}

Result<Walk> Walk::open(SourceKind kind, const std::string& origin, ClosedFolders closed) {
  Walk walk(kind, std::move(closed));
  Descriptor root = open_origin(origin, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  // A socket, or a device that is not there, cannot be opened at all.
  if (!root && (errno == ENXIO || errno == ENODEV)) return fail(Code::Unsupported, "{} is neither a file nor a folder.", origin);
  if (!root) return std::unexpected(Error::from_errno(errno, "opening {}", origin));
  struct stat status {};
  if (::fstat(root.get(), &status) != 0) return std::unexpected(Error::from_errno(errno, "reading {}", origin));
  const auto name = origin.substr(origin.rfind('/') + 1);
  walk.origin_name_ = name;
  if (S_ISDIR(status.st_mode)) {
    const bool messages = origin.ends_with("/cur") || origin.ends_with("/new");
    const auto above = messages ? open_origin(origin.substr(0, origin.size() - 4), O_PATH | O_DIRECTORY | O_CLOEXEC) : Descriptor();
    walk.enter(std::move(root), "", messages && (kind == SourceKind::Mail || (above && is_maildir(above.get()))));
    return walk;
  }
  if (!S_ISREG(status.st_mode)) return fail(Code::Unsupported, "{} is neither a file nor a folder.", origin);
  const auto above = origin.rfind('/', origin.size() - name.size() - 2);
  SourceFile file{"", name, format_by_name(name), status.st_size, modified_at(status), std::move(root)};
  file.path = origin.substr(above == origin.npos ? 0 : above + 1);
  if (const auto end = origin.rfind('/'); end != origin.npos) {
    const auto folder = open_origin(origin.substr(0, end + 1), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder) file.beside = open_beside(name, folder.get(), -1);
  }
  if (kind == SourceKind::Mail && begins_like_mailbox(file.file.get())) file.format = Format::Mbox;
  walk.only_ = std::move(file);
  return walk;
}

void Walk::enter(Descriptor descriptor, std::string path, bool messages) {
  if (path.empty() ? left_out_.closed(descriptor.get()) : left_out_.folder(descriptor.get())) return;
  Folder folder{std::move(descriptor), std::move(path), {}, 0, messages, false};
  folder.maildir = is_maildir(folder.descriptor.get());
  const int copy = ::fcntl(folder.descriptor.get(), F_DUPFD_CLOEXEC, 0);
  DIR* listing = copy >= 0 ? ::fdopendir(copy) : nullptr;
  if (!listing) {
    if (copy >= 0) ::close(copy);
    ++unreadable_;
    return;
  }
  while (const auto* entry = ::readdir(listing)) {
    std::string name = entry->d_name;
    if (name == "." || name == ".." || left_out_.name(folder.descriptor.get(), folder.maildir, name)) continue;
    folder.names.push_back(std::move(name));
  }
  ::closedir(listing);
  std::sort(folder.names.begin(), folder.names.end());
  path_.push_back(std::move(folder));
}

bool Walk::holds_messages(const Folder& above, const std::string& name) const {
  return (name == "cur" || name == "new") && (above.maildir || kind_ == SourceKind::Mail);
}

std::optional<SourceFile> Walk::describe(Descriptor file, const Folder& folder, int above, const std::string& name) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return std::nullopt;
  SourceFile found{place_of(folder.path + name), name, Format::Any, status.st_size, modified_at(status), std::move(file)};
  found.path = origin_name_ + "/" + folder.path + name;
  found.format = format_by_name(name);
  if (folder.messages) {
    found.place = place_of_path(folder.path + name, Within::Maildir);
    found.format = Format::Message;
  } else if (kind_ != SourceKind::Mail) {
    found.beside = open_beside(name, folder.descriptor.get(), above);
  } else if (begins_like_mailbox(found.file.get())) {
    found.format = Format::Mbox;
  } else if (found.format != Format::Message) {
    found.format = Format::Any;
  }
  return found;
}

Result<std::optional<SourceKind>> Walk::guess(const std::string& origin, ClosedFolders closed) {
  constexpr int kLookedAt = 100;
  auto walk = TRY(open(SourceKind::Mail, origin, std::move(closed)));
  if (walk.only_) {
    const bool mail = walk.only_->format == Format::Mbox || walk.only_->format == Format::Message;
    return mail ? std::optional(SourceKind::Mail) : std::nullopt;
  }
  int mails = 0;
  int others = 0;
  while (mails + others < kLookedAt) {
    const auto file = walk.next();
    if (!file) break;
    ++(file->format == Format::Mbox || file->format == Format::Message ? mails : others);
  }
  return mails > others ? SourceKind::Mail : SourceKind::Folder;
}

Result<Walk> Walk::open_some(SourceKind kind, const std::string& origin, std::vector<std::string> paths, ClosedFolders closed) {
  Walk walk(kind, std::move(closed));
  walk.root_ = open_origin(origin, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!walk.root_) return std::unexpected(Error::from_errno(errno, "opening {}", origin));
  walk.origin_name_ = origin.substr(origin.rfind('/') + 1);
  walk.some_ = std::move(paths);
  std::sort(walk.some_.rbegin(), walk.some_.rend());
  return walk;
}

std::optional<SourceFile> Walk::visit(const std::string& path) {
  // From the root down: what is left out may be any folder on the way.
  Folder folder{open_beneath(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", {}, 0, false, false};
  Descriptor above;
  if (!folder.descriptor || left_out_.closed(folder.descriptor.get())) return std::nullopt;
  folder.maildir = is_maildir(folder.descriptor.get());
  for (std::size_t at = 0; at < path.size();) {
    const auto slash = std::min(path.find('/', at), path.size());
    const auto name = path.substr(at, slash - at);
    at = slash + 1;
    if (name.empty()) continue;
    if (name == ".." || left_out_.name(folder.descriptor.get(), folder.maildir, name)) return std::nullopt;
    Descriptor opened(::openat(folder.descriptor.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (!opened || ::fstat(opened.get(), &status) != 0) return std::nullopt;
    if (S_ISREG(status.st_mode) && at >= path.size()) return describe(std::move(opened), folder, above.get(), name);
    if (!S_ISDIR(status.st_mode)) return std::nullopt;
    const bool messages = holds_messages(folder, name);
    if (at >= path.size()) {
      enter(std::move(opened), folder.path + name + "/", messages);
      return std::nullopt;
    }
    if (left_out_.folder(opened.get())) return std::nullopt;
    above = std::move(folder.descriptor);
    folder = Folder{std::move(opened), folder.path + name + "/", {}, 0, messages, false};
    folder.maildir = is_maildir(folder.descriptor.get());
  }
  return std::nullopt;
}

std::optional<SourceFile> Walk::next() {
  if (only_) return std::exchange(only_, std::nullopt);
  while (!path_.empty() || !some_.empty()) {
    if (path_.empty()) {
      const auto path = std::move(some_.back());
      some_.pop_back();
      if (auto found = visit(path)) return found;
      continue;
    }
    auto& folder = path_.back();
    if (folder.next == folder.names.size()) {
      path_.pop_back();
      continue;
    }
    const auto name = folder.names[folder.next++];
    // Not blocking: opening a pipe must not wait for its other end.
    Descriptor opened(::openat(folder.descriptor.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!opened) {
      unreadable_ += errno != ELOOP && errno != ENXIO;
      continue;
    }
    struct stat status {};
    if (::fstat(opened.get(), &status) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      if (path_.size() < kDeepest) enter(std::move(opened), folder.path + name + "/", holds_messages(folder, name));
    } else if (S_ISREG(status.st_mode)) {
      const int above = path_.size() > 1 ? path_[path_.size() - 2].descriptor.get() : -1;
      if (auto found = describe(std::move(opened), folder, above, name)) return found;
    }
  }
  return std::nullopt;
}

Walk::Extent Walk::measure(SourceKind kind, const std::string& origin, std::int64_t most, ClosedFolders closed) {
  auto walk = open(kind, origin, std::move(closed));
  Extent extent;
  while (walk && extent.files < most) {
    const auto file = walk->next();
    if (!file) break;
    ++extent.files;
    extent.bytes += file->size;
  }
  return extent;
}

namespace {

Descriptor open_by(int folder, const std::string& path, int flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = resolve;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof(how))));
}

}  // namespace

Descriptor open_beneath(int folder, const std::string& path, int flags) {
  return open_by(folder, path, flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

Descriptor open_origin(const std::string& path, int flags) { return open_by(AT_FDCWD, path, flags, RESOLVE_NO_SYMLINKS); }

}  // namespace hearth::memory
