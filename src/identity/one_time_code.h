#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace hearth::identity {

// The six digits for time step `step` (RFC 6238 with SHA-1 and 30 seconds, RFC 4226 §5.3).
std::string one_time_code(std::string_view secret, std::int64_t step);

// The step, now or one beside it, whose code was typed; steps up to `used` do not count any more. None otherwise.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view typed, Time now, std::int64_t used);

// What an authenticator app reads from a QR code: otpauth://totp/<issuer>:<account>?secret=…
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace hearth::identity
