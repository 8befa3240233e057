#include "memory/latin_words.h"

#include "base/ascii.h"

namespace hearth::memory {
namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }

}  // namespace

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter_or_digit(text[at])) {
      ++at;
      continue;
    }
    const auto start = at;
    while (at < text.size() && is_letter_or_digit(text[at])) ++at;
    words.push_back({lower(text.substr(start, at - start)), {start, at}, text[start] >= 'A' && text[start] <= 'Z'});
  }
  return words;
}

}  // namespace hearth::memory
