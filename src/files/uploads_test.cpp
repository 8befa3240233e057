#include "files/uploads.h"

#include <gmock/gmock.h>

#include "base/bytes.h"
#include "files/files_fixture.h"

namespace hearth::files {
namespace {

constexpr auto kTus = "1.0.0";
constexpr auto kBody = "application/offset+octet-stream";

class UploadsTest : public FilesTest {
 protected:
  Task<std::string> create(std::string path, std::size_t length) {
    FakeExchange exchange("POST", "/uploads",
                          {{"Tus-Resumable", kTus},
                           {"Upload-Length", std::to_string(length)},
                           {"Upload-Metadata", "path " + to_base64(path)}});
    co_await serve(exchange);
    EXPECT_EQ(exchange.answer.status, 201) << exchange.answer.body;
    co_return exchange.header("Location");
  }
  static gateway::Headers patch_headers(std::size_t offset) {
    return {{"Tus-Resumable", kTus}, {"Content-Type", kBody}, {"Upload-Offset", std::to_string(offset)}};
  }
  Task<int> patch(std::string location, std::size_t offset, std::string body) {
    FakeExchange exchange("PATCH", location, patch_headers(offset));
    exchange.with_body(std::move(body));
    co_await serve(exchange);
    co_return exchange.answer.status;
  }
  // The offset, or minus the status of an error.
  Task<int> offset(std::string location) {
    FakeExchange exchange("HEAD", location, {{"Tus-Resumable", kTus}});
    co_await serve(exchange);
    co_return exchange.answer.status == 200 ? std::stoi(exchange.header("Upload-Offset")) : -exchange.answer.status;
  }
  std::filesystem::path data_of(const std::string& location) const {
    return folder_.path() / "files" / "ann" / "uploads" / location.substr(location.rfind('/') + 1);
  }
};

TEST(UploadHeaders, AreParsedStrictly) {
  const auto metadata = parse_upload_metadata("path L2E=, private,x eA==");
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->at("path"), "/a");
  EXPECT_EQ(metadata->at("private"), "");
  for (const auto* bad : {"path !!!", " ,", "a b c", "path L2E=,path L2E="}) EXPECT_FALSE(parse_upload_metadata(bad)) << bad;
  EXPECT_FALSE(parse_upload_checksum("md5 1B2M2Y8AsgTpgAmY7PhCfg=="));
  EXPECT_FALSE(parse_upload_checksum("sha1 AAAA"));
  EXPECT_EQ(parse_upload_number("9223372036854775807"), INT64_MAX);
  for (const auto* bad : {"", "-1", "1.5", "0x1", "9223372036854775808", " 1", "1 "}) EXPECT_FALSE(parse_upload_number(bad)) << bad;
  EXPECT_EQ(upload_target({{"filename", "照片.jpg"}, {"folder", "/a"}}).value_or(""), "/a/照片.jpg");
  for (const auto& bad : std::vector<std::map<std::string, std::string>>{
           {}, {{"path", "/"}}, {{"path", "/a/"}}, {{"path", "/../x"}}, {{"filename", "a/b"}}, {{"filename", ".."}},
           {{"filename", "a"}, {"folder", "../.."}}}) {
    EXPECT_FALSE(upload_target(bad));
  }
}

TEST_F(UploadsTest, TellsWhatItSpeaks) {
  with_files([&]() -> Task<> {
    FakeExchange options("OPTIONS", "/uploads");
    co_await serve(options);
    EXPECT_EQ(options.answer.status, 204);
    EXPECT_EQ(options.header("Tus-Version"), kTus);
    EXPECT_THAT(options.header("Tus-Extension"), testing::HasSubstr("checksum"));
    FakeExchange without("POST", "/uploads", {{"Upload-Length", "1"}});
    co_await serve(without);
    EXPECT_EQ(without.answer.status, 412);
  });
}

TEST_F(UploadsTest, AreRefusedAtOnceWhereSomethingIsInTheWay) {
  with_files([&]() -> Task<> {
    (void)co_await files->list("ann", {});  // makes the home
    put("a.txt", "a");
    std::filesystem::create_symlink("/tmp", home() / "link");
    for (const std::string path : {"/a.txt/b", "/a.txt/b/c", "/link/b"}) {
      FakeExchange exchange("POST", "/uploads",
                            {{"Tus-Resumable", kTus}, {"Upload-Length", "10"}, {"Upload-Metadata", "path " + to_base64(path)}});
      co_await serve(exchange);
      EXPECT_EQ(exchange.answer.status, 409) << path;
      EXPECT_THAT(exchange.answer.body, testing::HasSubstr("stands in the way"));
    }
  });
}

TEST_F(UploadsTest, ResumesAcrossRestarts) {
  std::string location;
  with_files([&]() -> Task<> {
    location = co_await create("/docs/a.txt", 10);
    EXPECT_EQ(permitted.back(), "files.write files:/docs/a.txt");
    const auto first = co_await patch(location, 0, "0123");
    EXPECT_EQ(first, 204);
    const auto wrong = co_await patch(location, 3, "x");
    EXPECT_EQ(wrong, 409);
    const auto far = co_await patch(location, 4, "0123456");
    EXPECT_EQ(far, 413);
    FakeExchange broken("PATCH", location, patch_headers(4));
    broken.with_pieces({"45", "6"}).breaking();
    co_await serve(broken);
    EXPECT_EQ(co_await offset(location), 7) << "what came before the line broke stays";
  });
  EXPECT_FALSE(std::filesystem::exists(home() / "docs" / "a.txt"));
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await offset(location), 7);
    const auto last = co_await patch(location, 7, "789");
    EXPECT_EQ(last, 204);
    EXPECT_EQ(content("docs/a.txt"), "0123456789");
    EXPECT_EQ(co_await offset(location), 10) << "for a client that lost the last answer";
    const auto again = co_await patch(location, 10, "");
    EXPECT_EQ(again, 204);
    EXPECT_FALSE(std::filesystem::exists(data_of(location)));
  });
}

TEST_F(UploadsTest, TakenNamesGetANumber) {
  put("a.txt", "old");
  with_files([&]() -> Task<> {
    FakeExchange exchange("POST", "/uploads",
                          {{"Tus-Resumable", kTus},
                           {"Upload-Length", "3"},
                           {"Content-Type", kBody},
                           {"Upload-Metadata", "filename " + to_base64("a.txt")}});
    exchange.with_body("new");
    co_await serve(exchange);
    EXPECT_EQ(exchange.answer.status, 201);
    EXPECT_EQ(exchange.header("Upload-Offset"), "3");
    EXPECT_EQ(exchange.header("Hearth-Path"), "/a%20%282%29.txt");
    const auto empty = co_await create("/empty", 0);
    EXPECT_EQ(content("a.txt"), "old");
    EXPECT_EQ(content("a (2).txt"), "new");
    EXPECT_TRUE(std::filesystem::exists(home() / "empty"));
  });
}

TEST_F(UploadsTest, APowerCutTakesOnlyWhatWasNotAcknowledged) {
  std::string location;
  with_files([&]() -> Task<> {
    location = co_await create("/a", 10);
    (void)co_await patch(location, 0, "0123");
  });
  // Bytes that were written but never synced, then another boot: they may be anything.
  std::ofstream(data_of(location), std::ios::app) << "junk";
  {
    auto system = *store::Database::open(folder_.path() / "system.db", {files_schema()});
    ASSERT_TRUE(system->write_now([](store::Connection& c) { return c.execute("UPDATE files_uploads SET boot = 'before'"); }));
  }
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await offset(location), 4);
    (void)co_await patch(location, 4, "456789");
    EXPECT_EQ(content("a"), "0123456789");
  });
}

TEST_F(UploadsTest, ACrashBetweenTheLastByteAndItsPlaceIsFinishedLater) {
  std::string before;
  std::string after;
  with_files([&]() -> Task<> {
    before = co_await create("/before", 4);
    after = co_await create("/after", 4);
    (void)co_await patch(before, 0, "12");
    (void)co_await patch(after, 0, "12");
  });
  std::ofstream(data_of(before), std::ios::app) << "34";  // killed before the rename
  std::filesystem::rename(data_of(after), home() / "after");  // killed after it, before the row said so
  {
    auto system = *store::Database::open(folder_.path() / "system.db", {files_schema()});
    ASSERT_TRUE(system->write_now([](store::Connection& c) {
      return c.execute("UPDATE files_uploads SET synced = 4 WHERE path = '/after'");
    }));
  }
  with_files([&]() -> Task<> {
    EXPECT_EQ(co_await offset(before), 4);
    EXPECT_EQ(content("before"), "1234");
    EXPECT_EQ(co_await offset(after), 4);
    EXPECT_FALSE(std::filesystem::exists(home() / "after (2)"));
  });
}

TEST_F(UploadsTest, ChecksSums) {
  with_files([&]() -> Task<> {
    const auto location = co_await create("/a", 8);
    auto headers = patch_headers(0);
    headers.add("Upload-Checksum", "sha256 " + to_base64(sha256("good")));
    FakeExchange bad("PATCH", location, headers);
    bad.with_body("evil");
    co_await serve(bad);
    EXPECT_EQ(bad.answer.status, 460);
    EXPECT_EQ(co_await offset(location), 0);
    FakeExchange good("PATCH", location, headers);
    good.with_body("good");
    co_await serve(good);
    EXPECT_EQ(good.answer.status, 204);
    auto sha1 = patch_headers(4);
    sha1.add("Upload-Checksum", "sha1 MWTzD/qnh7ZFtZ35LYtYQQQM0cU=");
    FakeExchange wrong("PATCH", location, sha1);
    wrong.with_body("more");
    co_await serve(wrong);
    EXPECT_EQ(wrong.answer.status, 460);
    // The line breaks before the sum could be checked: nothing of it counts.
    auto later = patch_headers(4);
    later.add("Upload-Checksum", "sha256 " + to_base64(sha256("more")));
    FakeExchange broken("PATCH", location, later);
    broken.with_pieces({"mo"}).breaking();
    co_await serve(broken);
    EXPECT_EQ(co_await offset(location), 4);
  });
}

TEST_F(UploadsTest, ANewConnectionTakesOver) {
  with_files([&]() -> Task<> {
    const auto location = co_await create("/a", 6);
    const auto id = location.substr(location.rfind('/') + 1);
    UploadSlots slots(co_await boost::asio::this_coro::executor);
    UploadSlots::Turn old(slots, id);
    EXPECT_TRUE(old.begin_write());
    old.end_write();
    UploadSlots::Turn newer(slots, id);
    EXPECT_FALSE(old.begin_write());
    co_await newer.settle();
    EXPECT_TRUE(newer.begin_write());
    newer.end_write();
  });
}

TEST_F(UploadsTest, ExpireAndEnd) {
  with_files([&]() -> Task<> {
    const auto kept = co_await create("/kept", 5);
    const auto ended = co_await create("/ended", 5);
    (void)co_await patch(ended, 0, "12");
    FakeExchange stranger("DELETE", ended, {{"Tus-Resumable", kTus}});
    co_await files->serve(stranger, kernel::Principal::of_person("bob", kernel::Role::Member), {});
    EXPECT_EQ(stranger.answer.status, 404);
    FakeExchange end("DELETE", ended, {{"Tus-Resumable", kTus}});
    co_await serve(end);
    EXPECT_EQ(end.answer.status, 204);
    EXPECT_EQ(co_await offset(ended), -404);
    EXPECT_FALSE(std::filesystem::exists(data_of(ended)));

    clock.advance(std::chrono::days(6));
    (void)co_await patch(kept, 0, "12");
    clock.advance(std::chrono::days(6));
    EXPECT_EQ(co_await offset(kept), 2) << "each part gives it another week";
    clock.advance(std::chrono::days(8));
    const auto answer = co_await offset(kept);
    EXPECT_TRUE(answer == -410 || answer == -404);
  });
}

TEST_F(UploadsTest, RefusesWhatCannotFit) {
  with_files([&]() -> Task<> {
    FakeExchange exchange("POST", "/uploads",
                          {{"Tus-Resumable", kTus}, {"Upload-Length", "9000000000000000000"}, {"Upload-Metadata", "path L2E="}});
    co_await serve(exchange);
    EXPECT_EQ(exchange.answer.status, 507);
    refuse = true;
    FakeExchange refused("POST", "/uploads", {{"Tus-Resumable", kTus}, {"Upload-Length", "1"}, {"Upload-Metadata", "path L2E="}});
    co_await serve(refused);
    EXPECT_EQ(refused.answer.status, 403);
  });
}

}  // namespace
}  // namespace hearth::files
