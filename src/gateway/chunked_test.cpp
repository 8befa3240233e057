#include "gateway/chunked.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth::gateway {
namespace {

// Decodes `coded` in pieces of `piece` bytes; "!" when it is refused, "?" when it does not end.
std::string decode(std::string coded, std::size_t piece) {
  ChunkedDecoder decoder;
  std::string content;
  for (std::size_t at = 0; at < coded.size() && !decoder.done();) {
    const auto count = std::min(piece, coded.size() - at);
    const auto step = decoder.decode({coded.data() + at, count});
    if (step.bad) return "!";
    content.append(coded.data() + at, step.payload);
    at += step.consumed;
  }
  return decoder.done() ? content : "?";
}

struct Case {
  const char* name;
  std::string coded;
  std::string expected;
};

const Case kCases[] = {
    {"two chunks", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"},
    {"nothing", "0\r\n\r\n", ""},
    {"capital size", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
    {"leading zeros", "003\r\nabc\r\n000\r\n\r\n", "abc"},
    {"extension", "3;name=\"value\"\r\nabc\r\n0;x\r\n\r\n", "abc"},
    {"trailers", "3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n", "abc"},
    {"content after the end stays", "0\r\n\r\nGET / HTTP/1.1\r\n", ""},
    {"unfinished", "3\r\nab", "?"},
    {"no size", "\r\nabc\r\n", "!"},
    {"not a number", "g\r\n", "!"},
    {"0x", "0x3\r\nabc\r\n", "!"},
    {"sign", "-3\r\nabc\r\n", "!"},
    {"space before the size", " 3\r\nabc\r\n", "!"},
    {"space after the size", "3 \r\nabc\r\n", "!"},
    {"bare LF after the size", "3\nabc\r\n", "!"},
    {"bare CR after the size", "3\rabc\r\n", "!"},
    {"chunk too long", "3\r\nabcd\r\n", "!"},
    {"chunk ends with LF", "3\r\nabc\n0\r\n\r\n", "!"},
    {"overflowing size", "1000000000000000\r\n", "!"},
    {"LF in an extension", "3;a\nb\r\nabc\r\n", "!"},
    {"bare LF at the end", "0\r\n\n", "!"},
    {"trailer without a colon", "0\r\nA\r\n\r\n", "!"},
    {"trailer with a space before the colon", "0\r\nA : b\r\n\r\n", "!"},
    {"trailer without a value", "0\r\nA:\r\n\r\n", ""},
    {"trailer with NUL", std::string("0\r\nA: \0\r\n\r\n", 11), "!"},
    {"endless extension", "3;" + std::string(2000, 'x') + "\r\nabc\r\n0\r\n\r\n", "!"},
    {"endless trailers", "0\r\n" + std::string(9000, 'x') + "\r\n\r\n", "!"},
};

class ChunkedCase : public testing::TestWithParam<Case> {};
TEST_P(ChunkedCase, DecodesTheSameInPieces) {
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 100000u}) {
    EXPECT_EQ(decode(GetParam().coded, piece), GetParam().expected) << GetParam().name << " in pieces of " << piece;
  }
}
INSTANTIATE_TEST_SUITE_P(Codings, ChunkedCase, testing::ValuesIn(kCases));

TEST(Chunked, KeepsToALimitOfContent) {
  ChunkedDecoder decoder;
  std::string coded = "6\r\nabcdef\r\n0\r\n\r\n";
  const auto first = decoder.decode(coded, 4);
  EXPECT_EQ(coded.substr(0, first.payload), "abcd");
  const auto second = decoder.decode({coded.data() + first.consumed, coded.size() - first.consumed}, 4);
  EXPECT_EQ(coded.substr(first.consumed, second.payload), "ef");
  EXPECT_TRUE(decoder.done());
}

}  // namespace
}  // namespace hearth::gateway
