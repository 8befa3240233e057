#pragma once
#include "memory/extract/paper.h"

namespace hearth::memory::extract {

// PDF (ISO 32000), through poppler. Pages in their order, each a page of the paper; one that was scanned is drawn and read.
Result<Paper> read_pdf(const Input& input, Sink& sink);

// Loads what PDF files leave to whoever shows them. Once, before the sandbox closes the file system.
void prepare_pdf();

}  // namespace hearth::memory::extract
