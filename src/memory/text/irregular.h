#pragma once
#include <string_view>
#include <vector>

namespace hearth::memory {

// The other forms of an irregular English word (lower case), which no stemmer connects: "go" and "gone" for "went",
// "children" for "child". None for other words.
std::vector<std::string_view> irregular_forms(std::string_view word);

}  // namespace hearth::memory
