#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include "base/bytes.h"
#include "files/attempts.h"
#include "files/files_fixture.h"
#include "files/share_page.h"

namespace hearth::files {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ShareTest : public FilesTest {
 protected:
  // Visits as nobody.
  Task<> visit(FakeExchange& exchange) { return files->serve(exchange, kernel::Principal::anyone(), {}); }
  Task<int> get(std::string target, std::string cookie = "") {
    FakeExchange exchange("GET", target, {{"Cookie", cookie}, {"Accept-Language", language}});
    co_await visit(exchange);
    body = exchange.answer.body;
    set_cookie = exchange.header("Set-Cookie");
    co_return exchange.answer.status;
  }
  std::string cookie() const { return set_cookie.substr(0, set_cookie.find(';')); }
  Task<int> give_password(std::string target, std::string password) {
    FakeExchange exchange("POST", target, {{"Accept-Language", language}});
    exchange.with_body("password=" + percent_encode(password));
    co_await visit(exchange);
    body = exchange.answer.body;
    set_cookie = exchange.header("Set-Cookie");
    co_return exchange.answer.status;
  }

  std::string body;
  std::string set_cookie;
  std::string language = "en";
};

TEST_F(ShareTest, ShowsAndSendsOneFileAndNothingElse) {
  put("docs/a <b>.txt", "hello");
  put("docs/secret.txt", "secret");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/docs/a <b>.txt"});
    EXPECT_EQ(co_await get(share->address), 200);
    EXPECT_THAT(body, HasSubstr("a &lt;b&gt;.txt"));
    EXPECT_THAT(body, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("Download"), Not(HasSubstr("下载"))));
    language = "zh-CN";
    EXPECT_EQ(co_await get(share->address), 200);
    EXPECT_THAT(body, AllOf(HasSubstr("<html lang=\"zh-CN\">"), HasSubstr("下载"), Not(HasSubstr("Download"))));
    EXPECT_THAT(body, Not(HasSubstr("<script")));
    EXPECT_EQ(co_await get(share->address + "?download=1"), 200);
    EXPECT_EQ(body, "hello");
    for (const auto* below : {"/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"}) {
      EXPECT_EQ(co_await get(share->address + below + std::string("?download=1")), 404) << below;
    }
    EXPECT_EQ(co_await get("/s/"), 404);
    EXPECT_EQ(co_await get("/s/AAAAAAAAAAAAAAAAAAAAAA"), 404);
    const auto bob = co_await files->unshare("bob", share->id);
    EXPECT_EQ(code_of(bob), "not_found");
    const auto ended = co_await files->unshare("ann", share->id);
    EXPECT_TRUE(ended.has_value());
    EXPECT_EQ(co_await get(share->address + "?download=1"), 404);
  });
}

TEST_F(ShareTest, ListsFoldersAndPacksThem) {
  put("album/一.txt", "1");
  put("album/sub/two.txt", "2");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/album"});
    EXPECT_EQ(co_await get(share->address), 200);
    EXPECT_THAT(body, HasSubstr("一.txt"));
    EXPECT_THAT(body, HasSubstr("sub/"));
    EXPECT_EQ(co_await get(share->address + "/sub/two.txt"), 200);
    EXPECT_EQ(body, "2");
    FakeExchange zip("GET", share->address + "?zip=1");
    co_await visit(zip);
    EXPECT_TRUE(zip.ended);
    EXPECT_EQ(zip.header("Content-Disposition"), "attachment; filename=\"album.zip\"");
    EXPECT_THAT(zip.answer.body, HasSubstr("album/sub/two.txt"));
  });
}

TEST_F(ShareTest, OneUseIsOneVisitorWhoDownloads) {
  put("a.txt", "0123456789");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/a.txt", .uses = 1});
    EXPECT_EQ(co_await get(share->address), 200) << "looking costs nothing";
    EXPECT_EQ(co_await get(share->address + "?download=1"), 200);
    const auto mine = cookie();
    EXPECT_THAT(set_cookie, HasSubstr("HttpOnly"));
    EXPECT_EQ(co_await get(share->address + "?download=1"), 410) << "another visitor";
    EXPECT_EQ(co_await get(share->address), 410);
    EXPECT_EQ(co_await get(share->address + "?download=1", mine), 200) << "the same one goes on";
    EXPECT_EQ(co_await get(share->address + "?download=1", mine + "x"), 410) << "a forged cookie";
    const auto shares = co_await files->shares("ann");
    EXPECT_EQ(shares->shares.front().uses_left, 0);
    EXPECT_EQ(shares->shares.front().used, 1);
    EXPECT_THAT(recorded, testing::Contains("files.share_download files:/a.txt ok"));
    clock.advance(std::chrono::hours(13));
    EXPECT_EQ(co_await get(share->address + "?download=1", mine), 410) << "for half a day";
  });
}

TEST_F(ShareTest, OfTwoAtOnceOneGetsTheLastUse) {
  put("a.txt", "x");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/a.txt", .uses = 3});
    std::vector<std::unique_ptr<FakeExchange>> visitors;
    const auto executor = co_await boost::asio::this_coro::executor;
    TaskGroup group(executor);
    for (int i = 0; i < 10; ++i) {
      visitors.push_back(std::make_unique<FakeExchange>("GET", share->address + "?download=1"));
      group.spawn("visit", visit(*visitors.back()));
    }
    while (group.size() > 0) co_await boost::asio::post(executor, boost::asio::use_awaitable);
    EXPECT_EQ(std::ranges::count_if(visitors, [](const auto& v) { return v->answer.status == 200; }), 3);
  });
}

TEST_F(ShareTest, Expires) {
  put("a.txt", "x");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/a.txt", .expires = clock.now() + std::chrono::hours(1)});
    EXPECT_EQ(co_await get(share->address), 200);
    clock.advance(std::chrono::hours(1));
    EXPECT_EQ(co_await get(share->address), 410);
    const auto past = co_await files->share("ann", {.path = "/a.txt", .expires = clock.now()});
    EXPECT_EQ(code_of(past), "invalid_input");
  });
}

TEST_F(ShareTest, AsksForThePasswordAndSlowsGuessing) {
  put("a.txt", "x");
  with_files([&]() -> Task<> {
    const auto share = co_await files->share("ann", {.path = "/a.txt", .password = "暗号 1"});
    EXPECT_EQ(co_await get(share->address + "?download=1"), 200);
    EXPECT_THAT(body, HasSubstr("type=\"password\""));
    EXPECT_EQ(co_await give_password(share->address, "wrong"), 403);
    EXPECT_EQ(co_await give_password(share->address, "暗号 1"), 303);
    EXPECT_EQ(co_await get(share->address + "?download=1", cookie()), 200);
    EXPECT_EQ(body, "x");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(co_await give_password(share->address, "wrong"), 403);
    EXPECT_EQ(co_await give_password(share->address, "暗号 1"), 429) << "even the right one has to wait";
    EXPECT_THAT(body, HasSubstr("Too many tries"));
    clock.advance(std::chrono::seconds(2));
    EXPECT_EQ(co_await give_password(share->address, "暗号 1"), 303);
    FakeExchange form("POST", share->address);
    form.with_body(std::string(100'000, 'x'));
    co_await visit(form);
    EXPECT_EQ(form.answer.status, 413);
  });
}

TEST(Attempts, SlowsALinkThatIsGuessedAtFromEverywhere) {
  ManualClock clock;
  Attempts attempts(clock);
  for (int i = 0; i < 100; ++i) attempts.failed("token", fmt::format("192.0.2.{}", i));
  EXPECT_GT(attempts.wait("token", "198.51.100.1"), Duration::zero());
  EXPECT_EQ(attempts.wait("other", "198.51.100.1"), Duration::zero());
  for (int i = 0; i < 100; ++i) attempts.failed("token", "192.0.2.1");
  EXPECT_EQ(attempts.wait("token", "192.0.2.1"), std::chrono::minutes(15));
}

TEST(SharePage, ShowsSizes) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(999), "999 B");
  EXPECT_EQ(human_size(1500), "1.5 kB");
  EXPECT_EQ(human_size(2'147'483'648), "2.1 GB");
}

}  // namespace
}  // namespace hearth::files
