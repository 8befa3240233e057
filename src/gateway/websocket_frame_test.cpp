#include "gateway/websocket_frame.h"

#include <gtest/gtest.h>

#include <vector>

namespace hearth::gateway {
namespace {

std::string frame(int first, std::string_view payload) {
  std::string bytes;
  bytes += static_cast<char>(first);
  if (payload.size() < 126) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    bytes += '\xfe';
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size());
  } else {
    bytes += '\xff';
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(payload.size() >> shift);
  }
  const std::string_view mask = "\x9a\x01\x7f\x33";
  bytes += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
  return bytes;
}

// The events of `bytes`, fed in pieces: "message:…", "ping:…", "close:1000", "failed:1002".
std::vector<std::string> events(std::string bytes, std::size_t piece) {
  FrameDecoder decoder;
  std::vector<std::string> seen;
  for (std::size_t at = 0; at < bytes.size();) {
    auto rest = std::min(piece, bytes.size() - at);
    while (rest > 0) {
      std::size_t consumed = 0;
      const auto event = decoder.next({bytes.data() + at, rest}, consumed);
      at += consumed;
      rest -= consumed;
      switch (event) {
        case FrameDecoder::Event::NeedMore: break;
        case FrameDecoder::Event::Message: seen.push_back("message:" + decoder.take_payload()); break;
        case FrameDecoder::Event::Ping: seen.push_back("ping:" + decoder.take_payload()); break;
        case FrameDecoder::Event::Pong: seen.push_back("pong:" + decoder.take_payload()); break;
        case FrameDecoder::Event::Close:
          seen.push_back("close:" + std::to_string(decoder.close_code()));
          return seen;
        case FrameDecoder::Event::Failed:
          seen.push_back("failed:" + std::to_string(decoder.close_code()));
          return seen;
      }
    }
  }
  return seen;
}

struct Case {
  const char* name;
  std::string bytes;
  std::vector<std::string> expected;
};

const Case kCases[] = {
    {"text", frame(0x81, "hello"), {"message:hello"}},
    {"empty", frame(0x81, ""), {"message:"}},
    {"binary", frame(0x82, "\xff\xfe"), {"message:\xff\xfe"}},
    {"medium", frame(0x82, std::string(300, 'm')), {"message:" + std::string(300, 'm')}},
    {"large", frame(0x82, std::string(70000, 'l')), {"message:" + std::string(70000, 'l')}},
    {"fragments with a ping between", frame(0x01, "a") + frame(0x89, "p") + frame(0x00, "b") + frame(0x80, "c"),
     {"ping:p", "message:abc"}},
    {"pong", frame(0x8a, "x"), {"pong:x"}},
    {"close", frame(0x88, "\x03\xe8why"), {"close:1000"}},
    {"close without a reason", frame(0x88, ""), {"close:1005"}},
    {"close with half a code", frame(0x88, "\x03"), {"failed:1002"}},
    {"close with a reserved code", frame(0x88, "\x03\xee"), {"failed:1002"}},
    {"not masked", std::string("\x81\x01x", 3), {"failed:1002"}},
    {"reserved bit", frame(0xc1, "x"), {"failed:1002"}},
    {"unknown opcode", frame(0x83, "x"), {"failed:1002"}},
    {"fragmented ping", frame(0x09, "x"), {"failed:1002"}},
    {"long ping", frame(0x89, std::string(126, 'x')), {"failed:1002"}},
    {"continuation of nothing", frame(0x80, "x"), {"failed:1002"}},
    {"text within a message", frame(0x01, "x") + frame(0x81, "y"), {"failed:1002"}},
    {"bad UTF-8", frame(0x81, "\xc3\x28"), {"failed:1007"}},
    {"length not in its shortest form", std::string("\x81\xfe\x00\x05\0\0\0\0hello", 13), {"failed:1002"}},
    {"too large", std::string("\x82\xff\x00\x00\x00\x00\x00\x10\x00\x01\0\0\0\0", 14), {"failed:1009"}},
};

class FrameCase : public testing::TestWithParam<Case> {};
TEST_P(FrameCase, IsReadTheSameInPieces) {
  for (const std::size_t piece : {1u, 2u, 5u, 4096u, 1u << 20}) {
    EXPECT_EQ(events(GetParam().bytes, piece), GetParam().expected) << GetParam().name << " in pieces of " << piece;
  }
}
INSTANTIATE_TEST_SUITE_P(Frames, FrameCase, testing::ValuesIn(kCases));

TEST(WebSocketFrame, CountsFragmentsTogether) {
  std::string bytes = frame(0x02, std::string(600000, 'a')) + frame(0x80, std::string(600000, 'b'));
  EXPECT_EQ(events(bytes, 65536), std::vector<std::string>{"failed:1009"});
}

TEST(WebSocketFrame, FramesOfTheServerAreUnmasked) {
  EXPECT_EQ(make_frame(Opcode::Text, "hi"), std::string("\x81\x02hi", 4));
  EXPECT_EQ(make_frame(Opcode::Text, std::string(126, 'x')).substr(0, 4), std::string("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(make_frame(Opcode::Binary, std::string(65536, 'x')).substr(0, 10),
            std::string("\x82\x7f\0\0\0\0\0\1\0\0", 10));
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace hearth::gateway
