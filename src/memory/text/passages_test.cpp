#include "memory/text/passages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hearth::memory {
namespace {

using testing::ElementsAre;

std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& span : sentences(text)) found.emplace_back(text.substr(span.start, span.end - span.start));
  return found;
}

TEST(Sentences, EndAtFullStopsButNotInsideAbbreviations) {
  EXPECT_THAT(cut("Dr. Lee met J. Smith at 3.30 p.m. yesterday, e.g. in Graz. \"Really?\" he said. Yes!"),
              ElementsAre("Dr. Lee met J. Smith at 3.30 p.m. yesterday, e.g. in Graz.", "\"Really?\" he said.", "Yes!"));
}

TEST(Sentences, EndAtChinesePunctuation) {
  EXPECT_THAT(cut("你好。我叫小明！她说：“好吗？”然后走了"), ElementsAre("你好。", "我叫小明！", "她说：“好吗？”", "然后走了"));
}

TEST(Sentences, SurviveWrappedLinesButNotBlankOnesAndLists) {
  EXPECT_THAT(cut("Hello Tom,\n\nthis line is wrapped by the mail program here\nand goes on.\n- milk\n- bread\n# Title\nText"),
              ElementsAre("Hello Tom,", "this line is wrapped by the mail program here\nand goes on.", "- milk", "- bread",
                          "# Title", "Text"));
}

TEST(Passages, CoverTheTextWithoutGapOrOverlap) {
  std::string text = "  \n";
  for (int i = 0; i < 300; ++i) text += "Sentence number " + std::to_string(i) + " has seven words.\n" + (i % 10 == 0 ? "\n" : "");
  text += std::string(10'000, 'x') + "没有空格的中文句子";
  for (int i = 0; i < 500; ++i) text += "长";
  const auto found = passages(text);
  ASSERT_GT(found.size(), 8u);
  std::size_t at = 0;
  for (const auto& span : found) {
    EXPECT_EQ(span.start, at);
    EXPECT_LT(span.end - span.start, 4000u);
    at = span.end;
  }
  EXPECT_EQ(at, text.size());
}

TEST(Passages, AShortTextIsOne) {
  EXPECT_THAT(passages("Just a line."), ElementsAre(Span{0, 12}));
  EXPECT_THAT(passages(" \n\t"), ElementsAre());
  EXPECT_THAT(passages(""), ElementsAre());
}

}  // namespace
}  // namespace hearth::memory
