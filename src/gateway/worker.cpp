#include "gateway/worker.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "gateway/ascii.h"
#include "gateway/home_exchange.h"
#include "gateway/proxy.h"
#include "gateway/replies.h"

namespace hearth::gateway {
namespace {

constexpr std::size_t kFileMemory = 4 * 1024 * 1024;  // of all workers together
constexpr int kAcceptBatch = 16;

class Accepting final : public EventSource {
 public:
  Accepting(Worker& worker, Listener& listener) : worker_(worker), listener_(listener) {}
  void on_events(std::uint32_t) override { worker_.accept(listener_); }

 private:
  Worker& worker_;
  Listener& listener_;
};

// Whether `path` is `prefix` or lies below it.
bool is_below(std::string_view path, std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

// Whether an Origin field names the host that is asked: a page of another site must not open our WebSockets.
bool same_origin(std::string_view origin, const RequestHead& head, bool secure) {
  const auto scheme = origin.find("://");
  std::string_view host;
  std::uint16_t port = 0;
  if (scheme == std::string_view::npos || !split_host(origin.substr(scheme + 3), host, port)) return false;
  const std::uint16_t usual = secure ? 443 : 80;
  return equals_ignoring_case(host, head.host) && (port ? port : usual) == (head.port ? head.port : usual);
}

}  // namespace

Result<std::unique_ptr<Worker>> Worker::open(const Common& common) {
  auto loop = TRY(EventLoop::open());
  std::unique_ptr<Worker> worker(new Worker(common, std::move(loop)));
  return worker;
}

Worker::Worker(const Common& common, std::shared_ptr<EventLoop> loop)
    : common_(common),
      loop_(std::move(loop)),
      files_(common.options.desktop_folder, kFileMemory / common.options.threads),
      upstreams_(*loop_, buffers_, scratch_, common.options.unix_socket),
      table_(std::make_shared<const RoutingTable>(std::make_shared<const Snapshot>())) {
  text_.reserve(4096);
}

Worker::~Worker() { stop_and_join(); }

void Worker::start(std::string thread_name) {
  for (Listener* listener : common_.listeners) {
    accepting_.push_back(std::make_unique<Accepting>(*this, *listener));
    loop_->watch(listener->descriptor(), *accepting_.back(), EPOLLIN | EPOLLEXCLUSIVE);
  }
  // Signals are for the main thread; and sendfile() and OpenSSL have no other way to be spared SIGPIPE.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this, name = std::move(thread_name)] {
    pthread_setname_np(pthread_self(), name.c_str());
    loop_->run();
  });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Worker::publish(std::shared_ptr<const RoutingTable> table) {
  loop_->post([this, table = std::move(table)]() mutable {
    published_ = true;
    gate_.forget();
    table_ = std::move(table);
    for (Connection* connection = connections_; connection;) {
      Connection* next = connection->next;
      if (connection->activity() && !connection->activity()->still_allowed(*table_)) connection->close();
      connection = next;
    }
  });
}

void Worker::set_certificate(std::shared_ptr<ssl_ctx_st> context) {
  loop_->post([this, context = std::move(context)]() mutable { tls_ = std::move(context); });
}

void Worker::begin_drain(std::function<void()> drained) {
  loop_->post([this, drained = std::move(drained)]() mutable {
    draining_ = true;
    drained_ = std::move(drained);
    for (Listener* listener : common_.listeners) loop_->forget(listener->descriptor());
    for (Connection* connection = connections_; connection;) {
      Connection* next = connection->next;
      if (connection->idle() || (connection->activity() && connection->activity()->endless())) {
        connection->close();
      } else {
        connection->end_after_this();
      }
      connection = next;
    }
    check_drained();
  });
}

void Worker::check_drained() {
  if (draining_ && !connections_ && drained_) std::exchange(drained_, nullptr)();
}

void Worker::close_all() {
  loop_->post([this] {
    while (connections_) connections_->close();
  });
}

void Worker::stop_and_join() {
  if (!thread_.joinable()) return;
  loop_->post([this] {
    while (connections_) connections_->close();
    loop_->stop();
  });
  thread_.join();
}

void Worker::accept(Listener& listener) {
  for (int i = 0; i < kAcceptBatch && !draining_; ++i) {
    auto accepted = listener.accept();
    if (!accepted) return;
    Worker* least = this;
    for (Worker* sibling : siblings_) {
      if (sibling->load() < least->load()) least = sibling;
    }
    least->load_.fetch_add(1, std::memory_order_relaxed);
    if (least == this) {
      adopt(accepted->descriptor, std::move(accepted->peer));
    } else {
      least->loop_->post([least, descriptor = accepted->descriptor, peer = std::move(accepted->peer)]() mutable {
        least->adopt(descriptor, std::move(peer));
      });
    }
  }
}

void Worker::adopt(int descriptor, Peer peer) {
  ssl_st* ssl = nullptr;
  if (peer.secure && tls_) ssl = SSL_new(tls_.get());
  if (draining_ || (peer.secure && !ssl)) {
    ::close(descriptor);
    load_.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  auto* connection = new Connection(*this, descriptor, std::move(peer), ssl);
  connection->next = connections_;
  if (connections_) connections_->previous = connection;
  connections_ = connection;
  if (!loop_->watch(descriptor, *connection, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)) connection->close();
}

void Worker::release(Connection& connection) {
  if (connection.previous) connection.previous->next = connection.next;
  if (connection.next) connection.next->previous = connection.previous;
  if (connections_ == &connection) connections_ = connection.next;
  load_.fetch_sub(1, std::memory_order_relaxed);
  loop_->destroy_later(std::unique_ptr<Connection>(&connection));
  check_drained();
}

void Worker::dispatch(Connection& connection, RequestHead& head) {
  if (connection.peer().uid) return dispatch_to_box(connection, head);
  const auto target = table_->find(head.host);
  switch (target.kind) {
    case RoutingTable::Target::Kind::Box:
      return dispatch_to_box(connection, head);
    case RoutingTable::Target::Kind::Entrance:
      return dispatch_to_entrance(connection, head, target);
    case RoutingTable::Target::Kind::NoSuchEntrance:
      if (!published_) {  // the first moment after the start
        return connection.answer(503, "Retry-After: 1\r\nCache-Control: no-store\r\n", "text/html; charset=utf-8",
                                 error_page("The box is starting", "Reload this page in a moment.", "盒子正在启动",
                                            "请稍候刷新本页。"));
      }
      return connection.answer(404, {}, "text/html; charset=utf-8",
                               error_page("There is no such app here", "No app of this box has this address.",
                                          "这里没有这个应用", "这台盒子上没有应用使用这个地址。"));
    case RoutingTable::Target::Kind::Stranger:
      return connection.answer(421, {}, "text/html; charset=utf-8",
                               error_page("This is not the box's name",
                                          "The box does not answer to this name. Use its address, or let its owner add the name: "
                                          "hearth entrances add-domain --domain NAME.",
                                          "这不是盒子的名称",
                                          "盒子不响应这个名称。请使用它的地址，或由所有者添加此名称："
                                          "hearth entrances add-domain --domain 名称。"));
  }
}

void Worker::dispatch_to_entrance(Connection& connection, RequestHead& head, const RoutingTable::Target& target) {
  // The hand-over of a session: identity answers on the entrance's own host.
  if (head.path.starts_with("/.hearth/")) {
    return HomeActivity::begin(connection, head, target.entrance->entrance->id);
  }
  const auto* identity = gate_.admit(connection, head, *table_, target);
  if (identity) Proxy::begin(connection, head, target, *identity);
}

void Worker::dispatch_to_box(Connection& connection, RequestHead& head) {
  const bool for_handler =
      connection.peer().uid || std::ranges::any_of(common_.options.handler_paths, [&](const std::string& prefix) {
        return is_below(head.path, prefix);
      });
  if (!for_handler) return files_.serve(connection, head);
  if (head.upgrade_websocket) {
    const auto origin = head.find(FieldName::Origin);
    if (!origin.empty() && !same_origin(origin, head, connection.peer().secure)) {
      return connection.answer(403, {}, "application/json",
                               error_json("forbidden", translated("Another site's page may not open this WebSocket."), head.language()));
    }
  }
  HomeActivity::begin(connection, head, {});
}

}  // namespace hearth::gateway
