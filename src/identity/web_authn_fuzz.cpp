#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "identity/web_authn.h"

using namespace hearth;

// What a stranger can send before signing in: the authenticator's messages.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string kHead = sha256("hearth.localhost") + "\xc5" + std::string(4, '\0');
  const std::string input(reinterpret_cast<const char*>(data), size);
  const identity::Ceremony ceremony{"https://hearth.localhost", "hearth.localhost", [](std::string_view) { return true; }};
  constexpr std::string_view kCreate = R"({"type":"webauthn.create","challenge":"AA","origin":"https://hearth.localhost"})";
  constexpr std::string_view kGet = R"({"type":"webauthn.get","challenge":"AA","origin":"https://hearth.localhost"})";
  static_cast<void>(identity::check_registration(ceremony, kCreate, input));
  static_cast<void>(identity::challenge_in(input));
  // Past the fixed parts: the credential and the extensions, then a public key.
  static_cast<void>(identity::check_assertion(ceremony, "", kGet, kHead + input, ""));
  static_cast<void>(identity::check_assertion(ceremony, input, kGet, kHead.substr(0, 32) + "\x05" + std::string(4, '\0'), input));
  return 0;
}
