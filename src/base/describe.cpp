#include "base/describe.h"

#include <algorithm>
#include <cmath>

namespace hearth::describe_detail {
namespace {

std::string snake_case(std::string_view camel_case) {
  std::string snake;
  for (const char c : camel_case) {
    if (c >= 'A' && c <= 'Z') {
      if (!snake.empty()) snake += '_';
      snake += static_cast<char>(c - 'A' + 'a');
    } else {
      snake += c;
    }
  }
  return snake;
}

// "hearth::files::Entry" → "files.Entry"
std::string title_of(std::string_view qualified_name) {
  if (qualified_name.starts_with("hearth::")) qualified_name.remove_prefix(8);
  std::string title;
  for (std::size_t i = 0; i < qualified_name.size(); ++i) {
    if (qualified_name.substr(i).starts_with("::")) {
      title += '.';
      ++i;
    } else {
      title += qualified_name[i];
    }
  }
  return title;
}

Message subject(std::string_view where) { return where.empty() ? translated("The input") : Message(std::string(where)); }

std::unexpected<Error> wrong_kind(std::string_view where, const Message& expected, const Json& got) {
  const auto* text = got.as_string();
  if (text && text->size() <= 60) {
    return fail(Code::InvalidInput, "{} must be {}, not \"{}\".", subject(where), expected, *text);
  }
  return fail(Code::InvalidInput, "{} must be {}, not {}.", subject(where), expected, got.kind());
}

std::unexpected<Error> unknown_member(std::string_view where, std::string_view name, std::span<const Field> known) {
  std::string names;
  for (const auto& one : known) names.append(names.empty() ? "" : ", ").append(one.name);
  if (names.empty()) return fail(Code::InvalidInput, "{} does not have \"{}\"; it takes nothing.", subject(where), name);
  return fail(Code::InvalidInput, "{} does not have \"{}\"; it takes {}.", subject(where), name, names);
}

Result<> check_number(std::string_view where, double value, const FieldOptions& options) {
  if (value < options.minimum) {
    return fail(Code::InvalidInput, "{} must be at least {}, not {}.", subject(where), options.minimum, value);
  }
  if (value > options.maximum) {
    return fail(Code::InvalidInput, "{} must be at most {}, not {}.", subject(where), options.maximum, value);
  }
  return {};
}

// The code points of UTF-8 text: what a schema's maxLength counts.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

Result<> check_length(std::string_view where, std::size_t length, const FieldOptions& options) {
  if (length > options.maximum_length) {
    return fail(Code::InvalidInput, "{} is too long: {} where {} is the most.", subject(where), length,
                options.maximum_length);
  }
  return {};
}

void add_constraints(Json& schema, const FieldOptions& options) {
  static const FieldOptions kPlain;
  if (options.minimum != kPlain.minimum) schema.set("minimum", options.minimum);
  if (options.maximum != kPlain.maximum) schema.set("maximum", options.maximum);
  if (options.maximum_length != kPlain.maximum_length) {
    schema.set(schema.text("type") == "array" ? "maxItems" : "maxLength", options.maximum_length);
  }
  if (!options.resource.empty()) schema.set("x-resource", options.resource);
  if (options.destination) schema.set("x-destination", true);
  if (options.cost) schema.set("x-cost", true);
  if (options.secret) schema.set("x-secret", true);
  if (!options.format.empty()) schema.set("x-format", options.format);
}

bool may_be_left_out(const Field& field) {
  return field.options.defaulted || field.type->kind == Type::Kind::Optional || field.type->kind == Type::Kind::Collection;
}

const void* member_of(const Field& field, const void* object) { return field.member(const_cast<void*>(object)); }

}  // namespace

std::string enum_name(std::span<const EnumValue> values, std::int64_t value) {
  const auto found = std::ranges::find(values, value, &EnumValue::value);
  return found == values.end() ? "" : snake_case(found->name);
}

std::optional<std::int64_t> enum_value(std::span<const EnumValue> values, std::string_view name) {
  for (const auto& candidate : values) {
    if (snake_case(candidate.name) == name) return candidate.value;
  }
  return std::nullopt;
}

std::string member_path(std::string_view where, std::string_view name) {
  return where.empty() ? std::string(name) : fmt::format("{}.{}", where, name);
}

std::string element_path(std::string_view where, std::size_t index) { return fmt::format("{}[{}]", where, index); }

// --- scalars ---

Json Codec<Json>::write(const void* value) { return *static_cast<const Json*>(value); }
Result<> Codec<Json>::read(void* value, const Json& json, std::string_view, const FieldOptions&) {
  *static_cast<Json*>(value) = json;
  return {};
}
Json Codec<Json>::schema() { return Json::object(); }

Json Codec<bool>::write(const void* value) { return Json(*static_cast<const bool*>(value)); }
Result<> Codec<bool>::read(void* value, const Json& json, std::string_view where, const FieldOptions&) {
  const auto* boolean = json.as_bool();
  if (!boolean) return wrong_kind(where, translated("true or false"), json);
  *static_cast<bool*>(value) = *boolean;
  return {};
}
Json Codec<bool>::schema() { return simple_schema("boolean"); }

Json Codec<std::string>::write(const void* value) { return Json(*static_cast<const std::string*>(value)); }
Result<> Codec<std::string>::read(void* value, const Json& json, std::string_view where, const FieldOptions& options) {
  const auto* text = json.as_string();
  if (!text) return wrong_kind(where, translated("a string"), json);
  TRY(check_length(where, length_of(*text), options));
  *static_cast<std::string*>(value) = *text;
  return {};
}
Json Codec<std::string>::schema() { return simple_schema("string"); }

Json Codec<Time>::write(const void* value) { return Json(format_time(*static_cast<const Time*>(value))); }
Result<> Codec<Time>::read(void* value, const Json& json, std::string_view where, const FieldOptions&) {
  const auto* text = json.as_string();
  if (!text) return wrong_kind(where, translated("a time"), json);
  const auto time = parse_time(*text);
  if (!time) return fail(Code::InvalidInput, "{}: {}", where, time.error().sentence());
  *static_cast<Time*>(value) = *time;
  return {};
}
Json Codec<Time>::schema() { return Json::object({{"type", "string"}, {"format", "date-time"}}); }

Result<std::int64_t> read_integer(const Json& json, std::string_view where, const FieldOptions& options, std::int64_t least,
                                  std::int64_t most) {
  constexpr double kExact = 9007199254740992;  // 2^53: up to here, and not further, 1e2 and 1.0 say which number they mean
  std::int64_t number = 0;
  if (const auto* whole = json.as_integer()) {
    number = *whole;
  } else if (const auto* real = json.as_double(); real && std::trunc(*real) == *real) {
    if (std::abs(*real) > kExact) return fail(Code::InvalidInput, "{}: {} is out of range.", where, *real);
    number = static_cast<std::int64_t>(*real);
  } else {
    return wrong_kind(where, translated("a whole number"), json);
  }
  if (number < least || number > most) return fail(Code::InvalidInput, "{}: {} is out of range.", where, number);
  TRY(check_number(where, static_cast<double>(number), options));
  return number;
}

Result<double> read_number(const Json& json, std::string_view where, const FieldOptions& options) {
  double number = 0;
  if (const auto* integer = json.as_integer()) {
    number = static_cast<double>(*integer);
  } else if (const auto* real = json.as_double()) {
    number = *real;
  } else {
    return wrong_kind(where, translated("a number"), json);
  }
  TRY(check_number(where, number, options));
  return number;
}

Json simple_schema(std::string_view type) { return Json::object({{"type", type}}); }

// --- enums ---

Result<std::int64_t> read_enum(std::span<const EnumValue> values, const Json& json, std::string_view where) {
  if (const auto* text = json.as_string()) {
    if (const auto value = enum_value(values, *text)) return *value;
  }
  std::string known;
  for (const auto& candidate : values) known += (known.empty() ? "" : ", ") + snake_case(candidate.name);
  return wrong_kind(where, translated("one of {}", known), json);
}

Json enum_schema(std::string_view qualified_name, std::span<const EnumValue> values) {
  Json::Array names;
  for (const auto& value : values) names.push_back(Json(snake_case(value.name)));
  return Json::object({{"type", "string"}, {"title", title_of(qualified_name)}, {"enum", Json(std::move(names))}});
}

// --- lists and maps ---

Result<const Json::Array*> read_list(const Json& json, std::string_view where, const FieldOptions& options) {
  const auto* array = json.as_array();
  if (!array) return wrong_kind(where, translated("a list"), json);
  TRY(check_length(where, array->size(), options));
  return array;
}

Result<const Json::Object*> read_map(const Json& json, std::string_view where) {
  const auto* object = json.as_object();
  if (!object) return wrong_kind(where, translated("an object"), json);
  return object;
}

Json list_schema(const Type& element) { return Json::object({{"type", "array"}, {"items", element.schema()}}); }

Json map_schema(const Type& value) { return Json::object({{"type", "object"}, {"additionalProperties", value.schema()}}); }

// --- structs ---

Json write_struct(std::span<const Field> fields, const void* object) {
  Json::Object members;
  for (const auto& field : fields) {
    auto member = field.type->write(member_of(field, object));
    if (!member.is_null()) members.emplace_back(std::string(field.name), std::move(member));
  }
  return Json(std::move(members));
}

Result<> read_struct(std::span<const Field> fields, void* object, const Json& json, std::string_view where) {
  const auto* members = TRY(read_map(json, where));
  for (const auto& field : fields) {
    const auto* member = json.find(field.name);
    if (member && (!member->is_null() || field.type->kind == Type::Kind::Anything)) {
      TRY(field.type->read(field.member(object), *member, member_path(where, field.name), field.options));
    } else if (!may_be_left_out(field)) {
      return fail(Code::InvalidInput, "{} is missing.", member_path(where, field.name));
    }
  }
  for (const auto& [name, member] : *members) {
    if (std::ranges::find(fields, name, &Field::name) == fields.end()) return unknown_member(where, name, fields);
  }
  return {};
}

Json struct_schema(std::string_view qualified_name, std::span<const Field> fields, const void* initial) {
  Json::Object properties;
  Json::Array required;
  for (const auto& field : fields) {
    auto schema = field.type->schema();
    if (!field.options.documentation.empty()) schema.set("description", field.options.documentation);
    if (!field.options.zh.empty()) schema.set("x-description-zh", field.options.zh);
    add_constraints(schema, field.options);
    if (field.type->kind == Type::Kind::Optional) schema.set("x-optional", true);
    if (field.options.defaulted) {
      schema.set("x-default", field.type->write(member_of(field, initial)));
    } else if (!may_be_left_out(field)) {
      required.push_back(Json(field.name));
    }
    properties.emplace_back(std::string(field.name), std::move(schema));
  }
  return Json::object({{"type", "object"},
                       {"title", title_of(qualified_name)},
                       {"properties", Json(std::move(properties))},
                       {"required", Json(std::move(required))}});
}

}  // namespace hearth::describe_detail
