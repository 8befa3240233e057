#include "base/clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <list>

namespace hearth {

std::string format_time(Time time) {
  // By hand: fmt and the standard library go through nanoseconds, which end in 2262.
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - days));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

namespace {

// Reads exactly `digits` decimal digits from the front of `text`, or returns -1.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

Result<Time> parse_time(std::string_view text) {
  const auto bad = [&] {
    return fail(Code::InvalidInput, "\"{}\" is not a time; write it like 2026-03-01T09:30:00Z.", text);
  };
  using namespace std::chrono;
  std::string_view rest = text;
  const int y = take_number(rest, 4);
  if (y < 0 || !take(rest, "-")) return bad();
  const int mo = take_number(rest, 2);
  if (mo < 0 || !take(rest, "-")) return bad();
  const int d = take_number(rest, 2);
  if (d < 0) return bad();
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return bad();
  Time time = sys_days(date);
  if (rest.empty()) return time;

  if (!take(rest, "Tt ")) return bad();
  const int h = take_number(rest, 2);
  if (h < 0 || h > 23 || !take(rest, ":")) return bad();
  const int mi = take_number(rest, 2);
  if (mi < 0 || mi > 59) return bad();
  int s = 0;
  if (take(rest, ":")) {
    s = take_number(rest, 2);
    if (s < 0 || s > 60) return bad();
  }
  time += hours(h) + minutes(mi) + seconds(s);
  if (take(rest, ".")) {
    int unit = 100'000;
    std::size_t digits = 0;
    for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; rest.remove_prefix(1), ++digits) {
      time += microseconds((rest.front() - '0') * unit);
      unit /= 10;
    }
    if (digits == 0) return bad();
  }
  if (take(rest, "Zz")) {
    if (!rest.empty()) return bad();
    return time;
  }
  const bool ahead = !rest.empty() && rest.front() == '+';
  if (!take(rest, "+-")) return bad();
  const int offset_hours = take_number(rest, 2);
  take(rest, ":");
  const int offset_minutes = take_number(rest, 2);
  if (offset_hours < 0 || offset_minutes < 0 || offset_minutes > 59 || !rest.empty()) return bad();
  const auto offset = hours(offset_hours) + minutes(offset_minutes);
  return ahead ? time - offset : time + offset;
}

Time SystemClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Task<> SystemClock::sleep_until(Time time) {
  // In slices, so that a change of the wall clock or a suspended machine is noticed.
  for (auto left = time - now(); left > Duration::zero(); left = time - now()) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(std::min<Duration>(left, std::chrono::minutes(1)));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

struct ManualClock::State {
  Time now;
  std::list<std::pair<Time, boost::asio::steady_timer*>> sleepers;
};

ManualClock::ManualClock(Time start) : state_(std::make_shared<State>()) { state_->now = start; }
ManualClock::~ManualClock() = default;

Time ManualClock::now() const { return state_->now; }

Task<> ManualClock::sleep_until(Time time) {
  auto state = state_;
  while (state->now < time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_at(boost::asio::steady_timer::time_point::max());
    const auto sleeper = state->sleepers.emplace(state->sleepers.end(), time, &timer);
    const auto leave = [&](void*) { state->sleepers.erase(sleeper); };
    const std::unique_ptr<void, decltype(leave)> on_exit(&timer, leave);
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
}

void ManualClock::advance(Duration duration) {
  state_->now += duration;
  for (auto& [time, timer] : state_->sleepers) {
    if (time <= state_->now) timer->cancel();
  }
}

}  // namespace hearth
