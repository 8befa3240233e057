#pragma once
#include <map>
#include <memory>
#include <string>

#include "memory/implementation.h"
#include "memory/reader.h"

// Sources that are followed: servers, and places on the disk that are watched. Each has a thread of its own, on which its
// connector waits; what it finds is read and stored like any import.
namespace hearth::memory {

// How a server is reached, as stored; nothing of it is used for a watched place.
struct LiveSettings {
  std::string server;
  std::optional<int> port;
  Security security = Security::Tls;
  std::string user;
  std::vector<std::string> folders;
  int interval = 300;  // seconds
  std::string authority;
};
HEARTH_DESCRIBE(LiveSettings, (server, ""), (port, ""), (security, ""), (user, ""), (folders, ""), (interval, ""), (authority, ""))

// What a connector did since it was asked last, to be kept together with what it supplied.
struct Reached {
  std::string state;               // how far reading came; given to the next connector
  std::vector<Failure> failures;   // what the server would not give
  std::vector<std::string> gone;   // places whose file is there no more
  std::vector<std::string> renewed;  // places whose file was supplied: what is left of an older one is gone
};

// A place that has another name now, and all below it.
struct Renamed {
  std::string from;
  std::string to;
};

// Where a source's news come from. Blocking; used on one thread, but for stop().
class Connector {
 public:
  virtual ~Connector() = default;
  // The next files to read; null when there are none for now. Connects where that is needed.
  virtual Result<std::unique_ptr<Supply>> more() = 0;
  // What was renamed there, in that order; noted before what more() gave last is read.
  virtual std::vector<Renamed> renamed() { return {}; }
  // Called when all that more() supplied is stored.
  virtual Reached reached() = 0;
  // Returns when there may be more.
  virtual Result<> wait() = 0;
  // What is wrong although it goes on; empty when nothing is.
  virtual Message complaint() const { return {}; }
  // Makes the others return soon. Any thread.
  virtual void stop() = 0;
};

std::unique_ptr<Connector> connect_imap(LiveSettings settings, std::string password, std::string state);
std::unique_ptr<Connector> connect_dav(SourceKind kind, LiveSettings settings, std::string password, std::string state);
std::unique_ptr<Connector> connect_folder(SourceKind kind, std::string origin, ClosedFolders closed);
// The box's own folders.
ClosedFolders closed_folders(const Memory::Options& options);

// Home thread.
class Live {
 public:
  // `memory` outlives it.
  Live(Memory::Implementation& memory, Executor home);
  ~Live();

  // Follows what everybody follows.
  void start();
  // Follows one source; one that is followed already begins again.
  Task<> follow(std::string person, std::int64_t source);
  Task<> leave(std::string person, std::int64_t source);
  Task<> leave(std::string person);
  Task<> stop();

  std::optional<LiveStatus> status(const std::string& person, std::int64_t source) const;

 private:
  struct Followed;
  Task<> start_everybody();
  Task<> keep_following(std::shared_ptr<Followed> followed);
  Task<Result<>> follow_once(Followed& followed);
  Task<Result<>> take(Followed& followed, std::shared_ptr<PersonalMemory> memory, std::unique_ptr<Supply> supply, SourceKind kind);
  void show(Followed& followed, LiveState state, const Message& error);

  Memory::Implementation& memory_;
  Executor home_;
  std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<Followed>> followed_;  // shared with their coroutines
  TaskGroup tasks_;
};

store::Schema live_schema();

// A source's settings and sealed password; none when it is not followed.
struct LiveRow {
  LiveSettings settings;
  std::string secret;
  std::string state;
};
Result<std::optional<LiveRow>> read_live(store::Connection& connection, std::int64_t source);
// Begins to follow; the state is kept when it is followed already.
Result<> write_live(store::Connection& connection, std::int64_t source, const LiveSettings& settings, const std::string& secret);
Result<> remove_live(store::Connection& connection, std::int64_t source);
// Marks the items found at these places as gone from where they came from, or, with its files read, as there.
Result<> mark_gone(store::Connection& connection, std::int64_t source, const Reached& reached);
// What was found at a place moves along with it. What was at the new one before was overwritten by that, and goes.
Result<> move_places(store::Connection& connection, const Originals& originals, std::int64_t source, const Renamed& renamed);

}  // namespace hearth::memory
