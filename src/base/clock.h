#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"

namespace hearth {

// A point in time, UTC, microseconds. Stored in databases as the integer since the epoch, on the wire as RFC 3339.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// "2026-03-01T09:30:00.125Z"; parse_time also takes offsets and fewer fraction digits. InvalidInput otherwise.
std::string format_time(Time time);
Result<Time> parse_time(std::string_view text);

// Where time comes from: injected, so that tests decide what time it is.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  // Returns once now() >= time. Cancellable.
  virtual Task<> sleep_until(Time time) = 0;
  Task<> sleep_for(Duration duration) { return sleep_until(now() + duration); }
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Task<> sleep_until(Time time) override;
};

// A clock that stands still until told: for tests. Used on one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time(std::chrono::seconds(1'700'000'000)));
  ~ManualClock() override;
  Time now() const override;
  Task<> sleep_until(Time time) override;
  // Moves time forward and wakes the sleepers whose time has come.
  void advance(Duration duration);

 private:
  struct State;
  std::shared_ptr<State> state_;  // sleepers share it: they may wake after the clock is gone
};

}  // namespace hearth
