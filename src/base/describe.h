#pragma once
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

// Describes a struct once; its JSON form, its schema, the generated clients, forms and help all come from that.
//
//   struct ListInput { std::string path; std::optional<std::string> after; int limit = 100; };
//   HEARTH_DESCRIBE(ListInput,
//       (path, "The folder, from the root of your home.", .zh = "从个人文件夹根起的路径。", .resource = "files"),
//       (after, "Continue after this name.", .zh = "从此名称之后继续。"),
//       (limit, "How many entries at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 1000))
//   enum class Kind { Folder, TextFile };
//   HEARTH_DESCRIBE_ENUM(Kind, Folder, TextFile)        // "folder", "text_file"
//
// Both stand in the namespace of the type. Members: bool, integers, double, std::string, Time, Json (anything), described
// enums and structs, and std::optional, std::vector and std::map<std::string, …> of those.
namespace hearth {

struct FieldOptions {
  std::string_view documentation;
  std::string_view zh = {};  // the documentation in Chinese
  bool defaulted = false;  // may be left out: the member's initialiser stands. Optionals, lists and maps always may.
  double minimum = std::numeric_limits<double>::lowest();  // of a number
  double maximum = std::numeric_limits<double>::max();
  std::size_t maximum_length = 1 << 20;  // of a string, in bytes; of a list, in elements
  std::string_view resource = {};   // this field names a resource of that kind: grants match on "<resource>:<value>"
  bool destination = false;         // this field names where data goes: "<kind>:<name>"; the guard checks its clearance
  bool cost = false;                // this field is an amount of money the call spends: grants' budgets count it
  bool secret = false;              // a password or key: never logged, never audited, shown as dots
  std::string_view format = {};     // a hint for forms: "path", "multiline", "person", "operation", "color"
};

template <typename T>
struct Description;  // specialised by HEARTH_DESCRIBE

namespace describe_detail {

template <typename T, typename M>
struct Field {
  std::string_view name;
  M T::* member;
  FieldOptions options;
};

template <typename T>
concept DescribedStruct = requires(T* t) { hearth_describe_fields(t); };
template <typename T>
concept DescribedEnum = std::is_enum_v<T> && requires(T* t) { hearth_describe_values(t); };

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsMap : std::false_type {};
template <typename T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

std::string snake_case(std::string_view camel_case);
std::unexpected<Error> wrong_kind(std::string_view where, const Message& expected, const Json& got);
std::unexpected<Error> unknown_member(std::string_view where, std::string_view name, const Json::Array& known);
Result<void> check_number(std::string_view where, double value, const FieldOptions& options);
Result<void> check_length(std::string_view where, std::size_t length, const FieldOptions& options);
std::string member_path(std::string_view where, std::string_view name);
void add_constraints(Json& schema, const FieldOptions& options);

// "hearth::files::Entry" → "files.Entry"
template <typename T>
std::string type_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  if (text.starts_with("hearth::")) text.remove_prefix(8);
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("::")) {
      name += '.';
      ++i;
    } else {
      name += text[i];
    }
  }
  return name;
}

}  // namespace describe_detail

template <typename T>
constexpr bool is_optional_member =
    describe_detail::IsOptional<T>::value || describe_detail::IsVector<T>::value || describe_detail::IsMap<T>::value;

// The name of an enum value as it appears in JSON.
template <describe_detail::DescribedEnum T>
std::string enum_name(T value) {
  for (const auto& [candidate, name] : hearth_describe_values(static_cast<T*>(nullptr))) {
    if (candidate == value) return describe_detail::snake_case(name);
  }
  return "";
}

template <describe_detail::DescribedEnum T>
std::optional<T> enum_value(std::string_view text) {
  for (const auto& [candidate, name] : hearth_describe_values(static_cast<T*>(nullptr))) {
    if (describe_detail::snake_case(name) == text) return candidate;
  }
  return std::nullopt;
}

template <typename T>
Json to_json(const T& value) {
  using namespace describe_detail;
  if constexpr (std::same_as<T, Json>) {
    return value;
  } else if constexpr (std::same_as<T, Time>) {
    return Json(format_time(value));
  } else if constexpr (std::same_as<T, bool> || std::same_as<T, std::string>) {
    return Json(value);
  } else if constexpr (std::integral<T>) {
    if constexpr (std::is_signed_v<T>) {
      return Json(static_cast<std::int64_t>(value));
    } else {
      return Json(static_cast<std::uint64_t>(value));
    }
  } else if constexpr (std::floating_point<T>) {
    return Json(static_cast<double>(value));
  } else if constexpr (DescribedEnum<T>) {
    return Json(enum_name(value));
  } else if constexpr (IsOptional<T>::value) {
    return value ? to_json(*value) : Json();
  } else if constexpr (IsVector<T>::value) {
    Json::Array array;
    array.reserve(value.size());
    for (const auto& item : value) array.push_back(to_json(item));
    return Json(std::move(array));
  } else if constexpr (IsMap<T>::value) {
    Json::Object object;
    for (const auto& [name, item] : value) object.emplace_back(name, to_json(item));
    return Json(std::move(object));
  } else {
    static_assert(DescribedStruct<T>, "describe this type with HEARTH_DESCRIBE");
    Json::Object object;
    std::apply(
        [&](const auto&... field) {
          const auto add = [&](const auto& f) {
            auto member = to_json(value.*(f.member));
            if (!member.is_null()) object.emplace_back(std::string(f.name), std::move(member));
          };
          (add(field), ...);
        },
        hearth_describe_fields(static_cast<T*>(nullptr)));
    return Json(std::move(object));
  }
}

// Reads a T out of JSON. `where` names the place in error messages. Unknown members are errors, so that nothing a caller
// sends is silently ignored.
template <typename T>
Result<T> from_json(const Json& json, std::string_view where = "", const FieldOptions& options = {}) {
  using namespace describe_detail;
  if constexpr (std::same_as<T, Json>) {
    return json;
  } else if constexpr (std::same_as<T, bool>) {
    if (const auto* boolean = json.as_bool()) return *boolean;
    return wrong_kind(where, translated("true or false"), json);
  } else if constexpr (std::same_as<T, std::string>) {
    const auto* text = json.as_string();
    if (!text) return wrong_kind(where, translated("a string"), json);
    TRY(check_length(where, text->size(), options));
    return *text;
  } else if constexpr (std::same_as<T, Time>) {
    const auto* text = json.as_string();
    if (!text) return wrong_kind(where, translated("a time"), json);
    auto time = parse_time(*text);
    if (!time) return fail(Code::InvalidInput, "{}: {}", where, time.error().sentence());
    return *time;
  } else if constexpr (std::integral<T>) {
    const auto* number = json.as_integer();
    if (!number) return wrong_kind(where, translated("a whole number"), json);
    if (!std::in_range<T>(*number)) return fail(Code::InvalidInput, "{}: {} is out of range.", where, *number);
    TRY(check_number(where, static_cast<double>(*number), options));
    return static_cast<T>(*number);
  } else if constexpr (std::floating_point<T>) {
    double number = 0;
    if (const auto* integer = json.as_integer()) {
      number = static_cast<double>(*integer);
    } else if (const auto* real = json.as_double()) {
      number = *real;
    } else {
      return wrong_kind(where, translated("a number"), json);
    }
    TRY(check_number(where, number, options));
    return static_cast<T>(number);
  } else if constexpr (DescribedEnum<T>) {
    if (const auto* text = json.as_string()) {
      if (const auto value = enum_value<T>(*text)) return *value;
    }
    std::string known;
    for (const auto& [value, name] : hearth_describe_values(static_cast<T*>(nullptr))) {
      known += (known.empty() ? "" : ", ") + snake_case(name);
    }
    return wrong_kind(where, translated("one of {}", known), json);
  } else if constexpr (IsOptional<T>::value) {
    if (json.is_null()) return T();
    return T(TRY(from_json<typename T::value_type>(json, where, options)));
  } else if constexpr (IsVector<T>::value) {
    const auto* array = json.as_array();
    if (!array) return wrong_kind(where, translated("a list"), json);
    TRY(check_length(where, array->size(), options));
    T values;
    values.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
      values.push_back(TRY(from_json<typename T::value_type>((*array)[i], fmt::format("{}[{}]", where, i))));
    }
    return values;
  } else if constexpr (IsMap<T>::value) {
    const auto* object = json.as_object();
    if (!object) return wrong_kind(where, translated("an object"), json);
    T values;
    for (const auto& [name, item] : *object) {
      values.emplace(name, TRY(from_json<typename T::mapped_type>(item, member_path(where, name))));
    }
    return values;
  } else {
    static_assert(DescribedStruct<T>, "describe this type with HEARTH_DESCRIBE");
    const auto* object = json.as_object();
    if (!object) return wrong_kind(where, translated("an object"), json);
    T value{};
    Json::Array known;
    std::optional<Error> failure;
    std::apply(
        [&](const auto&... field) {
          const auto read = [&](const auto& f) {
            using M = std::remove_cvref_t<decltype(value.*(f.member))>;
            known.push_back(Json(f.name));
            if (failure) return;
            const auto* member = json.find(f.name);
            if (!member || (member->is_null() && !std::same_as<M, Json>)) {
              if (!f.options.defaulted && !is_optional_member<M>) {
                failure = Error(Code::InvalidInput, translated("{} is missing.", member_path(where, f.name)));
              }
              return;
            }
            auto result = from_json<M>(*member, member_path(where, f.name), f.options);
            if (result) {
              value.*(f.member) = *std::move(result);
            } else {
              failure = std::move(result).error();
            }
          };
          (read(field), ...);
        },
        hearth_describe_fields(static_cast<T*>(nullptr)));
    if (failure) return std::unexpected(*std::move(failure));
    for (const auto& [name, member] : *object) {
      if (std::find(known.begin(), known.end(), Json(name)) == known.end()) return unknown_member(where, name, known);
    }
    return value;
  }
}

// JSON Schema (draft 2020-12) of T. Described structs carry "title": "<room>.<Type>"; fields carry "description",
// limits, and Hearth's own "x-resource", "x-destination", "x-secret", "x-format", "x-default", and
// "x-optional" where even an output may lack it.
template <typename T>
Json schema_of() {
  using namespace describe_detail;
  if constexpr (std::same_as<T, Json>) {
    return Json::object();
  } else if constexpr (std::same_as<T, bool>) {
    return Json::object({{"type", "boolean"}});
  } else if constexpr (std::same_as<T, std::string>) {
    return Json::object({{"type", "string"}});
  } else if constexpr (std::same_as<T, Time>) {
    return Json::object({{"type", "string"}, {"format", "date-time"}});
  } else if constexpr (std::integral<T>) {
    return Json::object({{"type", "integer"}});
  } else if constexpr (std::floating_point<T>) {
    return Json::object({{"type", "number"}});
  } else if constexpr (DescribedEnum<T>) {
    Json::Array values;
    for (const auto& [value, name] : hearth_describe_values(static_cast<T*>(nullptr))) {
      values.push_back(Json(snake_case(name)));
    }
    return Json::object({{"type", "string"}, {"title", type_name<T>()}, {"enum", Json(std::move(values))}});
  } else if constexpr (IsOptional<T>::value) {
    return schema_of<typename T::value_type>();
  } else if constexpr (IsVector<T>::value) {
    return Json::object({{"type", "array"}, {"items", schema_of<typename T::value_type>()}});
  } else if constexpr (IsMap<T>::value) {
    return Json::object({{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}});
  } else {
    static_assert(DescribedStruct<T>, "describe this type with HEARTH_DESCRIBE");
    Json::Object properties;
    Json::Array required;
    const T initial{};
    std::apply(
        [&](const auto&... field) {
          const auto add = [&](const auto& f) {
            using M = std::remove_cvref_t<decltype(initial.*(f.member))>;
            auto schema = schema_of<M>();
            if (!f.options.documentation.empty()) schema.set("description", f.options.documentation);
            if (!f.options.zh.empty()) schema.set("x-description-zh", f.options.zh);
            add_constraints(schema, f.options);
            if (IsOptional<M>::value) schema.set("x-optional", true);
            if (f.options.defaulted) {
              schema.set("x-default", to_json(initial.*(f.member)));
            } else if (!is_optional_member<M>) {
              required.push_back(Json(f.name));
            }
            properties.emplace_back(std::string(f.name), std::move(schema));
          };
          (add(field), ...);
        },
        hearth_describe_fields(static_cast<T*>(nullptr)));
    return Json::object({{"type", "object"},
                         {"title", type_name<T>()},
                         {"properties", Json(std::move(properties))},
                         {"required", Json(std::move(required))}});
  }
}

// An operation without input or without output.
struct Nothing {};

}  // namespace hearth

// --- the macros' machinery: applies a macro to each argument ---
#define HEARTH_PARENS ()
#define HEARTH_EXPAND(...) HEARTH_EXPAND3(HEARTH_EXPAND3(HEARTH_EXPAND3(HEARTH_EXPAND3(__VA_ARGS__))))
#define HEARTH_EXPAND3(...) HEARTH_EXPAND2(HEARTH_EXPAND2(HEARTH_EXPAND2(HEARTH_EXPAND2(__VA_ARGS__))))
#define HEARTH_EXPAND2(...) HEARTH_EXPAND1(HEARTH_EXPAND1(HEARTH_EXPAND1(HEARTH_EXPAND1(__VA_ARGS__))))
#define HEARTH_EXPAND1(...) __VA_ARGS__
#define HEARTH_FOR_EACH(macro, type, ...) \
  __VA_OPT__(HEARTH_EXPAND(HEARTH_FOR_EACH_STEP(macro, type, __VA_ARGS__)))
#define HEARTH_FOR_EACH_STEP(macro, type, first, ...) \
  macro(type, first) __VA_OPT__(, HEARTH_FOR_EACH_AGAIN HEARTH_PARENS(macro, type, __VA_ARGS__))
#define HEARTH_FOR_EACH_AGAIN() HEARTH_FOR_EACH_STEP

#define HEARTH_DESCRIBE_STRIP(...) __VA_ARGS__
#define HEARTH_DESCRIBE_FIELD(type, field) HEARTH_DESCRIBE_FIELD_OF(type, HEARTH_DESCRIBE_STRIP field)
#define HEARTH_DESCRIBE_FIELD_OF(...) HEARTH_DESCRIBE_FIELD_WITH(__VA_ARGS__)
#define HEARTH_DESCRIBE_FIELD_WITH(type, name, text, ...)      \
  ::hearth::describe_detail::Field<type, decltype(type::name)> { \
    #name, &type::name, { .documentation = text, __VA_ARGS__ }   \
  }
#define HEARTH_DESCRIBE_VALUE(type, name) std::pair<type, std::string_view>{type::name, #name}

#define HEARTH_DESCRIBE(type, ...)                                                                  \
  [[maybe_unused]] inline auto hearth_describe_fields(type*) {                                      \
    return std::tuple{HEARTH_FOR_EACH(HEARTH_DESCRIBE_FIELD, type, __VA_ARGS__)};                   \
  }
#define HEARTH_DESCRIBE_ENUM(type, ...)                                                             \
  [[maybe_unused]] inline auto hearth_describe_values(type*) {                                      \
    return std::array{HEARTH_FOR_EACH(HEARTH_DESCRIBE_VALUE, type, __VA_ARGS__)};                   \
  }

namespace hearth {
HEARTH_DESCRIBE(Nothing)
}  // namespace hearth
