#pragma once
#include <string>
#include <string_view>

#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Text in pictures, through tesseract, in English and Chinese. Its data is a package of its own: where that is not installed
// the functions give "", and pictures are items without text.

// Takes hold of tesseract's data. Once, before the sandbox closes the file system; cheap, since nothing is loaded yet.
void prepare_ocr();
bool ocr_available();

// The text in a picture file (JPEG, PNG, WebP, all pages of a TIFF); "" when there is none, or it cannot be decoded.
// `orientation` is Exif's: how the camera was held. What was taken sideways without a word of it is turned until it can be read.
// Fails only as the sink does, which is told that this takes a while.
Result<std::string> text_in_picture(std::string_view bytes, int orientation, Sink& sink);

// The text of a page that was drawn: 32 bits a pixel (blue, green, red, unused), rows of `stride` bytes.
struct Drawn {
  const char* pixels = nullptr;
  int width = 0;
  int height = 0;
  int stride = 0;
  int dots_per_inch = 0;
};
Result<std::string> text_in_page(const Drawn& page, Sink& sink);

}  // namespace hearth::memory::extract
