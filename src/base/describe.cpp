#include "base/describe.h"

namespace hearth::describe_detail {

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

namespace {
Message subject(std::string_view where) { return where.empty() ? translated("The input") : Message(std::string(where)); }
}  // namespace

std::string member_path(std::string_view where, std::string_view name) {
  return where.empty() ? std::string(name) : fmt::format("{}.{}", where, name);
}

std::unexpected<Error> wrong_kind(std::string_view where, const Message& expected, const Json& got) {
  const auto* text = got.as_string();
  if (text && text->size() <= 60) {
    return fail(Code::InvalidInput, "{} must be {}, not \"{}\".", subject(where), expected, *text);
  }
  return fail(Code::InvalidInput, "{} must be {}, not {}.", subject(where), expected, got.kind());
}

std::unexpected<Error> unknown_member(std::string_view where, std::string_view name, const Json::Array& known) {
  std::string names;
  for (const auto& one : known) names += (names.empty() ? "" : ", ") + *one.as_string();
  if (names.empty()) return fail(Code::InvalidInput, "{} does not have \"{}\"; it takes nothing.", subject(where), name);
  return fail(Code::InvalidInput, "{} does not have \"{}\"; it takes {}.", subject(where), name, names);
}

Result<void> check_number(std::string_view where, double value, const FieldOptions& options) {
  if (value < options.minimum) {
    return fail(Code::InvalidInput, "{} must be at least {}, not {}.", subject(where), options.minimum, value);
  }
  if (value > options.maximum) {
    return fail(Code::InvalidInput, "{} must be at most {}, not {}.", subject(where), options.maximum, value);
  }
  return {};
}

Result<void> check_length(std::string_view where, std::size_t length, const FieldOptions& options) {
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

}  // namespace hearth::describe_detail
