#include "memory/text/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

using testing::ElementsAre;
using Purpose = Tokenizer::Purpose;

std::vector<std::string> terms(std::string_view text, Purpose purpose = Purpose::Index) {
  Tokenizer tokenizer;
  std::vector<std::string> found;
  tokenizer.tokenize(text, purpose, [&](const Token& token) {
    found.emplace_back(token.term);
    return true;
  });
  return found;
}

// The pieces of the text that the terms came from.
std::vector<std::string> pieces(std::string_view text) {
  Tokenizer tokenizer;
  std::vector<std::string> found;
  tokenizer.tokenize(text, Purpose::Index, [&](const Token& token) {
    found.emplace_back(text.substr(token.start, token.end - token.start));
    return true;
  });
  return found;
}

TEST(Tokenizer, StemsAndFoldsEnglish) {
  EXPECT_THAT(terms("The runners were Running, quickly!"), ElementsAre("the", "runner", "were", "run", "quick"));
  EXPECT_THAT(terms("CAFÉ naïve Straße"), ElementsAre("cafe", "naiv", "strass"));
  EXPECT_THAT(terms("ＨＥＬＬＯ　ｗｏｒｌｄ ﬁne"), ElementsAre("hello", "world", "fine"));
}

TEST(Tokenizer, GivesOnlyWhatMayBegin) {
  Beginnings wanted;
  for (const auto* term : {"run", "die", "京大"}) wanted.add(term);
  std::vector<std::string> found;
  std::vector<std::size_t> places;
  const auto count = Tokenizer().tokenize("The dog's Running, dying; 北京大学 on Run's day 1,000", Purpose::Index, [&](const Token& token) {
    found.emplace_back(token.term);
    places.push_back(token.place);
    return true;
  }, &wanted);
  EXPECT_EQ(count, 12u);
  EXPECT_THAT(found, testing::IsSupersetOf({"run", "die", "京大", "run"}));
  EXPECT_THAT(places, testing::IsSupersetOf({2u, 3u, 5u, 9u}));
  EXPECT_THAT(found, testing::Not(testing::AnyOf(testing::Contains("the"), testing::Contains("on"), testing::Contains("1000"))));
}

TEST(Tokenizer, ReadsApostrophes) {
  EXPECT_THAT(terms("Caroline's O'Brien don’t 'quoted' dogs'"), ElementsAre("carolin", "obrien", "dont", "quot", "dog"));
}

TEST(Tokenizer, CutsAddressesLinksAndPaths) {
  EXPECT_THAT(terms("ann.lee@example.com"), ElementsAre("ann", "lee", "exampl", "com"));
  EXPECT_THAT(terms("https://a.example/x_y?q=1"), ElementsAre("https", "a", "exampl", "x", "y", "q", "1"));
  EXPECT_THAT(terms("/home/ann/2023-05-08.md"), ElementsAre("home", "ann", "2023", "05", "08", "md"));
}

TEST(Tokenizer, ReadsNumbers) {
  EXPECT_THAT(terms("1,000,000 and 3,14 in May,2023 iphone15"),
              ElementsAre("1000000", "and", "3", "14", "in", "may", "2023", "iphone15"));
}

TEST(Tokenizer, PairsUnspacedScripts) {
  EXPECT_THAT(terms("北京大学"), ElementsAre("北京", "京大", "大学", "学"));
  EXPECT_THAT(terms("北京大学", Purpose::Query), ElementsAre("北京", "京大", "大学"));
  EXPECT_THAT(terms("我", Purpose::Query), ElementsAre("我"));
  EXPECT_THAT(terms("学习C语言2023年"), ElementsAre("学习", "习", "c", "语言", "言", "2023", "年"));
  EXPECT_THAT(terms("你好，世界"), ElementsAre("你好", "好", "世界", "界"));
  EXPECT_THAT(terms("한국어"), ElementsAre("한국", "국어", "어"));
  EXPECT_THAT(terms("ｶﾞｷﾞ ガ"), ElementsAre("ガギ", "ギ", "ガ"));
  EXPECT_EQ(terms("か\u3099は\u309A"), terms("がぱ"));
  EXPECT_THAT(terms("𠮷野"), ElementsAre("𠮷野", "野"));
}

TEST(Tokenizer, OffsetsAreBytesOfTheText) {
  EXPECT_THAT(pieces("Ｈé北京x"), ElementsAre("Ｈé", "北京", "京", "x"));
  EXPECT_THAT(pieces("co\xC2\xAD" "operate it's"), ElementsAre("co\xC2\xAD" "operate", "it's"));
}

TEST(Tokenizer, TakesAnyBytes) {
  EXPECT_THAT(terms("a\xFF" "b\xE5\x8C c\xC0\x80"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(terms(""), ElementsAre());
  EXPECT_EQ(terms(std::string(1000, 'x')), std::vector{std::string(kLongestTerm, 'x')});
}

TEST(Tokenizer, StopsWhenAsked) {
  Tokenizer tokenizer;
  int seen = 0;
  tokenizer.tokenize("one two three", Purpose::Index, [&](const Token&) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace hearth::memory
