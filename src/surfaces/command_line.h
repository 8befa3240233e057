#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

// The command line's half that needs no box: from words to an operation's input, and from its output to text for people.
// Works on the definitions as kernel.operations gives them.
namespace hearth::surfaces {

// What the words after the global options ask for.
struct Command {
  enum class Kind { Rooms, Room, Help, Call };
  Kind kind = Kind::Rooms;
  std::string room;
  std::string operation;  // "<room>.<verb>"
  Json input = Json::object();
  bool as_json = false;
};

// `definitions` is the "operations" list of kernel.operations. `ask_secret` reads a secret field that was left out (without
// echo), or gives none when nobody can be asked. InvalidInput and NotFound say what to type instead.
Result<Command> parse_command(const Json& definitions, std::span<const std::string> words,
                              const std::function<std::optional<std::string>(std::string_view prompt)>& ask_secret);

// How to use the command line, where no box says which rooms there are.
std::string usage(Language language);
std::string rooms_help(const Json& definitions, Language language);
std::string room_help(const Json& definitions, std::string_view room, Language language);
std::string operation_help(const Json& definition, Language language);

// An output for people: a list of objects as a table, an object as "name: value" lines. Of a text that is there twice, as
// "title" and "title_zh", only the one in `language`.
std::string render(const Json& output, Language language);

// `text` without what could steer a terminal or hide what it says: control characters, but for ends of lines and tabs, those
// that turn the direction of writing, and bytes that are no UTF-8 become U+FFFD. Much of what is shown strangers wrote.
std::string printable(std::string_view text);

// An output for programs: JSON in one line, in which what `printable` leaves out is escaped.
std::string json_line(const Json& output);

// How many terminal columns `text` takes: a CJK character takes two.
std::size_t display_width(std::string_view text);

}  // namespace hearth::surfaces
