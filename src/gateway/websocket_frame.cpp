#include "gateway/websocket_frame.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace hearth::gateway {

std::string make_frame(Opcode opcode, std::string_view payload) {
  std::string frame;
  frame.reserve(payload.size() + 10);
  frame += static_cast<char>(0x80 | static_cast<std::uint8_t>(opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(payload.size());
  } else {
    const bool wide = payload.size() > 0xffff;
    frame += static_cast<char>(wide ? 127 : 126);
    for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8) frame += static_cast<char>(payload.size() >> shift & 0xff);
  }
  frame += payload;
  return frame;
}

std::string make_close_frame(std::uint16_t code, std::string_view reason) {
  std::string payload;
  payload += static_cast<char>(code >> 8);
  payload += static_cast<char>(code & 0xff);
  payload += reason.substr(0, 123);
  return make_frame(Opcode::Close, payload);
}

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

FrameDecoder::Event FrameDecoder::fail(std::uint16_t code) {
  close_code_ = code;
  return Event::Failed;
}

std::string FrameDecoder::take_payload() { return std::exchange(result_, {}); }

// The header is complete: checks it, and sets up the payload.
FrameDecoder::Event FrameDecoder::begin_frame() {
  final_ = (header_[0] & 0x80) != 0;
  if (header_[0] & 0x70) return fail(1002);
  opcode_ = static_cast<Opcode>(header_[0] & 0x0f);
  const std::uint8_t short_length = header_[1] & 0x7f;
  left_ = short_length;
  if (short_length >= 126) {
    left_ = 0;
    const std::size_t bytes = short_length == 126 ? 2 : 8;
    for (std::size_t i = 0; i < bytes; ++i) left_ = left_ << 8 | header_[2 + i];
    if (left_ < (bytes == 2 ? 126u : 0x10000u) || left_ >> 63) return fail(1002);  // not the shortest form
  }
  switch (opcode_) {
    case Opcode::Text:
    case Opcode::Binary:
      if (in_message_) return fail(1002);
      in_message_ = true;
      message_opcode_ = opcode_;
      break;
    case Opcode::Continuation:
      if (!in_message_) return fail(1002);
      break;
    case Opcode::Close:
    case Opcode::Ping:
    case Opcode::Pong:
      if (!final_ || left_ > 125) return fail(1002);
      break;
    default:
      return fail(1002);
  }
  if (opcode_ <= Opcode::Binary && left_ > kMessageLimit - message_.size()) return fail(1009);
  in_payload_ = true;
  mask_position_ = 0;
  return Event::NeedMore;
}

FrameDecoder::Event FrameDecoder::end_frame() {
  in_payload_ = false;
  header_size_ = 0;
  switch (opcode_) {
    case Opcode::Ping:
      result_ = std::exchange(control_, {});
      return Event::Ping;
    case Opcode::Pong:
      result_ = std::exchange(control_, {});
      return Event::Pong;
    case Opcode::Close: {
      const auto payload = std::exchange(control_, {});
      if (payload.empty()) return Event::Close;
      if (payload.size() == 1 || !is_utf8(std::string_view(payload).substr(2))) return fail(1002);
      close_code_ = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                               static_cast<unsigned char>(payload[1]));
      const bool known = (close_code_ >= 1000 && close_code_ <= 1014 && (close_code_ < 1004 || close_code_ > 1006)) ||
                         (close_code_ >= 3000 && close_code_ < 5000);
      return known ? Event::Close : fail(1002);
    }
    default:
      break;
  }
  if (!final_) return Event::NeedMore;
  in_message_ = false;
  result_ = std::exchange(message_, {});
  if (message_opcode_ == Opcode::Text && !is_utf8(result_)) return fail(1007);
  return Event::Message;
}

FrameDecoder::Event FrameDecoder::next(std::span<char> bytes, std::size_t& consumed) {
  consumed = 0;
  for (;;) {
    while (!in_payload_) {
      const std::uint8_t short_length = header_size_ >= 2 ? header_[1] & 0x7f : 0;
      const std::uint8_t needed = header_size_ < 2 ? 2 : short_length == 126 ? 8 : short_length == 127 ? 14 : 6;
      if (header_size_ == needed) {
        if (const auto event = begin_frame(); event != Event::NeedMore) return event;
        break;
      }
      if (consumed == bytes.size()) return Event::NeedMore;
      header_[header_size_++] = static_cast<std::uint8_t>(bytes[consumed++]);
      if (header_size_ == 2 && !(header_[1] & 0x80)) return fail(1002);  // clients must mask
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - consumed));
    const auto payload = bytes.subspan(consumed, count);
    const std::uint8_t* mask = header_ + header_size_ - 4;
    for (std::size_t i = 0; i < count; ++i) {
      payload[i] = static_cast<char>(payload[i] ^ mask[(mask_position_ + i) & 3]);
    }
    mask_position_ = static_cast<std::uint8_t>((mask_position_ + count) & 3);
    (opcode_ <= Opcode::Binary ? message_ : control_).append(payload.data(), count);
    consumed += count;
    left_ -= count;
    if (left_ > 0) return Event::NeedMore;
    if (const auto event = end_frame(); event != Event::NeedMore) return event;
  }
}

}  // namespace hearth::gateway
