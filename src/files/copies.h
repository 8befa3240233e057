#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "files/implementation.h"

namespace hearth::files {

// Copies one file's bytes and time into a new file and syncs it. `stop` is asked every 16 MiB. Blocking.
Result<> copy_file_bytes(const Root& from_root, const std::string& from, const Root& to_root, const std::string& to,
                         const std::function<bool()>& stop);

// Copies a folder of a home into `staging` of its uploads, a step at a time. Begun again over the same staging it goes on.
// Blocking; one thread at a time.
class TreeCopy {
 public:
  static Result<std::unique_ptr<TreeCopy>> create(HomePointer home, std::string from, std::string staging);

  // Works for about `budget`. True: all is copied.
  Result<bool> step(std::chrono::milliseconds budget, const std::function<bool()>& stop);

  std::int64_t files() const { return files_; }
  std::int64_t bytes() const { return bytes_; }
  const std::string& last() const { return last_; }

 private:
  struct Item {
    std::string path;  // below the folder
    Status status;
  };
  TreeCopy(HomePointer home, std::string from, std::string staging)
      : home_(std::move(home)), from_(std::move(from)), staging_(std::move(staging)) {}

  HomePointer home_;
  std::string from_;
  std::string staging_;
  std::deque<std::string> folders_;
  std::deque<Item> pending_;
  std::int64_t files_ = 0;
  std::int64_t bytes_ = 0;
  std::string last_;
};

}  // namespace hearth::files
