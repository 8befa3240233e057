#pragma once
#include <gtest/gtest.h>
#include <sys/un.h>

#include <atomic>
#include <list>
#include <mutex>

#include "gateway/gateway.h"
#include "gateway/test_support.h"

// For tests of entrances from outside: a gateway, an app behind it, and a client that speaks in raw bytes.
namespace hearth::gateway::test {

// An app: each connection runs `serve` on a thread of its own.
class App {
 public:
  using Serve = std::function<void(Client&)>;
  explicit App(Serve serve, const std::string& unix_path = {})
      : serve_(std::move(serve)),
        listener_(::socket(unix_path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (unix_path.empty()) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      socklen_t size = sizeof(address);
      ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
      port_ = ntohs(address.sin_port);
    } else {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
      ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    }
    ::listen(listener_, 64);
    accepting_ = std::thread([this] {
      for (int descriptor; (descriptor = ::accept(listener_, nullptr, nullptr)) >= 0;) {
        ++connections;
        std::lock_guard lock(mutex_);
        descriptors_.push_back(descriptor);
        threads_.emplace_back([this, descriptor] {
          Client client(Client::Adopt{}, descriptor);
          serve_(client);
          std::lock_guard inner(mutex_);
          std::erase(descriptors_, descriptor);
        });
      }
    });
  }
  ~App() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    ::close(listener_);
    {
      std::lock_guard lock(mutex_);
      for (const int descriptor : descriptors_) ::shutdown(descriptor, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
  }
  std::string address() const { return fmt::format("127.0.0.1:{}", port_); }
  std::atomic<int> connections = 0;

 private:
  Serve serve_;
  int listener_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<int> descriptors_;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

// Answers each request with what it got: the head as the body.
inline void mirror(Client& client) {
  for (;;) {
    auto request = client.read_request();
    if (request.head.empty()) return;
    const auto text = request.head + request.body;
    client.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nServer: app\r\nKeep-Alive: timeout=5\r\n\r\n{}",
                            text.size(), text));
  }
}

inline void listen_only(Client& client) { client.read_to_end(); }

class EntranceTest : public testing::Test {
 protected:
  void open(const std::string& upstream, Access access = Access::Public, std::vector<PathRule> rules = {}) {
    Options options;
    options.http = "127.0.0.1:0";
    options.threads = 1;
    options.progress_seconds = progress_seconds;
    options.answer_seconds = answer_seconds;
    options.unix_socket = unix_socket;
    auto opened = home.run([&] {
      return Gateway::open(options, home.executor(), [this](Exchange& exchange) -> Task<> {
        if (exchange.request().path == "/.hearth/read") {
          const auto body = co_await exchange.read_all(1 << 20);
          if (!body) read_failures.push_back(body.error().code());
        }
        (void)co_await exchange.respond({200, {}, "handler for " + exchange.request().entrance});
      });
    });
    ASSERT_TRUE(opened) << opened.error().describe();
    gateway = std::move(*opened);
    snapshot.entrances["notes"] = {"notes", upstream, access, std::move(rules), std::string(32, 'k')};
    snapshot.entrances["other"] = {"other", upstream, Access::Private, {}, std::string(32, 'o')};
    add_session("token", "notes", false);
    add_session("strong", "notes", true);
    add_session("elsewhere", "other", true);
    publish();
  }
  void add_session(std::string_view token, std::string entrance, bool two_factor) {
    EntranceSession session;
    session.entrance = std::move(entrance);
    session.person = "01person";
    session.name = "Ada 王";
    session.role = "owner";
    session.two_factor = two_factor;
    session.expires = SystemClock().now() + std::chrono::hours(1);
    session.last_seen = seen;
    snapshot.sessions[sha256(token)] = session;
  }
  void publish() {
    home.run([&] { gateway->publish(std::make_shared<const Snapshot>(snapshot)); });
  }
  ~EntranceTest() override {
    if (!gateway) return;
    home.run_task(gateway->stop(std::chrono::milliseconds(100)));
    home.run([&] { gateway.reset(); });
  }
  // Waits for that many.
  std::vector<Code> failures_of_reading(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      auto failures = home.run([&] { return read_failures; });
      if (failures.size() >= count || std::chrono::steady_clock::now() > until) return failures;
      std::this_thread::yield();
    }
  }
  Client connect() { return Client(gateway->http_port()); }
  static constexpr std::string_view kHost = "notes.hearth.localhost";

  HomeThread home;
  Snapshot snapshot;
  std::shared_ptr<std::atomic<std::int64_t>> seen = std::make_shared<std::atomic<std::int64_t>>(0);
  unsigned progress_seconds = 30;
  unsigned answer_seconds = 300;
  std::string unix_socket;
  std::vector<Code> read_failures;  // home thread: what became of bodies of /.hearth/read
  std::unique_ptr<Gateway> gateway;
};

inline std::string field_of(const std::string& head, std::string_view name) {
  Client::Answer answer;
  answer.head = head;
  return answer.field(name);
}

}  // namespace hearth::gateway::test
