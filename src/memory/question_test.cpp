#include "memory/question.h"

#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

TEST(QuestionTest, KnowsWhatIsWanted) {
  EXPECT_EQ(wanted_by("who repaired the boiler?"), Wanted::Person);
  EXPECT_EQ(wanted_by("what was his name?"), Wanted::Name);
  EXPECT_EQ(wanted_by("how long does it take?"), Wanted::Duration);
  EXPECT_EQ(wanted_by("when does it start?"), Wanted::Time);
  EXPECT_EQ(wanted_by("how many eggs?"), Wanted::Number);
  EXPECT_EQ(wanted_by("how much did it cost?"), Wanted::Price);
  EXPECT_EQ(wanted_by("what is ann's phone number?"), Wanted::Telephone);
  EXPECT_EQ(wanted_by("what colour is it?"), Wanted::Colour);
  EXPECT_EQ(wanted_by("律师叫什么？"), Wanted::Name);
  EXPECT_EQ(wanted_by("谁是律师？"), Wanted::Person);
  EXPECT_EQ(wanted_by("炖多久？"), Wanted::Duration);
  EXPECT_EQ(wanted_by("放多少糖？"), Wanted::Number);
  EXPECT_EQ(wanted_by("在哪里开？"), Wanted::Place);
  EXPECT_EQ(wanted_by("what is it about?"), Wanted::Anything);
}

TEST(QuestionTest, SeesTheFormOfAnAnswer) {
  EXPECT_EQ(has_form(Wanted::Name, "The plumber, Mr Okafor, came on Tuesday.", "What is the plumber's name?"), 1);
  EXPECT_EQ(has_form(Wanted::Name, "We saw Bob on Tuesday.", "What is Bob's name?"), 1) << "we are somebody";
  EXPECT_EQ(has_form(Wanted::Name, "The friend of Bob came on Tuesday.", "What is the name of Bob's friend?"), 0) << "no new name";
  EXPECT_EQ(has_form(Wanted::Duration, "小火炖一个小时。", ""), 1);
  EXPECT_EQ(has_form(Wanted::Duration, "Let it rest for twenty minutes.", ""), 1);
  EXPECT_EQ(has_form(Wanted::Duration, "Add 20 g of salt.", ""), 0);
  EXPECT_EQ(has_form(Wanted::Number, "买两箱牛奶", ""), 1);
  EXPECT_EQ(has_form(Wanted::Price, "It was 80 euros.", ""), 1);
  EXPECT_LT(has_form(Wanted::Price, "It was 80.", ""), 1);
  EXPECT_EQ(has_form(Wanted::Telephone, "Call 030 555 01.", ""), 1);
  EXPECT_EQ(has_form(Wanted::Telephone, "He charged 180 euros in 2024.", ""), 0);
  EXPECT_EQ(has_form(Wanted::Time, "It opens at 9:30.", ""), 1);
  EXPECT_LT(has_form(Wanted::Time, "It needs 2 towels.", ""), 1);
}

TEST(QuestionTest, TellsQuestionsApart) {
  EXPECT_TRUE(asks_for_something("律师叫什么？"));
  EXPECT_FALSE(asks_for_something("Did you call grandma?"));
  EXPECT_FALSE(asks_for_something("What a day!"));
  EXPECT_TRUE(asks_whether("is the hotel booked?"));
  EXPECT_TRUE(asks_whether("票买了吗？"));
  EXPECT_FALSE(asks_whether("who is it?"));
  EXPECT_TRUE(asks_what_was_said("what did liz write in june?"));
  EXPECT_FALSE(asks_what_was_said("what did liz buy?"));
}

TEST(QuestionTest, FindsTheVerbThatMayBeSaidOtherwise) {
  const std::string_view question = "Which worktop did Bob Keller choose?";
  EXPECT_EQ(loose_verb(question), question.find("choose"));
  EXPECT_EQ(loose_verb("Who chose the worktop?"), std::string_view::npos) << "who did what cannot be told otherwise";
  EXPECT_EQ(loose_verb("Where is the worktop?"), std::string_view::npos);
}

TEST(QuestionTest, FindsWhatAndWhomItIsAbout) {
  EXPECT_EQ(thing_asked_for("Which hotel did she book?"), 6U);
  EXPECT_EQ(thing_asked_for("What did she book?"), std::string_view::npos);
  EXPECT_EQ(whom_it_is_about("Is Anna allergic to nuts?"), 3U);
  EXPECT_EQ(whom_it_is_about("Is the hotel in Paris booked?"), std::string_view::npos);
}

}  // namespace
}  // namespace hearth::memory
