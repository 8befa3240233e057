#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

struct ssl_st;

namespace hearth::gateway {

// A non-blocking socket, plain or TLS, with what edge-triggered epoll last said about it.
class Stream {
 public:
  // What a read or write came to. Bytes > 0, or one of the others with bytes 0.
  enum class Outcome : std::uint8_t { Moved, Blocked, Ended, Failed };
  struct Step {
    Outcome outcome;
    std::size_t bytes = 0;
  };

  Stream() = default;
  explicit Stream(int descriptor) : descriptor_(descriptor) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int descriptor() const { return descriptor_; }
  void adopt(int descriptor) { descriptor_ = descriptor; }
  bool is_open() const { return descriptor_ >= 0; }
  bool secure() const { return ssl_ != nullptr; }

  // Makes this the server side of TLS; takes `ssl`.
  void secure_with(ssl_st* ssl);
  // Continues the handshake: Moved when it is done.
  Outcome shake_hands();
  // Whether the handshake failed since the peer sent plain HTTP; it can be told so without TLS, after go_on_plainly().
  bool spoke_plainly() const { return spoke_plainly_; }
  void go_on_plainly();

  Step read(std::span<char> room);
  // `scratch` gathers small pieces into one TLS record; plain sockets do not use it.
  // More::Follows: a plain socket may wait for what is written next before it sends a packet.
  enum class More : std::uint8_t { No, Follows };
  Step write(std::span<const iovec> pieces, std::span<char> scratch, More more = More::No);
  // From a file: sendfile on a plain socket; otherwise through `scratch`.
  Step send_file(int file, std::uint64_t offset, std::uint64_t length, std::span<char> scratch);

  void end_writing();  // half-close (with close_notify)
  void close();

  void note(std::uint32_t epoll_events);
  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  // The peer will send no more (it may not all be read yet).
  bool peer_ended() const { return peer_ended_; }

 private:
  Step tls_outcome(int result);

  int descriptor_ = -1;
  bool readable_ = false;
  bool writable_ = false;
  bool peer_ended_ = false;
  bool spoke_plainly_ = false;
  ssl_st* ssl_ = nullptr;
};

}  // namespace hearth::gateway
