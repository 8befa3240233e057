#include "memory/asked_words.h"

#include <gtest/gtest.h>

#include <filesystem>


namespace hearth::memory {
namespace {

// The table that the build made; the tests of WordVectors write one of their own.
std::unique_ptr<const WordVectors> built_table() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  auto table = WordVectors::open(program.parent_path() / "../../words.vec");
  return table ? *std::move(table) : nullptr;
}

class AskedWordsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!vectors_) GTEST_SKIP() << "build/words.vec was not made: scripts/build.sh words";
  }
  std::unique_ptr<const WordVectors> vectors_ = built_table();
};

TEST_F(AskedWordsTest, WhatMeansAlikeIsNearerThanWhatDoesNot) {
  const auto query = read_question("Which instruments does Ann play?");
  AskedWords asked(*vectors_, query);
  ASSERT_TRUE(asked.known());
  const auto violin = asked.read("My violin teacher wants me to practise every evening.");
  const auto boiler = asked.read("The boiler is serviced in May.");
  EXPECT_GT(asked.alike(violin.sum), asked.alike(boiler.sum) + 0.1);
}

TEST_F(AskedWordsTest, TheLikestSentenceCountsWhateverStandsBesideIt) {
  const auto query = read_question("What musical instruments are there?");
  AskedWords asked(*vectors_, query);
  const auto alone = asked.read("She plays the clarinet.");
  const auto among = asked.read("It rained all day in the mountains and the tent was wet. She plays the clarinet. The car needs new tyres!");
  EXPECT_DOUBLE_EQ(alone.best_sentence, among.best_sentence);
  EXPECT_GT(among.best_sentence, asked.alike(among.sum));
}

TEST_F(AskedWordsTest, NearestIsByTerm) {
  const auto query = read_question("boiler music");
  AskedWords asked(*vectors_, query);
  const auto heard = asked.read("We heard some jazz.");
  ASSERT_EQ(heard.nearest.size(), query.terms.size());
  EXPECT_EQ(heard.nearest[0], 0);
  EXPECT_GT(heard.nearest[1], 0.5);
}

TEST_F(AskedWordsTest, NamesAreCapitalsWithinASentence) {
  const auto query = read_question("music");
  AskedWords asked(*vectors_, query);
  EXPECT_EQ(asked.read("Yesterday we met Rosa in Lisbon. Then we slept.").names, 2);
  EXPECT_EQ(asked.read("").names, 0);
}

TEST_F(AskedWordsTest, AQueryOfNoKnownWordIsNotKnown) {
  const auto query = read_question("什么时候开会");
  EXPECT_FALSE(AskedWords(*vectors_, query).known());
}

}  // namespace
}  // namespace hearth::memory
