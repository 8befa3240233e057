#include "memory/live/imap_values.h"

#include <gtest/gtest.h>

namespace hearth::memory::live {
namespace {

TEST(Imap, ReadsAResponseWithLiterals) {
  std::vector<std::string> literals = {"two\r\nlines"};
  const auto values = parse_imap(R"(* 12 FETCH (UID 7 FLAGS (\Seen) BODY[HEADER.FIELDS (DATE)] {10} X "a \"q\"" NIL))", literals);
  ASSERT_TRUE(values.has_value());
  ASSERT_EQ(values->size(), 4u);
  EXPECT_EQ(number_of((*values)[1]), 12u);
  EXPECT_TRUE(is_word((*values)[2], "fetch"));
  const auto& items = (*values)[3].items;
  ASSERT_EQ(items.size(), 9u);
  EXPECT_EQ(items[4].text, "BODY[HEADER.FIELDS (DATE)]");
  EXPECT_EQ(items[5].text, "two\r\nlines");
  EXPECT_EQ(items[7].text, "a \"q\"");
  EXPECT_EQ(items[8].text, "");
}

TEST(Imap, RefusesWhatIsNoResponse) {
  std::vector<std::string> none;
  EXPECT_FALSE(parse_imap("* (a", none).has_value());
  EXPECT_FALSE(parse_imap("* )", none).has_value());
  EXPECT_FALSE(parse_imap("* \"a", none).has_value());
  EXPECT_FALSE(parse_imap("* {5}", none).has_value());
  EXPECT_FALSE(parse_imap(std::string(100, '('), none).has_value());
  EXPECT_EQ(literal_after("* 1 FETCH (BODY[] {42}"), 42u);
  EXPECT_FALSE(literal_after("{}").has_value());
  EXPECT_FALSE(literal_after("{99999999999999999999999}").has_value());
}

TEST(Imap, NamesFoldersInModifiedUtf7) {
  for (const auto& [utf8, name] : std::vector<std::pair<std::string, std::string>>{
           {"INBOX", "INBOX"}, {"R&D", "R&-D"}, {"Entwürfe", "Entw&APw-rfe"}, {"已发送", "&XfJT0ZAB-"}, {"a😀b", "a&2D3eAA-b"}}) {
    EXPECT_EQ(folder_from_utf8(utf8), name);
    EXPECT_EQ(folder_to_utf8(name), utf8);
  }
  EXPECT_EQ(folder_to_utf8("a&b"), "a&b");
}

TEST(Imap, KeepsSetsOfNumbers) {
  UidSet set;
  for (const std::uint32_t uid : {5u, 1u, 2u, 9u, 3u, 4294967295u, 4u}) set.add(uid);
  EXPECT_EQ(set.text(), "1:5,9,4294967295");
  EXPECT_EQ(set.size(), 7u);
  EXPECT_TRUE(set.contains(3) && set.contains(9) && !set.contains(6) && !set.contains(0));
  set.add(2, 8);
  EXPECT_EQ(set.text(), "1:9,4294967295");
  EXPECT_EQ(UidSet::parse(set.text()).text(), set.text());
  EXPECT_EQ(UidSet::parse("x,3,7:5,,1:z").text(), "3,5:7");
}

}  // namespace
}  // namespace hearth::memory::live
