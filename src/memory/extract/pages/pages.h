#pragma once

namespace hearth::memory::extract {

// Makes poppler and tesseract this program's page reader (memory/extract/page_reader.h). Once, before the sandbox closes the
// file system.
void prepare_pages();

}  // namespace hearth::memory::extract
