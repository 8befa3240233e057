#pragma once
#include <string_view>
#include <vector>

namespace hearth::memory {

// The other forms of an irregular English word (lower case), which no stemmer connects: "go" and "gone" for "went",
// "children" for "child". Of a few hundred Chinese words of every day those that say the same: 母亲 for 妈妈. None for other
// words.
std::vector<std::string_view> irregular_forms(std::string_view word);

}  // namespace hearth::memory
