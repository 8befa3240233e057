#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "gateway/inbox.h"

namespace hearth::gateway {

// A descriptor that an EventLoop watches.
class EventSource {
 public:
  virtual ~EventSource() = default;
  virtual void on_events(std::uint32_t epoll_events) = 0;
};

// Something with a deadline, in an EventLoop's timer wheel. Setting a deadline is a store; moving one later costs nothing
// until its old slot comes round. Accurate to a second: for timeouts, not for timing.
class Deadline {
 public:
  virtual ~Deadline();
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  virtual void on_deadline() = 0;

 private:
  friend class EventLoop;
  void unlink();
  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
  std::uint32_t slot_time_ = 0;  // the second in whose slot this is linked
  std::uint32_t time_ = 0;       // the second at which it is due; 0: none
};

// One thread's epoll loop: edge-triggered descriptors, deadlines, and work handed in from other threads.
class EventLoop {
 public:
  static Result<std::unique_ptr<EventLoop>> open();
  ~EventLoop();

  // Runs until stop(). The calling thread becomes the loop's thread.
  void run();

  // Any thread.
  void post(Inbox::Work work);
  // Loop's thread only, all below.
  void stop() { stopping_ = true; }
  bool watch(int descriptor, EventSource& source, std::uint32_t events);
  void forget(int descriptor);
  // Calls on_events(0) once more after what waits now has had its turn: for work cut short to be fair.
  void again(EventSource& source) { again_.push_back(&source); }
  void forget_again(const EventSource& source);

  // Keeps `object` until the events at hand have been delivered, since some may name it.
  template <typename T>
  void destroy_later(std::unique_ptr<T> object) {
    graveyard_.emplace_back(object.release(), [](void* pointer) { delete static_cast<T*>(pointer); });
  }

  std::uint32_t now() const { return now_; }  // seconds of the monotonic clock, as of this round
  std::int64_t wall_seconds() const { return wall_seconds_; }
  const std::string& date();  // of now, as in a Date field
  void set_deadline(Deadline& deadline, std::uint32_t seconds_from_now);
  void clear_deadline(Deadline& deadline) { deadline.time_ = 0; }

 private:
  static constexpr std::uint32_t kSlots = 128;
  EventLoop(int epoll, int wake_up);
  void read_clock();
  void expire();
  bool any_deadline() const;

  struct SlotHead final : Deadline {
    void on_deadline() override {}
  };
  class WakeUp final : public EventSource {
   public:
    WakeUp(EventLoop& loop, int descriptor) : loop_(loop), descriptor_(descriptor) {}
    void on_events(std::uint32_t) override;

   private:
    EventLoop& loop_;
    int descriptor_;
  };

  int epoll_;
  int wake_up_descriptor_;
  bool stopping_ = false;
  bool ticking_ = false;  // a deadline may be set: wake every second
  std::uint32_t now_ = 0;
  std::uint32_t expired_until_ = 0;
  std::int64_t wall_seconds_ = 0;
  std::int64_t date_seconds_ = 0;
  std::string date_;
  WakeUp wake_up_;
  Inbox inbox_;
  std::array<SlotHead, kSlots> slots_;
  std::vector<EventSource*> again_;
  std::vector<EventSource*> taking_turns_;
  std::vector<std::unique_ptr<void, void (*)(void*)>> graveyard_;
};

}  // namespace hearth::gateway
