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
    // Spellings that some server does not read as the lax path
    {"/PUBLIC/x", Access::Private},
    {"/%70ublic/x", Access::Private},
    {"//public/x", Access::Private},
    {"/x/../public", Access::Private},
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

TEST(AccessPolicy, LeavesPathsAloneWithoutRules) {
  Entrance entrance;
  entrance.access = Access::TwoFactor;
  EXPECT_EQ(access_of(entrance, "/%252e"), Access::TwoFactor);
  entrance.access = Access::Public;
  EXPECT_EQ(access_of(entrance, "/%zz"), Access::Public);
}

}  // namespace
}  // namespace hearth::gateway
