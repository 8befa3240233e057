#include "base/clock.h"

#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Time, ReadsRfc3339) {
  const auto base = *parse_time("2026-03-01T09:30:00Z");
  EXPECT_EQ(format_time(base), "2026-03-01T09:30:00.000Z");
  EXPECT_EQ(*parse_time("2026-03-01T10:30:00+01:00"), base);
  EXPECT_EQ(*parse_time("2026-03-01T09:30:00.25Z") - base, std::chrono::milliseconds(250));
  EXPECT_EQ(format_time(*parse_time("2026-03-01")), "2026-03-01T00:00:00.000Z");
  for (const auto* far : {"0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "5592-05-01T10:20:30.004Z", "9999-12-31T23:59:59.000Z"}) {
    EXPECT_EQ(format_time(*parse_time(far)), far);
  }
}

TEST(Time, RefusesTheRest) {
  for (const auto* text : {"", "now", "2026-13-01", "2026-02-30", "2026-03-01T25:00:00Z", "2026-03-01T09:30:00",
                           "2026-03-01T09:30:00.Z", "2026-03-01T09:30:00Zx"}) {
    EXPECT_FALSE(parse_time(text).has_value()) << text;
  }
}

TEST(ManualClock, WakesSleepersWhenTheirTimeComes) {
  std::vector<int> woken;
  run_until_done([&](Executor executor) -> Task<> {
    ManualClock clock;
    TaskGroup group(executor);
    group.spawn("late", [](ManualClock& c, std::vector<int>& w) -> Task<> {
      co_await c.sleep_for(std::chrono::seconds(20));
      w.push_back(2);
    }(clock, woken));
    group.spawn("early", [](ManualClock& c, std::vector<int>& w) -> Task<> {
      co_await c.sleep_for(std::chrono::seconds(10));
      w.push_back(1);
    }(clock, woken));
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    clock.advance(std::chrono::seconds(10));
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    EXPECT_EQ(woken, std::vector<int>{1});
    co_await group.stop();
    EXPECT_EQ(woken, std::vector<int>{1});
  });
}

}  // namespace
}  // namespace hearth
