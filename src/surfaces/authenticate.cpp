#include "base/bytes.h"
#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

constexpr std::size_t kLongestAgent = 256;

// "Bearer <token>", or Basic with the token as the password, for programs such as WebDAV clients that know nothing else.
std::optional<std::string> access_token(const gateway::Request& request) {
  const auto header = request.headers.find("Authorization");
  if (!header) return std::nullopt;
  if (header->starts_with("Bearer ")) return std::string(header->substr(7));
  if (!header->starts_with("Basic ")) return std::nullopt;
  const auto pair = from_base64(header->substr(6)).value_or("");
  const auto colon = pair.find(':');
  return colon == std::string::npos ? "" : pair.substr(colon + 1);
}

bool is_cross_site(const gateway::Request& request) {
  if (request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS") return false;
  if (const auto origin = request.headers.find("Origin")) return *origin != request.origin();
  return !request.headers.find("X-Hearth-Client");
}

// Whose session the cookies name. An app's page can plant cookies of that name, since its host lies below the box's domain: what
// is no session counts for nothing, and sessions of two persons make nobody, rather than the wrong one.
std::optional<Authenticated> one_person(const std::vector<std::string>& cookies, const gateway::Request& request,
                                        const Authentication& authentication) {
  std::optional<Authenticated> known;
  for (const auto& cookie : cookies) {
    auto who = authentication.session(cookie, request.peer.address);
    if (!who) continue;
    if (known && known->principal.name() != who->principal.name()) return std::nullopt;
    if (!known) known = std::move(who);
  }
  return known;
}

}  // namespace

Result<Caller> authenticate(const gateway::Request& request, const Authentication& authentication) {
  Caller caller;
  caller.origin.address = request.peer.address;
  caller.origin.agent = std::string(request.headers.find("User-Agent").value_or("")).substr(0, kLongestAgent);
  caller.origin.url = request.peer.uid ? "" : request.origin();
  const auto become = [&](Authenticated who) {
    caller.principal = std::move(who.principal);
    caller.origin.session = std::move(who.session);
    caller.origin.two_factor = who.two_factor;
    return caller;
  };

  if (const auto token = access_token(request)) {
    if (auto who = authentication.bearer(*token)) return become(*std::move(who));
    return fail(Code::Unauthenticated, "This access token is not valid: it has ended, or was revoked.");
  }
  if (request.peer.uid) return become(authentication.console(*request.peer.uid));
  if (const auto cookies = request.cookies(kSessionCookie); !cookies.empty()) {
    if (is_cross_site(request)) {
      return fail(Code::Forbidden, "This request came from another site's page. Send X-Hearth-Client, or use an access token.");
    }
    if (auto who = one_person(cookies, request, authentication)) return become(*std::move(who));
  }
  // An ended session is nobody: the page must be able to ask identity.state and to sign in anew.
  caller.principal = kernel::Principal::anyone();
  return caller;
}

}  // namespace hearth::surfaces
