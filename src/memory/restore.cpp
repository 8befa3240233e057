#include <fcntl.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/log.h"
#include "memory/identities.h"
#include "memory/moving.h"
#include "memory/walk.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::size_t kItemsAtOnce = 200;
constexpr std::size_t kBytesAtOnce = 8 << 20;
constexpr std::size_t kLongestLine = 256 << 20;
constexpr std::int64_t kLargestOriginal = 1LL << 31;

// A file of the export: not outside of it, whatever an export may say.
Result<Descriptor> open_inside(const std::filesystem::path& folder, const std::string& name) {
  const auto root = open_origin(folder.string(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (!root) return std::unexpected(Error::from_errno(errno, "opening {}", folder.string()));
  auto file = open_beneath(root.get(), name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (!file) return fail(Code::NotFound, "The export has no {}. It may not be whole.", name);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return fail(Code::InvalidInput, "{} of the export is no file.", name);
  return file;
}

Result<std::string> read_piece(int file, std::int64_t start, std::int64_t length, const std::string& name) {
  if (start < 0 || length < 0 || length > kLargestOriginal) return fail(Code::InvalidInput, "The export is damaged: {} of {} bytes at {}.", name, length, start);
  struct stat status {};
  if (::fstat(file, &status) != 0 || start > status.st_size || length > status.st_size - start) {
    return fail(Code::InvalidInput, "The export is damaged: {} is shorter than it should be.", name);
  }
  std::string bytes(static_cast<std::size_t>(length), '\0');
  for (std::size_t filled = 0; filled < bytes.size();) {
    const auto got = ::pread(file, bytes.data() + filled, bytes.size() - filled, start + static_cast<std::int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::unexpected(Error::from_errno(errno, "reading the export"));
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

// The lines of a file, one described struct each.
class Lines {
 public:
  static Result<Lines> open(const std::filesystem::path& folder, std::string name, std::int64_t from) {
    auto file = TRY(open_inside(folder, name));
    return Lines(std::move(file), std::move(name), from);
  }
  // None at the end.
  template <typename T>
  Result<std::optional<T>> next() {
    std::string line;
    while (true) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        line = buffer_.substr(at_, end - at_);
        at_ = end + 1;
        offset_ += static_cast<std::int64_t>(line.size()) + 1;
        break;
      }
      if (buffer_.size() - at_ > kLongestLine) return fail(Code::TooLarge, "The export is damaged: a line of {} has no end.", name_);
      if (!TRY(fill())) {
        if (at_ < buffer_.size()) return fail(Code::InvalidInput, "The export is damaged: {} ends in the middle of a line.", name_);
        return std::nullopt;
      }
    }
    const auto parsed = Json::parse(line);
    auto value = parsed ? from_json<T>(*parsed) : Result<T>(std::unexpected(parsed.error()));
    if (!value) return fail(Code::InvalidInput, "The export is damaged: {} before byte {}: {}", name_, offset_, value.error().sentence());
    return *std::move(value);
  }
  std::int64_t offset() const { return offset_; }

 private:
  Lines(Descriptor file, std::string name, std::int64_t from) : file_(std::move(file)), name_(std::move(name)), offset_(from), read_(from) {}
  Result<bool> fill() {
    buffer_.erase(0, at_);
    at_ = 0;
    const auto before = buffer_.size();
    buffer_.resize(before + (256 << 10));
    const auto got = ::pread(file_.get(), buffer_.data() + before, 256 << 10, read_);
    if (got < 0) return std::unexpected(Error::from_errno(errno, "reading the export"));
    buffer_.resize(before + static_cast<std::size_t>(got));
    read_ += got;
    return got > 0;
  }
  Descriptor file_;
  std::string name_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t offset_;
  std::int64_t read_;
};

template <typename T>
Result<std::vector<T>> read_all(const std::filesystem::path& folder, const std::string& name) {
  Lines lines = TRY(Lines::open(folder, name, 0));
  std::vector<T> all;
  while (auto one = TRY(lines.template next<T>())) all.push_back(*std::move(one));
  return all;
}

// One item as it was read, with its originals.
struct Arrived {
  ExportedItem item;
  std::string text;
  std::vector<std::string> originals;  // beside item.origins
};

Result<Arrived> arrive(const std::filesystem::path& folder, ExportedItem item) {
  Arrived arrived;
  for (const auto& passage : item.passages) arrived.text += passage;
  for (const auto& origin : item.origins) {
    if (origin.file.empty()) {
      arrived.originals.emplace_back();
      continue;
    }
    const auto file = TRY(open_inside(folder, origin.file));
    auto bytes = TRY(read_piece(file.get(), origin.start, origin.length, origin.file));
    arrived.originals.push_back(origin.quoted ? unquote_mbox(bytes) : std::move(bytes));
  }
  if (!from_hex(item.key) || item.key.size() != 32 || !from_hex(item.part_of)) return fail(Code::InvalidInput, "The export is damaged: {} is no key.", item.key);
  arrived.item = std::move(item);
  return arrived;
}

struct Page {
  std::vector<Arrived> items;
  std::int64_t offset = 0;  // in items.jsonl, of what follows
  bool finished = false;
};

Result<Page> next_page(Lines& lines, const std::filesystem::path& folder) {
  Page page;
  std::size_t bytes = 0;
  while (page.items.size() < kItemsAtOnce && bytes < kBytesAtOnce) {
    auto item = TRY(lines.next<ExportedItem>());
    if (!item) {
      page.finished = true;
      break;
    }
    page.items.push_back(TRY(arrive(folder, *std::move(item))));
    bytes += page.items.back().text.size();
    for (const auto& original : page.items.back().originals) bytes += original.size();
  }
  page.offset = lines.offset();
  return page;
}

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

Incoming incoming_of(const Arrived& arrived, std::size_t origin) {
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

Result<Stored> take_items(Connection& connection, const Originals& originals, const SourceIds& sources, const Page& page, Time now) {
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

struct People {
  std::vector<ExportedPerson> people;
  std::vector<ExportedMerge> merges;
};

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
Result<PeopleIds> take_people(Connection& connection, const People& people, bool empty_before) {
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

struct Rest {
  std::vector<ExportedSearch> searches;
  std::vector<ExportedSettled> settled;
  std::vector<ExportedForgotten> forgotten;
  std::vector<ExportedFailure> failures;
};

Result<> take_rest(Connection& connection, const Rest& rest, const SourceIds& sources, const PeopleIds& people) {
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

struct Opened {
  std::vector<ExportedSource> sources;
  std::shared_ptr<Lines> items;
  std::int64_t total = 0;
};

Result<Opened> open_export(const std::filesystem::path& folder, std::int64_t offset) {
  const auto file = TRY(open_inside(folder, "manifest.json"));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || status.st_size > (1 << 20)) return fail(Code::InvalidInput, "The export's manifest is damaged.");
  const auto bytes = TRY(read_piece(file.get(), 0, status.st_size, "manifest.json"));
  const auto parsed = TRY(Json::parse(bytes));
  const auto version = parsed.find("version");
  if (!version || !version->as_integer()) return fail(Code::InvalidInput, "The export's manifest is damaged.");
  if (*version->as_integer() > kExportVersion) return fail(Code::Unsupported, "This was exported by a newer Hearth. Update Hearth.");
  const auto manifest = TRY(from_json<Manifest>(parsed));
  auto sources = TRY(read_all<ExportedSource>(folder, "sources.jsonl"));
  auto lines = TRY(Lines::open(folder, "items.jsonl", offset));
  return Opened{std::move(sources), std::make_shared<Lines>(std::move(lines)), manifest.items};
}

}  // namespace

Task<Result<ImportResult>> Memory::Implementation::run_restore(kernel::JobRun& run, RestoreJob job) {
  CO_TRY(const auto memory, co_await open(run.person()));
  const auto person = run.person();
  const std::filesystem::path folder = job.folder;
  Checkpoint checkpoint;
  if (run.checkpoint().is_null()) {
    CO_TRY(checkpoint.empty_before, co_await memory->database().read([](Connection& c) -> Result<bool> {
      return TRY(c.integer("SELECT count(*) FROM (SELECT 1 FROM items LIMIT 1)")) == 0;
    }));
    CO_CHECK(co_await run.save(to_json(checkpoint)));
  } else {
    CO_TRY(checkpoint, from_json<Checkpoint>(run.checkpoint()));
  }
  CO_TRY(const auto begun, co_await offload(pool, [folder, offset = checkpoint.offset] { return open_export(folder, offset); }));
  CO_TRY(const auto sources, co_await memory->database().write([person, &begun](Connection& c) { return take_sources(c, begun.sources, person); }));
  ImportResult result;
  while (true) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Reading was stopped. What was read is kept; import the folder again to go on.");
    CO_TRY(auto read, co_await offload(pool, [lines = begun.items, folder] { return next_page(*lines, folder); }));
    const auto page = std::make_shared<const Page>(std::move(read));
    CO_TRY(const auto stored, co_await memory->database().write([memory, page, &sources, now = clock.now()](Connection& c) {
      return take_items(c, memory->originals(), sources, *page, now);
    }));
    result.added += stored.added;
    result.known += stored.known;
    run.progress(result.added + result.known, begun.total, translated("{} new, {} known", result.added, result.known));
    if (page->finished) break;
    checkpoint.offset = page->offset;
    CO_CHECK(co_await run.save(to_json(checkpoint)));
  }
  CO_TRY(const auto people, co_await offload(pool, [folder]() -> Result<People> {
    People all;
    all.people = TRY(read_all<ExportedPerson>(folder, "people.jsonl"));
    all.merges = TRY(read_all<ExportedMerge>(folder, "merges.jsonl"));
    return all;
  }));
  CO_TRY(const auto ids, co_await memory->database().write(
      [&people, empty = checkpoint.empty_before](Connection& c) { return take_people(c, people, empty); }));
  CO_TRY(const auto rest, co_await offload(pool, [folder]() -> Result<Rest> {
    Rest all;
    all.searches = TRY(read_all<ExportedSearch>(folder, "searches.jsonl"));
    all.settled = TRY(read_all<ExportedSettled>(folder, "settled.jsonl"));
    all.forgotten = TRY(read_all<ExportedForgotten>(folder, "forgotten.jsonl"));
    auto failures = read_all<ExportedFailure>(folder, "failures.jsonl");
    if (!failures && failures.error().code() != Code::NotFound) return std::unexpected(failures.error());
    if (failures) all.failures = *std::move(failures);
    return all;
  }));
  CO_CHECK(co_await memory->database().write([&](Connection& c) { return take_rest(c, rest, sources, ids); }));
  for (const auto& [exported, id] : sources) tell(person, id, "imported");
  co_return result;
}

}  // namespace hearth::memory
