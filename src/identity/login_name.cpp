#include "identity/login_name.h"

#include <vector>

#include "base/bytes.h"

namespace hearth::identity {
namespace {

// The code points of well-formed UTF-8.
std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7f >> length);
    for (std::size_t k = 1; k < length; ++k) point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    points.push_back(point);
    i += length;
  }
  return points;
}

void append(std::string& text, char32_t point) {
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | point >> 6);
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | point >> 12);
    text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | point >> 18);
    text += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  }
}

bool between(char32_t point, char32_t first, char32_t last) { return point >= first && point <= last; }

bool is_space(char32_t point) {
  return point == ' ' || point == 0xa0 || point == 0x3000 || point == 0x202f || between(point, 0x2000, 0x200a);
}

bool is_control(char32_t point) {
  return point < 0x20 || between(point, 0x7f, 0x9f) || between(point, 0x200b, 0x200f) || between(point, 0x2028, 0x202e) ||
         between(point, 0x2060, 0x2069) || point == 0xfeff;
}

// Letters and digits of a login name, after folding.
bool is_name_letter(char32_t point) {
  return between(point, 'a', 'z') || between(point, '0', '9') ||
         between(point, 0x4e00, 0x9fff) || between(point, 0x3400, 0x4dbf) || between(point, 0x20000, 0x2a6df) ||  // Han
         between(point, 0x3041, 0x3096) || between(point, 0x30a1, 0x30fa) || point == 0x30fc ||                  // kana
         between(point, 0xac00, 0xd7a3);                                                                         // hangul
}

char32_t fold(char32_t point) {
  if (between(point, 0xff01, 0xff5e)) point -= 0xfee0;  // full-width forms
  if (between(point, 'A', 'Z')) point += 'a' - 'A';
  return point;
}

std::vector<char32_t> trimmed(std::string_view text) {
  auto points = code_points(text);
  while (!points.empty() && is_space(points.back())) points.pop_back();
  while (!points.empty() && is_space(points.front())) points.erase(points.begin());
  return points;
}

}  // namespace

Result<std::string> canonical_name(std::string_view text) {
  if (text.size() > 256 || !is_utf8(text)) return fail(Code::InvalidInput, "The name is too long or no text.");
  const auto points = trimmed(text);
  if (points.size() < 2 || points.size() > 32) {
    return fail(Code::InvalidInput, "A name has 2 to 32 characters.");
  }
  std::string name;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto point = fold(points[i]);
    const bool inner = i > 0 && i + 1 < points.size();
    if (!is_name_letter(point) && !(inner && (point == '.' || point == '_' || point == '-'))) {
      return fail(Code::InvalidInput,
                  "A name has letters a to z, digits, Chinese, Japanese or Korean characters, and . _ - between them.");
    }
    append(name, point);
  }
  return name;
}

Result<std::string> clean_display_name(std::string_view text) {
  if (!is_utf8(text)) return fail(Code::InvalidInput, "The display name is no text.");
  const auto points = trimmed(text);
  if (points.empty() || points.size() > 64) {
    return fail(Code::InvalidInput, "A display name has 1 to 64 characters.");
  }
  std::string name;
  for (const auto point : points) {
    // Joiners hold emoji and some scripts' letters together.
    if (is_control(point) && point != 0x200d && point != 0x200c) {
      return fail(Code::InvalidInput, "A display name has no control characters.");
    }
    append(name, point);
  }
  return name;
}

Result<std::string> known_language(std::string_view language) {
  if (language == "en" || language == "zh-CN") return std::string(language);
  return fail(Code::InvalidInput, "The language is \"en\" or \"zh-CN\".");
}

}  // namespace hearth::identity
