#include "base/log.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>

#include "base/clock.h"

namespace hearth::log {
namespace {

std::atomic<Level> minimum_level = Level::Info;

// A line break inside a text would let its author forge log lines.
std::string single_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) line += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? ' ' : c;
  return line;
}

}  // namespace

void set_level(Level level) { minimum_level = level; }

void write(Level level, std::string_view text) {
  if (level < minimum_level.load(std::memory_order_relaxed)) return;
  static constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};
  const auto now = format_time(std::chrono::floor<Duration>(std::chrono::system_clock::now()));
  const auto line =
      fmt::format("{} {} {}\n", now, kNames[static_cast<std::size_t>(level)], single_line(text));
  // One write call: lines of several threads do not mix. Nothing can be done when standard error is gone.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace hearth::log
