#include <algorithm>

#include "base/bytes.h"
#include "identity/identity.h"

// How a person who is signed in at the desktop gets a session at an entrance, whose host has cookies of its own:
//
//   entrance's host, no cookie ──302──► box's host: /enter?entrance=…&return=…&state=…     (the gateway, sets hearth_state_…)
//   box's host, signed in      ──302──► entrance's host: /.hearth/enter?code=…&return=…&state=…
//   entrance's host            ──302──► return path, with the cookie hearth_entrance
//
// The code works once, for a minute, for one entrance and one state; the state is the one in the cookie of the browser that
// began, so that nobody can make another's browser use a code. Each hand-over has a cookie of its own, named by the state's
// first letters, since several tabs may be at it.
namespace hearth::identity {
namespace {

constexpr Duration kCodeLife = std::chrono::seconds(60);
constexpr std::size_t kMostHandOvers = 1000;

// One DNS label, as entrances' ids are.
bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// A path on the same host, or "/": whatever a browser could read as another host is refused.
std::string safe_return(const std::optional<std::string>& wanted) {
  if (!wanted || wanted->empty() || wanted->size() > 4096 || wanted->front() != '/') return "/";
  const auto& path = *wanted;
  if (path.size() > 1 && path[1] == '/') return "/";
  for (const char c : path) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\') return "/";
  }
  return percent_encode(path, "/?&=%:@!$'()*+,;[]#");
}

gateway::Response redirect(std::string location) {
  gateway::Response response{302, {}, ""};
  response.headers.set("Location", location);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");  // the address may carry a code
  return response;
}

gateway::Response page(int status, std::string_view english, std::string_view chinese) {
  gateway::Response response{status, {}, ""};
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  response.body = fmt::format(
      R"(<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hearth</title><style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32em;padding:0 24px}}</style>
<p>{}</p><p lang="zh-CN">{}</p><p><a href="/">→</a></p></html>)",
      english, chinese);
  return response;
}

// "https://hearth.localhost:8443" → "https://notes.hearth.localhost:8443"
std::string origin_of(const gateway::Request& request, std::string_view entrance) {
  auto origin = request.origin();
  return origin.insert(origin.find("://") + 3, std::string(entrance) + ".");
}

std::string query(std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text += fmt::format("{}{}={}", text.empty() ? "?" : "&", name, percent_encode(value));
  }
  return text;
}

std::string cookie(std::string_view name, std::string_view value, const gateway::Request& request, std::int64_t seconds) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", name, value, seconds,
                     request.peer.secure ? "; Secure" : "");
}

std::string state_cookie(const std::string& state) { return "hearth_state_" + state.substr(0, 8); }

// Whether the app's own page, or the visitor by hand, asks to leave: a picture or a script in another app must not.
bool may_leave(const gateway::Request& request) {
  const auto& headers = request.headers;
  if (const auto site = headers.find("Sec-Fetch-Site")) {
    return site == "same-origin" || site == "none" ||
           (site == "same-site" && headers.find("Sec-Fetch-Mode") == "navigate" && headers.find("Sec-Fetch-Dest") == "document" &&
            headers.find("Sec-Fetch-User") == "?1");
  }
  // An older browser, or no HTTPS; or none at all.
  for (const auto* name : {"Origin", "Referer"}) {
    const auto from = headers.find(name);
    if (!from) continue;
    const auto scheme = from->find("://");
    const auto host = scheme == std::string_view::npos ? std::string_view() : from->substr(scheme + 3);
    if (host.substr(0, host.find('/')) != headers.find("Host")) return false;
  }
  return true;
}

}  // namespace

Task<> Identity::handle_enter(gateway::Exchange& exchange) {
  const auto& request = exchange.request();
  const auto entrance = request.query_parameter("entrance").value_or("");
  const auto state = request.query_parameter("state").value_or("");
  const auto back = safe_return(request.query_parameter("return"));
  const bool two_factor = request.query_parameter("two_factor").has_value();
  const bool has_name = request.host.find_first_not_of("0123456789.") != std::string::npos && !request.host.starts_with('[');
  if (!is_label(entrance) || state.size() < 16 || state.size() > 256 || !has_name) {
    static_cast<void>(co_await exchange.respond(
        page(400, "This link is not complete: open the app from the desktop.", "此链接不完整：请从桌面打开该应用。")));
    co_return;
  }
  std::optional<Authenticated> known;  // nobody, when the cookies name two persons
  bool two_persons = false;
  for (const auto& token : request.cookies("hearth_session")) {
    auto who = authenticate_session(token, request.peer.address);
    if (!who) continue;
    if (known && known->principal.name() != who->principal.name()) {
      known.reset();
      two_persons = true;
      break;
    }
    if (!known) known = *std::move(who);
  }
  if (!known || (two_factor && !known->two_factor)) {
    auto location = "/" + query({{"enter", entrance}, {"return", back}, {"state", state}});
    if (two_factor) location += "&two_factor=1";
    auto response = redirect(std::move(location));
    // All of them go, or a planted one that only comes here would send this round in circles.
    if (two_persons) response.headers.add("Set-Cookie", cookie("hearth_session", "", request, 0));
    static_cast<void>(co_await exchange.respond(std::move(response)));
    co_return;
  }
  const auto now = clock_.now();
  if (hand_overs_.size() >= kMostHandOvers) {
    std::erase_if(hand_overs_, [&](const auto& entry) { return entry.second.expires <= now; });
  }
  if (hand_overs_.size() >= kMostHandOvers) {
    static_cast<void>(co_await exchange.respond(
        page(503, "The box is busy: try again in a minute.", "盒子正忙：请一分钟后再试。")));
    co_return;
  }
  const auto code = to_base64url(random_bytes(32));
  hand_overs_[to_hex(sha256(code))] = {entrance, known->session, state, now + kCodeLife};
  static_cast<void>(co_await exchange.respond(redirect(
      origin_of(request, entrance) + "/.hearth/enter" + query({{"code", code}, {"return", back}, {"state", state}}))));
}

Task<> Identity::handle_entrance(gateway::Exchange& exchange) {
  const auto& request = exchange.request();
  if (request.path == "/.hearth/leave") {
    if (!may_leave(request)) {
      static_cast<void>(co_await exchange.respond(page(403, "Leave from the app itself.", "请在应用内退出。")));
      co_return;
    }
    for (const auto& cookie : request.cookies("hearth_entrance")) {
      const auto token = to_hex(sha256(cookie));
      if (!sessions_.end_entrance(token)) continue;
      entrances_changed();
      static_cast<void>(co_await system_.write([&token](store::Connection& c) {
        return c.run("DELETE FROM identity_entrance_sessions WHERE token = ?", token);
      }));
    }
    auto response = page(200, "You have signed out of this app.", "你已退出此应用。");
    response.headers.add("Set-Cookie", cookie("hearth_entrance", "", request, 0));
    static_cast<void>(co_await exchange.respond(std::move(response)));
    co_return;
  }
  if (request.path != "/.hearth/enter") {
    static_cast<void>(co_await exchange.respond(page(404, "There is nothing here.", "此处没有内容。")));
    co_return;
  }

  const auto refused = page(400, "This sign-in is no longer valid: open the app again.", "此次登录已失效：请重新打开该应用。");
  const auto state = request.query_parameter("state").value_or("");
  const auto states = request.cookies(state_cookie(state));
  const bool expected = std::ranges::any_of(states, [&](const auto& one) { return equal_in_constant_time(sha256(state), sha256(one)); });
  if (state.empty() || !expected) {
    static_cast<void>(co_await exchange.respond(refused));
    co_return;
  }
  // Taken out whatever comes of it: a code is tried once.
  const auto node = hand_overs_.extract(to_hex(sha256(request.query_parameter("code").value_or(""))));
  const auto now = clock_.now();
  const auto* session = node ? sessions_.by_id(node.mapped().session) : nullptr;
  if (!session || node.mapped().expires <= now || node.mapped().entrance != request.entrance || node.mapped().state != state ||
      is_over(*session, now)) {
    static_cast<void>(co_await exchange.respond(refused));
    co_return;
  }
  auto response = redirect(safe_return(request.query_parameter("return")));
  response.headers.add("Set-Cookie", cookie(state_cookie(state), "", request, 0));
  // Another tab was faster: what it has begun with its cookie goes on.
  for (const auto& cookie : request.cookies("hearth_entrance")) {
    const auto entered = sessions_.entrances().find(to_hex(sha256(cookie)));
    if (entered == sessions_.entrances().end() || entered->second.session != session->id ||
        entered->second.entrance != request.entrance) {
      continue;
    }
    static_cast<void>(co_await exchange.respond(std::move(response)));
    co_return;
  }
  const auto token = to_base64url(random_bytes(32));
  EntranceEntry entry{to_hex(sha256(token)), session->id, request.entrance};
  const auto expires = session->expires;
  const auto stored = co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_entrance_sessions WHERE session = ? AND entrance = ?", entry.session, entry.entrance));
    return c.run("INSERT INTO identity_entrance_sessions (token, session, entrance, seen) VALUES (?, ?, ?, ?)", entry.token,
                 entry.session, entry.entrance, now);
  });
  // The desktop's session may have ended while this was written.
  if (!stored || !sessions_.by_id(entry.session)) {
    static_cast<void>(co_await exchange.respond(refused));
    co_return;
  }
  sessions_.add(std::move(entry));
  entrances_changed();
  const auto life = std::chrono::ceil<std::chrono::seconds>(expires - now).count();
  response.headers.add("Set-Cookie", cookie("hearth_entrance", token, request, life));
  static_cast<void>(co_await exchange.respond(std::move(response)));
}

std::unordered_map<std::string, gateway::EntranceSession> Identity::entrance_sessions() const {
  std::unordered_map<std::string, gateway::EntranceSession> map;
  for (const auto& [token, entry] : sessions_.entrances()) {
    const auto session = sessions_.sessions().find(entry.session);
    if (session == sessions_.sessions().end()) continue;
    const auto* who = person(session->second.person);
    if (!who) continue;
    map.emplace(*from_hex(token), gateway::EntranceSession{entry.entrance, who->id, who->display_name, enum_name(who->role),
                                                           session->second.two_factor, session->second.expires, options_.idle,
                                                           session->second.used});
  }
  return map;
}

}  // namespace hearth::identity
