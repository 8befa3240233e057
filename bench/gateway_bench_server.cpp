// A gateway alone, for the benchmarks: one private entrance with a known session, static files, no rooms behind it.
//   gateway_bench_server HTTP UPSTREAM FOLDER THREADS
#include <csignal>
#include <cstdio>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/bytes.h"
#include "gateway/gateway.h"

int main(int count, char** arguments) {
  using namespace hearth;
  if (count != 5) {
    std::fprintf(stderr, "usage: %s HTTP UPSTREAM FOLDER THREADS\n", arguments[0]);
    return 2;
  }
  boost::asio::io_context home(1);
  gateway::Options options;
  options.http = arguments[1];
  options.desktop_folder = arguments[3];
  options.threads = static_cast<unsigned>(std::atoi(arguments[4]));
  options.handler_paths = {"/api"};
  auto opened = gateway::Gateway::open(options, home.get_executor(), [](gateway::Exchange& exchange) -> Task<> {
    auto body = co_await exchange.read_all(1 << 20);
    if (body) (void)co_await exchange.respond({200, {{"Content-Type", "application/json"}}, "{}"});
  });
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().describe().c_str());
    return 1;
  }
  auto snapshot = std::make_shared<gateway::Snapshot>();
  snapshot->entrances["app"] = {"app", arguments[2], gateway::Access::Private,
                                {{"/admin", gateway::Access::TwoFactor}}, random_bytes(32)};
  gateway::EntranceSession session;
  session.entrance = "app";
  session.person = make_id();
  session.name = "Bench";
  session.role = "owner";
  session.expires = SystemClock().now() + std::chrono::hours(24);
  session.last_seen = std::make_shared<std::atomic<std::int64_t>>(0);
  snapshot->sessions[sha256("benchmark-token-of-43-characters-aaaaaaaaaaa")] = session;
  (*opened)->publish(std::move(snapshot));

  boost::asio::signal_set signals(home, SIGINT, SIGTERM);
  signals.async_wait([&](auto, auto) { home.stop(); });
  home.run();
}
