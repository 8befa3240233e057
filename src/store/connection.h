#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hearth::store {

// A prepared statement, lent by its Connection until destroyed. Parameters count from 1, columns from 0, as in SQLite.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, std::string_view text);
  void bind_blob(int index, std::string_view bytes);  // `bytes` outlive the statement's use
  void bind_null(int index);

  template <typename T>
  void bind_value(int index, const T& value) {
    if constexpr (std::same_as<T, Time>) {
      bind(index, static_cast<std::int64_t>(value.time_since_epoch().count()));
    } else if constexpr (std::integral<T>) {
      bind(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::floating_point<T>) {
      bind(index, static_cast<double>(value));
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      bind(index, std::string_view(value));
    } else if constexpr (std::same_as<T, std::nullopt_t>) {
      bind_null(index);
    } else {  // std::optional
      if (value) {
        bind_value(index, *value);
      } else {
        bind_null(index);
      }
    }
  }

  // True: a row is there. False: done.
  Result<bool> step();
  // Back before the first row, to be bound and stepped again; what is bound stays.
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;  // of a blob too
  std::string_view text_view(int column) const;  // valid until the next step
  Time time(int column) const;
  std::optional<std::string> optional_text(int column) const;
  std::optional<Time> optional_time(int column) const;

 private:
  friend class Connection;
  Statement(sqlite3_stmt* statement, sqlite3* database) : statement_(statement), database_(database) {}
  sqlite3_stmt* statement_;
  sqlite3* database_;
};

// One SQLite connection; used by one thread at a time. Blocking.
class Connection {
 public:
  enum class Mode { ReadWrite, ReadOnly };

  // Opens (ReadWrite: makes) the file in WAL mode. Corrupt when it is no database, Unavailable when it is locked.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` is one statement with string-literal lifetime or longer; compiled once and kept.
  Result<Statement> prepare(std::string_view sql);

  // Several statements, no rows: schemas and pragmas.
  Result<> execute(const std::string& sql);

  // Runs one statement that gives no rows.
  template <typename... Args>
  Result<> run(std::string_view sql, const Args&... args) {
    auto statement = TRY(bound(sql, args...));
    while (TRY(statement.step())) {
    }
    return {};
  }

  // Every row, as `read(statement)` gives it.
  template <typename Read, typename... Args>
  Result<std::vector<std::invoke_result_t<Read, Statement&>>> all(std::string_view sql, Read read, const Args&... args) {
    auto statement = TRY(bound(sql, args...));
    std::vector<std::invoke_result_t<Read, Statement&>> rows;
    while (TRY(statement.step())) rows.push_back(read(statement));
    return rows;
  }

  // The first row, or none.
  template <typename Read, typename... Args>
  Result<std::optional<std::invoke_result_t<Read, Statement&>>> one(std::string_view sql, Read read,
                                                                    const Args&... args) {
    auto statement = TRY(bound(sql, args...));
    std::optional<std::invoke_result_t<Read, Statement&>> row;
    if (TRY(statement.step())) row = read(statement);
    return row;
  }

  // The integer of a one-row, one-column query; 0 when there is no row.
  template <typename... Args>
  Result<std::int64_t> integer(std::string_view sql, const Args&... args) {
    auto row = TRY(one(sql, [](Statement& s) { return s.integer(0); }, args...));
    return row.value_or(0);
  }

  std::int64_t last_insert_id() const;
  bool in_transaction() const;  // an error such as a full disk may have ended it
  std::int64_t changes() const;  // rows touched by the last statement
  sqlite3* handle() { return database_; }  // for extensions: tokenizers, functions

 private:
  explicit Connection(sqlite3* database) : database_(database) {}

  template <typename... Args>
  Result<Statement> bound(std::string_view sql, const Args&... args) {
    auto statement = TRY(prepare(sql));
    int index = 0;
    (statement.bind_value(++index, args), ...);
    return statement;
  }

  sqlite3* database_;
  std::unordered_multimap<std::string, sqlite3_stmt*> cache_;
};

}  // namespace hearth::store
