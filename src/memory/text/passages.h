#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace hearth::memory {

// Bytes [start, end) of a text.
struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

// The sentences of a text, English or Chinese, in order, without the white space around them. Headings, list entries and
// short lines count as sentences of their own.
std::vector<Span> sentences(std::string_view text);

// Cuts a text into searchable pieces of whole sentences, about 80 to 200 words each (a Chinese character counts half a
// word). The passages cover the text without gap or overlap; a text of white space has none.
std::vector<Span> passages(std::string_view text);

}  // namespace hearth::memory
