#include "base/json.h"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/bytes.h"

namespace hearth {
namespace {

constexpr int kMaximumDepth = 128;

Result<Json> convert(const simdjson::dom::element& element, int depth) {
  using Type = simdjson::dom::element_type;
  if (depth > kMaximumDepth) return fail(Code::InvalidInput, "The JSON is nested more than {} levels.", kMaximumDepth);
  switch (element.type()) {
    case Type::NULL_VALUE:
      return Json();
    case Type::BOOL:
      return Json(bool(element));
    case Type::INT64:
      return Json(std::int64_t(element));
    case Type::UINT64:
      return Json(static_cast<double>(std::uint64_t(element)));  // simdjson gives UINT64 only above the int64 range
    case Type::DOUBLE:
      return Json(double(element));
    case Type::STRING:
      return Json(std::string_view(element));
    case Type::ARRAY: {
      Json::Array array;
      for (const auto item : simdjson::dom::array(element)) array.push_back(TRY(convert(item, depth + 1)));
      return Json(std::move(array));
    }
    case Type::OBJECT: {
      Json::Object object;
      for (const auto field : simdjson::dom::object(element)) {
        for (const auto& [name, value] : object) {
          if (name == field.key) return fail(Code::InvalidInput, "The JSON has \"{}\" twice in one object.", name);
        }
        object.emplace_back(std::string(field.key), TRY(convert(field.value, depth + 1)));
      }
      return Json(std::move(object));
    }
  }
  return fail(Code::Internal, "Unknown JSON element.");
}

void write(const Json& value, std::string& out, int indent);

void new_line(std::string& out, int indent) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * 2, ' ');
}

void write_number(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void write_quoted(std::string_view text, std::string& out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kDigits[static_cast<unsigned char>(c) >> 4];
          out += kDigits[static_cast<unsigned char>(c) & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// The length of the well-formed UTF-8 character at the front of `text`, or 0.
std::size_t character_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

std::string repair(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) {
      repaired += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    } else {
      repaired += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return repaired;
}

void write_string(std::string_view text, std::string& out) {
  if (is_utf8(text)) {
    write_quoted(text, out);
  } else {
    write_quoted(repair(text), out);
  }
}

template <typename Sequence, typename WriteOne>
void write_sequence(const Sequence& sequence, char open, char close, std::string& out, int indent, WriteOne write_one) {
  out += open;
  const int inner = indent < 0 ? indent : indent + 1;
  bool first = true;
  for (const auto& one : sequence) {
    if (!first) out += ',';
    first = false;
    new_line(out, inner);
    write_one(one, inner);
  }
  if (!first) new_line(out, indent);
  out += close;
}

void write(const Json& value, std::string& out, int indent) {
  if (const auto* boolean = value.as_bool()) {
    out += *boolean ? "true" : "false";
  } else if (const auto* integer = value.as_integer()) {
    out += std::to_string(*integer);
  } else if (const auto* number = value.as_double()) {
    write_number(*number, out);
  } else if (const auto* text = value.as_string()) {
    write_string(*text, out);
  } else if (const auto* array = value.as_array()) {
    write_sequence(*array, '[', ']', out, indent, [&](const Json& item, int inner) { write(item, out, inner); });
  } else if (const auto* object = value.as_object()) {
    write_sequence(*object, '{', '}', out, indent, [&](const Json::Member& member, int inner) {
      write_string(member.first, out);
      out += inner < 0 ? ":" : ": ";
      write(member.second, out, inner);
    });
  } else {
    out += "null";
  }
}

Message problem_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY: return translated("it is empty.");
    case simdjson::UTF8_ERROR: return translated("it is not UTF-8 text.");
    case simdjson::UNCLOSED_STRING: return translated("a string has no end: a \" is missing.");
    case simdjson::UNESCAPED_CHARS: return translated("a string holds a line break or another control character; write \\n instead.");
    case simdjson::STRING_ERROR: return translated("a string holds a \\ that begins nothing JSON knows.");
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return translated("a number is not written as JSON writes numbers, or is too large.");
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR: return translated("a word is neither true, false nor null; strings stand between \".");
    case simdjson::DEPTH_ERROR: return translated("it is nested too deeply.");
    case simdjson::CAPACITY: return translated("it is too large.");
    default: return translated("a comma, a colon, a name or a bracket is missing, or there is one too many.");
  }
}

}  // namespace

Json::Json(const Json& other) = default;
Json& Json::operator=(const Json& other) = default;
Json::~Json() = default;
Json::Json(std::string_view value) : value_(std::string(value)) {}

Json Json::object(std::initializer_list<Member> members) { return Json(Object(members)); }
Json Json::array(std::initializer_list<Json> values) { return Json(Array(values)); }

Json::Json(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = static_cast<double>(value);
  }
}

Result<Json> Json::parse(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const auto error = parser.parse(text.data(), text.size()).get(root);
  if (error) return fail(Code::InvalidInput, "This is not valid JSON: {}", problem_of(error));
  return convert(root, 0);
}

std::string Json::dump() const {
  std::string out;
  write(*this, out, -1);
  return out;
}

std::string Json::dump_pretty() const {
  std::string out;
  write(*this, out, 0);
  return out;
}

const Json* Json::find(std::string_view name) const {
  if (const auto* object = as_object()) {
    for (const auto& [key, value] : *object) {
      if (key == name) return &value;
    }
  }
  return nullptr;
}

std::string_view Json::text(std::string_view name) const {
  const auto* member = find(name);
  const auto* string = member ? member->as_string() : nullptr;
  return string ? std::string_view(*string) : std::string_view();
}

Json& Json::set(std::string_view name, Json value) {
  if (is_null()) value_ = Object();
  auto& object = std::get<Object>(value_);
  for (auto& [key, existing] : object) {
    if (key == name) return existing = std::move(value);
  }
  return object.emplace_back(std::string(name), std::move(value)).second;
}

void Json::push(Json value) {
  if (is_null()) value_ = Array();
  std::get<Array>(value_).push_back(std::move(value));
}

Message Json::kind() const {
  switch (value_.index()) {
    case 0: return translated("null");
    case 1: return translated("true or false");
    case 2: return translated("a whole number");
    case 3: return translated("a number");
    case 4: return translated("a string");
    case 5: return translated("a list");
    default: return translated("an object");
  }
}

std::string quote_json(std::string_view text) {
  std::string out;
  write_string(text, out);
  return out;
}

}  // namespace hearth
