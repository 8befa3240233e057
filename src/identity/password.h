#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hearth::identity {

// What one Argon2id hash costs (RFC 9106). 64 MiB and three passes take about 0.15 s of one core of a small PC.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory = std::size_t{64} << 20;
};

// At least 10 characters and at most 1024 bytes, none of the passwords that are tried first, not built around the login
// name, not one or two characters repeated. InvalidInput says which.
Result<> check_new_password(std::string_view password, std::string_view name);

// An Argon2id hash with its parameters and salt. Blocks: for the crypto pool. Unavailable when memory is short.
Result<std::string> hash_password(std::string_view password, const PasswordCost& cost);

// Blocks as long as hashing. False for an empty or malformed `hash`, after the same work.
bool verify_password(const std::string& hash, std::string_view password, const PasswordCost& cost);

// Whether `hash` was made at another cost than `cost`.
bool needs_rehash(const std::string& hash, const PasswordCost& cost);

}  // namespace hearth::identity
