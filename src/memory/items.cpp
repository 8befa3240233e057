#include "memory/items.h"

#include <map>

#include "base/bytes.h"
#include "memory/identities.h"
#include "memory/item_tags.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::size_t kMostPassages = (1 << kPassageBits) - 1;
constexpr std::size_t kIndexedPeople = 20;  // of a message to many
constexpr int kMergedPages = 400;
constexpr int kSettledAtOnce = 1000;

// The thread that a number leads to.
Result<std::int64_t> thread_of(Connection& connection, std::int64_t number) {
  constexpr std::size_t kLongestWay = 10'000;
  std::vector<std::int64_t> way{number};
  while (way.size() < kLongestWay) {
    const auto next = TRY(connection.one("SELECT thread FROM mail_threads WHERE message = ?", [](Statement& s) { return s.integer(0); }, way.back()));
    if (!next) break;
    way.push_back(*next);
  }
  for (std::size_t i = 0; i + 2 < way.size(); ++i) {  // the next time it is short
    TRY(connection.run("UPDATE mail_threads SET thread = ? WHERE message = ?", way.back(), way[i]));
  }
  return way.back();
}

Result<std::optional<std::int64_t>> thread_of_item(Connection& connection, const extract::Item& item) {
  if (item.kind != extract::ItemKind::Mail) return thread_number(item.thread);
  std::vector<std::int64_t> numbers;
  const auto add = [&](const std::string& id) {
    if (const auto number = thread_number(id)) numbers.push_back(*number);
  };
  add(item.thread);
  for (const auto& id : item.related) add(id);
  add(item.external_id);
  if (numbers.empty()) return std::nullopt;
  return TRY(join_threads(connection, numbers));
}

std::string searchable_people(const Details& details) {
  std::string text;
  for (std::size_t i = 0; i < std::min(details.people.size(), kIndexedPeople); ++i) {
    text += details.people[i].name + " " + details.people[i].address + "\n";
  }
  return text;
}

// Adds an item's passages to a source's index, or takes them out: FTS5 must then be given exactly what it was given before.
enum class Direction { In, Out };
Result<> index_item(Connection& connection, std::int64_t source, std::int64_t item, Direction direction) {
  struct Row {
    std::string title;
    std::string details;
  };
  const auto row = TRY(connection.one(
      "SELECT title, details FROM items WHERE id = ?", [](Statement& s) { return Row{s.text(0), s.text(1)}; }, item));
  if (!row) return fail(Code::Internal, "The item to index is gone.");
  const auto details = TRY(parse_details(row->details));
  const auto write = [direction](const std::string& table, std::string_view columns, std::string_view values) {
    return direction == Direction::In ? fmt::format("INSERT INTO {} (rowid, {}) VALUES ({})", table, columns, values)
                                      : fmt::format("INSERT INTO {0} ({0}, rowid, {1}) VALUES ('delete', {2})", table, columns, values);
  };
  const auto sql = write(index_name(source), "body, title, people", "?, ?, ?, ?");
  auto passages = TRY(connection.prepare("SELECT id, text FROM passages WHERE id BETWEEN ? AND ? ORDER BY id"));
  passages.bind(1, first_passage(item));
  passages.bind(2, last_passage(item));
  std::int64_t count = 0;
  while (TRY(passages.step())) {
    const auto id = passages.integer(0);
    const bool first = id == first_passage(item);
    TRY(connection.run(sql, row_of_passage(id), passages.text_view(1), first ? row->title : "", first ? searchable_people(details) : ""));
    ++count;
  }
  if (!row->title.empty()) {
    TRY(connection.run(write(titles_name(source), "title", "?, ?"), row_of_passage(first_passage(item)), row->title));
  }
  if (direction == Direction::Out) {
    return connection.run("UPDATE sources SET items = items - 1, passages = passages - ? WHERE id = ?", count, source);
  }
  return connection.run("UPDATE sources SET items = items + 1, passages = passages + ?1, oldest = min(coalesce(oldest, ?2), ?2),"
                        " newest = max(coalesce(newest, ?2), ?2) WHERE id = ?3",
                        count, item, source);
}

Result<std::int64_t> person_id(Connection& connection, const extract::Person& person) {
  const auto read = [](Statement& s) { return s.integer(0); };
  // Said twice, so that the index of addresses is taken.
  const auto found = person.address.empty()
                         ? TRY(connection.one("SELECT id FROM people WHERE address = '' AND name = ?", read, person.name))
                         : TRY(connection.one("SELECT id FROM people WHERE address = ? AND address <> ''", read, person.address));
  if (found) {
    if (!person.name.empty()) {
      TRY(connection.run("UPDATE people SET name = ? WHERE id = ? AND name = ''", person.name, *found));
    }
    return *found;
  }
  TRY(connection.run("INSERT INTO people (root, address, name) VALUES (0, ?, ?)", person.address, person.name));
  const auto id = connection.last_insert_id();
  TRY(connection.run("UPDATE people SET root = id WHERE id = ?", id));
  return id;
}

Result<std::int64_t> add_item(Connection& connection, std::int64_t source, const Incoming& incoming, Time now) {
  const auto& item = incoming.item;
  const auto thread = TRY(thread_of_item(connection, item));
  const auto key = *from_hex(item.key);
  const auto part_of = *from_hex(item.part_of);
  auto starts = item.passages;
  if (starts.empty()) starts.push_back(0);  // so that its title is found
  if (starts.size() > kMostPassages) starts.resize(kMostPassages);
  {
    auto insert = TRY(connection.prepare(
        "INSERT INTO items (source, key, kind, external_id, type, title, time, until, certainty, zone, thread, part_of, outside, attached,"
        " details, passages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, x''), ?, ?, ?, ?)"));
    insert.bind_value(1, source);
    insert.bind_blob(2, key);
    insert.bind_value(3, enum_name(item.kind));
    insert.bind_value(4, item.external_id);
    insert.bind_value(5, item.type);
    insert.bind_value(6, item.title);
    insert.bind_value(7, item.time);
    insert.bind_value(8, item.until);
    insert.bind_value(9, enum_name(item.certainty));
    insert.bind_value(10, item.zone);
    insert.bind_value(11, thread);
    insert.bind_blob(12, part_of);
    insert.bind_value(13, item.outside);
    insert.bind_value(14, item.attachments.size());
    insert.bind_value(15, to_json(Details{item.people, item.attachments, item.places, item.tags}).dump());
    insert.bind_value(16, starts.size());
    TRY(insert.step());
  }
  const auto id = connection.last_insert_id();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto start = static_cast<std::size_t>(starts[i]);
    const auto end = i + 1 < starts.size() ? static_cast<std::size_t>(starts[i + 1]) : incoming.text.size();
    TRY(connection.run("INSERT INTO passages (id, text) VALUES (?, ?)", first_passage(id) + static_cast<std::int64_t>(i),
                       std::string_view(incoming.text).substr(start, end - start)));
  }
  for (const auto& person : item.people) {
    const auto known = TRY(person_id(connection, person));
    TRY(connection.run("INSERT OR IGNORE INTO item_people (person, item, role, time) VALUES (?, ?, ?, ?)", known, id,
                       static_cast<int>(person.role), item.time));
  }
  if (item.kind == extract::ItemKind::Contact) TRY(merge_by_card(connection, id, now));
  for (const auto& tag : item.tags) TRY(connection.run("INSERT OR IGNORE INTO item_tags (tag, item) VALUES (?, ?)", tag, id));
  TRY(index_item(connection, source, id, Direction::In));
  return id;
}

Result<> remove_item(Connection& connection, std::int64_t item) {
  const auto people = TRY(connection.all("SELECT person FROM item_people WHERE item = ?", [](Statement& s) { return s.integer(0); }, item));
  TRY(connection.run("INSERT OR IGNORE INTO unsettled_people SELECT n.person FROM item_people n JOIN people p ON p.id = n.person"
                     " WHERE n.item = ? AND p.address <> ''", item));
  TRY(connection.run("DELETE FROM item_people WHERE item = ?", item));
  for (const auto person : people) {
    TRY(connection.run("DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM item_people WHERE person = ?)", person, person));
  }
  TRY(connection.run("DELETE FROM passages WHERE id BETWEEN ? AND ?", first_passage(item), last_passage(item)));
  TRY(connection.run("DELETE FROM item_tags WHERE item = ?", item));
  TRY(connection.run("DELETE FROM settled WHERE item = ?", item));
  TRY(connection.run("DELETE FROM items WHERE id = ?", item));
  if (TRY(connection.integer("SELECT EXISTS (SELECT 1 FROM merges WHERE card = ?)", item))) TRY(drop_lost_cards(connection));
  return {};
}

// Another source has it as well: it moves to that one's index.
Result<> move_item(Connection& connection, std::int64_t item, std::int64_t source) {
  TRY(connection.run("UPDATE items SET source = ? WHERE id = ?", source, item));
  return index_item(connection, source, item, Direction::In);
}

// Adds one origin of an item, with its original bytes at the end of the source's pack.
Result<> add_origin(Connection& connection, const Originals& originals, std::int64_t source, std::int64_t item,
                    const Incoming& incoming, std::int64_t& pack_end) {
  if (incoming.original) {
    TRY(originals.append(source, pack_end, *incoming.original));
  } else {
    TRY(originals.append(source, pack_end, incoming.file->file.get(), incoming.original_start, incoming.original_length));
  }
  TRY(connection.run(
      "INSERT INTO origins (source, place, item, size, modified, original_start, original_length, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      source, incoming.place, item, incoming.size, incoming.modified, pack_end, incoming.original_length, stored_tags(incoming.item.tags)));
  pack_end += incoming.original_length;
  return {};
}

Result<> store_one(Connection& connection, const Originals& originals, std::int64_t source, const Incoming& incoming,
                   std::int64_t& pack_end, Stored& stored, Time now) {
  auto find = TRY(connection.prepare("SELECT id FROM items WHERE key = ?"));
  const auto key = *from_hex(incoming.item.key);
  find.bind_blob(1, key);
  std::optional<std::int64_t> item;
  if (TRY(find.step())) item = find.integer(0);
  if (!item) {
    auto forgotten = TRY(connection.prepare("SELECT 1 FROM forgotten WHERE key = ?"));
    forgotten.bind_blob(1, key);
    if (TRY(forgotten.step())) {
      ++stored.known;
      return {};
    }
  }
  struct Before {
    std::int64_t item;
    Originals::Piece piece;
    std::string tags;
  };
  const auto before = TRY(connection.one(
      "SELECT item, original_start, original_length, tags FROM origins WHERE source = ? AND place = ?",
      [](Statement& s) { return Before{s.integer(0), {s.integer(1), s.integer(2)}, s.text(3)}; }, source, incoming.place));
  if (before && before->item == item) {
    ++stored.known;
    // Half written it was the same message, but for what is only in the original.
    if (incoming.file && incoming.file->format == extract::Format::Mbox && incoming.original_length > before->piece.length) {
      TRY(connection.run("DELETE FROM origins WHERE source = ? AND place = ?", source, incoming.place));
      TRY(add_origin(connection, originals, source, *item, incoming, pack_end));
      TRY(originals.erase(source, {before->piece}));
    } else {
      TRY(connection.run("UPDATE origins SET size = ?, modified = ?, tags = ? WHERE source = ? AND place = ?", incoming.size, incoming.modified,
                         stored_tags(incoming.item.tags), source, incoming.place));
    }
    return change_tags(connection, *item, TRY(read_tags(before->tags)), incoming.item.tags);
  }
  if (item) {
    ++stored.known;
    TRY(change_tags(connection, *item, {}, incoming.item.tags));  // what only this mailbox calls it
  } else {
    item = TRY(add_item(connection, source, incoming, now));
    ++stored.added;
  }
  // A changed file: what was at its place goes, after the new item is there, so that a crash between loses neither.
  if (before) TRY(remove_origin(connection, originals, source, incoming.place));
  return add_origin(connection, originals, source, *item, incoming, pack_end);
}

}  // namespace

std::optional<std::int64_t> thread_number(const std::string& id) {
  if (id.empty()) return std::nullopt;
  const auto hash = sha256(id);
  std::int64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(hash[static_cast<std::size_t>(i)]);
  return number & 0x7FFF'FFFF'FFFF'FFFF;
}

Result<std::int64_t> join_threads(Connection& connection, const std::vector<std::int64_t>& numbers) {
  std::optional<std::int64_t> first;
  for (const auto number : numbers) {
    const auto thread = TRY(thread_of(connection, number));
    if (!first) first = thread;
    if (thread == *first) continue;
    TRY(connection.run("INSERT OR REPLACE INTO mail_threads (message, thread) VALUES (?, ?)", thread, *first));
    TRY(connection.run("UPDATE items SET thread = ?1 WHERE thread = ?2 AND kind = 'mail'", *first, thread));
  }
  return *first;
}

Result<Details> parse_details(std::string_view json) {
  const auto parsed = TRY(Json::parse(json));
  return from_json<Details>(parsed);
}

Result<Stored> store_batch(Connection& connection, const Originals& originals, std::int64_t source, const Batch& batch, Time now) {
  Stored stored;
  const auto end = TRY(connection.one("SELECT originals FROM sources WHERE id = ? AND forgetting = 0", [](Statement& s) { return s.integer(0); }, source));
  if (!end) return fail(Code::Cancelled, "The source is being forgotten.");
  auto pack_end = *end;
  const auto pack_start = pack_end;
  for (const auto& incoming : batch.items) TRY(store_one(connection, originals, source, incoming, pack_end, stored, now));
  for (const auto& place : batch.replaced) TRY(remove_origin(connection, originals, source, place));
  TRY(settle_people(connection, kSettledAtOnce, now));  // of files that were replaced
  if (pack_end != pack_start) {
    TRY(originals.sync(source));
    TRY(connection.run("UPDATE sources SET originals = ? WHERE id = ?", pack_end, source));
  }
  for (const auto& failure : batch.failures) {
    TRY(connection.run("INSERT OR REPLACE INTO failures (source, place, offset, reason, time) VALUES (?, ?, ?, ?, ?)", source,
                       failure.place, failure.offset, failure.reason, now));
  }
  for (const auto& position : batch.positions) {
    auto write = TRY(connection.prepare(
        "INSERT OR REPLACE INTO files (source, place, size, modified, offset, digest, last_start, last) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
    write.bind_value(1, source);
    write.bind_value(2, position.place);
    write.bind_value(3, position.size);
    write.bind_value(4, position.modified);
    write.bind_value(5, position.offset);
    write.bind_blob(6, position.digest);
    write.bind_value(7, position.last_start);
    write.bind_value(8, position.last);
    TRY(write.step());
  }
  return stored;
}

Result<> add_passages(Connection& connection, std::int64_t item, const std::vector<std::string>& texts) {
  const auto source = TRY(connection.one("SELECT source FROM items WHERE id = ?", [](Statement& s) { return s.integer(0); }, item));
  if (!source) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  // Taken out as it was put in, and put in again whole.
  TRY(index_item(connection, *source, item, Direction::Out));
  // One without words stood for the title alone.
  TRY(connection.run("DELETE FROM passages WHERE id BETWEEN ? AND ? AND text = ''", first_passage(item), last_passage(item)));
  auto next = TRY(connection.integer("SELECT coalesce(max(id) + 1, ?1) FROM passages WHERE id BETWEEN ?1 AND ?2", first_passage(item), last_passage(item)));
  for (const auto& text : texts) {
    if (next > last_passage(item)) break;
    TRY(connection.run("INSERT INTO passages (id, text) VALUES (?, ?)", next++, text));
  }
  TRY(connection.run("UPDATE items SET passages = ? WHERE id = ?", next - first_passage(item), item));
  return index_item(connection, *source, item, Direction::In);
}

namespace {

// What was attached to an item goes with it. When a whole source goes, its parts do so by themselves.
Result<> remove_parts(Connection& connection, const Originals& originals, std::int64_t item) {
  const auto places = TRY(connection.all(
      "SELECT o.source, o.place FROM items i JOIN items p ON p.part_of = i.key JOIN origins o ON o.item = p.id WHERE i.id = ?",
      [](Statement& s) { return std::pair(s.integer(0), s.text(1)); }, item));
  for (const auto& [source, place] : places) TRY(remove_origin(connection, originals, source, place));
  return {};
}

}  // namespace

Result<> remove_origin(Connection& connection, const Originals& originals, std::int64_t source, const std::string& place) {
  struct Origin {
    std::int64_t item;
    Originals::Piece piece;
    std::string tags;
  };
  const auto origin = TRY(connection.one(
      "SELECT item, original_start, original_length, tags FROM origins WHERE source = ? AND place = ?",
      [](Statement& s) { return Origin{s.integer(0), {s.integer(1), s.integer(2)}, s.text(3)}; }, source, place));
  if (!origin) return {};
  TRY(connection.run("DELETE FROM origins WHERE source = ? AND place = ?", source, place));
  TRY(originals.erase(source, {origin->piece}));
  const auto others = TRY(connection.all("SELECT DISTINCT source FROM origins WHERE item = ?",
                                         [](Statement& s) { return s.integer(0); }, origin->item));
  if (!others.empty()) TRY(change_tags(connection, origin->item, TRY(read_tags(origin->tags)), {}));
  const auto indexed_in = TRY(connection.integer("SELECT source FROM items WHERE id = ?", origin->item));
  if (std::find(others.begin(), others.end(), indexed_in) != others.end()) return {};
  if (others.empty()) TRY(remove_parts(connection, originals, origin->item));
  TRY(index_item(connection, indexed_in, origin->item, Direction::Out));
  if (others.empty()) return remove_item(connection, origin->item);
  return move_item(connection, origin->item, others.front());
}

Result<std::int64_t> remove_doomed(Connection& connection, const Originals& originals, int most) {
  const auto items = TRY(connection.all("SELECT item FROM doomed ORDER BY item LIMIT ?", [](Statement& s) { return s.integer(0); }, most));
  std::map<std::int64_t, std::vector<Originals::Piece>> pieces;
  for (const auto item : items) {
    auto origins = TRY(connection.prepare("SELECT source, original_start, original_length FROM origins WHERE item = ?"));
    origins.bind(1, item);
    while (TRY(origins.step())) pieces[origins.integer(0)].push_back({origins.integer(1), origins.integer(2)});
  }
  // Overwritten before the rows that tell where they lie go: after a crash between, it is done again.
  for (auto& [source, list] : pieces) TRY(originals.erase(source, std::move(list)));
  for (const auto item : items) {
    const auto source = TRY(connection.one("SELECT source FROM items WHERE id = ?", [](Statement& s) { return s.integer(0); }, item));
    if (source) {
      // Of a source that is being forgotten, the index goes as a whole.
      const bool indexed = TRY(connection.integer("SELECT count(*) FROM sources WHERE id = ? AND forgetting = 0", *source)) != 0;
      if (indexed) TRY(index_item(connection, *source, item, Direction::Out));
      TRY(connection.run("DELETE FROM origins WHERE item = ?", item));
      TRY(remove_item(connection, item));
    }
    TRY(connection.run("DELETE FROM doomed WHERE item = ?", item));
  }
  return static_cast<std::int64_t>(items.size());
}

Result<std::int64_t> move_shared(Connection& connection, std::int64_t source, int most) {
  if (const auto untagged = TRY(untag_shared(connection, source, most)); untagged > 0) return untagged;
  const auto found = TRY(connection.all(
      "SELECT i.id, o.source FROM items i CROSS JOIN origins o ON o.item = i.id AND o.source <> ?1 WHERE i.source = ?1 LIMIT ?2",
      [](Statement& s) { return std::pair(s.integer(0), s.integer(1)); }, source, most));
  const std::map<std::int64_t, std::int64_t> shared(found.begin(), found.end());  // each once
  for (const auto& [item, other] : shared) TRY(move_item(connection, item, other));
  return static_cast<std::int64_t>(shared.size());
}

Result<std::int64_t> remove_items_of(Connection& connection, std::int64_t source, int most) {
  // Their index and originals go as a whole: no row needs to be looked at but to delete it.
  TRY(connection.execute("CREATE TEMP TABLE IF NOT EXISTS leaving (item INTEGER PRIMARY KEY)"));
  TRY(connection.run("DELETE FROM temp.leaving"));
  TRY(connection.run("INSERT INTO temp.leaving SELECT id FROM items WHERE source = ?1 AND NOT EXISTS"
                     " (SELECT 1 FROM origins WHERE origins.item = items.id AND origins.source <> ?1) LIMIT ?2",
                     source, most));
  const auto count = connection.changes();
  if (count == 0) return 0;
  const auto items = TRY(connection.all("SELECT item FROM temp.leaving ORDER BY item", [](Statement& s) { return s.integer(0); }));
  for (std::size_t i = 0; i < items.size();) {  // runs of neighbours
    auto end = i + 1;
    while (end < items.size() && items[end] == items[end - 1] + 1) ++end;
    TRY(connection.run("DELETE FROM passages WHERE id BETWEEN ? AND ?", first_passage(items[i]), last_passage(items[end - 1])));
    i = end;
  }
  for (const std::string_view sql :
       {"INSERT OR IGNORE INTO unsettled_people SELECT DISTINCT n.person FROM temp.leaving l CROSS JOIN item_people n INDEXED BY"
        " item_people_by_item ON n.item = l.item CROSS JOIN people p ON p.id = n.person AND p.address <> ''",
        "DELETE FROM item_people WHERE (person, item, role) IN (SELECT n.person, n.item, n.role FROM temp.leaving l CROSS JOIN item_people n"
        " INDEXED BY item_people_by_item ON n.item = l.item)",
        "DELETE FROM item_tags WHERE item IN (SELECT item FROM temp.leaving)", "DELETE FROM settled WHERE item IN (SELECT item FROM temp.leaving)",
        "DELETE FROM doomed WHERE item IN (SELECT item FROM temp.leaving)", "DELETE FROM origins WHERE item IN (SELECT item FROM temp.leaving)",
        "DELETE FROM items WHERE id IN (SELECT item FROM temp.leaving)"}) {
    TRY(connection.run(sql));
  }
  TRY(connection.run("DELETE FROM temp.leaving"));
  return count;
}

Result<bool> drop_source(Connection& connection, std::int64_t source) {
  if (TRY(connection.integer("SELECT EXISTS (SELECT 1 FROM items WHERE source = ?)", source))) return false;
  TRY(drop_index(connection, source));
  TRY(connection.run("DELETE FROM origins WHERE source = ?", source));
  TRY(connection.run("DELETE FROM failures WHERE source = ?", source));
  TRY(connection.run("DELETE FROM files WHERE source = ?", source));
  TRY(connection.run("DELETE FROM stained WHERE source = ?", source));
  TRY(connection.run("DELETE FROM sources WHERE id = ?", source));
  return true;
}

namespace {

// Numbers that lead to no mail any more.
Result<> drop_empty_threads(Connection& connection) {
  do {  // each leads to its thread at once
    TRY(connection.run("UPDATE mail_threads SET thread = (SELECT next.thread FROM mail_threads next WHERE next.message = mail_threads.thread)"
                       " WHERE thread IN (SELECT message FROM mail_threads)"));
  } while (connection.changes() > 0);
  return connection.run("DELETE FROM mail_threads WHERE NOT EXISTS (SELECT 1 FROM items WHERE items.thread = mail_threads.thread)");
}

// The name by which the first of the items that are left calls somebody with an address.
Result<> settle_name(Connection& connection, std::int64_t person) {
  struct Row {
    std::string address;
    std::string name;
  };
  const auto row = TRY(connection.one("SELECT address, name FROM people WHERE id = ?", [](Statement& s) { return Row{s.text(0), s.text(1)}; }, person));
  if (!row || row->address.empty() || row->name.empty()) return {};
  auto items = TRY(connection.prepare("SELECT i.details FROM item_people n JOIN items i ON i.id = n.item WHERE n.person = ? ORDER BY n.item"));
  items.bind(1, person);
  std::string name;
  while (name.empty() && TRY(items.step())) {
    for (const auto& one : TRY(parse_details(items.text_view(0))).people) {
      if (name.empty() && one.address == row->address) name = one.name;
    }
  }
  return name == row->name ? Result<>{} : connection.run("UPDATE people SET name = ? WHERE id = ?", name, person);
}

}  // namespace

Result<> remove_strays(Connection& connection) {
  TRY(connection.run("DELETE FROM people WHERE NOT EXISTS (SELECT 1 FROM item_people WHERE item_people.person = people.id)"));
  TRY(connection.run("DELETE FROM unsettled_people WHERE person NOT IN (SELECT id FROM people)"));
  TRY(drop_empty_threads(connection));
  return drop_lost_cards(connection);
}

Result<std::int64_t> settle_people(Connection& connection, int most, Time now) {
  const auto people = TRY(connection.all("SELECT person FROM unsettled_people LIMIT ?", [](Statement& s) { return s.integer(0); }, most));
  for (const auto person : people) {
    TRY(settle_name(connection, person));
    TRY(merge_by_cards_of(connection, person, now));
    TRY(connection.run("DELETE FROM unsettled_people WHERE person = ?", person));
  }
  return static_cast<std::int64_t>(people.size());
}

Result<bool> merge_index(Connection& connection, std::int64_t source) {
  // A negative count merges everything into one, some pages at a time; two changed rows are FTS5's own bookkeeping
  // (https://www.sqlite.org/fts5.html §6.8).
  bool more = false;
  for (const auto& table : {index_name(source), titles_name(source)}) {
    const auto before = TRY(connection.integer("SELECT total_changes()"));
    TRY(connection.run(fmt::format("INSERT INTO {0} ({0}, rank) VALUES ('merge', {1})", table, -kMergedPages)));
    more = more || TRY(connection.integer("SELECT total_changes()")) - before >= 2;
  }
  return more;
}

}  // namespace hearth::memory
