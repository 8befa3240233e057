#include "memory/extract/sqlite_input.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::string_view kMain = "database";
constexpr std::string_view kLog = "database-wal";
constexpr sqlite3_int64 kMostMemory = 256 << 20;
constexpr std::size_t kHeader = 100;
constexpr std::int64_t kFormatVersions = 18;  // two bytes of the file's header: 1 without a write-ahead log, 2 with

}  // namespace

// SQLite reads through these functions and never opens a file (https://www.sqlite.org/vfs.html).
struct SqliteInput::Files {
  const Input* main = nullptr;
  std::unique_ptr<Input> unpacked;
  std::shared_ptr<const Input> log;
  std::string name;
  sqlite3_vfs vfs{};

  ~Files() { ::sqlite3_vfs_unregister(&vfs); }
};

namespace {

struct OpenFile {
  sqlite3_file base;
  const Input* input;
  bool without_log;  // then the file's header must not ask for one
};

OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int close_file(sqlite3_file*) { return SQLITE_OK; }

int read_file(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
  const auto& open = of(file);
  auto* bytes = static_cast<char*>(into);
  const auto wanted = static_cast<std::size_t>(amount);
  const auto got = open.input->read_at(offset, std::span(bytes, wanted));
  if (!got) return SQLITE_IOERR_READ;
  std::memset(bytes + *got, 0, wanted - *got);
  for (auto at = kFormatVersions; open.without_log && at < kFormatVersions + 2; ++at) {
    if (at >= offset && at < offset + static_cast<std::int64_t>(*got)) bytes[at - offset] = 1;
  }
  return *got == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int refuse_write(sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; }
int refuse_truncate(sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; }
int sync(sqlite3_file*, int) { return SQLITE_OK; }
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = of(file).input->size();
  return SQLITE_OK;
}
int lock(sqlite3_file*, int) { return SQLITE_OK; }
int check_lock(sqlite3_file*, int* locked) {
  *locked = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return 0; }

const sqlite3_io_methods kMethods = {1,         close_file, read_file, refuse_write, refuse_truncate, sync,   file_size, lock, lock,
                                     check_lock, control,   sector_size, characteristics};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags);
int refuse_delete(sqlite3_vfs*, const char*, int) { return SQLITE_OK; }
int access_file(sqlite3_vfs* vfs, const char* path, int flags, int* found);
int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  ::sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}
int randomness(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 0x5A, static_cast<std::size_t>(size));
  return size;
}
int sleep_for(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* days) {
  *days = 2440587.5;
  return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

struct Opened {
  const Input* main;
  const Input* log;
};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int, int* out_flags) {
  file->pMethods = nullptr;
  const auto& opened = *static_cast<Opened*>(vfs->pAppData);
  if (!path) return SQLITE_CANTOPEN;  // a temporary file
  const Input* input = path == kMain ? opened.main : path == kLog ? opened.log : nullptr;
  if (!input) return SQLITE_CANTOPEN;
  auto& open = of(file);
  open.input = input;
  open.without_log = input == opened.main && !opened.log;
  open.base.pMethods = &kMethods;
  if (out_flags) *out_flags = SQLITE_OPEN_READONLY;
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* path, int, int* found) {
  const auto& opened = *static_cast<Opened*>(vfs->pAppData);
  *found = path && (path == kMain || (path == kLog && opened.log));
  return SQLITE_OK;
}

std::unexpected<Error> broken(sqlite3* database) { return fail(Code::Corrupt, "The database cannot be read (SQLite's error {}).", ::sqlite3_errcode(database)); }

}  // namespace

SqliteRows::~SqliteRows() { ::sqlite3_finalize(statement_); }

void SqliteRows::bind(std::int64_t value) {
  ::sqlite3_reset(statement_);
  ::sqlite3_bind_int64(statement_, 1, value);
}

Result<bool> SqliteRows::next() {
  const int result = ::sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return broken(database_);
}

bool SqliteRows::is_null(int column) const { return ::sqlite3_column_type(statement_, column) == SQLITE_NULL; }
std::int64_t SqliteRows::integer(int column) const { return ::sqlite3_column_int64(statement_, column); }
double SqliteRows::real(int column) const { return ::sqlite3_column_double(statement_, column); }

std::string SqliteRows::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(::sqlite3_column_text(statement_, column));
  return bytes ? to_valid_utf8({bytes, static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column))}) : "";
}

std::string SqliteRows::blob(int column) const {
  const auto* bytes = static_cast<const char*>(::sqlite3_column_blob(statement_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column))) : "";
}

SqliteInput::SqliteInput(std::unique_ptr<Files> files, sqlite3* database) : files_(std::move(files)), database_(database) {}
SqliteInput::SqliteInput(SqliteInput&& other) noexcept : files_(std::move(other.files_)), database_(std::exchange(other.database_, nullptr)) {}

SqliteInput::~SqliteInput() {
  ::sqlite3_close(database_);
  if (files_) delete static_cast<Opened*>(files_->vfs.pAppData);
}

Result<SqliteInput> SqliteInput::open(const Input& input, std::string_view name) {
  if (!begins_like_sqlite(TRY(input.read(0, 16)))) return fail(Code::Unsupported, "This is no SQLite database.");
  ::sqlite3_soft_heap_limit64(kMostMemory);
  auto files = std::make_unique<Files>();
  files->main = &input;
  if (input.depth() > 0) {  // SQLite goes to and fro, which a compressed member is slow at
    files->unpacked = std::make_unique<BytesInput>(TRY(input.read_all()));
    files->main = files->unpacked.get();
  }
  files->log = input.beside(std::string(name) + "-wal");
  if (files->log && files->log->size() == 0) files->log = nullptr;
  files->name = fmt::format("hearth-{}", static_cast<const void*>(files.get()));
  auto& vfs = files->vfs;
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 64;
  vfs.zName = files->name.c_str();
  vfs.pAppData = new Opened{files->main, files->log.get()};  // freed with the database
  vfs.xOpen = open_file;
  vfs.xDelete = refuse_delete;
  vfs.xAccess = access_file;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep_for;
  vfs.xCurrentTime = current_time;
  vfs.xGetLastError = last_error;
  sqlite3* database = nullptr;
  int result = ::sqlite3_vfs_register(&vfs, 0);
  if (result == SQLITE_OK) result = ::sqlite3_open_v2(std::string(kMain).c_str(), &database, SQLITE_OPEN_READONLY, vfs.zName);
  SqliteInput opened(std::move(files), database);
  if (result != SQLITE_OK) return fail(Code::Corrupt, "The database cannot be opened.");
  ::sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ::sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  ::sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  ::sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 64 << 20);
  // Alone with it, SQLite keeps a log's index in memory; and nothing may go to temporary files.
  for (const auto* pragma : {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA temp_store = MEMORY", "PRAGMA cell_size_check = ON"}) {
    if (::sqlite3_exec(database, pragma, nullptr, nullptr, nullptr) != SQLITE_OK) return broken(database);
  }
  return opened;
}

Result<SqliteRows> SqliteInput::query(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  if (::sqlite3_prepare_v2(database_, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK) return broken(database_);
  return SqliteRows(database_, statement);
}

bool SqliteInput::has_tables(std::initializer_list<std::string_view> names) const {
  auto rows = query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'");
  if (!rows) return false;
  std::size_t found = 0;
  while (rows->next().value_or(false)) found += std::find(names.begin(), names.end(), rows->text(0)) != names.end();
  return found == names.size();
}

std::set<std::string, std::less<>> SqliteInput::columns(const std::string& table) const {
  std::set<std::string, std::less<>> found;
  auto rows = query(fmt::format("SELECT name FROM pragma_table_info('{}')", table));
  while (rows && rows->next().value_or(false)) found.insert(rows->text(0));
  return found;
}

std::optional<std::string> damage_of_sqlite(const Input& input, std::string_view name) {
  const auto header = input.read(0, kHeader);
  if (!header || !begins_like_sqlite(*header)) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < bytes && at + i < header->size(); ++i) value = value << 8 | static_cast<unsigned char>((*header)[at + i]);
    return value;
  };
  // https://www.sqlite.org/fileformat.html §1.3: how many pages there are holds when it was written with the last change.
  const auto page = number(16, 2) == 1 ? 65536 : number(16, 2);
  const bool counted = number(24, 4) == number(92, 4);
  if (header->size() < kHeader || (counted && input.size() < page * number(28, 4))) return translated("The database was cut off.").english();
  const auto database = SqliteInput::open(input, name);
  if (!database) return database.error().message();
  auto tables = database->query("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error().message();
  if (const auto read = tables->next(); !read) return read.error().message();
  return std::nullopt;
}

bool begins_like_sqlite(std::string_view head) { return head.starts_with(std::string_view("SQLite format 3\0", 16)); }

}  // namespace hearth::memory::extract
