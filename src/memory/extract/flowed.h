#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

enum class SoftBreak { Space, Nothing };  // what stands where a line was broken softly; Nothing is "DelSp=yes"

// The paragraphs of a text that is "format=flowed" (RFC 3676). Quoted ones begin with their '>'; a line of the author's own
// that begins with '>' keeps the space before it, which says so.
std::string read_flowed(std::string_view text, SoftBreak soft_break);

}  // namespace hearth::memory::extract
