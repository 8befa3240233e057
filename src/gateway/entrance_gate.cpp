#include "gateway/entrance_gate.h"

// SHA256_Init and its kind skip the provider lookup that costs more than the digest of a cookie.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>

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
constexpr std::string_view kCookie = "hearth_entrance";
constexpr std::string_view kStateCookie = "hearth_state_";  // and the state's first letters: one for each hand-over under way
constexpr std::size_t kStateLetters = 8;
constexpr std::size_t kStatesKept = 15;  // older ones give way, so that nobody fills a browser's jar
constexpr std::size_t kStatesDropped = 32;  // at a time

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

// Whether the request changes something and a page of another host asks for it: the cookie comes along from every host of
// this box, since browsers count them as one site. What is said of neither Origin nor Sec-Fetch-Site is no browser.
bool comes_from_another_page(const RequestHead& head) {
  if ((head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS") && !head.upgrade_websocket) return false;
  const auto site = head.find(FieldName::SecFetchSite);
  const bool own_site = site == "same-origin" || site == "none";
  const auto origin = head.find(FieldName::Origin);
  if (starts_with_lower(origin, "http://") || starts_with_lower(origin, "https://")) {
    std::string_view host;
    std::uint16_t port = 0;
    if (!split_host(origin.substr(origin.find("://") + 3), host, port) || !equals_ignoring_case(host, head.host)) return true;
    if (head.upgrade_websocket) return false;  // browsers differ in what site "ws:" is to a page of "http:"
  } else if (origin == "null" && !own_site) {
    return true;  // a page without referrers, or a frame without an origin
  }
  return !site.empty() && !own_site;
}

// Whether the session may be used at `entrance` now.
bool is_valid(const EntranceSession& session, const Entrance& entrance, std::int64_t now) {
  const Time time{std::chrono::seconds(now)};
  if (session.entrance != entrance.id || session.expires <= time) return false;
  return !session.last_seen || time - Time(Duration(session.last_seen->load(std::memory_order_relaxed))) <= session.idle;
}

// The cookie for a hand-over's state, and the end of those that nobody came back with.
void append_state_cookies(std::string& fields, const RequestHead& head, std::string_view state, std::string_view secure) {
  std::vector<std::string_view> earlier;  // the oldest first (RFC 6265 §5.4)
  for (const auto& field : head.fields) {
    if (field.known != FieldName::Cookie) continue;
    for_each_cookie(field.value, [&](std::string_view name, std::string_view) {
      if (name.starts_with(kStateCookie) && name.size() == kStateCookie.size() + kStateLetters &&
          std::ranges::all_of(name, is_token)) {
        earlier.push_back(name);
      }
    });
  }
  const auto dropped = std::min(earlier.size() - std::min(earlier.size(), kStatesKept), kStatesDropped);
  for (std::size_t i = 0; i < dropped; ++i) fields += fmt::format("Set-Cookie: {}=; Path=/; Max-Age=0\r\n", earlier[i]);
  fields += fmt::format("Set-Cookie: {}{}={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{}\r\n", kStateCookie,
                        state.substr(0, kStateLetters), state, secure);
}

bool has_cookie(const RequestHead& head, std::string_view wanted) {
  bool found = false;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::Cookie) continue;
    for_each_cookie(field.value, [&](std::string_view name, std::string_view) { found = found || name == wanted; });
  }
  return found;
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
  // A script of a sibling host can plant cookies of this name: all are looked at. Nobody, when they name two persons.
  const EntranceSession* session = nullptr;
  RoutingTable::Digest digest{};
  bool one_person = true;
  for (const auto& field : head.fields) {
    if (field.known != FieldName::Cookie) continue;
    for_each_cookie(field.value, [&](std::string_view name, std::string_view value) {
      if (name != kCookie) return;
      const auto candidate = digest_of(value);
      const auto* found = table.session(candidate);
      if (!found || !is_valid(*found, *entrance.entrance, now)) return;
      if (session) {
        one_person = one_person && found->person == session->person;
        return;
      }
      session = found;
      digest = candidate;
    });
  }
  if (!session || !one_person) return nullptr;
  auto found = identities_.find(digest);
  if (found == identities_.end()) {
    if (identities_.size() >= kIdentityLimit) identities_.clear();
    found = identities_.emplace(digest, Identity{digest, session, {}, 0, 0}).first;
  }
  auto& identity = found->second;
  if (now - identity.signed_at >= kSignatureSeconds || now < identity.signed_at) {
    identity.fields = identity_fields(*entrance.entrance, *session, now);
    identity.signed_at = now;
  }
  if (identity.seen_at != now) {
    identity.seen_at = now;
    if (session->last_seen) session->last_seen->store(now * 1'000'000, std::memory_order_relaxed);
  }
  return &identity;
}

void EntranceGate::ask_to_sign_in(Connection& connection, const RequestHead& head, const RoutingTable::Target& target,
                                  bool second_factor) {
  if (!is_navigation(head)) {
    const auto message = second_factor ? translated("This part of the app asks for a second factor: open it in the browser to sign in.")
                                       : translated("Sign in first: open the app in the browser.");
    return connection.answer(401, "Cache-Control: no-store\r\n", "application/json",
                             error_json("unauthenticated", message, head.language()));
  }
  const auto state = to_base64url(random_bytes(16));
  const bool secure = connection.peer().secure;
  const auto port = head.port == 0 ? std::string() : fmt::format(":{}", head.port);
  auto fields = fmt::format("Location: {}://{}{}/enter?entrance={}&return={}&state={}{}\r\nCache-Control: no-store\r\n",
                            secure ? "https" : "http", target.domain, port, target.entrance->entrance->id,
                            percent_encode(head.target), state, second_factor ? "&two_factor=1" : "");
  append_state_cookies(fields, head, state, secure ? "; Secure" : "");
  if (has_cookie(head, kCookie)) {
    for (const auto& line : planted_cookie_ends(kCookie, head.host, head.path)) fields += "Set-Cookie: " + line + "\r\n";
  }
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
  if (!passes(*access, identity ? identity->session : nullptr)) {
    ask_to_sign_in(connection, head, target, identity != nullptr);
    return nullptr;
  }
  if (!identity) return &anonymous_;
  if (comes_from_another_page(head)) {
    connection.answer(403, {}, "application/json",
                      error_json("forbidden", translated("A page of another app or site may not do this here."), head.language()));
    return nullptr;
  }
  return identity;
}

}  // namespace hearth::gateway
