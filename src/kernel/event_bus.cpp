#include "kernel/event_bus.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

namespace hearth::kernel {

namespace {
constexpr std::size_t kMostWaiting = 1000;  // events a slow listener may be behind
}

struct EventBus::Queue final : Subscription {
  Queue(std::string who, std::shared_ptr<std::set<Queue*>> all) : person(std::move(who)), queues(std::move(all)) {
    queues->insert(this);
  }
  ~Queue() override { queues->erase(this); }

  void push(const Event& event) {
    if (!event.person.empty() && event.person != person) return;
    if (events.size() >= kMostWaiting) {
      events.clear();
      events.push_back({"lost", person, Json::object()});
    }
    events.push_back(event);
    if (filled) filled->cancel();
  }

  Task<Event> next() override {
    while (events.empty()) {
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
      timer.expires_at(boost::asio::steady_timer::time_point::max());
      filled = &timer;
      const auto leave = [this](void*) { filled = nullptr; };
      const std::unique_ptr<void, decltype(leave)> on_exit(&timer, leave);
      boost::system::error_code woken;
      co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }
    auto event = std::move(events.front());
    events.pop_front();
    co_return event;
  }

  std::string person;
  std::shared_ptr<std::set<Queue*>> queues;
  std::deque<Event> events;
  boost::asio::steady_timer* filled = nullptr;
};

EventBus::EventBus() : queues_(std::make_shared<std::set<Queue*>>()) {}
EventBus::~EventBus() = default;

void EventBus::publish(const Event& event) {
  for (auto* queue : *queues_) queue->push(event);
}

std::unique_ptr<Subscription> EventBus::subscribe(std::string person) {
  return std::make_unique<Queue>(std::move(person), queues_);
}

}  // namespace hearth::kernel
