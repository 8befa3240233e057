#include "files/path.h"

#include <gtest/gtest.h>

#include "base/testing.h"

namespace hearth::files {
namespace {

struct PathCase {
  std::string given;
  std::string clean;  // "" refused
};

class CleanPath : public testing::TestWithParam<PathCase> {};

TEST_P(CleanPath, FollowsTheRule) {
  const auto clean = clean_path(GetParam().given);
  EXPECT_EQ(clean.value_or(""), GetParam().clean) << testing::PrintToString(GetParam().given);
  if (!clean) EXPECT_EQ(refusal(clean), Code::InvalidInput);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CleanPath,
    testing::Values(
        PathCase{"/", "/"}, PathCase{"/a", "/a"}, PathCase{"/a/b.txt", "/a/b.txt"}, PathCase{"/a/", "/a"},
        PathCase{"/文件/照片 1.jpg", "/文件/照片 1.jpg"}, PathCase{"/...", "/..."}, PathCase{"/.hidden", "/.hidden"},
        PathCase{"/a\\..\\b", "/a\\..\\b"},                        // a backslash is a letter like another
        PathCase{"/Cafe\u0301", "/Caf\u00e9"},                     // NFD comes in, NFC is kept
        PathCase{"/\u1100\u1161", "/\uac00"},                      // Hangul, composed
        PathCase{"/\u212b", "/\u00c5"},                            // the Ångström sign is the letter
        PathCase{"/\uff0e\uff0e/x", "/\uff0e\uff0e/x"},            // full-width dots stay what they are, no "..": not NFKC
        PathCase{"/\U0001F468\u200D\U0001F469", "/\U0001F468\u200D\U0001F469"},  // a joiner in an emoji
        PathCase{"", ""}, PathCase{"a", ""}, PathCase{"..", ""}, PathCase{"/..", ""}, PathCase{"/a/../b", ""},
        PathCase{"/a/..", ""}, PathCase{"/.", ""}, PathCase{"/a/./b", ""}, PathCase{"//", ""}, PathCase{"//a", ""},
        PathCase{"/a//b", ""}, PathCase{"/a//", ""}, PathCase{"//a/", ""}, PathCase{"/a\n", ""}, PathCase{std::string("/a\0b", 4), ""}, PathCase{"/\x7f", ""},
        PathCase{"/\u0085", ""}, PathCase{"/\u202egpj.exe", ""}, PathCase{"/\u2066", ""}, PathCase{"/\u2028", ""},
        PathCase{"/\ufeff", ""}, PathCase{"/\uffff", ""}, PathCase{"/\xff", ""}, PathCase{"/\xc0\xae\xc0\xae/a", ""},
        PathCase{"/\xed\xa0\x80", ""}, PathCase{"/" + std::string(255, 'a'), "/" + std::string(255, 'a')},
        PathCase{"/" + std::string(256, 'a'), ""}, PathCase{std::string(5000, '/'), ""}));

TEST(Path, TakesApartAndJoins) {
  EXPECT_EQ(path_parent("/a/b"), "/a");
  EXPECT_EQ(path_parent("/a"), "/");
  EXPECT_EQ(path_name("/a/b"), "b");
  EXPECT_EQ(path_name("/"), "");
  EXPECT_EQ(path_join("/", "a"), "/a");
  EXPECT_EQ(path_names("/a/b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(path_is_within("/a/b", "/a"));
  EXPECT_TRUE(path_is_within("/a", "/a"));
  EXPECT_FALSE(path_is_within("/ab", "/a"));
}

TEST(Path, SortsNaturally) {
  std::vector<std::string> names = {"中文", "img10.png", "Img2.png", "a", "B", "img1.png", "２", "100", "文件", "é", "7"};
  std::ranges::sort(names, natural_less);
  EXPECT_EQ(names, (std::vector<std::string>{"２", "7", "100", "a", "B", "é", "img1.png", "Img2.png", "img10.png", "中文",
                                             "文件"}));
}

TEST(Path, NumbersNames) {
  EXPECT_EQ(numbered_name("report.pdf", 2), "report (2).pdf");
  EXPECT_EQ(numbered_name("backup.tar.gz", 3), "backup (3).tar.gz");
  EXPECT_EQ(numbered_name("J. Smith", 2), "J. Smith (2)");
  EXPECT_EQ(numbered_name(".profile", 2), ".profile (2)");
  EXPECT_EQ(numbered_name("照片", 2), "照片 (2)");
  const auto longest = numbered_name(std::string(83, 'x') + std::string(57 * 3, 'y') + ".x", 2);
  EXPECT_LE(longest.size(), 255u);
  std::string chinese;
  for (int i = 0; i < 85; ++i) chinese += "中";
  EXPECT_TRUE(clean_name(numbered_name(chinese, 12)));
}

TEST(Path, FoldsForSearch) {
  EXPECT_EQ(fold("Ｒésumé"), "resume");
  EXPECT_EQ(fold("STRASSE"), fold("straße"));
  EXPECT_EQ(fold("文件"), "文件");
}

TEST(CleanName, NeedsSomethingThatCanBeSeen) {
  for (const auto* name : {" ", "\u200b", "\u3000\u200d", "\U000E0001", "\u00a0"}) EXPECT_EQ(refusal(clean_name(name)), Code::InvalidInput) << name;
  for (const auto* name : {"a\u200eb", "\u200fa", "a\u061c"}) EXPECT_EQ(refusal(clean_name(name)), Code::InvalidInput) << name;
  for (const auto* name : {"a b", "👨‍👩‍👧", "नमस्ते", "می‌خواهم"}) EXPECT_TRUE(clean_name(name).has_value()) << name;
}

}  // namespace
}  // namespace hearth::files
