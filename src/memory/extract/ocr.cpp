#include "memory/extract/ocr.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tesseract/baseapi.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr int kSecondsPerPage = 60;  // of processor time
constexpr int kSure = 80;            // mean confidence above which English alone is enough
constexpr int kUnsure = 45;          // and below which what was read is noise
constexpr std::int64_t kMostPixels = 12'000'000;
constexpr std::int64_t kMostPixelsDecoded = 60'000'000;
constexpr int kSmallestSide = 32;
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

struct Reading {
  std::string text;
  int confidence = 0;
};

Reading read_with(tesseract::TessBaseAPI* api, Pix* pix, int dots) {
  if (!api) return {};
  api->SetImage(pix);
  api->SetSourceResolution(dots);
  const std::unique_ptr<char[]> text(api->GetUTF8Text());
  Reading reading{text ? text.get() : "", api->MeanTextConf()};
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
  static auto* const english = has("eng") ? reader_of("eng") : nullptr;
  TRY(sink.more_time(kSecondsPerPage));
  auto best = read_with(english, grey.get(), dots);
  if (best.confidence < kSure && has("chi_sim")) {
    static auto* const chinese = reader_of(has("eng") ? "chi_sim+eng" : "chi_sim");
    TRY(sink.more_time(kSecondsPerPage));
    if (auto other = read_with(chinese, grey.get(), dots); other.confidence > best.confidence) best = std::move(other);
  }
  if (best.confidence < kUnsure) return "";
  auto text = tidy(best.text);
  return says_something(text) ? text : "";
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

Result<std::string> text_in_picture(std::string_view bytes, Sink& sink) {
  if (!ocr_available()) return "";
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  l_int32 format = 0, width = 0, height = 0;
  if (::pixReadHeaderMem(data, bytes.size(), &format, &width, &height, nullptr, nullptr, nullptr) != 0) return "";
  if (width < kSmallestSide || height < kSmallestSide || static_cast<std::int64_t>(width) * height > kMostPixelsDecoded) return "";
  OwnedPix pix(::pixReadMem(data, bytes.size()));
  const int dots = pix && ::pixGetXRes(pix.get()) > 70 ? ::pixGetXRes(pix.get()) : 0;
  return read_text(std::move(pix), dots > 0 && dots <= 1200 ? dots : kUsualDots, sink);
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
