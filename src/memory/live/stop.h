#pragma once
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "base/clock.h"
#include "base/process.h"

namespace hearth::memory::live {

// Ends what blocks on another thread. set() may be called from any thread; it stays set.
class Stop {
 public:
  Stop() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void set() const {
    const std::uint64_t one = 1;
    (void)!::write(event_.get(), &one, sizeof(one));
  }
  bool is_set() const { return wait(-1, 0, Duration::zero()) == Woken::Stop; }

  enum class Woken { Ready, Time, Stop };
  // Waits until the descriptor (-1: none) is ready for `events` (as poll(2)), the time is over, or it is stopped.
  Woken wait(int descriptor, short events, Duration time) const {
    const auto until = std::chrono::steady_clock::now() + time;
    while (true) {
      pollfd waiting[2] = {{event_.get(), POLLIN, 0}, {descriptor, events, 0}};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      const int ready = ::poll(waiting, descriptor < 0 ? 1 : 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
      if (waiting[0].revents != 0) return Woken::Stop;
      if (descriptor >= 0 && ready > 0 && waiting[1].revents != 0) return Woken::Ready;
      if (ready < 0 && errno != EINTR) return Woken::Time;
      if (std::chrono::steady_clock::now() >= until) return Woken::Time;
    }
  }

 private:
  Descriptor event_;
};

}  // namespace hearth::memory::live
