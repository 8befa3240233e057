#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace hearth {

// A coroutine. Parameters by value, or kept alive by the caller that awaits it. Cancelling it makes its next co_await
// throw; only TaskGroup and the surfaces catch that.
template <typename T = void>
using Task = boost::asio::awaitable<T>;

using Executor = boost::asio::any_io_executor;

// Coroutines that belong to one object. Last member of its owner. Single-threaded: used on the thread of its executor.
// The owner's shutdown awaits `stop()`; the destructor only cancels, so what still runs must not outlive the executor.
class TaskGroup {
 public:
  explicit TaskGroup(Executor executor);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Runs `task` until it ends or the group stops. What it throws is logged under `name`.
  void spawn(std::string name, Task<> task);

  // Cancels every task.
  void cancel();

  // Cancels every task and waits until each has ended.
  Task<> stop();

  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the completion handlers, which may run after the group is gone
};

// Threads for work that blocks: "sqlite", "crypto", "files". Joined by the destructor after the queued work is done.
class ThreadPool {
 public:
  ThreadPool(std::string name, std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  Executor executor() { return pool_.get_executor(); }

 private:
  boost::asio::thread_pool pool_;
};

namespace task_detail {
// Runs `work` on the pool and resumes the caller; throws what it threw.
Task<> run_on(ThreadPool& pool, std::move_only_function<void()> work);
}  // namespace task_detail

// Runs `work` on the pool and resumes the caller on its own executor with what it returned. Being cancelled, the caller waits
// for the work's end all the same: a signal that crosses to the pool's thread would race with it.
template <typename F>
Task<std::invoke_result_t<F>> offload(ThreadPool& pool, F work) {
  if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
    co_await task_detail::run_on(pool, std::move(work));
  } else {
    std::optional<std::invoke_result_t<F>> outcome;
    co_await task_detail::run_on(pool, [&] { outcome.emplace(work()); });
    co_return *std::move(outcome);
  }
}

// Runs `task` on a fresh event loop until it ends: for tests and command-line programs, never on the home thread.
void run_until_done(std::function<Task<>(Executor)> task);

}  // namespace hearth
