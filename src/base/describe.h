#pragma once
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
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

namespace describe_detail {

struct Type;

struct Field {
  std::string_view name;
  FieldOptions options;
  const Type* type;
  void* (*member)(void* object);  // the member of such an object
};

struct EnumValue {
  std::string_view name;  // as in C++
  std::int64_t value;
};

// How values of one C++ type become JSON and come from it. Everything that can be the same for all types works on this, so
// that a described struct costs a table and no code.
struct Type {
  enum class Kind { Plain, Optional, Collection, Anything };

  Kind kind;
  Json (*write)(const void* value);
  // Into a value as its initialisers left it. `where` names the place in error messages.
  Result<> (*read)(void* value, const Json& json, std::string_view where, const FieldOptions& options);
  Json (*schema)();
};

template <typename T>
concept DescribedStruct = requires(T* t) { hearth_describe_fields(t); };
template <typename T>
concept DescribedEnum = std::is_enum_v<T> && requires(T* t) { hearth_describe_values(t); };

template <DescribedStruct T>
std::span<const Field> fields_of() {
  return hearth_describe_fields(static_cast<T*>(nullptr));
}
template <DescribedEnum T>
std::span<const EnumValue> values_of() {
  return hearth_describe_values(static_cast<T*>(nullptr));
}

// The name of T in C++ within what the compiler calls this function.
template <typename T>
constexpr std::string_view qualified_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  return text.substr(0, text.find_first_of(";]"));
}

std::string enum_name(std::span<const EnumValue> values, std::int64_t value);
std::optional<std::int64_t> enum_value(std::span<const EnumValue> values, std::string_view name);

// --- what the types below are made of ---

std::string element_path(std::string_view where, std::size_t index);
std::string member_path(std::string_view where, std::string_view name);
Result<std::int64_t> read_integer(const Json& json, std::string_view where, const FieldOptions& options, std::int64_t least,
                                  std::int64_t most);
Result<double> read_number(const Json& json, std::string_view where, const FieldOptions& options);
Result<std::int64_t> read_enum(std::span<const EnumValue> values, const Json& json, std::string_view where);
Result<const Json::Array*> read_list(const Json& json, std::string_view where, const FieldOptions& options);
Result<const Json::Object*> read_map(const Json& json, std::string_view where);
Json enum_schema(std::string_view qualified_name, std::span<const EnumValue> values);
Json list_schema(const Type& element);
Json map_schema(const Type& value);
Json simple_schema(std::string_view type);

Json write_struct(std::span<const Field> fields, const void* object);
Result<> read_struct(std::span<const Field> fields, void* object, const Json& json, std::string_view where);
Json struct_schema(std::string_view qualified_name, std::span<const Field> fields, const void* initial);

// Defined for each type that can be described: kKind, write, read and schema, of which type_of<T> is the table.
template <typename T>
struct Codec {
  static_assert(DescribedStruct<T>, "describe this type with HEARTH_DESCRIBE");
  static constexpr auto kKind = Type::Kind::Plain;
  static Json write(const void* value) { return write_struct(fields_of<T>(), value); }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions&) {
    return read_struct(fields_of<T>(), value, json, where);
  }
  static Json schema() {
    const T initial{};
    return struct_schema(qualified_name<T>(), fields_of<T>(), &initial);
  }
};

template <typename T>
inline constexpr Type type_of = {Codec<T>::kKind, &Codec<T>::write, &Codec<T>::read, &Codec<T>::schema};

#define HEARTH_CODEC_OF(type, kind)                                                                                     \
  template <>                                                                                                           \
  struct Codec<type> {                                                                                                  \
    static constexpr auto kKind = Type::Kind::kind;                                                                     \
    static Json write(const void* value);                                                                               \
    static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions& options);           \
    static Json schema();                                                                                               \
  };
HEARTH_CODEC_OF(Json, Anything)
HEARTH_CODEC_OF(bool, Plain)
HEARTH_CODEC_OF(std::string, Plain)
HEARTH_CODEC_OF(Time, Plain)
#undef HEARTH_CODEC_OF

template <std::integral T>
struct Codec<T> {
  static constexpr auto kKind = Type::Kind::Plain;
  static Json write(const void* value) {
    using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    return Json(static_cast<Wide>(*static_cast<const T*>(value)));
  }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions& options) {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    constexpr auto kLimit = std::in_range<std::int64_t>(std::numeric_limits<T>::max())
                                ? static_cast<std::int64_t>(std::numeric_limits<T>::max())
                                : kMost;
    *static_cast<T*>(value) = static_cast<T>(
        TRY(read_integer(json, where, options, static_cast<std::int64_t>(std::numeric_limits<T>::min()), kLimit)));
    return {};
  }
  static Json schema() { return simple_schema("integer"); }
};

template <std::floating_point T>
struct Codec<T> {
  static constexpr auto kKind = Type::Kind::Plain;
  static Json write(const void* value) { return Json(static_cast<double>(*static_cast<const T*>(value))); }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions& options) {
    *static_cast<T*>(value) = static_cast<T>(TRY(read_number(json, where, options)));
    return {};
  }
  static Json schema() { return simple_schema("number"); }
};

template <DescribedEnum T>
struct Codec<T> {
  static constexpr auto kKind = Type::Kind::Plain;
  static Json write(const void* value) {
    return Json(enum_name(values_of<T>(), static_cast<std::int64_t>(*static_cast<const T*>(value))));
  }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions&) {
    *static_cast<T*>(value) = static_cast<T>(TRY(read_enum(values_of<T>(), json, where)));
    return {};
  }
  static Json schema() { return enum_schema(qualified_name<T>(), values_of<T>()); }
};

template <typename T>
struct Codec<std::optional<T>> {
  static constexpr auto kKind = Type::Kind::Optional;
  static Json write(const void* value) {
    const auto& optional = *static_cast<const std::optional<T>*>(value);
    return optional ? Codec<T>::write(&*optional) : Json();
  }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions& options) {
    if (json.is_null()) return {};
    return Codec<T>::read(&static_cast<std::optional<T>*>(value)->emplace(), json, where, options);
  }
  static Json schema() { return Codec<T>::schema(); }
};

template <typename T>
struct Codec<std::vector<T>> {
  static constexpr auto kKind = Type::Kind::Collection;
  static Json write(const void* value) {
    const auto& values = *static_cast<const std::vector<T>*>(value);
    Json::Array array;
    array.reserve(values.size());
    for (const auto& item : values) array.push_back(Codec<T>::write(&item));
    return Json(std::move(array));
  }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions& options) {
    const auto* array = TRY(read_list(json, where, options));
    auto& values = *static_cast<std::vector<T>*>(value);
    values.clear();
    values.reserve(array->size());
    for (const auto& item : *array) {
      TRY(Codec<T>::read(&values.emplace_back(), item, element_path(where, values.size() - 1), {}));
    }
    return {};
  }
  static Json schema() { return list_schema(type_of<T>); }
};

template <typename T>
struct Codec<std::map<std::string, T>> {
  static constexpr auto kKind = Type::Kind::Collection;
  static Json write(const void* value) {
    Json::Object object;
    for (const auto& [name, item] : *static_cast<const std::map<std::string, T>*>(value)) {
      object.emplace_back(name, Codec<T>::write(&item));
    }
    return Json(std::move(object));
  }
  static Result<> read(void* value, const Json& json, std::string_view where, const FieldOptions&) {
    auto& values = *static_cast<std::map<std::string, T>*>(value);
    values.clear();
    for (const auto& [name, item] : *TRY(read_map(json, where))) {
      TRY(Codec<T>::read(&values[name], item, member_path(where, name), {}));
    }
    return {};
  }
  static Json schema() { return map_schema(type_of<T>); }
};

}  // namespace describe_detail

// The name of an enum value as it appears in JSON.
template <describe_detail::DescribedEnum T>
std::string enum_name(T value) {
  return describe_detail::enum_name(describe_detail::values_of<T>(), static_cast<std::int64_t>(value));
}

template <describe_detail::DescribedEnum T>
std::optional<T> enum_value(std::string_view name) {
  const auto value = describe_detail::enum_value(describe_detail::values_of<T>(), name);
  return value ? std::optional(static_cast<T>(*value)) : std::nullopt;
}

template <typename T>
Json to_json(const T& value) {
  return describe_detail::Codec<T>::write(&value);
}

// Reads a T out of JSON; InvalidInput names the place. Unknown members are errors, so that nothing a caller sends is
// silently ignored.
template <typename T>
Result<T> from_json(const Json& json) {
  Result<T> value;
  if (auto read = describe_detail::Codec<T>::read(&*value, json, "", {}); !read) value = std::unexpected(std::move(read).error());
  return value;
}

// JSON Schema (draft 2020-12) of T. Described structs carry "title": "<room>.<Type>"; fields carry "description",
// limits, and Hearth's own "x-resource", "x-destination", "x-secret", "x-format", "x-default", and
// "x-optional" where even an output may lack it.
template <typename T>
Json schema_of() {
  return describe_detail::Codec<T>::schema();
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
#define HEARTH_DESCRIBE_FIELD_WITH(type_, name_, text_, ...)                                        \
  ::hearth::describe_detail::Field {                                                                \
    .name = #name_, .options = {.documentation = text_, __VA_ARGS__},                               \
    .type = &::hearth::describe_detail::type_of<decltype(type_::name_)>,                            \
    .member = [](void* object) -> void* { return &static_cast<type_*>(object)->name_; }             \
  }
#define HEARTH_DESCRIBE_VALUE(type, name) \
  ::hearth::describe_detail::EnumValue { #name, static_cast<std::int64_t>(type::name) }

#define HEARTH_DESCRIBE(type, ...)                                                                                      \
  [[maybe_unused]] inline std::span<const ::hearth::describe_detail::Field> hearth_describe_fields(type*) {             \
    static constexpr std::initializer_list<::hearth::describe_detail::Field> kFields = {                                \
        HEARTH_FOR_EACH(HEARTH_DESCRIBE_FIELD, type, __VA_ARGS__)};                                                     \
    return {kFields.begin(), kFields.size()};                                                                           \
  }
#define HEARTH_DESCRIBE_ENUM(type, ...)                                                                                 \
  [[maybe_unused]] inline std::span<const ::hearth::describe_detail::EnumValue> hearth_describe_values(type*) {         \
    static constexpr std::initializer_list<::hearth::describe_detail::EnumValue> kValues = {                            \
        HEARTH_FOR_EACH(HEARTH_DESCRIBE_VALUE, type, __VA_ARGS__)};                                                     \
    return {kValues.begin(), kValues.size()};                                                                           \
  }

namespace hearth {
HEARTH_DESCRIBE(Nothing)
}  // namespace hearth
