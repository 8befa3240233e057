#include "base/log.h"
#include "memory/implementation.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kForgottenAtOnce = 300;
constexpr int kLogAttempts = 20;
constexpr std::int64_t kSmallFile = 64 << 20;

Result<std::int64_t> forget_some(Connection& connection, const Originals& originals, std::int64_t source) {
  const auto places = TRY(connection.all("SELECT place FROM origins WHERE source = ? LIMIT ?", [](Statement& s) { return s.text(0); },
                                         source, kForgottenAtOnce));
  for (const auto& place : places) TRY(remove_origin(connection, originals, source, place, Index::Drops));
  return static_cast<std::int64_t>(places.size());
}

Result<> forget_source_row(Connection& connection, std::int64_t source) {
  TRY(drop_index(connection, source));
  TRY(connection.run("DELETE FROM failures WHERE source = ?", source));
  TRY(connection.run("DELETE FROM files WHERE source = ?", source));
  return connection.run("DELETE FROM sources WHERE id = ?", source);
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

}  // namespace

Task<Result<ForgetOutput>> Memory::forget(std::string person, ForgetInput input) {
  auto& state = *implementation_;
  if (input.source.empty() == input.item.empty()) {
    co_return fail(Code::InvalidInput, "Say what to forget: a source, or an item.");
  }
  CO_TRY(const auto memory, co_await state.open(person));
  ForgetJob job;
  Message title;
  if (!input.source.empty()) {
    CO_TRY(const auto id, number_of(input.source, "source"));
    CO_TRY(const auto source, co_await memory->database().write([=](Connection& c) -> Result<SourceRow> {
      auto row = TRY(read_source(c, id, person));
      TRY(c.run("UPDATE sources SET forgetting = 1 WHERE id = ?", id));
      return row;
    }));
    job.source = input.source;
    title = translated("Forget {}", source.name);
    state.tell(person, id, "forgetting");
  } else {
    CO_TRY(const auto id, number_of(input.item, "item"));
    CO_TRY(const auto index, co_await memory->database().write([memory, id](Connection& c) -> Result<std::int64_t> {
      const auto source = TRY(c.one("SELECT source FROM items WHERE id = ?", [](Statement& s) { return s.integer(0); }, id));
      if (!source) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
      TRY(forget_item(c, memory->originals(), id));
      return *source;
    }));
    job.indexes.push_back(std::to_string(index));
    title = translated("Forget an item");
    state.tell(person, index, "shrunk");
  }
  CO_TRY(auto started, co_await state.kernel.start_job("memory.forget", person, title, job));
  co_return ForgetOutput{started};
}

Task<Result<ForgetResult>> Memory::Implementation::run_forget(kernel::JobRun& run, ForgetJob job) {
  CO_TRY(const auto memory, co_await open(run.person()));
  ForgetResult result;
  // A person may have asked for this and nothing else: being cancelled, it ends; being stopped, it goes on at the next start.
  const auto stopped = [&run] { return run.stopping(); };
  const auto cancelled = [] { return fail(Code::Cancelled, "Forgetting was stopped. What is left of it on the disk stays until it is asked for again."); };
  if (!job.source.empty()) {
    CO_TRY(const auto id, number_of(job.source, "source"));
    CO_TRY(const auto total, co_await memory->database().read(
                                 [id](Connection& c) { return c.integer("SELECT count(*) FROM origins WHERE source = ?", id); }));
    while (true) {
      if (stopped()) co_return cancelled();
      CO_TRY(const auto forgotten,
             co_await memory->database().write([memory, id](Connection& c) { return forget_some(c, memory->originals(), id); }));
      result.forgotten += forgotten;
      run.progress(result.forgotten, total, {});
      if (forgotten == 0) break;
    }
    CO_CHECK(co_await offload(pool, [memory, id] { return memory->originals().remove(id); }));
    CO_CHECK(co_await memory->database().write([id](Connection& c) { return forget_source_row(c, id); }));
    tell(run.person(), id, "forgotten");
  }
  for (const auto& index : job.indexes) {
    CO_TRY(const auto id, number_of(index, "source"));
    while (true) {
      if (stopped()) co_return cancelled();
      CO_TRY(const auto more, co_await memory->database().write([id](Connection& c) -> Result<bool> {
        const auto there = TRY(c.integer("SELECT count(*) FROM sources WHERE id = ?", id)) > 0;
        if (!there) return false;
        return scrub_index(c, id);
      }));
      if (!more) break;
    }
  }
  CO_CHECK(co_await offload(pool, [memory] { return shrink(*memory); }));
  for (int attempt = 0;; ++attempt) {
    CO_TRY(const bool emptied, co_await offload(pool, [memory] { return memory->empty_log(); }));
    if (emptied) break;
    if (stopped()) co_return cancelled();
    if (attempt == kLogAttempts) co_return fail(Code::Unavailable, "The database's log is in use; forget it again to clear the log.");
    co_await clock.sleep_for(std::chrono::milliseconds(250));
  }
  co_return result;
}

}  // namespace hearth::memory
