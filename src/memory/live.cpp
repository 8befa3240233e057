#include "memory/live.h"

#include "base/bytes.h"
#include "base/log.h"
#include "memory/transcription.h"

namespace hearth::memory {
namespace {

constexpr Duration kFirstPause = std::chrono::seconds(1);
constexpr Duration kLongestPause = std::chrono::minutes(5);
constexpr Duration kRefusedPause = std::chrono::minutes(15);  // a wrong password tried often locks the account

// Who follows something, without opening each memory for good.
Result<std::vector<std::pair<std::string, std::int64_t>>> find_followed(const std::filesystem::path& people) {
  std::vector<std::pair<std::string, std::int64_t>> found;
  std::error_code error;
  for (const auto& folder : std::filesystem::directory_iterator(people, error)) {
    const auto database = folder.path() / "memory.db";
    if (!std::filesystem::exists(database, error)) continue;
    const auto connection = store::Connection::open(database, store::Connection::Mode::ReadOnly);
    if (!connection) continue;  // told when the person uses it
    // A watched folder that was not read to its end yet is read by its job first.
    const auto sources = (*connection)->all(
        "SELECT s.id FROM live l JOIN sources s ON s.id = l.source WHERE s.forgetting = 0"
        " AND (s.finished IS NOT NULL OR s.kind IN ('imap', 'caldav', 'carddav'))",
        [](store::Statement& s) { return s.integer(0); });
    if (!sources) continue;  // a memory from before there were live sources
    for (const auto source : *sources) found.emplace_back(folder.path().filename(), source);
  }
  return found;
}

}  // namespace

struct Live::Followed {
  Followed(std::string whose, std::int64_t which, Executor home) : person(std::move(whose)), source(which), tasks(home) {}

  std::string person;
  std::int64_t source;
  LiveStatus status;
  std::shared_ptr<Connector> connector;  // shared with its thread's work
  bool stopping = false;
  std::int64_t unmerged = 0;  // items that came since its index was made one piece
  ThreadPool thread{"live", 1};
  TaskGroup tasks;
};

Live::Live(Memory::Implementation& memory, Executor home) : memory_(memory), home_(home), tasks_(home) {}
Live::~Live() {
  for (auto& [key, followed] : followed_) {
    if (followed->connector) followed->connector->stop();
  }
}

void Live::start() { tasks_.spawn("memory: live", start_everybody()); }

Task<> Live::start_everybody() {
  const auto found = co_await offload(memory_.pool, [people = memory_.options.people] { return find_followed(people); });
  for (const auto& [person, source] : *found) co_await follow(person, source);
}

Task<> Live::follow(std::string person, std::int64_t source) {
  co_await leave(person, source);
  auto followed = std::make_shared<Followed>(person, source, home_);
  followed_.insert_or_assign({person, source}, followed);
  followed->tasks.spawn("memory: live source", keep_following(followed));
}

Task<> Live::leave(std::string person, std::int64_t source) {
  const auto found = followed_.find({person, source});
  if (found == followed_.end()) co_return;
  const auto followed = found->second;
  followed_.erase(found);
  followed->stopping = true;
  if (followed->connector) followed->connector->stop();
  co_await followed->tasks.stop();
}

Task<> Live::leave(std::string person) {
  std::vector<std::int64_t> sources;
  for (const auto& [key, followed] : followed_) {
    if (key.first == person) sources.push_back(key.second);
  }
  for (const auto source : sources) co_await leave(person, source);
}

Task<> Live::stop() {
  co_await tasks_.stop();
  for (auto& [key, followed] : followed_) {  // all at once: each may take a moment
    followed->stopping = true;
    if (followed->connector) followed->connector->stop();
  }
  while (!followed_.empty()) {
    const auto [person, source] = followed_.begin()->first;
    co_await leave(person, source);
  }
}

std::optional<LiveStatus> Live::status(const std::string& person, std::int64_t source) const {
  const auto found = followed_.find({person, source});
  return found == followed_.end() ? std::nullopt : std::optional(found->second->status);
}

void Live::show(Followed& followed, LiveState state, const Message& error) {
  if (followed.status.state == state && followed.status.error == error.english()) return;
  followed.status.state = state;
  followed.status.error = error.english();
  followed.status.error_zh = error.chinese();
  memory_.tell(followed.person, followed.source, enum_name(state));
}

Task<> Live::keep_following(std::shared_ptr<Followed> followed) {
  auto pause = kFirstPause;
  while (!followed->stopping) {
    const auto before = followed->status.current;
    const auto ended = co_await follow_once(*followed);
    if (followed->stopping || ended) co_return;
    if (followed->status.current != before) pause = kFirstPause;
    const bool refused = ended.error().code() == Code::Unauthenticated;
    log::warning("memory: source {}: {}", followed->source, ended.error().describe());
    show(*followed, LiveState::Waiting, ended.error().sentence());
    co_await memory_.clock.sleep_for(refused ? kRefusedPause : pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

// Ends with the first error, or without one when the source is followed no more.
Task<Result<>> Live::follow_once(Followed& followed) {
  const auto id = followed.source;
  const auto person = followed.person;
  CO_TRY(const auto memory, co_await memory_.open(person));
  CO_TRY(const auto source, co_await memory->database().read([=](store::Connection& c) { return read_source(c, id, person); }));
  CO_TRY(const auto row, co_await memory->database().read([=](store::Connection& c) { return read_live(c, id); }));
  if (!row || source.forgetting) co_return Result<>();
  if (followed.status.state != LiveState::Waiting) show(followed, LiveState::Connecting, {});
  if (followed.connector) {  // it connects anew by itself
  } else if (is_server(source.kind)) {
    auto password = open_sealed(memory_.options.key, row->secret);
    if (!password) co_return fail(Code::Unauthenticated, "The password cannot be opened any more. Connect again.");
    followed.connector = source.kind == SourceKind::Imap ? connect_imap(row->settings, *std::move(password), row->state)
                                                         : connect_dav(source.kind, row->settings, *std::move(password), row->state);
  } else {
    followed.connector = connect_folder(source.kind, memory_.place_of(source, person), closed_folders(memory_.options));
  }
  const auto connector = followed.connector;
  while (!followed.stopping) {
    CO_TRY(auto supply, co_await offload(followed.thread, [connector] { return connector->more(); }));
    for (const auto& renamed : connector->renamed()) {
      CO_CHECK(co_await memory->database().write([=](store::Connection& c) { return move_places(c, memory->originals(), id, renamed); }));
    }
    if (supply) {
      CO_CHECK(co_await take(followed, memory, std::move(supply), source.kind));
      continue;
    }
    const auto now = memory_.clock.now();
    CO_CHECK(co_await memory->database().write([=](store::Connection& c) { return c.run("UPDATE sources SET finished = ? WHERE id = ?", now, id); }));
    followed.status.current = now;
    show(followed, LiveState::Current, connector->complaint());
    const auto unmerged = std::exchange(followed.unmerged, 0);
    CO_CHECK(co_await merge_after_much(memory, id, unmerged, [&followed] { return followed.stopping; }));
    CO_CHECK(co_await offload(followed.thread, [connector] { return connector->wait(); }));
  }
  co_return Result<>();
}

Task<Result<>> Live::take(Followed& followed, std::shared_ptr<PersonalMemory> memory, std::unique_ptr<Supply> supply, SourceKind kind) {
  const auto id = followed.source;
  const auto connector = followed.connector;
  const auto reader = std::make_shared<SourceReader>(std::move(supply), known_to(*memory, id), memory_.reader_options(kind));
  show(followed, LiveState::Reading, {});
  std::int64_t added = 0;
  while (!followed.stopping) {
    CO_TRY(auto read, co_await offload(followed.thread, [reader] { return reader->next(); }));
    const auto batch = std::make_shared<const Batch>(std::move(read));
    const auto now = memory_.clock.now();
    CO_TRY(const auto stored, co_await store(memory, id, batch, now));
    added += stored.added;
    followed.status.added += stored.added;
    followed.unmerged += stored.added;
    if (stored.added > 0) memory_.tell(followed.person, id, "grown");
    if (batch->finished) break;
  }
  if (followed.stopping) co_return Result<>();
  CO_TRY(auto reached, co_await offload(followed.thread, [connector]() -> Result<Reached> { return connector->reached(); }));
  const auto now = memory_.clock.now();
  CO_CHECK(co_await memory->database().write([id, now, reached = std::move(reached)](store::Connection& c) -> Result<> {
    for (const auto& failure : reached.failures) {
      TRY(c.run("INSERT OR REPLACE INTO failures (source, place, offset, reason, time) VALUES (?, ?, ?, ?, ?)", id, failure.place,
                failure.offset, failure.reason, now));
    }
    TRY(mark_gone(c, id, reached));
    return c.run("UPDATE live SET state = ? WHERE source = ?", reached.state, id);
  }));
  if (added > 0) {
    log::info("memory: source {}: {} new", id, added);
    CO_CHECK(co_await start_transcribing(memory_, followed.person));
  }
  co_return Result<>();
}

}  // namespace hearth::memory
