#include "memory/extract/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "memory/extract/mail.h"

namespace hearth::memory::extract {
namespace {

// Runs `body` in a child inside the sandbox; gives the child's wait status.
int run_inside(const std::function<int()>& body) {
  const auto child = ::fork();
  if (child == 0) {
    prepare_mail();
    if (!enter_sandbox()) ::_exit(99);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

bool ended_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }
bool was_killed(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }

TEST(Sandbox, LetsMailBeReadInEveryCharset) {
  EXPECT_TRUE(ended_with(run_inside([] {
                const auto mail = read_mail("Subject: =?big5?B?p0Gmbg==?=\nContent-Type: text/plain; charset=gbk\n\n\xC4\xE3\xBA\xC3");
                const auto html = read_mail("Content-Type: text/html; charset=euc-jp\n\n<p>\xC6\xFC\xCB\xDC");
                const auto polish = read_mail("Content-Type: text/plain; charset=us-ascii\n\nprosz\xEA o odpowied\xBC jeszcze dzi\xB6");
                const auto circled = read_mail("Content-Type: text/plain; charset=iso-2022-jp\n\n\x1B$B-!\x1B(B");
                const auto ukrainian = read_mail("Content-Type: text/plain\n\n\xE4\xD1\xCB\xD5\xC0");
                const bool guessed = polish.text == "proszę o odpowiedź jeszcze dziś" && circled.text == "①" && ukrainian.text == "Дякую";
                return mail.text == "你好" && mail.item.title == "你好" && html.text == "日本" && guessed ? 7 : 1;
              }),
              7));
}

TEST(Sandbox, OpensNoFileAndNoSocket) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own calls are not in the filter";
  EXPECT_TRUE(ended_with(run_inside([] { return ::open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES ? 7 : 1; }), 7));
  EXPECT_TRUE(ended_with(run_inside([] { return ::socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EACCES ? 7 : 1; }), 7));
}

TEST(Sandbox, StartsNoProcessAndRunsNoNewCode) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own calls are not in the filter";
  EXPECT_TRUE(was_killed(run_inside([] { return ::fork() >= 0 ? 1 : 2; }), SIGSYS));
  EXPECT_TRUE(was_killed(run_inside([] {
                           char* const none[] = {nullptr};
                           ::execve("/bin/true", none, none);
                           return 1;
                         }),
                         SIGSYS));
  EXPECT_TRUE(was_killed(run_inside([] {
                           ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                           return 1;
                         }),
                         SIGSYS));
  EXPECT_TRUE(was_killed(run_inside([] { return ::kill(::getppid(), SIGTERM); }), SIGSYS));
}

TEST(Sandbox, EndsWhatTakesTooMuchTimeOrMemory) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's own calls are not in the filter";
  EXPECT_TRUE(was_killed(run_inside([] {
                           allow_processor_seconds(1);
                           for (volatile int i = 0;; i = i + 1) {
                           }
                           return 1;
                         }),
                         SIGPROF));
  EXPECT_TRUE(ended_with(run_inside([] {
                           return ::mmap(nullptr, kAddressSpace, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 7 : 1;
                         }),
                         7));
}

}  // namespace
}  // namespace hearth::memory::extract
