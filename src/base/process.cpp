#include "base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hearth {
namespace {

// Above every number that a child is given: descriptors are moved here first, so that none is overwritten on its way.
constexpr int kAboveChildren = 64;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

void Descriptor::close() {
  if (value_ >= 0) ::close(std::exchange(value_, -1));
}

Message ExitStatus::describe() const {
  return signal == 0 ? translated("ended with code {}", code)
                     : translated("was ended by signal {} ({})", signal, ::strsignal(signal));
}

Result<Process> Process::start(const Command& command) {
  std::vector<std::string> words{command.program.string()};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  auto arguments = pointers(words);
  auto environment = pointers(command.environment);

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  std::vector<Descriptor> moved;
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  for (const auto& [child, ours] : command.descriptors) {
    moved.emplace_back(::fcntl(ours, F_DUPFD_CLOEXEC, kAboveChildren));
    ::posix_spawn_file_actions_adddup2(&actions, moved.back().get(), child);
  }
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t id = -1;
  const int failure = ::posix_spawn(&id, words[0].c_str(), &actions, &attributes, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failure != 0) return std::unexpected(Error::from_errno(failure, "starting {}", words[0]));
  return Process(id);
}

Process::~Process() {
  if (id_ < 0) return;
  signal(SIGKILL);
  (void)wait();
}

void Process::signal(int number) const {
  if (id_ > 0) ::kill(id_, number);
}

ExitStatus Process::wait() {
  int status = 0;
  const auto id = std::exchange(id_, -1);
  while (id > 0 && ::waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

}  // namespace hearth
