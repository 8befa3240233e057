// The command line: hearth [--home DIR] <room> <verb> [--field value …] [--json], or hearth --version
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "main/box_client.h"
#include "main/home_path.h"
#include "surfaces/command_help.h"
#include "surfaces/command_line.h"
#include "surfaces/terminal_text.h"

namespace hearth {
namespace {

constexpr int kFailed = 1;
constexpr int kMisused = 2;

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

int say_unwritten() {
  errno = EIO;  // where trying again does not tell
  (void)!::write(STDOUT_FILENO, "\n", 1);
  std::cerr << "hearth: " << translated("The output could not be written: {}.", reason_of(errno)).in(language_of_environment()) << "\n";
  return kFailed;
}

int report(const Error& error) {
  std::cerr << "hearth: " << surfaces::printable(error.message(language_of_environment())) << "\n";
  return error.code() == Code::InvalidInput || error.code() == Code::NotFound ? kMisused : kFailed;
}

bool is_claimed(const BoxClient& box) {
  const auto status = box.call("identity.state", Json::object());
  const auto* claimed = status ? status->find("claimed") : nullptr;
  return !claimed || !claimed->as_bool() || *claimed->as_bool();
}

int call(const BoxClient& box, const Json& definition, const surfaces::Command& command) {
  const auto print = [&](const Json& output) {
    std::cout << (command.as_json ? surfaces::json_line(output) : surfaces::render(output, language_of_environment())) << std::flush;
  };
  const auto* streaming = definition.find("streaming");
  if (streaming && *streaming->as_bool()) {
    const auto done = box.stream(command.operation, command.input, [&](const Json& event) {
      print(event);
      if (!command.as_json) std::cout << "\n" << std::flush;
      if (!std::cout) std::exit(say_unwritten());
    });
    return done ? 0 : report(done.error());
  }
  const auto output = box.call(command.operation, command.input);
  if (!output && output.error().code() == Code::Unauthenticated && !is_claimed(box)) {
    return report(Error(Code::Unauthenticated, translated("This box has no owner yet. Open its address in a browser, or run: hearth identity setup --help."
                                                          " The setup code stands where hearthd was started.")));
  }
  if (!output) return report(output.error());
  print(*output);
  // A verdict such as audit.verify's is also the exit status.
  const auto* ok = output->find("ok");
  return ok && ok->as_bool() && !*ok->as_bool() ? kFailed : 0;
}

// The folder that --home names at the front of `words`, or the environment; what was read is taken out.
Result<std::filesystem::path> take_home(std::vector<std::string>& words) {
  auto home = home_of_environment();
  while (!words.empty() && (words[0] == "--home" || words[0].starts_with("--home="))) {
    const bool joined = words[0] != "--home";
    home = joined ? words[0].substr(7) : words.size() > 1 ? words[1] : "";
    if (home.empty()) return fail(Code::InvalidInput, "--home needs a folder.");
    words.erase(words.begin(), words.begin() + (joined ? 1 : 2));
  }
  return home;
}

bool asks_for_usage(const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [](const auto& word) { return word == "--help" || word == "-h"; });
}

int run(std::vector<std::string> words) {
  const auto home = take_home(words);
  if (!home) return report(home.error());
  if (!words.empty() && words[0] == "--version") {
    std::cout << "hearth " HEARTH_VERSION "\n";
    return 0;
  }
  if (const auto named = check_named(*home); !named) return report(named.error());
  const auto path = socket_of(*home);
  if (!path) return report(path.error());
  const auto socket = path->string();
  const BoxClient box(socket, language_of_environment());
  const auto answer = box.call("kernel.operations", Json::object());
  if (!answer && answer.error().code() == Code::Unavailable && asks_for_usage(words)) {
    const auto rooms = translated("The rooms are listed when a box runs. None runs at {}: start it with ./run.sh.", socket);
    std::cout << surfaces::usage(language_of_environment()) << rooms.in(language_of_environment()) << "\n";
    return 0;
  }
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

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_DFL);
  const int status = hearth::run({arguments + 1, arguments + count});
  std::cout.flush();
  return std::cout ? status : hearth::say_unwritten();
}
