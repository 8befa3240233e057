#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>

// Character classes and comparisons of HTTP's grammar (RFC 9110 §5.6). Plain ASCII: no locale, no allocation.
namespace hearth::gateway {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Compares without case; `lower` is lower case already.
constexpr bool equals_lower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (to_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

constexpr bool starts_with_lower(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && equals_lower(text.substr(0, lower.size()), lower);
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

namespace ascii_detail {
struct Table {
  bool token[256] = {};
  bool target[256] = {};  // visible ASCII except '#'
  bool value[256] = {};   // visible, obs-text, space, tab
};
constexpr Table make_table() {
  Table table;
  for (int c = '0'; c <= '9'; ++c) table.token[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) table.token[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table.token[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table.token[static_cast<unsigned char>(c)] = true;
  for (int c = 0x21; c < 0x7f; ++c) table.target[c] = c != '#';
  for (int c = 0x20; c < 256; ++c) table.value[c] = c != 0x7f;
  table.value['\t'] = true;
  return table;
}
inline constexpr Table kTable = make_table();
}  // namespace ascii_detail

constexpr bool is_token(char c) { return ascii_detail::kTable.token[static_cast<unsigned char>(c)]; }
constexpr bool is_target(char c) { return ascii_detail::kTable.target[static_cast<unsigned char>(c)]; }
constexpr bool is_field_value(char c) { return ascii_detail::kTable.value[static_cast<unsigned char>(c)]; }

// How many of the first bytes may stand in a field's value. Eight at a time: this is where a head's time goes.
inline std::size_t field_value_length(std::string_view text) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255;  // 0x01 in each byte
  std::size_t length = 0;
  for (; length + 8 <= text.size(); length += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + length, sizeof(word));
    const auto below_space = (word - kOnes * 0x20) & ~word;
    const auto flipped = word ^ kOnes * 0x7f;
    const auto del = (flipped - kOnes) & ~flipped;
    if ((below_space | del) & kOnes * 0x80) break;
  }
  while (length < text.size() && is_field_value(text[length])) ++length;
  return length;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Calls `each` with every element of a comma-separated list (RFC 9110 §5.6.1), trimmed, empty ones left out.
template <typename F>
constexpr void for_each_element(std::string_view list, F each) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto element = trim(list.substr(0, comma));
    if (!element.empty()) each(element);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace hearth::gateway
