#include "files/dav_locks.h"

#include "base/bytes.h"
#include "files/path.h"

namespace hearth::files {
namespace {

constexpr std::size_t kMostOfOnePerson = 1000;

// A version 4 UUID (RFC 9562), as lock tokens are URIs of all time (RFC 4918 §6.5).
std::string make_token() {
  auto bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const auto hex = to_hex(bytes);
  return fmt::format("urn:uuid:{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

}  // namespace

bool DavLock::covers(std::string_view other) const {
  return path == other || (infinite && path_is_within(other, path));
}

void DavLocks::drop_expired() {
  std::erase_if(locks_, [now = clock_.now()](const auto& entry) { return entry.second.expires <= now; });
}

template <typename F>
std::vector<DavLock> DavLocks::select(F wanted) {
  drop_expired();
  std::vector<DavLock> found;
  for (const auto& [token, lock] : locks_) {
    if (wanted(lock)) found.push_back(lock);
  }
  return found;
}

Result<DavLock> DavLocks::lock(DavLock wanted) {
  drop_expired();
  std::size_t own = 0;
  for (const auto& [token, lock] : locks_) {
    if (lock.person != wanted.person) continue;
    ++own;
    const bool meets = lock.covers(wanted.path) || (wanted.infinite && path_is_within(lock.path, wanted.path));
    if (meets && (lock.exclusive || wanted.exclusive)) {
      return fail(Code::Conflict, "“{}” is locked by another program.", lock.path);
    }
  }
  if (own >= kMostOfOnePerson) return fail(Code::TooMany, "Too many locks are open; close some programs.");
  wanted.token = make_token();
  wanted.timeout = std::min(wanted.timeout, kLongestTimeout);
  wanted.expires = clock_.now() + wanted.timeout;
  return locks_.emplace(wanted.token, wanted).first->second;
}

std::optional<DavLock> DavLocks::refresh(std::string_view person, std::string_view path, std::string_view token,
                                         Duration timeout) {
  drop_expired();
  const auto found = locks_.find(token);
  if (found == locks_.end() || found->second.person != person || !found->second.covers(path)) return std::nullopt;
  found->second.timeout = std::min(timeout, kLongestTimeout);
  found->second.expires = clock_.now() + found->second.timeout;
  return found->second;
}

bool DavLocks::unlock(std::string_view person, std::string_view path, std::string_view token) {
  drop_expired();
  const auto found = locks_.find(token);
  if (found == locks_.end() || found->second.person != person || !found->second.covers(path)) return false;
  locks_.erase(found);
  return true;
}

std::vector<DavLock> DavLocks::covering(std::string_view person, std::string_view path) {
  return select([&](const DavLock& lock) { return lock.person == person && lock.covers(path); });
}

std::vector<DavLock> DavLocks::within(std::string_view person, std::string_view path) {
  return select([&](const DavLock& lock) { return lock.person == person && path_is_within(lock.path, path); });
}

void DavLocks::remove_within(std::string_view person, std::string_view path) {
  std::erase_if(locks_, [&](const auto& entry) {
    return entry.second.person == person && path_is_within(entry.second.path, path);
  });
}

}  // namespace hearth::files
