#include "memory/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

std::vector<std::string> kept(std::vector<Writer::Sentence> written) {
  const std::vector<Writer::Passage> passages{{"Boiler", "Ann Lee", "2026-05-08T09:00:00Z", "The plumber comes on Tuesday at 9 to repair the boiler."},
                                              {"会议", "", "", "我们星期三在北京大学开会。"}};
  std::vector<std::string> texts;
  for (const auto& sentence : sentences_that_hold(written, passages)) texts.push_back(sentence.text);
  return texts;
}

TEST(WrittenAnswer, KeepsWhatItsPassagesSay) {
  EXPECT_THAT(kept({{"The plumber repairs the boiler on Tuesday at 9.", {0}}}), testing::SizeIs(1));
  EXPECT_THAT(kept({{"会议星期三在北京大学。", {1}}}), testing::SizeIs(1));
}

TEST(WrittenAnswer, DropsWhatTheyDoNot) {
  EXPECT_THAT(kept({{"The plumber comes on Tuesday at 10.", {0}}}), testing::IsEmpty()) << "a number that is nowhere";
  EXPECT_THAT(kept({{"The plumber comes on Tuesday at 9.", {}}}), testing::IsEmpty()) << "cites nothing";
  EXPECT_THAT(kept({{"The plumber comes on Tuesday at 9.", {7}}}), testing::IsEmpty()) << "cites what is not there";
  EXPECT_THAT(kept({{"The plumber comes on Tuesday at 9.", {1}}}), testing::IsEmpty()) << "cites something else";
  EXPECT_THAT(kept({{"Paris is the capital of France.", {0}}}), testing::IsEmpty()) << "knows it from elsewhere";
}

}  // namespace
}  // namespace hearth::memory
