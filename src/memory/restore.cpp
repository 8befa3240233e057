#include "base/bytes.h"
#include "memory/export_reader.h"
#include "memory/identities.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

using SourceIds = std::map<std::string, std::int64_t>;  // by the id in the export

Result<SourceIds> take_sources(Connection& connection, const std::vector<ExportedSource>& sources, const std::string& person) {
  SourceIds ids;
  for (const auto& source : sources) {
    const auto id = TRY(find_or_add_source(connection, source.kind, source.name, source.origin,
                                           {source.confidentiality, person, source.integrity}, source.created));
    TRY(connection.run("UPDATE sources SET finished = coalesce(finished, ?) WHERE id = ?", source.finished, id));
    ids.emplace(source.id, id);
  }
  return ids;
}

Incoming incoming_of(const ExportReader::Arrived& arrived, std::size_t origin) {
  const auto& item = arrived.item;
  Incoming incoming;
  incoming.item = {.key = item.key,
                   .kind = item.kind,
                   .external_id = item.external_id,
                   .type = item.type,
                   .title = item.title,
                   .time = item.time,
                   .until = item.until,
                   .certainty = item.certainty,
                   .zone = item.zone,
                   .thread = "",
                   .part_of = item.part_of,
                   .outside = item.outside,
                   .people = item.people,
                   .attachments = item.attachments,
                   .places = item.places,
                   .tags = item.tags,
                   .passages = {}};
  std::int64_t start = 0;
  for (const auto& passage : item.passages) {
    incoming.item.passages.push_back(start);
    start += static_cast<std::int64_t>(passage.size());
  }
  incoming.text = arrived.text;
  incoming.place = item.origins[origin].place;
  incoming.size = item.origins[origin].size;
  incoming.modified = item.origins[origin].modified;
  incoming.original = arrived.originals[origin];
  incoming.original_length = static_cast<std::int64_t>(arrived.originals[origin].size());
  return incoming;
}

Result<Stored> take_items(Connection& connection, const Originals& originals, const SourceIds& sources, const ExportReader::Page& page, Time now) {
  std::map<std::int64_t, Batch> batches;
  std::vector<const ExportedItem*> fresh;
  for (const auto& arrived : page.items) {
    auto known = TRY(connection.prepare("SELECT 1 FROM items WHERE key = ?"));
    const auto key = *from_hex(arrived.item.key);
    known.bind_blob(1, key);
    if (!TRY(known.step())) fresh.push_back(&arrived.item);
    for (std::size_t i = 0; i < arrived.item.origins.size(); ++i) {
      const auto source = sources.find(arrived.item.origins[i].source);
      if (source == sources.end()) return fail(Code::InvalidInput, "The export is damaged: it has no source {}.", arrived.item.origins[i].source);
      batches[source->second].items.push_back(incoming_of(arrived, i));
    }
  }
  Stored stored;
  for (const auto& [source, batch] : batches) {
    const auto one = TRY(store_batch(connection, originals, source, batch, now));
    stored.added += one.added;
    stored.known += one.known;
  }
  for (const auto* item : fresh) {
    std::optional<std::int64_t> thread;
    if (item->thread) thread = TRY(number_of(*item->thread, "thread"));
    if (const auto id = thread_number(item->external_id); id && thread && item->kind == ItemKind::Mail) thread = TRY(join_threads(connection, {*thread, *id}));
    auto update = TRY(connection.prepare("UPDATE items SET thread = ?, confidentiality = ?, integrity = ? WHERE key = ?"));
    const auto key = *from_hex(item->key);
    update.bind_value(1, thread);
    update.bind_value(2, item->confidentiality ? std::optional(enum_name(*item->confidentiality)) : std::nullopt);
    update.bind_value(3, item->integrity ? std::optional(enum_name(*item->integrity)) : std::nullopt);
    update.bind_blob(4, key);
    TRY(update.step());
  }
  return stored;
}

Result<std::optional<std::int64_t>> item_of_key(Connection& connection, const std::string& hex) {
  const auto key = from_hex(hex);
  if (!key) return std::optional<std::int64_t>();
  auto find = TRY(connection.prepare("SELECT id FROM items WHERE key = ?"));
  find.bind_blob(1, *key);
  if (!TRY(find.step())) return std::optional<std::int64_t>();
  return std::optional(find.integer(0));
}

// Who is who. In a box that was empty before, exactly as it was; in another, what is said here is added to what is said there.
// Gives the people's ids here by those of the export.
using PeopleIds = std::map<std::string, std::int64_t>;
Result<PeopleIds> take_people(Connection& connection, const ExportReader::People& people, bool empty_before) {
  PeopleIds ids;
  for (const auto& one : people.people) {
    const auto read = [](Statement& s) { return s.integer(0); };
    const auto id = one.address.empty() ? TRY(connection.one("SELECT id FROM people WHERE address = '' AND name = ?", read, one.name))
                                        : TRY(connection.one("SELECT id FROM people WHERE address = ? AND address <> ''", read, one.address));
    if (!id) continue;
    ids.emplace(one.id, *id);
    TRY(connection.run("UPDATE people SET name = ? WHERE id = ? AND address <> '' AND (name = '' OR ?)", one.name, *id, empty_before));
  }
  if (empty_before) TRY(connection.run("DELETE FROM merges"));
  std::vector<std::int64_t> all;
  for (const auto& merge : people.merges) {
    const auto keep = ids.find(merge.keep);
    const auto other = ids.find(merge.other);
    if (keep == ids.end() || other == ids.end()) continue;
    std::optional<std::int64_t> card;
    if (!merge.card.empty()) card = TRY(item_of_key(connection, merge.card)).value_or(0);
    const auto there = TRY(connection.integer(
        "SELECT EXISTS (SELECT 1 FROM merges WHERE (keep = ?1 AND other = ?2 OR keep = ?2 AND other = ?1) AND undone = ?3 AND card IS ?4)",
        keep->second, other->second, merge.undone, card));
    if (!there) {
      TRY(connection.run("INSERT INTO merges (keep, other, card, undone, time) VALUES (?, ?, ?, ?, ?)", keep->second, other->second, card, merge.undone,
                         merge.time));
    }
    all.insert(all.end(), {keep->second, other->second});
  }
  TRY(find_roots(connection, all));
  return ids;
}

Result<> take_rest(Connection& connection, const ExportReader::Rest& rest, const SourceIds& sources, const PeopleIds& people) {
  for (auto search : rest.searches) {
    if (const auto source = sources.find(search.filters.source); source != sources.end()) search.filters.source = std::to_string(source->second);
    if (const auto person = people.find(search.filters.person); person != people.end()) search.filters.person = std::to_string(person->second);
    TRY(connection.run("INSERT INTO saved_searches (name, query, filters, created) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
                       " (SELECT 1 FROM saved_searches WHERE name = ?1)",
                       search.name, search.query, to_json(search.filters).dump(), search.created));
  }
  for (const auto& one : rest.failures) {
    const auto source = sources.find(one.source);
    if (source == sources.end()) return fail(Code::InvalidInput, "The export is damaged: it has no source {}.", one.source);
    TRY(connection.run("INSERT OR IGNORE INTO failures (source, place, offset, reason, time) VALUES (?, ?, ?, ?, ?)", source->second, one.place,
                       one.offset, one.reason, one.time));
  }
  for (const auto& one : rest.settled) {
    if (const auto item = TRY(item_of_key(connection, one.key))) {
      TRY(connection.run("INSERT OR IGNORE INTO settled (item, start, state, time) VALUES (?, ?, ?, ?)", *item, one.start, enum_name(one.state), one.time));
    }
  }
  for (const auto& one : rest.forgotten) {
    const auto key = from_hex(one.key);
    if (!key) return fail(Code::InvalidInput, "The export is damaged: {} is no key.", one.key);
    auto insert = TRY(connection.prepare("INSERT OR IGNORE INTO forgotten (key) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM items WHERE key = ?1)"));
    insert.bind_blob(1, *key);
    TRY(insert.step());
  }
  return {};
}

struct Checkpoint {
  std::int64_t offset = 0;
  bool empty_before = false;
};
HEARTH_DESCRIBE(Checkpoint, (offset, ""), (empty_before, ""))

}  // namespace

Task<Result<ImportResult>> Memory::Implementation::run_restore(kernel::JobRun& run, RestoreJob job) {
  CO_TRY(const auto memory, co_await open(run.person()));
  const auto person = run.person();
  Checkpoint checkpoint;
  if (run.checkpoint().is_null()) {
    CO_TRY(checkpoint.empty_before, co_await memory->database().read([](Connection& c) -> Result<bool> {
      return TRY(c.integer("SELECT count(*) FROM (SELECT 1 FROM items LIMIT 1)")) == 0;
    }));
    CO_CHECK(co_await run.save(to_json(checkpoint)));
  } else {
    CO_TRY(checkpoint, from_json<Checkpoint>(run.checkpoint()));
  }
  CO_TRY(auto exported, co_await offload(pool, [folder = job.folder, offset = checkpoint.offset] { return ExportReader::open(folder, offset); }));
  const auto reader = std::make_shared<ExportReader>(std::move(exported));
  CO_TRY(const auto sources, co_await memory->database().write([person, reader](Connection& c) { return take_sources(c, reader->sources(), person); }));
  ImportResult result;
  while (true) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Reading was stopped. What was read is kept; import the folder again to go on.");
    CO_TRY(auto read, co_await offload(pool, [reader] { return reader->next_page(); }));
    const auto page = std::make_shared<const ExportReader::Page>(std::move(read));
    CO_TRY(const auto stored, co_await memory->database().write([memory, page, &sources, now = clock.now()](Connection& c) {
      return take_items(c, memory->originals(), sources, *page, now);
    }));
    result.added += stored.added;
    result.known += stored.known;
    run.progress(result.added + result.known, reader->total(), translated("{} new, {} known", result.added, result.known));
    if (page->finished) break;
    checkpoint.offset = page->offset;
    CO_CHECK(co_await run.save(to_json(checkpoint)));
  }
  CO_TRY(const auto people, co_await offload(pool, [reader] { return reader->people(); }));
  CO_TRY(const auto ids, co_await memory->database().write(
      [&people, empty = checkpoint.empty_before](Connection& c) { return take_people(c, people, empty); }));
  CO_TRY(const auto rest, co_await offload(pool, [reader] { return reader->rest(); }));
  CO_CHECK(co_await memory->database().write([&](Connection& c) { return take_rest(c, rest, sources, ids); }));
  for (const auto& [_, id] : sources) {
    CO_CHECK(co_await merge_after_much(memory, id, result.added, [&run] { return run.stopping(); }));
    tell(person, id, "imported");
  }
  co_return result;
}

}  // namespace hearth::memory
