#include "base/log.h"
#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

constexpr std::size_t kLargestInput = 4 << 20;  // bytes of JSON; bodies of any size go through /uploads

std::string cookie_of(const kernel::SessionChange& change, const gateway::Request& request) {
  const auto secure = request.peer.secure ? "; Secure" : "";
  if (change.token.empty()) {
    return fmt::format("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", kSessionCookie, secure);
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(change.expires - SystemClock().now()).count();
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", kSessionCookie, change.token, seconds, secure);
}

Json error_body(const Error& error, Language language) {
  return Json::object({{"error", Json::object({{"code", code_name(error.code())}, {"message", error.message(language)}})}});
}

gateway::Response json_response(int status, const Json& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}}, body.dump() + "\n"};
}

// One unary call.
Task<> answer(kernel::Kernel& kernel, Caller caller, std::string operation, Json input, gateway::Exchange& exchange) {
  auto reply = co_await kernel.invoke(std::move(caller.principal), std::move(caller.origin), std::move(operation),
                                      std::move(input));
  auto response = reply.outcome ? json_response(200, reply.outcome->value)
                                : json_response(http_status(reply.outcome.error().code()), error_body(reply.outcome.error(), exchange.request().language()));
  if (reply.session) response.headers.add("Set-Cookie", cookie_of(*reply.session, exchange.request()));
  (void)co_await exchange.respond(std::move(response));
}

// A streaming call: the head goes out with the first event, so that a call that fails at once gets its status.
Task<> answer_stream(kernel::Kernel& kernel, Caller caller, std::string operation, Json input,
                     gateway::Exchange& exchange) {
  exchange.set_endless();
  bool begun = false;
  const auto begin = [&]() -> Task<Result<>> {
    begun = true;
    co_return co_await exchange.begin({200,
                                       {{"Content-Type", "application/x-ndjson; charset=utf-8"},
                                        {"Cache-Control", "no-store"},
                                        {"X-Accel-Buffering", "no"}},
                                       ""});
  };
  const kernel::Emit emit = [&](Json event) -> Task<Result<>> {
    if (!begun) CO_CHECK(co_await begin());
    co_return co_await exchange.write(event.dump() + "\n");
  };
  auto reply = co_await kernel.invoke(std::move(caller.principal), std::move(caller.origin), std::move(operation),
                                      std::move(input), &emit);
  if (!reply.outcome && !begun) {
    co_await respond_error(exchange, reply.outcome.error());
    co_return;
  }
  if (!begun && !co_await begin()) co_return;
  if (!reply.outcome) (void)co_await exchange.write(error_body(reply.outcome.error(), exchange.request().language()).dump() + "\n");
  (void)co_await exchange.end();
}

Result<std::string> operation_name(const gateway::Request& request) {
  const auto name = request.path.substr(std::string_view("/api/").size());
  if (request.method != "POST") {
    return fail(Code::InvalidInput, "Call operations with POST, not {}: POST /api/{} with a JSON object.", request.method, name);
  }
  return name;
}

}  // namespace

int http_status(Code code) {
  switch (code) {
    case Code::InvalidInput: return 400;
    case Code::Unauthenticated: return 401;
    case Code::Forbidden:
    case Code::Denied: return 403;
    case Code::NotFound: return 404;
    case Code::AlreadyExists:
    case Code::Conflict: return 409;
    case Code::Expired: return 410;
    case Code::TooLarge: return 413;
    case Code::TooMany: return 429;
    case Code::Cancelled: return 499;
    case Code::Unsupported: return 501;
    case Code::Unavailable: return 503;
    case Code::NoSpace: return 507;
    case Code::Corrupt:
    case Code::Internal: return 500;
  }
  return 500;
}

Task<> respond_error(gateway::Exchange& exchange, const Error& error) {
  (void)co_await exchange.respond(json_response(http_status(error.code()), error_body(error, exchange.request().language())));
}

Task<> serve_operation(kernel::Kernel& kernel, const Authentication& authentication, gateway::Exchange& exchange) {
  auto name = operation_name(exchange.request());
  if (!name) {
    co_await respond_error(exchange, name.error());
    co_return;
  }
  auto caller = authenticate(exchange.request(), authentication);
  if (!caller) {
    co_await respond_error(exchange, caller.error());
    co_return;
  }
  auto body = co_await exchange.read_all(kLargestInput);
  if (!body) {
    co_await respond_error(exchange, body.error());
    co_return;
  }
  auto input = body->empty() ? Result<Json>(Json::object()) : Json::parse(*body);
  if (!input) {
    co_await respond_error(exchange, input.error());
    co_return;
  }
  const auto found = kernel.operations().find(*name);
  if (found != kernel.operations().end() && found->second.streaming) {
    co_await answer_stream(kernel, *std::move(caller), *std::move(name), *std::move(input), exchange);
  } else {
    co_await answer(kernel, *std::move(caller), *std::move(name), *std::move(input), exchange);
  }
}

}  // namespace hearth::surfaces
