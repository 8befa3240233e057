#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gateway/buffer.h"
#include "gateway/connection.h"
#include "gateway/event_loop.h"
#include "gateway/gateway.h"
#include "gateway/entrance_gate.h"
#include "gateway/home_port.h"
#include "gateway/listener.h"
#include "gateway/request_head.h"
#include "gateway/response_head.h"
#include "gateway/router.h"
#include "gateway/static_files.h"
#include "gateway/upstream.h"

struct ssl_ctx_st;

namespace hearth::gateway {

// What every worker reads and none writes.
struct Common {
  Options options;
  std::shared_ptr<HomePort> home;
  std::vector<Listener*> listeners;
};

// One gateway thread: its loop, its connections, and the memory they share. All calls on its own thread, except those
// marked otherwise.
class Worker {
 public:
  static Result<std::unique_ptr<Worker>> open(const Common& common);
  ~Worker();

  // Any thread. Spreads connections: the accepting worker hands each to the one with the fewest.
  void set_siblings(std::vector<Worker*> siblings) { siblings_ = std::move(siblings); }  // before start()
  void start(std::string thread_name);
  void publish(std::shared_ptr<const RoutingTable> table);
  void set_certificate(std::shared_ptr<ssl_ctx_st> context);
  void begin_drain(std::function<void()> drained);  // `drained` is called on the worker's thread
  void close_all();
  void stop_and_join();
  std::uint32_t load() const { return load_.load(std::memory_order_relaxed); }

  std::shared_ptr<EventLoop> shared_loop() { return loop_; }
  EventLoop& loop() { return *loop_; }
  BufferPool& buffers() { return buffers_; }
  std::span<char> scratch() { return scratch_; }
  std::string& text() { return text_; }  // for heads under construction
  RequestHead& head() { return head_; }
  ResponseHead& response_head() { return response_head_; }
  UpstreamPool& upstreams() { return upstreams_; }
  const Common& common() const { return common_; }
  const RoutingTable& table() const { return *table_; }
  const std::shared_ptr<const RoutingTable>& shared_table() const { return table_; }
  StaticFiles& files() { return files_; }
  bool draining() const { return draining_; }

  // Accepts what waits at `listener`.
  void accept(Listener& listener);
  // Decides who serves the request whose head was just read.
  void dispatch(Connection& connection, RequestHead& head);
  // The connection has closed itself.
  void release(Connection& connection);

 private:
  Worker(const Common& common, std::shared_ptr<EventLoop> loop);
  void adopt(int descriptor, Peer peer);
  void dispatch_to_box(Connection& connection, RequestHead& head);
  void dispatch_to_entrance(Connection& connection, RequestHead& head, const RoutingTable::Target& target);
  void check_drained();

  const Common& common_;
  std::shared_ptr<EventLoop> loop_;  // shared with exchanges on the home thread, which may outlive this
  BufferPool buffers_;
  std::array<char, 16 * 1024> scratch_;
  std::string text_;
  RequestHead head_;
  ResponseHead response_head_;
  StaticFiles files_;
  UpstreamPool upstreams_;
  EntranceGate gate_;
  std::shared_ptr<const RoutingTable> table_;
  std::shared_ptr<ssl_ctx_st> tls_;
  std::vector<Worker*> siblings_;
  std::atomic<std::uint32_t> load_ = 0;
  Connection* connections_ = nullptr;
  bool draining_ = false;
  bool published_ = false;  // the table is the box's, not the empty one of the start
  std::function<void()> drained_;
  std::vector<std::unique_ptr<EventSource>> accepting_;
  std::thread thread_;
};

}  // namespace hearth::gateway
