#include "memory/extract/charset.h"

#include <iconv.h>
#include <uchardet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

// glibc loads a converter from a file when it is first opened; one that stays open stays loaded.
constexpr std::array kCharsets = {
    "ISO-8859-1",  "ISO-8859-2",  "ISO-8859-3", "ISO-8859-4", "ISO-8859-5",   "ISO-8859-6",   "ISO-8859-7",  "ISO-8859-8",
    "ISO-8859-9",  "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251",
    "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258",
    "GB2312",      "GBK",         "GB18030",    "BIG5",       "BIG5-HKSCS",   "EUC-TW",       "EUC-JP",      "SHIFT_JIS",
    "CP932",       "ISO-2022-JP", "EUC-KR",     "CP949",      "ISO-2022-KR",  "KOI8-R",       "KOI8-U",      "TIS-620",
    "MACINTOSH",   "IBM437",      "IBM850",     "IBM852",     "IBM866",       "UTF-7",        "UTF-16",      "UTF-16LE",
    "UTF-16BE",    "UTF-32",      "US-ASCII"};

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

struct Converted {
  std::string text;
  std::size_t errors = 0;
};

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
  ::iconv_close(converter);
  return result;
}

// Whether a short text's bytes are pairs that stand for the most frequent Chinese characters and for punctuation in GB 2312.
bool is_short_chinese(std::string_view bytes) {
  constexpr int kShort = 64;  // characters: in more the detector finds what it is
  int pairs = 0;
  int others = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    const auto trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
    const bool frequent = ((lead >= 0xB0 && lead <= 0xD7) || (lead >= 0xA1 && lead <= 0xA3)) && trail >= 0xA1 && trail <= 0xFE;
    ++(frequent ? pairs : others);
    i += frequent;
  }
  return pairs >= 2 && pairs < kShort && pairs >= 8 * others;
}

std::string guess(std::string_view bytes) {
  constexpr std::size_t kSample = 64 << 10;
  auto* detector = ::uchardet_new();
  const auto sample = bytes.substr(0, kSample);
  std::string name;
  if (::uchardet_handle_data(detector, sample.data(), sample.size()) == 0) {
    ::uchardet_data_end(detector);
    name = ::uchardet_get_charset(detector);
  }
  ::uchardet_delete(detector);
  const bool east_asian = name == "UHC" || name == "EUC-KR" || name == "BIG5" || name == "EUC-JP" || name == "SHIFT_JIS" || name == "EUC-TW" || name == "GB18030";
  if (!east_asian && is_short_chinese(sample)) return "GB18030";
  return name;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

// Labels that mean more than they say (WHATWG Encoding Standard §4.2).
std::string meant_by(std::string_view label) {
  auto name = upper(label);
  if (name == "GB2312" || name == "GBK" || name == "GB_2312-80" || name == "X-GBK" || name == "CN-GB") return "GB18030";
  if (name == "ISO-8859-1" || name == "US-ASCII" || name == "ASCII" || name == "LATIN1") return "WINDOWS-1252";
  if (name == "ISO-8859-9") return "WINDOWS-1254";
  if (name == "KS_C_5601-1987" || name == "EUC-KR") return "CP949";
  if (name == "SHIFT_JIS" || name == "X-SJIS") return "CP932";
  if (name == "BIG5") return "BIG5-HKSCS";
  return name;
}

std::string tidy(std::string text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') continue;
    if (text[i] == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      result += '\n';
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace

void load_charsets() {
  static const Converters kept_open;
}

std::string guess_charset(std::string_view bytes) { return guess(bytes); }

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return tidy(to_valid_utf8(bytes.substr(3)));
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    if (auto wide = convert(bytes, "UTF-16")) return tidy(std::move(wide->text));
  }
  const auto claimed = meant_by(charset);
  if (is_utf8(bytes) && claimed != "UTF-7" && !claimed.starts_with("ISO-2022") && !claimed.starts_with("UTF-16") && claimed != "HZ-GB-2312") {
    return tidy(std::string(bytes));
  }
  std::optional<Converted> best;
  const auto attempt = [&](const std::string& name) {
    if (name.empty() || name == "UTF-8") return;
    auto converted = convert(bytes, name);
    if (converted && (!best || converted->errors < best->errors)) best = std::move(converted);
  };
  attempt(claimed);
  if (best && best->errors == 0) return tidy(std::move(best->text));
  if (claimed == "UTF-8") {  // mostly right, with a few broken bytes, is better read as claimed
    auto text = to_valid_utf8(bytes);
    std::size_t broken = 0;
    for (auto at = text.find("\xEF\xBF\xBD"); at != text.npos; at = text.find("\xEF\xBF\xBD", at + 3)) ++broken;
    if (broken * 20 < count_code_points(text)) return tidy(std::move(text));
  }
  attempt(meant_by(guess(bytes)));
  if (!best || best->errors * 20 > best->text.size()) attempt("WINDOWS-1252");
  return tidy(best ? std::move(best->text) : to_valid_utf8(bytes));
}

}  // namespace hearth::memory::extract
