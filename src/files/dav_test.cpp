#include "files/dav.h"

#include <gmock/gmock.h>

#include "base/testing.h"
#include "files/files_fixture.h"

namespace hearth::files {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DavXml, ReadsAndWritesWhatClientsSend) {
  const auto element = parse_xml(R"(<x:a xmlns:x="urn:x" x:k="1" xml:lang="zh" p="&lt;">text<b xmlns="DAV:">é</b> &amp; more</x:a>)");
  ASSERT_TRUE(element);
  const auto written = write_xml(*element);
  const auto again = parse_xml(written);
  ASSERT_TRUE(again) << written;
  EXPECT_EQ(again->name, (XmlName{"urn:x", "a"}));
  EXPECT_EQ(again->text(), "text & more");
  EXPECT_EQ(again->child("b")->text(), "é");
  EXPECT_EQ(again->attributes.size(), 3u);
  EXPECT_EQ(write_xml(*again), written) << "stable from then on";
}

TEST(DavXml, RefusesWhatIsDangerous) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  std::string many = "<a>";
  for (int i = 0; i < 30'000; ++i) many += "<b/>";
  const std::vector<std::string> bad = {
      "", "<a>", "<a></b>", "text", deep, many + "</a>",
      R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)",
      R"(<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>)",
      R"(<a xmlns:b=""><b:c/></a>)",
      "<a>&undefined;</a>",
      "<a>\xff</a>",
  };
  for (const auto& text : bad) {
    const auto parsed = parse_xml(text);
    EXPECT_FALSE(parsed) << text.substr(0, 80);
    if (!parsed) EXPECT_EQ(refusal(parsed), Code::InvalidInput);
  }
}

TEST(DavHeaders, ReadIf) {
  const auto lists = parse_if(R"( <http://h/dav/a> (<urn:uuid:1> Not <DAV:no-lock>) (["etag"]) </dav/b> (<urn:x>))");
  ASSERT_TRUE(lists);
  ASSERT_EQ(lists->size(), 3u);
  EXPECT_EQ((*lists)[0].resource, "http://h/dav/a");
  EXPECT_EQ((*lists)[0].conditions[0].value, "urn:uuid:1");
  EXPECT_TRUE((*lists)[0].conditions[1].negated);
  EXPECT_EQ((*lists)[1].resource, "http://h/dav/a") << "a tag holds until the next";
  EXPECT_EQ((*lists)[1].conditions[0].value, "\"etag\"");
  EXPECT_TRUE((*lists)[1].conditions[0].is_etag);
  EXPECT_EQ((*lists)[2].resource, "/dav/b");
  for (const auto* bad : {"", " ", "(", "()", "(<a>", "(<>)", "([])", "<a>", "<a> <b> (<c>)", "(Not)", "x", "(<a>) x", "([\"a\")"}) {
    EXPECT_FALSE(parse_if(bad)) << bad;
  }
}

TEST(DavHeaders, ReadTimeoutsAndDepths) {
  EXPECT_EQ(parse_timeout("Second-60"), std::chrono::seconds(60));
  EXPECT_EQ(parse_timeout("Infinite, Second-4100000000"), DavLocks::kLongestTimeout);
  EXPECT_EQ(parse_timeout("Second-99999999999999"), DavLocks::kLongestTimeout);
  EXPECT_EQ(parse_timeout("Extend, Second-5"), std::chrono::seconds(5));
  EXPECT_EQ(parse_timeout({}), std::chrono::hours(1));
  EXPECT_EQ(parse_depth("infinity", Depth::Zero).value_or(Depth::One), Depth::Infinity);
  EXPECT_FALSE(parse_depth("2", Depth::Zero));
}

TEST(DavHeaders, FindPaths) {
  const FakeExchange exchange("GET", "/dav/");
  const auto path = [&](std::string_view uri) { return dav_path(uri, exchange.request()); };
  EXPECT_EQ(path("/dav/a%20b/").value_or(""), "/a b");
  EXPECT_EQ(path("http://hearth.localhost:8080/dav/%E4%B8%AD").value_or(""), "/中");
  EXPECT_EQ(path("https://Hearth.localhost/dav").value_or(""), "/");
  for (const auto* bad : {"http://elsewhere/dav/a", "/files/a", "/davos", "/dav/../x", "/dav/%2e%2e", "/dav/a#b", "/dav/a?b",
                          "/dav/%zz", "/dav//a", "", "dav/a", "http://"}) {
    EXPECT_FALSE(path(bad)) << bad;
  }
}

class LockTest : public testing::Test {
 protected:
  DavLock wish(std::string path, bool infinite, bool exclusive) {
    return {"", "ann", std::move(path), infinite, exclusive, "", std::chrono::minutes(5), {}};
  }
  ManualClock clock;
  DavLocks locks{clock};
};

TEST_F(LockTest, MeetOnlyWhereTheyMust) {
  const auto folder = locks.lock(wish("/a", true, true));
  ASSERT_TRUE(folder);
  EXPECT_EQ(code_of(locks.lock(wish("/a/b", false, true))), "conflict");
  EXPECT_EQ(code_of(locks.lock(wish("/a/b", false, false))), "conflict");
  EXPECT_EQ(code_of(locks.lock(wish("/", true, true))), "conflict") << "an infinite lock needs all below it free";
  EXPECT_TRUE(locks.lock(wish("/", false, true)));
  EXPECT_TRUE(locks.lock(wish("/ab", false, true)));
  auto other = wish("/a", true, true);
  other.person = "bob";
  EXPECT_TRUE(locks.lock(other)) << "people have homes of their own";
  EXPECT_TRUE(locks.lock(wish("/s", false, false)));
  EXPECT_TRUE(locks.lock(wish("/s", false, false))) << "shared ones stand together";
  EXPECT_EQ(code_of(locks.lock(wish("/s", false, true))), "conflict");
}

TEST_F(LockTest, EndAndAreRefreshed) {
  const auto lock = *locks.lock(wish("/a", true, true));
  EXPECT_FALSE(locks.refresh("bob", "/a", lock.token, std::chrono::hours(1)));
  EXPECT_FALSE(locks.refresh("ann", "/b", lock.token, std::chrono::hours(1)));
  clock.advance(std::chrono::minutes(4));
  EXPECT_TRUE(locks.refresh("ann", "/a/b", lock.token, std::chrono::minutes(5)));
  clock.advance(std::chrono::minutes(4));
  EXPECT_EQ(locks.covering("ann", "/a/b").size(), 1u);
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(locks.covering("ann", "/a/b").empty());
  const auto again = *locks.lock(wish("/a", true, true));
  EXPECT_FALSE(locks.unlock("bob", "/a", again.token));
  EXPECT_TRUE(locks.unlock("ann", "/a", again.token));
}

class DavTest : public FilesTest {
 protected:
  Task<int> ask(std::string method, std::string target, gateway::Headers headers = {}, std::string body = "") {
    FakeExchange exchange(std::move(method), std::move(target), std::move(headers));
    if (!body.empty()) exchange.with_body(std::move(body));
    co_await serve(exchange);
    answer = exchange.answer;
    co_return answer.status;
  }
  gateway::Response answer;
};

TEST_F(DavTest, ListsOneLevelOnly) {
  put("a/b/c", "x");
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await ask("PROPFIND", "/dav/", {{"Depth", "1"}}), 207);
    EXPECT_THAT(answer.body, HasSubstr("<D:href>/dav/a/</D:href>"));
    EXPECT_THAT(answer.body, Not(HasSubstr("/dav/a/b")));
    EXPECT_EQ(permitted.back(), "files.list files:/");
    EXPECT_EQ(co_await ask("PROPFIND", "/dav/"), 403) << "not the whole home";
    EXPECT_THAT(answer.body, HasSubstr("propfind-finite-depth"));
    EXPECT_EQ(co_await ask("PROPFIND", "/dav/a/b/c"), 207);
    EXPECT_EQ(co_await ask("PROPFIND", "/dav/../bob", {{"Depth", "0"}}), 400);
  });
}

TEST_F(DavTest, PropertiesFollowTheirFile) {
  put("a", "x");
  const std::string set =
      R"(<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><n:p xmlns:n="urn:n">值 &amp;</n:p></D:prop></D:set></D:propertyupdate>)";
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await ask("PROPPATCH", "/dav/a", {}, set), 207);
    EXPECT_EQ(co_await ask("COPY", "/dav/a", {{"Destination", "/dav/copy"}}), 201);
    EXPECT_EQ(co_await ask("MOVE", "/dav/a", {{"Destination", "http://hearth.localhost:8080/dav/moved"}}), 201);
    for (const auto* path : {"/dav/copy", "/dav/moved"}) {
      EXPECT_EQ(co_await ask("PROPFIND", path, {{"Depth", "0"}}), 207);
      EXPECT_THAT(answer.body, HasSubstr("值 &amp;")) << path;
    }
    EXPECT_EQ(co_await ask("PROPPATCH", "/dav/copy", {},
                           R"(<D:propertyupdate xmlns:D="DAV:"><D:remove><D:prop><n:p xmlns:n="urn:n"/><D:getetag/></D:prop></D:remove></D:propertyupdate>)"),
              207);
    EXPECT_THAT(answer.body, HasSubstr("403 Forbidden"));
    EXPECT_THAT(answer.body, HasSubstr("424 Failed Dependency"));
    EXPECT_EQ(co_await ask("PROPFIND", "/dav/copy", {{"Depth", "0"}}), 207);
    EXPECT_THAT(answer.body, HasSubstr("值")) << "all or nothing";
  });
}

TEST_F(DavTest, AFailedPutLeavesTheOldFile) {
  put("a", "old");
  with_files([&]() -> Task<> {
    FakeExchange broken("PUT", "/dav/a");
    broken.with_pieces({"new"}).breaking();
    co_await serve(broken);
    EXPECT_EQ(content("a"), "old");
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "files" / "ann" / "uploads"));
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {{"If-Match", "\"other\""}}, "new"), 412);
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {{"If-None-Match", "*"}}, "new"), 412);
    EXPECT_EQ(co_await ask("PUT", "/dav/nowhere/a", {}, "new"), 409);
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {}, "new"), 204);
    EXPECT_EQ(content("a"), "new");
  });
}

TEST_F(DavTest, RemovedAndOverwrittenFoldersAreInTheTrash) {
  put("folder/a", "1");
  put("other/b", "2");
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await ask("MOVE", "/dav/other", {{"Destination", "/dav/folder"}, {"Overwrite", "F"}}), 412);
    EXPECT_EQ(co_await ask("MOVE", "/dav/other", {{"Destination", "/dav/folder"}}), 204);
    EXPECT_EQ(content("folder/b"), "2");
    EXPECT_EQ(co_await ask("DELETE", "/dav/folder"), 204);
    const auto trash = co_await files->trashed("ann", {});
    EXPECT_EQ(trash->entries.size(), 2u);
    EXPECT_EQ(co_await ask("DELETE", "/dav/"), 403);
    EXPECT_EQ(co_await ask("MOVE", "/dav/x", {{"Destination", "http://elsewhere/dav/y"}}), 502);
  });
}

TEST_F(DavTest, LocksHoldAgainstThoseWithoutTheToken) {
  put("a", "1");
  const std::string info =
      R"(<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>)";
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await ask("LOCK", "/dav/a", {{"Timeout", "Second-60"}}, info), 200);
    const auto token = std::string(answer.headers.find("Lock-Token").value_or(""));
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {}, "2"), 423);
    EXPECT_EQ(co_await ask("DELETE", "/dav/a"), 423);
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {{"If", "(" + token + ")"}}, "2"), 204);
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {{"If", "(<urn:uuid:other>)"}}, "3"), 412);
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {{"If", "(Not <urn:uuid:other>)"}}, "3"), 423) << "true, but no token";
    clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {}, "4"), 204);
    EXPECT_EQ(co_await ask("LOCK", "/dav/", {{"Depth", "0"}}, info), 200);
    EXPECT_EQ(co_await ask("PUT", "/dav/new", {}, "5"), 423) << "a folder's lock guards what comes into it";
    EXPECT_EQ(co_await ask("PUT", "/dav/a", {}, "5"), 204) << "but not what is in it";
  });
}

TEST_F(DavTest, AsksTheKernelFirst) {
  put("a", "1");
  with_files([&]() -> Task<> {
    refuse = true;
    for (const auto* method : {"GET", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "PROPFIND", "LOCK", "UNLOCK"}) {
      EXPECT_EQ(co_await ask(method, "/dav/a", {{"Destination", "/dav/b"}, {"Depth", "0"}}), 403) << method;
    }
    FakeExchange stranger("PROPFIND", "/dav/");
    co_await files->serve(stranger, kernel::Principal::anyone(), {});
    EXPECT_EQ(stranger.answer.status, 401);
    EXPECT_THAT(stranger.header("WWW-Authenticate"), HasSubstr("Basic"));
    EXPECT_EQ(content("a"), "1");
  });
}

}  // namespace
}  // namespace hearth::files
