#include "gateway/entrance_fixture.h"

// Who is let through, and who is not.
namespace hearth::gateway {
namespace {

using namespace test;

class GateTest : public EntranceTest {
 protected:
  int ask(std::string_view method, std::string_view fields, std::string_view path = "/") {
    auto client = connect();
    return client.ask(fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", method, path, kHost, fields)).status;
  }
};

TEST_F(GateTest, RefusesChangesFromAnyPageButTheAppsOwn) {
  App app(mirror);
  open(app.address(), Access::Private, {{"/public", Access::Public}});
  const std::string cookie = "Cookie: hearth_entrance=token\r\n";
  const std::string post = cookie + "Content-Length: 0\r\n";
  struct Case {
    const char* fields;
    int status;
  };
  for (const auto& [fields, status] : std::initializer_list<Case>{
           {"", 200},  // a program
           {"Origin: http://notes.hearth.localhost\r\n", 200},
           {"Origin: http://notes.hearth.localhost\r\nSec-Fetch-Site: same-origin\r\n", 200},
           {"Sec-Fetch-Site: none\r\n", 200},
           {"Origin: null\r\nSec-Fetch-Site: same-origin\r\n", 200},  // the app's own page without referrers
           {"Origin: null\r\nSec-Fetch-Site: none\r\n", 200},
           {"Origin: chrome-extension://abcdef\r\n", 200},
           {"Origin: null\r\n", 403},
           {"Origin: null\r\nSec-Fetch-Site: same-site\r\n", 403},
           {"Sec-Fetch-Site: same-site\r\n", 403},
           {"Sec-Fetch-Site: cross-site\r\n", 403},
           {"Origin: http://notes.hearth.localhost\r\nSec-Fetch-Site: same-site\r\n", 403},  // another port
           {"Origin: http://evil.hearth.localhost\r\n", 403},
           {"Origin: http://evil.hearth.localhost\r\nSec-Fetch-Site: same-origin\r\n", 403},
           {"Origin: https://evil.example\r\n", 403},
           {"Origin: http://[\r\n", 403}}) {
    EXPECT_EQ(ask("POST", post + fields), status) << fields;
    EXPECT_EQ(ask("DELETE", cookie + fields), status) << fields;
    EXPECT_EQ(ask("GET", cookie + fields), 200) << fields;
    EXPECT_EQ(ask("POST", std::string("Content-Length: 0\r\n") + fields, "/public"), 200) << fields;  // no cookie
  }
}

TEST_F(GateTest, JudgesAWebSocketByItsOrigin) {
  App app(mirror);
  open(app.address(), Access::Private);
  const auto upgrade = [&](std::string_view fields) {
    return ask("GET", fmt::format("Cookie: hearth_entrance=token\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{}", fields));
  };
  EXPECT_EQ(upgrade(""), 200);
  EXPECT_EQ(upgrade("Origin: http://notes.hearth.localhost\r\n"), 200);
  // Not every browser takes "ws:" and "http:" of one host for one origin.
  EXPECT_EQ(upgrade("Origin: http://notes.hearth.localhost\r\nSec-Fetch-Site: cross-site\r\n"), 200);
  EXPECT_EQ(upgrade("Origin: http://evil.hearth.localhost\r\n"), 403);
  EXPECT_EQ(upgrade("Origin: https://evil.example\r\n"), 403);
  EXPECT_EQ(upgrade("Origin: null\r\n"), 403);
  EXPECT_EQ(upgrade("Sec-Fetch-Site: same-site\r\n"), 403);
}

TEST_F(GateTest, KeepsTheIdleLimit) {
  App app(mirror);
  open(app.address(), Access::Private);
  snapshot.sessions[sha256("token")].idle = std::chrono::hours(1);
  const auto cookie = "Cookie: hearth_entrance=token\r\n";
  const auto unused_for = [&](Duration time) {
    *seen = (SystemClock().now() - time).time_since_epoch().count();
    publish();
  };
  unused_for(std::chrono::minutes(59));
  EXPECT_EQ(ask("GET", cookie), 200);
  unused_for(std::chrono::minutes(61));
  const auto before = seen->load();
  EXPECT_EQ(ask("GET", cookie), 401);
  EXPECT_EQ(seen->load(), before);  // a use that was refused keeps nothing alive
}

TEST_F(GateTest, FindsItsCookieAmongAnyNumberOfPlantedOnes) {
  App app(mirror);
  open(app.address(), Access::Private);
  std::string planted;
  for (int i = 0; i < 500; ++i) planted += fmt::format("hearth_entrance=junk{}; ", i);
  EXPECT_EQ(ask("GET", "Cookie: " + planted + "hearth_entrance=token\r\n"), 200);
  EXPECT_EQ(ask("GET", "Cookie: " + planted + "\r\nCookie: hearth_entrance=token\r\n"), 200);
  EXPECT_EQ(ask("GET", "Cookie: " + planted + "\r\n"), 401);
}

TEST_F(GateTest, TakesNobodyForSignedInWhoseCookiesNameTwoPersons) {
  App app(mirror);
  open(app.address(), Access::Private);
  snapshot.sessions[sha256("strong")].person = "02other";
  publish();
  EXPECT_EQ(ask("GET", "Cookie: hearth_entrance=token\r\n"), 200);
  EXPECT_EQ(ask("GET", "Cookie: hearth_entrance=token; hearth_entrance=strong\r\n"), 401);
}

TEST_F(GateTest, TakesPlantedCookiesAwayBeforeTheSignIn) {
  App app(mirror);
  open(app.address(), Access::Private);
  auto client = connect();
  const auto clean = client.get("/a/b/c", kHost, "Accept: text/html\r\n");
  EXPECT_EQ(clean.head.find("Domain="), std::string::npos);
  const auto answer = client.get("/a/b/c", kHost, "Accept: text/html\r\nCookie: hearth_entrance=junk\r\n");
  EXPECT_EQ(answer.status, 302);
  for (const auto* path : {"/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c"}) {
    const auto line = fmt::format("\r\nSet-Cookie: hearth_entrance=; Domain=hearth.localhost; Path={}; HttpOnly; SameSite=Lax; Max-Age=0\r\n", path);
    EXPECT_NE(answer.head.find(line), std::string::npos) << path;
  }
}

TEST_F(GateTest, GivesEachHandOverACookieOfItsOwn) {
  App app(mirror);
  open(app.address(), Access::Private);
  auto client = connect();
  const auto state_of = [](const Client::Answer& answer) {
    const auto location = answer.field("Location");
    return location.substr(location.find("&state=") + 7, 22);
  };
  const auto first = client.get("/one", kHost, "Accept: text/html\r\n");
  const auto second = client.get("/two", kHost, "Accept: text/html\r\n");
  for (const auto& answer : {first, second}) {
    const auto state = state_of(answer);
    EXPECT_EQ(answer.field("Set-Cookie"),
              fmt::format("hearth_state_{}={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax", state.substr(0, 8), state));
  }
  EXPECT_NE(state_of(first), state_of(second));
  // Those that nobody came back with give way: a page that reloads itself does not fill the browser's jar.
  std::string many = "Cookie: ";
  for (int i = 0; i < 20; ++i) many += fmt::format("hearth_state_{:08}=x; ", i);
  const auto full = client.get("/three", kHost, "Accept: text/html\r\n" + many + "a=b\r\n");
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(full.head.find(fmt::format("\r\nSet-Cookie: hearth_state_{:08}=; Path=/; Max-Age=0", i)) != std::string::npos, i < 5) << i;
  }
}

}  // namespace
}  // namespace hearth::gateway
