#include "surfaces/command_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/closest.h"

namespace hearth::surfaces {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

const Json* find_operation(const Json& definitions, std::string_view name) {
  for (const auto& definition : *definitions.as_array()) {
    if (definition.text("name") == name) return &definition;
  }
  return nullptr;
}

std::string room_of(const Json& definition) {
  const auto name = definition.text("name");
  return std::string(name.substr(0, name.find('.')));
}

std::string_view summary_of(const Json& definition, Language language) {
  const auto zh = definition.text("summary_zh");
  return language == Language::Chinese && !zh.empty() ? zh : definition.text("summary");
}

std::string dashed(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}
std::string underscored(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

std::string pad(std::string_view text, std::size_t width) {
  std::string padded(text);
  const auto used = display_width(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

// One word of the command line as the field's type.
Result<Json> value_of(const Json& field, std::string_view name, const std::string& word) {
  if (!is_utf8(word)) return fail(Code::InvalidInput, "--{} holds bytes that are not UTF-8 text.", dashed(name));
  const auto type = field.text("type");
  const auto wrong = [&](const Message& expected) {
    return fail(Code::InvalidInput, "--{} takes {}, not \"{}\".", dashed(name), expected, word);
  };
  if (type == "string") return Json(word);
  if (type == "boolean") {
    if (word == "true" || word == "yes") return Json(true);
    if (word == "false" || word == "no") return Json(false);
    return wrong(translated("true or false"));
  }
  if (type == "integer") {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) return wrong(translated("a whole number"));
    return Json(value);
  }
  if (type == "number") {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return wrong(translated("a number"));
    return Json(value);
  }
  auto json = Json::parse(word);
  if (!json) return wrong(std::string("JSON"));
  return json;
}

Message field_type_text(const Json& field) {
  if (const auto* values = field.find("enum")) {
    std::string text;
    for (const auto& value : *values->as_array()) text += (text.empty() ? "" : "|") + *value.as_string();
    return text;
  }
  const auto type = field.text("type");
  if (type == "array") return translated("{} …", field_type_text(*field.find("items")));
  if (type == "string" && field.text("format") == "date-time") return translated("time");
  if (type == "string") return translated("text");
  if (type == "integer" || type == "number") return translated("number");
  if (type == "boolean") return {};
  return std::string("json");
}

// Takes --json, --help and -h: words that stand for themselves wherever a field could begin.
bool take_switch(std::string_view word, Command& command, bool& help) {
  if (word == "--json") {
    command.as_json = true;
  } else if (word == "--help" || word == "-h") {
    help = true;
  } else {
    return false;
  }
  return true;
}

Result<> set_field(const Json& field, std::string_view name, const std::string& text, Command& command) {
  const auto* given = command.input.find(name);
  if (field.text("type") == "array") {
    Json grown = given ? *given : Json::array();
    grown.push(TRY(value_of(*field.find("items"), name, text)));
    command.input.set(std::string(name), std::move(grown));
    return {};
  }
  if (given) return fail(Code::InvalidInput, "--{} is given twice; it takes one value.", dashed(name));
  command.input.set(std::string(name), TRY(value_of(field, name, text)));
  return {};
}

// The word after a field is its value, whatever it looks like; only a boolean's may be left out.
Result<> parse_fields(const Json& definition, std::span<const std::string> words, Command& command, bool& help) {
  const auto& properties = *definition.find("input")->find("properties");
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (take_switch(word, command, help)) continue;
    if (!word.starts_with("--")) {
      return fail(Code::InvalidInput, "\"{}\" is not expected here: fields are given as --name value. See: hearth {} --help", word,
                  command.room + " " + dashed(command.operation.substr(command.room.size() + 1)));
    }
    const auto equals = word.find('=');
    const auto name = underscored(word.substr(2, equals == std::string::npos ? equals : equals - 2));
    const auto* field = properties.find(name);
    if (!field) {
      std::string known;
      for (const auto& [candidate, ignored] : *properties.as_object()) known += (known.empty() ? "--" : ", --") + dashed(candidate);
      std::vector<std::string> names;
      for (const auto& [candidate, ignored] : *properties.as_object()) names.push_back(dashed(candidate));
      if (const auto meant = closest(dashed(name), names); !meant.empty()) {
        return fail(Code::InvalidInput, "{} has no --{}. Did you mean --{}? It takes {}.", command.operation, dashed(name), meant, known);
      }
      if (known.empty()) return fail(Code::InvalidInput, "{} has no --{}; it takes no fields.", command.operation, dashed(name));
      return fail(Code::InvalidInput, "{} has no --{}; it takes {}.", command.operation, dashed(name), known);
    }
    std::string text;
    if (equals != std::string::npos) {
      text = word.substr(equals + 1);
    } else if (field->text("type") == "boolean" && (i + 1 == words.size() || words[i + 1].starts_with("-"))) {
      text = "true";
    } else if (i + 1 < words.size()) {
      text = words[++i];
    } else {
      return fail(Code::InvalidInput, "--{} needs a value.", dashed(name));
    }
    TRY(set_field(*field, name, text, command));
  }
  return {};
}

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

Result<Command> parse_command(const Json& definitions, std::span<const std::string> words,
                              const std::function<std::optional<std::string>(std::string_view prompt)>& ask_secret) {
  Command command;
  bool help = false;
  // The room and the verb come first, but for switches; what follows is fields and their values.
  std::vector<std::string> rest;
  std::size_t at = 0;
  for (; at < words.size() && rest.size() < 2; ++at) {
    if (!take_switch(words[at], command, help)) rest.push_back(words[at]);
  }
  if (rest.empty() || rest[0] == "help") return command;
  if (rest[0].starts_with("-")) return fail(Code::NotFound, "There is no option {}. See: hearth --help", rest[0]);
  command.room = rest[0];
  const bool room_exists = std::any_of(definitions.as_array()->begin(), definitions.as_array()->end(),
                                       [&](const Json& definition) { return room_of(definition) == command.room; });
  if (!room_exists) {
    std::set<std::string> names;
    for (const auto& definition : *definitions.as_array()) names.insert(room_of(definition));
    const std::vector<std::string> rooms(names.begin(), names.end());
    std::string known;
    for (const auto& room : rooms) known += (known.empty() ? "" : ", ") + room;
    if (const auto meant = closest(command.room, rooms); !meant.empty()) {
      return fail(Code::NotFound, "There is no room \"{}\". Did you mean {}? There is {}.", command.room, meant, known);
    }
    return fail(Code::NotFound, "There is no room \"{}\". There is {}.", command.room, known);
  }
  if (rest.size() == 1) {
    command.kind = Command::Kind::Room;
    return command;
  }
  command.operation = command.room + "." + underscored(rest[1]);
  const auto* definition = find_operation(definitions, command.operation);
  if (!definition) {
    std::vector<std::string> verbs;
    for (const auto& one : *definitions.as_array()) {
      if (room_of(one) == command.room) verbs.push_back(dashed(one.text("name").substr(command.room.size() + 1)));
    }
    if (const auto meant = closest(rest[1], verbs); !meant.empty()) {
      return fail(Code::NotFound, "There is no \"{}\" in {}. Did you mean {}? See: hearth {}", rest[1], command.room, meant, command.room);
    }
    return fail(Code::NotFound, "There is no \"{}\" in {}. See: hearth {}", rest[1], command.room, command.room);
  }
  const auto parsed = help ? Result<>() : parse_fields(*definition, words.subspan(at), command, help);
  if (help) {
    command.kind = Command::Kind::Help;
    return command;
  }
  TRY(parsed);
  command.kind = Command::Kind::Call;
  const auto& schema = *definition->find("input");
  for (const auto& required : *schema.find("required")->as_array()) {
    const auto& name = *required.as_string();
    if (command.input.find(name)) continue;
    std::optional<std::string> secret;
    if (schema.find("properties")->find(name)->find("x-secret")) secret = ask_secret(dashed(name));
    if (!secret) {
      return fail(Code::InvalidInput, "--{} is missing. See: hearth {} {} --help", dashed(name), command.room, dashed(rest[1]));
    }
    command.input.set(name, *secret);
  }
  return command;
}

std::string usage(Language language) {
  return language == Language::Chinese ? "用法: hearth [--home 目录] <房间> <动作> [--字段 值 …] [--json]\n      hearth --version\n\n"
                                       : "usage: hearth [--home DIR] <room> <verb> [--field value …] [--json]\n       hearth --version\n\n";
}

std::string rooms_help(const Json& definitions, Language language) {
  std::map<std::string, std::string> rooms;
  for (const auto& definition : *definitions.as_array()) {
    const auto name = definition.text("name");
    auto& verbs = rooms[room_of(definition)];
    verbs += (verbs.empty() ? "" : ", ") + dashed(name.substr(name.find('.') + 1));
  }
  auto text = usage(language);
  for (const auto& [room, verbs] : rooms) text += fmt::format("  {}  {}\n", pad(room, 11), verbs);
  text += language == Language::Chinese ? "\n更多: hearth <房间>，hearth <房间> <动作> --help\n"
                                        : "\nMore: hearth <room>, hearth <room> <verb> --help\n";
  return text;
}

std::string room_help(const Json& definitions, std::string_view room, Language language) {
  std::vector<std::pair<std::string, std::string_view>> verbs;
  std::size_t width = 0;
  for (const auto& definition : *definitions.as_array()) {
    if (room_of(definition) != room) continue;
    const auto name = definition.text("name");
    verbs.emplace_back(dashed(name.substr(name.find('.') + 1)), summary_of(definition, language));
    width = std::max(width, verbs.back().first.size());
  }
  std::string text;
  for (const auto& [verb, summary] : verbs) text += fmt::format("  hearth {} {}  {}\n", room, pad(verb, width), summary);
  return text;
}

std::string operation_help(const Json& definition, Language language) {
  const auto name = definition.text("name");
  const auto dot = name.find('.');
  const auto& schema = *definition.find("input");
  std::string text = fmt::format("hearth {} {}\n\n  {}\n", name.substr(0, dot), dashed(name.substr(dot + 1)), summary_of(definition, language));
  const auto* properties = schema.find("properties");
  if (!properties->as_object()->empty()) text += "\n";
  for (const auto& [field_name, field] : *properties->as_object()) {
    const auto& required_names = *schema.find("required")->as_array();
    const bool required = std::find(required_names.begin(), required_names.end(), Json(field_name)) != required_names.end();
    const auto zh = field.text("x-description-zh");
    const auto documentation = language == Language::Chinese && !zh.empty() ? zh : field.text("description");
    std::string note;
    if (required) note = language == Language::Chinese ? "（必填）" : " (required)";
    if (const auto* initial = field.find("x-default"); initial && initial->dump() != "\"\"" && initial->dump() != "false") {
      note = fmt::format(" ({})", initial->dump());
    }
    text += fmt::format("  {}  {}{}\n", pad(fmt::format("--{} {}", dashed(field_name), field_type_text(field).in(language)), 30), documentation, note);
  }
  return text;
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
