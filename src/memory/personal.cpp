#include "memory/personal.h"

#include "memory/fts_tokenizer.h"
#include "memory/live.h"
#include "memory/schema.h"

namespace hearth::memory {

namespace {

// A search looks at some hundred places of a large file: what leads to them stays in memory.
Result<> prepare(store::Connection& connection) {
  TRY(connection.execute("PRAGMA cache_size = -8192"));
  return register_tokenizer(connection);
}

}  // namespace

Result<std::shared_ptr<PersonalMemory>> PersonalMemory::open(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected(Error::from_errno(error.value(), "making {}", folder.string()));
  // A new database would number its sources from the beginning, and write over the originals.
  const auto size = std::filesystem::file_size(folder / "memory.db", error);
  const bool lost = error || size == 0;
  if (lost && std::filesystem::directory_iterator(folder / "originals", error) != std::filesystem::directory_iterator()) {
    return fail(Code::Corrupt, "{} is missing, or was emptied, though the originals of what it remembers are there. Put a backup of it back;"
                " to begin anew, move {} away.", (folder / "memory.db").string(), (folder / "originals").string());
  }
  auto database = TRY(store::Database::open(folder / "memory.db", {memory_schema(), live_schema()},
                                            store::Database::Options{.readers = 2, .prepare = prepare}));
  return std::shared_ptr<PersonalMemory>(new PersonalMemory(std::move(database), Originals(folder / "originals")));
}

Result<bool> PersonalMemory::empty_log() {
  auto connection = TRY(store::Connection::open(database_->path(), store::Connection::Mode::ReadWrite));
  return TRY(connection->integer("PRAGMA wal_checkpoint(TRUNCATE)")) == 0;  // the first column: whether it was blocked
}

}  // namespace hearth::memory
