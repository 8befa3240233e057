#include "memory/extract/style.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "base/ascii.h"

namespace hearth::memory::extract {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f";

std::string_view trim(std::string_view text) {
  const auto start = text.find_first_not_of(kSpace);
  if (start == text.npos) return "";
  return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

// The last declaration of one of these properties, unless an earlier one is important.
template <std::size_t N>
std::pair<std::string, std::string> last_of(std::string_view style, const std::array<std::string_view, N>& properties) {
  std::pair<std::string, std::string> last;
  bool last_important = false;
  while (!style.empty()) {
    const auto end = std::min(style.find(';'), style.size());
    const auto declaration = style.substr(0, end);
    style.remove_prefix(std::min(end + 1, style.size()));
    const auto colon = declaration.find(':');
    if (colon == declaration.npos) continue;
    auto name = lower(trim(declaration.substr(0, colon)));
    if (std::find(properties.begin(), properties.end(), name) == properties.end()) continue;
    auto value = lower(trim(declaration.substr(colon + 1)));
    const auto mark = value.find('!');
    const bool important = mark != value.npos;
    if (important) value = std::string(trim(std::string_view(value).substr(0, mark)));
    if (value.empty() || (last_important && !important)) continue;
    last = {std::move(name), std::move(value)};
    last_important = important;
  }
  return last;
}

FontSize size_of(std::string_view value) {
  for (const auto* keyword : {"inherit", "unset", "larger", "smaller"}) {
    if (value == keyword) return FontSize::Inherited;
  }
  double number = 0;
  const auto [rest, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc()) return FontSize::Some;
  if (number == 0) return FontSize::None;
  const std::string_view unit(rest, static_cast<std::size_t>(value.data() + value.size() - rest));
  return number < 0 || unit == "em" || unit == "%" || unit == "ex" || unit == "ch" ? FontSize::Inherited : FontSize::Some;
}

// The size in "italic 400 13px/1.5 Ubuntu": the first number that is no weight.
std::string_view size_in_font(std::string_view font) {
  while (!(font = trim(font)).empty()) {
    const auto end = std::min(font.find_first_of(kSpace), font.size());
    const auto word = font.substr(0, std::min(font.find('/'), end));
    const bool number = !word.empty() && (std::isdigit(static_cast<unsigned char>(word.front())) || word.front() == '.');
    const bool weight = word.size() >= 3 && word.find_first_not_of("0123456789") == word.npos;
    if (number && !weight) return word;
    if (word == "inherit") return word;
    font.remove_prefix(end);
  }
  return "medium";
}

}  // namespace

std::string declared(std::string_view style, std::string_view property) { return last_of(style, std::array{property}).second; }

FontSize font_size(std::string_view style) {
  const auto [name, value] = last_of(style, std::array<std::string_view, 2>{"font-size", "font"});
  if (name.empty()) return FontSize::Inherited;
  return size_of(name == "font" ? size_in_font(value) : std::string_view(value));
}

}  // namespace hearth::memory::extract
