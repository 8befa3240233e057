#include "memory/finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

using testing::ElementsAre;

std::vector<std::string> found(std::string_view query_text, std::string_view text, Typing typing = Typing::Finished) {
  const auto query = read_query(query_text, typing);
  Finder finder(query);
  std::vector<std::string> words;
  finder.find(text, [&](const Match& match, double) { words.emplace_back(text.substr(match.span.start, match.span.end - match.span.start)); });
  return words;
}

TEST(Finder, MarksWholeWords) {
  EXPECT_THAT(found("walk", "She walked; a walk."), ElementsAre("walked", "walk"));
  EXPECT_THAT(found("har", "The harbour, not Zhar.", Typing::Going), ElementsAre("harbour"));
}

TEST(Finder, OfALoneCharacterNoMore) {
  EXPECT_THAT(found("茶", "我带茶和杯子。喝茶！"), ElementsAre("茶", "茶"));
  EXPECT_EQ(found("杯子", "我带茶和杯子。").front(), "杯子");
  auto query = read_query("花", Typing::Finished);
  query.terms[0].forms.push_back({"花瓶", "花瓶", 0.9});  // as the vocabulary adds them
  Finder finder(query);
  finder.find("花瓶", [](const Match& match, double) { EXPECT_EQ(match.span.end, std::string_view("花").size()); });
}

}  // namespace
}  // namespace hearth::memory
