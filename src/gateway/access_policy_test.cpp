#include "gateway/access_policy.h"

#include <gtest/gtest.h>

namespace hearth::gateway {
namespace {

Entrance with_rules() {
  Entrance entrance;
  entrance.access = Access::Private;
  entrance.rules = {{"/public", Access::Public},
                    {"/public/not", Access::Private},
                    {"/admin/", Access::TwoFactor},
                    {"/Exact", Access::TwoFactor}};
  return entrance;
}

struct Case {
  const char* path;
  std::optional<Access> access;
};

constexpr auto kRefused = std::nullopt;
const Case kCases[] = {
    {"/", Access::Private},
    {"/public", Access::Public},
    {"/public/", Access::Public},
    {"/public/a/b", Access::Public},
    {"/publicity", Access::Private},
    {"/public/not/this", Access::Private},
    {"/public/nothing", Access::Public},
    {"/admin", Access::TwoFactor},
    {"/admin/x", Access::TwoFactor},
    {"/administer", Access::Private},
    // Spellings that some server reads as a path under a stricter rule
    {"/ADMIN/x", Access::TwoFactor},
    {"/%61dmin/x", Access::TwoFactor},
    {"//admin/x", Access::TwoFactor},
    {"/./admin", Access::TwoFactor},
    {"/x/../admin", Access::TwoFactor},
    {"/public/../admin", Access::TwoFactor},
    {"/public/%2e%2e/admin", Access::TwoFactor},
    {"/public/..%2fadmin", Access::TwoFactor},
    {"/public%2f..%2fadmin", Access::TwoFactor},
    {"/public/..%5cadmin", Access::TwoFactor},
    {"/public/..;/admin", Access::TwoFactor},
    {"/admin;v=1/x", Access::TwoFactor},
    {"/public;x/../admin", Access::TwoFactor},
    {"/exact", Access::TwoFactor},
    {"/%2561dmin/x", Access::TwoFactor},
    // Servers that decode without resolving dots, or resolve before they decode
    {"/%61dmin/../public/x", Access::TwoFactor},
    {"/%61dmin/delete/../../public/x", Access::TwoFactor},
    {"/admin%2f..%2fpublic", Access::TwoFactor},
    {"/admin%5c..%5cpublic", Access::TwoFactor},
    {"/public%2fx/%2e%2e/%2e%2e/admin/", Access::TwoFactor},
    {"/x%2fy/%2e%2e/admin", Access::TwoFactor},
    // … that resolve dots and keep parameters, or the other way round
    {"/x/../admin/..;/public", Access::TwoFactor},
    {"/x/../admin;/../public", Access::TwoFactor},
    {"/public/..;/../admin", kRefused},
    {"/x/../admin%3f/../public", Access::TwoFactor},
    {"/x/..%3b/%61dmin/..;/public", Access::Private},
    // … that resolve dots before or after they merge slashes
    {"/public//../admin", Access::TwoFactor},
    {"/x//../../admin", kRefused},
    {"/x/y//../../admin", Access::TwoFactor},
    {"/\\admin\\..\\..\\public", kRefused},
    {"/x/..\\admin\\..\\public", Access::Private},
    // … that read "//x" as the name of a host
    {"//x/admin", Access::TwoFactor},
    {"//x:80/admin", Access::TwoFactor},
    {"//u@x/admin", Access::TwoFactor},
    {"///x/admin", Access::TwoFactor},
    {"/\\x/admin", Access::TwoFactor},
    {"\\\\x/admin", Access::TwoFactor},
    {"//x\\admin", Access::TwoFactor},
    {"//%78/admin", Access::TwoFactor},
    {"/%2fx/admin", Access::TwoFactor},
    {"/x/..//y/admin", Access::TwoFactor},
    {"/.//x/admin", Access::TwoFactor},
    {"//x/public", Access::Private},
    {"//public", Access::Private},
    // Spellings that some server does not read as the lax path
    {"/PUBLIC/x", Access::Private},
    {"/%70ublic/x", Access::Private},
    {"//public/x", Access::Private},
    {"/x/../public", Access::Private},
    // Spellings that no server reads as another rule's path
    {"/public/a%20b", Access::Public},
    {"/public/a;v=1/b", Access::Public},
    {"/public//a", Access::Public},
    {"/public/.well-known/x", Access::Public},
    {"/public/a/../b", Access::Public},
    {"/public/100%25", Access::Public},
    {"/public/http%3A%2F%2Fa", Access::Public},
    // Refused
    {"/public/%252e%252e/admin", kRefused},
    {"/public/%25%32e/admin", kRefused},
    {"/a%252fb", kRefused},
    {"/%00", kRefused},
    {"/%0a", kRefused},
    {"/%zz", kRefused},
    {"/%2", kRefused},
    {"/../admin", kRefused},
    {"/%2e%2e/x", kRefused},
};

class PolicyCase : public testing::TestWithParam<Case> {};
TEST_P(PolicyCase, IsJudgedInItsStrictestReading) {
  EXPECT_EQ(access_of(with_rules(), GetParam().path), GetParam().access) << GetParam().path;
}
INSTANTIATE_TEST_SUITE_P(Paths, PolicyCase, testing::ValuesIn(kCases));

TEST(AccessPolicy, RefusesWhatHasMoreReadingsThanAreWorthJudging) {
  std::string path = "/public";
  for (int i = 0; i < 400; ++i) path += "/%61;b\\..;//c%3fd%2f..%5c..%3b/%2e/e";
  EXPECT_EQ(access_of(with_rules(), path), kRefused);
}

TEST(AccessPolicy, LeavesPathsAloneWithoutRules) {
  Entrance entrance;
  entrance.access = Access::TwoFactor;
  EXPECT_EQ(access_of(entrance, "/%252e"), Access::TwoFactor);
  entrance.access = Access::Public;
  EXPECT_EQ(access_of(entrance, "/%zz"), Access::Public);
}

}  // namespace
}  // namespace hearth::gateway
