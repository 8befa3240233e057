#include "gateway/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth::gateway {
namespace {

// What the gateway makes of a whole head: 0 when it is accepted, else the status it refuses with.
int status_of(const std::string& bytes) {
  HeadScanner scanner;
  switch (scanner.scan(bytes)) {
    case HeadScanner::State::Refused:
      return scanner.refusal().status;
    case HeadScanner::State::Incomplete:
      return -1;
    case HeadScanner::State::Complete:
      break;
  }
  RequestHead head;
  const auto refusal = parse_request_head(bytes, head);
  return refusal ? refusal->status : 0;
}

struct Case {
  const char* name;
  std::string head;
  int status;
};

const std::string kHost = "Host: a\r\n";
std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

const Case kCases[] = {
    {"plain", get(kHost), 0},
    {"one empty line before", "\r\n" + get(kHost), 0},
    {"two empty lines before", "\r\n\r\n" + get(kHost), 400},
    {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0},
    {"no Host", get(""), 400},
    {"two Hosts", get(kHost + "Host: b\r\n"), 400},
    {"empty Host", get("Host:\r\n"), 400},
    {"Host with a path", get("Host: a/b\r\n"), 400},
    {"Host with user", get("Host: u@a\r\n"), 400},
    {"Host with port 0", get("Host: a:0\r\n"), 400},
    {"Host with port 65536", get("Host: a:65536\r\n"), 400},
    {"Host with a word for a port", get("Host: a:http\r\n"), 400},
    {"IPv6 Host", get("Host: [::1]:8080\r\n"), 0},
    {"half an IPv6 Host", get("Host: [::1\r\n"), 400},
    {"list of Hosts", get("Host: a, b\r\n"), 400},
    // Request smuggling (RFC 9112 §11.2)
    {"length and coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
    {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
    {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
    {"list of lengths", post("Content-Length: 5, 5\r\n"), 400},
    {"negative length", post("Content-Length: -1\r\n"), 400},
    {"signed length", post("Content-Length: +5\r\n"), 400},
    {"hexadecimal length", post("Content-Length: 0x5\r\n"), 400},
    {"length with a space inside", post("Content-Length: 1 2\r\n"), 400},
    {"empty length", post("Content-Length: \r\n"), 400},
    {"overflowing length", post("Content-Length: 18446744073709551616\r\n"), 400},
    {"coding identity", post("Transfer-Encoding: identity\r\n"), 501},
    {"coding gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"coding chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501},
    {"coding xchunked", post("Transfer-Encoding: xchunked\r\n"), 501},
    {"coding quoted", post("Transfer-Encoding: \"chunked\"\r\n"), 501},
    {"coding with parameter", post("Transfer-Encoding: chunked;q=1\r\n"), 501},
    {"coding in capitals", post("Transfer-Encoding: CHUNKED\r\n"), 0},
    {"coding with vertical tab", post("Transfer-Encoding:\vchunked\r\n"), 400},
    {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"space before the colon", post("Content-Length : 5\r\n"), 400},
    {"tab before the colon", post("Transfer-Encoding\t: chunked\r\n"), 400},
    {"space before the name", get(kHost + " X: 1\r\n"), 400},
    {"folded line", get(kHost + "X: 1\r\n 2\r\n"), 400},
    {"folded with tab", get(kHost + "X: 1\r\n\t2\r\n"), 400},
    {"no colon", get(kHost + "Nonsense\r\n"), 400},
    {"empty name", get(kHost + ": 1\r\n"), 400},
    {"name with a space", get(kHost + "A B: 1\r\n"), 400},
    {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"bare LF in a field", get(kHost + "X: 1\nY: 2\r\n"), 400},
    {"bare CR in a field", get(kHost + "X: 1\rY: 2\r\n"), 400},
    {"bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NUL in a value", get(kHost + std::string("X: a\0b\r\n", 8)), 400},
    {"NUL in a name", get(kHost + std::string("X\0: b\r\n", 7)), 400},
    {"NUL in the target", std::string("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", 30), 400},
    {"DEL in a value", get(kHost + "X: \x7f\r\n"), 400},
    {"UTF-8 in a value", get(kHost + "X: \xe7\x8e\x8b\r\n"), 0},
    {"UTF-8 in the target", "GET /\xe7\x8e\x8b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    // Request lines
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
    {"lower case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"relative target", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
    {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute form", "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"absolute form without a path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 0},
    {"absolute form without a path, other host", "GET http://b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute form, other host", "GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute form, other port", "GET http://a:81/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute form with user", "GET http://u@a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"another scheme", "GET ftp://a/x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"other expectation", post("Expect: 200-ok\r\n"), 417},
    {"TLS on the plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8), 400},
    {"long target", "GET /" + std::string(17000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
    {"endless target", "GET /" + std::string(40000, 'a'), 414},
    {"long head", get(kHost + "X: " + std::string(33000, 'a') + "\r\n"), 431},
    {"endless head", "GET / HTTP/1.1\r\nX: " + std::string(33000, 'a'), 431},
    {"unfinished", "GET / HTTP/1.1\r\nHost: a\r\n", -1},
};

class HeadCase : public testing::TestWithParam<Case> {};
TEST_P(HeadCase, IsJudged) { EXPECT_EQ(status_of(GetParam().head), GetParam().status) << GetParam().name; }
INSTANTIATE_TEST_SUITE_P(Heads, HeadCase, testing::ValuesIn(kCases));

TEST(RequestHead, RefusesTooManyFields) {
  std::string fields = kHost;
  for (int i = 0; i < 128; ++i) fields += "X: 1\r\n";
  EXPECT_EQ(status_of(get(fields)), 431);
}

TEST(RequestHead, GivesItsParts) {
  RequestHead head;
  const std::string bytes =
      "POST /a/b?c=d HTTP/1.1\r\nHost: Notes.Hearth.localhost.:8080\r\nContent-Length: 12\r\nExpect: 100-continue\r\n"
      "Connection: close, X-Hop\r\ncookie:  a=b \r\nX_HEARTH-Role: x\r\n\r\nbody";
  ASSERT_FALSE(parse_request_head(bytes, head));
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/a/b");
  EXPECT_EQ(head.query, "c=d");
  EXPECT_EQ(head.host, "Notes.Hearth.localhost");
  EXPECT_EQ(head.port, 8080);
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.connection_names_fields);
  EXPECT_EQ(head.find(FieldName::Cookie), "a=b");
  EXPECT_EQ(head.fields.back().known, FieldName::HearthAny);
  EXPECT_EQ(head.length, bytes.size() - 4);
}

TEST(RequestHead, ReadsAnEmptyPathAsTheRoot) {
  RequestHead head;
  ASSERT_FALSE(parse_request_head("GET http://a:8080 HTTP/1.1\r\nHost: a:8080\r\n\r\n", head));
  EXPECT_EQ(head.target, "/");
  EXPECT_EQ(head.path, "/");
  ASSERT_FALSE(parse_request_head("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", head));
  EXPECT_EQ(head.target, "*");  // RFC 9112 §3.2.4
}

TEST(RequestHead, KnowsTheGatewaysFieldsHoweverTheyAreSpelled) {
  for (const auto* name : {"X-Forwarded-For", "X_Forwarded_For", "x-forwarded_host", "X_FORWARDED-Proto", "X.Forwarded.For"}) {
    EXPECT_EQ(recognise_field(name), FieldName::XForwardedAny) << name;
  }
  for (const auto* name : {"X-Real-IP", "X_Real_IP", "x-real_ip", "x~real|ip"}) EXPECT_EQ(recognise_field(name), FieldName::XRealIp) << name;
  for (const auto* name : {"X-Hearth-Person", "X_Hearth_Person", "X.Hearth.Person", "X!Hearth!Person", "x'hearth+person"}) {
    EXPECT_EQ(recognise_field(name), FieldName::HearthAny) << name;
  }
  for (const auto* name : {"Proxy", "proxy", "Proxy-Authorization", "Proxy_Authorization"}) {
    EXPECT_EQ(recognise_field(name), FieldName::ProxyAny) << name;
  }
  for (const auto* name : {"Proxying", "X-Forwarded", "X-Real-IPs", "X_Custom", "Transfer_Encoding"}) {
    EXPECT_EQ(recognise_field(name), FieldName::Other) << name;
  }
}

TEST(RequestHead, IsFoundHoweverItArrives) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  HeadScanner scanner;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    ASSERT_EQ(scanner.scan(std::string_view(bytes).substr(0, i)), HeadScanner::State::Incomplete) << i;
  }
  EXPECT_EQ(scanner.scan(bytes), HeadScanner::State::Complete);
}

}  // namespace
}  // namespace hearth::gateway
