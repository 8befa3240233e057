#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/testing.h"

namespace hearth::identity {
namespace {

using kernel::Role;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class People : public IdentityTest {
 protected:
  People() { EXPECT_TRUE(set_up(owner, identity->setup_code()).has_value()); }

  std::string add(std::string name, Role role = Role::Member) {
    const auto made = run(identity->create_person(owner.call(*identity), {name, name, role, "first password of " + name, "en"}));
    EXPECT_TRUE(made.has_value());
    return made ? made->id : "";
  }
  Browser come_in(std::string name) {
    Browser browser{.address = "192.168.1.30"};
    EXPECT_TRUE(sign_in(browser, name, "first password of " + name).has_value());
    return browser;
  }
  std::string me(const Browser& browser) { return identity->authenticate_session(browser.cookie)->principal.id; }
  EventKind latest(Browser& browser) { return run(identity->events(browser.call(*identity)))->events.front().kind; }

  Browser owner;
};

TEST_F(People, AreAddedWithAFirstPassword) {
  add("ben");
  auto ben = come_in("ben");
  EXPECT_EQ(identity->authenticate_session(ben.cookie)->principal.role, Role::Member);
  EXPECT_EQ(refusal(run(identity->create_person(owner.call(*identity), {"BEN", "Other", Role::Guest, "some password", "en"}))),
            Code::AlreadyExists);
  reopen();
  EXPECT_TRUE(signed_in(ben));
  EXPECT_EQ(run(identity->people(ben.call(*identity)))->people.size(), 2U);
}

TEST_F(People, ComeInOnceWithAnInvitation) {
  const auto invited = run(identity->invite(owner.call(*identity), {Role::Guest, "Aunt Lin"}));
  ASSERT_TRUE(invited.has_value());
  EXPECT_EQ(run(identity->invitations(owner.call(*identity)))->invitations.front().display_name, "Aunt Lin");
  Browser aunt;
  const auto accept = [&](std::string code, std::string name) {
    auto done = run(identity->accept_invitation(aunt.call(*identity), {code, name, std::nullopt, "her own password", "zh-CN"}));
    aunt.keep();
    return done;
  };
  EXPECT_EQ(refusal(accept("AAAA-AAAA-AAAA", "lin")), Code::Forbidden);
  EXPECT_EQ(refusal(accept(invited->code, "mei")), Code::AlreadyExists);  // and the invitation is not used up
  const auto joined = accept(invited->code, "lin");
  ASSERT_TRUE(joined.has_value()) << joined.error().describe();
  EXPECT_EQ(joined->person->display_name, "Aunt Lin");
  EXPECT_EQ(joined->person->role, Role::Guest);
  EXPECT_TRUE(signed_in(aunt));
  EXPECT_EQ(refusal(accept(invited->code, "lin2")), Code::Forbidden);
}

TEST_F(People, AnInvitationEndsAndIsTakenBack) {
  const auto late = run(identity->invite(owner.call(*identity), {Role::Member, "Late"}));
  const auto withdrawn = run(identity->invite(owner.call(*identity), {Role::Member, "Nobody"}));
  ASSERT_TRUE(run(identity->revoke_invitation(owner.call(*identity), {withdrawn->id})).has_value());
  Browser guest;
  const auto accept = [&](std::string code) {
    return run(identity->accept_invitation(guest.call(*identity), {code, "late", {}, "her own password", "en"}));
  };
  EXPECT_EQ(refusal(accept(withdrawn->code)), Code::Forbidden);
  clock.advance(hours(24 * 7));
  EXPECT_EQ(refusal(accept(late->code)), Code::Forbidden);
}

TEST_F(People, GuessingInvitationsIsSlowed) {
  Browser stranger;
  std::optional<Code> last = Code::Forbidden;
  int tried = 0;
  for (; tried < 50 && last == Code::Forbidden; ++tried) {
    last = refusal(run(identity->accept_invitation(stranger.call(*identity), {"AAAA-AAAA-AAAA", "x2", {}, "some password", "en"})));
  }
  EXPECT_EQ(last, Code::TooMany);
  EXPECT_EQ(tried, 10);
}

TEST_F(People, RolesChangeAtOnceAndAnOwnerAlwaysRemains) {
  const auto ben = add("ben");
  auto browser = come_in("ben");
  EXPECT_EQ(refusal(run(identity->change_role(owner.call(*identity), {me(owner), Role::Member}))), Code::Conflict);
  EXPECT_EQ(identity->authenticate_session(owner.cookie)->principal.role, Role::Owner);
  ASSERT_TRUE(run(identity->change_role(owner.call(*identity), {ben, Role::Owner})).has_value());
  EXPECT_EQ(identity->authenticate_session(browser.cookie)->principal.role, Role::Owner);
  EXPECT_EQ(latest(browser), EventKind::RoleChanged);
  ASSERT_TRUE(run(identity->change_role(browser.call(*identity), {me(owner), Role::Guest})).has_value());
  EXPECT_EQ(identity->authenticate_session(owner.cookie)->principal.role, Role::Guest);
  EXPECT_EQ(refusal(run(identity->remove_person(browser.call(*identity), {ben, DataDecision::Keep}))), Code::Conflict);
  EXPECT_TRUE(signed_in(browser));
  EXPECT_EQ(refusal(run(identity->change_role(browser.call(*identity), {"nobody", Role::Guest}))), Code::NotFound);
}

TEST_F(People, ChangingThePasswordEndsTheOtherSessions) {
  Browser phone;
  ASSERT_TRUE(sign_in(phone).has_value());
  clock.advance(minutes(11));
  const auto change = [&](std::optional<std::string> current, std::string fresh) {
    return run(identity->change_password(owner.call(*identity), {current, fresh}));
  };
  EXPECT_EQ(refusal(change(std::nullopt, "another evening")), Code::Forbidden);
  EXPECT_EQ(refusal(change("not the password", "another evening")), Code::Forbidden);
  EXPECT_EQ(refusal(change(kPassword, "short")), Code::InvalidInput);
  EXPECT_TRUE(signed_in(phone));
  ASSERT_TRUE(change(kPassword, "another evening").has_value());
  EXPECT_TRUE(signed_in(owner));
  EXPECT_FALSE(signed_in(phone));
  EXPECT_EQ(refusal(sign_in(phone)), Code::Unauthenticated);
  EXPECT_TRUE(sign_in(phone, "mei", "another evening").has_value());
  reopen();
  EXPECT_TRUE(signed_in(owner));
}

TEST_F(People, AResetWaitsADayAndIsSeenByThePerson) {
  const auto ben = add("ben");
  auto browser = come_in("ben");
  const auto reset = run(identity->reset_password(owner.call(*identity), {ben, false}));
  ASSERT_TRUE(reset.has_value());
  const auto choose = [&](std::string code, std::string password) {
    return run(identity->set_password(browser.call(*identity), {std::move(code), std::move(password)}));
  };
  // Until the code is used nothing changes, and the person sees what goes on.
  EXPECT_TRUE(signed_in(browser));
  EXPECT_EQ(refusal(choose(reset->code, "the owner's own choice")), Code::Conflict);
  const auto events = run(identity->events(browser.call(*identity)))->events;
  const auto seen = std::ranges::find(events, EventKind::PasswordReset, &AccountEvent::kind);
  ASSERT_NE(seen, events.end());
  EXPECT_EQ(seen->by_person, me(owner));
  // Who can sign in needs none.
  ASSERT_TRUE(sign_in(browser, "ben", "first password of ben").has_value());
  clock.advance(hours(25));
  EXPECT_EQ(refusal(choose(reset->code, "the owner's own choice")), Code::Forbidden);

  ASSERT_TRUE(sign_in(owner).has_value());  // confirmed anew
  const auto again = run(identity->reset_password(owner.call(*identity), {ben, true}));
  ASSERT_TRUE(again.has_value());
  clock.advance(hours(24));
  EXPECT_EQ(refusal(choose(again->code, "short")), Code::InvalidInput);
  ASSERT_TRUE(choose(again->code, "ben's own password").has_value());
  EXPECT_FALSE(signed_in(browser));
  EXPECT_EQ(refusal(choose(again->code, "somebody else's")), Code::Forbidden);
  EXPECT_EQ(refusal(sign_in(browser, "ben", "first password of ben")), Code::Unauthenticated);
  ASSERT_TRUE(sign_in(browser, "ben", "ben's own password").has_value());
  // A reset code is no invitation.
  ASSERT_TRUE(sign_in(owner).has_value());
  EXPECT_EQ(refusal(run(identity->reset_password(owner.call(*identity), {me(owner), false}))), Code::InvalidInput);
  const auto another = run(identity->reset_password(owner.call(*identity), {ben, true}));
  EXPECT_EQ(refusal(run(identity->accept_invitation(browser.call(*identity), {another->code, "x3", "X", "some password", "en"}))),
            Code::Forbidden);
  // Who stands at the console has the machine: there it works at once.
  const auto console = identity->authenticate_console(0);
  const auto there = run(identity->reset_password(kernel::Call(console.principal, {"unix", "hearth/1", "", "", true}, nullptr), {ben, false}));
  EXPECT_TRUE(choose(there->code, "given at the console").has_value());
}

TEST_F(People, ARemovedPersonLeavesNothingThatSignsIn) {
  const auto ben = add("ben");
  auto browser = come_in("ben");
  const auto token = run(identity->create_token(browser.call(*identity), {TokenKind::Device, "Pendant", {}}));
  ASSERT_TRUE(run(identity->remove_person(owner.call(*identity), {ben, DataDecision::Remove})).has_value());
  EXPECT_FALSE(signed_in(browser));
  EXPECT_FALSE(identity->authenticate_token(token->token).has_value());
  EXPECT_EQ(refusal(sign_in(browser, "ben", "first password of ben")), Code::Unauthenticated);
  EXPECT_THAT(removed, testing::ElementsAre(testing::Pair(ben, DataDecision::Remove)));
  EXPECT_THAT(departed, testing::UnorderedElementsAre("person:" + ben, token->principal));
  reopen();
  EXPECT_EQ(run(identity->people(owner.call(*identity)))->people.size(), 1U);
}

TEST_F(People, ARemovalThatIsCutShortIsFinishedLater) {
  const auto ben = add("ben");
  fail_removal = true;
  EXPECT_EQ(refusal(run(identity->remove_person(owner.call(*identity), {ben, DataDecision::Keep}))), Code::Unavailable);
  EXPECT_EQ(run(identity->people(owner.call(*identity)))->people.size(), 1U);
  removed.clear();
  fail_removal = false;
  reopen();
  ASSERT_TRUE(run(identity->start()).has_value());
  EXPECT_THAT(removed, testing::ElementsAre(testing::Pair(ben, DataDecision::Keep)));
  removed.clear();
  reopen();
  ASSERT_TRUE(run(identity->start()).has_value());
  EXPECT_TRUE(removed.empty());
}

TEST_F(People, SensitiveChangesNeedAFreshConfirmationAndAPerson) {
  const auto ben = add("ben");
  const auto token = run(identity->create_token(owner.call(*identity), {TokenKind::App, "Notes", {}}));
  clock.advance(minutes(10) + seconds(1));
  const auto all = [&](const std::function<kernel::Call()>& call) {
    std::vector<Code> codes;
    const auto add_code = [&](const auto& result) { codes.push_back(refusal(result).value_or(Code::Internal)); };
    add_code(run(identity->create_person(call(), {"new", "New", Role::Owner, "a long password", "en"})));
    add_code(run(identity->invite(call(), {Role::Owner, "New"})));
    add_code(run(identity->change_role(call(), {ben, Role::Owner})));
    add_code(run(identity->reset_password(call(), {ben, false})));
    add_code(run(identity->remove_person(call(), {ben, DataDecision::Keep})));
    add_code(run(identity->create_token(call(), {TokenKind::App, "Notes", {}})));
    add_code(run(identity->change_password(call(), {std::nullopt, "another evening"})));
    return codes;
  };
  EXPECT_THAT(all([&] { return owner.call(*identity); }), testing::Each(Code::Forbidden));
  // Not even a grant lets a token do these, nor does a token count as the box's console.
  const auto app = *identity->authenticate_token(token->token);
  EXPECT_THAT(all([&] { return kernel::Call(app.principal, {"unix", "", "", "", false}, nullptr); }),
              testing::Each(Code::Forbidden));
  // The console needs no confirmation.
  const auto console = identity->authenticate_console(0);
  EXPECT_TRUE(run(identity->invite(kernel::Call(console.principal, {"unix", "hearth/1", "", "", true}, nullptr),
                                   {Role::Member, "New"})).has_value());
}

TEST_F(People, TokensActForThePersonUntilTheyEnd) {
  const auto made = run(identity->create_token(owner.call(*identity), {TokenKind::App, "Notes", clock.now() + hours(1)}));
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->token.starts_with("hearth_"));
  const auto who = identity->authenticate_token(made->token);
  ASSERT_TRUE(who.has_value());
  EXPECT_EQ(who->principal.name(), made->principal);
  EXPECT_EQ(who->principal.kind, kernel::Principal::Kind::App);
  EXPECT_EQ(who->principal.person, me(owner));
  EXPECT_FALSE(who->two_factor);
  EXPECT_FALSE(identity->authenticate_session(made->token).has_value());
  EXPECT_FALSE(identity->authenticate_token(owner.cookie).has_value());
  EXPECT_FALSE(identity->authenticate_token("").has_value());
  reopen();
  EXPECT_TRUE(identity->authenticate_token(made->token).has_value());
  EXPECT_EQ(run(identity->tokens(owner.call(*identity)))->tokens.front().name, "Notes");
  clock.advance(hours(1));
  EXPECT_FALSE(identity->authenticate_token(made->token).has_value());
}

TEST_F(People, ATokenIsRevokedByItsPersonOnly) {
  add("ben");
  auto ben = come_in("ben");
  const auto made = run(identity->create_token(owner.call(*identity), {TokenKind::Run, "Helper", {}}));
  EXPECT_EQ(refusal(run(identity->revoke_token(ben.call(*identity), {made->id}))), Code::NotFound);
  EXPECT_TRUE(run(identity->tokens(ben.call(*identity)))->tokens.empty());
  ASSERT_TRUE(run(identity->revoke_token(owner.call(*identity), {made->id})).has_value());
  EXPECT_FALSE(identity->authenticate_token(made->token).has_value());
  EXPECT_THAT(departed, testing::ElementsAre(made->principal));
  reopen();
  EXPECT_FALSE(identity->authenticate_token(made->token).has_value());
}

TEST_F(People, SeeOnlyTheirOwnDevicesAndEvents) {
  add("ben");
  auto ben = come_in("ben");
  const auto device = run(identity->devices(owner.call(*identity)))->devices.front().id;
  EXPECT_EQ(run(identity->devices(ben.call(*identity)))->devices.size(), 1U);
  EXPECT_EQ(refusal(run(identity->revoke_device(ben.call(*identity), {device}))), Code::NotFound);
  EXPECT_TRUE(signed_in(owner));
  for (const auto& person : run(identity->people(ben.call(*identity)))->people) {
    EXPECT_EQ(person.second_factor.has_value(), person.name == "ben");
  }
}

TEST_F(People, ChangeTheirProfile) {
  const auto changed = run(identity->update_profile(owner.call(*identity), {"  Mei 🌙 ", "en"}));
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->display_name, "Mei 🌙");
  EXPECT_EQ(refusal(run(identity->update_profile(owner.call(*identity), {"a\u202eb", {}}))), Code::InvalidInput);
  EXPECT_EQ(refusal(run(identity->update_profile(owner.call(*identity), {{}, "fr"}))), Code::InvalidInput);
  reopen();
  EXPECT_EQ(run(identity->state(owner.call(*identity)))->person->display_name, "Mei 🌙");
}

}  // namespace
}  // namespace hearth::identity
