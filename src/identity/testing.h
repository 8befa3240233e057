#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/temporary_folder.h"
#include "base/testing.h"
#include "identity/identity.h"

// A box with nothing but the identity room, for the room's tests.
namespace hearth::identity {

inline constexpr const char* kPassword = "a quiet evening";

// A browser: keeps the cookie and the device credential, and calls with them.
struct Browser {
  std::string address = "192.168.1.20";
  std::string agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  std::string url = "https://hearth.localhost:8443";
  std::string cookie;
  std::optional<std::string> device;
  std::optional<kernel::SessionChange> change;

  // The call as the surface would make it: who is behind the cookie now.
  kernel::Call call(Identity& identity) {
    change.reset();
    kernel::Principal principal;
    kernel::Origin origin{address, agent, "", url, false};
    if (const auto known = identity.authenticate_session(cookie)) {
      principal = known->principal;
      origin.session = known->session;
      origin.two_factor = known->two_factor;
    }
    return kernel::Call(principal, origin, &change);
  }
  // What the surface does with the cookie afterwards.
  void keep() {
    if (change) cookie = change->token;
  }
};

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() { reopen(); }

  // A restart of the box.
  void reopen() {
    // The threads end before the loop that they post to.
    identity.reset();
    crypto.reset();
    system.reset();
    system = *store::Database::open(folder.path() / "system.db", {identity_schema()});
    busy.reset();
    context.emplace();
    busy.emplace(context->get_executor());
    crypto.emplace("crypto", 1);
    Options options;
    options.password_cost = {1, 64 << 10};
    Hooks hooks;
    hooks.entrance_sessions_changed = [this] { ++entrance_changes; };
    hooks.session_ended = [this](const Session& session) { ended.push_back(session.id); };
    hooks.principal_removed = [this](std::string name) -> Task<Result<>> {
      departed.push_back(std::move(name));
      co_return Result<>();
    };
    hooks.person_removed = [this](std::string id, DataDecision decision) -> Task<Result<>> {
      removed.emplace_back(id, decision);
      if (fail_removal) co_return fail(Code::Unavailable, "The disk does not answer.");
      co_return Result<>();
    };
    identity = *Identity::create(*system, *crypto, clock, context->get_executor(), key, options, std::move(hooks));
  }

  // Runs a coroutine to its end and gives what it returned.
  template <typename T>
  T run(Task<T> task) {
    std::optional<T> outcome;
    boost::asio::co_spawn(*context, std::move(task), [&](std::exception_ptr thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      outcome.emplace(std::move(value));
    });
    while (!outcome) context->run_one();
    return *std::move(outcome);
  }

  Result<SignInOutput> set_up(Browser& browser, std::string code) {
    auto done = run(identity->setup(browser.call(*identity), {code, "mei", "梅", kPassword, "zh-CN"}));
    browser.keep();
    return done;
  }
  Result<SignInOutput> sign_in(Browser& browser, std::string name = "mei", std::string password = kPassword,
                               std::optional<std::string> code = std::nullopt) {
    auto done = run(identity->sign_in(browser.call(*identity), {name, password, code, browser.device}));
    browser.keep();
    if (done && done->device) browser.device = done->device;
    return done;
  }
  bool signed_in(const Browser& browser) { return identity->authenticate_session(browser.cookie).has_value(); }

  TemporaryFolder folder;
  std::string key = random_bytes(32);
  ManualClock clock;
  std::optional<boost::asio::io_context> context;
  std::optional<boost::asio::executor_work_guard<Executor>> busy;  // the loop never runs dry between two calls
  std::optional<ThreadPool> crypto;
  std::unique_ptr<store::Database> system;
  std::unique_ptr<Identity> identity;
  int entrance_changes = 0;
  std::vector<std::string> ended;
  std::vector<std::pair<std::string, DataDecision>> removed;
  std::vector<std::string> departed;
  bool fail_removal = false;
};

}  // namespace hearth::identity
