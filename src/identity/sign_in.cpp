#include "base/bytes.h"
#include "base/log.h"
#include "identity/code_text.h"
#include "identity/identity.h"
#include "identity/login_name.h"

namespace hearth::identity {
namespace {

using std::chrono::minutes;

// More checks than these wait for the crypto pool only when they come from where the person is known.
constexpr int kMostStrangersWaiting = 6;
constexpr int kMostWaiting = 24;

constexpr std::size_t kNonceSize = 12;

}  // namespace

Task<Result<std::string>> Identity::hash(std::string password) {
  co_return co_await offload(crypto_, [password = std::move(password), cost = options_.password_cost] {
    return hash_password(password, cost);
  });
}

Task<bool> Identity::verify(std::string hash, std::string password) {
  struct Count {
    int& waiting;
    explicit Count(int& w) : waiting(w) { ++waiting; }
    ~Count() { --waiting; }
  } const count(verifications_);
  co_return co_await offload(crypto_, [hash = std::move(hash), password = std::move(password), cost = options_.password_cost] {
    return verify_password(hash, password, cost);
  });
}

Task<Result<Identity::Credentials>> Identity::credentials(std::string person) {
  co_return co_await system_.read([person = std::move(person)](store::Connection& c) -> Result<Credentials> {
    auto row = TRY(c.one("SELECT id, password, credentials, code_secret, code_step FROM identity_people WHERE id = ?",
                         [](store::Statement& s) {
                           return Credentials{s.text(0), s.text(1), s.integer(2), s.optional_text(3), s.integer(4)};
                         },
                         person));
    return row.value_or(Credentials{});
  });
}

std::string Identity::make_device(const std::string& person) const {
  const auto nonce = random_bytes(kNonceSize);
  return to_base64url(nonce + hmac_sha256(key_, "device " + person + nonce).substr(0, 20));
}

std::optional<std::string> Identity::device_nonce(const std::string& person, const std::string& device) const {
  const auto bytes = from_base64url(device);
  if (!bytes || bytes->size() != kNonceSize + 20) return std::nullopt;
  auto nonce = bytes->substr(0, kNonceSize);
  const auto expected = hmac_sha256(key_, "device " + person + nonce).substr(0, 20);
  if (!equal_in_constant_time(expected, std::string_view(*bytes).substr(kNonceSize))) return std::nullopt;
  return nonce;
}

// A device or network that the person is known from has a lane of its own, which others' guesses cannot close. Strangers share
// one of the account besides: guesses from many addresses are guesses at one password.
std::vector<Attempts::Lane> Identity::sign_in_lanes(const std::string& name, const std::string& person,
                                                    const kernel::Origin& origin,
                                                    const std::optional<std::string>& device) const {
  if (!person.empty() && device) {
    if (const auto nonce = device_nonce(person, *device)) return {{"device " + to_hex(*nonce), 5, minutes(15)}};
  }
  const auto network = network_of(origin.address);
  Attempts::Lane pair{"account " + name + " " + network, 4, minutes(15)};
  const auto known = networks_.find(person);
  if (known != networks_.end() && known->second.contains(network)) return {std::move(pair)};
  return {std::move(pair), {"network " + network, 15, minutes(15), false}, {"strangers to " + name, 30, minutes(15), false}};
}

Task<Result<SignInOutput>> Identity::setup(kernel::Call call, SetupInput input) {
  if (claimed_) co_return fail(Code::Conflict, "This box has an owner already: sign in, or ask the owner to invite you.");
  CO_TRY(auto attempt, attempts_.begin({{"setup " + network_of(call.origin().address), 5, minutes(5)}}));
  if (!equal_in_constant_time(normal_code(input.code), normal_code(setup_code()))) {
    co_return fail(Code::Forbidden, "This is not the setup code that the box shows on its console.");
  }
  attempt.succeed();
  CO_TRY(auto name, canonical_name(input.name));
  CO_TRY(auto display_name, clean_display_name(input.display_name));
  CO_TRY(auto language, known_language(input.language));
  CO_CHECK(check_new_password(input.password, name));
  CO_TRY(auto password, co_await hash(input.password));
  Person owner{make_id(), name, display_name, kernel::Role::Owner, language, false, clock_.now()};
  CO_CHECK(co_await system_.write([owner, password](store::Connection& c) -> Result<> {
    TRY(c.run("INSERT INTO identity_claim (id, at) VALUES (1, ?) ON CONFLICT DO NOTHING", owner.created));
    if (c.changes() == 0) return fail(Code::Conflict, "Somebody else has just become the owner of this box.");
    return insert_person(c, owner, password);
  }));
  claimed_ = true;
  people_.emplace(owner.id, owner);
  CO_CHECK(co_await begin_session(call, owner.id, 1, EventKind::Claimed, Proof::Password));
  co_return SignInOutput{true, std::nullopt, owner, make_device(owner.id), std::nullopt};
}

Task<Result<SignInOutput>> Identity::sign_in(kernel::Call call, SignInInput input) {
  const auto typed = canonical_name(input.name);
  const auto name = typed.value_or("");
  std::string id;
  for (const auto& [candidate, known] : people_) {
    if (known.name == name) id = candidate;
  }
  auto lanes = sign_in_lanes(name, id, call.origin(), input.device);
  const bool stranger = lanes.size() > 1;
  if (verifications_ >= (stranger ? kMostStrangersWaiting : kMostWaiting)) {
    co_return fail(Code::TooMany, "Many people are signing in right now: try again in 5 seconds.");
  }
  CO_TRY(auto attempt, attempts_.begin(std::move(lanes)));
  CO_TRY(const auto stored, co_await credentials(id));
  // An unknown name costs the same work as a known one.
  if (!co_await verify(stored.password, input.password)) {
    co_return fail(Code::Unauthenticated, "The name or the password is wrong.");
  }
  SignInOutput output;
  auto proof = Proof::Password;
  if (stored.code_secret) {
    if (!input.code) {
      attempt.withdraw();
      output.needs = Need::Code;
      co_return output;
    }
    // Whoever knows the password but has no code guesses at one, from wherever: strangers share a lane.
    std::optional<Attempts::Attempt> guess;
    if (stranger) {
      CO_TRY(guess, attempts_.begin({{"code " + stored.person, 5, minutes(15)}}));
    }
    CO_TRY(output.recovery_codes_left, co_await use_code(stored, *input.code));
    if (guess) guess->succeed();
    proof = Proof::TwoFactors;
  }
  attempt.succeed();
  if (needs_rehash(stored.password, options_.password_cost)) {
    CO_TRY(auto renewed, co_await hash(input.password));
    CO_CHECK(co_await system_.write([&stored, &renewed](store::Connection& c) {
      return c.run("UPDATE identity_people SET password = ? WHERE id = ? AND password = ?", renewed, stored.person,
                   stored.password);
    }));
  }
  CO_CHECK(co_await begin_session(call, stored.person, stored.version, EventKind::SignedIn, proof));
  output.signed_in = true;
  if (const auto* who = person(stored.person)) output.person = *who;
  output.device = make_device(stored.person);
  co_return output;
}

Task<Result<>> Identity::begin_session(kernel::Call call, std::string person, std::int64_t version, EventKind kind,
                                       Proof proof) {
  const auto token = to_base64url(random_bytes(32));
  const auto now = clock_.now();
  const auto network = network_of(call.origin().address);
  Session session{make_id(),           to_hex(sha256(token)), person, proof == Proof::TwoFactors, call.origin().address,
                  call.origin().agent, now,                   now,    now,        now + options_.absolute};
  CO_CHECK(co_await system_.write([&call, session, version, kind, network](store::Connection& c) -> Result<> {
    const auto current = TRY(c.integer("SELECT credentials FROM identity_people WHERE id = ?", session.person));
    if (current != version) return fail(Code::Conflict, "Your credentials have just been changed: sign in again.");
    TRY(c.run(R"(INSERT INTO identity_sessions
                   (id, token, person, two_factor, address, agent, created, confirmed, seen, expires)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
              session.id, session.token, session.person, session.two_factor, session.address, session.agent,
              session.created, session.confirmed, session.seen, session.expires));
    TRY(c.run(R"(INSERT INTO identity_networks (person, network, seen) VALUES (?, ?, ?)
                 ON CONFLICT DO UPDATE SET seen = excluded.seen)",
              session.person, network, session.created));
    TRY(c.run("DELETE FROM identity_invitations WHERE person = ?", session.person));  // who can sign in needs no reset
    const kernel::Call by_themselves(kernel::Principal::of_person(session.person, {}), call.origin(), nullptr);
    return insert_event(c, session.person, kind, by_themselves, session.created);
  }));
  networks_[session.person].insert(network);
  // The session that the same browser had before gives way.
  const auto previous = call.origin().session;
  call.change_session({token, session.expires});
  sessions_.add(std::move(session));
  if (sessions_.by_id(previous)) {
    forget_sessions([&](const Session& s) { return s.id == previous; });
    CO_CHECK(co_await system_.write(
        [&previous](store::Connection& c) { return c.run("DELETE FROM identity_sessions WHERE id = ?", previous); }));
  }
  co_return Result<>();
}

Task<Result<>> Identity::sign_out(kernel::Call call) {
  const auto id = call.origin().session;
  forget_sessions([&](const Session& s) { return s.id == id; });
  call.change_session({"", Time()});
  co_return co_await system_.write(
      [id](store::Connection& c) { return c.run("DELETE FROM identity_sessions WHERE id = ?", id); });
}

Task<Result<>> Identity::confirm(kernel::Call call, ConfirmInput input) {
  CO_CHECK(require_person(call));
  const auto id = call.person();
  CO_TRY(auto attempt, attempts_.begin({{"confirm " + call.origin().session + id, 5, minutes(15)}}));
  CO_TRY(const auto stored, co_await credentials(id));
  if (!co_await verify(stored.password, input.password)) co_return fail(Code::Forbidden, "The password is wrong.");
  attempt.succeed();
  auto* session = sessions_.by_id(call.origin().session);
  if (!session) co_return Result<>();  // the console needs none
  session->confirmed = clock_.now();
  co_return co_await system_.write([id = session->id, at = session->confirmed](store::Connection& c) {
    return c.run("UPDATE identity_sessions SET confirmed = ? WHERE id = ?", at, id);
  });
}

Task<Result<StateOutput>> Identity::state(kernel::Call call) {
  StateOutput output{claimed_, "en", std::nullopt, call.origin().two_factor, std::nullopt, call.origin().session};
  for (const auto& [id, candidate] : people_) {
    if (candidate.role == kernel::Role::Owner) output.language = candidate.language;
  }
  if (const auto* who = person(call.person())) {
    output.person = *who;
    output.language = who->language;
  }
  if (const auto* session = sessions_.by_id(call.origin().session)) {
    output.confirmed_until = session->confirmed + options_.confirmed;
  }
  co_return output;
}

}  // namespace hearth::identity
