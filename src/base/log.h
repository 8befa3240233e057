#pragma once
#include <fmt/format.h>
#include <string>
#include <string_view>

// One line per event on standard error: time, level, text. Never secrets, never the content of a person's data.
namespace hearth::log {

enum class Level { Debug, Info, Warning, Error };

// Lines below `level` are dropped. Info unless set. Any thread.
void set_level(Level level);

void write(Level level, std::string_view text);

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace hearth::log
