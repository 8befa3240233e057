#include "surfaces/terminal_text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace hearth::surfaces {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

// The character at the front of `text`, and how many bytes it takes; none where they are no UTF-8.
struct Character {
  std::uint32_t point;
  std::size_t length;
};
std::optional<Character> character_at(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (length == 0 || length > text.size() || !is_utf8(text.substr(0, length))) return std::nullopt;
  std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  return Character{point, length};
}

bool steers_terminal(std::uint32_t point) {
  const bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7f && point < 0xa0);
  const bool turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
  return control || turns;
}

// What a value holds in a line: names and values, without what is empty or false. Pieces of one text are put together again.
std::string plain_text(const Json& value) {
  if (value.is_null()) return "";
  if (const auto* text = value.as_string()) return *text;
  if (const auto* number = value.as_double()) return fmt::format("{:.4g}", *number);
  std::string line;
  if (const auto* list = value.as_array()) {
    const bool pieces = std::ranges::all_of(*list, [](const Json& one) { return one.find("text") && one.find("match"); });
    for (const auto& one : *list) line += (line.empty() || pieces ? "" : one.as_object() ? "; " : ", ") + (pieces ? std::string(one.text("text")) : plain_text(one));
    return line;
  }
  const auto* object = value.as_object();
  if (!object) return value.dump();
  for (const auto& [name, member] : *object) {
    const auto* flag = member.as_bool();
    const auto text = flag ? std::string() : plain_text(member);
    if (flag ? !*flag : text.empty()) continue;
    line += (line.empty() ? "" : ", ") + name + (flag ? "" : " " + text);
  }
  return line;
}

std::string cell_text(const Json& value) {
  auto line = printable(plain_text(value));
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

constexpr std::size_t kWidestCell = 60;

// What does not fit ends in an ellipsis: --json has all of it.
std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string cut;
  for (std::size_t used = 0; !text.empty();) {
    const auto length = character_at(text).value_or(Character{0, 1}).length;
    const auto wide = display_width(text.substr(0, length));
    if (used + wide + 1 > width) break;
    cut += text.substr(0, length);
    used += wide;
    text.remove_prefix(length);
  }
  return cut + "…";
}

std::string table(const Json::Array& rows) {
  std::vector<std::string> columns;
  for (const auto& row : rows) {
    for (const auto& [name, value] : *row.as_object()) {
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    }
  }
  std::vector<std::size_t> widths;
  for (const auto& column : columns) {
    auto width = display_width(printable(column));
    for (const auto& row : rows) {
      if (const auto* value = row.find(column)) width = std::max(width, std::min(kWidestCell, display_width(cell_text(*value))));
    }
    widths.push_back(width);
  }
  std::string text;
  const auto line = [&](const auto& cell) {
    std::string row;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto shown = cell(columns[i]);
      row += (i == 0 ? "" : "  ") + pad(i + 1 < columns.size() ? cut_to_width(shown, widths[i]) : shown, widths[i]);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  };
  line([](const std::string& column) { return printable(column); });
  for (const auto& row : rows) {
    line([&](const std::string& column) {
      const auto* value = row.find(column);
      return value ? cell_text(*value) : std::string();
    });
  }
  return text;
}

// The same with one of "title" and "title_zh" where both are there; an empty Chinese one means that they are equal.
Json in_language(const Json& value, Language language) {
  if (const auto* array = value.as_array()) {
    auto items = Json::array();
    for (const auto& item : *array) items.push(in_language(item, language));
    return items;
  }
  const auto* object = value.as_object();
  if (!object) return value;
  auto shown = Json::object();
  for (const auto& [name, member] : *object) {
    if (name.ends_with("_zh") && value.find(std::string_view(name).substr(0, name.size() - 3))) continue;
    const auto* chinese = value.find(name + "_zh");
    const bool translated_text = chinese && chinese->as_string() && !chinese->as_string()->empty();
    shown.set(name, language == Language::Chinese && translated_text ? *chinese : in_language(member, language));
  }
  return shown;
}

bool is_list_of_objects(const Json& value) {
  const auto* array = value.as_array();
  return array && !array->empty() && std::all_of(array->begin(), array->end(), [](const Json& item) { return item.as_object() != nullptr; });
}

}  // namespace

std::string pad(std::string_view text, std::size_t width) {
  std::string padded(text);
  const auto used = display_width(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto character = character_at(text);
    const auto length = character ? character->length : 1;
    if (text.starts_with("\r\n")) {
      // the end of a line, as mail has it: the next character says it
    } else if (!character || steers_terminal(character->point)) {
      shown += kReplacement;
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return shown;
}

std::string json_line(const Json& output) {
  const auto dumped = output.dump();
  std::string line;
  for (std::string_view rest = dumped; !rest.empty();) {
    const auto character = character_at(rest);
    const auto length = character ? character->length : 1;
    if (character && steers_terminal(character->point)) {
      line += fmt::format("\\u{:04x}", character->point);
    } else {
      line += rest.substr(0, length);
    }
    rest.remove_prefix(length);
  }
  return line + "\n";
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // Three-byte characters from U+2E80 on are CJK, kana, hangul and full-width forms; four-byte ones mostly ideographs or emoji.
    const bool wide = length == 4 || (length == 3 && lead >= 0xe2 && !(lead == 0xe2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xba));
    width += wide && text.substr(i, length) != kReplacement ? 2 : 1;
    i += length;
  }
  return width;
}

std::string render(const Json& everything, Language language) {
  const auto output = in_language(everything, language);
  const auto* object = output.as_object();
  if (!object) return is_list_of_objects(output) ? table(*output.as_array()) : cell_text(output) + "\n";
  if (object->empty()) return "";
  if (object->size() == 1 && is_list_of_objects(object->front().second)) return table(*object->front().second.as_array());
  std::string text;
  std::size_t width = 0;
  for (const auto& [name, value] : *object) width = std::max(width, display_width(printable(name)));
  for (const auto& [written, value] : *object) {
    const auto name = printable(written);
    if (is_list_of_objects(value)) {
      text += name + ":\n" + table(*value.as_array());
    } else if (const auto* list = value.as_array(); list && list->empty()) {
      text += pad(name, width) + "  –\n";
    } else {
      text += fmt::format("{}  {}\n", pad(name, width), value.as_string() ? printable(*value.as_string()) : cell_text(value));
    }
  }
  return text;
}

}  // namespace hearth::surfaces
