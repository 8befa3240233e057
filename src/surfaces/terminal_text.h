#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/message.h"

// Outputs as a terminal shows them. Much of what is shown strangers wrote.
namespace hearth::surfaces {

// An output for people: a list of objects as a table, an object as "name: value" lines. Of a text that is there twice, as
// "title" and "title_zh", only the one in `language`.
std::string render(const Json& output, Language language);

// An output for programs: JSON in one line, in which what `printable` leaves out is escaped.
std::string json_line(const Json& output);

// `text` without what could steer a terminal or hide what it says: control characters, but for ends of lines and tabs, those
// that turn the direction of writing, and bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);

// How many terminal columns `text` takes: a CJK character takes two.
std::size_t display_width(std::string_view text);

// `text` with spaces after it, to that many columns.
std::string pad(std::string_view text, std::size_t width);

}  // namespace hearth::surfaces
