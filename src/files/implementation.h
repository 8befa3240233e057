#pragma once
#include <map>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "files/files.h"
#include "files/path.h"
#include "files/root.h"

// What the files of this room share. Not for other rooms.
namespace hearth::files {

// The folder "uploads" holds uploads under their ids, and what is being written or copied under these prefixes.
constexpr std::string_view kTemporaryPrefix = "/put-";
constexpr std::string_view kCopyPrefix = "/copy-";

// One person's folders. `uploads` also holds what is being written or copied, until it is renamed into place.
struct Home {
  std::string person;
  std::string run;  // of this process: what others left unfinished goes
  Root home;
  Root trash;
  Root uploads;

  std::string temporary() const { return fmt::format("{}{}-{}", kTemporaryPrefix, run, make_id()); }
};
using HomePointer = std::shared_ptr<const Home>;  // shared with the work on the pool

class Watches;
class DavLocks;
class Attempts;
class UploadSlots;

// Names may come from anyone who sent a file; what a file holds was often written by an outsider, and the disk does not
// say: only what the owner's own hands made would be known to be theirs.
inline kernel::Label label_of_names(std::string person) {
  return {kernel::Confidentiality::Private, std::move(person), kernel::Integrity::Known};
}
inline kernel::Label label_of_content(std::string person) {
  return {kernel::Confidentiality::Private, std::move(person), kernel::Integrity::Untrusted};
}

struct Files::Implementation {
  Implementation(Options options, store::Database& system, Clock& clock, Executor executor, Doors doors);
  ~Implementation();

  Options options;
  store::Database& system;
  Clock& clock;
  Executor executor;
  Doors doors;
  std::string run = make_id();
  std::map<std::string, HomePointer> homes;
  std::unique_ptr<Watches> watches;
  std::unique_ptr<DavLocks> locks;
  std::unique_ptr<Attempts> attempts;
  std::unique_ptr<UploadSlots> uploads;
  ThreadPool pool;
  TaskGroup tasks;

  // The person's folders, made when absent. On first use in this process, what a crash left behind is cleaned up.
  Task<Result<HomePointer>> home_of(std::string person);

  // Runs `work(const Home&) -> Result<T>` on the pool.
  template <typename F>
  Task<std::invoke_result_t<F, const Home&>> on_disk(std::string person, F work) {
    auto home = co_await home_of(std::move(person));
    if (!home) co_return std::unexpected(std::move(home).error());
    co_return co_await offload(pool, [home = *home, work = std::move(work)]() mutable { return work(*home); });
  }

  // Tells listeners that something in the folder of `path` changed.
  void changed(const std::string& person, std::string_view path);

  // What follows a path when it moves or goes: shares and WebDAV properties. `to` empty: it is gone.
  Task<Result<>> moved(std::string person, std::string from, std::string to);

  Task<> clean_up();  // expired uploads; until cancelled
};

Entry entry_of(std::string_view path, const Status& status);

// Bytes that may still be written before the box itself runs short: free space less a reserve of 1 % (64 MiB at most).
Result<std::uint64_t> writable_space(const Root& root);

// Moves the finished `temporary` of `uploads` to `path` of the home and makes it durable. Number: a taken name becomes
// "name (2)". Returns the path it got.
enum class Taken { Refuse, Replace, Number };
Result<std::string> place(const Home& home, const Root& source, const std::string& temporary, const std::string& path,
                          Taken taken);

// Sends a folder as a ZIP archive, in which it is called `name`, with exchange.write(); begun and ended by the caller.
Task<Result<>> stream_zip(ThreadPool& pool, gateway::Exchange& exchange, HomePointer home, std::string path,
                          std::string name);

// --- the surfaces ---
Task<> serve_download(Files::Implementation& files, gateway::Exchange& exchange, kernel::Principal principal,
                      kernel::Origin origin, std::string_view rest);
Task<> serve_upload(Files::Implementation& files, gateway::Exchange& exchange, kernel::Principal principal,
                    kernel::Origin origin, std::string_view rest);
Task<> serve_dav(Files& files, Files::Implementation& inside, gateway::Exchange& exchange, kernel::Principal principal,
                 kernel::Origin origin);
Task<> serve_share(Files::Implementation& files, gateway::Exchange& exchange, std::string_view rest);

}  // namespace hearth::files
