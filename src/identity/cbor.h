#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace hearth::identity {

// A CBOR item of the kinds that WebAuthn uses in what an authenticator sends: integers, byte and text strings, arrays, maps,
// true, false and null, of definite length (RFC 8949; CTAP2's canonical form §8).
struct Cbor {
  struct Bytes {
    std::string value;
  };
  using Array = std::vector<Cbor>;
  struct Map {
    std::vector<Cbor> keys;
    std::vector<Cbor> values;  // one for each key
  };
  std::variant<std::monostate, bool, std::int64_t, Bytes, std::string, Array, Map> value;

  // Reads one item from the front of `input` and takes it off. At most 8 levels deep and 4,096 items in all; a repeated
  // integer or text key is an error. InvalidInput otherwise.
  static Result<Cbor> take(std::string_view& input);

  const Cbor* find(std::int64_t key) const;      // a map's value; null when this is no map or has no such key
  const Cbor* find(std::string_view key) const;
  const std::int64_t* as_integer() const;
  const std::string* as_text() const;
  const std::string* as_bytes() const;
};

}  // namespace hearth::identity
