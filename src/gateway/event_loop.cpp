#include "gateway/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hearth::gateway {

Deadline::~Deadline() { unlink(); }

void Deadline::unlink() {
  if (!previous_) return;
  previous_->next_ = next_;
  if (next_) next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

Result<std::unique_ptr<EventLoop>> EventLoop::open() {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return std::unexpected(Error::from_errno(errno, "making an event loop"));
  const int wake_up = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_up < 0) {
    auto error = Error::from_errno(errno, "making an event loop");
    ::close(epoll);
    return std::unexpected(std::move(error));
  }
  std::unique_ptr<EventLoop> loop(new EventLoop(epoll, wake_up));
  if (!loop->watch(wake_up, loop->wake_up_, EPOLLIN | EPOLLET)) {
    return std::unexpected(Error::from_errno(errno, "making an event loop"));
  }
  return loop;
}

EventLoop::EventLoop(int epoll, int wake_up)
    : epoll_(epoll), wake_up_descriptor_(wake_up), wake_up_(*this, wake_up) {
  read_clock();
  expired_until_ = now_;
}

EventLoop::~EventLoop() {
  graveyard_.clear();
  ::close(wake_up_descriptor_);
  ::close(epoll_);
}

void EventLoop::WakeUp::on_events(std::uint32_t) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto ignored = ::read(descriptor_, &count, sizeof(count));
  loop_.inbox_.run();
}

void EventLoop::post(Inbox::Work work) {
  if (!inbox_.push(std::move(work))) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto ignored = ::write(wake_up_descriptor_, &one, sizeof(one));
}

bool EventLoop::watch(int descriptor, EventSource& source, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &source;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void EventLoop::forget(int descriptor) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr); }

void EventLoop::forget_again(const EventSource& source) {
  std::erase(again_, &source);
  std::ranges::replace(taking_turns_, const_cast<EventSource*>(&source), nullptr);
}

void EventLoop::read_clock() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  now_ = static_cast<std::uint32_t>(time.tv_sec) + 1;  // never 0, which means "no deadline"
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  wall_seconds_ = time.tv_sec;
}

const std::string& EventLoop::date() {
  if (date_seconds_ != wall_seconds_) {
    date_seconds_ = wall_seconds_;
    const time_t seconds = wall_seconds_;
    tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    const auto length = ::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_.assign(text.data(), length);
  }
  return date_;
}

void EventLoop::set_deadline(Deadline& deadline, std::uint32_t seconds_from_now) {
  deadline.time_ = now_ + std::max<std::uint32_t>(seconds_from_now, 1);
  // A linked deadline that moved later is found when its old slot comes round.
  if (deadline.previous_ && deadline.slot_time_ <= deadline.time_) return;
  deadline.unlink();
  deadline.slot_time_ = std::min(deadline.time_, now_ + kSlots - 1);
  auto& head = slots_[deadline.slot_time_ % kSlots];
  deadline.next_ = head.next_;
  deadline.previous_ = &head;
  if (head.next_) head.next_->previous_ = &deadline;
  head.next_ = &deadline;
  ticking_ = true;
}

void EventLoop::expire() {
  while (expired_until_ < now_) {
    ++expired_until_;
    // Moved to a list of its own, so that what expires may set deadlines, or destroy others, while this runs.
    SlotHead due;
    auto& head = slots_[expired_until_ % kSlots];
    due.next_ = std::exchange(head.next_, nullptr);
    if (due.next_) due.next_->previous_ = &due;
    while (Deadline* current = due.next_) {
      current->unlink();
      if (current->time_ == 0) continue;
      if (current->time_ > now_) {
        set_deadline(*current, current->time_ - now_);
        continue;
      }
      current->time_ = 0;
      current->on_deadline();
    }
  }
}

bool EventLoop::any_deadline() const {
  return std::ranges::any_of(slots_, [](const SlotHead& head) { return head.next_ != nullptr; });
}

void EventLoop::run() {
  std::array<epoll_event, 256> events;
  while (!stopping_) {
    const int wait = !again_.empty() ? 0 : ticking_ ? 1000 : -1;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    read_clock();
    for (int i = 0; i < count; ++i) static_cast<EventSource*>(events[i].data.ptr)->on_events(events[i].events);
    taking_turns_.swap(again_);
    for (std::size_t i = 0; i < taking_turns_.size(); ++i) {
      if (taking_turns_[i]) taking_turns_[i]->on_events(0);
    }
    taking_turns_.clear();
    if (expired_until_ != now_) {
      expire();
      ticking_ = any_deadline();
    }
    graveyard_.clear();
  }
}

}  // namespace hearth::gateway
