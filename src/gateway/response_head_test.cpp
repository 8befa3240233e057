#include "gateway/response_head.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth::gateway {
namespace {

struct Case {
  const char* name;
  std::string bytes;
  HeadState state;
};

using enum HeadState;
const Case kCases[] = {
    {"nothing yet", "", Incomplete},
    {"first letters", "HTT", Incomplete},
    {"first line", "HTTP/1.1 200 OK\r\n", Incomplete},
    {"half a line end", "HTTP/1.1 200 OK\r", Incomplete},
    {"complete", "HTTP/1.1 200 OK\r\n\r\n", Complete},
    {"HTTP/1.0, no reason", "HTTP/1.0 204\r\nX: y\r\n\r\nrest", Complete},
    // Refused from the first byte that cannot be, since more may never come
    {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", Broken},
    {"one wrong letter", "HX", Broken},
    {"lower case", "http/1.1 200 OK\r\n", Broken},
    {"HTTP/2", "HTTP/2", Broken},
    {"TLS", std::string("\x15\x03\x01\x00\x02", 5), Broken},
    {"an empty line first", "\r\n", Broken},
    {"bare line feeds", "HTTP/1.1 200 OK\nX: y\n\n", Broken},
    {"a bare line feed later", "HTTP/1.1 200 OK\r\nX: y\n", Broken},
    {"bare line feeds, whole", "HTTP/1.1 200 OK\n\nbody\r\n\r\n", Broken},
    {"two lengths that agree", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n", Complete},
    {"two lengths that do not", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", Contradictory},
    {"no length", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n", Broken},
};

class ResponseHeadCase : public testing::TestWithParam<Case> {};
TEST_P(ResponseHeadCase, IsJudged) {
  ResponseHead head;
  EXPECT_EQ(parse_response_head(GetParam().bytes, head), GetParam().state) << GetParam().name;
}
INSTANTIATE_TEST_SUITE_P(Heads, ResponseHeadCase, testing::ValuesIn(kCases));

}  // namespace
}  // namespace hearth::gateway
