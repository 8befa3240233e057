#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <set>

#include "memory/live.h"
#include "memory/live/stop.h"
#include "memory/walk.h"

namespace hearth::memory {
namespace {

using live::Stop;

constexpr Duration kQuiet = std::chrono::milliseconds(60);     // a burst is over when nothing has happened for so long
constexpr Duration kBurst = std::chrono::milliseconds(400);    // but what came first waits no longer than this
constexpr Duration kLookAgain = std::chrono::minutes(5);       // whether it is still there, and where not every folder can be watched
constexpr std::size_t kMostChanges = 10'000;                   // beyond, everything is looked at
constexpr std::size_t kDeepest = 64;
constexpr std::uint32_t kWanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF |
                                  IN_EXCL_UNLINK | IN_ONLYDIR;
// Of the folder above: while the watched one is held open, the system does not say that it was deleted.
constexpr std::uint32_t kWantedAbove = IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR;

// A folder with all that is in it, or one file, as inotify(7) tells of it. It begins with a look at everything.
class WatchedFolder final : public Connector {
 public:
  WatchedFolder(SourceKind kind, std::string origin, ClosedFolders closed)
      : kind_(kind), origin_(std::move(origin)), closed_(closed), left_out_(kind, std::move(closed)) {}

  Result<std::unique_ptr<Supply>> more() override {
    if (!inotify_) TRY(begin());
    leaving_.clear();  // whatever left without coming back in
    if (std::exchange(everything_, false)) {
      changed_.clear();
      return std::make_unique<Walk>(TRY(Walk::open(kind_, origin_, closed_)));
    }
    if (changed_.empty()) return nullptr;
    std::vector<std::string> paths(changed_.begin(), changed_.end());
    changed_.clear();
    return std::make_unique<Walk>(TRY(Walk::open_some(kind_, origin_, std::move(paths), closed_)));
  }

  std::vector<Renamed> renamed() override { return std::exchange(renamed_, {}); }

  Reached reached() override { return {}; }

  Result<> wait() override {
    const auto first = stop_.wait(inotify_.get(), POLLIN, kLookAgain);
    if (first == Stop::Woken::Stop) return {};
    if (first == Stop::Woken::Time) {
      TRY(check_there());
      everything_ = !complaint_.empty();
      return {};
    }
    const auto begun = std::chrono::steady_clock::now();
    do {
      TRY(take_events());
      if (!inotify_) return {};  // to begin anew
    } while (std::chrono::steady_clock::now() - begun < kBurst && stop_.wait(inotify_.get(), POLLIN, kQuiet) == Stop::Woken::Ready);
    return {};
  }

  Message complaint() const override { return complaint_; }
  void stop() override { stop_.set(); }

 private:
  Result<> begin() {
    struct stat status {};
    if (::stat(origin_.c_str(), &status) != 0) {
      if (errno == ENOENT) return fail(Code::NotFound, "{} is not there any more.", origin_);
      return std::unexpected(Error::from_errno(errno, "looking at {}", origin_));
    }
    auto folder = origin_;
    if (!S_ISDIR(status.st_mode)) {
      const auto slash = origin_.rfind('/');
      folder = slash == 0 ? "/" : origin_.substr(0, slash);
      only_ = origin_.substr(slash + 1);
    }
    root_ = open_origin(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!root_) return std::unexpected(Error::from_errno(errno, "opening {}", folder));
    folder_ = folder;
    inotify_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!inotify_) {
      return fail(Code::TooMany, "Nothing more can be watched for changes. Raise fs.inotify.max_user_instances.");
    }
    folders_.clear();
    complaint_ = {};
    renamed_.clear();
    leaving_.clear();
    everything_ = true;
    if (folder_ != "/") {
      const auto above = std::filesystem::path(folder_).parent_path();
      above_ = ::inotify_add_watch(inotify_.get(), above.c_str(), kWantedAbove);  // a folder that may not be looked into: without
    }
    if (!left_out_.closed(root_.get())) watch("", root_.get(), 0);
    return {};
  }

  // Fails when the folder that is watched is not the one that lies there: it was deleted, or another has taken its place.
  Result<> check_there() {
    struct stat held {};
    struct stat there {};
    if (::fstat(root_.get(), &held) == 0 && held.st_nlink > 0 && ::stat(folder_.c_str(), &there) == 0 && held.st_dev == there.st_dev &&
        held.st_ino == there.st_ino) {
      return {};
    }
    inotify_.close();  // to begin anew when it is there again
    return fail(Code::NotFound, "{} is not there any more.", origin_);
  }

  // Watches a folder, `path` below the root ("" or with a '/' at its end), and all below it.
  void watch(const std::string& path, int folder, std::size_t depth) {
    const int watch_id = ::inotify_add_watch(inotify_.get(), fmt::format("/proc/self/fd/{}", folder).c_str(), kWanted);
    if (watch_id < 0) {
      if (errno == ENOSPC) complaint_ = translated("There are more folders than can be watched: changes are looked for every five minutes. Raise fs.inotify.max_user_watches.");
      return;
    }
    folders_[watch_id] = path;
    if (!only_.empty() || depth >= kDeepest) return;
    const bool maildir = is_maildir(folder);
    const int copy = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* listing = copy >= 0 ? ::fdopendir(copy) : nullptr;
    if (!listing) {
      if (copy >= 0) ::close(copy);
      return;
    }
    std::vector<std::string> below;
    while (const auto* entry = ::readdir(listing)) {
      std::string name = entry->d_name;
      if (name == "." || name == ".." || left_out_.name(folder, maildir, name)) continue;
      if (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN) below.push_back(std::move(name));
    }
    ::closedir(listing);
    for (const auto& name : below) {
      const Descriptor opened(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
      if (opened && !left_out_.folder(opened.get())) watch(path + name + "/", opened.get(), depth + 1);
    }
  }

  Result<> take_events() {
    alignas(inotify_event) std::array<char, 64 << 10> buffer;
    const auto count = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (count <= 0) return std::unexpected(Error::from_errno(errno, "watching {}", origin_));
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(count);) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      TRY(take(event->wd, event->mask, event->cookie, event->len > 0 ? event->name : ""));
      if (!inotify_) return {};
    }
    return {};
  }

  Result<> take(int watch_id, std::uint32_t mask, std::uint32_t cookie, const std::string& name) {
    if (mask & IN_Q_OVERFLOW) {  // something was missed: everything is looked at, and watched anew
      inotify_.close();
      return {};
    }
    if (watch_id == above_) return check_there();
    const auto folder = folders_.find(watch_id);
    if (folder == folders_.end()) return {};
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)) {
      if (mask & IN_IGNORED) {
        folders_.erase(folder);
      } else if (folder->second.empty()) {
        inotify_.close();  // to begin anew when it is there again
        return fail(Code::NotFound, "{} is not there any more.", origin_);
      }
      return {};
    }
    if (!only_.empty()) {
      everything_ = everything_ || name == only_;
      return {};
    }
    if (name.empty()) return {};
    const auto path = folder->second + name;
    const auto opened = open_beneath(root_.get(), folder->second.empty() ? "." : folder->second, O_PATH | O_DIRECTORY | O_CLOEXEC);
    const bool maildir = opened && is_maildir(opened.get());
    if (!opened || left_out_.name(opened.get(), maildir, name)) return {};
    if (mask & IN_MOVED_FROM) leaving_[cookie] = path;
    if (mask & IN_MOVED_TO) note_rename(cookie, path);
    if (mask & IN_ISDIR) {
      forget(path + "/");
      if (mask & IN_MOVED_FROM) return {};
      const auto below = open_beneath(root_.get(), path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (below && !left_out_.folder(below.get())) {
        watch(path + "/", below.get(), static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1);
      }
    } else if ((mask & IN_MOVED_FROM) || ((mask & IN_CREATE) && within(path) == Within::Folder && kind_ != SourceKind::Mail)) {
      return {};  // a file that was made is read when it is written; into a Maildir it comes by a link
    }
    changed_.insert(path);
    if (changed_.size() > kMostChanges) everything_ = true;
    return {};
  }

  // Whether a path leads to a message of a Maildir.
  Within within(const std::string& path) const {
    const auto folder = std::filesystem::path(path).parent_path();
    if (folder.filename() != "cur" && folder.filename() != "new") return Within::Folder;
    if (kind_ == SourceKind::Mail) return Within::Maildir;
    const auto above = folder.parent_path().string();
    const auto opened = open_beneath(root_.get(), above.empty() ? "." : above, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return opened && is_maildir(opened.get()) ? Within::Maildir : Within::Folder;
  }

  // What was found under the old name moves along.
  void note_rename(std::uint32_t cookie, const std::string& path) {
    const auto left = leaving_.extract(cookie);
    if (!left) return;  // from elsewhere
    Renamed renamed{place_of_path(left.mapped(), within(left.mapped())), place_of_path(path, within(path))};
    if (renamed.from != renamed.to) renamed_.push_back(std::move(renamed));
  }

  // The folders below a path have moved away.
  void forget(const std::string& path) {
    for (auto at = folders_.begin(); at != folders_.end();) {
      if (!at->second.starts_with(path)) {
        ++at;
        continue;
      }
      (void)::inotify_rm_watch(inotify_.get(), at->first);
      at = folders_.erase(at);
    }
  }

  SourceKind kind_;
  std::string origin_;
  ClosedFolders closed_;
  LeftOut left_out_;
  std::string only_;    // of a single file: its name
  std::string folder_;  // the origin, or of a single file the folder that it is in
  Descriptor root_;
  Descriptor inotify_;
  int above_ = -1;  // the watch of the folder above
  std::map<int, std::string> folders_;  // by watch
  std::map<std::uint32_t, std::string> leaving_;  // what was moved, and has not come yet: by inotify's number for the move
  std::vector<Renamed> renamed_;
  std::set<std::string> changed_;
  bool everything_ = true;
  Message complaint_;
  Stop stop_;
};

}  // namespace

std::unique_ptr<Connector> connect_folder(SourceKind kind, std::string origin, ClosedFolders closed) {
  return std::make_unique<WatchedFolder>(kind, std::move(origin), std::move(closed));
}

}  // namespace hearth::memory
