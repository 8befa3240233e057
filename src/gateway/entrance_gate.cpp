#include "gateway/entrance_gate.h"

// SHA256_Init and its kind skip the provider lookup that costs more than the digest of a cookie.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/bytes.h"
#include "gateway/access_policy.h"
#include "gateway/ascii.h"
#include "gateway/connection.h"
#include "gateway/cookies.h"
#include "gateway/replies.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

constexpr std::int64_t kSignatureSeconds = 5;
constexpr std::size_t kIdentityLimit = 4096;
constexpr int kCookieTries = 4;  // a sibling host may have planted others of the same name

RoutingTable::Digest digest_of(std::string_view token) {
  RoutingTable::Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, token.data(), token.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &context);
  return digest;
}

bool is_navigation(const RequestHead& head) {
  if (head.method != "GET" || head.find(FieldName::Accept).find("text/html") == std::string_view::npos) return false;
  const auto mode = head.find(FieldName::SecFetchMode);
  return mode.empty() || mode == "navigate";
}

// Whether the request changes something and comes from a page of another host of this box: the cookie comes along there,
// since browsers count all our hosts as one site.
bool comes_from_a_sibling(const RequestHead& head, std::string_view domain) {
  if ((head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS") && !head.upgrade_websocket) return false;
  const auto origin = head.find(FieldName::Origin);
  const auto scheme = origin.find("://");
  std::string_view host;
  std::uint16_t port = 0;
  if (scheme == std::string_view::npos || !split_host(origin.substr(scheme + 3), host, port)) return false;
  if (equals_ignoring_case(host, head.host)) return false;
  return host.size() >= domain.size() && equals_ignoring_case(host.substr(host.size() - domain.size()), domain);
}

}  // namespace

std::string identity_fields(const Entrance& entrance, const EntranceSession& session, std::int64_t unix_seconds) {
  const auto name = percent_encode(session.name, " ");
  const auto person = percent_encode(session.person);
  const auto role = percent_encode(session.role);
  const auto signed_text = fmt::format("{}\n{}\n{}\n{}\n{}", person, name, role, entrance.id, unix_seconds);
  return fmt::format(
      "X-Hearth-Person: {}\r\nX-Hearth-Name: {}\r\nX-Hearth-Role: {}\r\nX-Hearth-Entrance: {}\r\nX-Hearth-Time: {}\r\n"
      "X-Hearth-Signature: {}\r\n",
      person, name, role, entrance.id, unix_seconds, to_hex(hmac_sha256(entrance.key, signed_text)));
}

const Identity* EntranceGate::identify(const RequestHead& head, const RoutingTable& table, const RoutedEntrance& entrance,
                                       std::int64_t now) {
  const Identity* known = nullptr;
  int tries = 0;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::Cookie) continue;
    for_each_cookie(field.value, [&](std::string_view name, std::string_view value) {
      if (known || name != "hearth_entrance" || ++tries > kCookieTries) return;
      const auto digest = digest_of(value);
      auto found = identities_.find(digest);
      if (found == identities_.end()) {
        const auto* session = table.session(digest);
        if (!session) return;
        if (identities_.size() >= kIdentityLimit) identities_.clear();
        found = identities_.emplace(digest, Identity{digest, session, {}, 0, 0}).first;
      }
      auto& identity = found->second;
      const auto& session = *identity.session;
      if (session.entrance != entrance.entrance->id || session.expires <= Time(std::chrono::seconds(now))) return;
      if (now - identity.signed_at >= kSignatureSeconds || now < identity.signed_at) {
        identity.fields = identity_fields(*entrance.entrance, session, now);
        identity.signed_at = now;
      }
      if (identity.seen_at != now) {
        identity.seen_at = now;
        if (session.last_seen) session.last_seen->store(now * 1'000'000, std::memory_order_relaxed);
      }
      known = &identity;
    });
  }
  return known;
}

void EntranceGate::ask_to_sign_in(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
                                  bool second_factor) {
  if (!is_navigation(head)) {
    const auto message = second_factor ? translated("This part of the app asks for a second factor: open it in the browser to sign in.")
                                       : translated("Sign in first: open the app in the browser.");
    return connection.answer(401, "Cache-Control: no-store\r\n", "application/json",
                             error_json("unauthenticated", message, head.language()));
  }
  const auto nonce = to_base64url(random_bytes(16));
  const bool secure = connection.peer().secure;
  const auto port = head.port == 0 ? std::string() : fmt::format(":{}", head.port);
  const auto fields = fmt::format(
      "Location: {}://{}{}/enter?entrance={}&return={}&state={}{}\r\n"
      "Set-Cookie: hearth_state={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{}\r\n"
      "Cache-Control: no-store\r\n",
      secure ? "https" : "http", target.domain, port, target.entrance->entrance->id, percent_encode(head.target), nonce,
      second_factor ? "&two_factor=1" : "", nonce, secure ? "; Secure" : "");
  connection.answer(302, fields, {}, {});
}

const Identity* EntranceGate::admit(Connection& connection, const RequestHead& head, const RoutingTable& table,
                                    const RoutingTable::Target& target) {
  const auto access = access_of(*target.entrance->entrance, head.path);
  if (!access) {
    connection.answer(400, {}, "application/json",
                      error_json("invalid_input", translated("The address is spelled in a way that apps read differently."),
                                 head.language()));
    return nullptr;
  }
  const auto* identity = identify(head, table, *target.entrance, connection.worker().loop().wall_seconds());
  if (*access != Access::Public) {
    const bool needs_factor = *access == Access::TwoFactor;
    if (!identity || (needs_factor && !identity->session->two_factor)) {
      ask_to_sign_in(connection, head, target, identity != nullptr);
      return nullptr;
    }
  }
  if (!identity) return &anonymous_;
  if (comes_from_a_sibling(head, target.domain)) {
    connection.answer(403, {}, "application/json",
                      error_json("forbidden", translated("A page of another app of this box may not do this here."), head.language()));
    return nullptr;
  }
  return identity;
}

}  // namespace hearth::gateway
