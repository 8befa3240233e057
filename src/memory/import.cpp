#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/log.h"
#include "memory/implementation.h"
#include "memory/live.h"
#include "memory/moving.h"
#include "memory/schema.h"
#include "memory/text/unicode.h"
#include "memory/transcription.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::int64_t kMostCounted = 1'000'000;
constexpr std::int64_t kMuchAdded = 2000;  // items
constexpr std::int64_t kAddedShare = 4;  // less than a fourth of a source is not much, however many

kernel::Label label_of(SourceKind kind, const std::string& person) {
  // What others write, or what was said by others, is untrusted; notes are the person's own.
  const bool own = kind == SourceKind::Folder || kind == SourceKind::Notes || kind == SourceKind::Files;
  return {kernel::Confidentiality::Private, person, own ? kernel::Integrity::Owner : kernel::Integrity::Untrusted};
}

Message title_of_reading(SourceKind kind) {
  switch (kind) {
    case SourceKind::Mail: return translated("Read mail");
    case SourceKind::Chat: return translated("Read chats");
    case SourceKind::Calendar: return translated("Read a calendar");
    case SourceKind::Contacts: return translated("Read contacts");
    case SourceKind::Notes: return translated("Read notes");
    case SourceKind::Browser: return translated("Read a browser's history and bookmarks");
    case SourceKind::Recorder: return translated("Read recordings' transcripts");
    case SourceKind::Folder: return translated("Read a folder");
    case SourceKind::Files: return translated("Read the files of the box");
    case SourceKind::Imap:
    case SourceKind::Caldav:
    case SourceKind::Carddav: break;
  }
  return translated("Read from a server");
}

// What kind of source lies there. Unsupported when it is a file that is not read.
Result<SourceKind> find_kind(const Memory::Options& options, const std::string& origin, std::optional<SourceKind> wanted) {
  auto walk = TRY(Walk::open(wanted.value_or(SourceKind::Mail), origin, closed_folders(options)));
  if (wanted && std::filesystem::is_directory(origin)) return *wanted;
  if (!wanted) {
    if (const auto guessed = TRY(Walk::guess(origin, closed_folders(options)))) return *guessed;
  }
  const auto file = walk.next();
  if (!file) return fail(Code::Unavailable, "{} could not be opened.", origin);
  auto extractor = TRY(Extractor::start(options.extractor));
  extract::Request request{.format = file->format, .name = to_valid_utf8(file->name), .path = to_valid_utf8(file->path), .modified = {}, .only = wanted, .skip = {}, .beside = {}, .recognise = true};
  std::vector<int> beside;
  for (const auto& one : file->beside) {
    request.beside.push_back(to_valid_utf8(one.name));
    beside.push_back(one.file.get());
  }
  TRY(extractor.send(request, file->file.get(), beside));
  while (auto answer = extractor.receive(std::chrono::seconds(30))) {
    if (answer->reply.event == extract::Event::Done && answer->reply.kind) return wanted.value_or(*answer->reply.kind);
    if (answer->reply.event == extract::Event::Done) {
      if (wanted) return fail(Code::Unsupported, "{} is in no format that the memory reads as {}.", origin, enum_name(*wanted));
      return fail(Code::Unsupported, "{} is in no format that the memory reads.", origin);
    }
  }
  return fail(Code::Unavailable, "{} could not be looked into: {}", origin, extractor.trouble());
}

// How far an import has counted.
struct Counted {
  std::int64_t items = 0;  // of the source, when the job began
  ImportResult result;
};
HEARTH_DESCRIBE(Counted, (items, ""), (result, ""))

struct Opened {
  std::shared_ptr<SourceReader> reader;
  std::int64_t total = 0;
};

Result<Opened> open_reader(PersonalMemory& memory, const SourceRow& source, const std::string& origin, SourceReader::Options reading,
                           const ClosedFolders& closed) {
  const auto extent = Walk::measure(source.kind, origin, kMostCounted, closed);
  auto walk = std::make_unique<Walk>(TRY(Walk::open(source.kind, origin, closed)));
  return Opened{std::make_shared<SourceReader>(std::move(walk), known_to(memory, source.id), std::move(reading)),
                extent.files < kMostCounted ? extent.bytes : 0};
}

}  // namespace

Result<std::int64_t> find_or_add_source(Connection& connection, SourceKind kind, const std::string& name, const std::string& origin,
                                        const kernel::Label& label, Time now) {
  struct Row {
    std::int64_t id;
    bool forgetting;
  };
  const auto found = TRY(connection.one("SELECT id, forgetting FROM sources WHERE kind = ? AND origin = ?",
                                        [](Statement& s) { return Row{s.integer(0), s.integer(1) != 0}; }, enum_name(kind), origin));
  if (found && found->forgetting) return fail(Code::Conflict, "This source is being forgotten. Try again when that is done.");
  if (found) return found->id;
  TRY(connection.run("INSERT INTO sources (kind, name, origin, confidentiality, integrity, created) VALUES (?, ?, ?, ?, ?, ?)",
                     enum_name(kind), name, origin, enum_name(label.confidentiality), enum_name(label.integrity), now));
  const auto id = connection.last_insert_id();
  TRY(create_index(connection, id));
  return id;
}

ClosedFolders closed_folders(const Memory::Options& options) {
  std::vector<std::filesystem::path> folders = {options.home, options.people, options.files};
  // Each of these may lie on a disk of its own.
  for (const auto* name : {"people", "files", "removed", "keys"}) folders.push_back(options.home.empty() ? options.home : options.home / name);
  return ClosedFolders(folders);
}

SourceReader::Known known_to(PersonalMemory& memory, std::int64_t source) {
  return {[&memory, source](const std::string& place, std::int64_t size, Time modified) {
            const auto found = memory.database().read_now([&](Connection& c) {
              return c.integer(
                  "SELECT EXISTS (SELECT 1 FROM origins WHERE source = ?1 AND place = ?2 AND size = ?3 AND modified = ?4)"
                  " OR EXISTS (SELECT 1 FROM files WHERE source = ?1 AND place = ?2 AND size = ?3 AND modified = ?4)",
                  source, place, size, modified);
            });
            return found.value_or(0) > 0;
          },
          [&memory, source](const std::string& place) -> std::optional<FilePosition> {
            auto found = memory.database().read_now([&](Connection& c) {
              return c.one("SELECT size, modified, offset, digest, last_start, last FROM files WHERE source = ? AND place = ?",
                           [&](Statement& s) {
                             const auto last_start = s.is_null(4) ? std::nullopt : std::optional(s.integer(4));
                             return FilePosition{place, s.integer(0), s.time(1), s.integer(2), s.text(3), last_start, s.text(5)};
                           },
                           source, place);
            });
            return found ? *std::move(found) : std::nullopt;
          }};
}

Task<Result<Stored>> store(std::shared_ptr<PersonalMemory> memory, std::int64_t source, std::shared_ptr<const Batch> batch, Time now) {
  co_return co_await memory->database().write(
      [memory, source, batch, now](Connection& c) { return store_batch(c, memory->originals(), source, *batch, now); });
}

Task<Result<>> merge_after_much(std::shared_ptr<PersonalMemory> memory, std::int64_t source, std::int64_t added, std::function<bool()> stopping) {
  if (added < kMuchAdded) co_return Result<>();
  CO_TRY(const auto items, co_await memory->database().read([=](Connection& c) { return c.integer("SELECT coalesce(max(items), 0) FROM sources WHERE id = ?", source); }));
  if (added < items / kAddedShare) co_return Result<>();
  for (bool more = true; more && !stopping();) {
    CO_TRY(more, co_await memory->database().write([source](Connection& c) -> Result<bool> {
      if (TRY(c.integer("SELECT count(*) FROM sources WHERE id = ? AND forgetting = 0", source)) == 0) return false;
      return merge_index(c, source);
    }));
  }
  co_return Result<>();
}

SourceReader::Options Memory::Implementation::reader_options(SourceKind kind) const {
  SourceReader::Options reading{.extractor = options.extractor, .seconds_per_item = options.seconds_per_item};
  switch (kind) {
    case SourceKind::Folder:  // of one's own: it may hold anything
    case SourceKind::Files: break;
    case SourceKind::Imap: reading.only = SourceKind::Mail; break;
    case SourceKind::Caldav: reading.only = SourceKind::Calendar; break;
    case SourceKind::Carddav: reading.only = SourceKind::Contacts; break;
    default: reading.only = kind;
  }
  return reading;
}

std::string Memory::Implementation::place_of(const SourceRow& source, const std::string& person) const {
  return source.kind == SourceKind::Files ? (options.files / person / "home").string() : source.origin;
}

Task<Result<ImportOutput>> Memory::import(kernel::Call call, ImportInput input) {
  auto& state = *implementation_;
  const auto person = call.person();
  const bool whole_home = input.kind == SourceKind::Files;
  if (input.kind && is_server(*input.kind)) co_return fail(Code::InvalidInput, "A server is added with memory.connect.");
  if (whole_home && !input.path.empty()) co_return fail(Code::InvalidInput, "Leave the path out: kind files means all of your files.");
  if (!whole_home && input.path.empty()) co_return fail(Code::InvalidInput, "Say which path to read.");
  CO_TRY(const auto path, co_await state.resolve(call, whole_home ? "/" : input.path));
  auto origin = path.lexically_normal().string();
  while (origin.size() > 1 && origin.ends_with('/')) origin.pop_back();
  if (!input.kind && co_await offload(state.pool, [path] { return is_export(path); })) {
    // It says of itself what strangers wrote and what not: that is only for a person to believe.
    if (call.principal().kind != kernel::Principal::Kind::Person) {
      co_return fail(Code::Forbidden, "Only a person may take in an exported memory, signed in as themselves.");
    }
    CO_TRY(auto job, co_await state.kernel.start_job("memory.restore", call.person(), translated("Take in an exported memory"), RestoreJob{origin}));
    co_return ImportOutput{"", job};
  }
  // Opened once here, so that a wrong path is told at once and not by a failing job.
  CO_TRY(const auto kind, co_await offload(state.pool, [&options = state.options, origin, wanted = input.kind] {
           return find_kind(options, origin, wanted);
         }));
  auto name = input.name.empty() ? std::filesystem::path(origin).filename().string() : input.name;
  if (whole_home) {
    origin = "/";  // wherever the box's home is
    if (input.name.empty()) name = "Files";
  }
  CO_TRY(const auto memory, co_await state.open(person));
  const auto now = state.clock.now();
  const auto watch = whole_home && !input.watch ? true : input.watch;
  CO_TRY(const auto source, co_await memory->database().write([=](Connection& c) -> Result<std::int64_t> {
    const auto known = TRY(find_or_add_source(c, kind, name, origin, label_of(kind, person), now));
    if (watch && *watch) TRY(write_live(c, known, {}, ""));
    if (watch && !*watch) TRY(remove_live(c, known));
    return known;
  }));
  if (watch && !*watch && state.live) co_await state.live->leave(person, source);
  const auto id = std::to_string(source);
  // Without its name: what jobs were called stays when the source is forgotten.
  CO_TRY(auto job, co_await state.kernel.start_job("memory.import", person, title_of_reading(kind), ImportJob{id}));
  CO_CHECK(co_await memory->database().write([=](Connection& c) { return c.run("UPDATE sources SET job = ? WHERE id = ?", job, source); }));
  state.tell(person, source, "importing");
  co_return ImportOutput{id, job};
}

Task<Result<ImportResult>> Memory::Implementation::run_import(kernel::JobRun& run, ImportJob job) {
  using namespace boost::asio::experimental::awaitable_operators;
  CO_TRY(const auto id, number_of(job.source, "source"));
  CO_TRY(const auto memory, co_await open(run.person()));
  const auto person = run.person();
  CO_TRY(const auto source, co_await memory->database().read([=](Connection& c) { return read_source(c, id, person); }));
  if (source.forgetting) co_return fail(Code::Cancelled, "The source is being forgotten.");
  CO_TRY(const auto begun, co_await offload(pool, [this, memory, source, person] { 
    return open_reader(*memory, source, place_of(source, person), reader_options(source.kind), closed_folders(options));
  }));
  const auto reader = begun.reader;
  // What was counted before the box went away; what was read then is known now. What was stored and not yet counted is seen by
  // how many items there are.
  const auto items = [=] { return memory->database().read([=](Connection& c) { return c.integer("SELECT items FROM sources WHERE id = ?", id); }); };
  CO_TRY(const auto items_now, co_await items());
  Counted counted{items_now, {}};
  if (run.checkpoint().is_null()) {
    CO_CHECK(co_await run.save(to_json(counted)));
  } else {
    CO_TRY(counted, from_json<Counted>(run.checkpoint()));
    counted.result.added = std::max(counted.result.added, items_now - counted.items);
  }
  const auto before = counted.result;
  ImportResult found;
  const auto result_now = [&] {
    return ImportResult{before.added + found.added, std::max(before.known, found.known - before.added), std::max(before.failed, found.failed),
                        std::max(before.passed_over, found.passed_over)};
  };
  // While one batch is stored, the next is read.
  CO_TRY(auto first, co_await offload(pool, [reader] { return reader->next(); }));
  auto batch = std::make_shared<const Batch>(std::move(first));
  while (true) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Reading was stopped. What was read is kept; read the source again to go on.");
    found.failed += static_cast<std::int64_t>(batch->failures.size());
    found.known += batch->unchanged;
    found.passed_over += batch->foreign;
    std::optional<Stored> stored;
    std::shared_ptr<const Batch> next;
    if (batch->finished) {
      CO_TRY(stored, co_await store(memory, id, batch, clock.now()));
    } else {
      auto [written, read] = co_await (store(memory, id, batch, clock.now()) && offload(pool, [reader] { return reader->next(); }));
      CO_TRY(stored, std::move(written));
      CO_TRY(auto following, std::move(read));
      next = std::make_shared<const Batch>(std::move(following));
    }
    found.added += stored->added;
    found.known += stored->known;
    const auto result = result_now();
    run.progress(batch->done, begun.total, translated("{} new, {} known, {} unreadable", result.added, result.known, result.failed));
    if (next) CO_CHECK(co_await run.save(to_json(Counted{counted.items, result})));
    tell(person, id, "grown");
    if (!next) break;
    batch = std::move(next);
  }
  const auto result = result_now();
  const auto now = clock.now();
  CO_CHECK(co_await memory->database().write([=](Connection& c) { return c.run("UPDATE sources SET finished = ? WHERE id = ?", now, id); }));
  CO_TRY(const auto followed, co_await memory->database().read([=](Connection& c) { return read_live(c, id); }));
  if (followed && live && !live->status(person, id)) co_await live->follow(person, id);
  tell(person, id, "imported");
  CO_CHECK(co_await merge_after_much(memory, id, result.added, [&run] { return run.stopping(); }));
  log::info("memory: read source {}: {} new, {} known, {} unreadable", id, result.added, result.known, result.failed);
  CO_CHECK(co_await start_transcribing(*this, person));
  if (models.embedder && result.added > 0) {
    CO_CHECK(co_await kernel.start_job("memory.embed", person, translated("Understand what was read"), EmbedJob{models.embedder->name()}));
  }
  co_return result;
}

}  // namespace hearth::memory
