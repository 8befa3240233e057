#include "base/bytes.h"
#include "identity/identity.h"
#include "identity/login_name.h"

namespace hearth::identity {
namespace {

constexpr std::ptrdiff_t kMostTokens = 200;  // of one person

}  // namespace

Task<Result<CreateTokenOutput>> Identity::create_token(kernel::Call call, CreateTokenInput input) {
  CO_CHECK(require_confirmed(call));
  CO_TRY(auto name, clean_display_name(input.name));
  const auto now = clock_.now();
  if (input.expires && *input.expires <= now) co_return fail(Code::InvalidInput, "expires: this time is past.");
  const auto id = call.person();
  if (std::ranges::count_if(tokens_, [&](const auto& entry) { return entry.second.person == id; }) >= kMostTokens) {
    co_return fail(Code::TooMany, "You have {} tokens: revoke some that are not used any more.", kMostTokens);
  }
  const auto secret = "hearth_" + to_base64url(random_bytes(32));
  const auto digest = to_hex(sha256(secret));
  Token token{make_id(), "", input.kind, std::move(name), now, input.expires};
  token.principal = fmt::format("{}:{}", enum_name(input.kind), token.id);
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("INSERT INTO identity_tokens (id, token, person, kind, name, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
              token.id, digest, id, enum_name(token.kind), token.name, token.created, token.expires));
    return insert_event(c, id, EventKind::TokenMade, call, now);
  }));
  tokens_.emplace(digest, TokenEntry{id, token});
  co_return CreateTokenOutput{token.id, token.principal, secret};
}

Task<Result<TokensOutput>> Identity::tokens(kernel::Call call) {
  CO_CHECK(require_person(call));
  TokensOutput output;
  for (const auto& [digest, entry] : tokens_) {
    if (entry.person == call.person()) output.tokens.push_back(entry.token);
  }
  std::ranges::sort(output.tokens, std::greater(), &Token::id);
  co_return output;
}

// Revoking takes power away, so it needs no confirmation.
Task<Result<>> Identity::revoke_token(kernel::Call call, TokenInput input) {
  CO_CHECK(require_person(call));
  const auto found = std::ranges::find_if(tokens_, [&](const auto& entry) {
    return entry.second.token.id == input.id && entry.second.person == call.person();
  });
  if (found == tokens_.end()) co_return fail(Code::NotFound, "You have no such token.");
  const auto principal = found->second.token.principal;
  tokens_.erase(found);
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_tokens WHERE id = ?", input.id));
    TRY(c.run("INSERT INTO identity_removals (principal, data) VALUES (?, '') ON CONFLICT DO NOTHING", principal));
    return insert_event(c, call.person(), EventKind::TokenRevoked, call, clock_.now());
  }));
  co_return co_await finish_departures();
}

}  // namespace hearth::identity
