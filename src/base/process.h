#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hearth {

// An open file, socket or pipe; closed with the object.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }  // the caller closes it
  explicit operator bool() const { return value_ >= 0; }
  void close();

 private:
  int value_ = -1;
};

// How a process ended.
struct ExitStatus {
  int code = 0;    // of a normal end
  int signal = 0;  // that ended it; 0: it ended by itself
  bool ok() const { return code == 0 && signal == 0; }
  Message describe() const;  // "ended with code 2", "was ended by signal 11 (Segmentation fault)"
};

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;    // without the program itself
  std::vector<std::string> environment;  // "NAME=value", all of it
  std::vector<std::pair<int, int>> descriptors;  // {the child's number, ours}; all others are closed there, 0 reads nothing
};

// A running child process. Not for concurrent use; no thread of ours but its user waits for it.
class Process {
 public:
  // NotFound when there is no such program.
  static Result<Process> start(const Command& command);
  Process(Process&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Process& operator=(Process&&) = delete;
  ~Process();  // kills it when it still runs

  pid_t id() const { return id_; }
  void signal(int number) const;
  ExitStatus wait();  // blocks until it has ended

 private:
  explicit Process(pid_t id) : id_(id) {}
  pid_t id_;  // -1: ended and waited for
};

}  // namespace hearth
