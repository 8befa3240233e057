#include "files/files.h"

namespace hearth::files {
namespace {

// In system.db, beside grants and jobs: what belongs to a file operation commits in the same group as its audit, and the
// box keeps one database open fewer. The bytes themselves never enter the database.
constexpr std::array<store::Migration, 1> kMigrations = {{
    {"files", R"(
      CREATE TABLE files_trash (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, path TEXT NOT NULL, folder INTEGER NOT NULL, size INTEGER NOT NULL,
        trashed INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX files_trash_person ON files_trash (person, id);
      CREATE TABLE files_uploads (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, path TEXT NOT NULL, length INTEGER NOT NULL, metadata TEXT NOT NULL,
        created INTEGER NOT NULL, expires INTEGER NOT NULL,
        synced INTEGER NOT NULL,  -- bytes that a power cut cannot take
        boot TEXT NOT NULL,       -- of the kernel under which bytes past `synced` were written; other: they do not count
        finished TEXT             -- the path it got
      ) WITHOUT ROWID;
      CREATE TABLE files_shares (
        id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, person TEXT NOT NULL, path TEXT NOT NULL, created INTEGER NOT NULL,
        expires INTEGER, uses INTEGER, used INTEGER NOT NULL DEFAULT 0, password TEXT, key BLOB NOT NULL) WITHOUT ROWID;
      CREATE INDEX files_shares_person ON files_shares (person, path);
      CREATE TABLE files_properties (
        person TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (person, path, name)) WITHOUT ROWID;
    )"},
}};

}  // namespace

store::Schema files_schema() { return {"files", kMigrations}; }

}  // namespace hearth::files
