#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

// From the words of the command line to an operation's input, without a box: works on the definitions as kernel.operations
// gives them. Help is in command_help.h, what is shown of an output in terminal_text.h.
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

// The room of an operation's definition.
std::string room_of(const Json& definition);

// The name of a verb or a field as it is typed: with dashes.
std::string dashed(std::string_view name);

}  // namespace hearth::surfaces
