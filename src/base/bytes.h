#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Encodings, digests and randomness. Byte strings are std::string / std::string_view.
namespace hearth {

std::string to_hex(std::string_view bytes);                       // lower case
std::optional<std::string> from_hex(std::string_view text);       // none unless every character is a hex digit
std::string to_base64url(std::string_view bytes);                 // RFC 4648 §5, without padding
std::optional<std::string> from_base64url(std::string_view text); // with or without padding
std::string to_base64(std::string_view bytes);                    // RFC 4648 §4, padded
std::optional<std::string> from_base64(std::string_view text);

std::string sha256(std::string_view bytes);                                // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);     // 32 bytes, RFC 2104
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string random_bytes(std::size_t count);  // from the operating system; never fails

// Seals a short secret under a key of 32 bytes (XSalsa20-Poly1305, a nonce of its own): base64url. `open_sealed` gives none
// when the text was not sealed with this key.
std::string seal(std::string_view key, std::string_view secret);
std::optional<std::string> open_sealed(std::string_view key, std::string_view sealed);

// A SHA-256 that is fed in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string finish();  // 32 bytes; the object is spent

 private:
  alignas(16) std::array<std::byte, 128> state_;
};

// 26 characters of Crockford's base32: 48 bits of milliseconds, 80 random bits (the ULID form). Sorts by time of making.
std::string make_id();
bool is_id(std::string_view text);

// Percent-decoding of a URL path or query part, RFC 3986 §2.1. None when a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);
// Encodes everything but unreserved characters and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");

// Text as it stands in XML and in HTML, between tags and in attributes.
std::string escape_markup(std::string_view text);

// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
// The beginning of such a text, at most `most` bytes: no character is cut.
std::string_view beginning_of(std::string_view text, std::size_t most);

}  // namespace hearth
