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

}  // namespace
}  // namespace hearth::gateway
