#pragma once
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/json.h"

// An authenticator made of software, for tests: makes keys and signs as WebAuthn level 2 §6 says. Its members are public so
// that tests can make it lie.
namespace hearth::identity {

class SoftAuthenticator {
 public:
  explicit SoftAuthenticator(std::int64_t algorithm = -7) : algorithm(algorithm) {
    EVP_PKEY* made = algorithm == -7    ? EVP_EC_gen("P-256")
                     : algorithm == -8  ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                        : EVP_RSA_gen(2048);
    key.reset(made, EVP_PKEY_free);
  }

  std::int64_t algorithm;
  std::shared_ptr<EVP_PKEY> key;
  std::string credential = random_bytes(20);
  std::string origin = "https://hearth.localhost:8443";
  std::string host = "hearth.localhost";
  unsigned char flags = 0x01 | 0x04;  // present, verified
  std::uint32_t counter = 0;
  bool cross_origin = false;

  struct Registration {
    std::string client_data;
    std::string attestation;
  };
  struct Assertion {
    std::string client_data;
    std::string authenticator_data;
    std::string signature;
  };

  std::string client_data(std::string_view type, std::string_view challenge) const {
    return Json::object({{"type", type}, {"challenge", challenge}, {"origin", origin}, {"crossOrigin", cross_origin}}).dump();
  }

  // `challenge` is base64url, as the box gave it.
  Registration make(std::string_view challenge) const {
    const auto data = head(flags | 0x40) + std::string(16, '\0') + big_endian(credential.size(), 2) + credential + public_key();
    return {client_data("webauthn.create", challenge),
            "\xa3" + text("fmt") + text("none") + text("attStmt") + "\xa0" + text("authData") + bytes(data)};
  }
  Assertion sign(std::string_view challenge) const {
    Assertion made{client_data("webauthn.get", challenge), head(flags), ""};
    made.signature = signature(made.authenticator_data + sha256(made.client_data));
    return made;
  }

  std::string public_key() const {
    if (algorithm == -7) {
      return "\xa5\x01\x02\x03\x26\x20\x01\x21" + bytes(number(OSSL_PKEY_PARAM_EC_PUB_X, 32)) + "\x22" +
             bytes(number(OSSL_PKEY_PARAM_EC_PUB_Y, 32));
    }
    if (algorithm == -8) {
      std::string raw(32, '\0');
      std::size_t size = raw.size();
      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
      return "\xa4\x01\x01\x03\x27\x20\x06\x21" + bytes(raw);
    }
    return std::string("\xa4\x01\x03\x03\x39\x01\x00\x20", 8) + bytes(number(OSSL_PKEY_PARAM_RSA_N, 256)) + "\x21" +
           bytes(number(OSSL_PKEY_PARAM_RSA_E, 3));
  }

  std::string signature(const std::string& message) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(message.data());
    EVP_DigestSignInit(context, nullptr, algorithm == -8 ? nullptr : EVP_sha256(), nullptr, key.get());
    EVP_DigestSign(context, nullptr, &size, data, message.size());
    std::string made(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(made.data()), &size, data, message.size());
    made.resize(size);
    EVP_MD_CTX_free(context);
    return made;
  }

  static std::string text(std::string_view value) { return string_head(0x60, value.size()) + std::string(value); }
  static std::string bytes(std::string_view value) { return string_head(0x40, value.size()) + std::string(value); }

 private:
  std::string head(int with) const { return sha256(host) + static_cast<char>(with) + big_endian(counter, 4); }
  static std::string big_endian(std::uint64_t value, int size) {
    std::string made;
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) made += static_cast<char>(value >> shift & 255);
    return made;
  }
  static std::string string_head(int kind, std::size_t size) {
    if (size < 24) return std::string(1, static_cast<char>(kind | static_cast<int>(size)));
    return static_cast<char>(kind | 25) + big_endian(size, 2);
  }
  std::string number(const char* name, int size) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key.get(), name, &value);
    std::string made(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(made.data()), size);
    BN_free(value);
    return made;
  }
};

}  // namespace hearth::identity
