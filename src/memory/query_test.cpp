#include "memory/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

std::vector<std::string> terms(const Query& query) {
  std::vector<std::string> found;
  for (const auto& term : query.terms) found.push_back(term.phrase ? term.text : term.term);
  return found;
}

TEST(Query, LeavesOutWhatSaysNothing) {
  EXPECT_THAT(terms(read_query("the boiler of my house", Typing::Finished)), ElementsAre("boiler", "hous"));
  EXPECT_THAT(terms(read_query("who is he", Typing::Finished)), ElementsAre("who", "is", "he"));  // nothing else is there
  EXPECT_THAT(terms(read_question("When did Ann buy a car?")), ElementsAre("ann", "buy", "car"));
}

TEST(Query, ReadsChineseQuestions) {
  EXPECT_THAT(terms(read_question("什么时候在北京大学开会？")), Not(Contains("什么")));
  EXPECT_THAT(terms(read_question("什么时候在北京大学开会？")), Contains("大学"));
  EXPECT_TRUE(read_question("谁买了车？").chinese);
  EXPECT_FALSE(read_question("Who is 张三?").chinese);
}

TEST(Query, FindsOtherForms) {
  const auto query = read_question("When did Ann buy a car?");
  EXPECT_EQ(query.terms[1].forms.at(0).text, "bought");
}

TEST(Query, KeepsAddressesTogetherAndQuotesSafe) {
  EXPECT_THAT(terms(read_query("ann.lee@example.com", Typing::Finished)),
              ElementsAre("ann.lee@example.com", "ann", "lee", "exampl", "com"));
  const auto query = read_query("\"two words\" third", Typing::Finished);
  EXPECT_THAT(query.required, ElementsAre("\"two words\""));
  EXPECT_THAT(terms(query), ElementsAre("two", "word", "third"));
  EXPECT_EQ(fts_string("a\"b"), "\"a\"\"b\"");
}

TEST(Query, KeepsTheWordsOfWhatHasNoOthers) {
  EXPECT_THAT(terms(read_query("AT&T", Typing::Finished)), ElementsAre("AT&T", "at", "t"));
}

TEST(Query, LeavesOutWhatAMinusStandsBefore) {
  const auto query = read_query("oak -beech", Typing::Finished);
  EXPECT_THAT(terms(query), ElementsAre("oak"));
  EXPECT_EQ(query.excluded, "beech");
  EXPECT_THAT(terms(read_query("-beech", Typing::Finished)), ElementsAre("beech"));  // it asks for something
  EXPECT_EQ(read_query("at -5 degrees", Typing::Finished).excluded, "");
}

TEST(Query, KnowsWhenOnlyWhoAndWhenIsAsked) {
  const Moment now{Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 25)), 0};
  EXPECT_TRUE(read_query("photos from last week", Typing::Finished, now).only_around());
  EXPECT_TRUE(read_query("昨天的消息", Typing::Finished, now).only_around());
  EXPECT_FALSE(read_query("boiler last week", Typing::Finished, now).only_around());
  EXPECT_FALSE(read_query("photos", Typing::Finished, now).only_around());
}

TEST(Query, TheLastWordMayGoOn) {
  EXPECT_TRUE(read_query("boiler rep", Typing::Going).terms.back().prefix);
  EXPECT_FALSE(read_query("boiler rep ", Typing::Going).terms.back().prefix);
  EXPECT_FALSE(read_query("boiler rep", Typing::Finished).terms.back().prefix);
  EXPECT_TRUE(read_query("机", Typing::Finished).terms.back().prefix);
}

TEST(Query, ReadsTheTimeThatIsAskedFor) {
  const auto time = [](std::string_view text) {
    const auto asked = read_question(text).time;
    return std::vector{asked.year, asked.month, asked.day};
  };
  EXPECT_THAT(time("What happened on May 23, 2023?"), ElementsAre(2023, 5, 23));
  EXPECT_THAT(time("Where was Ann in June?"), ElementsAre(0, 6, 0));
  EXPECT_THAT(time("2023年8月5日去了哪里？"), ElementsAre(2023, 8, 5));
  EXPECT_THAT(time("Who may come?"), ElementsAre(0, 0, 0));
  EXPECT_THAT(time("Where is NL-2024-00817?"), ElementsAre(0, 0, 0));
  EXPECT_THAT(time("How was the marching band in 2022?"), ElementsAre(2022, 0, 0));
}

}  // namespace
}  // namespace hearth::memory
