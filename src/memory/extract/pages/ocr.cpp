#include "memory/extract/pages/ocr.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr int kSecondsPerPage = 60;  // of processor time
constexpr int kSure = 80;            // confidence in a page or a line above which English alone is enough
constexpr int kUnsure = 45;          // and below which what was read is noise
constexpr std::int64_t kMostPixels = 12'000'000;
constexpr std::int64_t kMostPixelsDecoded = 60'000'000;
constexpr int kSmallestSide = 32;
constexpr int kTurn = 65;            // mean confidence below which a page may not be upright
constexpr int kFewestToTurn = 20;    // letters and figures that make it worth the time
constexpr int kMostLinesAgain = 40;  // of a page in English, which are read in Chinese too
constexpr int kMostPages = 500;      // of a TIFF
constexpr int kUsualDots = 300;

// A language's data, mapped: read when it is used.
struct Language {
  std::string_view name;
  std::string_view data;
};
std::vector<Language>& languages() {
  static std::vector<Language> found;
  return found;
}

bool give_data(const char* file, std::vector<char>* data) {
  const std::string_view path = file;
  const auto name = path.substr(path.rfind('/') + 1);
  for (const auto& language : languages()) {
    if (name == std::string(language.name) + ".traineddata") {
      data->assign(language.data.begin(), language.data.end());
      return true;
    }
  }
  return false;
}

struct FreePix {
  void operator()(Pix* pix) const { ::pixDestroy(&pix); }
};
using OwnedPix = std::unique_ptr<Pix, FreePix>;

// A reader for a language; null when its data is not there or broken.
tesseract::TessBaseAPI* reader_of(const char* language) {
  auto api = std::make_unique<tesseract::TessBaseAPI>();
  if (api->Init("/", 0, language, tesseract::OEM_LSTM_ONLY, nullptr, 0, nullptr, nullptr, false, give_data) != 0) return nullptr;
  api->SetPageSegMode(tesseract::PSM_AUTO);
  return api.release();  // for the rest of this process
}

bool has(std::string_view language) {
  return std::any_of(languages().begin(), languages().end(), [&](const auto& one) { return one.name == language; });
}

struct Line {
  std::string text;  // with the line's end, and the paragraph's
  float confidence = 0;
  int left = 0, top = 0, right = 0, bottom = 0;
};

struct Reading {
  std::string text;
  int confidence = 0;
  std::vector<Line> lines;
};

Reading read_with(tesseract::TessBaseAPI* api, Pix* pix, int dots) {
  if (!api) return {};
  api->SetImage(pix);
  api->SetSourceResolution(dots);
  const std::unique_ptr<char[]> text(api->GetUTF8Text());
  Reading reading{text ? text.get() : "", api->MeanTextConf(), {}};
  const std::unique_ptr<tesseract::ResultIterator> at(api->GetIterator());
  if (at) {
    do {
      const std::unique_ptr<char[]> line(at->GetUTF8Text(tesseract::RIL_TEXTLINE));
      if (!line) continue;
      Line one{line.get(), at->Confidence(tesseract::RIL_TEXTLINE), 0, 0, 0, 0};
      at->BoundingBox(tesseract::RIL_TEXTLINE, &one.left, &one.top, &one.right, &one.bottom);
      reading.lines.push_back(std::move(one));
    } while (at->Next(tesseract::RIL_TEXTLINE));
  }
  api->Clear();
  return reading;
}

// Without the spaces that tesseract puts between Chinese characters, and without empty lines in a row.
std::string tidy(std::string_view text) {
  const auto valid = to_valid_utf8(text);
  std::string tidied;
  bool after_han = false;
  for (std::size_t at = 0; at < valid.size();) {
    if (valid[at] == ' ') {
      const auto next = valid.find_first_not_of(' ', at);
      if (next == valid.npos) break;
      if (!(after_han && is_han(code_point_at(valid, next).value)) && valid[next] != '\n') tidied += ' ';
      at = next;
      continue;
    }
    const auto point = code_point_at(valid, at);
    if (valid[at] == '\n' && (tidied.empty() || tidied.ends_with("\n\n"))) {
      ++at;
      continue;
    }
    after_han = is_han(point.value);
    tidied.append(valid, at, point.length);
    at += point.length;
  }
  while (!tidied.empty() && (tidied.back() == '\n' || tidied.back() == ' ')) tidied.pop_back();
  return tidied;
}

// Whether there are a few letters that belong together: specks and textures give single ones.
bool says_something(std::string_view text) {
  std::size_t run = 0;
  std::size_t han = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = code_point_at(text, at);
    at += point.length;
    han += is_han(point.value);
    run = is_word(point.value) ? run + 1 : 0;
    if (run >= 3 || han >= 2) return true;
  }
  return false;
}

tesseract::TessBaseAPI* english() {
  static auto* const reader = has("eng") ? reader_of("eng") : nullptr;
  return reader;
}
tesseract::TessBaseAPI* chinese() {
  static auto* const reader = has("chi_sim") ? reader_of(has("eng") ? "chi_sim+eng" : "chi_sim") : nullptr;
  return reader;
}

bool has_words(std::string_view text) { return text.find_first_not_of(" \n\t\f") != text.npos; }

// Reads the lines that English made little of once more, and keeps what is surer.
Result<> read_lines_again(Reading& reading, Pix* pix, int dots, Sink& sink) {
  reading.text.clear();
  for (auto& line : reading.lines) {
    if (line.confidence < kSure && has_words(line.text)) {
      TRY(sink.more_time(kSecondsPerPage));
      const int around = std::max((line.bottom - line.top) / 4, 4);
      const int left = std::max(line.left - around, 0), top = std::max(line.top - around, 0);
      const int width = std::min(line.right + around, ::pixGetWidth(pix)) - left, height = std::min(line.bottom + around, ::pixGetHeight(pix)) - top;
      Box* box = width > 0 && height > 0 ? ::boxCreate(left, top, width, height) : nullptr;
      const OwnedPix part(box ? ::pixClipRectangle(pix, box, nullptr) : nullptr);
      ::boxDestroy(&box);
      if (part) {
        chinese()->SetPageSegMode(tesseract::PSM_SINGLE_LINE);
        auto other = read_with(chinese(), part.get(), dots);
        chinese()->SetPageSegMode(tesseract::PSM_AUTO);
        if (static_cast<float>(other.confidence) > line.confidence && has_words(other.text)) {
          const auto end = line.text.find_last_not_of('\n');
          const auto ends = end == line.text.npos ? std::string("\n") : line.text.substr(end + 1);
          other.text.resize(other.text.find_last_not_of('\n') + 1);
          line.text = other.text + ends;
          line.confidence = static_cast<float>(other.confidence);
        }
      }
    }
    reading.text += line.text;
  }
  return {};
}

// As it stands: in English, and what that makes little of in Chinese, line by line or as a whole.
Result<Reading> read_upright(Pix* pix, int dots, Sink& sink) {
  TRY(sink.more_time(kSecondsPerPage));
  auto best = read_with(english(), pix, dots);
  if (!chinese()) return best;
  const auto unsure = std::count_if(best.lines.begin(), best.lines.end(), [](const auto& line) { return line.confidence < kSure && has_words(line.text); });
  if (best.confidence < kSure) {
    TRY(sink.more_time(kSecondsPerPage));
    if (auto other = read_with(chinese(), pix, dots); other.confidence > best.confidence) return other;
  }
  if (unsure > 0 && unsure <= kMostLinesAgain && best.confidence >= kUnsure) TRY(read_lines_again(best, pix, dots, sink));
  return best;
}

bool has_much(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }) >= kFewestToTurn;
}

Result<std::string> read_text(OwnedPix pix, int dots, Sink& sink) {
  if (!pix || ::pixGetWidth(pix.get()) < kSmallestSide || ::pixGetHeight(pix.get()) < kSmallestSide) return "";
  const auto pixels = static_cast<std::int64_t>(::pixGetWidth(pix.get())) * ::pixGetHeight(pix.get());
  OwnedPix grey(::pixConvertTo8(pix.get(), 0));
  pix.reset();
  if (!grey) return "";
  if (pixels > kMostPixels) {
    const auto factor = std::sqrt(static_cast<float>(kMostPixels) / static_cast<float>(pixels));
    grey.reset(::pixScale(grey.get(), factor, factor));
    if (!grey) return "";
  }
  auto best = TRY(read_upright(grey.get(), dots, sink));
  // Much that cannot be read well may be sideways or upside down.
  if (best.confidence < kTurn && has_much(best.text)) {
    for (int quarters = 1; quarters < 4; ++quarters) {
      const OwnedPix turned(::pixRotateOrth(grey.get(), quarters));
      if (!turned) continue;
      if (auto other = TRY(read_upright(turned.get(), dots, sink)); other.confidence > best.confidence) best = std::move(other);
      if (best.confidence >= kTurn) break;
    }
  }
  if (best.confidence < kUnsure) return "";
  auto text = tidy(best.text);
  return says_something(text) ? text : "";
}

// Upright, as Exif says how the camera was held.
OwnedPix turned_upright(OwnedPix pix, int orientation) {
  static constexpr std::array<int, 9> kQuarters = {0, 0, 0, 2, 0, 1, 1, 1, 3};  // clockwise
  if (!pix || orientation < 2 || orientation > 8) return pix;
  if (const auto quarters = kQuarters[static_cast<std::size_t>(orientation)]; quarters > 0) pix.reset(::pixRotateOrth(pix.get(), quarters));
  if (!pix) return pix;
  if (orientation == 2 || orientation == 5) pix.reset(::pixFlipLR(nullptr, pix.get()));
  if (orientation == 4 || orientation == 7) pix.reset(::pixFlipTB(nullptr, pix.get()));
  return pix;
}

Result<std::string> read_decoded(OwnedPix pix, int orientation, Sink& sink) {
  if (pix && ::pixGetSpp(pix.get()) == 4) pix.reset(::pixRemoveAlpha(pix.get()));  // on white
  const int dots = pix && ::pixGetXRes(pix.get()) > 70 ? ::pixGetXRes(pix.get()) : 0;
  return read_text(turned_upright(std::move(pix), orientation), dots > 0 && dots <= 1200 ? dots : kUsualDots, sink);
}

bool can_be_decoded(int width, int height) {
  return width >= kSmallestSide && height >= kSmallestSide && static_cast<std::int64_t>(width) * height <= kMostPixelsDecoded;
}

// The pages of a TIFF, which leptonica turns upright itself.
Result<std::string> text_in_tiff(std::string_view bytes, Sink& sink) {
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  std::string text;
  for (int page = 0; page < kMostPages; ++page) {
    l_int32 width = 0, height = 0;
    if (::readHeaderMemTiff(data, bytes.size(), page, &width, &height, nullptr, nullptr, nullptr, nullptr, nullptr) != 0) break;
    if (!can_be_decoded(width, height)) continue;
    const auto read = TRY(read_decoded(OwnedPix(::pixReadMemTiff(data, bytes.size(), page)), 1, sink));
    if (!read.empty()) text += (text.empty() ? "" : "\n\n") + read;
  }
  return text;
}

}  // namespace

void prepare_ocr() {
  const char* elsewhere = std::getenv("TESSDATA_PREFIX");
  for (const auto* name : {"eng", "chi_sim"}) {
    for (const std::string folder : {elsewhere ? elsewhere : "", "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata"}) {
      if (folder.empty() || has(name)) continue;
      const int file = ::open((folder + "/" + name + ".traineddata").c_str(), O_RDONLY | O_CLOEXEC);
      struct stat status {};
      if (file >= 0 && ::fstat(file, &status) == 0 && status.st_size > 0) {
        auto* data = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
        if (data != MAP_FAILED) languages().push_back({name, {static_cast<const char*>(data), static_cast<std::size_t>(status.st_size)}});
      }
      if (file >= 0) ::close(file);
    }
  }
  ::setMsgSeverity(L_SEVERITY_NONE);
}

bool ocr_available() { return !languages().empty(); }

Result<std::string> text_in_picture(std::string_view bytes, int orientation, Sink& sink) {
  if (!ocr_available()) return "";
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  l_int32 format = 0, width = 0, height = 0;
  if (::pixReadHeaderMem(data, bytes.size(), &format, &width, &height, nullptr, nullptr, nullptr) != 0) return "";
  if (bytes.starts_with("II") || bytes.starts_with("MM")) return text_in_tiff(bytes, sink);
  if (!can_be_decoded(width, height)) return "";
  return read_decoded(OwnedPix(::pixReadMem(data, bytes.size())), orientation, sink);
}

Result<std::string> text_in_page(const Drawn& page, Sink& sink) {
  if (!ocr_available() || page.width < kSmallestSide || page.height < kSmallestSide) return "";
  OwnedPix pix(::pixCreate(page.width, page.height, 8));
  if (!pix) return "";
  auto* rows = ::pixGetData(pix.get());
  const auto words = ::pixGetWpl(pix.get());
  for (int y = 0; y < page.height; ++y) {
    const auto* row = reinterpret_cast<const unsigned char*>(page.pixels) + static_cast<std::ptrdiff_t>(y) * page.stride;
    auto* line = rows + static_cast<std::ptrdiff_t>(y) * words;
    for (int x = 0; x < page.width; ++x) {
      const auto* pixel = row + static_cast<std::ptrdiff_t>(x) * 4;
      SET_DATA_BYTE(line, x, static_cast<l_uint8>((pixel[0] * 29 + pixel[1] * 150 + pixel[2] * 77) >> 8));
    }
  }
  return read_text(std::move(pix), page.dots_per_inch, sink);
}

}  // namespace hearth::memory::extract
