#include "memory/extract/pages/pdf.h"

#include <poppler-document.h>
#include <poppler-global.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "memory/extract/pages/held_files.h"
#include "memory/extract/pages/ocr.h"

namespace hearth::memory::extract {
namespace {

constexpr int kMostPages = 20'000;
constexpr int kMostDrawnPages = 500;  // what is scanned beyond them stays a picture
constexpr double kDots = 250;         // per inch, of a page that is drawn to be read
constexpr double kMostDots = 10e6;    // of a page
constexpr int kSecondsToDraw = 20;
constexpr int kFewestLetters = 8;     // a page with fewer is a picture with a stamp

std::string utf8(const poppler::ustring& text) {
  const auto bytes = text.to_utf8();
  return {bytes.begin(), bytes.end()};
}

// A scanned page: drawn and read.
Result<std::string> read_drawn(const poppler::page& page, Sink& sink) {
  const auto size = page.page_rect();
  const auto area = size.width() * size.height() / 72 / 72;  // square inches
  if (!(area > 0.1) || !std::isfinite(area)) return "";
  const auto dots = std::min(kDots, std::sqrt(kMostDots / area));
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_argb32);
  const auto image = renderer.render_page(&page, dots, dots);
  if (!image.is_valid()) return "";
  return text_in_page({image.const_data(), image.width(), image.height(), image.bytes_per_row(), static_cast<int>(dots)}, sink);
}

bool has_letters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }) >= kFewestLetters;
}

}  // namespace

Result<Paper> read_pdf(const Input& input, Sink& sink) {
  const auto bytes = TRY(input.read_all());
  const std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (!document) return fail(Code::Corrupt, "It is no PDF file that can be read; it may have been cut off.");
  if (document->is_locked()) return fail(Code::Unsupported, "It is encrypted with a password.");
  Paper paper;
  paper.type = "application/pdf";
  paper.title = utf8(document->info_key("Title"));
  if (auto author = utf8(document->info_key("Author")); !author.empty()) paper.authors.push_back(std::move(author));
  auto time = document->info_date_t("ModDate");
  if (time <= 0) time = document->info_date_t("CreationDate");
  if (time > 0 && time < 1LL << 36) paper.time = Time(std::chrono::seconds(time));
  const int pages = std::min(document->pages(), kMostPages);
  int drawn = 0;
  for (int i = 0; i < pages; ++i) {
    if (i > 0) begin_page(paper);
    const std::unique_ptr<poppler::page> page(document->create_page(i));
    if (!page) continue;
    auto text = utf8(page->text(poppler::rectf(), poppler::page::non_raw_non_physical_layout));
    std::erase(text, '\f');  // of which poppler ends each page with one
    paper.pictures_unread = paper.pictures_unread || (!ocr_available() && !has_letters(text));
    if (ocr_available() && !has_letters(text) && drawn < kMostDrawnPages) {
      ++drawn;
      TRY(sink.more_time(kSecondsToDraw));
      if (auto read = TRY(read_drawn(*page, sink)); !read.empty()) text = std::move(read);
    }
    paper.text += text;
    if (paper.text.size() > kLargestText) return fail(Code::TooLarge, "Its text is too large.");
  }
  return paper;
}

void prepare_pdf() {
  hold_files("/usr/share/poppler/cMap");
  hold_files("/usr/share/poppler/cidToUnicode");
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  // As long as a document is open, poppler keeps the list of those files, which it makes with the first one.
  static const std::string_view kSmallest =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj trailer<</Root 1 0 R>>";
  static const std::unique_ptr<poppler::document> kept(poppler::document::load_from_raw_data(kSmallest.data(), static_cast<int>(kSmallest.size())));
}

}  // namespace hearth::memory::extract
