#include "base/bytes.h"
#include "identity/code_text.h"
#include "identity/identity.h"
#include "identity/one_time_code.h"

namespace hearth::identity {
namespace {

constexpr int kRecoveryCodes = 10;

}  // namespace

Result<std::vector<std::string>> Identity::renew_recovery_codes(store::Connection& c, const std::string& person) const {
  std::vector<std::string> codes;
  TRY(c.run("DELETE FROM identity_recovery_codes WHERE person = ?", person));
  for (int i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(grouped(to_base32(random_bytes(8), Base32::Crockford).substr(0, 12), 4));  // 60 bits
    TRY(c.run("INSERT INTO identity_recovery_codes (person, code) VALUES (?, ?)", person,
              digest_code("recovery " + person, codes.back())));
  }
  return codes;
}

Task<Result<StartCodesOutput>> Identity::start_codes(kernel::Call call) {
  CO_CHECK(require_confirmed(call));
  const auto& who = people_.at(call.person());
  const auto secret = random_bytes(20);
  pending_codes_[who.id] = {secret, clock_.now() + std::chrono::minutes(15)};
  co_return StartCodesOutput{to_base32(secret, Base32::Rfc4648), otpauth_uri("Hearth", who.name, secret)};
}

Task<Result<RecoveryCodesOutput>> Identity::confirm_codes(kernel::Call call, CodeInput input) {
  CO_CHECK(require_confirmed(call));
  const auto id = call.person();
  const auto found = pending_codes_.find(id);
  if (found == pending_codes_.end() || found->second.expires <= clock_.now()) {
    co_return fail(Code::Expired, "This took too long: start again.");
  }
  const auto secret = found->second.secret;
  const auto step = matching_step(secret, input.code, clock_.now(), 0);
  if (!step) {
    co_return fail(Code::Forbidden, "This is not the code for now: check the time of the phone and of the box, and try again.");
  }
  const auto current = call.origin().session;
  RecoveryCodesOutput output;
  CO_TRY(output.codes, co_await system_.write([&](store::Connection& c) -> Result<std::vector<std::string>> {
    TRY(c.run(R"(UPDATE identity_people SET code_secret = ?, code_step = ?, credentials = credentials + 1 WHERE id = ?)",
              seal(key_, secret), *step, id));
    TRY(c.run("UPDATE identity_sessions SET two_factor = 1 WHERE id = ? AND person = ?", current, id));
    TRY(insert_event(c, id, EventKind::CodesAdded, call, clock_.now()));
    return renew_recovery_codes(c, id);
  }));
  pending_codes_.erase(id);
  if (const auto who = people_.find(id); who != people_.end()) who->second.second_factor = true;
  if (auto* session = sessions_.by_id(current)) session->two_factor = true;
  co_return output;
}

Task<Result<>> Identity::remove_codes(kernel::Call call) {
  CO_CHECK(require_confirmed(call));
  const auto id = call.person();
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("UPDATE identity_people SET code_secret = NULL, credentials = credentials + 1 WHERE id = ?", id));
    TRY(c.run("DELETE FROM identity_recovery_codes WHERE person = ?", id));
    return insert_event(c, id, EventKind::CodesRemoved, call, clock_.now());
  }));
  if (const auto who = people_.find(id); who != people_.end()) who->second.second_factor = false;
  co_return Result<>();
}

Task<Result<RecoveryCodesOutput>> Identity::recovery_codes(kernel::Call call) {
  CO_CHECK(require_confirmed(call));
  const auto id = call.person();
  RecoveryCodesOutput output;
  CO_TRY(output.codes, co_await system_.write([&](store::Connection& c) -> Result<std::vector<std::string>> {
    if (TRY(c.integer("SELECT code_secret IS NOT NULL FROM identity_people WHERE id = ?", id)) == 0) {
      return fail(Code::Conflict, "Recovery codes stand in for one-time codes: set those up first.");
    }
    TRY(insert_event(c, id, EventKind::RecoveryCodesMade, call, clock_.now()));
    return renew_recovery_codes(c, id);
  }));
  co_return output;
}

Task<Result<std::optional<std::int64_t>>> Identity::use_code(Credentials stored, std::string typed) {
  using Left = std::optional<std::int64_t>;
  const auto secret = open_sealed(key_, stored.code_secret.value_or(""));
  if (!secret) {
    co_return fail(Code::Corrupt, "The box cannot read your one-time codes any more: keys/identity was replaced.");
  }
  const auto step = matching_step(*secret, typed, clock_.now(), stored.code_step);
  co_return co_await system_.write([&](store::Connection& c) -> Result<Left> {
    if (step) {  // each step once, also when two sign-ins race
      TRY(c.run("UPDATE identity_people SET code_step = ? WHERE id = ? AND code_step < ?", *step, stored.person, *step));
      if (c.changes() == 1) return Left();
    } else {
      TRY(c.run("DELETE FROM identity_recovery_codes WHERE person = ? AND code = ?", stored.person,
                digest_code("recovery " + stored.person, typed)));
      if (c.changes() == 1) {
        return Left(TRY(c.integer("SELECT count(*) FROM identity_recovery_codes WHERE person = ?", stored.person)));
      }
    }
    return fail(Code::Unauthenticated, "The code is wrong or was used already: wait for the next one.");
  });
}

}  // namespace hearth::identity
