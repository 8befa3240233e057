#pragma once
#include <string>
#include <string_view>

#include "memory/extract/paper.h"

namespace hearth::memory::extract {

// What reads pages and pictures, through poppler and tesseract (pages/). They bring half a hundred libraries, which take longer
// to load than a mail to read: hearth-extract does without them, and says so where an input needs them (Sink::needs_pages).
// hearthd then hands it to hearth-extract-pages, which is the same program with a page reader.
struct PageReader {
  // A PDF file, its pages in their order.
  Result<Paper> (*pdf)(const Input& input, Sink& sink);
  // The text in a picture file (JPEG, PNG, WebP, all pages of a TIFF); "" when there is none, or it cannot be decoded.
  // `orientation` is Exif's: how the camera was held. Fails only as the sink does, which is told that this takes a while.
  Result<std::string> (*picture)(std::string_view bytes, int orientation, Sink& sink);
  // Whether there is data to recognise text in pictures with: without it picture() gives "".
  bool (*recognises_text)();
};

// Once, before anything is read. Without it there is none.
void use_page_reader(const PageReader& reader);
const PageReader* page_reader();

}  // namespace hearth::memory::extract
