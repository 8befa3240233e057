#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Pictures: JPEG, PNG, WebP, TIFF, HEIC and AVIF. Time, place and camera from their Exif block, or the time from their name;
// the text in them where tesseract is installed (ocr.h), except in HEIC and AVIF.
bool is_photo(const Probe& probe);
Result<> read_photo(const Request& request, const Input& input, Sink& sink);

// The Exif block of a picture, a TIFF structure; "" without one.
std::string find_exif(const Input& input);

}  // namespace hearth::memory::extract
