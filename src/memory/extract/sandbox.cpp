#include "memory/extract/sandbox.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace hearth::memory::extract {
namespace {

Result<> limit(int resource, rlim_t most, std::string_view name) {
  const rlimit value{most, most};
  if (::setrlimit(static_cast<__rlimit_resource_t>(resource), &value) != 0) {
    return std::unexpected(Error::from_errno(errno, "limiting {}", name));
  }
  return {};
}

Result<> check_filter(int result, fmt::format_string<> doing) {
  if (result < 0) return std::unexpected(Error::from_errno(-result, doing));
  return {};
}

// Reading, answering, memory, time, and ending. Opening anything fails quietly, since libraries try; the rest kills.
Result<> filter_system_calls() {
  const std::unique_ptr<void, void (*)(void*)> filter(::seccomp_init(SCMP_ACT_KILL_PROCESS), ::seccomp_release);
  if (!filter) return fail(Code::Unsupported, "This system has no seccomp filters; the parser will not run without.");
  static constexpr std::array kAllowed = {
      SCMP_SYS(read),         SCMP_SYS(write),        SCMP_SYS(writev),        SCMP_SYS(pread64),      SCMP_SYS(recvmsg),
      SCMP_SYS(close),        SCMP_SYS(fstat),        SCMP_SYS(newfstatat),    SCMP_SYS(lseek),        SCMP_SYS(munmap),
      SCMP_SYS(mremap),       SCMP_SYS(madvise),      SCMP_SYS(brk),           SCMP_SYS(futex),        SCMP_SYS(exit),
      SCMP_SYS(exit_group),   SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(clock_gettime),
      SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),    SCMP_SYS(setitimer),     SCMP_SYS(getpid),       SCMP_SYS(gettid),
      SCMP_SYS(tgkill),       SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(sysinfo)};
  for (const int call : kAllowed) TRY(check_filter(::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0), "allowing a call"));
  static constexpr std::array kRefused = {SCMP_SYS(open),   SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(access),
                                          SCMP_SYS(stat),   SCMP_SYS(lstat),  SCMP_SYS(readlink), SCMP_SYS(socket),
                                          SCMP_SYS(ioctl),  SCMP_SYS(uname),  SCMP_SYS(statx)};
  for (const int call : kRefused) TRY(check_filter(::seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0), "refusing a call"));
  // Memory, but none that can be run.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    TRY(check_filter(::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}),
              "allowing memory"));
  }
  TRY(check_filter(::seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, scmp_arg_cmp{1, SCMP_CMP_EQ, F_GETFL, 0}),
            "allowing a call"));
  return check_filter(::seccomp_load(filter.get()), "closing the sandbox");
}

}  // namespace

Result<> enter_sandbox() {
  // Namespaces of its own, where the kernel lets anyone make them: not needed for what the filter below forbids already.
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWUTS) != 0) {
    (void)::unshare(CLONE_NEWNET | CLONE_NEWIPC);
  }
  if (!kSanitized) TRY(limit(RLIMIT_AS, kAddressSpace, "memory"));
  TRY(limit(RLIMIT_FSIZE, 0, "file size"));
  TRY(limit(RLIMIT_NOFILE, 64, "open files"));
  TRY(limit(RLIMIT_CORE, 0, "core dumps"));
  (void)::setpriority(PRIO_PROCESS, 0, 5);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return std::unexpected(Error::from_errno(errno, "giving up privileges"));
  }
  return kSanitized ? Result<>() : filter_system_calls();
}

void allow_processor_seconds(int seconds) {
  const itimerval timer{{0, 0}, {seconds, 0}};
  (void)::setitimer(ITIMER_PROF, &timer, nullptr);  // SIGPROF, not caught, ends the process
}

}  // namespace hearth::memory::extract
