#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::memory {

// One code point of UTF-8 text.
struct CodePoint {
  std::int32_t value = -1;  // -1: a byte that is no UTF-8
  std::size_t length = 1;   // in bytes
};

// The code point at `at`, which is inside `text`.
CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& text, std::int32_t code_point);
// `text` with what is no UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);
std::size_t count_code_points(std::string_view text);

// Letters of scripts written without spaces between words.
bool is_unspaced(std::int32_t code_point);
// Han characters, kana, bopomofo and their punctuation.
bool is_han(std::int32_t code_point);
// Letters, digits and the marks that belong to them.
bool is_word(std::int32_t code_point);
bool is_digit(std::int32_t code_point);

// A code point without case, accents and compatibility form: up to four code points, `count` 0 when nothing is left.
struct Folded {
  std::array<std::int32_t, 4> values{};
  std::size_t count = 0;
};
Folded fold(std::int32_t code_point);

// The whole text folded: for comparisons by eye and by names.
std::string folded(std::string_view text);

}  // namespace hearth::memory
