#include "system/system.h"

#include <gtest/gtest.h>

#include "base/testing.h"
#include "system/fixture.h"

namespace hearth::system {
namespace {

// A kernel with the system's operations over a machine of files.
struct Fixture {
  explicit Fixture(Executor executor) : database(open(machine)), system(options(machine), clock) {
    kernel = *kernel::Kernel::create(*database, std::string(32, 'k'), clock, std::move(executor), {});
    define_operations(*kernel, system);
  }
  static std::unique_ptr<store::Database> open(const Machine& machine) {
    return *store::Database::open(machine.home() / "system.db", {kernel::kernel_schema()});
  }
  static System::Options options(const Machine& machine) {
    machine.write("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
    machine.write("proc/sys/kernel/hostname", "hearthstone\n");
    machine.write("proc/sys/kernel/osrelease", "6.1.0-amd64\n");
    machine.write("proc/uptime", "4321.50 100.00\n");
    machine.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Quiet N100\nflags\t\t: fpu\n\nprocessor\t: 1\n");
    return {machine.home(), "1.2.3", machine.root(), "no-such-library.so"};
  }
  kernel::Principal member() const { return kernel::Principal::of_person("p1", kernel::Role::Member); }

  Machine machine;
  SystemClock clock;
  std::unique_ptr<store::Database> database;
  System system;
  std::unique_ptr<kernel::Kernel> kernel;
};

TEST(System, StateSaysWhatTheMachineIs) {
  run_until_done([](Executor executor) -> Task<> {
    Fixture fixture(executor);
    std::ofstream(fixture.machine.home() / "notes") << std::string(100'000, 'x');
    const auto reply = co_await fixture.kernel->invoke(fixture.member(), {}, "system.state", Json::object());
    EXPECT_TRUE(reply.outcome.has_value()) << reply.outcome.error().describe();
    if (!reply.outcome) co_return;
    const auto state = *from_json<State>(reply.outcome->value);
    EXPECT_EQ(state.version, "1.2.3");
    EXPECT_EQ(state.hostname, "hearthstone");
    EXPECT_EQ(state.operating_system, "Debian GNU/Linux 12 (bookworm)");
    EXPECT_EQ(state.kernel, "6.1.0-amd64");
    EXPECT_EQ(state.processor, "Quiet N100");
    EXPECT_EQ(state.cores, 2);
    EXPECT_EQ(state.memory_total, 8'000'000LL * 1024);
    EXPECT_DOUBLE_EQ(state.machine_uptime, 4321.5);
    EXPECT_EQ(state.home, fixture.machine.home().string());
    EXPECT_GE(state.home_size, 100'000);
    co_await fixture.kernel->stop();
  });
}

TEST(System, AGuestMayNotLook) {
  run_until_done([](Executor executor) -> Task<> {
    Fixture fixture(executor);
    const auto guest = kernel::Principal::of_person("p2", kernel::Role::Guest);
    const auto reply = co_await fixture.kernel->invoke(guest, {}, "system.state", Json::object());
    EXPECT_FALSE(reply.outcome.has_value());
    if (!reply.outcome) EXPECT_EQ(refusal(reply.outcome), Code::Forbidden);
    co_await fixture.kernel->stop();
  });
}

TEST(System, WatchStreamsUntilNobodyListens) {
  run_until_done([](Executor executor) -> Task<> {
    Fixture fixture(executor);
    std::vector<Sample> samples;
    const kernel::Emit emit = [&samples](Json json) -> Task<Result<>> {
      samples.push_back(*from_json<Sample>(json));
      if (samples.size() == 2) co_return fail(Code::Cancelled, "Nobody listens any more.");
      co_return Result<>{};
    };
    const auto reply = co_await fixture.kernel->invoke(fixture.member(), {}, "system.watch",
                                                       Json::object({{"seconds", 0.2}}), &emit);
    EXPECT_FALSE(reply.outcome.has_value());
    EXPECT_EQ(samples.size(), 2);
    if (samples.size() == 2) EXPECT_GE(samples[1].time - samples[0].time, std::chrono::milliseconds(200));
    co_await fixture.kernel->stop();
  });
}

TEST(System, WatchRefusesAnIntervalItCannotKeep) {
  run_until_done([](Executor executor) -> Task<> {
    Fixture fixture(executor);
    const kernel::Emit emit = [](Json) -> Task<Result<>> { co_return Result<>{}; };
    const auto reply =
        co_await fixture.kernel->invoke(fixture.member(), {}, "system.watch", Json::object({{"seconds", 0}}), &emit);
    EXPECT_FALSE(reply.outcome.has_value());
    if (!reply.outcome) EXPECT_EQ(refusal(reply.outcome), Code::InvalidInput);
    co_await fixture.kernel->stop();
  });
}

}  // namespace
}  // namespace hearth::system
