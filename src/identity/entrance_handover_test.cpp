#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "identity/testing.h"

namespace hearth::identity {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

// An exchange without a network: keeps the answer.
class KeptExchange final : public gateway::Exchange {
 public:
  explicit KeptExchange(gateway::Request request) : request_(std::move(request)) {}
  const gateway::Request& request() const override { return request_; }
  Task<Result<std::string>> read() override { co_return std::string(); }
  Task<Result<>> respond(gateway::Response response) override {
    answer = std::move(response);
    co_return Result<>();
  }
  Task<Result<>> respond_file(gateway::Response, gateway::FileSlice) override { co_return Result<>(); }
  Task<Result<>> begin(gateway::Response) override { co_return Result<>(); }
  Task<Result<>> write(std::string) override { co_return Result<>(); }
  Task<Result<>> end() override { co_return Result<>(); }
  void set_endless() override {}
  Task<> disconnected() override { co_return; }
  Task<Result<std::unique_ptr<gateway::WebSocket>>> upgrade() override {
    co_return fail(Code::InvalidInput, "No WebSocket here.");
  }
  std::optional<gateway::Response> answer;

 private:
  gateway::Request request_;
};

const std::string kState = "0123456789abcdef0123";
const std::string kStateCookie = "hearth_state_01234567=" + kState;

class HandOver : public IdentityTest {
 protected:
  HandOver() { EXPECT_TRUE(set_up(owner, identity->setup_code()).has_value()); }

  static gateway::Request request(std::string host, std::string path, std::string query, std::string cookies) {
    gateway::Request made;
    made.method = "GET";
    made.path = std::move(path);
    made.query = std::move(query);
    made.host = host;
    made.port = 8443;
    made.headers = {{"Host", host + ":8443"}, {"Cookie", std::move(cookies)}};
    made.peer = {"192.168.1.20", std::nullopt, true};
    return made;
  }
  gateway::Response at_box(std::string query, std::string session, std::string host = "hearth.localhost") {
    KeptExchange exchange(request(std::move(host), "/enter", std::move(query), "hearth_session=" + session));
    answer(identity->handle_enter(exchange));
    return *exchange.answer;
  }
  gateway::Response at_entrance(std::string entrance, std::string path, std::string query, std::string cookies,
                                std::string site = "same-origin", gateway::Headers more = {}) {
    auto made = request(entrance + ".hearth.localhost", std::move(path), std::move(query), std::move(cookies));
    made.entrance = std::move(entrance);
    if (!site.empty()) made.headers.set("Sec-Fetch-Site", site);
    for (const auto& field : more.fields()) made.headers.set(field.name, field.value);
    KeptExchange exchange(std::move(made));
    answer(identity->handle_entrance(exchange));
    return *exchange.answer;
  }
  void answer(Task<> task) {
    bool done = false;
    boost::asio::co_spawn(*context, std::move(task), [&](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
      done = true;
    });
    while (!done) context->run_one();
  }
  static std::string location(const gateway::Response& response) {
    return std::string(response.headers.find("Location").value_or(""));
  }
  static std::string query_of(const std::string& url) { return url.substr(url.find('?') + 1); }
  static std::string cookie(const gateway::Response& response, std::string name) {
    for (const auto& field : response.headers.fields()) {
      if (field.name == "Set-Cookie" && field.value.starts_with(name + "=")) return field.value;
    }
    return "";
  }
  static std::string value_of(const std::string& set_cookie) {
    return set_cookie.substr(set_cookie.find('=') + 1, set_cookie.find(';') - set_cookie.find('=') - 1);
  }

  std::string wish(std::string entrance = "notes", std::string back = "/a%3Fb%3D1") const {
    return "entrance=" + entrance + "&return=" + back + "&state=" + kState;
  }
  // A code for "notes", still unused: the query that the entrance is asked with.
  std::string code_for(const Browser& browser) { return query_of(location(at_box(wish(), browser.cookie))); }
  std::string enter(const Browser& browser) {
    const auto done = at_entrance("notes", "/.hearth/enter", code_for(browser), kStateCookie);
    EXPECT_EQ(done.status, 302);
    return value_of(cookie(done, "hearth_entrance"));
  }
  bool passes(const std::string& token) {
    const auto sessions = identity->entrance_sessions();
    const auto found = sessions.find(sha256(token));
    return found != sessions.end() && found->second.expires > clock.now();
  }

  Browser owner;
};

TEST_F(HandOver, GivesTheEntranceACookieOfItsOwn) {
  const auto sent = at_box(wish(), owner.cookie);
  EXPECT_EQ(sent.status, 302);
  EXPECT_THAT(location(sent), StartsWith("https://notes.hearth.localhost:8443/.hearth/enter?code="));
  EXPECT_THAT(location(sent), HasSubstr("&state=" + kState));
  EXPECT_EQ(location(sent).find(owner.cookie), std::string::npos);
  EXPECT_EQ(sent.headers.find("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(sent.headers.find("Cache-Control"), "no-store");

  entrance_changes = 0;
  const auto entered = at_entrance("notes", "/.hearth/enter", query_of(location(sent)), kStateCookie);
  EXPECT_EQ(entered.status, 302);
  EXPECT_EQ(location(entered), "/a?b=1");
  const auto given = cookie(entered, "hearth_entrance");
  EXPECT_THAT(given, HasSubstr("; Path=/; HttpOnly; SameSite=Lax; Max-Age="));
  EXPECT_THAT(given, HasSubstr("; Secure"));
  EXPECT_EQ(given.find("Domain"), std::string::npos);
  EXPECT_THAT(cookie(entered, "hearth_state_01234567"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(entrance_changes, 1);

  const auto token = value_of(given);
  EXPECT_NE(token, owner.cookie);
  const auto sessions = identity->entrance_sessions();
  ASSERT_TRUE(sessions.contains(sha256(token)));
  const auto& session = sessions.at(sha256(token));
  EXPECT_EQ(session.entrance, "notes");
  EXPECT_EQ(session.name, "梅");
  EXPECT_EQ(session.role, "owner");
  EXPECT_FALSE(session.two_factor);
  EXPECT_TRUE(run(identity->update_profile(owner.call(*identity), {"阿梅", {}})).has_value());
  EXPECT_EQ(entrance_changes, 2);
  EXPECT_EQ(identity->entrance_sessions().at(sha256(token)).name, "阿梅");
  // The app's cookie opens nothing at the desktop.
  EXPECT_FALSE(identity->authenticate_session(token).has_value());
  reopen();
  EXPECT_TRUE(passes(token));
}

TEST_F(HandOver, LooksPastCookiesThatAnAppPlanted) {
  const auto sent = at_box(wish(), "junk; hearth_session=" + owner.cookie);
  EXPECT_THAT(location(sent), StartsWith("https://notes.hearth.localhost:8443/.hearth/enter?code="));
  const auto entered = at_entrance("notes", "/.hearth/enter", query_of(location(sent)), "hearth_state_01234567=planted; " + kStateCookie);
  EXPECT_EQ(entered.status, 302);
  const auto token = value_of(cookie(entered, "hearth_entrance"));
  EXPECT_TRUE(passes(token));
  EXPECT_EQ(at_entrance("notes", "/.hearth/leave", "", "hearth_entrance=planted; hearth_entrance=" + token).status, 200);
  EXPECT_FALSE(passes(token));
}

TEST_F(HandOver, SendsAStrangerToTheDesktopsSignIn) {
  const auto sent = at_box(wish(), "");
  EXPECT_EQ(sent.status, 302);
  EXPECT_EQ(location(sent), "/?enter=notes&return=%2Fa%3Fb%3D1&state=" + kState);
  EXPECT_THAT(location(at_box(wish() + "&two_factor=1", "")), testing::EndsWith("&two_factor=1"));
}

TEST_F(HandOver, AsksForASecondFactorWhereTheEntranceDoes) {
  EXPECT_THAT(location(at_box(wish() + "&two_factor=1", owner.cookie)), StartsWith("/?enter=notes"));
}

TEST_F(HandOver, ACodeWorksOnceForAMinuteAtItsEntranceInItsBrowser) {
  const auto used = code_for(owner);
  const auto state = kStateCookie;
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", used, state).status, 302);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", used, state).status, 400);

  const auto late = code_for(owner);
  clock.advance(seconds(60));
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", late, state).status, 400);

  EXPECT_EQ(at_entrance("photos", "/.hearth/enter", code_for(owner), state).status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", code_for(owner), "hearth_state_01234567=another0another0").status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", code_for(owner), "").status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", "code=AAAA&return=/&state=" + kState, state).status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", "return=/&state=" + kState, state).status, 400);
  // The state of a code is its own, also when an attacker matches cookie and query.
  auto swapped = code_for(owner);
  swapped.replace(swapped.find(kState), kState.size(), "another0another0another0");
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", swapped, "hearth_state_another0=another0another0another0").status, 400);
}

TEST_F(HandOver, ACodeTriedAtTheWrongPlaceIsSpent) {
  const auto code = code_for(owner);
  EXPECT_EQ(at_entrance("photos", "/.hearth/enter", code, kStateCookie).status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", code, kStateCookie).status, 400);
}

TEST_F(HandOver, LeadsOnlyToPathsOfTheSameHost) {
  for (const auto* wanted : {"//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/%09/evil.example",
                             "/%0d%0aSet-Cookie:x=y", "%2F%2Fevil.example", "%5Cevil", "javascript:alert(1)", "", "/a%20b",
                             "/%5C/evil"}) {
    const auto sent = at_box(wish("notes", wanted), owner.cookie);
    const auto entered = at_entrance("notes", "/.hearth/enter", query_of(location(sent)), kStateCookie);
    EXPECT_EQ(location(entered), "/") << wanted;
    // Straight at the entrance, past the box's own check.
    const auto code = query_of(location(at_box(wish(), owner.cookie)));
    const auto straight = code.substr(0, code.find("&return=")) + "&return=" + wanted + "&state=" + kState;
    EXPECT_EQ(location(at_entrance("notes", "/.hearth/enter", straight, kStateCookie)), "/") << wanted;
  }
}

TEST_F(HandOver, RefusesOddWishes) {
  for (const auto* entrance : {"", "a.b", "-a", "a-", "A", "evil.example%2F", "a%2Fb", "%40evil", "a%00"}) {
    EXPECT_EQ(at_box(wish(entrance), owner.cookie).status, 400) << entrance;
  }
  EXPECT_EQ(at_box("entrance=notes&return=/&state=short", owner.cookie).status, 400);
  EXPECT_EQ(at_box(wish(), owner.cookie, "127.0.0.1").status, 400);
  EXPECT_EQ(at_entrance("notes", "/.hearth/other", "", "").status, 404);
}

TEST_F(HandOver, EndsWithTheDesktopsSession) {
  const auto signed_out = enter(owner);
  ASSERT_TRUE(passes(signed_out));
  entrance_changes = 0;
  ASSERT_TRUE(run(identity->sign_out(owner.call(*identity))).has_value());
  EXPECT_FALSE(passes(signed_out));
  EXPECT_EQ(entrance_changes, 1);
  reopen();
  EXPECT_FALSE(passes(signed_out));

  ASSERT_TRUE(sign_in(owner).has_value());
  const auto revoked = enter(owner);
  Browser phone;
  ASSERT_TRUE(sign_in(phone).has_value());
  for (const auto& device : run(identity->devices(phone.call(*identity)))->devices) {
    if (!device.current) ASSERT_TRUE(run(identity->revoke_device(phone.call(*identity), {device.id})).has_value());
  }
  EXPECT_FALSE(passes(revoked));
}

TEST_F(HandOver, ACodeOfAnEndedSessionIsWorthNothing) {
  const auto code = code_for(owner);
  ASSERT_TRUE(run(identity->sign_out(owner.call(*identity))).has_value());
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", code, kStateCookie).status, 400);
}

TEST_F(HandOver, LeavingEndsTheEntranceAndNothingElse) {
  const auto token = enter(owner);
  EXPECT_EQ(at_entrance("notes", "/.hearth/leave", "", "hearth_entrance=" + token, "cross-site").status, 403);
  EXPECT_TRUE(passes(token));
  const auto left = at_entrance("notes", "/.hearth/leave", "", "hearth_entrance=" + token);
  EXPECT_EQ(left.status, 200);
  EXPECT_THAT(cookie(left, "hearth_entrance"), HasSubstr("Max-Age=0"));
  EXPECT_FALSE(passes(token));
  EXPECT_TRUE(signed_in(owner));
  reopen();
  EXPECT_FALSE(passes(token));
}

TEST_F(HandOver, OnlyTheAppAndItsVisitorLeave) {
  const auto token = enter(owner);
  const auto leave = [&](std::string site, gateway::Headers more = {}) {
    return at_entrance("notes", "/.hearth/leave", "", "hearth_entrance=" + token, std::move(site), std::move(more)).status;
  };
  const gateway::Headers moved = {{"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}};
  EXPECT_EQ(leave("same-site", {{"Sec-Fetch-Mode", "no-cors"}, {"Sec-Fetch-Dest", "image"}}), 403);  // a picture in another app
  EXPECT_EQ(leave("same-site"), 403);
  EXPECT_EQ(leave("same-site", moved), 403);  // another app's script went there
  EXPECT_EQ(leave("same-site", {{"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "iframe"}, {"Sec-Fetch-User", "?1"}}), 403);
  EXPECT_EQ(leave("cross-site", {{"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}, {"Sec-Fetch-User", "?1"}}), 403);
  EXPECT_EQ(leave("", {{"Origin", "https://evil.hearth.localhost:8443"}}), 403);
  EXPECT_EQ(leave("", {{"Referer", "https://evil.hearth.localhost:8443/x"}}), 403);
  EXPECT_TRUE(passes(token));
  EXPECT_EQ(leave("same-site", {{"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}, {"Sec-Fetch-User", "?1"}}), 200);
  EXPECT_FALSE(passes(token));
  EXPECT_EQ(leave("none", moved), 200);
  EXPECT_EQ(leave("", {{"Referer", "https://notes.hearth.localhost:8443/x"}}), 200);
  EXPECT_EQ(leave(""), 200);
}

TEST_F(HandOver, TwoTabsEndWhereTheyWanted) {
  const std::string other = "another0another0another0";
  const auto query = [&](const std::string& state, std::string back) {
    return query_of(location(at_box("entrance=notes&return=" + back + "&state=" + state, owner.cookie)));
  };
  const auto first = query(kState, "/one");
  const auto second = query(other, "/two");
  const auto jar = "hearth_state_another0=" + other + "; " + kStateCookie;
  const auto one = at_entrance("notes", "/.hearth/enter", first, jar);
  EXPECT_EQ(location(one), "/one");
  EXPECT_THAT(cookie(one, "hearth_state_01234567"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(cookie(one, "hearth_state_another0"), "");
  const auto token = value_of(cookie(one, "hearth_entrance"));
  // The second tab comes with the first one's cookie, and leaves the session as it is.
  const auto two = at_entrance("notes", "/.hearth/enter", second, jar + "; hearth_entrance=" + token);
  EXPECT_EQ(location(two), "/two");
  EXPECT_EQ(cookie(two, "hearth_entrance"), "");
  EXPECT_TRUE(passes(token));
}

TEST_F(HandOver, LooksPastAnyNumberOfPlantedCookies) {
  std::string planted;
  for (int i = 0; i < 300; ++i) planted += "hearth_session=junk; ";
  EXPECT_THAT(location(at_box(wish(), "junk; " + planted + "hearth_session=" + owner.cookie)),
              StartsWith("https://notes.hearth.localhost:8443/.hearth/enter?code="));
}

TEST_F(HandOver, KeepsTheIdleLimit) {
  auto token = enter(owner);
  EXPECT_EQ(identity->entrance_sessions().at(sha256(token)).idle, hours(24 * 14));
  // Use at the desktop keeps the entrance's session alive, too.
  clock.advance(hours(24 * 13));
  EXPECT_TRUE(signed_in(owner));
  EXPECT_EQ(identity->entrance_sessions().at(sha256(token)).last_seen->load(), clock.now().time_since_epoch().count());
  // A code that was given in time is worth nothing once the session is idle too long.
  const auto code = code_for(owner);
  EXPECT_TRUE(run([](Identity& i) -> Task<bool> { co_return (co_await i.start()).has_value(); }(*identity)));
  run([](Identity& i) -> Task<int> {
    co_await i.stop();
    co_return 0;
  }(*identity));
  clock.advance(hours(24 * 14) + seconds(1));
  EXPECT_EQ(at_entrance("notes", "/.hearth/enter", code, kStateCookie).status, 400);
  // Nor does a restart bring it back, for the desktop or for the entrance.
  reopen();
  EXPECT_FALSE(signed_in(owner));
  EXPECT_TRUE(identity->entrance_sessions().empty());
}

TEST_F(HandOver, UseAtAnEntranceKeepsTheSessionAlive) {
  const auto token = enter(owner);
  clock.advance(hours(24 * 13));
  identity->entrance_sessions().at(sha256(token)).last_seen->store(clock.now().time_since_epoch().count());
  clock.advance(hours(24 * 13));
  EXPECT_TRUE(signed_in(owner));
}

TEST_F(HandOver, EnteringAgainReplacesTheEarlierCookie) {
  const auto first = enter(owner);
  const auto second = enter(owner);
  EXPECT_FALSE(passes(first));
  EXPECT_TRUE(passes(second));
  EXPECT_EQ(identity->entrance_sessions().size(), 1U);
}

}  // namespace
}  // namespace hearth::identity
