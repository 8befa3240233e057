#include <boost/asio/experimental/awaitable_operators.hpp>

#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

constexpr std::uint16_t kSignedOut = 4401;

// Ends when the client closes.
Task<> read_until_closed(gateway::WebSocket& socket) {
  while (true) {
    const auto message = co_await socket.receive();
    if (!message || !*message) co_return;
  }
}

// Ends when the session does, or when the client takes no more.
Task<> send_events(gateway::WebSocket& socket, kernel::Subscription& subscription, const gateway::Request& request,
                   const Authentication& authentication, std::string session) {
  while (true) {
    const auto event = co_await subscription.next();
    bool ended = event.topic == "session" && event.data.text("ended") == session;
    if (event.topic == "lost") {  // that it ended may be among what was lost
      const auto caller = authenticate(request, authentication);
      ended = !caller || caller->origin.session != session;
    }
    if (ended) {
      socket.close(kSignedOut, "signed out");
      co_return;
    }
    const auto message = Json::object({{"topic", event.topic}, {"data", event.data}});
    if (!co_await socket.send(message.dump())) co_return;
  }
}

}  // namespace

Task<> serve_events(kernel::Kernel& kernel, const Authentication& authentication, gateway::Exchange& exchange) {
  const auto caller = authenticate(exchange.request(), authentication);
  if (!caller) {
    co_await respond_error(exchange, caller.error());
    co_return;
  }
  if (caller->principal.kind != kernel::Principal::Kind::Person) {
    co_await respond_error(exchange, Error(Code::Unauthenticated, translated("Sign in first: events belong to a person.")));
    co_return;
  }
  auto socket = co_await exchange.upgrade();
  if (!socket) {
    co_await respond_error(exchange, socket.error());
    co_return;
  }
  const auto subscription = kernel.subscribe(caller->principal.person);
  const auto request = exchange.request();
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (read_until_closed(**socket) || send_events(**socket, *subscription, request, authentication, caller->origin.session));
}

}  // namespace hearth::surfaces
