#include "gateway/entrance_fixture.h"

// Entrances from outside.
namespace hearth::gateway {
namespace {

using namespace test;

TEST_F(EntranceTest, PassesRequestsOnAndKeepsConnectionsOnBothSides) {
  App app(mirror);
  open(app.address());
  auto client = connect();
  for (int i = 0; i < 5; ++i) {
    const auto answer = client.get("/a/b?c=d", kHost, "X-Custom: kept\r\nConnection: keep-alive, X-Hop\r\nX-Hop: gone\r\n");
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Server"), "app");
    EXPECT_EQ(answer.field("Keep-Alive"), "");
    EXPECT_TRUE(answer.body.starts_with("GET /a/b?c=d HTTP/1.1\r\n"));
    EXPECT_EQ(field_of(answer.body, "Host"), kHost);
    EXPECT_EQ(field_of(answer.body, "X-Custom"), "kept");
    EXPECT_EQ(field_of(answer.body, "X-Hop"), "");
    EXPECT_EQ(field_of(answer.body, "X-Forwarded-For"), "127.0.0.1");
    EXPECT_EQ(field_of(answer.body, "X-Forwarded-Proto"), "http");
    EXPECT_EQ(field_of(answer.body, "X-Forwarded-Host"), kHost);
  }
  EXPECT_EQ(app.connections, 1);
}

TEST_F(EntranceTest, StripsWhatPretendsToBeTheGateway) {
  App app(mirror);
  open(app.address());
  auto client = connect();
  const auto answer = client.get("/", kHost,
                                 "X-Hearth-Person: mallory\r\nx_hearth_role: owner\r\nX-HEARTH_Anything: 1\r\n"
                                 "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n"
                                 "X_Forwarded_For: 1.2.3.4\r\nX_Real_IP: 1.2.3.4\r\nProxy: http://1.2.3.4/\r\n"
                                 "X.Hearth.Person: mallory\r\nX!Hearth!Role: mallory\r\nX-Original-URL: /1.2.3.4\r\n"
                                 "X-Rewrite-URL: /1.2.3.4\r\nX_Original.Url: /1.2.3.4\r\n"
                                 "Cookie: hearth_entrance=bogus; theme=dark; hearth_state=x\r\n");
  EXPECT_EQ(answer.body.find("mallory"), std::string::npos);
  EXPECT_EQ(answer.body.find("hearth_role"), std::string::npos);
  EXPECT_EQ(answer.body.find("Anything"), std::string::npos);
  EXPECT_EQ(answer.body.find("1.2.3.4"), std::string::npos);
  EXPECT_EQ(field_of(answer.body, "Cookie"), "theme=dark");
}

TEST_F(EntranceTest, TellsTheAppWhoAsksAndSignsIt) {
  App app(mirror);
  open(app.address(), Access::Private);
  auto client = connect();
  const auto answer = client.get("/", kHost, "Cookie: a=b; hearth_entrance=token\r\n");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(field_of(answer.body, "Cookie"), "a=b");
  const auto name = field_of(answer.body, "X-Hearth-Name");
  EXPECT_EQ(percent_decode(name), "Ada 王");
  const auto text = fmt::format("{}\n{}\n{}\n{}\n{}", field_of(answer.body, "X-Hearth-Person"), name,
                                field_of(answer.body, "X-Hearth-Role"), field_of(answer.body, "X-Hearth-Entrance"),
                                field_of(answer.body, "X-Hearth-Time"));
  EXPECT_TRUE(text.starts_with("01person\n"));
  EXPECT_EQ(field_of(answer.body, "X-Hearth-Signature"), to_hex(hmac_sha256(std::string(32, 'k'), text)));
  EXPECT_GT(seen->load(), 0);
}

TEST_F(EntranceTest, SendsStrangersToSignInAndProgramsAway) {
  App app(mirror);
  open(app.address(), Access::Private, {{"/open", Access::Public}, {"/vault", Access::TwoFactor}});
  auto client = connect();
  const auto host = fmt::format("{}:{}", kHost, gateway->http_port());
  const auto page = client.get("/x?y=1&z", host, "Accept: text/html\r\n");
  EXPECT_EQ(page.status, 302);
  const auto cookie = page.field("Set-Cookie");
  const auto state = cookie.substr(22, 22);
  EXPECT_EQ(page.field("Location"), fmt::format("http://hearth.localhost:{}/enter?entrance=notes&return=%2Fx%3Fy%3D1%26z&state={}",
                                                gateway->http_port(), state));
  EXPECT_EQ(cookie, fmt::format("hearth_state_{}={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax", state.substr(0, 8), state));
  EXPECT_EQ(client.get("/x", host).status, 401);
  EXPECT_EQ(client.get("/x", host, "Accept: text/html\r\nSec-Fetch-Mode: cors\r\n").status, 401);
  EXPECT_EQ(client.get("/x", host, "Cookie: hearth_entrance=elsewhere\r\n").status, 401);  // another entrance's
  EXPECT_EQ(client.get("/open/y", host).status, 200);
  EXPECT_EQ(client.get("/openly", host).status, 401);
  EXPECT_EQ(client.get("/open/../x", host).status, 401);
  EXPECT_EQ(client.get("/open/%2e%2e/x", host).status, 401);
  EXPECT_EQ(client.get("/open/%252e%252e/x", host).status, 400);
  EXPECT_EQ(client.get("/vault", host, "Cookie: hearth_entrance=token\r\n").status, 401);
  EXPECT_NE(client.get("/vault", host, "Accept: text/html\r\nCookie: hearth_entrance=token\r\n").field("Location").find("&two_factor=1"),
            std::string::npos);
  EXPECT_EQ(client.get("/vault", host, "Cookie: hearth_entrance=strong\r\n").status, 200);
  EXPECT_EQ(client.get("/.hearth/redeem", host).body, "handler for notes");
  EXPECT_EQ(client.get("/x", "missing.hearth.localhost").status, 404);
}

TEST_F(EntranceTest, ForgetsASessionThatEndsOrIsTakenAway) {
  App app(mirror);
  open(app.address(), Access::Private);
  snapshot.sessions[sha256("token")].expires = SystemClock().now() - std::chrono::seconds(1);
  publish();
  auto client = connect();
  EXPECT_EQ(client.get("/", kHost, "Cookie: hearth_entrance=token\r\n").status, 401);
  EXPECT_EQ(client.get("/", kHost, "Cookie: hearth_entrance=strong\r\n").status, 200);
  snapshot.sessions.erase(sha256("strong"));
  publish();
  auto later = connect();
  EXPECT_EQ(later.get("/", kHost, "Cookie: hearth_entrance=strong\r\n").status, 401);
}

TEST_F(EntranceTest, RefusesChangesThatAnotherAppsPageAsksFor) {
  App app(mirror);
  open(app.address(), Access::Private);
  auto client = connect();
  const auto post = [&](std::string_view origin) {
    return client.ask(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nCookie: hearth_entrance=token\r\nOrigin: {}\r\n"
                                  "Content-Length: 0\r\n\r\n", kHost, origin)).status;
  };
  EXPECT_EQ(post("http://notes.hearth.localhost"), 200);
  EXPECT_EQ(post("http://evil.hearth.localhost"), 403);
}

TEST_F(EntranceTest, KeepsAppsFromSettingTheBoxesCookies) {
  App app([](Client& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: hearth_session=evil; Path=/\r\n"
                "Set-Cookie: a=1; Domain=hearth.localhost; Path=/\r\nSet-Cookie: b=2; domain=.notes.hearth.localhost\r\n"
                "Set-Cookie: __Host-Hearth_x=3\r\n\r\nok");
  });
  open(app.address());
  auto client = connect();
  const auto answer = client.get("/", kHost);
  EXPECT_EQ(answer.head.find("evil"), std::string::npos);
  EXPECT_EQ(answer.head.find("Hearth_x"), std::string::npos);
  EXPECT_NE(answer.head.find("Set-Cookie: a=1; Path=/\r\n"), std::string::npos);
  EXPECT_NE(answer.head.find("Set-Cookie: b=2; domain=.notes.hearth.localhost\r\n"), std::string::npos);
}

TEST_F(EntranceTest, StreamsLargeBodiesBothWays) {
  App app(mirror);
  open(app.address());
  std::string body(6 << 20, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 + i / 65536);
  for (const bool chunked : {false, true}) {
    auto client = connect();
    std::thread sender([&] {
      if (!chunked) {
        client.send(fmt::format("POST /up HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", kHost, body.size()));
        client.send(body);
        return;
      }
      client.send(fmt::format("POST /up HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n", kHost));
      for (std::size_t at = 0; at < body.size();) {
        const auto count = std::min<std::size_t>(1 + at % 9000, body.size() - at);
        client.send(fmt::format("{:X};ext=1\r\n{}\r\n", count, std::string_view(body).substr(at, count)));
        at += count;
      }
      client.send("0\r\nTrailer: x\r\n\r\n");
    });
    const auto answer = client.read_answer();
    sender.join();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.ends_with(body)) << chunked;
    EXPECT_EQ(field_of(answer.body, "Trailer"), "");
  }
}

TEST_F(EntranceTest, SaysThatChunksAreMalformed) {
  App app(listen_only);
  open(app.address());
  const std::vector<std::string> bad = {"zz\r\n",      "-2\r\n{}\r\n", "0x2\r\n{}\r\n", "2\n{}\n", "FFFFFFFFFFFFFFFFF\r\n",
                                        "2\r\n{}}\r\n", "2\r\n{}0\r\n\r\n", "2 \r\n{}\r\n"};
  for (const auto* path : {"/to/the/app", "/.hearth/read"}) {
    for (const auto& chunks : bad) {
      for (const bool later : {false, true}) {
        SCOPED_TRACE(fmt::format("{} {} {}", path, chunks, later));
        auto client = connect();
        client.send(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n{}\r\n{}", path, kHost,
                                later ? "Expect: 100-continue\r\n" : "", later ? "" : chunks));
        if (later) {
          EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
          client.send("1\r\n{\r\n" + chunks);
        }
        const auto answer = client.read_answer();
        EXPECT_EQ(answer.status, 400);
        EXPECT_EQ(answer.body, "The chunks of the request's body are malformed.\n请求体的分块格式不正确。\n");
        EXPECT_EQ(answer.field("Connection"), "close");
        EXPECT_EQ(client.read_to_end(), "");
      }
    }
  }
  // The handler is told when it had begun to read.
  EXPECT_EQ(failures_of_reading(bad.size()), std::vector(bad.size(), Code::Cancelled));
}

TEST_F(EntranceTest, SaysThatTheBodyDidNotArriveInTime) {
  App app(listen_only);
  progress_seconds = 1;
  open(app.address());
  for (const auto* path : {"/to/the/app", "/.hearth/read"}) {
    auto client = connect();
    client.send(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: 100\r\n\r\n{{", path, kHost));
    const auto answer = client.read_answer();
    EXPECT_EQ(answer.status, 408) << path;
    EXPECT_EQ(answer.body, "The rest of the request did not arrive in time.\n请求的其余部分未及时到达。\n");
    EXPECT_EQ(client.read_to_end(), "");
  }
  EXPECT_EQ(failures_of_reading(1), std::vector{Code::Cancelled});
}

TEST_F(EntranceTest, CutsABrokenBodyOffWhenTheAnswerHasBegun) {
  App app([](Client& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nearly");
    client.read_to_end();
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n", kHost));
  EXPECT_NE(client.read_until("early").find("200 OK"), std::string::npos);
  client.send("zz\r\n");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(EntranceTest, HoldsTheAppBackWhileTheClientDoesNotRead) {
  std::atomic<std::size_t> sent = 0;
  App app([&](Client& client) {
    client.read_request();
    const std::string piece(1 << 16, 'x');
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n");
    for (int i = 0; i < 1024; ++i) {
      client.send(piece);
      sent += piece.size();
    }
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  client.read_until("\r\n\r\n");
  // Others are served meanwhile; what the app could send is bounded by socket buffers, not by the body.
  auto other = connect();
  EXPECT_EQ(other.get("/.hearth/x", kHost).status, 200);
  EXPECT_LT(sent.load(), 48u << 20);
  EXPECT_EQ(client.read_exactly(64 << 20).size(), 64u << 20);
}

TEST_F(EntranceTest, PassesEventsOnAtOnce) {
  std::promise<void> first_seen;
  auto seen_future = first_seen.get_future();
  App app([&](Client& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    seen_future.wait();  // only after the client has the first event
    client.send("data: 2\n\n");
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  EXPECT_NE(client.read_until("\r\n\r\n").find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_EQ(client.read_until("data: 1\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
  first_seen.set_value();
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
}

TEST_F(EntranceTest, StopsWithoutWaitingForEvents) {
  App app([](Client& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
    client.read_to_end();
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  client.read_until("data: 1\n\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  home.run_task(gateway->stop(std::chrono::seconds(40)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_F(EntranceTest, TunnelsWebSocketsUntilEitherSideLeaves) {
  App app([](Client& client) {
    const auto request = client.read_until("\r\n\r\n");
    EXPECT_EQ(field_of(request, "Upgrade"), "websocket");
    EXPECT_EQ(field_of(request, "Sec-WebSocket-Key"), "k");
    client.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhi");
    EXPECT_EQ(client.read_exactly(5), "there");
    client.send("bye");
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n", kHost));
  EXPECT_NE(client.read_until("\r\n\r\n").find("101"), std::string::npos);
  EXPECT_EQ(client.read_exactly(2), "hi");
  client.send("there");
  EXPECT_EQ(client.read_to_end(), "bye");
}

TEST_F(EntranceTest, ClosesATunnelWhoseSessionEnds) {
  App app([](Client& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    client.read_to_end();
  });
  open(app.address(), Access::Private);
  auto client = connect();
  client.send(fmt::format("GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: hearth_entrance=token\r\n\r\n", kHost));
  EXPECT_NE(client.read_until("\r\n\r\n").find("101"), std::string::npos);
  snapshot.sessions.erase(sha256("token"));
  publish();
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(EntranceTest, TriesOnceMoreWhenAKeptConnectionHasDied) {
  std::atomic<int> served = 0;
  App app([&](Client& client) {
    // Each connection answers one request, promises to stay, and leaves when the next one comes.
    client.read_request();
    ++served;
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    client.read_until("\r\n\r\n");
  });
  open(app.address());
  auto client = connect();
  EXPECT_EQ(client.get("/", kHost).status, 200);
  EXPECT_EQ(client.get("/", kHost).status, 200);
  EXPECT_EQ(served, 2);
}

TEST_F(EntranceTest, SaysWhenTheAppDoesNotAnswerOrTalksNonsense) {
  open("127.0.0.1:1");
  auto client = connect();
  const auto program = client.get("/", kHost);
  EXPECT_EQ(program.status, 502);
  EXPECT_NE(program.body.find("\"unavailable\""), std::string::npos);
  const auto page = client.get("/", kHost, "Accept: text/html\r\n");
  EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("应用没有响应"), std::string::npos);

  App nonsense([](Client& app) {
    app.read_until("\r\n\r\n");
    app.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  });
  snapshot.entrances["notes"].upstream = nonsense.address();
  publish();
  auto later = connect();
  EXPECT_EQ(later.get("/", kHost).status, 502);
}

TEST_F(EntranceTest, PassesEarlyHintsOnAndKeepsContinueToItself) {
  App app([](Client& client) {
    client.read_request();
    client.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  open(app.address());
  auto client = connect();
  client.send(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "ok");
}

TEST_F(EntranceTest, CutsTheClientOffWhenTheAppBreaksOffInTheMiddle) {
  App app([](Client& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  open(app.address());
  auto client = connect();
  const auto answer = client.get("/", kHost);
  EXPECT_EQ(answer.body, "only this");
}

TEST_F(EntranceTest, IsAtEveryDomainOfTheBox) {
  App app(mirror);
  snapshot.domains.push_back("home.example.org");
  open(app.address(), Access::Private);
  auto client = connect();
  constexpr std::string_view kOther = "notes.home.example.org";
  EXPECT_EQ(client.get("/", kOther, "Cookie: hearth_entrance=token\r\n").status, 200);
  const auto page = client.get("/x", "Notes.Home.example.org:8080", "Accept: text/html\r\n");
  EXPECT_TRUE(page.field("Location").starts_with("http://home.example.org:8080/enter?entrance=notes&return=%2Fx&state=")) << page.head;
  EXPECT_EQ(client.ask(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nCookie: hearth_entrance=token\r\nContent-Length: 0\r\n"
                                   "Origin: http://evil.home.example.org\r\n\r\n", kOther)).status, 403);
  EXPECT_EQ(client.get("/", "missing.home.example.org").status, 404);
  EXPECT_EQ(client.get("/", "notes.example.org").status, 421);
}

TEST_F(EntranceTest, NeverLeadsBackToTheBox) {
  TemporaryFolder folder;
  unix_socket = (folder.path() / "box.socket").string();
  open("unix:" + unix_socket);
  const auto port = gateway->http_port();
  const auto link = folder.path() / "link";
  std::filesystem::create_symlink(unix_socket, link);
  std::filesystem::create_hard_link(unix_socket, folder.path() / "other");
  for (const auto& upstream : {"unix:" + unix_socket, "unix:" + link.string(), fmt::format("unix:{}/other", folder.path().string()),
                               fmt::format("unix:{}/./box.socket", folder.path().string()), fmt::format("127.0.0.1:{}", port),
                               fmt::format("localhost:{}", port), fmt::format("0.0.0.0:{}", port),
                               fmt::format("[::ffff:127.0.0.1]:{}", port)}) {
    EXPECT_TRUE(gateway->listens_at(upstream)) << upstream;
    snapshot.entrances["notes"].upstream = upstream;
    publish();
    auto client = connect();
    EXPECT_EQ(client.get("/.hearth/x", kHost).status, 200);  // the new table is there
    EXPECT_EQ(client.get("/api/whoami", kHost).status, 502) << upstream;
  }
  for (const auto& upstream : {fmt::format("127.0.0.1:{}", port - 1), fmt::format("127.0.0.2:{}", port),
                               fmt::format("192.0.2.1:{}", port), fmt::format("unix:{}/none", folder.path().string())}) {
    EXPECT_FALSE(gateway->listens_at(upstream)) << upstream;
  }

  // A path that becomes a link to the box's socket when the entrance stands already.
  std::filesystem::remove(link);
  snapshot.entrances["notes"].upstream = "unix:" + link.string();
  publish();
  std::filesystem::create_symlink(unix_socket, link);
  auto client = connect();
  EXPECT_EQ(client.get("/.hearth/x", kHost).status, 200);
  EXPECT_EQ(client.get("/api/whoami", kHost).status, 502);
}

TEST_F(EntranceTest, ReachesAppsOverUnixSockets) {
  TemporaryFolder folder;
  const auto path = (folder.path() / "app.socket").string();
  open("unix:" + path);
  auto client = connect();
  EXPECT_EQ(client.get("/", kHost).status, 502);  // nobody listens yet
  App app(mirror, path);
  const auto answer = client.get("/over/unix", kHost);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body.starts_with("GET /over/unix HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace hearth::gateway
