#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/buffer.h"
#include "gateway/event_loop.h"
#include "gateway/output.h"
#include "gateway/socket_address.h"
#include "gateway/stream.h"

namespace hearth::gateway {

class Connection;
class UpstreamPool;

// A connection to an app. Belongs to one request at a time, or rests in the pool.
class Upstream final : public EventSource, public Deadline {
 public:
  explicit Upstream(UpstreamPool& pool);
  ~Upstream() override;

  void on_events(std::uint32_t events) override;
  void on_deadline() override;

  // Whether the connection stands; Failed when it could not be made.
  Stream::Outcome connected();
  // The client's drive() is called when this time has gone, and timed_out() says so; 0 ends the waiting.
  void wait_at_most(std::uint32_t seconds);
  bool timed_out() const { return timed_out_; }
  // As Connection's: writes now what the socket takes, queues the rest.
  bool send(std::initializer_list<std::string_view> pieces);
  bool flush();

  Stream stream;
  Buffer input;
  Output output;
  bool reused = false;  // has served a request before: it may have died unnoticed
  // The client whose request this serves; its drive() is called on events. Null in the pool.
  Connection* client = nullptr;

 private:
  friend class UpstreamPool;
  struct Host;
  UpstreamPool& pool_;
  Host* host_ = nullptr;
  bool connecting_ = true;
  bool timed_out_ = false;
};

// One thread's connections to upstreams, kept alive between requests.
class UpstreamPool {
 public:
  enum class Age { Any, Fresh, New };  // what will do: any kept one, one used within a second, or only a new one

  // `own_socket`: the path of the box's own unix socket, which no app is reached at.
  UpstreamPool(EventLoop& loop, BufferPool& buffers, std::span<char> scratch, std::string own_socket);
  ~UpstreamPool();

  // A connection to `address`, perhaps still being made; null when it failed at once. `name` tells upstreams apart.
  std::unique_ptr<Upstream> take(std::string_view name, const SocketAddress& address, Age age);
  // Keeps the connection for the next request.
  void keep(std::unique_ptr<Upstream> upstream);
  // Closes it.
  void discard(std::unique_ptr<Upstream> upstream);

  EventLoop& loop() { return loop_; }
  BufferPool& buffers() { return buffers_; }
  std::span<char> scratch() { return scratch_; }

 private:
  friend class Upstream;
  void drop_idle(Upstream& upstream);
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  EventLoop& loop_;
  BufferPool& buffers_;
  std::span<char> scratch_;
  std::string own_socket_;
  std::unordered_map<std::string, std::unique_ptr<Upstream::Host>, TextHash, std::equal_to<>> hosts_;
};

}  // namespace hearth::gateway
