#include <gmock/gmock.h>

#include "files/answers.h"
#include "files/files_fixture.h"

namespace hearth::files {
namespace {

TEST(ParseRange, FollowsTheStandard) {
  struct Case {
    std::string header;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> expected;  // of a file of 100 bytes
  };
  const std::vector<Case> cases = {
      {"bytes=0-9", {{0, 10}}},    {"bytes=90-", {{90, 10}}},     {"bytes=-5", {{95, 5}}},     {"bytes=-500", {{0, 100}}},
      {"bytes=50-500", {{50, 50}}}, {"bytes=100-", {{100, 0}}},   {"bytes=-0", {{100, 0}}},    {"Bytes = 1-1", {{1, 1}}},
      {"bytes=0-1,5-6", {}},        {"bytes=9-0", {}},            {"bytes=a-b", {}},           {"bytes=", {}},
      {"items=0-1", {}},            {"bytes=-", {}},              {"bytes=1", {}},             {"", {}},
      {"bytes=99999999999999999999-", {{std::numeric_limits<std::uint64_t>::max(), 0}}}, {"bytes=0-99999999999999999999", {{0, 100}}},
  };
  for (const auto& test : cases) {
    const auto range = parse_range(test.header, 100);
    const auto got = range ? std::optional(std::pair(range->first, range->length)) : std::nullopt;
    EXPECT_EQ(got, test.expected) << test.header;
  }
}

TEST(HttpDate, GoesThereAndBack) {
  const Time time(std::chrono::seconds(784111777));
  EXPECT_EQ(format_http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), time);
  EXPECT_FALSE(parse_http_date("yesterday"));
}

TEST_F(FilesTest, Downloads) {
  put("报告 \"2\".txt", "0123456789");
  put("page.html", "<script>");
  with_files([&]() -> Task<> {
    const std::string path = "/files/%E6%8A%A5%E5%91%8A%20%222%22.txt";
    FakeExchange whole("GET", path);
    co_await serve(whole);
    EXPECT_EQ(whole.answer.status, 200);
    EXPECT_EQ(whole.answer.body, "0123456789");
    EXPECT_EQ(whole.header("Content-Disposition"),
              "inline; filename=\"__ _2_.txt\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%222%22.txt");
    EXPECT_EQ(permitted.back(), "files.read files:/报告 \"2\".txt");
    const auto etag = whole.header("ETag");

    FakeExchange part("GET", path, {{"Range", "bytes=2-4"}, {"If-Range", etag}});
    co_await serve(part);
    EXPECT_EQ(part.answer.status, 206);
    EXPECT_EQ(part.answer.body, "234");
    EXPECT_EQ(part.header("Content-Range"), "bytes 2-4/10");

    FakeExchange stale("GET", path, {{"Range", "bytes=2-4"}, {"If-Range", "\"other\""}});
    co_await serve(stale);
    EXPECT_EQ(stale.answer.status, 200);

    FakeExchange past("GET", path, {{"Range", "bytes=10-"}});
    co_await serve(past);
    EXPECT_EQ(past.answer.status, 416);
    EXPECT_EQ(past.header("Content-Range"), "bytes */10");

    FakeExchange known("GET", path, {{"If-None-Match", "W/" + etag}});
    co_await serve(known);
    EXPECT_EQ(known.answer.status, 304);

    FakeExchange html("GET", "/files/page.html");
    co_await serve(html);
    EXPECT_THAT(html.header("Content-Disposition"), testing::StartsWith("attachment"));
    EXPECT_THAT(html.header("Content-Security-Policy"), testing::HasSubstr("sandbox"));
    EXPECT_EQ(html.header("X-Content-Type-Options"), "nosniff");
  });
}

TEST_F(FilesTest, RefusesDownloads) {
  put("a", "x");
  put("folder/b", "x");
  std::filesystem::create_symlink("/etc/passwd", home() / "link");
  with_files([&]() -> Task<> {
    const std::vector<std::pair<std::string, int>> cases = {
        {"/files/nothing", 404}, {"/files/folder", 404},   {"/files/link", 404},         {"/files/../a", 400},
        {"/files/%2e%2e/a", 400}, {"/files/a%00", 400},    {"/files/%zz", 400},          {"/files//a", 400},
        {"/files/%2fetc", 400},   {"/filesystem/a", 404},  {"/files/a/b", 404},          {"/files", 404},
        {"/files/..%2fbob%2fhome", 400},
    };
    for (const auto& [path, status] : cases) {
      FakeExchange exchange("GET", path);
      co_await serve(exchange);
      EXPECT_EQ(exchange.answer.status, status) << path;
    }
    FakeExchange post("POST", "/files/a");
    co_await serve(post);
    EXPECT_EQ(post.answer.status, 405);

    FakeExchange stranger("GET", "/files/a");
    co_await files->serve(stranger, kernel::Principal::anyone(), {});
    EXPECT_EQ(stranger.answer.status, 401);

    refuse = true;
    FakeExchange refused("GET", "/files/a");
    co_await serve(refused);
    EXPECT_EQ(refused.answer.status, 403);
  });
}

}  // namespace
}  // namespace hearth::files
