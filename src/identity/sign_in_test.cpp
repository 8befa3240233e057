#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/bytes.h"
#include "identity/testing.h"

namespace hearth::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

class SignIn : public IdentityTest {
 protected:
  Browser claimed() {
    Browser browser;
    EXPECT_TRUE(set_up(browser, identity->setup_code()).has_value());
    return browser;
  }
  // Every byte that the box keeps.
  std::string stored() {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
};

TEST_F(SignIn, TheSetupCodeMakesTheOwnerOnce) {
  const auto code = identity->setup_code();
  EXPECT_EQ(code.size(), 11U);
  Browser stranger;
  EXPECT_EQ(refusal(set_up(stranger, "AAAAA-AAAAA")), Code::Forbidden);
  EXPECT_FALSE(identity->claimed());

  Browser owner;
  const auto done = set_up(owner, code);
  ASSERT_TRUE(done.has_value()) << done.error().describe();
  EXPECT_TRUE(done->signed_in);
  EXPECT_EQ(done->person->role, kernel::Role::Owner);
  EXPECT_EQ(done->person->display_name, "梅");
  EXPECT_TRUE(identity->claimed());
  EXPECT_EQ(identity->authenticate_session(owner.cookie)->principal.id, done->person->id);

  EXPECT_EQ(refusal(set_up(stranger, code)), Code::Conflict);
  reopen();
  EXPECT_TRUE(identity->claimed());
  EXPECT_EQ(refusal(set_up(stranger, code)), Code::Conflict);
}

TEST_F(SignIn, TheSetupCodeSurvivesARestartAndIsTypedEasily) {
  const auto code = identity->setup_code();
  reopen();
  EXPECT_EQ(identity->setup_code(), code);
  std::string typed;
  for (const char c : code) {
    if (c != '-') typed += static_cast<char>(std::tolower(c == '0' ? 'o' : c));
  }
  Browser owner;
  EXPECT_TRUE(set_up(owner, " " + typed).has_value());
}

TEST_F(SignIn, EachBoxHasItsOwnSetupCode) {
  const auto code = identity->setup_code();
  key = random_bytes(32);
  reopen();
  EXPECT_NE(identity->setup_code(), code);
}

TEST_F(SignIn, GuessingTheSetupCodeIsSlowedWhereItComesFrom) {
  Browser stranger{.address = "10.0.0.66"};
  int refused = 0;
  while (refusal(set_up(stranger, "AAAAA-AAAAA")) == Code::Forbidden) ++refused;
  EXPECT_EQ(refused, 6);  // five free ones, and the one that starts the wait
  EXPECT_THAT(refusal_text(set_up(stranger, identity->setup_code())), HasSubstr("try again in 1 second."));
  Browser owner;
  EXPECT_TRUE(set_up(owner, identity->setup_code()).has_value());
}

TEST_F(SignIn, TwoClaimsAtOnceMakeOneOwner) {
  const auto code = identity->setup_code();
  std::vector<std::optional<Result<SignInOutput>>> outcomes(2);
  std::vector<Browser> browsers(2);
  for (std::size_t i = 0; i < 2; ++i) {
    boost::asio::co_spawn(*context,
                          identity->setup(browsers[i].call(*identity), {code, i ? "zoe" : "adam", "x", kPassword, "en"}),
                          [&outcomes, i](std::exception_ptr, Result<SignInOutput> done) { outcomes[i] = std::move(done); });
  }
  while (!outcomes[0] || !outcomes[1]) context->run_one();
  EXPECT_EQ(outcomes[0]->has_value() + outcomes[1]->has_value(), 1);
  EXPECT_EQ(refusal((outcomes[0]->has_value() ? *outcomes[1] : *outcomes[0])), Code::Conflict);
}

TEST_F(SignIn, RefusesWeakPasswordsAndOddNames) {
  Browser owner;
  const auto attempt = [&](std::string name, std::string password) {
    return run(identity->setup(owner.call(*identity), {identity->setup_code(), name, "Mei", password, "en"}));
  };
  for (const auto* weak : {"short", "九个字符的密码呀呀", "1234567890", "Password123", "aaaaaaaaaaaa", "abababababab",
                           "12345678901234", "mei.lin2026", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    const auto done = attempt("mei.lin", weak);
    ASSERT_FALSE(done.has_value()) << weak;
    EXPECT_EQ(refusal(done), Code::InvalidInput) << weak;
  }
  for (const auto* odd : {"", "a", "-mei", "mei lin", "mei/..", "м​ei", "mei\n", "\xf0\x28"}) {
    EXPECT_EQ(refusal(attempt(odd, kPassword)), Code::InvalidInput) << odd;
  }
  EXPECT_FALSE(identity->claimed());
  EXPECT_EQ(attempt("梅小姐", "十个字符的密码就够长了").value().person->name, "梅小姐");
}

TEST_F(SignIn, NamesAreFoundHoweverTheyAreTyped) {
  claimed();
  Browser browser;
  EXPECT_TRUE(sign_in(browser, " MEI ").has_value());
  EXPECT_TRUE(sign_in(browser, "Ｍｅｉ").has_value());  // full-width, as a Chinese keyboard may give it
}

TEST_F(SignIn, AWrongPasswordAndAnUnknownNameAnswerAlike) {
  claimed();
  Browser browser;
  const auto wrong = sign_in(browser, "mei", "not the password").error();
  const auto unknown = sign_in(browser, "nobody", "not the password").error();
  EXPECT_EQ(wrong.code(), Code::Unauthenticated);
  EXPECT_EQ(wrong.describe(), unknown.describe());
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(SignIn, NoSecretIsStoredInTheClear) {
  const auto code = identity->setup_code();
  const auto owner = claimed();
  EXPECT_EQ(owner.cookie.size(), 43U);
  const auto all = stored();
  EXPECT_THAT(all, HasSubstr("$argon2id$"));
  for (const auto& secret : {owner.cookie, *from_base64url(owner.cookie), std::string(kPassword), code}) {
    EXPECT_EQ(all.find(secret), std::string::npos);
  }
}

TEST_F(SignIn, SessionsSurviveARestartAndEndWhenIdleOrOld) {
  const auto owner = claimed();
  reopen();
  EXPECT_TRUE(signed_in(owner));
  clock.advance(hours(24 * 14));
  EXPECT_TRUE(signed_in(owner));  // and is seen now
  clock.advance(hours(24 * 14) + seconds(1));
  EXPECT_FALSE(signed_in(owner));

  Browser busy;
  ASSERT_TRUE(sign_in(busy).has_value());
  for (int day = 0; day < 89; ++day) {
    clock.advance(hours(24));
    ASSERT_TRUE(signed_in(busy)) << day;
  }
  clock.advance(hours(24));
  EXPECT_FALSE(signed_in(busy));
}

TEST_F(SignIn, TheSweepStoresWhatWasSeenAndRemovesWhatEnded) {
  auto owner = claimed();
  ASSERT_TRUE(run(identity->start()).has_value());
  clock.advance(hours(24 * 10));
  ASSERT_TRUE(signed_in(owner));
  run([](Identity& i) -> Task<int> {
    co_await i.stop();
    co_return 0;
  }(*identity));
  reopen();
  clock.advance(hours(24 * 10));
  EXPECT_TRUE(signed_in(owner));  // ten days since it was seen, not twenty

  ASSERT_TRUE(run(identity->start()).has_value());
  context->poll();
  clock.advance(hours(24 * 15));
  for (int i = 0; i < 1000 && ended.empty(); ++i) context->run_one();
  EXPECT_EQ(ended.size(), 1U);
  run([](Identity& i) -> Task<int> {
    co_await i.stop();
    co_return 0;
  }(*identity));
  EXPECT_EQ(*system->read_now([](store::Connection& c) { return c.integer("SELECT count(*) FROM identity_sessions"); }), 0);
}

TEST_F(SignIn, SigningOutEndsTheSessionAtOnce) {
  auto owner = claimed();
  const auto cookie = owner.cookie;
  ASSERT_TRUE(run(identity->sign_out(owner.call(*identity))).has_value());
  EXPECT_EQ(owner.change->token, "");
  EXPECT_FALSE(identity->authenticate_session(cookie).has_value());
  EXPECT_EQ(ended.size(), 1U);
  reopen();
  EXPECT_FALSE(identity->authenticate_session(cookie).has_value());
}

TEST_F(SignIn, SigningInAgainReplacesTheBrowsersSession) {
  auto owner = claimed();
  const auto before = owner.cookie;
  ASSERT_TRUE(sign_in(owner).has_value());
  EXPECT_NE(owner.cookie, before);
  EXPECT_FALSE(identity->authenticate_session(before).has_value());
  EXPECT_EQ(run(identity->devices(owner.call(*identity)))->devices.size(), 1U);
}

TEST_F(SignIn, DevicesAreListedAndRevoked) {
  auto desk = claimed();
  clock.advance(minutes(5));
  Browser phone{.address = "2001:db8::5",
                .agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                         "Version/18.1 Mobile/15E148 Safari/604.1"};
  ASSERT_TRUE(sign_in(phone).has_value());
  const auto listed = run(identity->devices(phone.call(*identity)))->devices;
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].name, "Safari on iPhone");
  EXPECT_TRUE(listed[0].current);
  EXPECT_EQ(listed[0].address, "2001:db8::5");
  EXPECT_EQ(listed[1].name, "Firefox on Linux");
  EXPECT_FALSE(listed[1].current);

  ASSERT_TRUE(run(identity->revoke_device(phone.call(*identity), {listed[1].id})).has_value());
  EXPECT_FALSE(signed_in(desk));
  EXPECT_TRUE(signed_in(phone));
  EXPECT_THAT(ended, testing::ElementsAre(listed[1].id));
  EXPECT_EQ(refusal(run(identity->revoke_device(phone.call(*identity), {listed[1].id}))), Code::NotFound);
}

TEST_F(SignIn, TheConsoleIsTheOwnerOnceThereIsOne) {
  EXPECT_EQ(identity->authenticate_console(0).principal.kind, kernel::Principal::Kind::Anyone);
  claimed();
  EXPECT_EQ(identity->authenticate_console(0).principal.role, kernel::Role::Owner);
  EXPECT_EQ(identity->authenticate_console(::geteuid()).principal.kind, kernel::Principal::Kind::Person);
  EXPECT_EQ(identity->authenticate_console(::geteuid() + 12345).principal.kind, kernel::Principal::Kind::Anyone);
}

TEST_F(SignIn, GuessesAreSlowedWithoutLockingTheOwnerOut) {
  auto owner = claimed();
  Browser stranger{.address = "203.0.113.9"};
  int refused = 0;
  while (refusal(sign_in(stranger, "mei", "guess guess guess")) == Code::Unauthenticated) ++refused;
  EXPECT_EQ(refused, 5);
  // The right password does not help before the wait is over, so that no guess is free.
  EXPECT_EQ(refusal(sign_in(stranger)), Code::TooMany);
  for (int wait = 1; wait <= 512; wait *= 2) {
    clock.advance(seconds(wait));
    ASSERT_EQ(refusal(sign_in(stranger, "mei", "guess guess guess")), Code::Unauthenticated) << wait;
    EXPECT_EQ(refusal_text(sign_in(stranger, "mei", "guess guess guess")),
              fmt::format("Too many attempts: try again in {} seconds.", std::min(wait * 2, 900)));
  }
  EXPECT_TRUE(sign_in(owner).has_value());
  clock.advance(minutes(15));
  EXPECT_TRUE(sign_in(stranger).has_value());
}

TEST_F(SignIn, GuessesFromManyAddressesAreSlowedTogether) {
  auto owner = claimed();
  ASSERT_TRUE(sign_in(owner).has_value());
  const auto network = [](int i) { return fmt::format("203.0.{}.{}", i / 250, 1 + i % 250); };
  int tried = 0;
  for (; tried < 200; ++tried) {
    Browser stranger{.address = network(tried)};
    if (refusal(sign_in(stranger, "mei", "guess guess guess")) == Code::TooMany) break;
  }
  EXPECT_EQ(tried, 31);
  // A success of a stranger takes back no more than its own attempt.
  clock.advance(minutes(15));
  Browser elsewhere{.address = "198.51.100.7"};
  ASSERT_TRUE(sign_in(elsewhere).has_value());
  clock.advance(seconds(1));
  Browser stranger{.address = network(tried)};
  EXPECT_EQ(refusal(sign_in(stranger, "mei", "guess guess guess")), Code::Unauthenticated);
  stranger.address = network(tried + 1);
  EXPECT_EQ(refusal(sign_in(stranger, "mei", "guess guess guess")), Code::TooMany);
  // Neither the owner's device nor the owner's network waits, nor does another account.
  EXPECT_TRUE(sign_in(owner).has_value());
  owner.device.reset();
  EXPECT_TRUE(sign_in(owner).has_value());
  EXPECT_EQ(refusal(sign_in(stranger, "ben", "guess guess guess")), Code::Unauthenticated);
}

TEST_F(SignIn, AKnownDeviceGetsInFromAnAddressThatIsBlocked) {
  auto owner = claimed();
  ASSERT_TRUE(sign_in(owner).has_value());
  Browser stranger{.address = "198.51.100.1"};
  while (refusal(sign_in(stranger, "mei", "guess guess guess")) != Code::TooMany) {
  }
  owner.address = stranger.address;  // the same café
  EXPECT_TRUE(sign_in(owner).has_value());
  owner.device = "AAAA";
  while (refusal(sign_in(stranger, "mei", "guess guess guess")) != Code::TooMany) {
  }
  EXPECT_EQ(refusal(sign_in(owner)), Code::TooMany);
}

TEST_F(SignIn, AnAddressThatTriesManyNamesIsSlowed) {
  claimed();
  Browser stranger{.address = "2001:db8:1:2::1"};
  int tried = 0;
  for (; tried < 100; ++tried) {
    stranger.address = fmt::format("2001:db8:1:2::{}", tried);  // one household's network
    if (refusal(sign_in(stranger, fmt::format("name{}", tried), "guess guess guess")) == Code::TooMany) break;
  }
  EXPECT_EQ(tried, 16);
  stranger.address = "2001:db8:1:3::1";
  EXPECT_EQ(refusal(sign_in(stranger, "name", "guess guess guess")), Code::Unauthenticated);
}

TEST_F(SignIn, GuessesSideBySideGainNothing) {
  claimed();
  Browser stranger{.address = "203.0.113.9"};
  int checked = 0;
  int done = 0;
  for (int i = 0; i < 30; ++i) {
    boost::asio::co_spawn(*context, identity->sign_in(stranger.call(*identity), {"mei", "guess guess guess", {}, {}}),
                          [&](std::exception_ptr, Result<SignInOutput> outcome) {
                            ++done;
                            if (refusal(outcome) == Code::Unauthenticated) ++checked;
                          });
  }
  while (done < 30) context->run_one();
  EXPECT_LE(checked, 5);
}

TEST_F(SignIn, RaisesTheCostOfAnOldHash) {
  auto owner = claimed();
  const auto hash_now = [&] {
    return *system->read_now([](store::Connection& c) -> Result<std::string> {
      return *TRY(c.one("SELECT password FROM identity_people", [](store::Statement& s) { return s.text(0); }));
    });
  };
  const auto cheap = *hash_password(kPassword, {1, 8 << 10});
  ASSERT_TRUE(system->write_now([&](store::Connection& c) { return c.run("UPDATE identity_people SET password = ?", cheap); }));
  ASSERT_TRUE(sign_in(owner).has_value());
  EXPECT_NE(hash_now(), cheap);
  EXPECT_FALSE(needs_rehash(hash_now(), {1, 64 << 10}));
  EXPECT_TRUE(sign_in(owner).has_value());
}

TEST_F(SignIn, ConfirmingOpensSensitiveChangesForAWhile) {
  auto owner = claimed();
  const auto until = [&] { return *run(identity->state(owner.call(*identity)))->confirmed_until; };
  EXPECT_EQ(until(), clock.now() + minutes(10));
  clock.advance(minutes(30));
  EXPECT_LT(until(), clock.now());
  EXPECT_EQ(refusal(run(identity->confirm(owner.call(*identity), {"wrong wrong wrong"}))), Code::Forbidden);
  EXPECT_LT(until(), clock.now());
  ASSERT_TRUE(run(identity->confirm(owner.call(*identity), {kPassword})).has_value());
  EXPECT_EQ(until(), clock.now() + minutes(10));
  while (refusal(run(identity->confirm(owner.call(*identity), {"wrong wrong wrong"}))) == Code::Forbidden) {
  }
  EXPECT_EQ(refusal(run(identity->confirm(owner.call(*identity), {kPassword}))), Code::TooMany);
}

TEST_F(SignIn, TheStateTellsAStrangerNothingButTheLanguage) {
  Browser stranger;
  auto state = *run(identity->state(stranger.call(*identity)));
  EXPECT_FALSE(state.claimed);
  claimed();
  state = *run(identity->state(stranger.call(*identity)));
  EXPECT_TRUE(state.claimed);
  EXPECT_EQ(state.language, "zh-CN");
  EXPECT_FALSE(state.person.has_value());
}

}  // namespace
}  // namespace hearth::identity
