#pragma once
#include <string_view>

namespace hearth::memory {

// Whether a term, as the index has it, says nothing about what a text is about.
bool is_stop_term(std::string_view term);

}  // namespace hearth::memory
