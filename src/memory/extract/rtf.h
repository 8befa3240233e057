#pragma once
#include "memory/extract/paper.h"

namespace hearth::memory::extract {

// Rich Text Format 1.9. Whatever the nesting of its groups, and however it ends: there is no input that fails.
Paper read_rtf(std::string_view bytes);

bool is_rtf(const Probe& probe);
Result<> read_rtf_file(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
