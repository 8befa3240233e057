#include "memory/extract/charset.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset_conversion.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::string_view kBroken = "\xEF\xBF\xBD";  // U+FFFD

// Names by which mails and pages call charsets, and labels that mean more than they say (WHATWG Encoding Standard §4.2). In
// the form of plain_name().
constexpr std::pair<std::string_view, std::string_view> kMeant[] = {
    {"ASCII", "US-ASCII"},
    {"ANSI-X3.4-1968", "US-ASCII"},
    {"ISO646-US", "US-ASCII"},
    {"ISO-8859-1", "WINDOWS-1252"},
    {"LATIN1", "WINDOWS-1252"},
    {"L1", "WINDOWS-1252"},
    {"CSISOLATIN1", "WINDOWS-1252"},
    {"ISO-8859-9", "WINDOWS-1254"},
    {"LATIN5", "WINDOWS-1254"},
    {"ISO-8859-8", "WINDOWS-1255"},
    {"ISO-8859-8-I", "WINDOWS-1255"},
    {"ISO-8859-8-E", "WINDOWS-1255"},
    {"CSISO88598I", "WINDOWS-1255"},
    {"CSISO88598E", "WINDOWS-1255"},
    {"HEBREW", "WINDOWS-1255"},
    {"LOGICAL", "WINDOWS-1255"},
    {"ISO-8859-6-I", "ISO-8859-6"},
    {"ISO-8859-6-E", "ISO-8859-6"},
    {"UTF8", "UTF-8"},
    {"UTF8MB4", "UTF-8"},
    {"CSUTF8", "UTF-8"},
    {"UNICODE-1-1-UTF-8", "UTF-8"},
    {"UTF7", "UTF-7"},
    {"CSUTF7", "UTF-7"},
    {"UNICODE-1-1-UTF-7", "UTF-7"},
    {"UNICODE-2-0-UTF-7", "UTF-7"},
    {"GB2312", "GB18030"},
    {"GBK", "GB18030"},
    {"GB-2312-80", "GB18030"},
    {"CN-GB", "GB18030"},
    {"EUC-CN", "GB18030"},
    {"CSGB2312", "GB18030"},
    {"CP936", "GB18030"},
    {"WINDOWS-936", "GB18030"},
    {"HZ", "HZ-GB-2312"},
    {"BIG5", "BIG5-HKSCS"},
    {"CN-BIG5", "BIG5-HKSCS"},
    {"CSBIG5", "BIG5-HKSCS"},
    {"CP950", "BIG5-HKSCS"},
    {"WINDOWS-950", "BIG5-HKSCS"},
    {"KS-C-5601-1987", "CP949"},
    {"KS-C-5601-1989", "CP949"},
    {"KSC5601", "CP949"},
    {"KSC-5601", "CP949"},
    {"EUC-KR", "CP949"},
    {"CSEUCKR", "CP949"},
    {"WINDOWS-949", "CP949"},
    {"CSISO2022KR", "ISO-2022-KR"},
    {"SHIFT-JIS", "CP932"},
    {"SJIS", "CP932"},
    {"MS-KANJI", "CP932"},
    {"CSSHIFTJIS", "CP932"},
    {"WINDOWS-31J", "CP932"},
    {"CSEUCPKDFMTJAPANESE", "EUC-JP"},
    {"EUCJP", "EUC-JP"},
    {"-ISO-2022-JP", "ISO-2022-JP"},
    {"-ISO-2022-JP$ESC", "ISO-2022-JP"},
    {"-ISO-2022-JP$SIO", "ISO-2022-JP"},
    {"CSISO2022JP", "ISO-2022-JP"},
    {"ISO2022JP", "ISO-2022-JP"},
    {"ISO-2022-JP-MS", "ISO-2022-JP"},
    {"CP50220", "ISO-2022-JP"},
    {"CP50221", "ISO-2022-JP"},
    {"CP50222", "ISO-2022-JP"},
    {"MAC", "MACINTOSH"},
    {"MACROMAN", "MACINTOSH"},
    {"MAC-ROMAN", "MACINTOSH"},
    {"KOI8", "KOI8-R"},
    {"KOI", "KOI8-R"},
    {"CSKOI8R", "KOI8-R"},
};

// In upper case, "_" as "-", without what programs put before ("x-") or behind it (":1987").
std::string plain_name(std::string_view label) {
  std::string name;
  for (const char c : label.substr(0, label.find(':'))) {
    if (static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\'') name += c == '_' ? '-' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (name.starts_with("X-")) name.erase(0, 2);
  if (name.starts_with("ISO8859")) name.insert(3, "-");
  return name;
}

std::string meant_by(std::string_view label) {
  auto name = plain_name(label);
  const auto* found = std::find_if(std::begin(kMeant), std::end(kMeant), [&](const auto& one) { return one.first == name; });
  return found == std::end(kMeant) ? name : std::string(found->second);
}

bool is_ascii(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// HZ (RFC 1843) as the GB 2312 it stands for: between "~{" and "~}" the bytes have lost their high bits.
std::string without_hz(std::string_view bytes) {
  std::string result;
  bool chinese = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const char next = i + 1 < bytes.size() ? bytes[i + 1] : '\0';
    const auto is_half = [](char half) { return half > ' ' && half < 0x7F; };
    if (c == '~' && next == (chinese ? '}' : '{')) {
      chinese = !chinese;
      ++i;
    } else if (c == '~' && !chinese && (next == '~' || next == '\n')) {  // itself; a line that goes on
      if (next == '~') result += '~';
      ++i;
    } else if (chinese && is_half(c) && is_half(next)) {
      result += static_cast<char>(c | 0x80);
      result += static_cast<char>(next | 0x80);
      ++i;
    } else {
      chinese = chinese && c != '\n';
      result += c;
    }
  }
  return result;
}

// ISO-2022-JP as EUC-JP, where Windows' circled figures and half-width letters have their places too.
std::string without_escapes(std::string_view bytes) {
  std::string result;
  enum class Set { Ascii, Kanji, Kana } set = Set::Ascii;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto escape = bytes.substr(i, 3);
    const char c = bytes[i];
    if (escape == "\x1B$B" || escape == "\x1B$@") {
      set = Set::Kanji;
      i += 2;
    } else if (escape == "\x1B(B" || escape == "\x1B(J" || escape == "\x1B(I") {
      set = escape[2] == 'I' ? Set::Kana : Set::Ascii;
      i += 2;
    } else if (set == Set::Ascii || c <= ' ') {
      result += c;
    } else {
      if (set == Set::Kana) result += '\x8E';
      result += static_cast<char>(c | 0x80);
    }
  }
  return result;
}

// UTF-8 with a few broken bytes among its characters: better read as that than as anything else.
std::optional<std::string> mostly_utf8(std::string_view bytes) {
  auto text = to_valid_utf8(bytes);
  std::size_t broken = 0;
  std::size_t beyond_ascii = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0xC0) continue;
    ++(std::string_view(text).substr(at).starts_with(kBroken) ? broken : beyond_ascii);
  }
  if (broken >= beyond_ascii || broken * 20 >= count_code_points(text)) return std::nullopt;
  return text;
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

// Japanese that nobody says is some: its escapes stand in no other text.
std::optional<std::string> unlabelled_japanese(std::string_view bytes) {
  if (bytes.find("\x1B$B") == bytes.npos && bytes.find("\x1B$@") == bytes.npos) return std::nullopt;
  auto converted = convert(without_escapes(bytes), "EUC-JP-MS");
  if (!converted || converted->errors > 0) return std::nullopt;
  return std::move(converted->text);
}

// Whether bytes that are said to be Chinese are UTF-8 by chance, as those of 通知 in GB 2312 are: letters of scripts that nobody mixes.
bool is_chance(std::string_view bytes, std::string_view claimed) {
  if (!claimed.starts_with("GB") && !claimed.starts_with("BIG5")) return false;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto c = code_point_at(bytes, at);
    const bool used = c.length > 2 || (c.value >= 0x80 && c.value < 0x250) || (c.value >= 0x370 && c.value < 0x530);  // Latin, Greek, Cyrillic
    if (used) return false;
    at += c.length;
  }
  return true;
}

}  // namespace

bool is_written_in_ascii(std::string_view charset) {
  const auto meant = meant_by(charset);
  return meant == "UTF-7" || meant == "HZ-GB-2312" || meant.starts_with("ISO-2022");
}

std::string charset_named_in(std::string_view head) {
  const auto said = lower(head);
  for (const std::string_view name : {"charset=", "encoding="}) {
    auto at = said.find(name);
    if (at == said.npos) continue;
    at += name.size();
    if (at < said.size() && (said[at] == '"' || said[at] == '\'')) ++at;
    const auto end = std::min(said.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_", at), said.size());
    return said.substr(at, end - at);
  }
  return "";
}

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return tidy(to_valid_utf8(bytes.substr(3)));
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    if (auto wide = convert(bytes, "UTF-16")) return tidy(std::move(wide->text));
  }
  const auto claimed = meant_by(charset);
  const bool ascii = is_ascii(bytes);
  if ((ascii ? !is_written_in_ascii(charset) : is_utf8(bytes) && !is_chance(bytes, claimed)) && !claimed.starts_with("UTF-16")) {
    if (ascii) {
      if (auto japanese = unlabelled_japanese(bytes)) return tidy(*std::move(japanese));
    }
    return tidy(std::string(bytes));
  }
  if (claimed == "HZ-GB-2312" && ascii) {
    if (auto converted = convert(without_hz(bytes), "GB18030")) return tidy(std::move(converted->text));
  }
  std::optional<Converted> best;
  const auto take = [&](std::optional<Converted> converted) {
    if (converted && (!best || converted->errors < best->errors)) best = std::move(converted);
  };
  const auto attempt = [&](const std::string& name) {
    if (!name.empty() && name != "UTF-8" && name != "US-ASCII") take(convert(bytes, name));
  };
  attempt(claimed);
  if (claimed == "ISO-2022-JP" && best && best->errors > 0) take(convert(without_escapes(bytes), "EUC-JP-MS"));
  if (best && best->errors == 0) return tidy(std::move(best->text));
  if (auto text = mostly_utf8(bytes)) return tidy(*std::move(text));
  attempt(meant_by(guess_charset(bytes)));
  if (!best || best->errors * 20 > best->text.size()) attempt("WINDOWS-1252");
  return tidy(best ? std::move(best->text) : to_valid_utf8(bytes));
}

}  // namespace hearth::memory::extract
