#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string type_text(const Json& schema) {
  if (const auto* values = schema.find("enum")) {
    std::string text;
    for (const auto& value : *values->as_array()) text += (text.empty() ? "" : ", ") + *value.as_string();
    return text;
  }
  const auto type = schema.text("type");
  if (type == "array") return "list of " + type_text(*schema.find("items"));
  if (type == "object" && !schema.text("title").empty()) return std::string(schema.text("title"));
  if (type == "object") return "object";
  if (type == "string" && schema.text("format") == "date-time") return "time";
  return type.empty() ? "any" : std::string(type);
}

std::string fields(const Json& schema, std::string_view heading) {
  const auto* properties = schema.find("properties");
  if (!properties || properties->as_object()->empty()) return "";
  std::string text = fmt::format("\n{}:\n\n| field | type | | |\n|---|---|---|---|\n", heading);
  for (const auto& [name, field] : *properties->as_object()) {
    bool required = false;
    for (const auto& one : *schema.find("required")->as_array()) required = required || *one.as_string() == name;
    const auto* initial = field.find("x-default");
    const auto note = required ? std::string("required") : initial ? "default " + initial->dump() : std::string("optional");
    const auto zh = field.text("x-description-zh");
    text += fmt::format("| `{}` | {} | {} | {}{}{} |\n", name, cell(type_text(field)), cell(note),
                        cell(field.text("description")), zh.empty() ? "" : " ", cell(zh));
  }
  return text;
}

}  // namespace

std::string markdown_reference(const kernel::Kernel& kernel) {
  std::string text =
      "# Operations\n\n"
      "Generated from the definitions by `hearthd --describe markdown`. Each operation is `POST /api/<name>` with a JSON\n"
      "object, `hearth <room> <verb> --field value` on the command line, `api.<room>.<verb>(…)` in TypeScript, and an\n"
      "entry in the desktop's palette.\n";
  std::string open_room;
  for (const auto& [name, operation] : kernel.operations()) {
    const auto room = name.substr(0, name.find('.'));
    if (room != open_room) text += fmt::format("\n## {}\n", room);
    open_room = room;
    text += fmt::format("\n### {}\n\n{} {}\n\nEffect: {}. Open to: {}.{}\n", name, operation.summary.en, operation.summary.zh,
                        enum_name(operation.effect), enum_name(operation.options.audience),
                        operation.streaming ? " Streams events." : "");
    text += fields(operation.input_schema(), "Input");
    text += fields(operation.output_schema(), operation.streaming ? "Each event" : "Output");
  }
  return text;
}

}  // namespace hearth::surfaces
