#include "memory/extract/charset_conversion.h"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <vector>

#include "memory/extract/charset.h"

namespace hearth::memory::extract {
namespace {

// glibc loads a converter from a file when it is first opened; one that stays open stays loaded.
constexpr std::array kCharsets = {
    "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-3",   "ISO-8859-4",   "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",
    "ISO-8859-10",  "ISO-8859-11",  "ISO-8859-13",  "ISO-8859-14",  "ISO-8859-15",  "ISO-8859-16",  "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
    "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "GB2312",       "GBK",          "GB18030",
    "BIG5",         "BIG5-HKSCS",   "EUC-TW",       "EUC-JP",       "EUC-JP-MS",    "SHIFT_JIS",    "CP932",        "ISO-2022-JP",  "EUC-KR",
    "CP949",        "ISO-2022-KR",  "KOI8-R",       "KOI8-U",       "TIS-620",      "MACINTOSH",    "MAC-CYRILLIC", "IBM437",       "IBM850",
    "IBM852",       "IBM855",       "IBM866",       "UTF-7",        "UTF-16",       "UTF-16LE",     "UTF-16BE",     "UTF-32",       "US-ASCII"};

class Converters {
 public:
  Converters() {
    for (const auto* name : kCharsets) {
      open_.push_back(::iconv_open("UTF-8", name));
      open_.push_back(::iconv_open(name, "UTF-8"));
    }
  }
  ~Converters() {
    for (auto* converter : open_) {
      if (converter != reinterpret_cast<iconv_t>(-1)) ::iconv_close(converter);
    }
  }

 private:
  std::vector<iconv_t> open_;
};

}  // namespace

void load_charsets() {
  static const Converters kept_open;
}

std::optional<Converted> convert(std::string_view bytes, const std::string& charset) {
  const auto converter = ::iconv_open("UTF-8", charset.c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  Converted result;
  std::array<char, 8192> buffer;
  auto* in = const_cast<char*>(bytes.data());
  auto left = bytes.size();
  while (left > 0) {
    auto* out = buffer.data();
    auto room = buffer.size();
    const auto done = ::iconv(converter, &in, &left, &out, &room);
    result.text.append(buffer.data(), static_cast<std::size_t>(out - buffer.data()));
    if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    ++result.errors;
    result.text += "\xEF\xBF\xBD";
    if (errno == EINVAL) break;  // cut off in the middle of a character
    ++in;
    --left;
  }
  // Some hold a letter back, to which the next byte could be an accent.
  auto* out = buffer.data();
  auto room = buffer.size();
  ::iconv(converter, nullptr, nullptr, &out, &room);
  result.text.append(buffer.data(), static_cast<std::size_t>(out - buffer.data()));
  ::iconv_close(converter);
  return result;
}

}  // namespace hearth::memory::extract
