#include "memory/text/unicode.h"

#include <utf8proc.h>

namespace hearth::memory {
namespace {

struct Range {
  std::int32_t first;
  std::int32_t last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::int32_t code_point) {
  for (const auto& range : ranges) {
    if (code_point >= range.first && code_point <= range.last) return true;
  }
  return false;
}

// Unicode 15, Blocks.txt.
constexpr std::array<Range, 9> kHan = {{{0x4E00, 0x9FFF},    // CJK unified ideographs
                                        {0x3400, 0x4DBF},    // extension A
                                        {0x2E80, 0x2FDF},    // radicals
                                        {0x3005, 0x3007},    // iteration mark, closing mark, zero
                                        {0x3021, 0x3029},    // Hangzhou numerals
                                        {0x3041, 0x3096},    // hiragana
                                        {0x309D, 0x312F},    // iteration marks, katakana, bopomofo
                                        {0x31F0, 0x31FF},    // katakana extensions
                                        {0x20000, 0x3FFFF}}};  // supplementary and tertiary ideographic planes
constexpr std::array<Range, 7> kOtherUnspaced = {{{0xAC00, 0xD7A3},    // hangul syllables
                                                  {0x1100, 0x11FF},    // hangul jamo
                                                  {0x3130, 0x318F},    // hangul compatibility jamo
                                                  {0x0E01, 0x0EFF},    // Thai, Lao
                                                  {0x1000, 0x109F},    // Myanmar
                                                  {0x1780, 0x17FF},    // Khmer
                                                  {0xF900, 0xFAFF}}};  // compatibility ideographs
constexpr std::int32_t kKatakanaMiddleDot = 0x30FB;

// Marks that readers leave out when they type: accents of Latin, Greek and Cyrillic, Hebrew and Arabic vowel signs.
bool is_dropped_mark(std::int32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0591 && c <= 0x05C7) || (c >= 0x064B && c <= 0x065F) || c == 0x0670 ||
         (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF);
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  utf8proc_int32_t value = -1;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  if (length <= 0) return {-1, 1};
  return {value, static_cast<std::size_t>(length)};
}

void append_utf8(std::string& text, std::int32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(code_point, bytes.data());
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    if (c.value < 0) {
      valid += "\xEF\xBF\xBD";
    } else {
      valid.append(text, at, c.length);
    }
    at += c.length;
  }
  return valid;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

bool is_han(std::int32_t code_point) { return code_point != kKatakanaMiddleDot && within(kHan, code_point); }

bool is_unspaced(std::int32_t code_point) {
  if (code_point < 0x0E01) return false;
  if (is_han(code_point)) return true;
  return within(kOtherUnspaced, code_point) && is_word(code_point);
}

bool is_word(std::int32_t code_point) {
  if (code_point < 0x80) {
    return (code_point >= 'a' && code_point <= 'z') || (code_point >= 'A' && code_point <= 'Z') || is_digit(code_point);
  }
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

bool is_digit(std::int32_t code_point) { return code_point >= '0' && code_point <= '9'; }

Folded fold(std::int32_t code_point) {
  Folded result;
  if (code_point < 0x80) {
    result.values[0] = code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
    result.count = 1;
    return result;
  }
  // Hangul syllables and full-width kana would fall apart into pieces that a compatibility decomposition makes of them.
  const bool keep = (code_point >= 0xAC00 && code_point <= 0xD7A3) || (code_point >= 0x3041 && code_point <= 0x30FF);
  if (keep) {
    result.values[0] = code_point;
    result.count = 1;
    return result;
  }
  std::array<utf8proc_int32_t, 32> decomposed{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(
      code_point, decomposed.data(), decomposed.size(),
      static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE), &boundary);
  if (count < 0 || static_cast<std::size_t>(count) > decomposed.size()) {
    result.values[0] = code_point;
    result.count = 1;
    return result;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count) && result.count < result.values.size(); ++i) {
    if (!is_dropped_mark(decomposed[i])) result.values[result.count++] = decomposed[i];
  }
  return result;
}

std::string folded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    at += c.length;
    if (c.value < 0) continue;
    const auto f = fold(c.value);
    for (std::size_t i = 0; i < f.count; ++i) append_utf8(result, f.values[i]);
  }
  return result;
}

}  // namespace hearth::memory
