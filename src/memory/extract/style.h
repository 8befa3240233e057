#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

// The value that a style attribute gives to a property, in lower case; empty when none.
std::string declared(std::string_view style, std::string_view property);

enum class FontSize { Inherited, None, Some };  // a share of the inherited one counts as that

// What a style attribute says of the size of text ("font-size", "font").
FontSize font_size(std::string_view style);

}  // namespace hearth::memory::extract
