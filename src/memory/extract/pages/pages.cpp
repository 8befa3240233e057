#include "memory/extract/pages/pages.h"

#include "memory/extract/page_reader.h"
#include "memory/extract/pages/ocr.h"
#include "memory/extract/pages/pdf.h"

namespace hearth::memory::extract {

void prepare_pages() {
  static constexpr PageReader kReader{read_pdf, text_in_picture, ocr_available};
  prepare_pdf();
  prepare_ocr();
  use_page_reader(kReader);
}

}  // namespace hearth::memory::extract
