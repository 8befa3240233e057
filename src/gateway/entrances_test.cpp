#include "gateway/entrances.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/testing.h"
#include "gateway/test_support.h"

namespace hearth::gateway {
namespace {

class EntrancesTest : public testing::Test {
 protected:
  void open() {
    entrances.reset();
    database.reset();
    auto opened = store::Database::open((folder.path() / "system.db").string(), {entrances_schema()});
    ASSERT_TRUE(opened) << opened.error().describe();
    database = std::move(*opened);
    auto created = Entrances::create(*database, clock,
                                     {.changed = [this] { ++changes; },
                                      .leads_back = [](std::string_view upstream) { return upstream == "127.0.0.1:8080"; }});
    ASSERT_TRUE(created) << created.error().describe();
    entrances = std::move(*created);
  }
  Result<EntranceInfo> set(SetEntranceInput input) {
    Result<EntranceInfo> result = fail(Code::Internal, "not run");
    run_until_done([&](Executor) -> Task<> { result = co_await entrances->set(input); });
    return result;
  }
  Result<> remove(const std::string& id) {
    Result<> result;
    run_until_done([&](Executor) -> Task<> { result = co_await entrances->remove(id); });
    return result;
  }

  Result<DomainList> add_domain(const std::string& domain) {
    Result<DomainList> result = fail(Code::Internal, "not run");
    run_until_done([&](Executor) -> Task<> { result = co_await entrances->add_domain(domain); });
    return result;
  }
  Result<DomainList> remove_domain(const std::string& domain) {
    Result<DomainList> result = fail(Code::Internal, "not run");
    run_until_done([&](Executor) -> Task<> { result = co_await entrances->remove_domain(domain); });
    return result;
  }

  test::TemporaryFolder folder;
  ManualClock clock;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<Entrances> entrances;
  int changes = 0;
};

TEST_F(EntrancesTest, AreKeptWithTheirKeyAndRules) {
  open();
  ASSERT_TRUE(set({"notes", "127.0.0.1:3000", Access::Private, {{"/admin", Access::TwoFactor}}}));
  const auto key = entrances->key("notes")->key;
  EXPECT_EQ(from_base64url(key)->size(), 32u);
  ASSERT_TRUE(set({"notes", "unix:/run/notes.socket", Access::Public, {}}));
  EXPECT_EQ(entrances->key("notes")->key, key);
  ASSERT_TRUE(set({"wiki", "localhost:80", Access::TwoFactor, {{"/open/", Access::Public}}}));
  EXPECT_EQ(changes, 3);
  open();
  const auto list = entrances->list().entrances;
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].upstream, "unix:/run/notes.socket");
  EXPECT_EQ(list[0].access, Access::Public);
  EXPECT_EQ(list[1].access, Access::TwoFactor);
  EXPECT_EQ(list[1].rules.at(0).path, "/open/");
  EXPECT_EQ(entrances->key("notes")->key, key);
}

TEST_F(EntrancesTest, GoWhenRemoved) {
  open();
  ASSERT_TRUE(set({"notes", "127.0.0.1:3000", Access::Private, {}}));
  ASSERT_TRUE(remove("notes"));
  EXPECT_EQ(refusal(remove("notes")), Code::NotFound);
  EXPECT_EQ(refusal(entrances->key("notes")), Code::NotFound);
  open();
  EXPECT_TRUE(entrances->list().entrances.empty());
}

TEST_F(EntrancesTest, RefuseWhatCannotWork) {
  open();
  const SetEntranceInput good{"notes", "127.0.0.1:3000", Access::Private, {}};
  for (const auto* id : {"", "-a", "a-", "A", "a.b", "a_b", "ä"}) {
    auto input = good;
    input.id = id;
    EXPECT_FALSE(set(input)) << id;
  }
  for (const auto* upstream : {"", "3000", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "http://127.0.0.1:3000", "::1:3000", "unix:", "app.example.org:80"}) {
    auto input = good;
    input.upstream = upstream;
    EXPECT_FALSE(set(input)) << upstream;
  }
  for (const auto* path : {"", "admin", "/a/../b", "//a", "/%61", "/a;b"}) {
    auto input = good;
    input.rules = {{path, Access::Public}};
    EXPECT_FALSE(set(input)) << path;
  }
  auto loop = good;
  loop.upstream = "127.0.0.1:8080";
  EXPECT_EQ(refusal(set(loop)), Code::InvalidInput);
  auto twice = good;
  twice.rules = {{"/a", Access::Public}, {"/a/", Access::Private}};
  EXPECT_FALSE(set(twice));
  EXPECT_EQ(changes, 0);
}

TEST_F(EntrancesTest, KeepTheDomainsOfTheBox) {
  using Names = std::vector<std::string>;
  open();
  EXPECT_EQ(entrances->domains(), Names{"hearth.localhost"});
  EXPECT_EQ(add_domain("Home.Example.org")->domains, (Names{"hearth.localhost", "home.example.org"}));
  ASSERT_TRUE(add_domain("a-box.net"));
  EXPECT_EQ(changes, 2);
  open();
  EXPECT_EQ(entrances->domains(), (Names{"hearth.localhost", "home.example.org", "a-box.net"}));
  EXPECT_EQ(refusal(add_domain("a-box.net")), Code::AlreadyExists);
  EXPECT_EQ(refusal(add_domain("notes.a-box.net")), Code::Conflict);
  EXPECT_EQ(refusal(add_domain("example.org")), Code::Conflict);
  EXPECT_EQ(refusal(add_domain("x.hearth.localhost")), Code::Conflict);
  EXPECT_TRUE(add_domain("other-example.org"));
  EXPECT_EQ(remove_domain("HOME.example.org")->domains, (Names{"hearth.localhost", "a-box.net", "other-example.org"}));
  EXPECT_EQ(refusal(remove_domain("home.example.org")), Code::NotFound);
  EXPECT_EQ(refusal(remove_domain("hearth.localhost")), Code::InvalidInput);
  open();
  EXPECT_EQ(entrances->domains().size(), 3u);
}

TEST_F(EntrancesTest, RefuseWhatIsNoDomain) {
  open();
  const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." + std::string(60, 'c') + "." + std::string(10, 'd');
  for (const std::string& domain : {std::string(), std::string("box"), std::string("https://a.org"), std::string("a.org:80"), std::string("a.org/x"),
                                    std::string("*.a.org"), std::string("a..org"), std::string(".a.org"), std::string("a.org."),
                                    std::string("192.168.1.5"), std::string("[::1]"), std::string("fe80::1"), std::string("a_b.org"),
                                    std::string("-a.org"), std::string("ä.org"), std::string("a b.org"), std::string("a.org\r\nX: 1"), long_name}) {
    EXPECT_EQ(refusal(add_domain(domain)), Code::InvalidInput) << domain;
  }
  for (int i = 1; i < 16; ++i) EXPECT_TRUE(add_domain(fmt::format("box{}.example.org", i)));
  EXPECT_EQ(refusal(add_domain("one-more.example.org")), Code::TooMany);
}

}  // namespace
}  // namespace hearth::gateway
