#pragma once
#include <memory>

#include "base/task.h"
#include "gateway/gateway.h"
#include "gateway/inbox.h"

namespace hearth::gateway {

// The way from the gateway threads to the home thread: an inbox, and the exchanges whose handlers run there.
class HomePort : public std::enable_shared_from_this<HomePort> {
 public:
  HomePort(Executor home, Handler handler) : executor_(home), handler_(std::move(handler)), exchanges_(home) {}

  const Executor& executor() const { return executor_; }
  // Any thread. What is posted while the home thread is still busy with earlier work wakes it only once.
  void post(Inbox::Work work);

  // Home thread.
  const Handler& handler() const { return handler_; }
  TaskGroup& exchanges() { return exchanges_; }

 private:
  Executor executor_;
  Handler handler_;
  Inbox inbox_;
  TaskGroup exchanges_;
};

}  // namespace hearth::gateway
