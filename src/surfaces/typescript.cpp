#include <map>
#include <set>

#include "surfaces/surfaces.h"

namespace hearth::surfaces {
namespace {

// "files.ListInput" → "FilesListInput"
std::string type_identifier(std::string_view title) {
  std::string name;
  bool upper = true;
  for (const char c : title) {
    if (c == '.' || c == '_') {
      upper = true;
    } else {
      name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return name;
}

// "make_folder" → "makeFolder"
std::string member_identifier(std::string_view verb) {
  auto name = type_identifier(verb);
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

// What a type is for decides which members may be missing: an output has all but the optional ones, an input may leave out
// whatever has a default.
enum class Use { Output, Input };

class Writer {
 public:
  // The TypeScript type of a schema; named types are declared once, before the client. All outputs come before the first
  // input: a type used as both is declared a second time for input, as <Name>Draft, if there more may be missing.
  std::string type_of(const Json& schema, Use use) {
    const auto title = schema.text("title");
    const auto type = schema.text("type");
    if (const auto* values = schema.find("enum")) return declare_enum(title, *values);
    if (type == "string") return "string";
    if (type == "integer" || type == "number") return "number";
    if (type == "boolean") return "boolean";
    if (type == "array") {
      const auto item = type_of(*schema.find("items"), use);
      return item.find(' ') == std::string::npos ? item + "[]" : "(" + item + ")[]";
    }
    if (const auto* values = schema.find("additionalProperties")) return "Record<string, " + type_of(*values, use) + ">";
    if (schema.find("properties")) return declare_interface(title, schema, use);
    return "unknown";
  }

  const std::string& declarations() const { return declarations_; }

 private:
  std::string declare_enum(std::string_view title, const Json& values) {
    auto identifier = type_identifier(title);
    if (declared_.insert(identifier).second) {
      std::string union_type;
      for (const auto& value : *values.as_array()) union_type += (union_type.empty() ? "" : " | ") + value.dump();
      declarations_ += fmt::format("export type {} = {};\n\n", identifier, union_type);
    }
    return identifier;
  }

  std::string declare_interface(std::string_view title, const Json& schema, Use use) {
    auto identifier = type_identifier(title);
    const auto members = members_of(schema, use);
    const auto output = outputs_.find(identifier);
    if (use == Use::Output) outputs_.emplace(identifier, members);
    if (use == Use::Input && output != outputs_.end() && output->second != members) identifier += "Draft";
    if (declared_.insert(identifier).second) declarations_ += fmt::format("export interface {} {{\n{}}}\n\n", identifier, members);
    return identifier;
  }

  std::string members_of(const Json& schema, Use use) {
    std::set<std::string_view> required;
    for (const auto& name : *schema.find("required")->as_array()) required.insert(*name.as_string());
    std::string members;
    for (const auto& [name, field] : *schema.find("properties")->as_object()) {
      if (const auto text = field.text("description"); !text.empty()) members += fmt::format("  /** {} */\n", text);
      const bool present = use == Use::Output ? !field.find("x-optional") : required.contains(name);
      members += fmt::format("  {}{}: {};\n", name, present ? "" : "?", type_of(field, use));
    }
    return members;
  }

  std::set<std::string> declared_;
  std::map<std::string, std::string> outputs_;  // the members of each
  std::string declarations_;
};

bool needs_input(const Json& schema) { return !schema.find("required")->as_array()->empty(); }

}  // namespace

std::string typescript_client(const kernel::Kernel& kernel) {
  Writer writer;
  for (const auto& [name, operation] : kernel.operations()) writer.type_of(operation.output_schema(), Use::Output);
  std::string rooms;
  std::string open_room;
  for (const auto& [name, operation] : kernel.operations()) {
    const auto dot = name.find('.');
    const auto room = name.substr(0, dot);
    if (room != open_room) {
      if (!open_room.empty()) rooms += "  },\n";
      rooms += fmt::format("  {}: {{\n", room);
      open_room = room;
    }
    const auto schema = operation.input_schema();
    const auto input = writer.type_of(schema, Use::Input);
    const auto output = writer.type_of(operation.output_schema(), Use::Output);
    rooms += fmt::format("    /** {} */\n", operation.summary.en);
    rooms += operation.streaming
                 ? fmt::format("    {}: (input: {}{}, signal?: AbortSignal) => stream<{}, {}>(\"{}\", input, signal),\n",
                               member_identifier(name.substr(dot + 1)), input, needs_input(schema) ? "" : " = {}", input,
                               output, name)
                 : fmt::format("    {}: (input: {}{}, signal?: AbortSignal) => call<{}, {}>(\"{}\", input, signal),\n",
                               member_identifier(name.substr(dot + 1)), input, needs_input(schema) ? "" : " = {}", input,
                               output, name);
  }
  if (!open_room.empty()) rooms += "  },\n";
  return fmt::format(
      "// Generated from the operations' definitions by `hearthd --describe typescript`. Do not edit.\n"
      "import {{ call, stream }} from './transport';\n\n{}export const api = {{\n{}}};\n",
      writer.declarations(), rooms);
}

}  // namespace hearth::surfaces
