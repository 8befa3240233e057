#include "base/ascii.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Ascii, LeavesOtherLettersAsTheyAre) {
  EXPECT_EQ(lower("Ärger IN Köln 茶"), "Ärger in köln 茶");
  EXPECT_EQ(upper("straße z{"), "STRAßE Z{");
}

TEST(Ascii, TrimsWhiteSpaceAtTheEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Ascii, MakesOneLine) { EXPECT_EQ(one_line("\n a\r\n\tb  c "), "a b c"); }

}  // namespace
}  // namespace hearth
