#include "gateway/gateway.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include "base/testing.h"
#include "gateway/test_support.h"
#include "gateway/websocket_frame.h"

namespace hearth::gateway {
namespace {

using namespace test;

Response text(int status, std::string body) { return {status, {{"Content-Type", "text/plain"}}, std::move(body)}; }

// What the tests ask the home thread for, by path.
Task<> serve(Exchange& exchange) {
  const auto& request = exchange.request();
  if (request.path == "/api/echo") {
    std::string all;
    for (;;) {
      auto piece = co_await exchange.read();
      if (!piece) co_return;
      if (piece->empty()) break;
      all += *piece;
    }
    (void)co_await exchange.respond(text(200, std::move(all)));
  } else if (request.path == "/api/whoami") {
    (void)co_await exchange.respond(text(200, fmt::format("{} {} {} {}", request.method, request.origin(),
                                                          request.peer.address, request.peer.uid.value_or(-1u))));
  } else if (request.path == "/api/stream") {
    (void)co_await exchange.begin({200, {{"Content-Type", "text/event-stream"}}, {}});
    for (int i = 0; i < 3; ++i) (void)co_await exchange.write(fmt::format("data: {}\n\n", i));
    (void)co_await exchange.end();
  } else if (request.path == "/api/watch") {
    exchange.set_endless();
    co_await exchange.disconnected();
  } else if (request.path == "/api/flood") {
    (void)co_await exchange.begin({200, {}, {}});
    for (int i = 0; i < 256; ++i) {
      if (!co_await exchange.write(std::string(64 * 1024, static_cast<char>('a' + i % 26)))) co_return;
    }
    (void)co_await exchange.end();
  } else if (request.path == "/api/injection") {
    (void)co_await exchange.respond({200, {{"X-Good", "1"}, {"X-Bad", "a\r\nX-Evil: 1"}}, "ok"});
  } else if (request.path == "/api/socket") {
    auto socket = co_await exchange.upgrade();
    if (!socket) {
      (void)co_await exchange.respond(text(400, socket.error().message()));
      co_return;
    }
    for (;;) {
      auto message = co_await (*socket)->receive();
      if (!message || !*message) co_return;
      if (**message == "bye") {
        (*socket)->close(4000, "as asked");
        co_return;
      }
      (void)co_await (*socket)->send("echo " + **message);
    }
  } else if (request.path == "/api/throw") {
    throw std::runtime_error("thrown on purpose");
  } else if (request.path == "/api/silent") {
    co_return;
  } else {
    (void)co_await exchange.respond(text(404, "no such test path"));
  }
}

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    folder.write("desktop/index.html", "<!doctype html>start page");
    folder.write("desktop/assets/app-1a2b.js", std::string(5000, 'j'));
    folder.write("desktop/assets/app-1a2b.js.br", "brotli form");
    folder.write("desktop/assets/app-1a2b.js.gz", "gzip form");
    folder.write("desktop/large.bin", std::string(3 << 20, 'L'));
    folder.write("secret.txt", "outside");
    std::filesystem::create_symlink("../secret.txt", folder.path() / "desktop/link.txt");
    Options options;
    options.http = "127.0.0.1:0";
    options.unix_socket = (folder.path() / "box.socket").string();
    options.desktop_folder = (folder.path() / "desktop").string();
    options.handler_paths = {"/api", "/dav/"};
    options.threads = 2;
    auto opened = home.run([&] { return Gateway::open(options, home.executor(), serve); });
    EXPECT_TRUE(opened) << opened.error().describe();
    gateway = std::move(*opened);
  }
  ~GatewayTest() override {
    home.run_task(gateway->stop(std::chrono::milliseconds(200)));
    home.run([&] { gateway.reset(); });
  }
  Client connect() { return Client(gateway->http_port()); }

  TemporaryFolder folder;
  HomeThread home;
  std::unique_ptr<Gateway> gateway;
};

TEST_F(GatewayTest, AnswersFromTheHomeThreadAndKeepsTheConnection) {
  auto client = connect();
  const auto first = client.get("/api/whoami", fmt::format("localhost:{}", gateway->http_port()));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, fmt::format("GET http://localhost:{} 127.0.0.1 4294967295", gateway->http_port()));
  EXPECT_EQ(client.get("/api/nothing").status, 404);
  EXPECT_EQ(client.get("/dav").body, "no such test path");
}

TEST_F(GatewayTest, AnswersPipelinedRequestsInOrder) {
  auto client = connect();
  client.send(
      "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ntw\r\n1;x=y\r\no\r\n0\r\n\r\n"
      "GET /api/silent HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "one");
  EXPECT_EQ(client.read_answer().body, "<!doctype html>start page");
  EXPECT_EQ(client.read_answer().body, "two");
  const auto last = client.read_answer();
  EXPECT_EQ(last.status, 500);
  EXPECT_EQ(last.field("Connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(GatewayTest, CarriesLargeBodiesToTheHomeThreadAndBack) {
  auto client = connect();
  std::string body(8 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 4096);
  std::thread sender([&] {
    client.send(fmt::format("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", body.size()));
    client.send(body);
  });
  const auto answer = client.read_answer();
  sender.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body == body);
}

TEST_F(GatewayTest, ContinuesWhenExpected) {
  auto client = connect();
  client.send("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(client.read_answer().body, "body");
}

TEST_F(GatewayTest, StreamsInChunksAndToOldClientsUntilTheEnd) {
  auto client = connect();
  const auto chunked = client.get("/api/stream");
  EXPECT_EQ(chunked.field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(chunked.body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
  client.send("GET /api/stream HTTP/1.0\r\n\r\n");
  const auto old = client.read_answer();
  EXPECT_EQ(old.field("Transfer-Encoding"), "");
  EXPECT_EQ(old.body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
}

TEST_F(GatewayTest, WaitsForASlowReader) {
  auto client = connect();
  client.send("GET /api/flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto other = connect();
  EXPECT_EQ(other.get("/api/whoami").status, 200);  // the flood holds up nobody else
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.body.size(), 256u * 64 * 1024);
}

TEST_F(GatewayTest, TurnsAHandlersFailureIntoAnAnswer) {
  auto client = connect();
  EXPECT_EQ(client.get("/api/throw").status, 500);
  EXPECT_EQ(client.get("/api/silent").status, 500);
  const auto injected = client.get("/api/injection");
  EXPECT_EQ(injected.field("X-Good"), "1");
  EXPECT_EQ(injected.head.find("Evil"), std::string::npos);
}

TEST_F(GatewayTest, ServesFilesWithValidatorsRangesAndPrecompressedForms) {
  auto client = connect();
  const auto page = client.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.field("Cache-Control"), "no-cache");
  EXPECT_EQ(page.field("X-Content-Type-Options"), "nosniff");
  EXPECT_NE(page.field("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(client.get("/", "localhost", fmt::format("If-None-Match: {}\r\n", page.field("ETag"))).status, 304);

  const auto script = client.get("/assets/app-1a2b.js");
  EXPECT_EQ(script.body, std::string(5000, 'j'));
  EXPECT_EQ(script.field("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.field("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(script.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(client.get("/assets/app-1a2b.js", "localhost", "Accept-Encoding: gzip, br\r\n").body, "brotli form");
  EXPECT_EQ(client.get("/assets/app-1a2b.js", "localhost", "Accept-Encoding: gzip, br;q=0\r\n").body, "gzip form");

  const auto part = client.get("/large.bin", "localhost", "Range: bytes=10-19\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.field("Content-Range"), "bytes 10-19/3145728");
  EXPECT_EQ(part.body, std::string(10, 'L'));
  EXPECT_EQ(client.get("/large.bin", "localhost", "Range: bytes=99999999-\r\n").status, 416);
  EXPECT_EQ(client.get("/large.bin").body.size(), 3u << 20);

  const auto only_head = client.ask("HEAD /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(only_head.field("Content-Length"), "3145728");
  EXPECT_EQ(client.get("/some/page", "localhost", "Accept: text/html\r\n").body, "<!doctype html>start page");
  EXPECT_EQ(client.get("/missing.js", "localhost", "Accept: text/html\r\n").status, 404);
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").status, 405);
}

TEST_F(GatewayTest, WeighsTheCodingsThatAClientTakes) {
  auto client = connect();
  struct Case {
    const char* fields;
    const char* coding;
  };
  for (const auto& [fields, coding] : std::initializer_list<Case>{
           {"", ""},
           {"Accept-Encoding: gzip, deflate, br, zstd\r\n", "br"},
           {"Accept-Encoding: br\r\n", "br"},
           {"Accept-Encoding: GZIP\r\n", "gzip"},
           {"Accept-Encoding: \r\n", ""},
           {"Accept-Encoding: deflate\r\n", ""},
           {"Accept-Encoding: gzip;q=1.0, br;q=0.1\r\n", "gzip"},
           {"Accept-Encoding: gzip;q=0.1, br;q=1.0\r\n", "br"},
           {"Accept-Encoding: gzip;q=0.5, br;q=0.500\r\n", "br"},
           {"Accept-Encoding: br;q=0.001\r\n", "br"},
           {"Accept-Encoding: br;q=0.000, gzip\r\n", "gzip"},
           {"Accept-Encoding: identity, br;q=0.5\r\n", ""},
           {"Accept-Encoding: identity;q=0.5, br;q=0.7\r\n", "br"},
           {"Accept-Encoding: *\r\n", "br"},
           {"Accept-Encoding: br;q=0, *\r\n", "gzip"},
           {"Accept-Encoding: gzip, *;q=0\r\n", "gzip"},
           {"Accept-Encoding: gzip, *;q=0.5\r\n", "gzip"},
           {"Accept-Encoding: identity;q=0, gzip\r\n", "gzip"},
           {"Accept-Encoding: identity;q=0\r\n", ""},
           {"Accept-Encoding: br;level=1;q=0, gzip\r\n", "gzip"},
           {"Accept-Encoding: br ; Q=0 , gzip ; q=0.2\r\n", "gzip"},
           {"Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n", "br"},
           {"Accept-Encoding: br;q=0.1\r\nAccept-Encoding: gzip\r\n", "gzip"}}) {
    EXPECT_EQ(client.get("/assets/app-1a2b.js", "localhost", fields).field("Content-Encoding"), coding) << fields;
  }
}

TEST_F(GatewayTest, LooksForATagInEveryLine) {
  auto client = connect();
  const auto tag = client.get("/").field("ETag");
  EXPECT_EQ(client.get("/", "localhost", fmt::format("If-None-Match: \"x\"\r\nIf-None-Match: {}\r\n", tag)).status, 304);
  EXPECT_EQ(client.get("/", "localhost", fmt::format("If-None-Match: \"x\", W/{}\r\n", tag)).status, 304);
  EXPECT_EQ(client.get("/", "localhost", "If-None-Match: \"x\"\r\nIf-None-Match: \"y\"\r\n").status, 200);
}

TEST_F(GatewayTest, TakesARangeThatEndsBeyondCounting) {
  auto client = connect();
  const auto all = client.get("/large.bin", "localhost", "Range: bytes=3145700-99999999999999999999\r\n");
  EXPECT_EQ(all.status, 206);
  EXPECT_EQ(all.field("Content-Range"), "bytes 3145700-3145727/3145728");
  EXPECT_EQ(client.get("/large.bin", "localhost", "Range: bytes=-99999999999999999999\r\n").status, 206);
  EXPECT_EQ(client.get("/large.bin", "localhost", "Range: bytes=99999999999999999999-\r\n").status, 416);
  EXPECT_EQ(client.get("/large.bin", "localhost", "Range: bytes=0-9x\r\n").status, 200);
}

TEST_F(GatewayTest, BearsClientsThatLeaveInTheMiddle) {
  for (int i = 0; i < 50; ++i) {
    auto client = connect();
    client.send(i % 2 ? "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n" : "GET /api/flood HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.read_exactly(1000);
    const linger at_once{1, 0};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }
  auto client = connect();
  EXPECT_EQ(client.get("/api/whoami").status, 200);
}

TEST_F(GatewayTest, NeverServesWhatLiesOutsideTheFolder) {
  for (const auto* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/a/../../secret.txt",
                           "/.hidden", "/%00", "/..%5csecret.txt"}) {
    auto client = connect();
    const auto answer = client.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body.find("outside"), std::string::npos);
  }
}

TEST_F(GatewayTest, NoticesAChangedFile) {
  auto client = connect();
  EXPECT_EQ(client.get("/index.html").body, "<!doctype html>start page");
  folder.write("desktop/index.html", "a new page");
  // Files are checked once a second: ask until the new one is served, for as long as that may take.
  std::string body;
  for (int i = 0; i < 100000 && body != "a new page"; ++i) body = client.get("/index.html").body;
  EXPECT_EQ(body, "a new page");
}

TEST_F(GatewayTest, RefusesNamesThatStrangersCouldPointHere) {
  auto client = connect();
  EXPECT_EQ(client.get("/", "evil.example.com").status, 421);
  EXPECT_EQ(client.get("/", "192.168.1.5:8080").status, 200);
  EXPECT_EQ(client.get("/", "[::1]").status, 200);
  EXPECT_EQ(client.get("/", "box.local").status, 200);
  EXPECT_EQ(client.get("/", "HEARTH.localhost.").status, 200);
  EXPECT_EQ(client.get("/", "nothere.hearth.localhost").status, 503);  // entrances are not known yet
  home.run([&] { gateway->publish(std::make_shared<const Snapshot>()); });
  auto later = connect();
  EXPECT_EQ(later.get("/", "nothere.hearth.localhost").status, 404);
}

TEST_F(GatewayTest, KnowsWhoIsAtTheUnixSocket) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder.path() / "box.socket").string().copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  Client client(Client::Adopt{}, descriptor);
  EXPECT_EQ(client.get("/api/whoami", "box").body, fmt::format("GET http://box unix {}", ::getuid()));
}

TEST_F(GatewayTest, SaysWhatToDoWhenThePortIsTaken) {
  Options options;
  options.http = fmt::format("127.0.0.1:{}", gateway->http_port());
  options.threads = 1;
  const auto second = home.run([&] { return Gateway::open(options, home.executor(), serve); });
  ASSERT_FALSE(second);
  EXPECT_EQ(refusal(second), Code::Unavailable);
  EXPECT_NE(refusal_text(second).find(options.http), std::string::npos);
  EXPECT_NE(refusal_text(second).find("--http ADDR:PORT"), std::string::npos);
}

std::string masked_frame(Opcode opcode, std::string_view payload, bool final = true) {
  std::string frame;
  frame += static_cast<char>((final ? 0x80 : 0) | static_cast<int>(opcode));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  const std::string_view mask = "\x01\x02\x03\x04";
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

constexpr std::string_view kUpgrade =
    "GET /api/socket HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

TEST_F(GatewayTest, StopsWithoutWaitingForWhatHasNoEnd) {
  auto watching = connect();
  watching.send("GET /api/watch HTTP/1.1\r\nHost: localhost\r\n\r\n");
  auto socket = connect();
  socket.send(fmt::format("{}\r\n", kUpgrade));
  socket.read_until("\r\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  home.run_task(gateway->stop(std::chrono::seconds(40)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(watching.read_to_end(), "");
}

TEST_F(GatewayTest, SpeaksWebSocket) {
  auto client = connect();
  client.send(fmt::format("{}Origin: http://localhost\r\n\r\n", kUpgrade));
  const auto head = client.read_until("\r\n\r\n");
  EXPECT_NE(head.find("101 Switching Protocols"), std::string::npos);
  EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);  // RFC 6455 §1.3
  client.send(masked_frame(Opcode::Text, "hello"));
  EXPECT_EQ(client.read_exactly(12), std::string("\x81\x0a", 2) + "echo hello");
  client.send(masked_frame(Opcode::Text, "fra", false) + masked_frame(Opcode::Ping, "p") +
              masked_frame(Opcode::Continuation, "gments"));
  EXPECT_EQ(client.read_exactly(3), std::string("\x8a\x01p", 3));
  EXPECT_EQ(client.read_exactly(16), std::string("\x81\x0e", 2) + "echo fragments");
  client.send(masked_frame(Opcode::Text, "bye"));
  EXPECT_EQ(client.read_exactly(12), std::string("\x88\x0a\x0f\xa0", 4) + "as asked");
  client.close();
}

TEST_F(GatewayTest, ClosesAWebSocketThatBreaksTheProtocol) {
  auto client = connect();
  client.send(fmt::format("{}\r\n", kUpgrade));
  client.read_until("\r\n\r\n");
  client.send(std::string("\x81\x02hi", 4));  // not masked
  EXPECT_EQ(client.read_exactly(4), std::string("\x88\x02\x03\xea", 4));
}

TEST_F(GatewayTest, RefusesAWebSocketOfAnotherSite) {
  auto client = connect();
  client.send(fmt::format("{}Origin: http://evil.example.com\r\n\r\n", kUpgrade));
  EXPECT_EQ(client.read_answer().status, 403);
}

}  // namespace
}  // namespace hearth::gateway
