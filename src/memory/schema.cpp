#include "memory/schema.h"

namespace hearth::memory {
namespace {

constexpr std::array<store::Migration, 5> kMigrations = {{{"sources, items, passages", R"sql(
CREATE TABLE sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,               -- a SourceKind
  name TEXT NOT NULL,
  origin TEXT NOT NULL,             -- where it is read from
  confidentiality TEXT NOT NULL,
  integrity TEXT NOT NULL,
  created INTEGER NOT NULL,
  finished INTEGER,                 -- when an import last came to its end
  items INTEGER NOT NULL DEFAULT 0,
  passages INTEGER NOT NULL DEFAULT 0,
  oldest INTEGER,                   -- the items in its index lie between these
  newest INTEGER,
  originals INTEGER NOT NULL DEFAULT 0,  -- bytes in the pack of its originals
  forgetting INTEGER NOT NULL DEFAULT 0,
  job TEXT NOT NULL DEFAULT '',     -- the last one that worked on it
  UNIQUE (kind, origin)
);

CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source INTEGER NOT NULL,          -- in whose index its passages are
  key BLOB NOT NULL UNIQUE,         -- the same content has the same key, whatever source it comes from
  kind TEXT NOT NULL,               -- an ItemKind
  external_id TEXT NOT NULL,
  type TEXT NOT NULL,               -- media type of the original
  title TEXT NOT NULL,
  time INTEGER,
  until INTEGER,                    -- when an event or a recording ends
  certainty TEXT NOT NULL,          -- a TimeCertainty
  zone INTEGER,                     -- minutes east of Greenwich on the author's clock
  thread INTEGER,                   -- a number made of the id of the thread's first message
  part_of BLOB,                     -- the key of the item that it is attached to
  outside INTEGER NOT NULL,         -- somebody else may have written it
  attached INTEGER NOT NULL,        -- how many attachments it has
  confidentiality TEXT,             -- a label of its own, in place of its source's
  integrity TEXT,
  details TEXT NOT NULL             -- people, attachments, places and tags, as JSON
);
CREATE INDEX items_by_part ON items (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX items_by_thread ON items (thread, time) WHERE thread IS NOT NULL;
CREATE INDEX items_by_time ON items (time, kind);
CREATE INDEX items_by_source ON items (source, time);

-- Items that a person has asked to forget: nothing shows them any more, and a job removes them.
CREATE TABLE doomed (item INTEGER PRIMARY KEY);

-- Where an item was found. An item is there as long as one of its origins is.
CREATE TABLE origins (
  source INTEGER NOT NULL,
  place TEXT NOT NULL,              -- a path within the source, in a file of many items with a name for the item
  item INTEGER NOT NULL,
  size INTEGER NOT NULL,            -- of the file, with modified: whether it must be read again
  modified INTEGER NOT NULL,
  original_start INTEGER NOT NULL,  -- in the pack of the source's originals
  original_length INTEGER NOT NULL,
  PRIMARY KEY (source, place)
) WITHOUT ROWID;
CREATE INDEX origins_by_item ON origins (item);

-- The text of an item is that of its passages in order.
CREATE TABLE passages (id INTEGER PRIMARY KEY, text TEXT NOT NULL);

-- What an embedding model made of a passage, eight bits a number. It goes with its passage.
CREATE TABLE vectors (
  passage INTEGER PRIMARY KEY,
  embedder INTEGER NOT NULL,
  vector BLOB NOT NULL
);
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
  DELETE FROM vectors WHERE passage = old.id;
END;

-- Who items name: an address, or a name where there is none. Several may be one person: `root` is the id of the one that
-- stands for them all, its own unless they were merged. Items keep the address they came with.
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root INTEGER NOT NULL,
  address TEXT NOT NULL,
  name TEXT NOT NULL
);
CREATE INDEX people_by_root ON people (root);
CREATE UNIQUE INDEX people_by_address ON people (address) WHERE address <> '';
CREATE UNIQUE INDEX people_by_name ON people (name) WHERE address = '';
-- The terms of each person's name, and of their address before the @: which words of a query name somebody.
CREATE TABLE people_words (
  word TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (word, person)
) WITHOUT ROWID;
CREATE INDEX people_words_by_person ON people_words (person);
CREATE TRIGGER people_added AFTER INSERT ON people BEGIN
  INSERT OR IGNORE INTO people_words SELECT value, new.id
    FROM json_each(hearth_terms(new.name || ' ' || substr(new.address, 1, instr(new.address || '@', '@') - 1)));
END;
CREATE TRIGGER people_changed AFTER UPDATE ON people BEGIN
  DELETE FROM people_words WHERE person = old.id;
  INSERT OR IGNORE INTO people_words SELECT value, new.id
    FROM json_each(hearth_terms(new.name || ' ' || substr(new.address, 1, instr(new.address || '@', '@') - 1)));
END;
CREATE TRIGGER people_removed AFTER DELETE ON people BEGIN
  DELETE FROM people_words WHERE person = old.id;
END;
CREATE TABLE item_people (
  person INTEGER NOT NULL,
  item INTEGER NOT NULL,
  role INTEGER NOT NULL,            -- an extract::Role
  time INTEGER,                     -- the item's
  PRIMARY KEY (person, item, role)
) WITHOUT ROWID;
CREATE INDEX item_people_by_item ON item_people (item);

-- Who was found to be the same, in this order. `root` above is made of the rows that stand, so that one that is taken back
-- leaves no trace but itself: a card or a suggestion does not bring it up again. A number may be of nobody any more.
CREATE TABLE merges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  keep INTEGER NOT NULL,
  other INTEGER NOT NULL,
  card INTEGER,                     -- the item that says so; none: the owner did
  undone INTEGER NOT NULL DEFAULT 0,
  time INTEGER NOT NULL
);
CREATE INDEX merges_by_keep ON merges (keep);
CREATE INDEX merges_by_other ON merges (other);
CREATE INDEX merges_by_card ON merges (card) WHERE card IS NOT NULL;

CREATE TABLE item_tags (
  tag TEXT NOT NULL,
  item INTEGER NOT NULL,
  PRIMARY KEY (tag, item)
) WITHOUT ROWID;
CREATE INDEX item_tags_by_item ON item_tags (item);

-- How far each file that holds many items was read. Of an mbox a digest of the bytes before, which tells whether it only grew.
CREATE TABLE files (
  source INTEGER NOT NULL,
  place TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (source, place)
) WITHOUT ROWID;

CREATE TABLE failures (
  source INTEGER NOT NULL,
  place TEXT NOT NULL,
  offset INTEGER NOT NULL,
  reason TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (source, place, offset)
) WITHOUT ROWID;

-- Keys of items that a person forgot, other than with their source: reading it again does not bring them back.
CREATE TABLE forgotten (key BLOB PRIMARY KEY) WITHOUT ROWID;

-- Indexes that may hold terms of removed items until they are rewritten.
CREATE TABLE stained (source INTEGER PRIMARY KEY);

CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  filters TEXT NOT NULL,            -- SearchFilters, as JSON
  created INTEGER NOT NULL
);

-- Promises and dates that are done, or that are none: by the item and where the sentence begins in its text.
CREATE TABLE settled (
  item INTEGER NOT NULL,
  start INTEGER NOT NULL,
  state TEXT NOT NULL,              -- a PromiseState
  time INTEGER NOT NULL,
  PRIMARY KEY (item, start)
) WITHOUT ROWID;
)sql"},
                                                          {"threads of mail, people to look at anew", R"sql(
-- Numbers of mails' ids that belong to a thread of another number: that of the thread, or of one more that leads there. So a
-- thread stays one when a mail names only the last of those before it.
CREATE TABLE mail_threads (message INTEGER PRIMARY KEY, thread INTEGER NOT NULL);

-- People whom a removed item named. Their name may be known only from it, and cards that are left may say more or less of
-- them: both is worked out anew.
CREATE TABLE unsettled_people (person INTEGER PRIMARY KEY);
)sql"},
                                                          {"how many passages an item has", R"sql(
-- They are numbered from the first: what stands around one is known from the index of threads alone.
ALTER TABLE items ADD COLUMN passages INTEGER NOT NULL DEFAULT 0;
UPDATE items SET passages = (SELECT count(*) FROM passages WHERE passages.id BETWEEN items.id << 16 AND items.id << 16 | 65535);
DROP INDEX items_by_thread;
CREATE INDEX items_by_thread ON items (thread, time, id, passages) WHERE thread IS NOT NULL;
)sql"},
                                                          {"tags by where they come from", R"sql(
-- A JSON list, or '' for none: what this place said of the item. Its tags are those of all its origins.
ALTER TABLE origins ADD COLUMN tags TEXT NOT NULL DEFAULT '';
)sql"},
                                                          {"the last message of an mbox", R"sql(
-- Of an mbox that was read to its end, where its last message begins and what that is called within it: it may have been half
-- written.
ALTER TABLE files ADD COLUMN last_start INTEGER;
ALTER TABLE files ADD COLUMN last TEXT NOT NULL DEFAULT '';
)sql"}}};

}  // namespace

store::Schema memory_schema() { return {"memory", kMigrations}; }

std::string index_name(std::int64_t source) { return fmt::format("search_{}", source); }
std::string titles_name(std::int64_t source) { return fmt::format("titles_{}", source); }

// The body stands first: of a word in any other column, the index says in which.
Result<> create_index(store::Connection& connection, std::int64_t source) {
  return connection.execute(fmt::format(
      "CREATE VIRTUAL TABLE {0} USING fts5(body, title, people, content = '', columnsize = 0, tokenize = 'hearth');"
      "CREATE VIRTUAL TABLE {1} USING fts5(title, content = '', columnsize = 0, detail = none, tokenize = 'hearth');",
      index_name(source), titles_name(source)));
}

Result<> drop_index(store::Connection& connection, std::int64_t source) {
  return connection.execute(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}", titles_name(source), index_name(source)));
}

}  // namespace hearth::memory
