#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace hearth::files {

struct DavLock {
  std::string token;  // "urn:uuid:…"
  std::string person;
  std::string path;
  bool infinite = false;   // depth: covers everything below
  bool exclusive = true;   // else shared
  std::string owner;       // XML the client gave, well-formed
  Duration timeout{0};
  Time expires;

  bool covers(std::string_view other) const;
};

// WebDAV's write locks (RFC 4918 §6, §7). They live in memory: a restart of the box ends them, which the RFC allows, as a
// client must expect a lock to vanish at any time (§6.6). Home thread.
class DavLocks {
 public:
  explicit DavLocks(Clock& clock) : clock_(clock) {}

  // Conflict when another lock covers the path, or, for an infinite one, lies below it. TooMany past 1,000 of one person.
  Result<DavLock> lock(DavLock wanted);
  // None when there is no such lock that covers the path.
  std::optional<DavLock> refresh(std::string_view person, std::string_view path, std::string_view token, Duration timeout);
  bool unlock(std::string_view person, std::string_view path, std::string_view token);
  // Locks on the path itself and infinite ones on what holds it.
  std::vector<DavLock> covering(std::string_view person, std::string_view path);
  // Locks on the path and below it.
  std::vector<DavLock> within(std::string_view person, std::string_view path);
  // What is deleted or moved away has no locks any more (§7.5, §9.6, §9.9).
  void remove_within(std::string_view person, std::string_view path);

  static constexpr Duration kLongestTimeout = std::chrono::hours(24);

 private:
  void drop_expired();
  template <typename F>
  std::vector<DavLock> select(F wanted);

  Clock& clock_;
  std::map<std::string, DavLock, std::less<>> locks_;  // by token
};

}  // namespace hearth::files
