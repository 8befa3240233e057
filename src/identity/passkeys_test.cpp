#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/cbor.h"
#include "identity/soft_authenticator.h"
#include "identity/testing.h"
#include "identity/web_authn.h"

namespace hearth::identity {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

class Passkeys : public IdentityTest {
 protected:
  Passkeys() { EXPECT_TRUE(set_up(owner, identity->setup_code()).has_value()); }

  Result<Passkey> add(const SoftAuthenticator& authenticator) {
    const auto started = run(identity->start_passkey(owner.call(*identity)));
    EXPECT_TRUE(started.has_value());
    return finish(authenticator.make(started->challenge));
  }
  Result<Passkey> finish(const SoftAuthenticator::Registration& made) {
    return run(identity->finish_passkey(owner.call(*identity),
                                        {to_base64url(made.client_data), to_base64url(made.attestation), "Laptop"}));
  }
  std::string challenge(Browser& browser) {
    return run(identity->start_passkey_sign_in(browser.call(*identity)))->challenge;
  }
  Result<SignInOutput> sign_in_with(Browser& browser, const SoftAuthenticator& authenticator,
                                    const SoftAuthenticator::Assertion& made, std::optional<std::string> user = std::nullopt) {
    auto done = run(identity->finish_passkey_sign_in(
        browser.call(*identity), {to_base64url(authenticator.credential), to_base64url(made.client_data),
                                  to_base64url(made.authenticator_data), to_base64url(made.signature), user}));
    browser.keep();
    return done;
  }

  Browser owner;
};

TEST_F(Passkeys, SignInAloneAndCountAsTwoFactors) {
  for (const auto algorithm : kPasskeyAlgorithms) {
    const SoftAuthenticator authenticator(algorithm);
    const auto added = add(authenticator);
    ASSERT_TRUE(added.has_value()) << algorithm << added.error().describe();
    Browser phone;
    const auto done = sign_in_with(phone, authenticator, authenticator.sign(challenge(phone)),
                                   to_base64url(identity->authenticate_session(owner.cookie)->principal.id));
    ASSERT_TRUE(done.has_value()) << algorithm << done.error().describe();
    EXPECT_EQ(done->person->name, "mei");
    EXPECT_TRUE(identity->authenticate_session(phone.cookie)->two_factor);
  }
  EXPECT_FALSE(identity->authenticate_session(owner.cookie)->two_factor);
  const auto listed = run(identity->passkeys(owner.call(*identity)))->passkeys;
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(listed[0].host, "hearth.localhost");
  EXPECT_EQ(listed[0].used, clock.now());
}

TEST_F(Passkeys, WorkAfterARestart) {
  const SoftAuthenticator authenticator;
  ASSERT_TRUE(add(authenticator).has_value());
  reopen();
  Browser phone;
  EXPECT_TRUE(sign_in_with(phone, authenticator, authenticator.sign(challenge(phone))).has_value());
}

TEST_F(Passkeys, AreOnlyTakenFromTheRightPlace) {
  const auto refused = [&](auto change, Code code = Code::Forbidden) {
    SoftAuthenticator authenticator;
    change(authenticator);
    const auto done = add(authenticator);
    EXPECT_FALSE(done.has_value());
    return !done && refusal(done) == code;
  };
  EXPECT_TRUE(refused([](auto& a) { a.origin = "https://evil.example"; }));
  EXPECT_TRUE(refused([](auto& a) { a.origin = "http://hearth.localhost:8443"; }));
  EXPECT_TRUE(refused([](auto& a) { a.origin = "https://notes.hearth.localhost:8443"; }));
  EXPECT_TRUE(refused([](auto& a) { a.host = "evil.example"; }));
  EXPECT_TRUE(refused([](auto& a) { a.cross_origin = true; }));
  EXPECT_TRUE(refused([](auto& a) { a.flags = 0x01; }));                               // not verified
  EXPECT_TRUE(refused([](auto& a) { a.flags = 0x04; }));                               // not present
  EXPECT_TRUE(refused([](auto& a) { a.flags |= 0x10; }, Code::InvalidInput));          // backed up, but not to be
  EXPECT_TRUE(refused([](auto& a) { a.credential.clear(); }, Code::InvalidInput));
  EXPECT_TRUE(refused([](auto& a) { a.credential = std::string(1024, 'x'); }, Code::InvalidInput));
  EXPECT_TRUE(run(identity->passkeys(owner.call(*identity)))->passkeys.empty());
}

TEST_F(Passkeys, AChallengeIsForOneUseOfOneSessionForFiveMinutes) {
  const SoftAuthenticator one;
  const SoftAuthenticator two;
  const auto given = run(identity->start_passkey(owner.call(*identity)))->challenge;
  ASSERT_TRUE(finish(one.make(given)).has_value());
  EXPECT_EQ(refusal(finish(two.make(given))), Code::Forbidden);
  EXPECT_EQ(refusal(finish(two.make(to_base64url(random_bytes(40))))), Code::Forbidden);
  EXPECT_EQ(refusal(finish(two.make(challenge(owner)))), Code::Forbidden);  // one for signing in

  Browser other;
  ASSERT_TRUE(sign_in(other).has_value());
  EXPECT_EQ(refusal(finish(two.make(run(identity->start_passkey(other.call(*identity)))->challenge))), Code::Forbidden);

  const auto late = run(identity->start_passkey(owner.call(*identity)))->challenge;
  clock.advance(minutes(5));
  EXPECT_EQ(refusal(finish(two.make(late))), Code::Forbidden);
  EXPECT_TRUE(add(two).has_value());
}

TEST_F(Passkeys, NeedAConfirmedSessionToBeAdded) {
  clock.advance(minutes(11));
  EXPECT_EQ(refusal(run(identity->start_passkey(owner.call(*identity)))), Code::Forbidden);
  Browser nobody;
  EXPECT_EQ(refusal(run(identity->start_passkey(nobody.call(*identity)))), Code::Forbidden);
}

TEST_F(Passkeys, TheSamePasskeyIsNotAddedTwice) {
  const SoftAuthenticator authenticator;
  ASSERT_TRUE(add(authenticator).has_value());
  EXPECT_THAT(run(identity->start_passkey(owner.call(*identity)))->exclude,
              testing::ElementsAre(to_base64url(authenticator.credential)));
  EXPECT_EQ(refusal(add(authenticator)), Code::AlreadyExists);
}

TEST_F(Passkeys, ASignInIsOnlyTakenOnceAndFromTheRightPlace) {
  SoftAuthenticator authenticator;
  ASSERT_TRUE(add(authenticator).has_value());
  Browser phone;
  const auto good = authenticator.sign(challenge(phone));
  ASSERT_TRUE(sign_in_with(phone, authenticator, good).has_value());
  Browser thief;
  EXPECT_EQ(refusal(sign_in_with(thief, authenticator, good)), Code::Forbidden);  // replayed

  const auto refused = [&](auto change) {
    auto lying = authenticator;
    change(lying);
    const auto done = sign_in_with(thief, authenticator, lying.sign(challenge(thief)));
    return !done.has_value() && refusal(done) == Code::Forbidden && thief.cookie.empty();
  };
  EXPECT_TRUE(refused([](auto& a) { a.origin = "https://evil.example"; }));
  EXPECT_TRUE(refused([](auto& a) { a.host = "evil.example"; }));
  EXPECT_TRUE(refused([](auto& a) { a.flags = 0x01; }));
  EXPECT_TRUE(refused([](auto& a) { a.cross_origin = true; }));
  EXPECT_TRUE(refused([](auto& a) { a.key = SoftAuthenticator().key; }));

  auto altered = authenticator.sign(challenge(thief));
  altered.authenticator_data[32] |= 0x08;
  EXPECT_EQ(refusal(sign_in_with(thief, authenticator, altered)), Code::Forbidden);
  const auto created = SoftAuthenticator::Assertion{authenticator.client_data("webauthn.create", challenge(thief)),
                                                    altered.authenticator_data, altered.signature};
  EXPECT_EQ(refusal(sign_in_with(thief, authenticator, created)), Code::Forbidden);
  EXPECT_EQ(refusal(sign_in_with(thief, authenticator, authenticator.sign(challenge(thief)), to_base64url("somebody"))),
            Code::Forbidden);
  EXPECT_EQ(refusal(sign_in_with(thief, SoftAuthenticator(), authenticator.sign(challenge(thief)))),
            Code::Unauthenticated);
  thief.url = "https://box.lan:8443";
  authenticator.origin = thief.url;
  authenticator.host = "box.lan";
  EXPECT_EQ(refusal(sign_in_with(thief, authenticator, authenticator.sign(challenge(thief)))), Code::Forbidden);
}

TEST_F(Passkeys, ACounterThatDoesNotRiseIsRefusedAndTold) {
  SoftAuthenticator authenticator;
  authenticator.counter = 7;
  ASSERT_TRUE(add(authenticator).has_value());
  Browser phone;
  authenticator.counter = 8;
  ASSERT_TRUE(sign_in_with(phone, authenticator, authenticator.sign(challenge(phone))).has_value());
  Browser copy;
  EXPECT_THAT(refusal_text(sign_in_with(copy, authenticator, authenticator.sign(challenge(copy)))), HasSubstr("copied"));
  EXPECT_EQ(run(identity->events(owner.call(*identity)))->events.front().kind, EventKind::PasskeyRefused);
  EXPECT_FALSE(signed_in(copy));
}

TEST_F(Passkeys, ARemovedOneIsNotKnownAnyMore) {
  const SoftAuthenticator authenticator;
  ASSERT_TRUE(add(authenticator).has_value());
  ASSERT_TRUE(run(identity->remove_passkey(owner.call(*identity), {to_base64url(authenticator.credential)})).has_value());
  Browser phone;
  EXPECT_EQ(refusal(sign_in_with(phone, authenticator, authenticator.sign(challenge(phone)))), Code::Unauthenticated);
}

TEST_F(Passkeys, NeedANameNotAnAddress) {
  for (const auto* url : {"https://192.168.1.5:8443", "https://[fe80::1]:8443", "https://[::1]", ""}) {
    owner.url = url;
    EXPECT_EQ(refusal(run(identity->start_passkey(owner.call(*identity)))), Code::Unsupported) << url;
  }
  owner.url = "https://localhost";
  EXPECT_EQ(run(identity->start_passkey(owner.call(*identity)))->host, "localhost");
}

// Every prefix and every changed byte of what an authenticator sends is refused or changes nothing that matters; none crashes.
TEST_F(Passkeys, DamagedMessagesAreRefused) {
  const SoftAuthenticator authenticator;
  const Ceremony ceremony{authenticator.origin, authenticator.host, [](std::string_view) { return true; }};
  const auto good = authenticator.make("AAAA");
  ASSERT_TRUE(check_registration(ceremony, good.client_data, good.attestation).has_value());
  for (std::size_t i = 0; i < good.attestation.size(); ++i) {
    EXPECT_FALSE(check_registration(ceremony, good.client_data, good.attestation.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(check_registration(ceremony, good.client_data, good.attestation + "x").has_value());
  const auto signed_in = authenticator.sign("AAAA");
  const auto key = authenticator.public_key();
  ASSERT_TRUE(check_assertion(ceremony, key, signed_in.client_data, signed_in.authenticator_data, signed_in.signature));
  for (std::size_t i = 0; i < signed_in.authenticator_data.size(); ++i) {
    auto damaged = signed_in.authenticator_data;
    damaged[i] ^= 1;
    EXPECT_FALSE(check_assertion(ceremony, key, signed_in.client_data, damaged, signed_in.signature).has_value()) << i;
  }
  for (std::size_t i = 0; i < key.size(); ++i) {
    auto damaged = key;
    damaged[i] ^= 1;
    EXPECT_FALSE(
        check_assertion(ceremony, damaged, signed_in.client_data, signed_in.authenticator_data, signed_in.signature).has_value())
        << i;
  }
}

TEST(CborItem, ReadsWhatAuthenticatorsSendAndNothingElse) {
  const auto read = [](std::string_view hex) {
    const auto bytes = *from_hex(hex);
    std::string_view input = bytes;
    return Cbor::take(input);
  };
  EXPECT_EQ(*read("1818")->as_integer(), 24);            // RFC 8949, appendix A
  EXPECT_EQ(*read("3903e7")->as_integer(), -1000);
  EXPECT_EQ(*read("1b000000e8d4a51000")->as_integer(), 1'000'000'000'000);
  EXPECT_EQ(*read("6449455446")->as_text(), "IETF");
  EXPECT_EQ(*read("4401020304")->as_bytes(), "\x01\x02\x03\x04");
  EXPECT_EQ(*read("a201020304")->find(3)->as_integer(), 4);
  EXPECT_EQ(*read("a26161016162820203")->find("a")->as_integer(), 1);
  for (const auto* bad : {"", "18", "5f42010243030405ff", "9f01ff", "a201020103", "c001", "fb3ff199999999999a",
                          "62c328", "1bffffffffffffffff", "5b7fffffffffffffff00", "9b00000000ffffffff", "818181818181818181818100",
                          "a1410100", "f7", "1c"}) {
    EXPECT_FALSE(read(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace hearth::identity
