#include "kernel/guard.h"

#include "kernel/grant.h"

#include <gtest/gtest.h>

namespace hearth::kernel {
namespace {

using Kind = Principal::Kind;

// Every question there is: whatever is asked, the table answers, and never loosely.
TEST(Guard, AnswersEveryQuestionSafely) {
  for (const auto caller : {Kind::Anyone, Kind::Person, Kind::App, Kind::Run, Kind::Device, Kind::Peer, Kind::System}) {
    for (const auto effect : {Effect::Read, Effect::Write, Effect::Admin, Effect::Send, Effect::Spend}) {
      for (int bits = 0; bits < 16; ++bits) {
        const Question question{caller, effect, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
        const auto verdict = decide(question).verdict;
        const bool own = caller == Kind::Anyone || caller == Kind::Person || caller == Kind::System;
        const bool leaves = effect == Effect::Send || effect == Effect::Spend;
        if (!question.covered) EXPECT_NE(verdict, Verdict::Allow);
        if (!own && leaves && !question.cleared) EXPECT_EQ(verdict, Verdict::Deny);
        if (!own && leaves && question.untrusted && !question.after_untrusted) EXPECT_NE(verdict, Verdict::Allow);
        if (own) EXPECT_EQ(verdict, question.covered ? Verdict::Allow : Verdict::Deny);
        if (verdict == Verdict::Ask) EXPECT_FALSE(own);
      }
    }
  }
}

TEST(Guard, AsksForARunWithoutAGrantAndDeniesAnApp) {
  EXPECT_EQ(decide({Kind::Run, Effect::Write, false, true, false, false}).verdict, Verdict::Ask);
  EXPECT_EQ(decide({Kind::App, Effect::Write, false, true, false, false}).verdict, Verdict::Deny);
}

TEST(Guard, LetsAGrantForUntrustedDataPass) {
  EXPECT_EQ(decide({Kind::Run, Effect::Send, true, true, true, false}).verdict, Verdict::Ask);
  EXPECT_EQ(decide({Kind::Run, Effect::Send, true, true, true, true}).verdict, Verdict::Allow);
}

TEST(Label, JoinsToTheMoreConfidentialAndLessTrusted) {
  const Label mine{Confidentiality::Private, "a", Integrity::Owner};
  const Label mail{Confidentiality::Household, "a", Integrity::Untrusted};
  EXPECT_EQ(join(mine, mail), (Label{Confidentiality::Private, "a", Integrity::Untrusted}));
  EXPECT_EQ(join(mine, {Confidentiality::Public, "b", Integrity::Known}).owner, "");
}

TEST(Pattern, MatchesWholeNames) {
  EXPECT_TRUE(matches_pattern("files.*", "files.list"));
  EXPECT_FALSE(matches_pattern("files.*", "files"));
  EXPECT_FALSE(matches_pattern("files", "files.list"));
  EXPECT_TRUE(matches_pattern("files:/Documents/**", "files:/Documents/a/b"));
  EXPECT_FALSE(matches_pattern("files:/Documents/**", "files:/Documents2/a"));
  EXPECT_FALSE(matches_pattern("files:/Documents/*", "files:/Documents/a/b"));
  EXPECT_TRUE(matches_pattern("**", "anything.at/all"));
}

}  // namespace
}  // namespace hearth::kernel
