#include "base/log.h"
#include "memory/identities.h"
#include "memory/live.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kDoomedAtOnce = 200;     // each is taken out of its index
constexpr int kLeavingAtOnce = 25000;  // of a source that goes as a whole: each commit writes the same scattered pages of the indexes again
constexpr int kSettledAtOnce = 1000;
constexpr int kLogAttempts = 20;
constexpr std::int64_t kSmallFile = 64 << 20;

bool is_whole_source(const ForgetInput& input) {
  return !input.source.empty() && input.item.empty() && input.person.empty() && !input.after && !input.before;
}

Result<> check(const ForgetInput& input) {
  const bool selects = !input.person.empty() || input.after || input.before;
  if (input.source.empty() && input.item.empty() && !selects) {
    return fail(Code::InvalidInput, "Say what to forget: a source, an item, a person, or a time.");
  }
  if (!input.item.empty() && (selects || !input.source.empty())) return fail(Code::InvalidInput, "An item is forgotten by itself: name nothing else.");
  if (input.mentions && input.person.empty()) return fail(Code::InvalidInput, "mentions: Name the person.");
  if (input.after && input.before && *input.before < *input.after) return fail(Code::InvalidInput, "before: This lies before after.");
  return {};
}

// A common table expression `chosen (id, key, whole)`: the items that an input means, and what is attached to them.
Result<std::string> chosen(Connection& connection, const ForgetInput& input) {
  std::string where;
  if (!input.item.empty()) {
    const auto item = TRY(number_of(input.item, "item"));
    where = fmt::format("i.id = {}", item);
  } else {
    where = "1";
    const auto number = [](Time time) { return time.time_since_epoch().count(); };
    if (input.after) where += fmt::format(" AND i.time >= {}", number(*input.after));
    if (input.before) where += fmt::format(" AND i.time <= {}", number(*input.before));
    if (!input.source.empty()) {
      const auto source = TRY(number_of(input.source, "source"));
      where += fmt::format(" AND EXISTS (SELECT 1 FROM origins WHERE origins.item = i.id AND origins.source = {})", source);
    }
    if (!input.person.empty()) {
      const auto root = TRY(root_of(connection, input.person));
      where += fmt::format(" AND i.id IN (SELECT item FROM item_people WHERE person IN (SELECT id FROM people WHERE root = {}){})", root,
                           input.mentions ? "" : fmt::format(" AND role = {}", static_cast<int>(extract::Role::Author)));
    }
  }
  return fmt::format(
      "WITH RECURSIVE named (id, key) AS (SELECT i.id, i.key FROM items i WHERE {0} AND {1}),"
      " chosen (id, key) AS (SELECT id, key FROM named UNION SELECT i.id, i.key FROM items i JOIN chosen ON i.part_of = chosen.key WHERE {1})",
      where, kPresent);
}

// Marks what an input means, so that nothing shows it from now on. How many items that are.
Result<std::int64_t> doom(Connection& connection, const ForgetInput& input) {
  if (is_whole_source(input)) {
    const auto preview = TRY(preview_forget(connection, input));
    const auto source = TRY(number_of(input.source, "source"));
    TRY(connection.run("UPDATE sources SET forgetting = 1 WHERE id = ?", source));
    TRY(remove_live(connection, source));
    return preview.items;
  }
  const auto with = TRY(chosen(connection, input));
  TRY(connection.run(with + " INSERT OR IGNORE INTO doomed (item) SELECT id FROM chosen"));
  const auto count = connection.changes();
  if (count == 0 && !input.item.empty()) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  TRY(connection.run("INSERT OR IGNORE INTO forgotten (key) SELECT key FROM items WHERE id IN (SELECT item FROM doomed)"));
  TRY(connection.run("INSERT OR IGNORE INTO stained (source) SELECT DISTINCT source FROM items WHERE id IN (SELECT item FROM doomed)"));
  return count;
}

// The pages that became free hold zeros already (secure_delete); a small file is also made smaller.
Result<> shrink(PersonalMemory& memory) {
  auto connection = TRY(store::Connection::open(memory.database().path(), store::Connection::Mode::ReadWrite));
  const auto pages = TRY(connection->integer("PRAGMA page_count"));
  const auto free = TRY(connection->integer("PRAGMA freelist_count"));
  const auto size = TRY(connection->integer("PRAGMA page_size"));
  if (free * 4 > pages && (pages - free) * size < kSmallFile) return connection->execute("VACUUM");
  return {};
}

// Pages that deleting touches again and again stay in memory meanwhile, instead of going to the log each time.
Result<> set_cache(Connection& connection, int kilobytes) { return connection.execute(fmt::format("PRAGMA cache_size = -{}", kilobytes)); }

Message title_of(const ForgetInput& input) {
  if (is_whole_source(input)) return translated("Forget a source");
  if (!input.item.empty()) return translated("Forget an item");
  return input.person.empty() ? translated("Forget a time") : translated("Forget a person");
}

// One step of forgetting: true while there is more of the same.
Result<bool> scrub_step(Connection& connection, std::int64_t source) {
  if (TRY(connection.integer("SELECT count(*) FROM sources WHERE id = ? AND forgetting = 0", source)) > 0) {
    // Rows that are not taken out of the index yet would stain it again.
    if (TRY(merge_index(connection, source))) return true;
  }
  TRY(connection.run("DELETE FROM stained WHERE source = ?", source));
  return false;
}

}  // namespace

Result<ForgetPreviewOutput> preview_forget(Connection& connection, const ForgetInput& input) {
  TRY(check(input));
  ForgetPreviewOutput output;
  const auto times = [&](Statement& s) {
    output.items = s.integer(0);
    output.first = s.optional_time(1);
    output.last = s.optional_time(2);
    return true;
  };
  if (is_whole_source(input)) {
    const auto source = TRY(number_of(input.source, "source"));
    const auto there = TRY(connection.integer("SELECT count(*) FROM sources WHERE id = ? AND forgetting = 0", source));
    if (there == 0) return fail(Code::NotFound, "There is no such source. It may have been forgotten.");
    output.shared = TRY(connection.integer(
        "SELECT count(DISTINCT o.item) FROM origins o CROSS JOIN origins e ON e.item = o.item AND e.source <> ?1 WHERE o.source = ?1", source));
    constexpr std::string_view kAll = "SELECT count(*), min(time), max(time) FROM items WHERE source = ?1";
    constexpr std::string_view kOfItAlone = "SELECT count(*), min(i.time), max(i.time) FROM items i WHERE i.source = ?1"
                                            " AND NOT EXISTS (SELECT 1 FROM origins e WHERE e.item = i.id AND e.source <> ?1)";
    TRY(connection.one(output.shared == 0 ? kAll : kOfItAlone, times, source));
    return output;
  }
  const auto with = TRY(chosen(connection, input));
  TRY(connection.one(with + " SELECT count(*), min(time), max(time) FROM items WHERE id IN (SELECT id FROM chosen)", times));
  output.attached = output.items - TRY(connection.integer(with + " SELECT count(*) FROM named"));
  return output;
}

Task<Result<ForgetOutput>> Memory::forget(std::string person, ForgetInput input) {
  auto& state = *implementation_;
  CO_CHECK(check(input));
  CO_TRY(const auto memory, co_await state.open(person));
  if (!input.source.empty()) {
    CO_TRY(const auto id, number_of(input.source, "source"));
    CO_CHECK(co_await memory->database().read([=](Connection& c) { return read_source(c, id, person); }));
    if (is_whole_source(input) && state.live) co_await state.live->leave(person, id);
  }
  CO_TRY(const auto items, co_await memory->database().write([input](Connection& c) { return doom(c, input); }));
  CO_TRY(auto started, co_await state.kernel.start_job("memory.forget", person, title_of(input), Nothing{}));
  state.tell(person, 0, "forgetting");
  co_return ForgetOutput{started, items};
}

Task<Result<bool>> Memory::Implementation::is_forgetting(std::shared_ptr<PersonalMemory> memory) {
  co_return co_await memory->database().read([](Connection& c) -> Result<bool> {
    return TRY(c.integer("SELECT EXISTS (SELECT 1 FROM doomed) OR EXISTS (SELECT 1 FROM stained)"
                         " OR EXISTS (SELECT 1 FROM sources WHERE forgetting = 1) OR EXISTS (SELECT 1 FROM unsettled_people)")) != 0;
  });
}

Task<Result<std::int64_t>> Memory::Implementation::forget_source(kernel::JobRun& run, std::shared_ptr<PersonalMemory> memory, std::int64_t id) {
  std::int64_t removed = 0;
  CO_TRY(const auto total, co_await memory->database().read(
                               [id](Connection& c) { return c.integer("SELECT count(*) FROM items WHERE source = ?", id); }));
  // First what is told of it, then what it is told by: after a crash, the originals are removed again, which is no error.
  CO_CHECK(co_await offload(pool, [memory, id] { return memory->originals().remove(id); }));
  for (bool moving = true;;) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Forgetting was stopped. It goes on when the box starts again.");
    if (moving) {
      CO_TRY(const auto moved, co_await memory->database().write([id](Connection& c) { return move_shared(c, id, kDoomedAtOnce); }));
      moving = moved > 0;
      continue;
    }
    CO_TRY(const auto gone, co_await memory->database().write([id](Connection& c) -> Result<std::int64_t> {
      TRY(set_cache(c, 64 << 10));
      auto gone = remove_items_of(c, id, kLeavingAtOnce);
      TRY(set_cache(c, 2 << 10));
      return gone;
    }));
    removed += gone;
    run.progress(removed, total, {});
    if (gone > 0) continue;
    CO_TRY(const auto dropped, co_await memory->database().write([id](Connection& c) { return drop_source(c, id); }));
    if (dropped) break;
    moving = true;
  }
  tell(run.person(), id, "forgotten");
  co_return removed;
}

Task<Result<ForgetResult>> Memory::Implementation::run_forget(kernel::JobRun& run) {
  finishing.insert(run.person());
  CO_TRY(const auto memory, co_await open(run.person()));
  finishing.erase(run.person());
  ForgetResult result;
  const auto stopped = [] { return fail(Code::Cancelled, "Forgetting was stopped. It goes on when the box starts again."); };
  CO_TRY(const auto sources, co_await memory->database().read([](Connection& c) {
    return c.all("SELECT id FROM sources WHERE forgetting = 1", [](Statement& s) { return s.integer(0); });
  }));
  for (const auto id : sources) {
    CO_TRY(const auto removed, co_await forget_source(run, memory, id));
    result.forgotten += removed;
  }
  CO_TRY(const auto doomed, co_await memory->database().read([](Connection& c) { return c.integer("SELECT count(*) FROM doomed"); }));
  for (std::int64_t done = 0;;) {
    if (run.stopping()) co_return stopped();
    CO_TRY(const auto removed, co_await memory->database().write(
                                   [memory](Connection& c) { return remove_doomed(c, memory->originals(), kDoomedAtOnce); }));
    done += removed;
    run.progress(done, doomed, {});
    if (removed == 0) break;
    result.forgotten += removed;
  }
  CO_CHECK(co_await memory->database().write([](Connection& c) { return remove_strays(c); }));
  for (std::int64_t settled = 1; settled > 0;) {
    if (run.stopping()) co_return stopped();
    CO_TRY(settled, co_await memory->database().write([now = clock.now()](Connection& c) { return settle_people(c, kSettledAtOnce, now); }));
  }
  CO_TRY(const auto stained, co_await memory->database().read([](Connection& c) {
    return c.all("SELECT source FROM stained", [](Statement& s) { return s.integer(0); });
  }));
  for (const auto id : stained) {
    for (bool more = true; more;) {
      if (run.stopping()) co_return stopped();
      CO_TRY(more, co_await memory->database().write([id](Connection& c) { return scrub_step(c, id); }));
    }
    tell(run.person(), id, "shrunk");
  }
  CO_CHECK(co_await offload(pool, [memory] { return shrink(*memory); }));
  for (int attempt = 0;; ++attempt) {
    CO_TRY(const bool emptied, co_await offload(pool, [memory] { return memory->empty_log(); }));
    if (emptied) break;
    if (run.stopping()) co_return stopped();
    if (attempt == kLogAttempts) co_return fail(Code::Unavailable, "The database's log is in use; forget it again to clear the log.");
    co_await clock.sleep_for(std::chrono::milliseconds(250));
  }
  co_return result;
}

}  // namespace hearth::memory
