#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace hearth::identity {

// A signed-in device. Tokens are known here only by their SHA-256, in hex.
struct Session {
  std::string id;
  std::string token;
  std::string person;
  bool two_factor = false;
  std::string address;
  std::string agent;
  Time created;
  Time confirmed;  // when the person last proved to be there
  Time seen;
  Time expires;
  // `seen` as the gateway's threads see it and move it: one for the session and for all that hangs on it.
  std::shared_ptr<std::atomic<std::int64_t>> used = nullptr;
};

// A session at one entrance: hangs on the desktop's session and ends with it.
struct EntranceEntry {
  std::string token;
  std::string session;
  std::string entrance;
};

// The sessions in memory, so that authentication waits for nothing. Home thread.
class SessionTable {
 public:
  // Everything that is not past at `now`, nor unused since before `unused_since`, from the database.
  static Result<SessionTable> load(store::Connection& connection, Time now, Time unused_since);

  void add(Session session);
  void add(EntranceEntry entry);  // replaces the session's earlier one at the same entrance
  Session* by_token(const std::string& token);
  Session* by_id(const std::string& id);
  // Ends the sessions that match, with their entrances'; gives them.
  std::vector<Session> end(const std::function<bool(const Session&)>& matches);
  bool end_entrance(const std::string& token);

  const std::unordered_map<std::string, Session>& sessions() const { return sessions_; }
  const std::unordered_map<std::string, EntranceEntry>& entrances() const { return entrances_; }

  // Brings `seen` up to what the gateway's threads saw at the entrances.
  void gather_seen();
  // The sessions whose `seen` moved since the last call.
  std::vector<Session> moved();
  void saw(Session& session, Time now);

 private:
  std::unordered_map<std::string, Session> sessions_;  // by id
  std::unordered_map<std::string, std::string> tokens_;  // token → id
  std::unordered_map<std::string, EntranceEntry> entrances_;  // by token
  std::unordered_set<std::string> moved_;
};

// "Firefox on Windows" of a User-Agent header; "Hearth's command line" or "Unknown device" where it tells nothing.
std::string device_name(std::string_view agent);

}  // namespace hearth::identity
