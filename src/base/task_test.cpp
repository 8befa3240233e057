#include "base/task.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include <gtest/gtest.h>

namespace hearth {
namespace {

Task<> wait_forever(Executor executor, bool& left) {
  const auto leave = [&](void*) { left = true; };
  const std::unique_ptr<void, decltype(leave)> on_exit(&left, leave);
  boost::asio::steady_timer timer(executor, boost::asio::steady_timer::time_point::max());
  co_await timer.async_wait(boost::asio::use_awaitable);
}

TEST(TaskGroup, StopEndsEveryTask) {
  bool first = false;
  bool second = false;
  run_until_done([&](Executor executor) -> Task<> {
    TaskGroup group(executor);
    group.spawn("first", wait_forever(executor, first));
    group.spawn("second", wait_forever(executor, second));
    EXPECT_EQ(group.size(), 2U);
    co_await group.stop();
    EXPECT_EQ(group.size(), 0U);
  });
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
}

TEST(TaskGroup, ATaskThatThrowsEndsAlone) {
  run_until_done([](Executor executor) -> Task<> {
    TaskGroup group(executor);
    group.spawn("thrower", []() -> Task<> {
      throw std::runtime_error("as meant by the test");
      co_return;
    }());
    while (group.size() > 0) co_await boost::asio::post(executor, boost::asio::use_awaitable);
  });
}

TEST(Offload, RunsElsewhereAndComesBack) {
  const auto home = std::this_thread::get_id();
  run_until_done([&](Executor) -> Task<> {
    ThreadPool pool("test", 1);
    const auto there = co_await offload(pool, [] { return std::this_thread::get_id(); });
    EXPECT_NE(there, home);
    EXPECT_EQ(std::this_thread::get_id(), home);
  });
}

TEST(Offload, IsWaitedForByATaskThatIsCancelled) {
  run_until_done([&](Executor executor) -> Task<> {
    ThreadPool pool("test", 1);
    for (int round = 0; round < 500; ++round) {  // the work ends while the signal comes
      TaskGroup group(executor);
      std::atomic<bool> begun = false;
      std::atomic<bool> ended = false;
      group.spawn("worker", [](ThreadPool& pool, std::atomic<bool>& begun, std::atomic<bool>& ended) -> Task<> {
        co_await offload(pool, [&begun, &ended] {
          begun = true;
          ended = true;
          return 0;
        });
      }(pool, begun, ended));
      while (!begun) co_await boost::asio::post(executor, boost::asio::use_awaitable);
      co_await group.stop();
      EXPECT_TRUE(ended);
    }
  });
}

}  // namespace
}  // namespace hearth
