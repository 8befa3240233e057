#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

// What an authenticator sends, checked as Web Authentication level 2 §7 asks, for relying parties that want no attestation
// and always want the user verified (a passkey here stands for password and second factor).
namespace hearth::identity {

// COSE algorithms, the best first: ES256, EdDSA (Ed25519), RS256.
inline constexpr std::array<std::int64_t, 3> kPasskeyAlgorithms = {-7, -8, -257};

// What the ceremony was begun with.
struct Ceremony {
  std::string origin;  // "https://hearth.localhost:8443": what the caller's browser must have seen
  std::string host;    // the relying party's id
  // Whether the challenge is one that was given out for this, not long ago, and not used yet.
  std::function<bool(std::string_view)> known_challenge;
};

struct NewPasskey {
  std::string id;          // bytes
  std::string public_key;  // COSE_Key, as sent
  std::int64_t algorithm = 0;
  std::uint32_t counter = 0;
};

// §7.1. `client_data` is clientDataJSON, `attestation` attestationObject, both as bytes. InvalidInput when malformed or made
// for another type of ceremony, Forbidden when it was made for another place or challenge, or without the user's consent.
Result<NewPasskey> check_registration(const Ceremony& ceremony, std::string_view client_data, std::string_view attestation);

// §7.2, up to the signature counter, which it gives. Forbidden as above, and when the signature is not the key's.
Result<std::uint32_t> check_assertion(const Ceremony& ceremony, std::string_view public_key, std::string_view client_data,
                                      std::string_view authenticator_data, std::string_view signature);

// The "challenge" member of clientDataJSON, decoded; "" when there is none.
std::string challenge_in(std::string_view client_data);

// Gives out challenges and knows them again without keeping them: a challenge carries its time and a seal. Only used ones
// are kept, until they are past. A restart of the box forgets all.
class Challenges {
 public:
  explicit Challenges(Clock& clock);
  // For `purpose`: what must be the same when it is used.
  std::string make(std::string_view purpose);
  bool known(std::string_view purpose, std::string_view challenge) const;
  void use(std::string_view challenge);

 private:
  std::string seal(std::string_view purpose, std::string_view head) const;
  Clock& clock_;
  std::string key_;
  std::map<std::string, Time, std::less<>> used_;
};

}  // namespace hearth::identity
