#include "identity/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/bytes.h"
#include "identity/login_name.h"

namespace hearth::identity {
namespace {

// The most used passwords of ten and more characters, and stems that are common with something appended. Shorter ones
// fall to the length rule.
constexpr std::array<std::string_view, 60> kCommon = {
    "1234567890",   "12345678910",  "0123456789",   "0987654321",   "9876543210",   "1q2w3e4r5t",   "qwertyuiop",
    "1qaz2wsx3edc", "q1w2e3r4t5",   "qwerty12345",  "qwerty123456", "qwerty1234",   "password123",  "password12",
    "password1234", "passw0rd123",  "password01",   "p@ssw0rd123",  "iloveyou123",  "iloveyou12",   "letmein123",
    "welcome123",   "welcome1234",  "administrator", "admin12345",  "admin123456",  "administrator1", "changeme123",
    "1111111111",   "0000000000",   "abcdefghij",   "abcdefghijk",  "abc1234567",   "abc123456789", "a123456789",
    "123456789a",   "aa123456789",  "qq123456789",  "woaini1314",   "woaini520",    "woaini1314520", "5201314520",
    "1314520520",   "zxcvbnm123",   "asdfghjkl1",   "asdfghjkl;",   "asdfghjkl123", "1q2w3e4r5t6y", "superman123",
    "princess123",  "football123",  "sunshine123",  "dragon12345",  "monkey12345",  "michael123",   "computer123",
    "internet123",  "hearthhearth", "hearth12345",  "hearth123456"};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// Steps of one through the character table, up or down: "23456789012".
bool is_run(std::string_view text) {
  int steps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] - text[i - 1] == text[1] - text[0]) ++steps;
  }
  return std::abs(text[1] - text[0]) <= 1 && steps + 2 >= static_cast<int>(text.size());
}

}  // namespace

Result<> check_new_password(std::string_view password, std::string_view name) {
  if (!is_utf8(password) || password.size() > 1024) return fail(Code::InvalidInput, "The password is too long or no text.");
  if (characters(password) < 10) {
    return fail(Code::InvalidInput, "The password is too short: use at least 10 characters, a few words are good.");
  }
  const auto folded = lower(password);
  if (std::ranges::find(kCommon, folded) != kCommon.end()) {
    return fail(Code::InvalidInput, "This password is one of the first that anybody would try: choose another.");
  }
  std::string distinct = folded;
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() < 4 || is_run(folded)) {
    return fail(Code::InvalidInput, "The password repeats or counts through characters: choose another.");
  }
  // The name, alone or with little added, is no secret.
  const auto at = folded.find(name);
  if (!name.empty() && at != std::string::npos && characters(folded) < characters(name) + 6) {
    return fail(Code::InvalidInput, "The password is made of the name: choose another.");
  }
  return {};
}

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), cost.passes, cost.memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(Code::Unavailable, "The box is short of memory to check a password: try again in a moment.");
  }
  return std::string(hash.data());
}

bool verify_password(const std::string& hash, std::string_view password, const PasswordCost& cost) {
  if (hash.starts_with(crypto_pwhash_STRPREFIX) && hash.size() < crypto_pwhash_STRBYTES) {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
  }
  static_cast<void>(hash_password(password, cost));  // an account without a password answers no faster
  return false;
}

bool needs_rehash(const std::string& hash, const PasswordCost& cost) {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost.passes, cost.memory) != 0;
}

}  // namespace hearth::identity
