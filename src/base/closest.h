#pragma once
#include <span>
#include <string>
#include <string_view>

namespace hearth {

// Of `known`, what was most likely meant by a mistyped word: the one with the fewest letters added, left out, changed or
// swapped with the next. "" when none is near.
std::string closest(std::string_view word, std::span<const std::string> known);

}  // namespace hearth
