#include "gateway/ascii.h"

#include <string>

#include <gtest/gtest.h>

namespace hearth::gateway {
namespace {

// Every byte at every place, beside bytes that the eight-at-a-time comparison could confuse with it.
TEST(Ascii, FieldValueEndsWhereTheTableSays) {
  for (const char around : {'a', '\x20', '\x7e', '\x80', '\xff', '\t'}) {
    for (std::size_t length = 0; length <= 20; ++length) {
      for (std::size_t place = 0; place < length; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
          std::string text(length, around);
          text[place] = static_cast<char>(byte);
          ASSERT_EQ(field_value_length(text), is_field_value(text[place]) ? length : place) << byte << " at " << place;
        }
      }
    }
  }
  EXPECT_EQ(field_value_length("text/html\r\nHost: a"), 9u);
}

}  // namespace
}  // namespace hearth::gateway
