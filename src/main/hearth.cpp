// The command line: hearth [--home DIR] <room> <verb> [--field value …] [--json]
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "main/box_client.h"
#include "surfaces/command_line.h"

namespace hearth {
namespace {

constexpr int kFailed = 1;
constexpr int kMisused = 2;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Reads a line from the terminal without showing it; none when there is no terminal.
std::optional<std::string> ask_secret(std::string_view prompt) {
  if (!::isatty(STDIN_FILENO)) return std::nullopt;
  std::cerr << prompt << ": " << std::flush;
  termios shown{};
  ::tcgetattr(STDIN_FILENO, &shown);
  auto hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
  std::cerr << "\n";
  return read ? std::optional(line) : std::nullopt;
}

int report(const Error& error) {
  std::cerr << "hearth: " << error.message(language_of_environment()) << "\n";
  return error.code() == Code::InvalidInput || error.code() == Code::NotFound ? kMisused : kFailed;
}

int call(const BoxClient& box, const Json& definition, const surfaces::Command& command) {
  const auto print = [&](const Json& output) {
    std::cout << (command.as_json ? output.dump() + "\n" : surfaces::render(output, language_of_environment())) << std::flush;
  };
  const auto* streaming = definition.find("streaming");
  if (streaming && *streaming->as_bool()) {
    const auto done = box.stream(command.operation, command.input, print);
    return done ? 0 : report(done.error());
  }
  const auto output = box.call(command.operation, command.input);
  if (!output) return report(output.error());
  print(*output);
  // A verdict such as audit.verify's is also the exit status.
  const auto* ok = output->find("ok");
  return ok && ok->as_bool() && !*ok->as_bool() ? kFailed : 0;
}

int run(std::vector<std::string> words) {
  std::string home = environment("HEARTH_HOME");
  if (home.empty()) home = environment("HOME") + "/.hearth";
  for (std::size_t i = 0; i < words.size() && words[i].starts_with("--home");) {
    if (words[i].starts_with("--home=")) {
      home = words[i].substr(7);
      words.erase(words.begin());
    } else if (words[i] == "--home" && i + 1 < words.size()) {
      home = words[i + 1];
      words.erase(words.begin(), words.begin() + 2);
    } else {
      return report(Error(Code::InvalidInput, translated("--home needs a folder.")));
    }
  }
  const BoxClient box(home + "/hearth.sock", language_of_environment());
  const auto answer = box.call("kernel.operations", Json::object());
  if (!answer) return report(answer.error());
  const auto& definitions = *answer->find("operations");
  const auto command = surfaces::parse_command(definitions, words, ask_secret);
  if (!command) return report(command.error());
  switch (command->kind) {
    case surfaces::Command::Kind::Rooms:
      std::cout << surfaces::rooms_help(definitions, language_of_environment());
      return 0;
    case surfaces::Command::Kind::Room:
      std::cout << surfaces::room_help(definitions, command->room, language_of_environment());
      return 0;
    case surfaces::Command::Kind::Help:
    case surfaces::Command::Kind::Call:
      break;
  }
  for (const auto& definition : *definitions.as_array()) {
    if (definition.text("name") != command->operation) continue;
    if (command->kind == surfaces::Command::Kind::Call) return call(box, definition, *command);
    std::cout << surfaces::operation_help(definition, language_of_environment());
  }
  return 0;
}

}  // namespace
}  // namespace hearth

int main(int count, char** arguments) { return hearth::run({arguments + 1, arguments + count}); }
