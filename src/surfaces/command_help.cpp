#include "surfaces/command_help.h"

#include <algorithm>
#include <map>

#include "surfaces/command_line.h"
#include "surfaces/terminal_text.h"

namespace hearth::surfaces {
namespace {

std::string_view summary_of(const Json& definition, Language language) {
  const auto zh = definition.text("summary_zh");
  return language == Language::Chinese && !zh.empty() ? zh : definition.text("summary");
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

}  // namespace

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

}  // namespace hearth::surfaces
