#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "memory/text/passages.h"

namespace hearth::memory {

// A word of a text, of Latin letters without accents and digits.
struct Word {
  std::string text;  // in lower case
  Span span;
  bool capital = false;  // it begins with a capital letter
};
std::vector<Word> words_of(std::string_view text);

}  // namespace hearth::memory
