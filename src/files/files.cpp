#include "files/files.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "files/attempts.h"
#include "files/content_type.h"
#include "files/dav_locks.h"
#include "files/implementation.h"
#include "files/text.h"
#include "files/uploads.h"
#include "files/watches.h"

namespace hearth::files {
namespace {

constexpr std::size_t kDiskThreads = 4;

bool is_person_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

// What a crash left in `uploads`: files that were being written. Uploads and copies are resumed, so they stay; a copy that
// nobody resumed for a week goes, and so does an upload so old that its row must have gone.
Result<> clean_uploads(const Home& home, Time now, Duration upload_lifetime) {
  std::vector<std::string> stale;
  TRY(home.uploads.list("/", [&](const std::string& name, const Status& status) -> Result<> {
    const auto path = "/" + name;
    const bool old_copy = path.starts_with(kCopyPrefix) && status.modified + std::chrono::days(7) < now;
    const bool old_upload = is_id(name) && status.modified + upload_lifetime + std::chrono::days(1) < now;
    const bool abandoned = path.starts_with(kTemporaryPrefix) && !path.starts_with(fmt::format("{}{}", kTemporaryPrefix, home.run));
    if (abandoned || old_copy || old_upload) stale.push_back(path);
    return {};
  }));
  for (const auto& path : stale) TRY(home.uploads.remove_tree(path));
  return {};
}

Result<> add_usage(const Root& root, const std::string& folder, std::uint64_t& bytes) {
  std::vector<std::string> folders;
  TRY(root.list(folder, [&](const std::string& name, const Status& status) -> Result<> {
    if (status.folder) {
      folders.push_back(path_join(folder, name));
    } else {
      bytes += status.size;
    }
    return {};
  }));
  for (const auto& child : folders) TRY(add_usage(root, child, bytes));
  return {};
}

}  // namespace

Entry entry_of(std::string_view path, const Status& status) {
  Entry entry;
  entry.name = path_name(path);
  entry.path = path;
  entry.kind = status.folder ? EntryKind::Folder : EntryKind::File;
  entry.size = status.size;
  entry.modified = status.modified;
  if (!status.folder) entry.type = content_type_of(entry.name).type;
  return entry;
}

Result<std::uint64_t> writable_space(const Root& root) {
  struct statvfs space{};
  Descriptor folder = TRY(root.open_folder("/"));
  if (::fstatvfs(folder.get(), &space) != 0) return std::unexpected(Error::from_errno(errno, "Asking for free space"));
  const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  const std::uint64_t reserve =
      std::min<std::uint64_t>(64 << 20, static_cast<std::uint64_t>(space.f_blocks) * space.f_frsize / 100);
  return free > reserve ? free - reserve : 0;
}

Result<std::string> place(const Home& home, const Root& source, const std::string& temporary, const std::string& path,
                          Taken taken) {
  auto target = path;
  for (int number = 2;; ++number) {
    const auto placed = source.rename(temporary, home.home, target,
                                      taken == Taken::Replace ? Root::Existing::Replace : Root::Existing::Refuse);
    if (placed) break;
    if (placed.error().code() != Code::AlreadyExists || taken != Taken::Number) return std::unexpected(placed.error());
    target = path_join(path_parent(path), numbered_name(path_name(path), number));
  }
  TRY(home.home.sync_folder(path_parent(target)));
  return target;
}

Files::Implementation::Implementation(Options options_, store::Database& system_, Clock& clock_, Executor executor_,
                                      Doors doors_)
    : options(std::move(options_)),
      system(system_),
      clock(clock_),
      executor(executor_),
      doors(std::move(doors_)),
      watches(std::make_unique<Watches>(executor)),
      locks(std::make_unique<DavLocks>(clock)),
      attempts(std::make_unique<Attempts>(clock)),
      uploads(std::make_unique<UploadSlots>(executor)),
      pool("files", kDiskThreads),
      tasks(executor) {}

Files::Implementation::~Implementation() = default;

Task<Result<HomePointer>> Files::Implementation::home_of(std::string person) {
  if (const auto known = homes.find(person); known != homes.end()) co_return known->second;
  if (!is_person_id(person)) co_return fail(Code::Forbidden, "Only a person has files; sign in first.");
  auto opened = co_await offload(pool, [folder = fmt::format("{}/{}", options.folder, person), person, run_id = run,
                                        now = clock.now(), lifetime = options.upload_lifetime]() -> Result<HomePointer> {
    auto home = std::make_shared<const Home>(Home{person, run_id, TRY(Root::open(folder + "/home")),
                                                  TRY(Root::open(folder + "/trash")),
                                                  TRY(Root::open(folder + "/uploads"))});
    TRY(clean_uploads(*home, now, lifetime));
    return home;
  });
  if (!opened) co_return opened;
  co_return homes.try_emplace(person, *opened).first->second;  // another caller may have opened it meanwhile
}

void Files::Implementation::changed(const std::string& person, std::string_view path) {
  if (doors.publish) {
    doors.publish({"files", person, Json::object({{"folder", path_parent(path)}, {"path", path}})});
  }
}

Task<Result<>> Files::Implementation::moved(std::string person, std::string from, std::string to) {
  co_return co_await system.write([person, from, to](store::Connection& c) -> Result<> {
    // A path and what is below it: "/a", and from "/a/" up to "/a0" ('0' follows '/').
    const auto below = from + "/";
    const auto end = from + "0";
    if (to.empty()) {
      TRY(c.run("DELETE FROM files_shares WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4))", person, from,
                below, end));
      return c.run("DELETE FROM files_properties WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4))", person,
                   from, below, end);
    }
    TRY(c.run("DELETE FROM files_properties WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4))", person, to,
              to + "/", to + "0"));
    TRY(c.run(R"(UPDATE files_shares SET path = ?5 || substr(path, length(?2) + 1)
                 WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4)))",
              person, from, below, end, to));
    return c.run(R"(UPDATE files_properties SET path = ?5 || substr(path, length(?2) + 1)
                    WHERE person = ?1 AND (path = ?2 OR (path >= ?3 AND path < ?4)))",
                 person, from, below, end, to);
  });
}

Files::Files(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Files::~Files() = default;

Result<std::unique_ptr<Files>> Files::open(Options options, store::Database& system, Clock& clock, Executor home,
                                           Doors doors) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return std::unexpected(Error::from_errno(error.value(), "Making {}", options.folder));
  auto implementation = std::make_unique<Implementation>(std::move(options), system, clock, home, std::move(doors));
  implementation->tasks.spawn("files: clean up", implementation->clean_up());
  return std::unique_ptr<Files>(new Files(std::move(implementation)));
}

Task<> Files::stop() {
  implementation_->watches->stop();
  co_await implementation_->tasks.stop();
}

Task<Result<ListOutput>> Files::list(std::string person, ListInput input) {
  CO_TRY(auto path, clean_path(input.path));
  co_return co_await implementation_->on_disk(std::move(person), [path, input](const Home& home) -> Result<ListOutput> {
    struct Sortable {
      std::string key;
      Entry entry;
    };
    std::vector<Sortable> all;
    ListOutput output;
    output.unreadable = TRY(home.home.list(path, [&](const std::string& name, const Status& status) -> Result<> {
      std::string key;
      switch (input.order) {
        case Order::Name: key = status.folder ? "0" : "1"; break;
        case Order::Modified: key = fmt::format("{:020}", INT64_MAX - status.modified.time_since_epoch().count()); break;
        case Order::Size: key = fmt::format("{:020}", UINT64_MAX - status.size); break;
      }
      all.push_back({key + natural_key(name), entry_of(path_join(path, name), status)});
      return {};
    }));
    std::ranges::sort(all, {}, &Sortable::key);
    output.total = static_cast<std::int64_t>(all.size());
    // `after` is a key: a page continues rightly even when the entry it ended with has gone meanwhile.
    auto at = all.begin();
    if (input.after) {
      const auto key = from_base64url(*input.after);
      if (!key) return fail(Code::InvalidInput, "after: not what a page before gave as `next`.");
      at = std::ranges::upper_bound(all, *key, {}, &Sortable::key);
    }
    for (; at != all.end() && output.entries.size() < static_cast<std::size_t>(input.limit); ++at) {
      output.entries.push_back(std::move(at->entry));
    }
    if (at != all.end()) output.next = to_base64url(std::prev(at)->key);
    return output;
  });
}

Task<Result<Entry>> Files::stat(std::string person, std::string path_in) {
  CO_TRY(auto path, clean_path(path_in));
  co_return co_await implementation_->on_disk(std::move(person), [path](const Home& home) -> Result<Entry> {
    return entry_of(path, TRY(home.home.status(path)));
  });
}

Task<Result<Entry>> Files::make_folder(std::string person, std::string path_in) {
  CO_TRY(auto path, clean_path(path_in));
  auto made = co_await implementation_->on_disk(person, [path](const Home& home) -> Result<Entry> {
    TRY(home.home.make_folder(path));
    TRY(home.home.sync_folder(path_parent(path)));
    return entry_of(path, TRY(home.home.status(path)));
  });
  if (made) implementation_->changed(person, path);
  co_return made;
}

Task<Result<Entry>> Files::move(std::string person, MoveInput input) {
  CO_TRY(auto from, clean_path(input.from));
  CO_TRY(auto to, clean_path(input.to));
  if (from == to) co_return co_await stat(person, from);
  if (path_is_within(to, from)) co_return fail(Code::InvalidInput, "A folder cannot be moved into itself.");
  if (path_is_within(from, to)) co_return fail(Code::InvalidInput, "“{}” holds what you move; it cannot be replaced by it.", to);
  if (input.replace) {
    auto source = co_await stat(person, from);
    if (!source) co_return source;
    auto replaced = co_await trash(person, to);
    if (!replaced && replaced.error().code() != Code::NotFound) co_return std::unexpected(replaced.error());
  }
  auto done = co_await implementation_->on_disk(person, [from, to](const Home& home) -> Result<Entry> {
    TRY(home.home.rename(from, home.home, to, Root::Existing::Refuse));
    TRY(home.home.sync_folder(path_parent(from)));
    TRY(home.home.sync_folder(path_parent(to)));
    return entry_of(to, TRY(home.home.status(to)));
  });
  if (!done) co_return done;
  CO_CHECK(co_await implementation_->moved(person, from, to));
  implementation_->changed(person, from);
  implementation_->changed(person, to);
  co_return done;
}

Task<Result<SearchOutput>> Files::search(std::string person, SearchInput input) {
  CO_TRY(auto path, clean_path(input.path));
  if (!is_utf8(input.text)) co_return fail(Code::InvalidInput, "text: must be UTF-8.");
  const auto wanted = fold(input.text);
  if (wanted.empty()) co_return fail(Code::InvalidInput, "text: say what to look for.");
  co_return co_await implementation_->on_disk(std::move(person), [path, wanted, input](const Home& home)
                                                                     -> Result<SearchOutput> {
    constexpr std::size_t kMostLookedAt = 500'000;
    constexpr auto kLongest = std::chrono::seconds(5);
    const auto until = std::chrono::steady_clock::now() + kLongest;
    struct Hit {
      int rank;  // 0: the whole name, 1: begins with it, 2: has it
      std::string key;
      Entry entry;
      bool operator<(const Hit& other) const { return std::tie(rank, key) < std::tie(other.rank, other.key); }
    };
    std::vector<Hit> hits;
    std::size_t looked_at = 0;
    SearchOutput output;
    std::deque<std::string> folders = {path};
    while (!folders.empty()) {
      const auto folder = std::move(folders.front());
      folders.pop_front();
      const auto listed = home.home.list(folder, [&](const std::string& name, const Status& status) -> Result<> {
        ++looked_at;
        const auto at = path_join(folder, name);
        if (status.folder) folders.push_back(at);
        const auto folded = fold(name);
        const auto found = folded.find(wanted);
        if (found == std::string::npos) return {};
        hits.push_back({folded == wanted ? 0 : found == 0 ? 1 : 2, natural_key(at), entry_of(at, status)});
        return {};
      });
      if (!listed && (folder == path || listed.error().code() != Code::NotFound)) return std::unexpected(listed.error());
      if (looked_at > kMostLookedAt || std::chrono::steady_clock::now() > until) {
        output.complete = folders.empty();
        break;
      }
    }
    std::ranges::sort(hits, std::less<>());
    if (hits.size() > static_cast<std::size_t>(input.limit)) {
      hits.resize(static_cast<std::size_t>(input.limit));
      output.complete = false;
    }
    for (auto& hit : hits) output.entries.push_back(std::move(hit.entry));
    return output;
  });
}

Task<Result<ReadTextOutput>> Files::read_text(std::string person, ReadTextInput input) {
  CO_TRY(auto path, clean_path(input.path));
  co_return co_await implementation_->on_disk(std::move(person), [path, input](const Home& home) -> Result<ReadTextOutput> {
    const auto file = TRY(home.home.open_file(path));
    const auto status = TRY(status_of(file.get()));
    const auto limit = static_cast<std::size_t>(input.limit);
    const auto bytes = TRY(read_at(file.get(), 0, limit));
    auto decoded = decode_text(bytes);
    if (!decoded) return fail(Code::Unsupported, "“{}” is not a text file.", path);
    return ReadTextOutput{std::move(decoded->text), std::move(decoded->encoding), status.size <= limit, status.etag()};
  });
}

Task<Result<Entry>> Files::write(std::string person, WriteInput input) {
  CO_TRY(auto path, clean_path(input.path));
  auto done = co_await implementation_->on_disk(person, [path, input](const Home& home) -> Result<Entry> {
    if (TRY(writable_space(home.uploads)) < input.text.size()) {
      return fail(Code::NoSpace, "The disk is full. Free some space and try again.");
    }
    if (input.etag) {
      const auto now = home.home.status(path);
      if (!now || now->etag() != *input.etag) {
        return fail(Code::Conflict, "“{}” has changed since you read it. Read it again.", path);
      }
    }
    const auto temporary = home.temporary();
    auto written = [&]() -> Result<> {
      const auto file = TRY(home.uploads.create_file(temporary));
      TRY(write_all(file.get(), input.text, 0));
      if (::fsync(file.get()) != 0) return std::unexpected(Error::from_errno(errno, "Writing the file"));
      TRY(place(home, home.uploads, temporary, path, input.replace || input.etag ? Taken::Replace : Taken::Refuse));
      return {};
    }();
    if (!written) {
      (void)home.uploads.remove_tree(temporary);
      return std::unexpected(std::move(written).error());
    }
    return entry_of(path, TRY(home.home.status(path)));
  });
  if (done) implementation_->changed(person, path);
  co_return done;
}

Task<Result<SpaceOutput>> Files::space(std::string person) {
  co_return co_await implementation_->on_disk(std::move(person), [](const Home& home) -> Result<SpaceOutput> {
    SpaceOutput output;
    TRY(add_usage(home.home, "/", output.home));
    TRY(add_usage(home.trash, "/", output.trash));
    TRY(add_usage(home.uploads, "/", output.uploads));
    struct statvfs space{};
    const auto folder = TRY(home.home.open_folder("/"));
    if (::fstatvfs(folder.get(), &space) != 0) return std::unexpected(Error::from_errno(errno, "Asking for free space"));
    output.free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
    output.total = static_cast<std::uint64_t>(space.f_blocks) * space.f_frsize;
    return output;
  });
}

Task<Result<>> Files::watch(std::string person, std::string path_in, std::function<Task<Result<>>(Change)> emit) {
  CO_TRY(auto path, clean_path(path_in));
  CO_TRY(auto folder, co_await implementation_->on_disk(std::move(person), [path](const Home& home) {
    return home.home.open_folder(path);
  }));
  co_return co_await implementation_->watches->watch(std::move(folder), path, std::move(emit));
}

Task<Result<>> Files::release_person(std::string person) {
  if (!is_person_id(person)) co_return fail(Code::InvalidInput, "“{}” is no person's id.", person);
  CO_CHECK(co_await implementation_->system.write([person](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM files_trash WHERE person = ?", person));
    TRY(c.run("DELETE FROM files_uploads WHERE person = ?", person));
    TRY(c.run("DELETE FROM files_shares WHERE person = ?", person));
    return c.run("DELETE FROM files_properties WHERE person = ?", person);
  }));
  implementation_->homes.erase(person);
  co_return Result<>();
}

Task<Result<>> Files::forget_person(std::string person) {
  CO_CHECK(co_await release_person(person));
  co_return co_await offload(implementation_->pool, [folder = implementation_->options.folder, person]() -> Result<> {
    return TRY(Root::open(folder)).remove_tree("/" + person);
  });
}

}  // namespace hearth::files
