#include "files/text.h"

#include <iconv.h>

#include "base/bytes.h"

namespace hearth::files {
namespace {

// None when `bytes` are not of that encoding; a sequence cut off at the end is left out.
std::optional<std::string> convert(std::string_view bytes, const char* encoding) {
  const auto converter = ::iconv_open("UTF-8", encoding);
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string out(bytes.size() * 4 + 16, '\0');
  auto* in = const_cast<char*>(bytes.data());
  auto in_left = bytes.size();
  auto* to = out.data();
  auto to_left = out.size();
  const auto done = ::iconv(converter, &in, &in_left, &to, &to_left);
  const bool cut_off = done == static_cast<std::size_t>(-1) && errno == EINVAL;
  ::iconv_close(converter);
  if (done == static_cast<std::size_t>(-1) && !cut_off) return std::nullopt;
  out.resize(out.size() - to_left);
  return out;
}

bool is_text(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return (c >= 0 && c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b') || c == 0x7f;
  });
}

std::optional<DecodedText> checked(std::optional<std::string> text, std::string encoding) {
  if (!text || !is_text(*text)) return std::nullopt;
  return DecodedText{*std::move(text), std::move(encoding)};
}

}  // namespace

std::optional<DecodedText> decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return checked(convert(bytes, "UTF-16"), "utf-16");
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (!is_text(bytes)) return std::nullopt;
  // At most three bytes of a character may hang over the end.
  for (std::size_t cut = 0; cut <= std::min<std::size_t>(3, bytes.size()); ++cut) {
    const auto head = bytes.substr(0, bytes.size() - cut);
    if (is_utf8(head)) {
      if (cut > 0 && static_cast<unsigned char>(bytes[bytes.size() - cut]) < 0xc0) break;  // what was cut is no beginning
      return checked(std::string(head), "utf-8");
    }
  }
  return checked(convert(bytes, "GB18030"), "gb18030");
}

}  // namespace hearth::files
