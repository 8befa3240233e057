#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/request_head.h"
#include "gateway/router.h"

namespace hearth::gateway {

class Connection;

// The identity that an app is told: the signed header lines, made anew every few seconds.
struct Identity {
  RoutingTable::Digest digest;  // of the session's token
  const EntranceSession* session = nullptr;
  std::string fields;  // "X-Hearth-Person: …\r\n" to X-Hearth-Signature
  std::int64_t signed_at = 0;
  std::int64_t seen_at = 0;
};

// The door of the entrances: policy, session, identity. One per worker.
class EntranceGate {
 public:
  // Null: the request was answered here (refused, or sent to sign in). Else who asks; `anonymous()` on a public path. Valid
  // until the next call.
  const Identity* admit(Connection& connection, const RequestHead& head, const RoutingTable& table,
                        const RoutingTable::Target& target);
  const Identity* anonymous() const { return &anonymous_; }
  // The table has changed: what is known of sessions is looked up again.
  void forget() { identities_.clear(); }

 private:
  const Identity* identify(const RequestHead& head, const RoutingTable& table, const RoutedEntrance& entrance,
                           std::int64_t now);
  void ask_to_sign_in(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
                      bool second_factor);

  struct DigestHash {
    std::size_t operator()(const RoutingTable::Digest& digest) const {
      std::size_t value;
      std::memcpy(&value, digest.data(), sizeof(value));
      return value;
    }
  };
  Identity anonymous_;
  std::unordered_map<RoutingTable::Digest, Identity, DigestHash> identities_;
};

// The header lines that tell an app who asks. The signature is the HMAC-SHA256, under the entrance's key, of the five
// values as they stand in the lines, joined by line feeds; in hex.
std::string identity_fields(const Entrance& entrance, const EntranceSession& session, std::int64_t unix_seconds);

}  // namespace hearth::gateway
