#include "store/database.h"

#include <pthread.h>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <semaphore>
#include <thread>

#include "base/log.h"

namespace hearth::store {
namespace {

constexpr std::size_t kMostWritesPerCommit = 256;

std::unexpected<Error> not_ours(const std::string& path) {
  return fail(Code::Corrupt, "{} is a database, but not as Hearth makes it. Keep a copy of the file, and put a backup in its place.", path);
}

// The table that says which schemas the database has. What is no database of Hearth's is left as it is.
Result<> find_versions(Connection& connection, const std::string& path) {
  if (TRY(connection.integer("SELECT count(*) FROM sqlite_master WHERE name = 'schema_versions'")) > 0) return {};
  if (TRY(connection.integer("SELECT count(*) FROM sqlite_master")) > 0) return not_ours(path);
  return connection.execute("CREATE TABLE schema_versions (room TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID");
}

Result<> migrate(Connection& connection, const std::string& path, const Schema& schema) {
  const std::string room(schema.room);
  const auto unknown = TRY(connection.integer(
      "SELECT count(*) FROM schema_versions WHERE room = ? AND (typeof(version) <> 'integer' OR version < 1)", room));
  if (unknown > 0) return not_ours(path);
  const auto version = TRY(connection.integer("SELECT coalesce(max(version), 0) FROM schema_versions WHERE room = ?", room));
  if (version > static_cast<std::int64_t>(schema.migrations.size())) {
    return fail(Code::Unsupported, "{} was written by a newer Hearth ({} schema {}, this one knows {}). Update Hearth.",
                path, room, version, schema.migrations.size());
  }
  for (auto next = static_cast<std::size_t>(version); next < schema.migrations.size(); ++next) {
    const auto& migration = schema.migrations[next];
    if (auto applied = connection.execute(std::string(migration.sql)); !applied) {
      if (applied.error().code() != Code::Internal) {
        return std::unexpected(std::move(applied).error().with(
            fmt::format("applying {} migration {} \"{}\" to {}", room, next + 1, migration.name, path)));
      }
      // Not the disk: there is something that should not be there yet.
      return fail(Code::Corrupt, "{} cannot be brought up to date ({} schema {}: {}). It does not hold what its version says: keep a copy of the"
                  " file, and put a backup in its place.", path, room, next + 1, applied.error().sentence());
    }
    TRY(connection.run("INSERT INTO schema_versions (room, version) VALUES (?1, ?2) ON CONFLICT (room) DO UPDATE SET version = excluded.version",
                       room, static_cast<std::int64_t>(next + 1)));
  }
  return {};
}

// All of it or nothing, and by one process or thread at a time.
Result<> bring_up_to_date(Connection& connection, const std::string& path, const std::vector<Schema>& schemas) {
  TRY(connection.run("BEGIN IMMEDIATE"));
  auto done = find_versions(connection, path);
  for (const auto& schema : schemas) {
    if (done) done = migrate(connection, path, schema);
  }
  if (done) done = connection.run("COMMIT");
  if (!done) (void)connection.execute("ROLLBACK");
  return done;
}

}  // namespace

struct Database::Threads {
  struct Lane {
    std::mutex mutex;
    std::condition_variable filled;
    std::deque<Work> queue;
    bool closing = false;

    void add(Work work) {
      {
        const std::lock_guard lock(mutex);
        queue.push_back(std::move(work));
      }
      filled.notify_one();
    }
    void close() {
      {
        const std::lock_guard lock(mutex);
        closing = true;
      }
      filled.notify_all();
    }
    // The next works, at most `most`; empty when closed and drained.
    std::deque<Work> take(std::size_t most) {
      std::unique_lock lock(mutex);
      filled.wait(lock, [&] { return closing || !queue.empty(); });
      if (queue.size() <= most) return std::exchange(queue, {});
      std::deque<Work> some(std::move_iterator(queue.begin()), std::move_iterator(queue.begin() + static_cast<std::ptrdiff_t>(most)));
      queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(most));
      return some;
    }
  };

  Lane writes;
  Lane reads;
  std::vector<std::unique_ptr<Connection>> connections;  // the writer's first
  std::vector<std::jthread> threads;

  static void run_reader(Lane& lane, Connection& connection) {
    for (auto works = lane.take(1); !works.empty(); works = lane.take(1)) {
      // One transaction: all its statements see the same state, and the file is locked once instead of for each of them.
      const auto begun = connection.run("BEGIN");
      auto outcome = works.front().run(connection);
      if (begun) (void)connection.run("COMMIT");
      works.front().finish(std::nullopt);
    }
  }

  static void run_writer(Lane& lane, Connection& connection) {
    for (auto works = lane.take(kMostWritesPerCommit); !works.empty(); works = lane.take(kMostWritesPerCommit)) {
      auto committed = commit_together(works, connection);
      for (auto& work : works) {
        work.finish(committed ? std::nullopt : std::optional(committed.error()));
      }
    }
  }

  static Result<> commit_together(std::deque<Work>& works, Connection& connection) {
    TRY(connection.run("BEGIN IMMEDIATE"));
    for (auto& work : works) {
      if (auto begun = connection.run("SAVEPOINT work"); !begun) {
        (void)connection.run("ROLLBACK");
        return begun;
      }
      auto done = work.run(connection);
      // After an error such as a full disk SQLite has rolled back everything: no work of this batch happened, and the rest
      // must not begin, or their savepoints would be transactions of their own.
      if (!done && !connection.in_transaction()) return std::unexpected(done.error());
      if (!done) (void)connection.run("ROLLBACK TO work");
      (void)connection.run("RELEASE work");
    }
    auto committed = connection.run("COMMIT");
    if (!committed) (void)connection.run("ROLLBACK");
    return committed;
  }
};

Database::Database(std::string path) : path_(std::move(path)), threads_(std::make_unique<Threads>()) {}

Result<std::unique_ptr<Database>> Database::open(std::string path, std::vector<Schema> schemas, Options options) {
  std::unique_ptr<Database> database(new Database(std::move(path)));
  auto& threads = *database->threads_;
  const auto connect = [&](Connection::Mode mode) -> Result<std::unique_ptr<Connection>> {
    auto connection = TRY(Connection::open(database->path_, mode));
    if (options.prepare) TRY(options.prepare(*connection));
    return connection;
  };
  threads.connections.push_back(TRY(connect(Connection::Mode::ReadWrite)));
  auto& writer_connection = *threads.connections.front();
  TRY(bring_up_to_date(writer_connection, database->path_, schemas));
  std::error_code ignored;
  std::filesystem::permissions(database->path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ignored);
  for (std::size_t i = 0; i < options.readers; ++i) threads.connections.push_back(TRY(connect(Connection::Mode::ReadOnly)));

  for (std::size_t i = 0; i < threads.connections.size(); ++i) {
    threads.threads.emplace_back([&threads, &connection = *threads.connections[i], writer = i == 0] {
      pthread_setname_np(pthread_self(), writer ? "sqlite-write" : "sqlite-read");
      if (writer) {
        Threads::run_writer(threads.writes, connection);
      } else {
        Threads::run_reader(threads.reads, connection);
      }
    });
  }
  return database;
}

Database::~Database() {
  threads_->writes.close();
  threads_->reads.close();
  threads_->threads.clear();  // joins
  // The writer's last: only it can bring what lies in the write-ahead log into the file, which the last to close does.
  while (!threads_->connections.empty()) threads_->connections.pop_back();
}

void Database::enqueue(Queue queue, Work work) {
  (queue == Queue::Write ? threads_->writes : threads_->reads).add(std::move(work));
}

Task<Result<>> Database::perform(Queue queue, std::move_only_function<Result<>(Connection&)> run) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<>)>(
      [this, queue](auto handler, std::move_only_function<Result<>(Connection&)> body) {
        const Executor executor = boost::asio::get_associated_executor(handler);
        enqueue(queue, Work{std::move(body), [executor, guard = boost::asio::make_work_guard(executor),
                                              resume = std::move(handler)](std::optional<Error> error) mutable {
                              boost::asio::post(executor, [guard = std::move(guard), resume = std::move(resume),
                                                           error = std::move(error)]() mutable {
                                guard.reset();
                                std::move(resume)(error ? Result<>(std::unexpected(*std::move(error))) : Result<>());
                              });
                            }});
      },
      boost::asio::use_awaitable, std::move(run));
}

void Database::wait(Queue queue, std::move_only_function<Result<>(Connection&)> run,
                    std::move_only_function<void(Error)> failed) {
  std::binary_semaphore done(0);
  enqueue(queue, Work{std::move(run), [&](std::optional<Error> error) {
                        if (error) failed(*std::move(error));
                        done.release();
                      }});
  done.acquire();
}

}  // namespace hearth::store
