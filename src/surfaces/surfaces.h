#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http.h"
#include "kernel/kernel.h"

// What each operation's definition becomes: the HTTP interface, the live events, the TypeScript client, the reference.
// The command line (src/main/hearth.cpp) speaks the HTTP interface over the box's unix socket.
namespace hearth::surfaces {

// Who is at the other end of a request.
struct Authenticated {
  kernel::Principal principal;
  std::string session;      // id of the session or token
  bool two_factor = false;  // it passed a second factor or a passkey
};

// How credentials become principals: given by main, answered by identity. None: unknown, expired or revoked.
struct Authentication {
  std::function<std::optional<Authenticated>(std::string_view token, std::string_view address)> session;  // the cookie
  std::function<std::optional<Authenticated>(std::string_view token)> bearer;  // "Authorization: Bearer …"
  std::function<Authenticated(uid_t uid)> console;                              // a process on the box's own socket
};

inline constexpr std::string_view kSessionCookie = "hearth_session";

// A request with the caller it was authenticated as.
struct Caller {
  kernel::Principal principal;
  kernel::Origin origin;
};

// Finds out who sent a request. A request that carries a cookie must show that it comes from the box's own pages
// (X-Hearth-Client, or an Origin equal to the box's) unless it only reads by GET: the guard against cross-site requests.
// Fails with Unauthenticated for a credential that is not valid any more, Forbidden for a cross-site request.
Result<Caller> authenticate(const gateway::Request& request, const Authentication& authentication);

// POST /api/<operation>: JSON in, JSON out; a streaming operation answers with one JSON value per line.
Task<> serve_operation(kernel::Kernel& kernel, const Authentication& authentication, gateway::Exchange& exchange);

// GET /events: a WebSocket that carries {"topic", "data"} for everything the signed-in person may see.
Task<> serve_events(kernel::Kernel& kernel, const Authentication& authentication, gateway::Exchange& exchange);

// Answers with {"error": {"code", "message"}}, the message in the language that the request accepts, and the status that
// fits.
Task<> respond_error(gateway::Exchange& exchange, const Error& error);
int http_status(Code code);

// web/src/lib/api.gen.ts, docs/operations.md, and the definitions as JSON.
std::string typescript_client(const kernel::Kernel& kernel);
std::string markdown_reference(const kernel::Kernel& kernel, Language language);

}  // namespace hearth::surfaces
