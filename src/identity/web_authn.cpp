#include "identity/web_authn.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

#include "base/bytes.h"
#include "base/json.h"
#include "identity/cbor.h"

namespace hearth::identity {
namespace {

constexpr unsigned char kUserPresent = 0x01;
constexpr unsigned char kUserVerified = 0x04;
constexpr unsigned char kBackupEligible = 0x08;
constexpr unsigned char kBackedUp = 0x10;
constexpr unsigned char kHasCredential = 0x40;
constexpr unsigned char kHasExtensions = 0x80;

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::unexpected<Error> malformed(fmt::format_string<> why) {
  return fail(Code::InvalidInput, "What the authenticator sent is malformed: {}.", translated(why));
}

struct AuthenticatorData {
  unsigned char flags = 0;
  std::uint32_t counter = 0;
  std::string credential;  // id; "" in an assertion
  std::string public_key;  // COSE_Key, as sent
};

// §6.1.
Result<AuthenticatorData> read_authenticator_data(std::string_view bytes, std::string_view host) {
  if (bytes.size() < 37) return malformed("the authenticator data is too short");
  if (!equal_in_constant_time(bytes.substr(0, 32), sha256(host))) {
    return fail(Code::Forbidden, "This passkey was used for another address than {}.", host);
  }
  AuthenticatorData data;
  data.flags = static_cast<unsigned char>(bytes[32]);
  for (const char c : bytes.substr(33, 4)) data.counter = data.counter << 8 | static_cast<unsigned char>(c);
  bytes.remove_prefix(37);
  if (data.flags & kHasCredential) {
    if (bytes.size() < 18) return malformed("the credential is too short");
    const std::size_t length = static_cast<unsigned char>(bytes[16]) << 8 | static_cast<unsigned char>(bytes[17]);
    bytes.remove_prefix(18);
    if (length == 0 || length > 1023 || length > bytes.size()) return malformed("the credential's id has an odd length");
    data.credential = bytes.substr(0, length);
    bytes.remove_prefix(length);
    const auto before = bytes;
    static_cast<void>(TRY(Cbor::take(bytes)));
    data.public_key = before.substr(0, before.size() - bytes.size());
  }
  if (data.flags & kHasExtensions) static_cast<void>(TRY(Cbor::take(bytes)));
  if (!bytes.empty()) return malformed("something follows the authenticator data");
  if (!(data.flags & kUserPresent) || !(data.flags & kUserVerified)) {
    return fail(Code::Forbidden, "The authenticator did not check that it is you: use one with a PIN, finger or face.");
  }
  if ((data.flags & kBackedUp) && !(data.flags & kBackupEligible)) return malformed("the backup flags contradict each other");
  return data;
}

// §5.8.1, and steps 7 to 11 of §7.1 and §7.2.
Result<> check_client_data(const Ceremony& ceremony, std::string_view type, std::string_view bytes) {
  const auto parsed = Json::parse(bytes);
  if (!parsed || !parsed->as_object()) return malformed("the client data is no JSON");
  if (parsed->text("type") != type) return fail(Code::Forbidden, "This was made for another purpose: try again.");
  const auto challenge = from_base64url(parsed->text("challenge"));
  if (!challenge || !ceremony.known_challenge(*challenge)) {
    return fail(Code::Forbidden, "This took too long or was used already: try again.");
  }
  if (parsed->text("origin") != ceremony.origin) {
    return fail(Code::Forbidden, "This was made at {}, not at {}.", parsed->text("origin").substr(0, 100), ceremony.origin);
  }
  const auto* cross_origin = parsed->find("crossOrigin");
  if (cross_origin && !cross_origin->is_null() && !(cross_origin->as_bool() && !*cross_origin->as_bool())) {
    return fail(Code::Forbidden, "This was made inside another site's page.");
  }
  return {};
}

Result<Key> key_of(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return malformed("its public key is not valid");
  }
  return Key(key);
}

Result<const std::string*> member(const Cbor& key, std::int64_t name, std::size_t least, std::size_t most) {
  const auto* found = key.find(name);
  const auto* bytes = found ? found->as_bytes() : nullptr;
  if (!bytes || bytes->size() < least || bytes->size() > most) return malformed("its public key is not complete");
  return bytes;
}

bool has(const Cbor& key, std::int64_t name, std::int64_t value) {
  const auto* found = key.find(name);
  return found && found->as_integer() && *found->as_integer() == value;
}

struct PublicKey {
  Key key;
  std::int64_t algorithm;
};

// RFC 9053 §7, RFC 8812 §2.
Result<PublicKey> read_public_key(std::string_view bytes) {
  const auto cose = TRY(Cbor::take(bytes));
  if (!bytes.empty()) return malformed("something follows its public key");
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  if (has(cose, 3, -7) && has(cose, 1, 2) && has(cose, -1, 1)) {
    const auto point = "\x04" + *TRY(member(cose, -2, 32, 32)) + *TRY(member(cose, -3, 32, 32));
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    return PublicKey{TRY(key_of("EC", builder.get())), -7};
  }
  if (has(cose, 3, -8) && has(cose, 1, 1) && has(cose, -1, 6)) {
    const auto* point = TRY(member(cose, -2, 32, 32));
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point->data(), point->size());
    return PublicKey{TRY(key_of("ED25519", builder.get())), -8};
  }
  if (has(cose, 3, -257) && has(cose, 1, 3)) {
    const auto* n = TRY(member(cose, -1, 256, 1024));
    const auto* e = TRY(member(cose, -2, 1, 8));
    const Number modulus(BN_bin2bn(bytes_of(*n), static_cast<int>(n->size()), nullptr));
    const Number exponent(BN_bin2bn(bytes_of(*e), static_cast<int>(e->size()), nullptr));
    if (BN_num_bits(modulus.get()) < 2048) return malformed("its RSA key is too short");
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    return PublicKey{TRY(key_of("RSA", builder.get())), -257};
  }
  return fail(Code::Unsupported, "This passkey uses a kind of key that the box does not know.");
}

bool verifies(const PublicKey& key, std::string_view signed_bytes, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  const auto* digest = key.algorithm == -8 ? nullptr : EVP_sha256();  // Ed25519 hashes by itself
  return context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(signed_bytes),
                          signed_bytes.size()) == 1;
}

}  // namespace

Result<NewPasskey> check_registration(const Ceremony& ceremony, std::string_view client_data, std::string_view attestation) {
  TRY(check_client_data(ceremony, "webauthn.create", client_data));
  const auto object = TRY(Cbor::take(attestation));
  const auto* data_item = object.find("authData");
  if (!attestation.empty() || !data_item || !data_item->as_bytes() || !object.find("fmt") || !object.find("attStmt")) {
    return malformed("the attestation object is not complete");
  }
  auto data = TRY(read_authenticator_data(*data_item->as_bytes(), ceremony.host));
  if (data.credential.empty()) return malformed("it holds no credential");
  const auto key = TRY(read_public_key(data.public_key));
  return NewPasskey{std::move(data.credential), std::move(data.public_key), key.algorithm, data.counter};
}

Result<std::uint32_t> check_assertion(const Ceremony& ceremony, std::string_view public_key, std::string_view client_data,
                                      std::string_view authenticator_data, std::string_view signature) {
  TRY(check_client_data(ceremony, "webauthn.get", client_data));
  const auto data = TRY(read_authenticator_data(authenticator_data, ceremony.host));
  const auto key = TRY(read_public_key(public_key));
  if (!verifies(key, std::string(authenticator_data) + sha256(client_data), signature)) {
    return fail(Code::Forbidden, "The passkey's signature is wrong.");
  }
  return data.counter;
}

std::string challenge_in(std::string_view client_data) {
  const auto parsed = Json::parse(client_data);
  return parsed ? from_base64url(parsed->text("challenge")).value_or("") : "";
}

namespace {

constexpr std::size_t kHeadSize = 24;  // time and nonce
constexpr std::size_t kSealSize = 16;
constexpr Duration kChallengeLife = std::chrono::minutes(5);

std::string big_endian(std::int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

}  // namespace

Challenges::Challenges(Clock& clock) : clock_(clock), key_(random_bytes(32)) {}

std::string Challenges::seal(std::string_view purpose, std::string_view head) const {
  return hmac_sha256(key_, std::string(head) + std::string(purpose)).substr(0, kSealSize);
}

std::string Challenges::make(std::string_view purpose) {
  const auto now = clock_.now();
  std::erase_if(used_, [&](const auto& entry) { return entry.second <= now; });
  const auto head = big_endian((now + kChallengeLife).time_since_epoch().count()) + random_bytes(kHeadSize - 8);
  return head + seal(purpose, head);
}

bool Challenges::known(std::string_view purpose, std::string_view challenge) const {
  if (challenge.size() != kHeadSize + kSealSize || used_.contains(challenge)) return false;
  const auto head = challenge.substr(0, kHeadSize);
  // The head begins with the time, the highest byte first, so that it compares as the time does.
  return equal_in_constant_time(seal(purpose, head), challenge.substr(kHeadSize)) &&
         head.substr(0, 8) > big_endian(clock_.now().time_since_epoch().count());
}

void Challenges::use(std::string_view challenge) { used_.emplace(challenge, clock_.now() + kChallengeLife); }

}  // namespace hearth::identity
