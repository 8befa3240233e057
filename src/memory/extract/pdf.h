#pragma once
#include "memory/extract/paper.h"

namespace hearth::memory::extract {

// PDF (ISO 32000), through poppler. Pages in their order, each a page of the item.
bool is_pdf(const Probe& probe);
Result<> read_pdf_file(const Request& request, const Input& input, Sink& sink);

// Loads what PDF files leave to whoever shows them. Once, before the sandbox closes the file system.
void prepare_pdf();

}  // namespace hearth::memory::extract
