#include "kernel/kernel.h"

#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "base/testing.h"

namespace hearth::kernel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct PathInput {
  std::string path;
};
HEARTH_DESCRIBE(PathInput, (path, "Where.", .resource = "files"))
struct FolderInput {
  std::string path = "/";
};
HEARTH_DESCRIBE(FolderInput, (path, "Where.", .defaulted = true, .resource = "files"))
struct MailInput {
  std::string to;
  std::string text;
};
HEARTH_DESCRIBE(MailInput, (to, "To whom.", .destination = true), (text, "What."))
struct PayInput {
  double amount = 0;
};
HEARTH_DESCRIBE(PayInput, (amount, "How much.", .cost = true))
struct CountInput {
  std::int64_t to = 0;
};
HEARTH_DESCRIBE(CountInput, (to, "How far."))
struct CountOutput {
  std::int64_t reached = 0;
  int started = 0;
};
HEARTH_DESCRIBE(CountOutput, (reached, "How far it came."), (started, "From where this run began."))

const Principal kOwner = Principal::of_person("ann", Role::Owner);
const Principal kGuest = Principal::of_person("gus", Role::Guest);
const Principal kApp{Principal::Kind::App, "notes", "ann", Role::Owner};
const Principal kRun{Principal::Kind::Run, "r1", "ann", Role::Owner};

// A kernel over a home folder, with a few operations that record what reached them.
class KernelTest : public testing::Test {
 protected:
  // Runs `body` with a kernel of its own; a second call in one test is the box after a restart.
  void with_kernel(std::function<Task<>(Kernel&)> body) {
    run_until_done([&](Executor executor) -> Task<> {
      auto database = *store::Database::open(folder_.path() / "system.db", {kernel_schema()});
      auto kernel = *Kernel::create(*database, std::string(32, 'k'), clock_, executor, {});
      executor_ = executor;
      define(*kernel);
      EXPECT_TRUE((co_await kernel->start()).has_value());
      co_await body(*kernel);
      co_await kernel->stop();
    });
  }

  void define(Kernel& kernel) {
    define_operations(kernel);
    kernel.define("files.list", Effect::Read, {"Lists.", "列出。"}, [this](Call, PathInput in) -> Task<Result<>> {
      reached_.push_back(in.path);
      co_return Result<>{};
    });
    kernel.define("files.count", Effect::Read, {"Counts.", "计数。"}, [this](Call, FolderInput in) -> Task<Result<>> {
      reached_.push_back(in.path);
      co_return Result<>{};
    });
    kernel.define("mail.read", Effect::Read, {"Reads.", "读取。"}, [](Call call, Nothing) -> Task<Result<Labelled<Nothing>>> {
      co_return Labelled<Nothing>{{}, {Confidentiality::Household, call.person(), Integrity::Untrusted}};
    });
    kernel.define("mail.send", Effect::Send, {"Sends.", "发送。"}, [this](Call, MailInput in) -> Task<Result<>> {
      reached_.push_back(in.to);
      co_return Result<>{};
    });
    kernel.define("pay", Effect::Spend, {"Pays.", "付款。"}, [](Call, PayInput) -> Task<Result<>> { co_return Result<>{}; });
    kernel.define("secret.read", Effect::Read, {"Reads.", "读取。"}, [](Call call, Nothing) -> Task<Result<Labelled<Nothing>>> {
      co_return Labelled<Nothing>{{}, {Confidentiality::Secret, call.person(), Integrity::Owner}};
    });
    kernel.define_job<CountInput, CountOutput>("count", [this](JobRun& run, CountInput in) -> Task<Result<CountOutput>> {
      const auto* saved = run.checkpoint().as_integer();
      CountOutput output{saved ? *saved : 0, static_cast<int>(saved ? *saved : 0)};
      while (output.reached < in.to) {
        if (run.stopping() || output.reached == pause_at_) {
          pause_at_ = -1;
          co_return fail(Code::Cancelled, "stopped");
        }
        ++output.reached;
        run.progress(output.reached, in.to, std::string("counting"));
        CO_CHECK(co_await run.save(Json(output.reached)));
      }
      co_return output;
    });
  }

  static Task<Result<Outcome>> call(Kernel& kernel, Principal principal, std::string operation, std::string input = "{}") {
    auto reply = co_await kernel.invoke(std::move(principal), {}, std::move(operation), *Json::parse(input));
    co_return std::move(reply.outcome);
  }
  static Task<Code> code_of(Kernel& kernel, Principal principal, std::string operation, std::string input = "{}") {
    const auto outcome = co_await call(kernel, std::move(principal), std::move(operation), std::move(input));
    EXPECT_FALSE(outcome.has_value());
    co_return refusal(outcome).value_or(Code::Internal);
  }
  // A run without a grant lists: it waits for a yes.
  static Task<> list_as_run(Kernel& kernel, std::optional<Code>& code) {
    code = co_await code_of(kernel, kRun, "files.list", R"({"path":"/"})");
  }
  static Task<> yield(Executor executor) {
    for (int i = 0; i < 20; ++i) co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }
  // Waits until an approval is pending and answers it.
  static Task<> answer(Kernel& kernel, std::string decision) {
    while (true) {
      const auto list = co_await call(kernel, kOwner, "approvals.list");
      const auto& first = *list->value.find("approvals");
      if (first.as_array()->empty() || (*first.as_array())[0].text("state") != "pending") continue;
      const auto id = std::string((*first.as_array())[0].text("id"));
      const auto decided = co_await call(kernel, kOwner, "approvals.decide",
                                         fmt::format(R"({{"id":"{}","decision":"{}"}})", id, decision));
      EXPECT_TRUE(decided.has_value());
      co_return;
    }
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  Executor executor_;
  std::vector<std::string> reached_;
  std::int64_t pause_at_ = -1;
};

TEST_F(KernelTest, NamesWhatDoesNotExist) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto outcome = co_await call(kernel, kOwner, "grants.lst");
    EXPECT_EQ(refusal(outcome), Code::NotFound);
    EXPECT_THAT(refusal_text(outcome), HasSubstr("grants.list"));
    EXPECT_EQ(co_await code_of(kernel, kOwner, "files.list", "[]"), Code::InvalidInput);
    EXPECT_EQ(co_await code_of(kernel, kOwner, "files.list", R"({"path":1})"), Code::InvalidInput);
  });
}

TEST_F(KernelTest, HoldsRolesApart) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    EXPECT_EQ(co_await code_of(kernel, Principal::anyone(), "files.list", R"({"path":"/"})"), Code::Unauthenticated);
    EXPECT_EQ(co_await code_of(kernel, kGuest, "files.list", R"({"path":"/"})"), Code::Forbidden);
    EXPECT_TRUE((co_await call(kernel, kOwner, "files.list", R"({"path":"/"})")).has_value());
    EXPECT_EQ(co_await code_of(kernel, Principal::of_person("max", Role::Member), "clearances.list"), Code::Forbidden);
  });
}

TEST_F(KernelTest, AnAppHasItsGrantsAndNothingElse) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", R"({"path":"/Documents"})"), Code::Forbidden);
    EXPECT_TRUE((co_await call(kernel, kOwner, "grants.create",
                               R"({"principal":"app:notes","operations":["files.*"],"resources":["files:/Documents/**"],"uses":2})"))
                    .has_value());
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", R"({"path":"/Documents/../Private"})"), Code::InvalidInput);
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", R"({"path":"/Private"})"), Code::Forbidden);
    EXPECT_TRUE((co_await call(kernel, kApp, "files.list", R"({"path":"//Documents/./a"})")).has_value());
    EXPECT_TRUE((co_await call(kernel, kApp, "files.list", R"({"path":"Documents/b"})")).has_value());
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", R"({"path":"/Documents/c"})"), Code::TooMany);
  });
  with_kernel([&](Kernel& kernel) -> Task<> {  // after a restart the uses are still gone
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", R"({"path":"/Documents/c"})"), Code::TooMany);
  });
}

TEST_F(KernelTest, GrantsEndAndSlowDown) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto until = format_time(clock_.now() + std::chrono::hours(1));
    co_await call(kernel, kOwner, "grants.create",
                  fmt::format(R"({{"principal":"app:*","operations":["files.list"],"per_minute":2,"until":"{}"}})", until));
    const std::string input = R"({"path":"/a"})";
    EXPECT_TRUE((co_await call(kernel, kApp, "files.list", input)).has_value());
    EXPECT_TRUE((co_await call(kernel, kApp, "files.list", input)).has_value());
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", input), Code::TooMany);
    clock_.advance(std::chrono::minutes(1));
    EXPECT_TRUE((co_await call(kernel, kApp, "files.list", input)).has_value());
    clock_.advance(std::chrono::hours(1));
    EXPECT_EQ(co_await code_of(kernel, kApp, "files.list", input), Code::Expired);
  });
}

TEST_F(KernelTest, ARunThatReadOutsidersTextMustAskBeforeItSends) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    co_await call(kernel, kOwner, "grants.create", R"({"principal":"run:r1","operations":["mail.*"]})");
    const std::string input = R"({"to":"mail:a@b.c","text":"hi"})";
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.send", input)).has_value());
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.read")).has_value());

    TaskGroup person(executor_);
    person.spawn("deny", answer(kernel, "deny"));
    EXPECT_EQ(co_await code_of(kernel, kRun, "mail.send", input), Code::Denied);
    co_await person.stop();
    person.spawn("once", answer(kernel, "once"));
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.send", input)).has_value());
    co_await person.stop();
    person.spawn("always", answer(kernel, "always"));
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.send", input)).has_value());
    co_await person.stop();
    person.spawn("not asked again", answer(kernel, "deny"));
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.send", input)).has_value());
    co_await person.stop();
    EXPECT_EQ(reached_.size(), 4U);
  });
}

TEST_F(KernelTest, WhatAPersonApprovedCountsAgainstTheGrant) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    co_await call(kernel, kOwner, "grants.create", R"({"principal":"run:r1","operations":["mail.*","pay"],"uses":4,"budget":10})");
    EXPECT_TRUE((co_await call(kernel, kRun, "mail.read")).has_value());
    for (const auto* decision : {"once", "always"}) {
      TaskGroup person(executor_);
      person.spawn("answer", answer(kernel, decision));
      EXPECT_TRUE((co_await call(kernel, kRun, "pay", R"({"amount":4})")).has_value());
      co_await person.stop();
    }
    const auto grants = *from_json<std::vector<Grant>>(*(co_await call(kernel, kOwner, "grants.list"))->value.find("grants"));
    EXPECT_EQ(grants.size(), 2U);
    EXPECT_EQ(grants[0].used, 3);
    EXPECT_EQ(grants[0].uses, 1);
    EXPECT_EQ(grants[0].budget, 2.0);
    // What "always" made has the limits of the grant that covered the call.
    EXPECT_TRUE(grants[1].after_untrusted);
    EXPECT_EQ(grants[1].uses, 1);
    EXPECT_EQ(grants[1].budget, 2.0);
  });
}

TEST_F(KernelTest, AlwaysOfANameWithAStarIsForThatCallAlone) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    TaskGroup person(executor_);
    person.spawn("always", answer(kernel, "always"));
    EXPECT_TRUE((co_await call(kernel, kRun, "files.list", R"({"path":"/**"})")).has_value());
    co_await person.stop();
    EXPECT_TRUE((co_await call(kernel, kOwner, "grants.list"))->value.find("grants")->as_array()->empty());
  });
}

TEST_F(KernelTest, AlwaysOfWhatWasLeftOutIsForItsDefault) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    TaskGroup person(executor_);
    person.spawn("always", answer(kernel, "always"));
    EXPECT_TRUE((co_await call(kernel, kRun, "files.count")).has_value());
    co_await person.stop();
    const auto grants = *from_json<std::vector<Grant>>(*(co_await call(kernel, kOwner, "grants.list"))->value.find("grants"));
    EXPECT_EQ(grants.size(), 1U);
    EXPECT_THAT(grants[0].resources, ElementsAre("files:/"));
    EXPECT_TRUE((co_await call(kernel, kRun, "files.count")).has_value());
    person.spawn("deny", answer(kernel, "deny"));
    EXPECT_EQ(co_await code_of(kernel, kRun, "files.count", R"({"path":"/secret"})"), Code::Denied);
    co_await person.stop();
  });
}

TEST_F(KernelTest, NobodyIsAskedAboutACallThatCannotWork) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    for (const auto* input : {"{}", R"({"path":1})", R"({"path":"/","bogus":1})"}) {
      EXPECT_EQ(co_await code_of(kernel, kRun, "files.list", input), Code::InvalidInput) << input;
    }
    EXPECT_TRUE((co_await call(kernel, kOwner, "approvals.list"))->value.find("approvals")->as_array()->empty());
    co_await call(kernel, kOwner, "grants.create", R"({"principal":"run:r1","operations":["files.list"],"uses":1})");
    EXPECT_EQ(co_await code_of(kernel, kRun, "files.list"), Code::InvalidInput);  // and spends no use
    EXPECT_TRUE((co_await call(kernel, kRun, "files.list", R"({"path":"/"})")).has_value());
  });
}

TEST_F(KernelTest, OneCallerCannotAskWithoutEnd) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    TaskGroup calls(executor_);
    std::array<std::optional<Code>, 25> codes;
    for (auto& code : codes) calls.spawn("call", list_as_run(kernel, code));
    while (std::ranges::count(codes, Code::TooMany) < 5) co_await yield(executor_);
    while ((co_await call(kernel, kOwner, "approvals.list"))->value.find("approvals")->as_array()->size() < 20) co_await yield(executor_);
    co_await calls.stop();
  });
}

TEST_F(KernelTest, AGrantNamesOperationsThatThereAre) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto refused = co_await call(kernel, kOwner, "grants.create", R"({"principal":"app:notes","operations":["files.lst"]})");
    EXPECT_EQ(refusal(refused), Code::InvalidInput);
    EXPECT_THAT(refusal_text(refused), HasSubstr("Did you mean files.list?"));
    for (const auto* pattern : {"", "[", "FILES.LIST", "files.list ", "nope.*"}) {
      EXPECT_EQ(co_await code_of(kernel, kOwner, "grants.create", fmt::format(R"({{"principal":"app:notes","operations":["{}"]}})", pattern)),
                Code::InvalidInput) << pattern;
    }
  });
}

TEST_F(KernelTest, AGrantLendsOnlyWhatItsGiverMayDo) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto max = Principal::of_person("max", Role::Member);
    EXPECT_TRUE((co_await call(kernel, max, "grants.create", R"({"principal":"*:*","operations":["**"]})")).has_value());
    EXPECT_EQ(co_await code_of(kernel, max, "clearances.list"), Code::Forbidden);  // "*:*" is not max himself
    const std::string clearance = R"({"destination":"app:y","confidentiality":"private"})";
    for (const auto kind : {Principal::Kind::App, Principal::Kind::Run, Principal::Kind::Device, Principal::Kind::Peer}) {
      const auto refused = co_await call(kernel, {kind, "x", "max", Role::Member}, "clearances.set", clearance);
      EXPECT_EQ(refusal(refused), Code::Forbidden);
      EXPECT_THAT(refusal_text(refused), HasSubstr("the role owner"));
      // As the role is now, not as it was when the grant was given.
      EXPECT_TRUE((co_await call(kernel, {kind, "x", "max", Role::Owner}, "clearances.set", clearance)).has_value());
      EXPECT_TRUE((co_await call(kernel, {kind, "x", "max", Role::Member}, "files.list", R"({"path":"/"})")).has_value());
      EXPECT_EQ(co_await code_of(kernel, {kind, "x", "max", Role::Guest}, "files.list", R"({"path":"/"})"), Code::Forbidden);
    }
    EXPECT_TRUE((co_await call(kernel, max, "approvals.list"))->value.find("approvals")->as_array()->empty());
  });
}

TEST_F(KernelTest, GrantsArePeoplesToGiveAndNotToHave) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    for (const auto* principal : {"person:ann", "person:*", "system:x", "per*:x", "notes"}) {
      EXPECT_EQ(co_await code_of(kernel, kOwner, "grants.create", fmt::format(R"({{"principal":"{}","operations":["**"]}})", principal)),
                Code::InvalidInput);
    }
    co_await call(kernel, kOwner, "grants.create", R"({"principal":"app:notes","operations":["grants.*"],"uses":5})");
    EXPECT_TRUE((co_await call(kernel, kApp, "grants.list")).has_value());
    EXPECT_EQ(co_await code_of(kernel, kApp, "grants.create", R"({"principal":"app:notes","operations":["**"]})"), Code::Forbidden);
  });
}

TEST_F(KernelTest, AGrantHasSoManyPatternsOfSuchALength) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto with = [](std::vector<std::string> resources) {
      return fmt::format(R"({{"principal":"app:notes","operations":["files.list"],"resources":{}}})", to_json(resources).dump());
    };
    EXPECT_TRUE((co_await call(kernel, kOwner, "grants.create", with(std::vector<std::string>(64, std::string(512, 'a'))))).has_value());
    EXPECT_EQ(co_await code_of(kernel, kOwner, "grants.create", with(std::vector<std::string>(65, "a"))), Code::InvalidInput);
    EXPECT_EQ(co_await code_of(kernel, kOwner, "grants.create", with({std::string(513, 'a')})), Code::InvalidInput);
  });
}

TEST_F(KernelTest, SilenceIsANo) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    std::optional<Code> code;
    TaskGroup run(executor_);
    run.spawn("run", list_as_run(kernel, code));
    while (!code) {
      co_await yield(executor_);
      clock_.advance(std::chrono::minutes(11));
    }
    co_await run.stop();
    EXPECT_EQ(code, Code::Denied);
    EXPECT_TRUE(reached_.empty());
  });
}

TEST_F(KernelTest, WhatWaitsForAYesEndsWithTheRole) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    std::optional<Code> code;
    TaskGroup run(executor_);
    run.spawn("run", list_as_run(kernel, code));
    co_await yield(executor_);
    while (!code) {
      EXPECT_TRUE((co_await kernel.role_changed("ann")).has_value());
      co_await yield(executor_);
    }
    EXPECT_EQ(code, Code::Denied);
    EXPECT_TRUE(reached_.empty());
    const auto list = co_await call(kernel, kOwner, "approvals.list");
    EXPECT_EQ((*list->value.find("approvals")->as_array())[0].text("state"), "denied");
    co_await run.stop();
  });
}

TEST_F(KernelTest, KeepsDataFromThoseNotClearedForIt) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    co_await call(kernel, kOwner, "grants.create", R"({"principal":"*:*","operations":["**"]})");
    EXPECT_EQ(co_await code_of(kernel, kApp, "secret.read"), Code::Forbidden);
    EXPECT_TRUE((co_await call(kernel, kOwner, "clearances.set", R"({"destination":"app:notes","confidentiality":"secret"})")).has_value());
    EXPECT_TRUE((co_await call(kernel, kApp, "secret.read")).has_value());
    // and what it has read may now not go to a mail recipient
    EXPECT_EQ(co_await code_of(kernel, kApp, "mail.send", R"({"to":"mail:a@b.c","text":"hi"})"), Code::Forbidden);
  });
}

TEST_F(KernelTest, AJobGoesOnWhereItStopped) {
  std::string id;
  with_kernel([&](Kernel& kernel) -> Task<> {
    id = *co_await kernel.start_job("count", "ann", std::string("Count"), CountInput{50});
    while ((co_await kernel.job(id))->done < 3) co_await yield(executor_);
  });
  with_kernel([&](Kernel& kernel) -> Task<> {
    auto job = *co_await kernel.job(id);
    while (!job.finished) {
      co_await yield(executor_);
      job = *co_await kernel.job(id);
    }
    EXPECT_EQ(job.state, JobState::Done);
    EXPECT_EQ(job.attempts, 2);
    const auto output = *from_json<CountOutput>(job.result);
    EXPECT_EQ(output.reached, 50);
    EXPECT_GE(output.started, 3);
  });
}

TEST_F(KernelTest, AJobIsGivenUpOnlyWhenItDoesNotGetOn) {
  std::string id;
  const auto interrupted = [&](bool gets_on, int times) {
    for (int i = 0; i < times; ++i) {
      with_kernel([&](Kernel& kernel) -> Task<> {
        if (id.empty()) id = *co_await kernel.start_job("count", "ann", std::string("Count"), CountInput{1'000'000});
        const auto before = (co_await kernel.job(id))->done;
        while (gets_on && (co_await kernel.job(id))->done == before) co_await yield(executor_);
      });
    }
  };
  interrupted(true, 30);
  with_kernel([&](Kernel& kernel) -> Task<> { EXPECT_FALSE((co_await kernel.job(id))->finished); });
  interrupted(false, 30);
  with_kernel([&](Kernel& kernel) -> Task<> {
    auto job = *co_await kernel.job(id);
    while (!job.finished) {
      co_await yield(executor_);
      job = *co_await kernel.job(id);
    }
    EXPECT_EQ(job.state, JobState::Failed);
  });
}

TEST_F(KernelTest, AJobEndsWhenCancelledAndIsNobodyElses) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto id = *co_await kernel.start_job("count", "ann", std::string("Count"), CountInput{1'000'000});
    const auto input = fmt::format(R"({{"id":"{}"}})", id);
    EXPECT_EQ(co_await code_of(kernel, Principal::of_person("max", Role::Owner), "jobs.cancel", input), Code::NotFound);
    EXPECT_TRUE((co_await call(kernel, kOwner, "jobs.cancel", input)).has_value());
    auto job = *co_await kernel.job(id);
    while (!job.finished) {
      co_await yield(executor_);
      job = *co_await kernel.job(id);
    }
    EXPECT_EQ(job.state, JobState::Cancelled);
    EXPECT_EQ(co_await code_of(kernel, kOwner, "jobs.cancel", input), Code::Conflict);
  });
}

TEST_F(KernelTest, AJobOfAnUnknownKindFails) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    const auto id = *co_await kernel.start_job("no.such", "ann", std::string("?"), CountInput{1});
    auto job = *co_await kernel.job(id);
    while (!job.finished) {
      co_await yield(executor_);
      job = *co_await kernel.job(id);
    }
    EXPECT_EQ(job.state, JobState::Failed);
    EXPECT_EQ(job.error, "This version of Hearth does not know jobs of the kind no.such.");
    EXPECT_EQ(job.error_zh, "此版本的 Hearth 不认识 no.such 类任务。");
  });
}

TEST_F(KernelTest, AuditsEveryCall) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    co_await call(kernel, kOwner, "files.list", R"({"path":"/a"})");
    co_await call(kernel, kApp, "mail.send", R"({"to":"mail:x","text":"y"})");
    const auto list = co_await call(kernel, kOwner, "audit.list");
    const auto& entries = *list->value.find("entries")->as_array();
    EXPECT_EQ(entries[0].text("operation"), "mail.send");
    EXPECT_EQ(entries[0].text("outcome"), "forbidden");
    EXPECT_EQ(entries[0].text("principal"), "app:notes");
    EXPECT_EQ(entries[1].text("resource"), "files:/a");
    EXPECT_TRUE(*(co_await call(kernel, kOwner, "audit.verify"))->value.find("ok")->as_bool());
    // one person does not see what another did
    const auto other = co_await call(kernel, Principal::of_person("max", Role::Owner), "audit.list");
    for (const auto& entry : *other->value.find("entries")->as_array()) EXPECT_NE(entry.text("resource"), "files:/a");
  });
}

TEST_F(KernelTest, EveryOperationIsDescribedInBothLanguages) {
  with_kernel([&](Kernel& kernel) -> Task<> {
    for (const auto& [name, operation] : kernel.operations()) {
      EXPECT_FALSE(operation.summary.en.empty()) << name;
      EXPECT_FALSE(operation.summary.zh.empty()) << name;
    }
    co_return;
  });
}

}  // namespace
}  // namespace hearth::kernel
