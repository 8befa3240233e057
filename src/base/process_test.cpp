#include "base/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/testing.h"

namespace hearth {
namespace {

TEST(Process, TellsHowItEnded) {
  auto ends = *Process::start({"/bin/sh", {"-c", "exit 3"}, {}, {}});
  EXPECT_EQ(ends.wait().describe().english(), "ended with code 3");
  auto killed = *Process::start({"/bin/sh", {"-c", "kill -9 $$"}, {}, {}});
  EXPECT_EQ(killed.wait().signal, SIGKILL);
}

TEST(Process, GivesDescriptorsEvenWhenTheirNumbersCross) {
  std::array<int, 2> first{};
  std::array<int, 2> second{};
  ASSERT_EQ(::pipe2(first.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(second.data(), O_CLOEXEC), 0);
  {
    auto child = *Process::start({"/bin/sh",
                                  {"-c", "printf one >&$FIRST; printf two >&$SECOND"},
                                  {"FIRST=" + std::to_string(second[1]), "SECOND=" + std::to_string(first[1])},
                                  {{second[1], first[1]}, {first[1], second[1]}}});
    EXPECT_TRUE(child.wait().ok());
  }
  std::array<char, 3> text{};
  EXPECT_EQ(::read(first[0], text.data(), 3), 3);
  EXPECT_EQ(std::string_view(text.data(), 3), "one");
  EXPECT_EQ(::read(second[0], text.data(), 3), 3);
  EXPECT_EQ(std::string_view(text.data(), 3), "two");
  for (const int descriptor : {first[0], first[1], second[0], second[1]}) ::close(descriptor);
}

TEST(Process, SaysWhenThereIsNoSuchProgram) {
  EXPECT_EQ(refusal(Process::start({"/no/such/program", {}, {}, {}})), Code::NotFound);
}

TEST(Process, EndsWithItsObject) {
  pid_t id = -1;
  {
    auto child = *Process::start({"/bin/sleep", {"1000"}, {}, {}});
    id = child.id();
  }
  EXPECT_NE(::kill(id, 0), 0);
}

}  // namespace
}  // namespace hearth
