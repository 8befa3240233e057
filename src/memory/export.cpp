#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "base/bytes.h"
#include "base/log.h"
#include "memory/entries.h"
#include "memory/moving.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kItemsAtOnce = 200;
constexpr std::size_t kBuffered = 1 << 20;
constexpr std::size_t kLongestName = 80;  // bytes

// A file that grows at its end.
class Output {
 public:
  static Result<Output> create(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return std::unexpected(Error::from_errno(errno, "making {}", path.string()));
    return Output(std::move(file));
  }
  Result<> write(std::string_view bytes) {
    buffer_ += bytes;
    written_ += static_cast<std::int64_t>(bytes.size());
    return buffer_.size() >= kBuffered ? flush() : Result<>{};
  }
  Result<> close() {
    TRY(flush());
    if (::fdatasync(file_.get()) != 0) return std::unexpected(Error::from_errno(errno, "writing the export"));
    file_.close();
    return {};
  }
  std::int64_t written() const { return written_; }

 private:
  explicit Output(Descriptor file) : file_(std::move(file)) {}
  Result<> flush() {
    for (std::string_view rest = buffer_; !rest.empty();) {
      const auto count = ::write(file_.get(), rest.data(), rest.size());
      if (count < 0 && errno != EINTR) return std::unexpected(Error::from_errno(errno, "writing the export"));
      if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer_.clear();
    return {};
  }
  Descriptor file_;
  std::string buffer_;
  std::int64_t written_ = 0;
};

// A name that any file system takes.
std::string safe_name(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    if (safe.size() == kLongestName) break;
    const bool bad = static_cast<unsigned char>(c) < ' ' || std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
    safe += bad ? '_' : c;
  }
  while (!safe.empty() && !is_utf8(safe)) safe.pop_back();
  while (!safe.empty() && (safe.back() == '.' || safe.back() == ' ')) safe.pop_back();
  return safe.empty() ? "unnamed" : safe;
}

bool is_file_of_its_own(ItemKind kind) {
  return kind == ItemKind::Document || kind == ItemKind::Note || kind == ItemKind::Page || kind == ItemKind::Recording || kind == ItemKind::Photo ||
         kind == ItemKind::Audio;
}

// Writes an export, some items at a time. Blocking, on a pool thread; the database is read in short pieces.
class Exporter {
 public:
  Exporter(std::shared_ptr<PersonalMemory> memory, std::filesystem::path folder, std::set<std::int64_t> only)
      : memory_(std::move(memory)), folder_(std::move(folder)), only_(std::move(only)) {}

  Result<> begin() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
    std::filesystem::create_directories(folder_, error);
    if (error) return std::unexpected(Error::from_errno(error.value(), "making the folder for the export"));
    for (const auto* name : {"items", "people", "merges", "sources", "searches", "settled", "forgotten", "failures"}) {
      lines_.emplace(name, TRY(Output::create(folder_ / (std::string(name) + ".jsonl"))));
    }
    calendar_.emplace(TRY(Output::create(folder_ / "calendar.ics")));
    TRY(calendar_->write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Hearth//Memory//EN\r\n"));
    contacts_.emplace(TRY(Output::create(folder_ / "contacts.vcf")));
    return memory_->database().read_now([this](Connection& c) { return write_sources(c); });
  }

  // False when all items are written.
  Result<bool> step() {
    auto rows = TRY(memory_->database().read_now([this](Connection& c) { return next_items(c); }));
    for (auto& row : rows) TRY(write_item(row));
    return !rows.empty();
  }

  Result<Manifest> finish(Time now) {
    TRY(memory_->database().read_now([this](Connection& c) { return write_people(c); }));
    TRY(memory_->database().read_now([this](Connection& c) { return write_rest(c); }));
    TRY(calendar_->write("END:VCALENDAR\r\n"));
    TRY(calendar_->close());
    TRY(contacts_->close());
    for (auto& [name, file] : lines_) TRY(file.close());
    for (auto& [source, file] : mail_) TRY(file.close());
    for (auto& [source, file] : pieces_) TRY(file.close());
    Manifest manifest{std::string(kExportFormat), kExportVersion, now, static_cast<std::int64_t>(sources_.size()), items_, people_};
    auto file = TRY(Output::create(folder_ / "manifest.json"));
    TRY(file.write(to_json(manifest).dump_pretty() + "\n"));
    TRY(file.close());
    return manifest;
  }

  std::int64_t items() const { return items_; }

 private:
  struct Row {
    std::int64_t id = 0;
    ExportedItem item;
    struct Place {
      std::int64_t source;
      std::int64_t start;
      std::int64_t length;
    };
    std::vector<Place> places;  // beside item.origins
  };

  template <typename T>
  Result<> line(const std::string& file, const T& value) {
    return lines_.at(file).write(to_json(value).dump() + "\n");
  }

  Result<> write_sources(Connection& connection) {
    auto rows = TRY(connection.prepare(
        "SELECT id, kind, name, origin, confidentiality, integrity, created, finished FROM sources WHERE forgetting = 0 ORDER BY id"));
    while (TRY(rows.step())) {
      if (!only_.empty() && !only_.contains(rows.integer(0))) continue;
      ExportedSource source{std::to_string(rows.integer(0)), enum_value<SourceKind>(rows.text_view(1)).value_or(SourceKind::Folder), rows.text(2),
                            rows.text(3), enum_value<kernel::Confidentiality>(rows.text_view(4)).value_or(kernel::Confidentiality::Secret),
                            enum_value<kernel::Integrity>(rows.text_view(5)).value_or(kernel::Integrity::Untrusted), rows.time(6),
                            rows.optional_time(7)};
      sources_.emplace(rows.integer(0), fmt::format("{}-{}", source.id, safe_name(source.name)));
      TRY(line("sources", source));
    }
    return {};
  }

  Result<std::vector<Row>> next_items(Connection& connection) {
    static const auto sql = fmt::format(
        "SELECT i.id, i.key, i.kind, i.external_id, i.type, i.title, i.time, i.until, i.certainty, i.zone, i.thread, i.part_of, i.outside,"
        " i.confidentiality, i.integrity, i.details FROM items i WHERE i.id > ? AND {} ORDER BY i.id LIMIT ?", kPresent);
    std::vector<Row> rows;
    for (bool any = true; any && rows.empty();) {  // of some sources there may be none among many
      any = false;
      auto statement = TRY(connection.prepare(sql));
      statement.bind(1, last_);
      statement.bind(2, static_cast<std::int64_t>(kItemsAtOnce));
      while (TRY(statement.step())) {
        any = true;
        last_ = statement.integer(0);
        auto row = TRY(read_row(connection, statement));
        if (!row.item.origins.empty()) rows.push_back(std::move(row));
      }
    }
    return rows;
  }

  Result<Row> read_row(Connection& connection, Statement& s) {
    Row row;
    row.id = s.integer(0);
    auto& item = row.item;
    item.key = to_hex(s.text_view(1));
    item.kind = enum_value<ItemKind>(s.text_view(2)).value_or(ItemKind::Document);
    item.external_id = s.text(3);
    item.type = s.text(4);
    item.title = s.text(5);
    item.time = s.optional_time(6);
    item.until = s.optional_time(7);
    item.certainty = enum_value<TimeCertainty>(s.text_view(8)).value_or(TimeCertainty::Exact);
    if (!s.is_null(9)) item.zone = static_cast<int>(s.integer(9));
    if (!s.is_null(10)) item.thread = std::to_string(s.integer(10));
    item.part_of = to_hex(s.text_view(11));
    item.outside = s.integer(12) != 0;
    item.confidentiality = enum_value<kernel::Confidentiality>(s.text_view(13));
    item.integrity = enum_value<kernel::Integrity>(s.text_view(14));
    auto details = TRY(parse_details(s.text_view(15)));
    item.people = std::move(details.people);
    item.attachments = std::move(details.attachments);
    item.places = std::move(details.places);
    item.tags = std::move(details.tags);
    item.passages = TRY(connection.all("SELECT text FROM passages WHERE id BETWEEN ? AND ? ORDER BY id", [](Statement& p) { return p.text(0); },
                                       first_passage(row.id), last_passage(row.id)));
    auto origins = TRY(connection.prepare(
        "SELECT source, place, size, modified, original_start, original_length FROM origins WHERE item = ? ORDER BY source, place"));
    origins.bind(1, row.id);
    while (TRY(origins.step())) {
      if (!sources_.contains(origins.integer(0))) continue;
      item.origins.push_back({std::to_string(origins.integer(0)), origins.text(1), origins.integer(2), origins.time(3), "", 0, 0, false});
      row.places.push_back({origins.integer(0), origins.integer(4), origins.integer(5)});
    }
    return row;
  }

  Result<> write_item(Row& row) {
    auto& item = row.item;
    std::map<std::string, std::size_t> same;  // originals of the same bytes are kept once
    for (std::size_t i = 0; i < row.places.size(); ++i) {
      const auto& place = row.places[i];
      auto& origin = item.origins[i];
      auto bytes = memory_->originals().read(place.source, place.start, place.length);
      if (!bytes) {
        // Forgotten meanwhile, with its source.
        log::warning("memory: an original could not be exported: {}", bytes.error().describe());
        continue;
      }
      const auto [found, fresh] = same.try_emplace(sha256(*bytes), i);
      if (!fresh) {
        const auto& first = item.origins[found->second];
        origin.file = first.file;
        origin.start = first.start;
        origin.length = first.length;
        origin.quoted = first.quoted;
        continue;
      }
      TRY(write_original(row, place.source, origin, *bytes));
    }
    std::string text;
    for (const auto& passage : item.passages) text += passage;
    if (item.kind == ItemKind::Event || item.kind == ItemKind::Task) TRY(calendar_->write(as_calendar_entry(item, text)));
    if (item.kind == ItemKind::Contact) TRY(contacts_->write(as_card(item, text)));
    if (is_file_of_its_own(item.kind)) {
      auto page = TRY(Output::create(folder_ / "notes" / fmt::format("{}-{}.md", row.id, safe_name(item.title))));
      TRY(page.write(as_markdown(item, text)));
      TRY(page.close());
    }
    ++items_;
    return line("items", item);
  }

  Result<> write_original(const Row& row, std::int64_t source, ExportedOrigin& origin, const std::string& bytes) {
    const auto& name = sources_.at(source);
    if (row.item.kind == ItemKind::Mail) {
      origin.file = fmt::format("mail/{}.mbox", name);
      auto& file = TRY(growing(mail_, source, origin.file)).get();
      TRY(file.write(mbox_separator(row.item)));
      const auto quoted = quote_mbox(bytes);
      origin.start = file.written();
      origin.length = static_cast<std::int64_t>(quoted.size());
      origin.quoted = true;
      TRY(file.write(quoted));
      return file.write(quoted.ends_with('\n') ? "\n" : "\n\n");
    }
    origin.length = static_cast<std::int64_t>(bytes.size());
    if (!is_file_of_its_own(row.item.kind)) {
      origin.file = fmt::format("originals/{}.pieces", name);
      auto& file = TRY(growing(pieces_, source, origin.file)).get();
      origin.start = file.written();
      return file.write(bytes);
    }
    const auto place = std::filesystem::path(origin.place).filename().string();
    origin.file = fmt::format("originals/{}/{}-{}", name, row.id, safe_name(place.empty() ? row.item.title : place));
    auto file = TRY(Output::create(folder_ / origin.file));
    TRY(file.write(bytes));
    return file.close();
  }

  Result<std::reference_wrapper<Output>> growing(std::map<std::int64_t, Output>& files, std::int64_t source, const std::string& name) {
    auto found = files.find(source);
    if (found == files.end()) found = files.emplace(source, TRY(Output::create(folder_ / name))).first;
    return std::ref(found->second);
  }

  Result<> write_people(Connection& connection) {
    std::set<std::int64_t> there;
    auto rows = TRY(connection.prepare("SELECT id, root, address, name FROM people ORDER BY id"));
    while (TRY(rows.step())) {
      there.insert(rows.integer(0));
      ++people_;
      TRY(line("people", ExportedPerson{std::to_string(rows.integer(0)), std::to_string(rows.integer(1)), rows.text(2), rows.text(3)}));
    }
    // Who is gone stands for the first with whom they were merged.
    std::map<std::int64_t, std::int64_t> instead;
    const auto one = [&](std::int64_t id) {
      for (auto found = instead.find(id); found != instead.end(); found = instead.find(id)) id = found->second;
      return id;
    };
    auto merges = TRY(connection.prepare(
        "SELECT m.keep, m.other, i.key, m.card IS NOT NULL, m.undone, m.time FROM merges m LEFT JOIN items i ON i.id = m.card ORDER BY m.id"));
    while (TRY(merges.step())) {
      const auto keep = one(merges.integer(0));
      const auto other = one(merges.integer(1));
      const bool undone = merges.integer(4) != 0;
      if (!there.contains(keep) || !there.contains(other)) {
        if (!undone && keep != other) instead[there.contains(keep) ? other : keep] = there.contains(keep) ? keep : other;
        continue;
      }
      const bool card = merges.integer(3) != 0;
      const auto key = to_hex(merges.text_view(2));
      TRY(line("merges", ExportedMerge{std::to_string(keep), std::to_string(other), card ? key.empty() ? "gone" : key : "", undone, merges.time(5)}));
    }
    return {};
  }

  Result<> write_rest(Connection& connection) {
    auto failures = TRY(connection.prepare("SELECT source, place, offset, reason, time FROM failures ORDER BY source, place, offset"));
    while (TRY(failures.step())) {
      if (!sources_.contains(failures.integer(0))) continue;
      TRY(line("failures", ExportedFailure{std::to_string(failures.integer(0)), failures.text(1), failures.integer(2), failures.text(3), failures.time(4)}));
    }
    if (!only_.empty()) return {};
    auto searches = TRY(connection.prepare("SELECT name, query, filters, created FROM saved_searches ORDER BY id"));
    while (TRY(searches.step())) {
      const auto filters = TRY(Json::parse(searches.text_view(2)));
      auto read = TRY(from_json<SearchFilters>(filters));
      TRY(line("searches", ExportedSearch{searches.text(0), searches.text(1), std::move(read), searches.time(3)}));
    }
    auto settled = TRY(connection.prepare("SELECT i.key, s.start, s.state, s.time FROM settled s JOIN items i ON i.id = s.item ORDER BY s.item, s.start"));
    while (TRY(settled.step())) {
      TRY(line("settled", ExportedSettled{to_hex(settled.text_view(0)), settled.integer(1),
                                          enum_value<PromiseState>(settled.text_view(2)).value_or(PromiseState::Done), settled.time(3)}));
    }
    auto forgotten = TRY(connection.prepare("SELECT key FROM forgotten"));
    while (TRY(forgotten.step())) TRY(line("forgotten", ExportedForgotten{to_hex(forgotten.text_view(0))}));
    return {};
  }

  std::shared_ptr<PersonalMemory> memory_;
  std::filesystem::path folder_;
  std::set<std::int64_t> only_;
  std::map<std::int64_t, std::string> sources_;  // the names of their files
  std::map<std::string, Output> lines_;
  std::map<std::int64_t, Output> mail_;
  std::map<std::int64_t, Output> pieces_;
  std::optional<Output> calendar_;
  std::optional<Output> contacts_;
  std::int64_t last_ = 0;
  std::int64_t items_ = 0;
  std::int64_t people_ = 0;
};

}  // namespace

Task<Result<ExportOutput>> Memory::export_to(kernel::Call call, ExportInput input) {
  auto& state = *implementation_;
  // What leaves the memory leaves its labels behind.
  if (call.principal().kind != kernel::Principal::Kind::Person) {
    co_return fail(Code::Forbidden, "Only the person whose memory it is may export it, signed in as themselves.");
  }
  const auto person = call.person();
  CO_TRY(const auto memory, co_await state.open(person));
  for (const auto& source : input.sources) {
    CO_TRY(const auto id, number_of(source, "source"));
    CO_CHECK(co_await memory->database().read([=](Connection& c) { return read_source(c, id, person); }));
  }
  auto path = input.path.empty() ? fmt::format("/Memory {}", day_of(state.clock.now(), 0)) : input.path;
  auto target = co_await state.place(call, path);
  for (int number = 2; input.path.empty() && !target && target.error().code() == Code::AlreadyExists && number < 100; ++number) {
    path = fmt::format("/Memory {} ({})", day_of(state.clock.now(), 0), number);
    target = co_await state.place(call, path);
  }
  if (!target) co_return std::unexpected(target.error());
  CO_TRY(auto job, co_await state.kernel.start_job("memory.export", person, translated("Export the memory"), ExportJob{input.sources, target->string()}));
  co_return ExportOutput{job, path};
}

Task<Result<ExportResult>> Memory::Implementation::run_export(kernel::JobRun& run, ExportJob job) {
  CO_TRY(const auto memory, co_await open(run.person()));
  std::set<std::int64_t> only;
  for (const auto& source : job.sources) {
    CO_TRY(const auto id, number_of(source, "source"));
    only.insert(id);
  }
  // It is made beside the memory and moved when it is whole: begun again after a crash, there is never a half of one.
  const auto staging = options.people / run.person() / ("export-" + run.id());
  const std::filesystem::path target = job.target;
  const auto remove = [this, staging] {
    return offload(pool, [staging]() -> Result<> {
      std::error_code ignored;
      std::filesystem::remove_all(staging, ignored);
      return {};
    });
  };
  CO_TRY(const auto total, co_await memory->database().read([](Connection& c) { return c.integer("SELECT coalesce(sum(items), 0) FROM sources WHERE forgetting = 0"); }));
  const auto exporter = std::make_shared<Exporter>(memory, staging, std::move(only));
  auto begun = co_await offload(pool, [exporter] { return exporter->begin(); });
  if (!begun) {
    (void)co_await remove();
    co_return std::unexpected(begun.error());
  }
  for (bool more = true; more;) {
    Result<bool> step = fail(Code::Cancelled, "The export was stopped.");
    if (!run.stopping()) step = co_await offload(pool, [exporter] { return exporter->step(); });
    if (!step) {
      (void)co_await remove();
      co_return std::unexpected(step.error());
    }
    more = *step;
    run.progress(exporter->items(), total, {});
  }
  const auto now = clock.now();
  auto done = co_await offload(pool, [exporter, staging, target, now]() -> Result<Manifest> {
    auto manifest = TRY(exporter->finish(now));
    struct stat ignored {};
    if (::stat(target.c_str(), &ignored) == 0) {
      // A crash came between the move and its being noted: this is that export.
      if (is_export(target)) return manifest;
      return fail(Code::AlreadyExists, "Something is at {} by now. Export to another folder.", target.filename().string());
    }
    if (::rename(staging.c_str(), target.c_str()) != 0) return std::unexpected(Error::from_errno(errno, "moving the export to your files"));
    return manifest;
  });
  (void)co_await remove();
  CO_TRY(const auto manifest, std::move(done));
  co_return ExportResult{manifest.items, manifest.people, target.filename().string()};
}

}  // namespace hearth::memory
