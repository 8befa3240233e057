#include <array>

#include "kernel/kernel.h"

namespace hearth::kernel {
namespace {

constexpr std::array<store::Migration, 3> kMigrations = {{
    {"first", R"sql(
      CREATE TABLE grants (
        id TEXT PRIMARY KEY, principal TEXT NOT NULL, operations TEXT NOT NULL, resources TEXT NOT NULL,
        person TEXT NOT NULL, after_untrusted INTEGER NOT NULL, until INTEGER, uses INTEGER, per_minute INTEGER,
        budget REAL, created INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE TABLE labels (
        principal TEXT PRIMARY KEY, confidentiality INTEGER NOT NULL, owner TEXT NOT NULL, integrity INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE clearances (destination TEXT PRIMARY KEY, confidentiality INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE approvals (
        id TEXT PRIMARY KEY, principal TEXT NOT NULL, person TEXT NOT NULL, operation TEXT NOT NULL, input TEXT NOT NULL,
        resources TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL, created INTEGER NOT NULL,
        expires INTEGER NOT NULL, decided INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX approvals_by_person ON approvals (person, created);
      CREATE TABLE jobs (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, person TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
        error TEXT NOT NULL DEFAULT '', input TEXT NOT NULL, checkpoint TEXT NOT NULL DEFAULT 'null',
        result TEXT NOT NULL DEFAULT 'null', cancelled INTEGER NOT NULL DEFAULT 0,
        created INTEGER NOT NULL, finished INTEGER, attempts INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE INDEX jobs_by_person ON jobs (person, created);
      CREATE INDEX jobs_unfinished ON jobs (state) WHERE finished IS NULL;
      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, principal TEXT NOT NULL, person TEXT NOT NULL,
        operation TEXT NOT NULL, effect TEXT NOT NULL, resource TEXT NOT NULL, outcome TEXT NOT NULL,
        address TEXT NOT NULL, hash BLOB NOT NULL
      );
      CREATE INDEX audit_by_person ON audit (person, seq);
      CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, mac BLOB NOT NULL)
    )sql"},
    {"texts in Chinese", R"sql(
      ALTER TABLE jobs ADD COLUMN title_zh TEXT NOT NULL DEFAULT '';
      ALTER TABLE jobs ADD COLUMN note_zh TEXT NOT NULL DEFAULT '';
      ALTER TABLE jobs ADD COLUMN error_zh TEXT NOT NULL DEFAULT '';
      ALTER TABLE approvals ADD COLUMN reason_zh TEXT NOT NULL DEFAULT ''
    )sql"},
    {"jobs that do not get on", "ALTER TABLE jobs ADD COLUMN stalled INTEGER NOT NULL DEFAULT 0"},
}};

}  // namespace

store::Schema kernel_schema() { return {"kernel", kMigrations}; }

}  // namespace hearth::kernel
