#include <arpa/inet.h>

#include "base/bytes.h"
#include "identity/identity.h"
#include "identity/login_name.h"

namespace hearth::identity {
namespace {

constexpr std::string_view kSignIn = "passkey sign-in";

std::string registration_purpose(const kernel::Call& call) {
  return "passkey of " + call.person() + " in " + call.origin().session;
}

Result<std::string> decoded(std::string_view name, const std::string& text) {
  auto bytes = from_base64url(text);
  if (!bytes) return fail(Code::InvalidInput, "{}: this is no base64url.", name);
  return *std::move(bytes);
}

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return host.find(':') != std::string::npos || ::inet_pton(AF_INET, host.c_str(), &ignored) == 1;
}

}  // namespace

// The relying party's id: the host of the address at which the browser opened the desktop.
Result<std::string> Identity::passkey_host(const kernel::Call& call) const {
  std::string_view url = call.origin().url;
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return fail(Code::Unsupported, "Passkeys need a browser.");
  url.remove_prefix(scheme + 3);
  const auto colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos;
  std::string host(has_port ? url.substr(0, colon) : url);
  if (host.empty() || is_address(host)) {
    return fail(Code::Unsupported, "Passkeys need a name: open the box by its name, not by its network address.");
  }
  return host;
}

Task<Result<StartPasskeyOutput>> Identity::start_passkey(kernel::Call call) {
  CO_CHECK(require_confirmed(call));
  StartPasskeyOutput output;
  CO_TRY(output.host, passkey_host(call));
  const auto who = people_.at(call.person());
  output.challenge = to_base64url(challenges_.make(registration_purpose(call)));
  output.user = to_base64url(who.id);
  output.name = who.name;
  output.display_name = who.display_name;
  output.algorithms.assign(kPasskeyAlgorithms.begin(), kPasskeyAlgorithms.end());
  CO_TRY(output.exclude, co_await system_.read([&](store::Connection& c) {
    return c.all("SELECT id FROM identity_passkeys WHERE person = ? AND host = ?", [](store::Statement& s) { return s.text(0); },
                 who.id, output.host);
  }));
  co_return output;
}

Task<Result<Passkey>> Identity::finish_passkey(kernel::Call call, FinishPasskeyInput input) {
  CO_CHECK(require_confirmed(call));
  CO_TRY(const auto host, passkey_host(call));
  CO_TRY(const auto name, clean_display_name(input.name));
  CO_TRY(const auto client_data, decoded("client_data", input.client_data));
  CO_TRY(const auto attestation, decoded("attestation", input.attestation));
  const auto purpose = registration_purpose(call);
  const Ceremony ceremony{call.origin().url, host,
                          [&](std::string_view challenge) { return challenges_.known(purpose, challenge); }};
  CO_TRY(const auto made, check_registration(ceremony, client_data, attestation));
  challenges_.use(challenge_in(client_data));
  const auto id = call.person();
  const Passkey passkey{to_base64url(made.id), name, host, clock_.now(), std::nullopt};
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run(R"(INSERT INTO identity_passkeys (id, person, name, host, algorithm, public_key, counter, created)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING)",
              passkey.id, id, passkey.name, passkey.host, made.algorithm, to_base64url(made.public_key),
              static_cast<std::int64_t>(made.counter), passkey.created));
    if (c.changes() == 0) return fail(Code::AlreadyExists, "The box knows this passkey already.");
    return insert_event(c, id, EventKind::PasskeyAdded, call, passkey.created);
  }));
  co_return passkey;
}

Task<Result<PasskeysOutput>> Identity::passkeys(kernel::Call call) {
  CO_CHECK(require_person(call));
  CO_TRY(auto found, co_await system_.read([id = call.person()](store::Connection& c) {
    return c.all("SELECT id, name, host, created, used FROM identity_passkeys WHERE person = ? ORDER BY created, id",
                 [](store::Statement& s) { return Passkey{s.text(0), s.text(1), s.text(2), s.time(3), s.optional_time(4)}; },
                 id);
  }));
  co_return PasskeysOutput{std::move(found)};
}

Task<Result<>> Identity::remove_passkey(kernel::Call call, PasskeyInput input) {
  CO_CHECK(require_confirmed(call));
  co_return co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_passkeys WHERE id = ? AND person = ?", input.id, call.person()));
    if (c.changes() == 0) return fail(Code::NotFound, "You have no such passkey.");
    // A sign-in with it that is under way comes to nothing.
    TRY(c.run("UPDATE identity_people SET credentials = credentials + 1 WHERE id = ?", call.person()));
    return insert_event(c, call.person(), EventKind::PasskeyRemoved, call, clock_.now());
  });
}

Task<Result<StartPasskeySignInOutput>> Identity::start_passkey_sign_in(kernel::Call call) {
  StartPasskeySignInOutput output;
  CO_TRY(output.host, passkey_host(call));
  output.challenge = to_base64url(challenges_.make(kSignIn));
  co_return output;
}

Task<Result<SignInOutput>> Identity::finish_passkey_sign_in(kernel::Call call, FinishPasskeySignInInput input) {
  CO_TRY(const auto host, passkey_host(call));
  CO_TRY(const auto client_data, decoded("client_data", input.client_data));
  CO_TRY(const auto authenticator_data, decoded("authenticator_data", input.authenticator_data));
  CO_TRY(const auto signature, decoded("signature", input.signature));
  // Nothing to guess here; the lane only spares the processor.
  CO_TRY(auto attempt, attempts_.begin({{"passkey " + network_of(call.origin().address), 30, std::chrono::minutes(1)}}));
  struct Stored {
    std::string person;
    std::string host;
    std::string public_key;
    std::int64_t counter;
    std::int64_t version;
  };
  CO_TRY(const auto stored, co_await system_.read([&](store::Connection& c) {
    return c.one(R"(SELECT k.person, k.host, k.public_key, k.counter, p.credentials
                    FROM identity_passkeys k JOIN identity_people p ON p.id = k.person WHERE k.id = ?)",
                 [](store::Statement& s) {
                   return Stored{s.text(0), s.text(1), from_base64url(s.text_view(2)).value_or(""), s.integer(3), s.integer(4)};
                 },
                 input.id);
  }));
  if (!stored) co_return fail(Code::Unauthenticated, "The box does not know this passkey: it may have been removed.");
  if (stored->host != host) co_return fail(Code::Forbidden, "This passkey was made for {}: open the box there.", stored->host);
  if (input.user && from_base64url(*input.user) != stored->person) {
    co_return fail(Code::Forbidden, "This passkey belongs to somebody else.");
  }
  const Ceremony ceremony{call.origin().url, host,
                          [&](std::string_view challenge) { return challenges_.known(kSignIn, challenge); }};
  CO_TRY(const auto counter, check_assertion(ceremony, stored->public_key, client_data, authenticator_data, signature));
  challenges_.use(challenge_in(client_data));
  attempt.succeed();
  const kernel::Call by_them(kernel::Principal::of_person(stored->person, {}), call.origin(), nullptr);
  CO_TRY(const bool fresh, co_await system_.write([&](store::Connection& c) -> Result<bool> {
    // Authenticators that count must count up: a copy of the key would be behind (§7.2 step 21).
    TRY(c.run(R"(UPDATE identity_passkeys SET counter = ?1, used = ?2
                 WHERE id = ?3 AND (counter < ?1 OR (counter = 0 AND ?1 = 0)))",
              static_cast<std::int64_t>(counter), clock_.now(), input.id));
    if (c.changes() == 1) return true;
    TRY(insert_event(c, stored->person, EventKind::PasskeyRefused, by_them, clock_.now()));
    return false;
  }));
  if (!fresh) {
    co_return fail(Code::Forbidden, "This passkey may have been copied: sign in another way, remove it and make a new one.");
  }
  CO_CHECK(co_await begin_session(call, stored->person, stored->version, EventKind::SignedIn, Proof::TwoFactors));
  SignInOutput output;
  output.signed_in = true;
  if (const auto* who = person(stored->person)) output.person = *who;
  output.device = make_device(stored->person);
  co_return output;
}

}  // namespace hearth::identity
