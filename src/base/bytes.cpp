#include "base/bytes.h"

#include <simdjson.h>
#include <sodium.h>

#include <chrono>
#include <new>

namespace hearth {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* as_unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string encode_base64(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), as_unsigned(bytes), bytes.size(), variant);
  text.pop_back();  // libsodium counts the terminating zero
  return text;
}

std::optional<std::string> decode_base64(std::string_view text, int variant) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t length = 0;
  if (sodium_base642bin(as_unsigned(bytes), bytes.size(), text.data(), text.size(), nullptr, &length, nullptr,
                        variant) != 0) {
    return std::nullopt;
  }
  bytes.resize(length);
  return bytes;
}

constexpr std::string_view kCrockford = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string to_base64url(std::string_view bytes) {
  return encode_base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<std::string> from_base64url(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  return decode_base64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string to_base64(std::string_view bytes) { return encode_base64(bytes, sodium_base64_VARIANT_ORIGINAL); }

std::optional<std::string> from_base64(std::string_view text) {
  return decode_base64(text, sodium_base64_VARIANT_ORIGINAL);
}

std::string sha256(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(as_unsigned(digest), as_unsigned(bytes), bytes.size());
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, as_unsigned(key), key.size());
  crypto_auth_hmacsha256_update(&state, as_unsigned(bytes), bytes.size());
  std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_final(&state, as_unsigned(digest));
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), count);
  return bytes;
}

std::string seal(std::string_view key, std::string_view secret) {
  auto sealed = random_bytes(crypto_secretbox_NONCEBYTES);
  const auto nonce = sealed;
  sealed.resize(sealed.size() + crypto_secretbox_MACBYTES + secret.size());
  crypto_secretbox_easy(as_unsigned(sealed) + nonce.size(), as_unsigned(secret), secret.size(), as_unsigned(nonce), as_unsigned(key));
  return to_base64url(sealed);
}

std::optional<std::string> open_sealed(std::string_view key, std::string_view sealed) {
  const auto bytes = from_base64url(sealed);
  constexpr std::size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!bytes || bytes->size() < kOverhead) return std::nullopt;
  std::string secret(bytes->size() - kOverhead, '\0');
  const auto box = std::string_view(*bytes).substr(crypto_secretbox_NONCEBYTES);
  if (crypto_secretbox_open_easy(as_unsigned(secret), as_unsigned(box), box.size(), as_unsigned(*bytes), as_unsigned(key)) != 0) {
    return std::nullopt;
  }
  return secret;
}

Sha256::Sha256() {
  static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(state_));
  crypto_hash_sha256_init(new (state_.data()) crypto_hash_sha256_state);
}

void Sha256::add(std::string_view bytes) {
  auto* state = std::launder(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()));
  crypto_hash_sha256_update(state, as_unsigned(bytes), bytes.size());
}

std::string Sha256::finish() {
  auto* state = std::launder(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()));
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(state, as_unsigned(digest));
  return digest;
}

std::string make_id() {
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
  std::string id(26, '0');
  auto time = static_cast<std::uint64_t>(milliseconds);
  for (std::size_t i = 10; i-- > 0; time >>= 5) id[i] = kCrockford[time & 31];
  const auto noise = random_bytes(16);
  for (std::size_t i = 0; i < 16; ++i) id[10 + i] = kCrockford[static_cast<unsigned char>(noise[i]) & 31];
  return id;
}

bool is_id(std::string_view text) {
  return text.size() == 26 && text.find_first_not_of(kCrockford) == std::string_view::npos;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved || keep.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += '%';
      const auto hex = to_hex(std::string_view(&c, 1));
      for (const char digit : hex) encoded += digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
    }
  }
  return encoded;
}

std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      case '\r': escaped += "&#13;"; break;  // XML would read a line feed
      default: escaped += c;
    }
  }
  return escaped;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string_view beginning_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace hearth
