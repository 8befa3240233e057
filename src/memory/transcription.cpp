#include "memory/transcription.h"

#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "base/process.h"
#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::string_view kFolder = "transcribing";  // in a person's folder: the recording that a model is at
constexpr std::string_view kFailed = "This recording could not be transcribed: ";
constexpr Duration kUntilTriedAgain = std::chrono::hours(1);
constexpr Duration kLookedWhetherStopped = std::chrono::milliseconds(200);
constexpr std::size_t kMostLines = 50'000;
constexpr std::size_t kLongestLine = 10'000;  // bytes

struct Recording {
  std::int64_t item = 0;
  std::int64_t source = 0;
  std::string place;
  std::string title;
  std::string type;
  Originals::Piece original;
};

// The oldest recording after `after` that nobody has written down.
constexpr std::string_view kUnwritten =
    " FROM items i JOIN origins o ON o.item = i.id JOIN sources s ON s.id = o.source AND s.forgetting = 0"
    " WHERE i.kind = 'audio' AND i.id > ?1 AND NOT EXISTS (SELECT 1 FROM item_tags t WHERE t.item = i.id AND t.tag = ?2)"
    " AND NOT EXISTS (SELECT 1 FROM doomed d WHERE d.item = i.id)"
    " AND NOT EXISTS (SELECT 1 FROM failures f WHERE f.source = o.source AND f.place = o.place AND f.time > ?3 AND f.reason LIKE ?4 || '%')";

Result<std::optional<Recording>> next_recording(Connection& connection, std::int64_t after, Time since) {
  return connection.one(
      fmt::format("SELECT i.id, o.source, o.place, i.title, i.type, o.original_start, o.original_length{} ORDER BY i.id, o.source LIMIT 1", kUnwritten),
      [](Statement& s) {
        return Recording{s.integer(0), s.integer(1), s.text(2), s.text(3), s.text(4), {s.integer(5), s.integer(6)}};
      },
      after, kTranscriptTag, since, kFailed);
}

Result<std::int64_t> count_recordings(Connection& connection, std::int64_t after, Time since) {
  return connection.integer(fmt::format("SELECT count(DISTINCT i.id){}", kUnwritten), after, kTranscriptTag, since, kFailed);
}

std::string_view ending_of(std::string_view type) {
  if (type == "audio/mpeg") return ".mp3";
  if (type == "audio/mp4") return ".m4a";
  if (type == "audio/ogg") return ".ogg";
  if (type == "audio/flac") return ".flac";
  if (type == "audio/aiff") return ".aiff";
  return ".wav";
}

// A recording as a file of its own, which is what models read; gone with this object.
class LooseFile {
 public:
  static Result<std::shared_ptr<LooseFile>> make(const std::filesystem::path& folder, const std::filesystem::path& pack, const Recording& recording) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return std::unexpected(Error::from_errno(error.value(), "opening {}", folder.string()));
    const auto path = folder / fmt::format("{}{}", recording.item, ending_of(recording.type));
    const std::shared_ptr<LooseFile> made(new LooseFile(path));
    const Descriptor from(::open(pack.c_str(), O_RDONLY | O_CLOEXEC));
    if (!from) return std::unexpected(Error::from_errno(errno, "opening {}", pack.string()));
    const Descriptor to(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!to) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
    off64_t at = recording.original.at;
    for (auto left = recording.original.length; left > 0;) {
      const auto copied = ::copy_file_range(from.get(), &at, to.get(), nullptr, static_cast<std::size_t>(left), 0);
      if (copied < 0 && errno == EINTR) continue;
      if (copied < 0) return std::unexpected(Error::from_errno(errno, "keeping the original"));
      if (copied == 0) return fail(Code::Corrupt, "{} is shorter than it should be. Restore it from a backup.", pack.string());
      left -= copied;
    }
    return made;
  }
  ~LooseFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  LooseFile(const LooseFile&) = delete;
  LooseFile& operator=(const LooseFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit LooseFile(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// False when the item is gone meanwhile, or was written down.
Result<bool> store_transcript(Connection& connection, const Recording& recording, const std::vector<std::string>& lines) {
  const auto item = recording.item;
  const auto found = TRY(connection.one(fmt::format("SELECT i.details{} AND i.id = ?5", kUnwritten), [](Statement& s) { return s.text(0); },
                                        item - 1, kTranscriptTag, Time::max(), kFailed, item));
  if (!found) return false;
  auto details = TRY(parse_details(*found));
  details.tags.emplace_back(kTranscriptTag);
  TRY(connection.run("UPDATE items SET details = ? WHERE id = ?", to_json(details).dump(), item));
  TRY(connection.run("INSERT OR IGNORE INTO item_tags (tag, item) VALUES (?, ?)", kTranscriptTag, item));
  TRY(connection.run("DELETE FROM failures WHERE source = ? AND place = ? AND reason LIKE ? || '%'", recording.source, recording.place, kFailed));
  TRY(add_passages(connection, item, lines));
  return true;
}

Task<> until_stopped(kernel::JobRun& run) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!run.stopping()) {
    timer.expires_after(kLookedWhetherStopped);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

std::vector<std::string> spoken(const std::vector<Transcriber::Line>& lines) {
  std::vector<std::string> written;
  for (const auto& line : lines) {
    if (written.size() == kMostLines) break;
    if (auto one = transcript_line(line)) written.push_back(*std::move(one));
  }
  return written;
}

// Notes that no second job is needed; ends with the job however that ends.
class UnderWay {
 public:
  UnderWay(std::shared_ptr<Transcribing> all, std::string person) : all_(std::move(all)), person_(std::move(person)) { (*all_)[person_] = false; }
  ~UnderWay() { all_->erase(person_); }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  bool take_more() const { return std::exchange((*all_)[person_], false); }

 private:
  std::shared_ptr<Transcribing> all_;
  std::string person_;
};

}  // namespace

std::optional<std::string> transcript_line(const Transcriber::Line& line) {
  const auto tidy = [](std::string_view text) {
    std::string result = to_valid_utf8(text.substr(0, kLongestLine));
    for (auto& c : result) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    const auto start = result.find_first_not_of(' ');
    return start == result.npos ? std::string() : result.substr(start, result.find_last_not_of(' ') + 1 - start);
  };
  const auto text = tidy(line.text);
  if (text.empty()) return std::nullopt;
  const auto seconds = std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(line.start).count(), 0);
  const auto at = seconds < 3600 ? fmt::format("{}:{:02}", seconds / 60, seconds % 60) : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  const auto speaker = tidy(line.speaker);
  return speaker.empty() ? fmt::format("[{}] {}\n", at, text) : fmt::format("[{}] {}: {}\n", at, speaker, text);
}

Task<Result<>> start_transcribing(Memory::Implementation& memory, std::string person) {
  if (!memory.models.transcriber) co_return Result<>();
  const auto since = memory.clock.now() - kUntilTriedAgain;
  CO_TRY(const auto waiting, co_await memory.reading(person, [since](Connection& c) { return count_recordings(c, 0, since); }));
  if (waiting > 0) CO_CHECK(co_await memory.kernel.start_job("memory.transcribe", person, translated("Write down what is said in recordings"), Nothing{}));
  co_return Result<>();
}

Task<Result<TranscribeResult>> run_transcribe(Memory::Implementation& memory, kernel::JobRun& run, std::shared_ptr<Transcribing> under_way) {
  using namespace boost::asio::experimental::awaitable_operators;
  TranscribeResult result;
  const auto person = run.person();
  if (const auto other = under_way->find(person); other != under_way->end()) {
    other->second = true;
    co_return result;
  }
  const UnderWay own(under_way, person);
  CO_TRY(const auto personal, co_await memory.open(person));
  const auto folder = memory.options.people / person / kFolder;
  co_await offload(memory.pool, [folder] {  // what a kill left
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const auto since = memory.clock.now() - kUntilTriedAgain;
  std::int64_t after = 0;
  while (memory.models.transcriber) {
    if (run.stopping()) co_return fail(Code::Cancelled, "Stopped. What was written down is kept; the next import goes on.");
    CO_TRY(const auto recording, co_await personal->database().read([after, since](Connection& c) { return next_recording(c, after, since); }));
    if (!recording) {
      if (!own.take_more()) break;
      after = 0;
      continue;
    }
    CO_TRY(const auto left, co_await personal->database().read([after, since](Connection& c) { return count_recordings(c, after, since); }));
    const auto done = result.transcribed + result.failed;
    run.progress(done, done + left, Message(recording->title));
    after = recording->item;
    const auto copied = co_await offload(memory.pool, [folder, personal, recording] {
      return LooseFile::make(folder, personal->originals().path_of(recording->source), *recording);
    });
    Result<std::vector<Transcriber::Line>> heard;
    if (copied) {
      auto first = co_await (memory.models.transcriber->transcribe((*copied)->path()) || until_stopped(run));
      if (first.index() == 1) continue;  // stopped
      heard = std::move(std::get<0>(first));
    } else {
      heard = std::unexpected(copied.error());
    }
    if (!heard && heard.error().code() == Code::Unavailable) co_return std::unexpected(heard.error());  // the model is away: later
    if (!heard) {
      ++result.failed;
      const auto reason = translated("This recording could not be transcribed: {}", heard.error().message()).english();
      const auto now = memory.clock.now();
      CO_CHECK(co_await personal->database().write([recording, reason, now](Connection& c) {
        return c.run("INSERT OR REPLACE INTO failures (source, place, offset, reason, time) VALUES (?, ?, 0, ?, ?)", recording->source, recording->place, reason, now);
      }));
      continue;
    }
    const auto lines = std::make_shared<const std::vector<std::string>>(spoken(*heard));
    CO_TRY(const auto stored, co_await personal->database().write([recording, lines](Connection& c) { return store_transcript(c, *recording, *lines); }));
    result.transcribed += stored;
    if (stored) memory.tell(person, recording->source, "grown");
  }
  log::info("memory: wrote down {} recordings, {} could not be", result.transcribed, result.failed);
  if (memory.models.embedder && result.transcribed > 0) {
    CO_CHECK(co_await memory.kernel.start_job("memory.embed", person, translated("Understand what was read"), EmbedJob{memory.models.embedder->name()}));
  }
  co_return result;
}

}  // namespace hearth::memory
