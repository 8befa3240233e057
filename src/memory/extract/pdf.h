#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// PDF (ISO 32000), where there is a page reader.
bool is_pdf(const Probe& probe);
Result<> read_pdf_file(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
