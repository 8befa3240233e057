#pragma once
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>

#include "base/task.h"

namespace hearth::gateway {

// Wakes the coroutines of one thread that wait for something to change; each then looks for itself.
class Signal {
 public:
  explicit Signal(Executor executor) : executor_(std::move(executor)) {}

  // Returns at the next notify(). A cancelled caller's next co_await throws.
  Task<> wait() {
    if (!timer_) timer_.emplace(executor_, std::chrono::steady_clock::time_point::max());
    boost::system::error_code ignored;
    co_await timer_->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  void notify() {
    if (timer_) timer_->cancel();
  }

 private:
  Executor executor_;
  std::optional<boost::asio::steady_timer> timer_;  // most exchanges never wait
};

}  // namespace hearth::gateway
