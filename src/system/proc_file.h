#pragma once
#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Reading the small files of /proc and /sys. Blocking.
namespace hearth::system {

// The whole file without the newline at its end; "" when it cannot be read.
std::string read_text(const std::filesystem::path& path);

std::vector<std::string_view> split(std::string_view text, std::string_view separators);

// The number at the beginning of `text`, or 0.
template <typename T>
T number(std::string_view text) {
  T value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The text after "<key>:" in a file of "key: value" lines, or "".
std::string_view value_of(std::string_view text, std::string_view key);

// The folder's entries whose names begin with `prefix`, sorted.
std::vector<std::filesystem::path> entries(const std::filesystem::path& folder, std::string_view prefix);

}  // namespace hearth::system
