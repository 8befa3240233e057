#include "gateway/entrance_fixture.h"

// What passes between a client and an app, and what becomes of it when either misbehaves.
namespace hearth::gateway {
namespace {

using namespace test;

class ProxyTest : public EntranceTest {
 protected:
  // Opens an entrance to an app that reads a request and answers with these bytes.
  void answer_with(std::string bytes) {
    app.emplace([bytes = std::move(bytes)](Client& client) {
      client.read_request();
      client.send(bytes);
      client.read_to_end();
    });
    if (!gateway) return open(app->address());
    snapshot.entrances["notes"].upstream = app->address();
    publish();
  }
  std::optional<App> app;
};

TEST_F(ProxyTest, SendsTheEndOfABodyThatTheAppWasSlowToTake) {
  TemporaryFolder folder;
  const auto path = (folder.path() / "app.socket").string();
  std::atomic<int> came = 0;
  std::atomic<int> may_read = 0;
  App slow(
      [&](Client& client) {
        const int mine = ++came;
        for (int now = may_read; now < mine; now = may_read) may_read.wait(now);
        const auto request = client.read_until("\r\n0\r\n\r\n");
        if (request.ends_with("\r\n0\r\n\r\n")) client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
      },
      path);
  open("unix:" + path);
  auto other = connect();
  // A unix socket takes so many packets: with one of these numbers of chunks it is full when nothing but the end is left to go.
  for (int round = 1; round <= 60; ++round) {
    auto client = connect();
    client.send(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n", kHost));
    for (int chunk = 0; chunk < 60 + round; ++chunk) {
      client.send(fmt::format("400\r\n{}\r\n", std::string(1024, 'a')));
      ASSERT_EQ(other.get("/.hearth/x", kHost).status, 200);  // the gateway has passed it on
    }
    client.send("0\r\n\r\n");
    ASSERT_EQ(other.get("/.hearth/x", kHost).status, 200);
    may_read = round;
    may_read.notify_all();
    ASSERT_EQ(client.read_answer().status, 200) << 60 + round;
  }
}

TEST_F(ProxyTest, SaysWhatWentWrongWithTheApp) {
  open("127.0.0.1:1");
  const auto expect = [&](int status, std::string_view english, std::string_view chinese) {
    SCOPED_TRACE(english);
    auto client = connect();
    const auto program = client.get("/", kHost);
    EXPECT_EQ(program.status, status);
    EXPECT_EQ(program.body, fmt::format(R"({{"error":{{"code":"unavailable","message":"{}"}}}})", english));
    auto in_chinese = connect();
    const auto answer = in_chinese.get("/", kHost, "Accept-Language: zh-CN,zh;q=0.9\r\n");
    EXPECT_EQ(answer.body, fmt::format(R"({{"error":{{"code":"unavailable","message":"{}"}}}})", chinese));
    auto browser = connect();
    const auto page = browser.get("/", kHost, "Accept: text/html\r\n");
    EXPECT_EQ(page.status, status);
    EXPECT_EQ(page.field("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(page.body.find(english), std::string::npos);
    EXPECT_NE(page.body.find(chinese), std::string::npos);
  };
  expect(502, "The app cannot be reached: nothing answers where it should listen.", "无法连接到应用：它应监听的地址没有回应。");
  answer_with("SSH-2.0-OpenSSH_9.2\r\n");
  expect(502, "The app answered with something that is not HTTP.", "应用的回答不是 HTTP。");
  answer_with("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
  expect(502, "The app answered with something that is not HTTP.", "应用的回答不是 HTTP。");
  answer_with("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
  expect(502, "The app answered with something that is not HTTP.", "应用的回答不是 HTTP。");
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok");
  expect(502, "The app's answer gives more than one length.", "应用的回答给出了多个互相矛盾的长度。");
  answer_with("HTTP/1.1 200 OK\r\nX: " + std::string(80'000, 'x') + "\r\n\r\n");
  expect(502, "The head of the app's answer is too long (64 KiB at most).", "应用回答的头部过长（最多 64 KiB）。");
  app.emplace([](Client& client) { client.read_request(); });
  snapshot.entrances["notes"].upstream = app->address();
  publish();
  expect(502, "The app closed the connection before it answered.", "应用还没有回答就关闭了连接。");
}

TEST_F(ProxyTest, PassesOnWhatAnAppSaidBeforeItClosed) {
  TemporaryFolder folder;
  const auto path = (folder.path() / "app.socket").string();
  App early(
      [](Client& client) {
        client.read_until("\r\n\r\n");
        client.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
      },
      path);
  open("unix:" + path);
  const std::string body(1 << 20, 'b');
  for (int i = 0; i < 20; ++i) {
    auto client = connect();
    client.send(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n", kHost));
    std::thread sender([&] { client.send(body); });
    const auto answer = client.read_answer();
    sender.join();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.body, "big");
  }
}

TEST_F(ProxyTest, WaitsForAnAnswersBeginningOnlySoLong) {
  answer_seconds = 1;
  answer_with("HTTP/1.1 200 O");
  for (const auto* body : {"Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"}) {
    auto client = connect();
    const auto answer = client.ask(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\n{}", kHost, body));
    EXPECT_EQ(answer.status, 504) << body;
    EXPECT_NE(answer.body.find("The app has the request, but did not begin to answer in time."), std::string::npos) << answer.body;
  }
}

TEST_F(ProxyTest, WaitsForAnAppThatHasBegunAsLongAsItTakes) {
  answer_seconds = 1;
  app.emplace([](Client& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    client.send("ok");
  });
  open(app->address());
  auto client = connect();
  EXPECT_EQ(client.get("/", kHost).body, "ok");
}

TEST_F(ProxyTest, KeepsAStreamOpenWhoseRequestIsStillOpenToo) {
  progress_seconds = 1;
  app.emplace([](Client& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n");
    EXPECT_EQ(client.read_until("later\r\n"), "2\r\n{}\r\n5\r\nlater\r\n");
    client.send("0\r\n\r\n");
  });
  open(app->address());
  auto client = connect();
  client.send(fmt::format("POST / HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n", kHost));
  EXPECT_NE(client.read_until("hi\r\n").find("200 OK"), std::string::npos);
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  client.send("5\r\nlater\r\n");
  EXPECT_EQ(client.read_until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(ProxyTest, LetsAReaderPause) {
  progress_seconds = 1;
  static constexpr std::size_t kSize = 32 << 20;
  app.emplace([](Client& client) {
    client.read_request();
    const timeval limit{60, 0};
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    client.send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kSize));
    client.send(std::string(kSize, 'x'));
  });
  open(app->address());
  auto client = connect();
  client.send(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  client.read_until("\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // longer than a request's body may pause
  EXPECT_EQ(client.read_exactly(kSize).size(), kSize);
}

TEST_F(ProxyTest, KeepsWhatWouldReachOtherHostsOutOfHeads) {
  const std::string fields = "Clear-Site-Data: \"cookies\", \"storage\"\r\nclear-site-data: \"*\"\r\nSet-Cookie: hearth_session=evil\r\n"
                             "Set-Cookie: a=1; Domain=hearth.localhost\r\nX-Kept: 1\r\n";
  answer_with("HTTP/1.1 103 Early Hints\r\n" + fields + "Content-Length: 7\r\n\r\n" + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + "\r\nok");
  auto client = connect();
  client.send(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", kHost));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 103 Early Hints\r\nX-Kept: 1\r\n\r\n");
  const auto final_head = client.read_until("\r\n\r\n");
  answer_with("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + fields + "\r\n");
  auto socket = connect();
  socket.send(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", kHost));
  const auto tunnel = socket.read_until("\r\n\r\n");
  for (const auto& head : {final_head, tunnel}) {
    EXPECT_EQ(head.find("lear-"), std::string::npos) << head;
    EXPECT_EQ(head.find("evil"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nSet-Cookie: a=1\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nX-Kept: 1\r\n"), std::string::npos) << head;
  }
}

TEST_F(ProxyTest, SaysALengthOnceAndOnlyWhereOneMayStand) {
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");
  auto client = connect();
  const auto twice = client.get("/", kHost);
  EXPECT_EQ(twice.body, "ok");
  EXPECT_EQ(twice.head.find("Content-Length"), twice.head.rfind("Content-Length"));
  for (const auto* status : {"204 No Content", "304 Not Modified"}) {
    answer_with(fmt::format("HTTP/1.1 {}\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\n", status));
    auto other = connect();
    const auto answer = other.get("/", kHost);
    EXPECT_EQ(answer.field("ETag"), "\"a\"");
    EXPECT_EQ(answer.field("Content-Length"), "") << status;
  }
  answer_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  auto asking = connect();
  EXPECT_EQ(asking.ask(fmt::format("HEAD / HTTP/1.1\r\nHost: {}\r\n\r\n", kHost)).field("Content-Length"), "5");
}

TEST_F(ProxyTest, EndsStreamsThatANewPolicyForbids) {
  app.emplace([](Client& client) {
    client.read_until("\r\n\r\n");
    client.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    client.read_to_end();
  });
  open(app->address(), Access::Public, {{"/vault", Access::Private}});
  auto& notes = snapshot.entrances["notes"];
  const auto begin = [&](std::string_view path, std::string_view fields, std::string_view host = kHost) {
    auto client = connect();
    client.send(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{}\r\n", path, host, fields));
    EXPECT_NE(client.read_until("\r\n\r\n").find(" 101 "), std::string::npos);
    return client;
  };
  // Whether it is still open once the new table is there.
  const auto open_after = [&](Client& client) {
    publish();
    auto other = connect();
    EXPECT_NE(other.get("/.hearth/x", "other.hearth.localhost").status, 0);
    char byte;
    return ::recv(client.descriptor(), &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
  };
  auto stranger = begin("/a", "");
  auto weak = begin("/vault/x", "Cookie: hearth_entrance=token\r\n");
  auto strong = begin("/vault/x", "Cookie: hearth_entrance=strong\r\n");
  EXPECT_TRUE(open_after(stranger));
  notes.rules = {{"/vault", Access::TwoFactor}};
  EXPECT_FALSE(open_after(weak));
  EXPECT_TRUE(open_after(strong));
  EXPECT_TRUE(open_after(stranger));
  notes.access = Access::Private;
  EXPECT_FALSE(open_after(stranger));
  EXPECT_TRUE(open_after(strong));
  auto kept = notes;
  snapshot.entrances.erase("notes");
  EXPECT_FALSE(open_after(strong));

  // A domain that is taken away.
  kept.access = Access::Public;
  snapshot.entrances["notes"] = kept;
  snapshot.domains.push_back("home.example.org");
  publish();
  auto elsewhere = begin("/a", "", "notes.home.example.org");
  EXPECT_TRUE(open_after(elsewhere));
  snapshot.domains.pop_back();
  EXPECT_FALSE(open_after(elsewhere));
}

}  // namespace
}  // namespace hearth::gateway
