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
      for (int bits = 0; bits < 32; ++bits) {
        const Question question{caller,          effect,          (bits & 1) != 0, (bits & 2) != 0,
                                (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0};
        const auto verdict = decide(question).verdict;
        const bool own = caller == Kind::Anyone || caller == Kind::Person || caller == Kind::System;
        const bool leaves = effect == Effect::Send || effect == Effect::Spend;
        if (!question.covered) EXPECT_NE(verdict, Verdict::Allow);
        if (!own && !question.lendable) EXPECT_EQ(verdict, Verdict::Deny);
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
  EXPECT_TRUE(matches_pattern("", ""));
  EXPECT_FALSE(matches_pattern("", "a"));
  EXPECT_TRUE(matches_pattern("a***b", "a/b"));
}

// The rule as one would write it down, which takes exponential time.
bool matches_slowly(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  const bool across = pattern.starts_with("**");
  if (pattern.front() != '*') {
    return !name.empty() && pattern.front() == name.front() && matches_slowly(pattern.substr(1), name.substr(1));
  }
  if (matches_slowly(pattern.substr(across ? 2 : 1), name)) return true;
  return !name.empty() && (across || (name.front() != '/' && name.front() != '.')) && matches_slowly(pattern, name.substr(1));
}

// Every word of up to `longest` of these signs.
std::vector<std::string> words_of(std::string_view signs, std::size_t longest) {
  std::vector<std::string> words = {""};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].size() == longest) break;
    for (const char sign : signs) words.push_back(words[i] + sign);
  }
  return words;
}

TEST(Pattern, MeansTheSameHoweverItIsMatched) {
  for (const auto& pattern : words_of("*a/", 5)) {
    for (const auto& name : words_of("ab/", 4)) {
      ASSERT_EQ(matches_pattern(pattern, name), matches_slowly(pattern, name)) << pattern << " with " << name;
    }
  }
}

TEST(Pattern, OneThatMatchesInManyWaysTakesNoLonger) {
  std::string pattern = "files:/";
  for (int i = 0; i < 100; ++i) pattern += "**a*";
  EXPECT_FALSE(matches_pattern(pattern + "b", "files:/" + std::string(4000, 'a')));
  EXPECT_TRUE(matches_pattern(pattern, "files:/" + std::string(4000, 'a')));
}

}  // namespace
}  // namespace hearth::kernel
