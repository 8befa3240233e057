#include "memory/schema.h"

#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

TEST(Rows, StandForPassages) {
  for (const std::int64_t item : {1LL, 2LL, 1'000'000LL, 1LL << 40}) {
    for (const std::int64_t number : {0LL, 1LL, 63LL, 64LL, 65LL, 65534LL}) {
      const auto passage = first_passage(item) + number;
      EXPECT_EQ(passage_of_row(row_of_passage(passage)), passage) << item << " " << number;
    }
  }
}

TEST(Rows, KeepTheOrderOfItems) {
  EXPECT_LT(row_of_passage(first_passage(7)), row_of_passage(first_passage(7) + 63));
  EXPECT_LT(row_of_passage(first_passage(7) + 63), row_of_passage(first_passage(8)));
  EXPECT_LT(row_of_passage(first_passage(8) + 64), row_of_passage(first_passage(1)));
  EXPECT_LT(row_of_passage(first_passage(7) + 64), row_of_passage(first_passage(7) + 65));
  EXPECT_LT(row_of_passage(first_passage(7) + 65), row_of_passage(first_passage(8) + 64));
}

}  // namespace
}  // namespace hearth::memory
