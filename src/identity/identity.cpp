#include "identity/identity.h"

#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "identity/code_text.h"

namespace hearth::identity {
namespace {

Person read_person(store::Statement& s) {
  return {s.text(0), s.text(1), s.text(2), enum_value<kernel::Role>(s.text_view(3)).value_or(kernel::Role::Guest),
          s.text(4), s.integer(5) != 0, s.time(6)};
}

}  // namespace

Identity::Identity(store::Database& system, ThreadPool& crypto, Clock& clock, Executor home, Options options, Hooks hooks)
    : system_(system), crypto_(crypto), clock_(clock), options_(options), hooks_(std::move(hooks)), challenges_(clock),
      attempts_(clock), tasks_(std::move(home)) {}

Identity::~Identity() = default;

Result<std::unique_ptr<Identity>> Identity::create(store::Database& system, ThreadPool& crypto, Clock& clock, Executor home,
                                                   std::string key, Options options, Hooks hooks) {
  std::unique_ptr<Identity> identity(
      new Identity(system, crypto, clock, std::move(home), options, std::move(hooks)));
  identity->key_ = std::move(key);
  TRY(system.write_now([&identity = *identity](store::Connection& c) -> Result<> {
    identity.claimed_ = TRY(c.integer("SELECT count(*) FROM identity_claim")) > 0;
    for (auto& person : TRY(c.all(
             R"(SELECT id, name, display_name, role, language, code_secret IS NOT NULL, created FROM identity_people)",
             read_person))) {
      auto id = person.id;
      identity.people_.emplace(std::move(id), std::move(person));
    }
    for (auto& [person, network] : TRY(c.all("SELECT person, network FROM identity_networks", [](store::Statement& s) {
           return std::pair(s.text(0), s.text(1));
         }))) {
      identity.networks_[person].insert(std::move(network));
    }
    for (auto& [hash, entry] : TRY(c.all("SELECT token, person, id, kind, name, created, expires FROM identity_tokens",
                                         [](store::Statement& s) {
                                           const auto kind = enum_value<TokenKind>(s.text_view(3)).value_or(TokenKind::Device);
                                           return std::pair(s.text(0), TokenEntry{s.text(1), {s.text(2),
                                                            fmt::format("{}:{}", s.text(3), s.text(2)), kind, s.text(4),
                                                            s.time(5), s.optional_time(6)}});
                                         }))) {
      identity.tokens_.emplace(std::move(hash), std::move(entry));
    }
    const auto now = identity.clock_.now();
    identity.sessions_ = TRY(SessionTable::load(c, now, now - identity.options_.idle));
    return {};
  }));
  return identity;
}

Task<Result<>> Identity::start() {
  // What cannot be finished now is tried again by the sweep: it does not keep the box from starting.
  if (const auto done = co_await finish_departures(); !done) log::error("{}", done.error().describe());
  tasks_.spawn("ending old sessions", sweep());
  co_return Result<>();
}

Task<> Identity::stop() {
  co_await tasks_.stop();
  if (const auto stored = co_await end_stale(); !stored) log::error("{}", stored.error().describe());
}

Task<> Identity::sweep() {
  for (;;) {
    co_await clock_.sleep_for(std::chrono::minutes(1));
    if (const auto done = co_await end_stale(); !done) log::error("{}", done.error().describe());
    if (const auto done = co_await finish_departures(); !done) log::error("{}", done.error().describe());
  }
}

// Ends what was idle too long or is past its time, and stores when the others were last seen.
Task<Result<>> Identity::end_stale() {
  const auto now = clock_.now();
  std::erase_if(pending_codes_, [&](const auto& entry) { return entry.second.expires <= now; });
  std::erase_if(hand_overs_, [&](const auto& entry) { return entry.second.expires <= now; });
  sessions_.gather_seen();
  forget_sessions([&](const Session& s) { return is_over(s, now); });
  auto moved = sessions_.moved();
  const auto unused_since = now - options_.idle;
  co_return co_await system_.write([moved = std::move(moved), now, unused_since](store::Connection& c) -> Result<> {
    for (const auto& s : moved) {
      TRY(c.run("UPDATE identity_sessions SET seen = ?, address = ? WHERE id = ?", s.seen, s.address, s.id));
    }
    TRY(c.run("DELETE FROM identity_sessions WHERE expires <= ? OR seen < ?", now, unused_since));
    TRY(c.run("DELETE FROM identity_invitations WHERE expires <= ?", now));
    TRY(c.run("DELETE FROM identity_networks WHERE seen <= ?", now - std::chrono::hours(24 * 90)));
    return {};
  });
}

std::string Identity::setup_code() const {
  return grouped(to_base32(hmac_sha256(key_, "setup code"), Base32::Crockford).substr(0, 10), 5);
}

bool Identity::is_over(const Session& session, Time now) const {
  return session.expires <= now || now - Time(Duration(session.used->load(std::memory_order_relaxed))) > options_.idle;
}

Result<Authenticated> Identity::authenticate_session(std::string_view token, std::string_view address) {
  auto* session = sessions_.by_token(to_hex(sha256(token)));
  const auto now = clock_.now();
  if (!session || is_over(*session, now)) {
    return fail(Code::Unauthenticated, "You are not signed in, or your sign-in has ended: sign in.");
  }
  const auto* who = person(session->person);
  if (!who) return fail(Code::Unauthenticated, "This person is no longer on the box.");
  sessions_.saw(*session, now);
  if (!address.empty()) session->address = address;
  return Authenticated{kernel::Principal::of_person(who->id, who->role), session->id, session->two_factor};
}

Result<Authenticated> Identity::authenticate_token(std::string_view token) {
  const auto found = tokens_.find(to_hex(sha256(token)));
  const auto* who = found == tokens_.end() ? nullptr : person(found->second.person);
  if (!who) return fail(Code::Unauthenticated, "This token is not known: it may have been revoked.");
  const auto& known = found->second.token;
  if (known.expires && *known.expires <= clock_.now()) return fail(Code::Unauthenticated, "This token has expired.");
  kernel::Principal principal{kernel::Principal::Kind::Device, known.id, who->id, who->role};
  switch (known.kind) {
    case TokenKind::App: principal.kind = kernel::Principal::Kind::App; break;
    case TokenKind::Run: principal.kind = kernel::Principal::Kind::Run; break;
    case TokenKind::Device: principal.kind = kernel::Principal::Kind::Device; break;
    case TokenKind::Peer: principal.kind = kernel::Principal::Kind::Peer; break;
  }
  return Authenticated{std::move(principal), known.id, false};
}

Authenticated Identity::authenticate_console(uid_t uid) const {
  Authenticated caller{kernel::Principal::anyone(), "", false};
  if (uid != 0 && uid != ::geteuid()) return caller;
  const Person* first = nullptr;
  for (const auto& [id, candidate] : people_) {
    if (candidate.role == kernel::Role::Owner && (!first || candidate.created < first->created)) first = &candidate;
  }
  if (!first) return caller;
  return {kernel::Principal::of_person(first->id, first->role), "", true};
}

const Person* Identity::person(const std::string& id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : &found->second;
}

void Identity::forget_sessions(const std::function<bool(const Session&)>& matches) {
  const auto before = sessions_.entrances().size();
  const auto ended = sessions_.end(matches);
  if (sessions_.entrances().size() != before) entrances_changed();
  if (hooks_.session_ended) {
    for (const auto& session : ended) hooks_.session_ended(session);
  }
}

void Identity::entrances_changed() const {
  if (hooks_.entrance_sessions_changed) hooks_.entrance_sessions_changed();
}

Result<> Identity::require_person(const kernel::Call& call) const {
  if (call.principal().kind != kernel::Principal::Kind::Person || !person(call.person())) {
    return fail(Code::Forbidden, "Only a person who is signed in can do this.");
  }
  return {};
}

Result<> Identity::require_confirmed(const kernel::Call& call) {
  TRY(require_person(call));
  const auto& origin = call.origin();
  if (origin.session.empty() && origin.address == "unix") return {};  // whoever holds the console holds the box
  const auto* session = sessions_.by_id(origin.session);
  if (session && session->person == call.person() && clock_.now() - session->confirmed <= options_.confirmed) return {};
  return fail(Code::Forbidden, "Confirm that it is you first: give your password again (identity.confirm).");
}

std::string Identity::digest_code(std::string_view purpose, std::string_view code) const {
  return to_hex(hmac_sha256(key_, std::string(purpose) + '\0' + normal_code(code)));
}

}  // namespace hearth::identity
