#pragma once
#include <memory>
#include <set>
#include <string>

#include "kernel/kernel.h"

namespace hearth::kernel {

// Hands every event to the subscriptions that may see it. Home thread.
class EventBus {
 public:
  EventBus();
  ~EventBus();
  void publish(const Event& event);
  std::unique_ptr<Subscription> subscribe(std::string person);

  struct Queue;

 private:
  std::shared_ptr<std::set<Queue*>> queues_;  // shared with the subscriptions, which leave it when they end
};

}  // namespace hearth::kernel
