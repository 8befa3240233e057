#include <gtest/gtest.h>

#include "surfaces/surfaces.h"

#include "base/testing.h"

namespace hearth::surfaces {
namespace {

using kernel::Principal;

Authentication knows_one() {
  return {.session = [](std::string_view token, std::string_view) -> std::optional<Authenticated> {
            if (token == "bob's") return Authenticated{Principal::of_person("bob", kernel::Role::Member), "s3", false};
            if (token == "again") return Authenticated{Principal::of_person("ann", kernel::Role::Owner), "s2", false};
            if (token != "good") return std::nullopt;
            return Authenticated{Principal::of_person("ann", kernel::Role::Owner), "s1", true};
          },
          .bearer = [](std::string_view token) -> std::optional<Authenticated> {
            if (token != "key") return std::nullopt;
            return Authenticated{{Principal::Kind::App, "notes", "ann", kernel::Role::Owner}, "t1", false};
          },
          .console = [](uid_t uid) -> Authenticated {
            if (uid != 0) return {};
            return {Principal::of_person("ann", kernel::Role::Owner), "", false};
          }};
}

gateway::Request request(std::string method, gateway::Headers headers) {
  gateway::Request made;
  made.method = std::move(method);
  made.host = "hearth.localhost";
  made.port = 8080;
  made.headers = std::move(headers);
  made.peer.address = "127.0.0.1";
  return made;
}

TEST(Authenticate, TakesTheBoxsOwnPagesAtTheirCookie) {
  const auto caller = authenticate(request("POST", {{"Cookie", "hearth_session=good"}, {"X-Hearth-Client", "desktop"}}), knows_one());
  EXPECT_EQ(caller->principal.name(), "person:ann");
  EXPECT_EQ(caller->origin.session, "s1");
  EXPECT_TRUE(caller->origin.two_factor);
  EXPECT_TRUE(authenticate(request("POST", {{"Cookie", "hearth_session=good"}, {"Origin", "http://hearth.localhost:8080"}}), knows_one())
                  .has_value());
}

TEST(Authenticate, RefusesAnotherSitesPage) {
  EXPECT_EQ(refusal(authenticate(request("POST", {{"Cookie", "hearth_session=good"}}), knows_one())), Code::Forbidden);
  EXPECT_EQ(refusal(authenticate(request("POST", {{"Cookie", "hearth_session=good"},
                                                  {"Origin", "http://notes.hearth.localhost:8080"},
                                                  {"X-Hearth-Client", "desktop"}}),
                                 knows_one())),
            Code::Forbidden);
}

TEST(Authenticate, AnEndedSessionIsNobody) {
  const auto caller = authenticate(request("POST", {{"Cookie", "hearth_session=old"}, {"X-Hearth-Client", "x"}}), knows_one());
  EXPECT_EQ(caller->principal.kind, Principal::Kind::Anyone);
}

TEST(Authenticate, LooksPastCookiesThatAnAppPlanted) {
  const auto with = [](std::string cookies) {
    return authenticate(request("POST", {{"Cookie", std::move(cookies)}, {"X-Hearth-Client", "x"}}), knows_one())->principal.name();
  };
  const auto nobody = Principal::anyone().name();
  EXPECT_EQ(with("hearth_session=junk; hearth_session=good"), "person:ann");
  EXPECT_EQ(with("hearth_session=good; hearth_session=junk; hearth_session="), "person:ann");
  EXPECT_EQ(with("hearth_session=again; hearth_session=good"), "person:ann");
  EXPECT_EQ(with("hearth_session=bob's; hearth_session=good"), nobody);
  EXPECT_EQ(with("hearth_session=good; hearth_session=junk; hearth_session=bob's"), nobody);
  std::string many;
  for (int i = 0; i < 500; ++i) many += "hearth_session=junk; ";
  EXPECT_EQ(with(many + "hearth_session=good"), "person:ann");
}

TEST(Authenticate, TakesAccessTokensAndRefusesEndedOnes) {
  EXPECT_EQ(authenticate(request("POST", {{"Authorization", "Bearer key"}}), knows_one())->principal.name(), "app:notes");
  EXPECT_EQ(authenticate(request("PUT", {{"Authorization", "Basic YW5uOmtleQ=="}}), knows_one())->principal.name(), "app:notes");
  EXPECT_EQ(refusal(authenticate(request("PUT", {{"Authorization", "Basic YW5u"}}), knows_one())), Code::Unauthenticated);
  EXPECT_EQ(refusal(authenticate(request("POST", {{"Authorization", "Bearer no"}}), knows_one())), Code::Unauthenticated);
}

TEST(Authenticate, TrustsTheKernelAboutTheConsole) {
  auto console = request("POST", {});
  console.peer.uid = 0;
  EXPECT_EQ(authenticate(console, knows_one())->principal.name(), "person:ann");
  console.peer.uid = 1000;
  EXPECT_EQ(authenticate(console, knows_one())->principal.kind, Principal::Kind::Anyone);
}

}  // namespace
}  // namespace hearth::surfaces
