#include "gateway/cookies.h"

#include <gtest/gtest.h>

namespace hearth::gateway {
namespace {

TEST(Cookies, OfTheBoxDoNotReachApps) {
  const auto strip = [](std::string_view field) {
    std::string out;
    append_without_hearth_cookies(out, field);
    return out;
  };
  EXPECT_EQ(strip("a=1; hearth_entrance=t; b=2"), "a=1; b=2");
  EXPECT_EQ(strip("hearth_entrance=t"), "");
  EXPECT_EQ(strip("HEARTH_X=t;c=3"), "c=3");
  EXPECT_EQ(strip("__Host-hearth_session=t; __Secure-hearth_session=u; d=4"), "d=4");
  EXPECT_EQ(strip("hearth_state; flag; e=hearth_entrance"), "flag; e=hearth_entrance");
  EXPECT_TRUE(has_hearth_cookie("a=1; Hearth_entrance=t"));
  EXPECT_FALSE(has_hearth_cookie("a=1; heart_h=t"));
}

TEST(Cookies, OfAppsStayOnTheirHost) {
  const auto pass = [](std::string_view field) -> std::string {
    std::string out;
    return append_set_cookie(out, field, "hearth.localhost") ? out : "dropped";
  };
  EXPECT_EQ(pass("a=1; Path=/; HttpOnly"), "a=1; Path=/; HttpOnly");
  EXPECT_EQ(pass("a=1; Domain=hearth.localhost; Path=/"), "a=1; Path=/");
  EXPECT_EQ(pass("a=1; DOMAIN = .Hearth.Localhost"), "a=1");
  EXPECT_EQ(pass("a=1; Domain=localhost"), "a=1");
  EXPECT_EQ(pass("a=1; Domain=notes.hearth.localhost"), "a=1; Domain=notes.hearth.localhost");
  EXPECT_EQ(pass("a=1; Domain=earth.localhost"), "a=1; Domain=earth.localhost");
  EXPECT_EQ(pass("domain=hearth.localhost; Path=/"), "domain=hearth.localhost; Path=/");
  EXPECT_EQ(pass("hearth_entrance=x"), "dropped");
  EXPECT_EQ(pass(" Hearth_State=x"), "dropped");
  EXPECT_EQ(pass("__Host-hearth_entrance=x; Secure; Path=/"), "dropped");
  EXPECT_EQ(pass("=hearth_entrance=x"), "dropped");
}

TEST(Cookies, AreAllFound) {
  Request request;
  std::string planted;
  for (int i = 0; i < 500; ++i) planted += "hearth_session=junk; ";
  request.headers = {{"Cookie", planted + "hearth_session=a"}, {"Cookie", "x=y; hearth_session=b"}};
  const auto all = request.cookies("hearth_session");
  EXPECT_EQ(all.size(), 502u);
  EXPECT_EQ(all.back(), "b");
}

TEST(Cookies, ThatWerePlantedGoWithASignIn) {
  Request request;
  request.host = "box.example.org";
  request.path = "/api/identity.sign_in";
  const auto after = [&](std::string cookie) {
    Headers headers = {{"X", "1"}, {"Set-Cookie", std::move(cookie)}};
    expire_planted_cookies(headers, request);
    std::vector<std::string> lines;
    for (const auto& field : headers.fields()) lines.push_back(field.name + ": " + field.value);
    return lines;
  };
  const std::string sign_in = "hearth_session=t; Path=/; HttpOnly";
  EXPECT_EQ(after(sign_in).size(), 2u);  // the request had none
  request.headers.add("Cookie", "a=b; hearth_session=junk; hearth_share=x");
  const auto lines = after(sign_in);
  EXPECT_EQ(lines.size(), 10u);
  EXPECT_EQ(lines.front(), "X: 1");
  EXPECT_EQ(lines.back(), "Set-Cookie: " + sign_in);
  for (const auto* domain : {"box.example.org", "example.org"}) {
    for (const auto* path : {"/", "/api", "/api/", "/api/identity.sign_in"}) {
      const auto line = fmt::format("Set-Cookie: hearth_session=; Domain={}; Path={}; HttpOnly; SameSite=Lax; Max-Age=0", domain, path);
      EXPECT_NE(std::ranges::find(lines, line), lines.end()) << line;
    }
  }
  EXPECT_EQ(after("hearth_share=y; Path=/s/x").size(), 2u);
  request.headers.add("Cookie", "hearth_state_abcdefgh=junk");
  EXPECT_EQ(after("hearth_state_abcdefgh=; Path=/; Max-Age=0").size(), 10u);
  for (const auto* host : {"localhost", "127.0.0.1", "[::1]", ""}) {
    request.host = host;
    EXPECT_EQ(after(sign_in).size(), 2u) << host;
  }
}

}  // namespace
}  // namespace hearth::gateway
