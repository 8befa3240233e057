#include "identity/one_time_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/bytes.h"
#include "identity/code_text.h"

namespace hearth::identity {
namespace {

constexpr std::int64_t kStepSeconds = 30;

}  // namespace

std::string one_time_code(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < 8; ++i) counter[7 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(), &size);
  const std::size_t at = mac[size - 1] & 15;
  const std::uint32_t number = (mac[at] & 0x7fU) << 24 | mac[at + 1] << 16 | mac[at + 2] << 8 | mac[at + 3];
  return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Time now, std::int64_t used) {
  std::string digits;
  for (const char c : typed) {
    if (c != ' ' && c != '-') digits += c;
  }
  const auto current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / kStepSeconds;
  std::optional<std::int64_t> match;
  for (auto step = current - 1; step <= current + 1; ++step) {
    const bool equal = equal_in_constant_time(one_time_code(secret, step), digits);
    if (equal && step > used && !match) match = step;
  }
  return match;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
                     percent_encode(issuer), percent_encode(account), to_base32(secret, Base32::Rfc4648));
}

}  // namespace hearth::identity
