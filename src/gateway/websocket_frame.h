#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The frames of a WebSocket (RFC 6455 §5), server side.
namespace hearth::gateway {

constexpr std::size_t kMessageLimit = 1024 * 1024;

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

// A frame from the server: unmasked, final.
std::string make_frame(Opcode opcode, std::string_view payload);
std::string make_close_frame(std::uint16_t code, std::string_view reason);
// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);

// Turns a client's bytes into messages. Holds at most one unfinished message.
class FrameDecoder {
 public:
  enum class Event : std::uint8_t {
    NeedMore,
    Message,  // text or binary, whole
    Ping,
    Pong,
    Close,   // close_code() says why; 1005 when the client gave no reason
    Failed,  // the client broke the protocol: close with close_code()
  };
  // Takes bytes (unmasking them in place) up to the end of one event; `consumed` says how many.
  Event next(std::span<char> bytes, std::size_t& consumed);
  // Of the last Message, Ping or Pong.
  std::string take_payload();
  std::uint16_t close_code() const { return close_code_; }

 private:
  Event fail(std::uint16_t code);
  Event begin_frame();
  Event end_frame();

  std::string message_;
  std::string control_;
  std::string result_;
  std::uint64_t left_ = 0;  // of the frame's payload
  std::uint16_t close_code_ = 1005;
  std::uint8_t header_[14];
  std::uint8_t header_size_ = 0;
  std::uint8_t mask_position_ = 0;
  Opcode opcode_ = Opcode::Text;          // of this frame
  Opcode message_opcode_ = Opcode::Text;  // of the message under way
  bool in_payload_ = false;
  bool final_ = true;
  bool in_message_ = false;
};

}  // namespace hearth::gateway
