#pragma once
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>

#include "base/result.h"
#include "base/task.h"
#include "store/connection.h"

namespace hearth::store {

// One step of a schema's history. Numbered from 1 by its place; never changed once released, only followed by another.
struct Migration {
  std::string_view name;
  std::string_view sql;
};

// A room's part of a database. Rooms that share a file (system.db) number their migrations apart.
struct Schema {
  std::string_view room;
  std::span<const Migration> migrations;  // of static lifetime
};

// A database file: one writer thread that commits queued writes together, and reader threads beside it (WAL).
class Database {
 public:
  struct Options {
    std::size_t readers = 1;
    // Runs on every new connection, before migrations: registers tokenizers and functions.
    std::function<Result<>(Connection&)> prepare = {};
  };

  // Opens or makes the file and brings its schema up to date. Corrupt and Unavailable as Connection::open; Unsupported
  // when a newer Hearth has written it.
  static Result<std::unique_ptr<Database>> open(std::string path, std::vector<Schema> schemas, Options options);
  static Result<std::unique_ptr<Database>> open(std::string path, std::vector<Schema> schemas) {
    return open(std::move(path), std::move(schemas), Options{});
  }
  // Waits for the queued work.
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work(Connection&) -> Result<T>` on the writer thread inside a transaction; resumes the caller on its own executor
  // once the commit is on the disk. An error rolls back this work alone, not what it shares the commit with.
  template <typename F>
  Task<std::invoke_result_t<F, Connection&>> write(F work) {
    return submit(Queue::Write, std::move(work));
  }

  // Runs `work(Connection&) -> Result<T>` on a reader thread, in one transaction; sees everything that was committed before.
  template <typename F>
  Task<std::invoke_result_t<F, Connection&>> read(F work) {
    return submit(Queue::Read, std::move(work));
  }

  // The same at once, on the calling thread: for start-up and for pool threads, never on the home thread once it serves.
  template <typename F>
  std::invoke_result_t<F, Connection&> write_now(F work) {
    using Outcome = std::invoke_result_t<F, Connection&>;
    std::optional<Outcome> outcome;
    wait(Queue::Write, [&](Connection& connection) -> Result<> {
      outcome.emplace(work(connection));
      if (!*outcome) return std::unexpected(outcome->error());
      return {};
    }, [&](Error error) { outcome.emplace(std::unexpected(std::move(error))); });
    return *std::move(outcome);
  }
  template <typename F>
  std::invoke_result_t<F, Connection&> read_now(F work) {
    using Outcome = std::invoke_result_t<F, Connection&>;
    std::optional<Outcome> outcome;
    wait(Queue::Read, [&](Connection& connection) -> Result<> {
      outcome.emplace(work(connection));
      return {};
    }, [&](Error error) { outcome.emplace(std::unexpected(std::move(error))); });
    return *std::move(outcome);
  }

  const std::string& path() const { return path_; }

 private:
  enum class Queue { Write, Read };
  // `run` does the work; its error rolls it back. `finish` is called after the commit (or its failure) on the database's
  // thread; it gets the commit's error, if that failed.
  struct Work {
    std::move_only_function<Result<>(Connection&)> run;
    std::move_only_function<void(std::optional<Error>)> finish;
  };
  struct Threads;

  explicit Database(std::string path);
  void enqueue(Queue queue, Work work);
  void wait(Queue queue, std::move_only_function<Result<>(Connection&)> run, std::move_only_function<void(Error)> failed);

  template <typename F>
  Task<std::invoke_result_t<F, Connection&>> submit(Queue queue, F work) {
    using Outcome = std::invoke_result_t<F, Connection&>;
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(
        [this, queue](auto handler, F body) {
          auto executor = boost::asio::get_associated_executor(handler);
          struct State {
            F body;
            decltype(handler) resume;
            boost::asio::executor_work_guard<decltype(executor)> guard;
            std::optional<Outcome> outcome;
          };
          auto state = std::make_shared<State>(
              State{std::move(body), std::move(handler), boost::asio::make_work_guard(executor), std::nullopt});
          enqueue(queue, Work{[state](Connection& connection) -> Result<> {
                                state->outcome.emplace(state->body(connection));
                                if (!*state->outcome) return std::unexpected(state->outcome->error());
                                return {};
                              },
                              [state, executor](std::optional<Error> error) mutable {
                                if (error) state->outcome.emplace(std::unexpected(*std::move(error)));
                                boost::asio::post(executor, [state = std::move(state)]() mutable {
                                  state->guard.reset();
                                  auto resume = std::move(state->resume);
                                  auto outcome = *std::move(state->outcome);
                                  state.reset();
                                  std::move(resume)(std::move(outcome));
                                });
                              }});
        },
        boost::asio::use_awaitable, std::move(work));
  }

  std::string path_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace hearth::store
