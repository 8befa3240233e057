#include "memory/extract/pdf.h"

#include "memory/extract/page_reader.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kPdfHeaderWithin = 1024;  // ISO 32000-1, annex H.3.4.1

}  // namespace

bool is_pdf(const Probe& probe) { return probe.head.substr(0, kPdfHeaderWithin).find("%PDF-") != probe.head.npos; }

Result<> read_pdf_file(const Request& request, const Input& input, Sink& sink) {
  const auto* pages = page_reader();
  if (!pages) return sink.needs_pages();
  return read_paper_file(request, input, sink, pages->pdf);
}

}  // namespace hearth::memory::extract
