#include "base/task.h"

#include <pthread.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <list>

#include "base/log.h"

namespace hearth {

struct TaskGroup::State {
  struct Entry {
    std::string name;
    boost::asio::cancellation_signal signal;
  };
  explicit State(Executor e) : executor(e), ended(e) { ended.expires_at(std::chrono::steady_clock::time_point::max()); }

  Executor executor;
  std::list<Entry> entries;
  boost::asio::steady_timer ended;  // cancelled, which wakes its waiters, when the last entry goes
};

TaskGroup::TaskGroup(Executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() { cancel(); }

std::size_t TaskGroup::size() const { return state_->entries.size(); }

void TaskGroup::spawn(std::string name, Task<> task) {
  auto entry = state_->entries.emplace(state_->entries.end());
  entry->name = std::move(name);
  auto done = [state = state_, entry](std::exception_ptr failure) {
    if (failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const boost::system::system_error& error) {
        if (error.code() != boost::asio::error::operation_aborted) log::error("{}: {}", entry->name, error.what());
      } catch (const std::exception& error) {
        log::error("{}: {}", entry->name, error.what());
      }
    }
    state->entries.erase(entry);
    if (state->entries.empty()) state->ended.cancel();
  };
  boost::asio::co_spawn(state_->executor, std::move(task),
                        boost::asio::bind_cancellation_slot(entry->signal.slot(), std::move(done)));
}

void TaskGroup::cancel() {
  // A cancelled task may end, and so leave the list, inside emit().
  for (auto entry = state_->entries.begin(); entry != state_->entries.end();) {
    auto current = entry++;
    current->signal.emit(boost::asio::cancellation_type::all);
  }
}

Task<> TaskGroup::stop() {
  auto state = state_;
  cancel();
  while (!state->entries.empty()) {
    boost::system::error_code ignored;
    co_await state->ended.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
}

ThreadPool::ThreadPool(std::string name, std::size_t threads) : pool_(threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    boost::asio::post(pool_, [name] { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); });
  }
}

ThreadPool::~ThreadPool() { pool_.join(); }

namespace task_detail {

Task<> run_on(ThreadPool& pool, std::move_only_function<void()> work) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
      [&pool](auto handler, std::move_only_function<void()> body) {
        const Executor executor = boost::asio::get_associated_executor(handler);
        boost::asio::post(pool.executor(), [executor, guard = boost::asio::make_work_guard(executor), resume = std::move(handler),
                                            body = std::move(body)]() mutable {
          std::exception_ptr thrown;
          try {
            body();
          } catch (...) {
            thrown = std::current_exception();
          }
          boost::asio::post(executor, [guard = std::move(guard), resume = std::move(resume), thrown]() mutable {
            guard.reset();
            std::move(resume)(thrown);
          });
        });
      },
      boost::asio::use_awaitable, std::move(work));
}

}  // namespace task_detail

void run_until_done(std::function<Task<>(Executor)> task) {
  boost::asio::io_context context(1);
  std::exception_ptr failure;
  boost::asio::co_spawn(context, task(context.get_executor()), [&](std::exception_ptr thrown) { failure = thrown; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hearth
