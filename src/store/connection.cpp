#include "store/connection.h"

#include <sqlite3.h>

#include <cerrno>

namespace hearth::store {
namespace {

Error error_of(sqlite3* database, int result, const Message& doing) {
  const std::string reason = database ? sqlite3_errmsg(database) : sqlite3_errstr(result);
  const char* file = database ? sqlite3_db_filename(database, "main") : nullptr;
  const auto name = file && *file ? Message(std::string(file)) : translated("the database");
  // Where it needs room for its own workings SQLite speaks of a failed disk; the system knows better.
  const bool failed = (result & 0xff) == SQLITE_IOERR || (result & 0xff) == SQLITE_CANTOPEN;
  if ((result & 0xff) == SQLITE_FULL || (failed && database && sqlite3_system_errno(database) == ENOSPC)) {
    return {Code::NoSpace, translated("The disk is full. Free some space and try again; nothing that was stored is lost.")};
  }
  switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Code::Corrupt,
              translated("{} is damaged ({}). Stop the box, keep a copy of the file, and put a backup in its place or "
                          "rescue it with: sqlite3 FILE .recover",
                          name, reason)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::Unavailable, translated("{} is in use by another process.", name)};
    case SQLITE_CANTOPEN:
      return {Code::Unavailable,
              translated("{} cannot be opened ({}). Check that its folder exists and is writable.", name, reason)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {Code::Forbidden, translated("{} cannot be written ({}). Check who owns it.", name, reason)};
    case SQLITE_IOERR:
      return {Code::Unavailable, translated("The disk failed while {}: {}.", doing, reason)};
    case SQLITE_TOOBIG:
      return {Code::TooLarge, translated("Too large to store: {}.", reason)};
    case SQLITE_CONSTRAINT:
      return {Code::Conflict, translated("This contradicts what is stored: {}.", reason)};
    case SQLITE_INTERRUPT:
      return {Code::Cancelled, translated("The query was stopped.")};
    case SQLITE_ERROR:
      if (reason.starts_with("no such table") || reason.starts_with("no such column")) {
        return {Code::Corrupt, translated("{} does not hold what it should ({}). Stop the box, keep a copy of the file, and put a backup in its place.",
                                          name, reason)};
      }
      [[fallthrough]];
    default:
      return {Code::Internal, translated("SQLite, while {}: {}", doing, reason)};
  }
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), database_(other.database_) {}

Statement::~Statement() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

// Binding fails only for an index out of range or without memory: a bug, seen by the statement's result in tests.
void Statement::bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
void Statement::bind(int index, double value) { sqlite3_bind_double(statement_, index, value); }
void Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text(statement_, index, text.data() ? text.data() : "", static_cast<int>(text.size()), SQLITE_TRANSIENT);
}
void Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob(statement_, index, bytes.data() ? bytes.data() : "", static_cast<int>(bytes.size()), SQLITE_STATIC);
}
void Statement::bind_null(int index) { sqlite3_bind_null(statement_, index); }

Result<bool> Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return std::unexpected(error_of(database_, result, std::string(sqlite3_sql(statement_))));
}

void Statement::reset() { sqlite3_reset(statement_); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }
std::string Statement::text(int column) const { return std::string(text_view(column)); }

std::string_view Statement::text_view(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Time Statement::time(int column) const { return Time(Duration(integer(column))); }

std::optional<std::string> Statement::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::optional<Time> Statement::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode) {
  // No counting of memory, which takes a lock for every allocation. Before the first database is opened.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
  sqlite3* database = nullptr;
  const int flags = mode == Mode::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int result = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (result != SQLITE_OK) {
    return fail(Code::Unavailable, "{} cannot be opened ({}). Check that its folder exists and is writable.", path,
                database ? sqlite3_errmsg(database) : sqlite3_errstr(result));
  }
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, 5000);
  // FULL: an acknowledged write survives a power cut. secure_delete: forgotten text is overwritten, not only unlinked.
  TRY(connection->execute(mode == Mode::ReadWrite
                              ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                "PRAGMA secure_delete = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;"
                              : "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;"));
  return connection;
}

Connection::~Connection() {
  for (auto& [sql, statement] : cache_) sqlite3_finalize(statement);
  sqlite3_close_v2(database_);
}

Result<Statement> Connection::prepare(std::string_view sql) {
  // A statement in use (a query inside the loop over the same query) is not lent twice: another copy is made.
  std::string key(sql);
  const auto [begin, end] = cache_.equal_range(key);
  for (auto entry = begin; entry != end; ++entry) {
    if (!sqlite3_stmt_busy(entry->second)) {
      // Busy means stepped; a statement bound but not yet stepped is lent to nobody else, since binding and stepping
      // happen in one expression or with the Statement held by one caller.
      return Statement(entry->second, database_);
    }
  }
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
  if (result != SQLITE_OK) return std::unexpected(error_of(database_, result, std::string(sql)));
  cache_.emplace(std::move(key), statement);
  return Statement(statement, database_);
}

Result<> Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return std::unexpected(error_of(database_, result, translated("running a script")));
  return {};
}

std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(database_); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
std::int64_t Connection::changes() const { return sqlite3_changes64(database_); }

}  // namespace hearth::store
