#pragma once
#include <functional>
#include <memory>
#include <optional>
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

  // Queues `run` and resumes the caller on its own executor when it is done; the error of the work or of its commit.
  Task<Result<>> perform(Queue queue, std::move_only_function<Result<>(Connection&)> run);

  template <typename F>
  Task<std::invoke_result_t<F, Connection&>> submit(Queue queue, F work) {
    std::optional<std::invoke_result_t<F, Connection&>> outcome;
    CO_CHECK(co_await perform(queue, [&](Connection& connection) -> Result<> {
      outcome.emplace(work(connection));
      if (!*outcome) return std::unexpected(outcome->error());
      return {};
    }));
    co_return *std::move(outcome);
  }

  std::string path_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace hearth::store
