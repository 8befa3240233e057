#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

// A message whose header's encoded words (RFC 2047) in charsets that are written in ASCII (HZ, UTF-7, ISO-2022) are in UTF-8, since
// GMime reads few of these; `kept` holds the new bytes, if there are any. The message itself when there are none.
std::string_view with_readable_words(std::string_view message, std::string& kept);

}  // namespace hearth::memory::extract
