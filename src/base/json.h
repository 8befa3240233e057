#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace hearth {

// A JSON value, for the edges of the system: wire formats, schemas, stored inputs. Domain code uses described structs
// (base/describe.h). Objects keep the order in which their members were added.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;
  Json(const Json& other);
  Json(Json&&) noexcept = default;
  Json& operator=(const Json& other);
  Json& operator=(Json&&) noexcept = default;
  ~Json();
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::uint64_t value);
  Json(double value) : value_(value) {}
  Json(const char* value) : Json(std::string_view(value)) {}
  Json(std::string_view value);
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  static Json object(std::initializer_list<Member> members = {});
  static Json array(std::initializer_list<Json> values = {});

  // RFC 8259; at most 128 levels deep; a repeated member name is an error. InvalidInput says where it went wrong.
  static Result<Json> parse(std::string_view text);
  std::string dump() const;         // without spaces
  std::string dump_pretty() const;  // two spaces, for people

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&value_); }
  const double* as_double() const { return std::get_if<double>(&value_); }
  const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  const Array* as_array() const { return std::get_if<Array>(&value_); }
  const Object* as_object() const { return std::get_if<Object>(&value_); }
  Array* as_array() { return std::get_if<Array>(&value_); }
  Object* as_object() { return std::get_if<Object>(&value_); }

  // The member `name` of an object; null when this is no object or has no such member.
  const Json* find(std::string_view name) const;
  // The text of a string member, or "".
  std::string_view text(std::string_view name) const;
  // Adds or replaces a member; a null value becomes an object first.
  Json& set(std::string_view name, Json value);
  void push(Json value);  // a null value becomes an array first

  // "a string", "a number" …: for error messages.
  Message kind() const;

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

// `text` as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string quote_json(std::string_view text);

}  // namespace hearth
