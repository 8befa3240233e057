#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "memory/extract/input.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hearth::memory::extract {

// One statement that reads a database of somebody else's. Its values are read as they are: text may be no UTF-8.
class SqliteRows {
 public:
  SqliteRows(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  SqliteRows(SqliteRows&& other) noexcept : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
  SqliteRows& operator=(SqliteRows&&) = delete;
  ~SqliteRows();

  void bind(std::int64_t value);  // the only parameter; begins anew
  // False at the end. Corrupt where the database is broken.
  Result<bool> next();
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;  // UTF-8: what is none becomes U+FFFD
  std::string blob(int column) const;

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_;
};

// A SQLite database that is an input, only read; with its write-ahead log, where that is handed over (Input::beside).
class SqliteInput {
 public:
  // Unsupported when it is no such database.
  static Result<SqliteInput> open(const Input& input, std::string_view name);
  SqliteInput(SqliteInput&&) noexcept;
  SqliteInput& operator=(SqliteInput&&) = delete;
  ~SqliteInput();

  // Whether there are such tables: real ones, with rows that are stored.
  bool has_tables(std::initializer_list<std::string_view> names) const;
  // The names of a table's columns.
  std::set<std::string, std::less<>> columns(const std::string& table) const;
  Result<SqliteRows> query(const std::string& sql) const;

 private:
  struct Files;
  SqliteInput(std::unique_ptr<Files> files, sqlite3* database);

  std::unique_ptr<Files> files_;
  sqlite3* database_;
};

bool begins_like_sqlite(std::string_view head);
// Why not all of a database can be read, as far as its first page tells; none when nothing speaks against it, or it is none.
std::optional<std::string> damage_of_sqlite(const Input& input, std::string_view name);

}  // namespace hearth::memory::extract
