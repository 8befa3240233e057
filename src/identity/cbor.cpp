#include "identity/cbor.h"

#include <optional>

#include "base/bytes.h"

namespace hearth::identity {
namespace {

constexpr int kDeepest = 8;
constexpr int kMostItems = 4096;

std::unexpected<Error> malformed(fmt::format_string<> why) {
  return fail(Code::InvalidInput, "What the authenticator sent is malformed: {}.", translated(why));
}

class Reader {
 public:
  explicit Reader(std::string_view& input) : input_(input) {}

  Result<Cbor> item(int depth) {
    if (depth > kDeepest) return malformed("it is nested too deeply");
    if (++items_ > kMostItems) return malformed("it has too many items");
    const auto first = TRY(byte());
    const unsigned kind = first >> 5;
    if (kind == 7) return simple(first & 31);
    const auto argument = TRY(number(first & 31));
    switch (kind) {
      case 0:
      case 1: {
        if (argument > INT64_MAX) return malformed("a number is too large");
        const auto magnitude = static_cast<std::int64_t>(argument);
        return Cbor{kind == 0 ? magnitude : -1 - magnitude};
      }
      case 2: return Cbor{Cbor::Bytes{std::string(TRY(bytes(argument)))}};
      case 3: {
        const auto text = TRY(bytes(argument));
        if (!is_utf8(text)) return malformed("a text is not UTF-8");
        return Cbor{std::string(text)};
      }
      case 4: return array(argument, depth);
      case 5: return map(argument, depth);
      default: return malformed("it has a tag");
    }
  }

 private:
  Result<unsigned> byte() {
    if (input_.empty()) return malformed("it ends early");
    const auto value = static_cast<unsigned char>(input_.front());
    input_.remove_prefix(1);
    return value;
  }

  Result<std::string_view> bytes(std::uint64_t count) {
    if (count > input_.size()) return malformed("it ends early");
    const auto piece = input_.substr(0, count);
    input_.remove_prefix(count);
    return piece;
  }

  Result<std::uint64_t> number(unsigned low) {
    if (low < 24) return low;
    if (low > 27) return malformed("a length is indefinite");
    std::uint64_t value = 0;
    for (int i = 0; i < 1 << (low - 24); ++i) value = value << 8 | TRY(byte());
    return value;
  }

  Result<Cbor> simple(unsigned low) {
    if (low == 20 || low == 21) return Cbor{low == 21};
    if (low == 22) return Cbor{};
    return malformed("it has a value of an unknown kind");
  }

  Result<Cbor> array(std::uint64_t count, int depth) {
    if (count > input_.size()) return malformed("it ends early");
    Cbor::Array items;
    for (std::uint64_t i = 0; i < count; ++i) items.push_back(TRY(item(depth + 1)));
    return Cbor{std::move(items)};
  }

  Result<Cbor> map(std::uint64_t count, int depth) {
    if (count > input_.size() / 2) return malformed("it ends early");
    Cbor map{Cbor::Map{}};
    for (std::uint64_t i = 0; i < count; ++i) {
      auto key = TRY(item(depth + 1));
      const bool repeated = key.as_integer() ? map.find(*key.as_integer()) != nullptr
                            : key.as_text()  ? map.find(*key.as_text()) != nullptr
                                             : false;
      if (repeated) return malformed("a key is repeated");
      if (!key.as_integer() && !key.as_text()) return malformed("a key is neither a number nor a text");
      auto held = TRY(item(depth + 1));
      auto& members = std::get<Cbor::Map>(map.value);
      members.keys.push_back(std::move(key));
      members.values.push_back(std::move(held));
    }
    return map;
  }

  std::string_view& input_;
  int items_ = 0;
};

}  // namespace

Result<Cbor> Cbor::take(std::string_view& input) { return Reader(input).item(0); }

const Cbor* Cbor::find(std::int64_t key) const {
  const auto* map = std::get_if<Map>(&value);
  if (!map) return nullptr;
  for (std::size_t i = 0; i < map->keys.size(); ++i) {
    if (const auto* candidate = map->keys[i].as_integer(); candidate && *candidate == key) return &map->values[i];
  }
  return nullptr;
}

const Cbor* Cbor::find(std::string_view key) const {
  const auto* map = std::get_if<Map>(&value);
  if (!map) return nullptr;
  for (std::size_t i = 0; i < map->keys.size(); ++i) {
    if (const auto* candidate = map->keys[i].as_text(); candidate && *candidate == key) return &map->values[i];
  }
  return nullptr;
}

const std::int64_t* Cbor::as_integer() const { return std::get_if<std::int64_t>(&value); }
const std::string* Cbor::as_text() const { return std::get_if<std::string>(&value); }
const std::string* Cbor::as_bytes() const {
  const auto* bytes = std::get_if<Bytes>(&value);
  return bytes ? &bytes->value : nullptr;
}

}  // namespace hearth::identity
