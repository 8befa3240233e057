#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/bytes.h"
#include "identity/code_text.h"
#include "identity/one_time_code.h"
#include "identity/testing.h"

namespace hearth::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// RFC 4226 appendix D and RFC 6238 appendix B (whose eight digits end in the six).
TEST(OneTimeCode, AgreesWithTheStandardsVectors) {
  const std::string secret = "12345678901234567890";
  const std::vector<std::string> counted = {"755224", "287082", "359152", "969429", "338314",
                                            "254676", "287922", "162583", "399871", "520489"};
  for (std::size_t i = 0; i < counted.size(); ++i) EXPECT_EQ(one_time_code(secret, static_cast<std::int64_t>(i)), counted[i]);
  const std::vector<std::pair<std::int64_t, std::string>> timed = {{59, "287082"},         {1111111109, "081804"},
                                                                   {1111111111, "050471"}, {1234567890, "005924"},
                                                                   {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [time, code] : timed) {
    EXPECT_EQ(one_time_code(secret, time / 30), code) << time;
    EXPECT_EQ(matching_step(secret, code, Time(seconds(time)), 0), time / 30) << time;
  }
}

TEST(OneTimeCode, OneStepBesideIsTakenAndNoFurther) {
  const std::string secret = "12345678901234567890";
  const Time now(seconds(1'700'000'010));
  const auto step = 1'700'000'010 / 30;
  for (int off = -3; off <= 3; ++off) {
    EXPECT_EQ(matching_step(secret, one_time_code(secret, step + off), now, 0).has_value(), std::abs(off) <= 1) << off;
  }
  EXPECT_FALSE(matching_step(secret, one_time_code(secret, step), now, step).has_value());
  EXPECT_TRUE(matching_step(secret, one_time_code(secret, step + 1), now, step).has_value());
  EXPECT_TRUE(matching_step(secret, one_time_code(secret, step).insert(3, " "), now, 0).has_value());
  EXPECT_FALSE(matching_step(secret, "", now, 0).has_value());
}

TEST(OneTimeCode, TheSecretIsReadableByApps) {
  EXPECT_EQ(to_base32("", Base32::Rfc4648), "");  // RFC 4648 §10
  EXPECT_EQ(to_base32("f", Base32::Rfc4648), "MY");
  EXPECT_EQ(to_base32("fo", Base32::Rfc4648), "MZXQ");
  EXPECT_EQ(to_base32("foo", Base32::Rfc4648), "MZXW6");
  EXPECT_EQ(to_base32("foob", Base32::Rfc4648), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba", Base32::Rfc4648), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar", Base32::Rfc4648), "MZXW6YTBOI");
  EXPECT_EQ(to_base32("foobar", Base32::Crockford), "CSQPYRK1E8");
  EXPECT_EQ(otpauth_uri("Hearth", "梅", "foobar"),
            "otpauth://totp/Hearth:%E6%A2%85?secret=MZXW6YTBOI&issuer=Hearth&algorithm=SHA1&digits=6&period=30");
}

class Factors : public IdentityTest {
 protected:
  Factors() { EXPECT_TRUE(set_up(owner, identity->setup_code()).has_value()); }

  // The code that the phone shows.
  std::string now(int off = 0) const { return one_time_code(secret, clock.now().time_since_epoch() / seconds(30) + off); }

  std::vector<std::string> turn_on() {
    const auto started = run(identity->start_codes(owner.call(*identity)));
    EXPECT_TRUE(started.has_value());
    secret.clear();
    unsigned held = 0;
    int bits = 0;
    for (const char c : started->secret) {
      held = held << 5 | static_cast<unsigned>(c <= '7' && c >= '2' ? c - '2' + 26 : c - 'A');
      if ((bits += 5) >= 8) secret += static_cast<char>(held >> (bits -= 8) & 255);
    }
    const auto confirmed = run(identity->confirm_codes(owner.call(*identity), {now()}));
    EXPECT_TRUE(confirmed.has_value());
    clock.advance(seconds(30));
    return confirmed ? confirmed->codes : std::vector<std::string>();
  }

  Browser owner;
  std::string secret;
};

TEST_F(Factors, ACodeIsAskedForAndMakesTwoFactors) {
  const auto codes = turn_on();
  EXPECT_EQ(codes.size(), 10U);
  EXPECT_TRUE(identity->authenticate_session(owner.cookie)->two_factor);
  EXPECT_TRUE(*run(identity->state(owner.call(*identity)))->person->second_factor);

  Browser phone;
  const auto asked = sign_in(phone);
  ASSERT_TRUE(asked.has_value());
  EXPECT_FALSE(asked->signed_in);
  EXPECT_EQ(asked->needs, Need::Code);
  EXPECT_FALSE(asked->device.has_value());
  EXPECT_FALSE(asked->person.has_value());
  EXPECT_EQ(to_json(*asked).dump(), R"({"signed_in":false,"needs":"code"})");
  EXPECT_TRUE(phone.cookie.empty());
  EXPECT_EQ(refusal(sign_in(phone, "mei", kPassword, "000000")), Code::Unauthenticated);
  // Whoever does not know the password is not told that there is a code.
  EXPECT_EQ(refusal(sign_in(phone, "mei", "wrong wrong", now())), Code::Unauthenticated);
  EXPECT_TRUE(sign_in(phone, "mei", kPassword, now())->signed_in);
  EXPECT_TRUE(identity->authenticate_session(phone.cookie)->two_factor);
}

TEST_F(Factors, ACodeWorksOnce) {
  turn_on();
  Browser phone;
  const auto code = now();
  ASSERT_TRUE(sign_in(phone, "mei", kPassword, code).has_value());
  Browser thief;
  EXPECT_EQ(refusal(sign_in(thief, "mei", kPassword, code)), Code::Unauthenticated);
  EXPECT_EQ(refusal(sign_in(thief, "mei", kPassword, now(-1))), Code::Unauthenticated);  // earlier than one used
  reopen();
  EXPECT_EQ(refusal(sign_in(thief, "mei", kPassword, code)), Code::Unauthenticated);
  EXPECT_TRUE(sign_in(thief, "mei", kPassword, now(1)).has_value());
}

TEST_F(Factors, TwoSignInsWithOneCodeAtOnceLetOneIn) {
  turn_on();
  std::vector<Browser> browsers(2);
  std::vector<std::optional<Result<SignInOutput>>> outcomes(2);
  for (std::size_t i = 0; i < 2; ++i) {
    boost::asio::co_spawn(*context, identity->sign_in(browsers[i].call(*identity), {"mei", kPassword, now(), {}}),
                          [&outcomes, i](std::exception_ptr, Result<SignInOutput> done) { outcomes[i] = std::move(done); });
  }
  while (!outcomes[0] || !outcomes[1]) context->run_one();
  EXPECT_EQ(outcomes[0]->has_value() + outcomes[1]->has_value(), 1);
}

TEST_F(Factors, EachRecoveryCodeWorksOnce) {
  const auto codes = turn_on();
  Browser phone;
  std::string typed = codes[3];
  std::ranges::transform(typed, typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  const auto done = sign_in(phone, "mei", kPassword, typed);
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->recovery_codes_left, 9);
  EXPECT_EQ(refusal(sign_in(phone, "mei", kPassword, codes[3])), Code::Unauthenticated);

  const auto renewed = run(identity->recovery_codes(owner.call(*identity)))->codes;
  EXPECT_EQ(refusal(sign_in(phone, "mei", kPassword, codes[4])), Code::Unauthenticated);
  EXPECT_EQ(sign_in(phone, "mei", kPassword, renewed[0])->recovery_codes_left, 9);
}

TEST_F(Factors, TheSecretAndTheCodesAreNotReadableInTheDatabase) {
  const auto codes = turn_on();
  const auto rows = *system->read_now([](store::Connection& c) -> Result<std::string> {
    std::string all;
    const auto add = [&](store::Statement& s) { return all += s.text(0) + "\n", 0; };
    TRY(c.all("SELECT code_secret FROM identity_people", add));
    TRY(c.all("SELECT code FROM identity_recovery_codes", add));
    return all;
  });
  EXPECT_GT(rows.size(), 640U);
  for (const auto& text : {secret, to_base64url(secret), to_base64(secret), to_base32(secret, Base32::Rfc4648), codes[0]}) {
    EXPECT_EQ(rows.find(text), std::string::npos);
  }
}

TEST_F(Factors, CodesAreTurnedOnOnlyWhenThePhoneShowsThem) {
  EXPECT_EQ(refusal(run(identity->confirm_codes(owner.call(*identity), {"123456"}))), Code::Expired);
  ASSERT_TRUE(run(identity->start_codes(owner.call(*identity))).has_value());
  EXPECT_EQ(refusal(run(identity->confirm_codes(owner.call(*identity), {"123456"}))), Code::Forbidden);
  Browser phone;
  EXPECT_TRUE(sign_in(phone)->signed_in);
  EXPECT_EQ(refusal(run(identity->recovery_codes(owner.call(*identity)))), Code::Conflict);
}

TEST_F(Factors, TurningCodesOnOrOffNeedsAConfirmation) {
  turn_on();
  clock.advance(minutes(11));
  EXPECT_EQ(refusal(run(identity->remove_codes(owner.call(*identity)))), Code::Forbidden);
  EXPECT_EQ(refusal(run(identity->start_codes(owner.call(*identity)))), Code::Forbidden);
  EXPECT_EQ(refusal(run(identity->recovery_codes(owner.call(*identity)))), Code::Forbidden);
  ASSERT_TRUE(run(identity->confirm(owner.call(*identity), {kPassword})).has_value());
  ASSERT_TRUE(run(identity->remove_codes(owner.call(*identity))).has_value());
  Browser phone;
  EXPECT_TRUE(sign_in(phone)->signed_in);
}

TEST_F(Factors, ASignInUnderWayWhenCodesAreTurnedOnDoesNotSlipThrough) {
  // The password is being checked, without a code, while the second factor is turned on.
  std::promise<void> checking;
  boost::asio::post(crypto->executor(), [held = checking.get_future().share()] { held.wait(); });
  Browser thief;
  std::optional<Result<SignInOutput>> outcome;
  boost::asio::co_spawn(*context, identity->sign_in(thief.call(*identity), {"mei", kPassword, {}, {}}),
                        [&](std::exception_ptr, Result<SignInOutput> done) { outcome = std::move(done); });
  while (context->run_one_for(std::chrono::milliseconds(100)) > 0) {
  }
  ASSERT_FALSE(outcome.has_value());
  ASSERT_TRUE(system->write_now([](store::Connection& c) {
    return c.run("UPDATE identity_people SET code_secret = 'x', credentials = credentials + 1");
  }).has_value());
  checking.set_value();
  while (!outcome) context->run_one();
  ASSERT_FALSE(outcome->has_value());
  EXPECT_EQ(outcome->error().code(), Code::Conflict);
  EXPECT_FALSE(thief.change.has_value());
}

TEST_F(Factors, GuessingCodesFromManyAddressesIsSlowedButNotForTheOwner) {
  turn_on();
  int tried = 0;
  for (; tried < 50; ++tried) {
    Browser stranger{.address = fmt::format("203.0.113.{}", tried)};
    if (refusal(sign_in(stranger, "mei", kPassword, "000000")) == Code::TooMany) break;
  }
  EXPECT_EQ(tried, 6);
  EXPECT_TRUE(sign_in(owner, "mei", kPassword, now()).has_value());
}

}  // namespace
}  // namespace hearth::identity
