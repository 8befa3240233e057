#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::memory::extract {

struct Converted {
  std::string text;        // UTF-8
  std::size_t errors = 0;  // bytes that are nothing in the charset, each U+FFFD in the text
};

// `bytes` of a charset that the system's iconv knows by this name; none when it does not.
std::optional<Converted> convert(std::string_view bytes, const std::string& charset);

}  // namespace hearth::memory::extract
