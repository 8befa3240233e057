#include "gateway/gateway.h"

#include <boost/asio/use_awaitable.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "base/log.h"
#include "gateway/certificate_authority.h"
#include "gateway/home_port.h"
#include "gateway/listener.h"
#include "gateway/tls.h"
#include "gateway/worker.h"

namespace hearth::gateway {
namespace {

// Each connection is a descriptor, an open entrance two: take what the system allows.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct Gateway::Implementation {
  Common common;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::unique_ptr<Worker>> workers;  // after what they refer to
  std::uint16_t http_port = 0;
  std::uint16_t https_port = 0;
  bool stopped = false;
  std::optional<CertificateAuthority> authority;
  std::vector<std::string> domains = Snapshot().domains;
  std::string certificate;  // the one that the workers have, PEM
  std::optional<TaskGroup> upkeep;  // last: renews the certificate

  std::vector<SocketAddress> own_addresses() const {
    std::vector<SocketAddress> addresses;
    for (const auto& listener : listeners) addresses.push_back(listener->address());
    return addresses;
  }

  // Gives the workers a certificate for the names the box has now; the stored one when it will do.
  Result<> refresh_certificate(Time now) {
    auto leaf = TRY(authority->leaf(names_of_this_box(domains), now));
    if (leaf.certificate == certificate) return {};
    auto context = TRY(make_tls_context(leaf));
    certificate = leaf.certificate;
    for (auto& worker : workers) worker->set_certificate(context);
    return {};
  }

  Task<> renew_certificate() {
    SystemClock clock;
    for (;;) {
      co_await clock.sleep_for(std::chrono::hours(6));
      if (auto renewed = refresh_certificate(clock.now()); !renewed) {
        log::warning("the certificate could not be renewed: {}", renewed.error().describe());
      }
    }
  }
};

Result<std::unique_ptr<Gateway>> Gateway::open(Options options, Executor home, Handler handler) {
  raise_descriptor_limit();
  auto implementation = std::make_unique<Implementation>();
  auto& common = implementation->common;
  common.options = std::move(options);
  if (common.options.threads == 0) common.options.threads = std::max(1u, std::thread::hardware_concurrency());
  common.home = std::make_shared<HomePort>(home, std::move(handler));

  auto& listeners = implementation->listeners;
  if (!common.options.http.empty()) {
    listeners.push_back(TRY(Listener::open_tcp(common.options.http, Listener::Kind::Plain, "--http")));
    implementation->http_port = listeners.back()->port();
  }
  if (!common.options.https.empty()) {
    listeners.push_back(TRY(Listener::open_tcp(common.options.https, Listener::Kind::Secure, "--https")));
    implementation->https_port = listeners.back()->port();
    implementation->authority = TRY(CertificateAuthority::open(common.options.certificate_folder, SystemClock().now()));
  }
  if (!common.options.unix_socket.empty()) {
    listeners.push_back(TRY(Listener::open_unix(common.options.unix_socket)));
  }
  for (const auto& listener : listeners) common.listeners.push_back(listener.get());

  auto& workers = implementation->workers;
  for (unsigned i = 0; i < common.options.threads; ++i) workers.push_back(TRY(Worker::open(common)));
  for (auto& worker : workers) {
    std::vector<Worker*> siblings;
    for (auto& other : workers) {
      if (other != worker) siblings.push_back(other.get());
    }
    worker->set_siblings(std::move(siblings));
  }
  if (implementation->authority) {
    if (auto ready = implementation->refresh_certificate(SystemClock().now()); !ready) {
      return std::unexpected(std::move(ready).error());
    }
    implementation->upkeep.emplace(home);
    implementation->upkeep->spawn("certificate renewal", implementation->renew_certificate());
  }
  for (unsigned i = 0; i < workers.size(); ++i) workers[i]->start(fmt::format("gateway {}", i));
  return std::unique_ptr<Gateway>(new Gateway(std::move(implementation)));
}

Gateway::Gateway(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}

Gateway::~Gateway() {
  for (auto& worker : implementation_->workers) worker->stop_and_join();
}

void Gateway::publish(std::shared_ptr<const Snapshot> snapshot) {
  if (implementation_->authority && snapshot->domains != implementation_->domains) {
    implementation_->domains = snapshot->domains;
    if (auto renewed = implementation_->refresh_certificate(SystemClock().now()); !renewed) {
      log::warning("the certificate does not have the new domain: {}", renewed.error().describe());
    }
  }
  const auto table = std::make_shared<const RoutingTable>(std::move(snapshot), implementation_->own_addresses());
  for (auto& worker : implementation_->workers) worker->publish(table);
}

bool Gateway::listens_at(std::string_view upstream) const {
  const auto address = SocketAddress::parse_upstream(upstream);
  return address && std::ranges::any_of(implementation_->own_addresses(), [&](const auto& own) { return leads_to(*address, own); });
}

std::uint16_t Gateway::http_port() const { return implementation_->http_port; }
std::uint16_t Gateway::https_port() const { return implementation_->https_port; }
std::string Gateway::certificate_authority() const {
  return implementation_->authority ? implementation_->authority->certificate() : std::string();
}

Task<> Gateway::stop(Duration grace) {
  auto& implementation = *implementation_;
  if (std::exchange(implementation.stopped, true)) co_return;
  auto home = implementation.common.home;
  if (implementation.upkeep) co_await implementation.upkeep->stop();
  auto busy = std::make_shared<std::size_t>(implementation.workers.size());
  auto timer = std::make_shared<boost::asio::steady_timer>(home->executor(), grace);
  for (auto& worker : implementation.workers) {
    worker->begin_drain([home, busy, timer] {
      home->post([busy, timer] {
        if (--*busy == 0) timer->cancel();
      });
    });
  }
  boost::system::error_code ignored;
  if (*busy > 0) co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  for (auto& worker : implementation.workers) worker->close_all();
  co_await home->exchanges().stop();
  for (auto& worker : implementation.workers) worker->stop_and_join();
}

}  // namespace hearth::gateway
