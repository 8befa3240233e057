#include "base/bytes.h"
#include "identity/code_text.h"
#include "identity/identity.h"
#include "identity/login_name.h"

namespace hearth::identity {
namespace {

constexpr std::chrono::hours kInvitationLife{24 * 7};
constexpr std::chrono::hours kResetWait{24};
constexpr std::chrono::hours kResetLife{24 * 3};  // from then on

// That the last statement touched a row.
Result<> require_changed(const store::Connection& c, Code code, fmt::format_string<> message) {
  if (c.changes() == 0) return fail(code, message);
  return {};
}

// That there is an owner: at the end of what may take the last one away.
Result<> require_owner(store::Connection& c) {
  const auto owners = TRY(c.integer("SELECT count(*) FROM identity_people WHERE role = 'owner'"));
  if (owners == 0) return fail(Code::Conflict, "The box needs an owner: make somebody else owner first.");
  return {};
}

}  // namespace

Result<> Identity::insert_person(store::Connection& c, const Person& person, const std::string& password) {
  const auto namesakes = TRY(c.integer("SELECT count(*) FROM identity_people WHERE name = ?", person.name));
  if (namesakes > 0) return fail(Code::AlreadyExists, "Somebody on this box has this name already: choose another.");
  return c.run(R"(INSERT INTO identity_people (id, name, display_name, role, language, password, created)
                  VALUES (?, ?, ?, ?, ?, ?, ?))",
               person.id, person.name, person.display_name, enum_name(person.role), person.language, password, person.created);
}

Result<> Identity::insert_event(store::Connection& c, const std::string& person, EventKind kind, const kernel::Call& call,
                                Time at) {
  const auto& origin = call.origin();
  TRY(c.run(R"(INSERT INTO identity_events (id, person, at, kind, by_person, device, address) VALUES (?, ?, ?, ?, ?, ?, ?))",
            make_id(), person, at, enum_name(kind), call.person(),
            origin.address == "unix" ? "The box's console" : device_name(origin.agent), origin.address));
  return c.run(R"(DELETE FROM identity_events WHERE person = ?1 AND id NOT IN
                    (SELECT id FROM identity_events WHERE person = ?1 ORDER BY at DESC, rowid DESC LIMIT 200))",
               person);
}

Task<Result<EventsOutput>> Identity::events(kernel::Call call) {
  CO_CHECK(require_person(call));
  CO_TRY(auto events, co_await system_.read([id = call.person()](store::Connection& c) {
    return c.all(R"(SELECT at, kind, by_person, device, address FROM identity_events WHERE person = ?
                    ORDER BY at DESC, rowid DESC LIMIT 100)",
                 [](store::Statement& s) {
                   return AccountEvent{s.time(0), enum_value<EventKind>(s.text_view(1)).value_or(EventKind::SignedIn), s.text(2),
                                       s.text(3), s.text(4)};
                 },
                 id);
  }));
  co_return EventsOutput{std::move(events)};
}

Task<Result<PeopleOutput>> Identity::people(kernel::Call call) {
  PeopleOutput output;
  for (const auto& [id, known] : people_) {
    output.people.push_back(known);
    if (call.principal().role != kernel::Role::Owner && id != call.person()) output.people.back().second_factor.reset();
  }
  std::ranges::sort(output.people, {}, [](const Person& p) { return std::pair(p.created, p.id); });
  co_return output;
}

Task<Result<Person>> Identity::update_profile(kernel::Call call, UpdateProfileInput input) {
  CO_CHECK(require_person(call));
  auto changed = people_.at(call.person());
  if (input.display_name) {
    CO_TRY(changed.display_name, clean_display_name(*input.display_name));
  }
  if (input.language) {
    CO_TRY(changed.language, known_language(*input.language));
  }
  CO_CHECK(co_await system_.write([&changed](store::Connection& c) {
    return c.run("UPDATE identity_people SET display_name = ?, language = ? WHERE id = ?", changed.display_name,
                 changed.language, changed.id);
  }));
  const auto found = people_.find(changed.id);
  if (found == people_.end()) co_return fail(Code::NotFound, "This person is no longer on the box.");
  found->second.display_name = changed.display_name;
  found->second.language = changed.language;
  entrances_changed();
  co_return found->second;
}

Task<Result<>> Identity::change_password(kernel::Call call, ChangePasswordInput input) {
  CO_CHECK(require_person(call));
  if (input.current) {
    CO_CHECK(co_await confirm(call, {*input.current}));
  } else {
    CO_CHECK(require_confirmed(call));
  }
  const auto id = call.person();
  CO_CHECK(check_new_password(input.password, people_.at(id).name));
  CO_TRY(const auto password, co_await hash(input.password));
  const auto kept = call.origin().session;
  const auto others = [&](const Session& s) { return s.person == id && s.id != kept; };
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("UPDATE identity_people SET password = ?, credentials = credentials + 1 WHERE id = ?", password, id));
    TRY(c.run("DELETE FROM identity_sessions WHERE person = ? AND id <> ?", id, kept));
    TRY(c.run("DELETE FROM identity_invitations WHERE person = ?", id));
    return insert_event(c, id, EventKind::PasswordChanged, call, clock_.now());
  }));
  forget_sessions(others);
  co_return Result<>();
}

Task<Result<Person>> Identity::create_person(kernel::Call call, CreatePersonInput input) {
  CO_CHECK(require_confirmed(call));
  Person created{make_id(), "", "", input.role, "", false, clock_.now()};
  CO_TRY(created.name, canonical_name(input.name));
  CO_TRY(created.display_name, clean_display_name(input.display_name));
  CO_TRY(created.language, known_language(input.language));
  CO_CHECK(check_new_password(input.password, created.name));
  CO_TRY(const auto password, co_await hash(input.password));
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(insert_person(c, created, password));
    return insert_event(c, created.id, EventKind::Joined, call, created.created);
  }));
  people_.emplace(created.id, created);
  co_return created;
}

Task<Result<>> Identity::change_role(kernel::Call call, ChangeRoleInput input) {
  CO_CHECK(require_confirmed(call));
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("UPDATE identity_people SET role = ? WHERE id = ?", enum_name(input.role), input.person));
    TRY(require_changed(c, Code::NotFound, "No such person is on this box."));
    TRY(require_owner(c));
    return insert_event(c, input.person, EventKind::RoleChanged, call, clock_.now());
  }));
  if (const auto found = people_.find(input.person); found != people_.end()) found->second.role = input.role;
  entrances_changed();
  if (hooks_.role_changed) CO_CHECK(co_await hooks_.role_changed(input.person));
  co_return Result<>();
}

// Whoever resets a password gets no quiet door to the person's data: nothing changes before the code is used, which is a day
// later, the person sees it on every device meanwhile, and ends it by signing in as ever. At the console it works at once: who
// stands there has the machine.
Task<Result<CodeOutput>> Identity::reset_password(kernel::Call call, ResetPasswordInput input) {
  CO_CHECK(require_confirmed(call));
  if (input.person == call.person()) {
    co_return fail(Code::InvalidInput, "This is you: change your own password with identity.change_password.");
  }
  CO_TRY(auto code, new_code(call.origin().address == "unix" ? std::chrono::hours(0) : kResetWait, kResetLife));
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    const auto known = TRY(c.integer("SELECT count(*) FROM identity_people WHERE id = ?", input.person));
    if (known == 0) return fail(Code::NotFound, "No such person is on this box.");
    TRY(c.run("DELETE FROM identity_invitations WHERE person = ?", input.person));
    TRY(insert_event(c, input.person, EventKind::PasswordReset, call, clock_.now()));
    return c.run(R"(INSERT INTO identity_invitations (id, code, role, display_name, person, made_by, created, valid_from, expires, removes_factors)
                    VALUES (?, ?, 'guest', '', ?, ?, ?, ?, ?, ?))",
                 code.id, digest_code("invitation", code.code), input.person, call.person(), clock_.now(), code.valid_from, code.expires,
                 input.second_factor);
  }));
  co_return code;
}

Task<Result<>> Identity::remove_person(kernel::Call call, RemovePersonInput input) {
  CO_CHECK(require_confirmed(call));
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run(R"(INSERT INTO identity_removals (principal, data)
                 SELECT kind || ':' || id, '' FROM identity_tokens WHERE person = ?)",
              input.person));
    TRY(c.run("DELETE FROM identity_people WHERE id = ?", input.person));
    TRY(require_changed(c, Code::NotFound, "No such person is on this box."));
    TRY(require_owner(c));
    return c.run("INSERT INTO identity_removals (principal, data) VALUES ('person:' || ?, ?)", input.person,
                 enum_name(input.data));
  }));
  people_.erase(input.person);
  networks_.erase(input.person);
  pending_codes_.erase(input.person);
  std::erase_if(tokens_, [&](const auto& entry) { return entry.second.person == input.person; });
  forget_sessions([&](const Session& s) { return s.person == input.person; });
  auto finished = co_await finish_departures();
  if (!finished) {
    co_return std::unexpected(Error(finished.error().code(),
                                    translated("The person is removed, but not yet all that was theirs: {} The box tries again.",
                                               finished.error().sentence())));
  }
  co_return Result<>();
}

Task<Result<>> Identity::finish_departures() {
  struct Departure {
    std::string principal;
    std::string data;
  };
  CO_TRY(const auto departures, co_await system_.read([](store::Connection& c) {
    return c.all("SELECT principal, data FROM identity_removals", [](store::Statement& s) {
      return Departure{s.text(0), s.text(1)};
    });
  }));
  for (const auto& departure : departures) {
    if (hooks_.principal_removed) CO_CHECK(co_await hooks_.principal_removed(departure.principal));
    const auto decision = enum_value<DataDecision>(departure.data);
    if (decision && hooks_.person_removed) {
      CO_CHECK(co_await hooks_.person_removed(departure.principal.substr(departure.principal.find(':') + 1), *decision));
    }
    CO_CHECK(co_await system_.write([&departure](store::Connection& c) {
      return c.run("DELETE FROM identity_removals WHERE principal = ?", departure.principal);
    }));
  }
  co_return Result<>();
}

Result<CodeOutput> Identity::new_code(std::chrono::hours wait, std::chrono::hours life) const {
  const auto from = clock_.now() + wait;
  return CodeOutput{make_id(), grouped(to_base32(random_bytes(8), Base32::Crockford).substr(0, 12), 4), from, from + life};  // 60 bits
}

Task<Result<CodeOutput>> Identity::invite(kernel::Call call, InviteInput input) {
  CO_CHECK(require_confirmed(call));
  CO_TRY(const auto display_name, clean_display_name(input.display_name));
  CO_TRY(auto code, new_code(std::chrono::hours(0), kInvitationLife));
  CO_CHECK(co_await system_.write([&](store::Connection& c) {
    return c.run(R"(INSERT INTO identity_invitations (id, code, role, display_name, person, made_by, created, expires)
                    VALUES (?, ?, ?, ?, NULL, ?, ?, ?))",
                 code.id, digest_code("invitation", code.code), enum_name(input.role), display_name, call.person(),
                 clock_.now(), code.expires);
  }));
  co_return code;
}

Task<Result<InvitationsOutput>> Identity::invitations(kernel::Call) {
  CO_TRY(auto found, co_await system_.read([now = clock_.now()](store::Connection& c) {
    return c.all(R"(SELECT i.id, coalesce(p.display_name, i.display_name), coalesce(p.role, i.role), i.person IS NOT NULL,
                           i.made_by, i.created, i.expires
                    FROM identity_invitations i LEFT JOIN identity_people p ON p.id = i.person
                    WHERE i.expires > ? ORDER BY i.created)",
                 [](store::Statement& s) {
                   return Invitation{s.text(0), s.text(1), enum_value<kernel::Role>(s.text_view(2)).value_or(kernel::Role::Guest),
                                     s.integer(3) != 0, s.text(4), s.time(5), s.time(6)};
                 },
                 now);
  }));
  co_return InvitationsOutput{std::move(found)};
}

Task<Result<>> Identity::revoke_invitation(kernel::Call call, InvitationInput input) {
  CO_CHECK(require_person(call));
  co_return co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_invitations WHERE id = ?", input.id));
    return require_changed(c, Code::NotFound, "There is no such invitation: it may have been used.");
  });
}

Task<Result<SignInOutput>> Identity::accept_invitation(kernel::Call call, AcceptInvitationInput input) {
  CO_TRY(auto attempt, attempts_.begin({{"invitation " + network_of(call.origin().address), 8, std::chrono::minutes(15)}}));
  const auto digest = digest_code("invitation", input.code);
  struct Offer {
    std::string role;
    std::string display_name;
    std::string made_by;
  };
  const auto find = [&](store::Connection& c) {
    return c.one(R"(SELECT role, display_name, made_by FROM identity_invitations
                    WHERE code = ? AND person IS NULL AND expires > ?)",
                 [](store::Statement& s) { return Offer{s.text(0), s.text(1), s.text(2)}; }, digest, clock_.now());
  };
  CO_TRY(const auto offer, co_await system_.read(find));
  if (!offer) co_return fail(Code::Forbidden, "This invitation is not known: it may have been used, or be too old.");
  attempt.succeed();
  Person joined{make_id(), "", "", enum_value<kernel::Role>(offer->role).value_or(kernel::Role::Guest), "", false, clock_.now()};
  CO_TRY(joined.name, canonical_name(input.name));
  CO_TRY(joined.display_name, clean_display_name(input.display_name.value_or(offer->display_name)));
  CO_TRY(joined.language, known_language(input.language));
  CO_CHECK(check_new_password(input.password, joined.name));
  CO_TRY(const auto password, co_await hash(input.password));
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_invitations WHERE code = ? AND expires > ?", digest, clock_.now()));
    TRY(require_changed(c, Code::Conflict, "Somebody else has just used this invitation."));
    TRY(insert_person(c, joined, password));
    const kernel::Call by_inviter(kernel::Principal::of_person(offer->made_by, {}), call.origin(), nullptr);
    return insert_event(c, joined.id, EventKind::Joined, by_inviter, joined.created);
  }));
  people_.emplace(joined.id, joined);
  CO_CHECK(co_await begin_session(call, joined.id, 1, EventKind::SignedIn, Proof::Password));
  co_return SignInOutput{true, std::nullopt, joined, make_device(joined.id), std::nullopt};
}

Task<Result<>> Identity::set_password(kernel::Call call, SetPasswordInput input) {
  CO_TRY(auto attempt, attempts_.begin({{"invitation " + network_of(call.origin().address), 8, std::chrono::minutes(15)}}));
  const auto digest = digest_code("invitation", input.code);
  struct Reset {
    std::string person;
    Time valid_from;
    bool removes_factors;
  };
  CO_TRY(const auto reset, co_await system_.read([&](store::Connection& c) {
    return c.one("SELECT person, valid_from, removes_factors FROM identity_invitations WHERE code = ? AND person IS NOT NULL AND expires > ?",
                 [](store::Statement& s) { return Reset{s.text(0), s.time(1), s.integer(2) != 0}; }, digest, clock_.now());
  }));
  const auto* who = reset ? person(reset->person) : nullptr;
  if (!who) co_return fail(Code::Forbidden, "This code is not known: it may have been used, or be too old, or the person has signed in since.");
  attempt.succeed();
  if (reset->valid_from > clock_.now()) {
    co_return fail(Code::Conflict, "This code works from {} on: whom it is for has a day to see it, and ends it by signing in.", format_time(reset->valid_from));
  }
  CO_CHECK(check_new_password(input.password, who->name));
  CO_TRY(const auto password, co_await hash(input.password));
  const auto id = reset->person;
  CO_CHECK(co_await system_.write([&](store::Connection& c) -> Result<> {
    TRY(c.run("DELETE FROM identity_invitations WHERE code = ?", digest));
    TRY(require_changed(c, Code::Conflict, "This code has just been used."));
    TRY(c.run("UPDATE identity_people SET password = ?, credentials = credentials + 1 WHERE id = ?", password, id));
    TRY(c.run("DELETE FROM identity_sessions WHERE person = ?", id));
    const kernel::Call by_themselves(kernel::Principal::of_person(id, {}), call.origin(), nullptr);
    if (reset->removes_factors) {
      TRY(c.run("UPDATE identity_people SET code_secret = NULL WHERE id = ?", id));
      TRY(c.run("DELETE FROM identity_recovery_codes WHERE person = ?", id));
      TRY(c.run("DELETE FROM identity_passkeys WHERE person = ?", id));
      TRY(insert_event(c, id, EventKind::CodesRemoved, by_themselves, clock_.now()));
    }
    return insert_event(c, id, EventKind::PasswordChanged, by_themselves, clock_.now());
  }));
  forget_sessions([&](const Session& s) { return s.person == id; });
  if (const auto found = people_.find(id); found != people_.end() && reset->removes_factors) found->second.second_factor = false;
  co_return Result<>();
}

}  // namespace hearth::identity
