#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "files/root.h"
#include "files/types.h"

namespace hearth::files {

// Live changes of the folders that someone looks at, from inotify(7). Home thread.
class Watches {
 public:
  explicit Watches(Executor executor);
  ~Watches();

  // Emits what happens in `folder`, which is at `path`, until cancelled, stopped, the folder goes, or `emit` fails.
  Task<Result<>> watch(Descriptor folder, std::string path, std::function<Task<Result<>>(Change)> emit);
  void stop();

 private:
  struct Listener;
  Result<> start();
  Task<> read_events();
  void deliver(int watch, std::uint32_t mask, std::string_view name);

  Executor executor_;
  boost::asio::posix::stream_descriptor inotify_;
  std::multimap<int, std::shared_ptr<Listener>> listeners_;  // by watch; shared with its coroutine
  bool stopped_ = false;
  TaskGroup tasks_;
};

}  // namespace hearth::files
