#include "memory/memory.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/bytes.h"
#include "base/log.h"
#include "memory/answer.h"
#include "memory/answering.h"
#include "memory/filter.h"
#include "memory/identities.h"
#include "memory/labels.h"
#include "memory/live.h"
#include "memory/present.h"
#include "memory/ranking.h"
#include "memory/schema.h"
#include "memory/search.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::size_t kSnippetLength = 280;
constexpr std::int64_t kShownFailures = 100;
constexpr std::int64_t kShownThread = 50;
constexpr std::int64_t kLargestAnswer = 16 << 20;  // of an original inside JSON
constexpr std::size_t kWeighedAnswers = 100;
constexpr double kRankShare = 0.1;  // of how well a hit answers: what the search finds better goes before its like

constexpr std::string_view kSourceColumns = "id, kind, name, origin, confidentiality, integrity, forgetting";

SourceRow source_row(Statement& s, const std::string& person) {
  SourceRow row;
  row.id = s.integer(0);
  row.kind = enum_value<SourceKind>(s.text_view(1)).value_or(SourceKind::Mail);
  row.name = s.text(2);
  row.origin = s.text(3);
  row.label = {enum_value<kernel::Confidentiality>(s.text_view(4)).value_or(kernel::Confidentiality::Secret), person,
               enum_value<kernel::Integrity>(s.text_view(5)).value_or(kernel::Integrity::Untrusted)};
  row.forgetting = s.integer(6) != 0;
  return row;
}

// By the box's own clock: the person lives with it.
Moment moment_of(Clock& clock) {
  const auto now = clock.now();
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  std::tm local{};
  localtime_r(&seconds, &local);
  return {now, static_cast<int>(local.tm_gmtoff / 60)};
}

Result<SourcesOutput> list_sources(Connection& connection, const std::string& person) {
  SourcesOutput output;
  const auto rows = TRY(read_sources(connection, person));
  for (const auto& [id, row] : rows) {
    Source source;
    source.id = std::to_string(id);
    source.kind = row.kind;
    source.name = row.name;
    source.origin = row.origin;
    source.label = row.label;
    source.forgetting = row.forgetting;
    auto counts = TRY(connection.prepare("SELECT items, passages, originals, created, finished, job FROM sources WHERE id = ?"));
    counts.bind(1, id);
    if (!TRY(counts.step())) continue;
    source.items = counts.integer(0);
    source.passages = counts.integer(1);
    source.original_bytes = counts.integer(2);
    source.created = counts.time(3);
    source.finished = counts.optional_time(4);
    source.job = counts.text(5);
    source.failed = TRY(connection.integer("SELECT count(*) FROM failures WHERE source = ?", id));
    source.failures = TRY(connection.all(
        "SELECT place, offset, reason, time FROM failures WHERE source = ? ORDER BY place, offset LIMIT ?",
        [](Statement& s) { return ReadFailure{s.text(0), s.integer(1), s.text(2), recognised(s.text(2)).chinese(), s.time(3)}; }, id, kShownFailures));
    output.sources.push_back(std::move(source));
  }
  return output;
}

Result<ItemKind> kind_of(Connection& connection, std::int64_t item) {
  const auto kind = TRY(connection.one("SELECT kind FROM items WHERE id = ?", [](Statement& s) { return s.text(0); }, item));
  return enum_value<ItemKind>(kind.value_or("")).value_or(ItemKind::Document);
}

Result<Filter> filter_of(const std::string& source) {
  Filter filter;
  if (!source.empty()) filter.sources.push_back(TRY(number_of(source, "source")));
  return filter;
}

Result<kernel::Labelled<SearchOutput>> run_search(Connection& connection, const std::string& person, const SearchInput& input, Moment moment,
                                                     const std::optional<AskedMeaning>& meaning, const WordVectors* vectors) {
  auto filter = TRY(filter_of(input.source));
  // A number is the id of a person: no address and no name is one.
  if (!input.person.empty() && input.person.find_first_not_of("0123456789") == input.person.npos) {
    filter.person_id = TRY(root_of(connection, input.person));
  } else {
    filter.person = input.person;
  }
  filter.after = input.after;
  filter.before = input.before;
  filter.kinds = input.kinds;
  filter.tags = TRY(spellings_of(connection, input.tags));
  filter.attachment = input.attachment;
  const auto sources = TRY(read_sources(connection, person));
  const auto most = static_cast<std::size_t>(input.limit + input.offset + 1);
  Hits found;
  if (input.query.find_first_not_of(" \t\r\n") != input.query.npos) {
    auto query = read_query(input.query, input.typing ? Typing::Going : Typing::Finished, moment);
    query.meaning = meaning;
    found = TRY(search_passages(connection, query, filter, most, vectors));
  } else if (is_narrow(filter) || !filter.sources.empty()) {
    found.hits = TRY(list_items(connection, filter, most));
  } else {
    return fail(Code::InvalidInput, "query: Say what to look for, or narrow the search.");
  }
  SearchOutput output;
  auto label = nothing_yet(person);
  const auto start = static_cast<std::size_t>(input.offset);
  const auto end = std::min(found.hits.size(), start + static_cast<std::size_t>(input.limit));
  output.more = found.hits.size() > end;
  for (auto i = start; i < end; ++i) {
    const auto& hit = found.hits[i];
    const auto source = sources.find(hit.source);
    if (source == sources.end()) continue;
    label = kernel::join(label, TRY(label_of_item(connection, hit.item, source->second.label)));
    output.results.push_back({std::to_string(hit.item), std::to_string(hit.passage), std::to_string(hit.source), source->second.name,
                              hit.title, authors_of(hit.details), hit.time, snippet(hit, found.worth, kSnippetLength), hit.score,
                              hit.why, TRY(kind_of(connection, hit.item))});
  }
  return kernel::Labelled<SearchOutput>{std::move(output), std::move(label)};
}

std::string nothing_answers(const std::string& question) {
  return read_question(question).chinese ? "你的记忆中没有找到能回答这个问题的内容。" : "Nothing in your memory answers this.";
}

// The hits that answer, best first, by their places.
std::vector<std::pair<Answer, std::size_t>> answers_among(const Hits& found, std::string_view question, const Query& query, Moment moment) {
  std::vector<std::pair<Answer, std::size_t>> answers;
  Answering answering(question, query, found.worth, moment);
  for (std::size_t i = 0; i < found.hits.size(); ++i) {
    auto answer = answering.answer(found.hits[i]);
    if (!answer) continue;
    answer->fit += kRankShare / static_cast<double>(i + 1);
    answers.emplace_back(*answer, i);
  }
  std::sort(answers.begin(), answers.end(),
            [](const auto& a, const auto& b) { return a.first.fit != b.first.fit ? a.first.fit > b.first.fit : a.second < b.second; });
  return answers;
}

Result<kernel::Labelled<AskOutput>> run_ask(Connection& connection, const std::string& person, const AskInput& input, Moment moment,
                                               const std::optional<AskedMeaning>& meaning, const WordVectors* vectors) {
  auto filter = TRY(filter_of(input.source));
  auto query = read_question(input.question, moment);
  query.meaning = meaning;
  const auto sources = TRY(read_sources(connection, person));
  auto found = TRY(search_passages(connection, query, filter, kWeighedAnswers, vectors));
  auto answers = answers_among(found, input.question, query, moment);
  if (answers.empty() && query.spans.size() == 1) {  // the search may have found what is alike from other times
    if (Answering(input.question, query, found.worth, moment).only_time()) query.terms.clear();
    filter.after = query.spans[0].from;
    filter.before = query.spans[0].to;
    found = TRY(search_passages(connection, query, filter, kWeighedAnswers, vectors));
    answers = answers_among(found, input.question, query, moment);
  }
  AskOutput output;
  auto label = nothing_yet(person);
  for (const auto& [answer, place] : answers) {
    const auto& hit = found.hits[place];
    const auto source = sources.find(hit.source);
    if (source == sources.end()) continue;
    if (output.citations.size() == static_cast<std::size_t>(input.limit)) break;
    label = kernel::join(label, TRY(label_of_item(connection, hit.item, source->second.label)));
    const std::string_view text = hit.text;
    const auto& sentence = answer.sentence;
    output.citations.push_back({std::to_string(hit.item), std::to_string(hit.passage), std::to_string(hit.source), source->second.name,
                                hit.title, authors_of(hit.details), hit.time, hit.text,
                                std::string(text.substr(sentence.start, sentence.end - sentence.start)),
                                static_cast<std::int64_t>(count_code_points(text.substr(0, sentence.start))),
                                static_cast<std::int64_t>(count_code_points(text.substr(sentence.start, sentence.end - sentence.start))),
                                hit.score, hit.why, TRY(kind_of(connection, hit.item))});
  }
  output.answered = !output.citations.empty();
  if (output.answered) {
    output.answer = output.citations.front().sentence;
  } else {
    output.answer = nothing_answers(input.question);
  }
  return kernel::Labelled<AskOutput>{std::move(output), std::move(label)};
}

Result<kernel::Labelled<ItemOutput>> read_item(Connection& connection, const std::string& person, std::int64_t id) {
  auto row = TRY(connection.prepare(fmt::format(
      "SELECT i.source, i.type, i.title, i.time, i.zone, i.thread, i.details, i.kind, i.until, i.certainty,"
      " (SELECT id FROM items whole WHERE whole.key = i.part_of), {} FROM items i WHERE i.id = ? AND {}", kLabelColumns, kPresent)));
  row.bind(1, id);
  if (!TRY(row.step())) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  const auto source = TRY(read_source(connection, row.integer(0), person));
  ItemOutput output;
  output.id = std::to_string(id);
  output.source = std::to_string(source.id);
  output.source_name = source.name;
  output.type = row.text(1);
  output.title = row.text(2);
  output.time = row.optional_time(3);
  if (!row.is_null(4)) output.zone = static_cast<int>(row.integer(4));
  auto details = TRY(parse_details(row.text_view(6)));
  for (const auto& one : details.people) {
    output.people.push_back({static_cast<PersonRole>(static_cast<int>(one.role)), one.name, one.address});
  }
  for (const auto& one : details.attachments) output.attachments.push_back({one.name, one.type, one.size});
  for (const auto& one : details.places) output.places.push_back({one.name, one.latitude, one.longitude});
  output.tags = std::move(details.tags);
  output.kind = enum_value<ItemKind>(row.text_view(7)).value_or(ItemKind::Document);
  output.until = row.optional_time(8);
  output.certainty = enum_value<TimeCertainty>(row.text_view(9)).value_or(TimeCertainty::Exact);
  if (!row.is_null(10)) output.part_of = std::to_string(row.integer(10));
  output.parts = TRY(connection.all(fmt::format("SELECT i.id FROM items w JOIN items i ON i.part_of = w.key WHERE w.id = ? AND {} ORDER BY i.id", kPresent),
                                    [](Statement& s) { return std::to_string(s.integer(0)); }, id));
  output.passages = TRY(connection.all("SELECT id, text FROM passages WHERE id BETWEEN ? AND ? ORDER BY id",
                                       [](Statement& s) { return ItemPassage{std::to_string(s.integer(0)), s.text(1)}; },
                                       first_passage(id), last_passage(id)));
  output.origins = TRY(connection.all("SELECT s.name || CASE o.place WHEN '' THEN '' ELSE '/' || o.place END FROM origins o JOIN sources s"
                                     " ON s.id = o.source WHERE o.item = ? ORDER BY o.source",
                                     [](Statement& s) { return s.text(0); }, id));
  if (!row.is_null(5)) {
    // The ones around it, as many on each side as there is room for.
    const auto read = [](Statement& s) { return ThreadEntry{s.text(0), s.text(1), authors_of(s.text(2)), s.optional_time(3)}; };
    constexpr std::string_view kEntry = "SELECT i.id, i.title, i.details, i.time FROM items i WHERE i.thread = ?1 AND (i.time, i.id)";
    auto before = TRY(connection.all(fmt::format("{} < (?2, ?3) AND {} ORDER BY i.time DESC, i.id DESC LIMIT ?4", kEntry, kPresent), read,
                                     row.integer(5), output.time, id, kShownThread / 2));
    output.thread.assign(std::make_move_iterator(before.rbegin()), std::make_move_iterator(before.rend()));
    auto after = TRY(connection.all(fmt::format("{} >= (?2, ?3) AND {} ORDER BY i.time, i.id LIMIT ?4", kEntry, kPresent), read, row.integer(5),
                                    output.time, id, kShownThread - static_cast<std::int64_t>(before.size())));
    output.thread.insert(output.thread.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
  }
  return kernel::Labelled<ItemOutput>{std::move(output), read_label(row, 11, source.label)};
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 25> kEndings = {{
    {"message/rfc822", ".eml"},
    {"text/html", ".html"},
    {"text/markdown", ".md"},
    {"application/pdf", ".pdf"},
    {"application/rtf", ".rtf"},
    {"application/epub+zip", ".epub"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
    {"application/vnd.oasis.opendocument.text", ".odt"},
    {"application/vnd.oasis.opendocument.spreadsheet", ".ods"},
    {"application/vnd.oasis.opendocument.presentation", ".odp"},
    {"application/vnd.oasis.opendocument.graphics", ".odg"},
    {"image/jpeg", ".jpg"},
    {"image/png", ".png"},
    {"image/webp", ".webp"},
    {"image/tiff", ".tiff"},
    {"image/heic", ".heic"},
    {"image/avif", ".avif"},
    {"audio/mpeg", ".mp3"},
    {"audio/mp4", ".m4a"},
    {"audio/ogg", ".ogg"},
    {"audio/flac", ".flac"},
    {"audio/wav", ".wav"},
    {"audio/aiff", ".aiff"},
}};

std::string file_name_for(const std::string& title, const std::string& type) {
  std::string name;
  for (const char c : title.substr(0, 100)) name += static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\\' ? '_' : c;
  while (!is_utf8(name)) name.pop_back();
  if (name.empty()) name = "original";
  const auto found = std::find_if(kEndings.begin(), kEndings.end(), [&](const auto& one) { return one.first == type; });
  const std::string_view ending = found != kEndings.end() ? found->second : type.starts_with("text/") ? ".txt" : "";
  return name.ends_with(ending) ? name : name + std::string(ending);
}

std::vector<Writer::Passage> passages_for_writer(const AskOutput& output) {
  std::vector<Writer::Passage> passages;
  for (const auto& citation : output.citations) {
    std::string authors;
    for (const auto& one : citation.authors) authors += (authors.empty() ? "" : ", ") + one;
    passages.push_back({citation.title, authors, citation.time ? format_time(*citation.time) : "", citation.text});
  }
  return passages;
}

// Nothing written: the passages do not answer. Nothing that holds: the best sentence stays the answer, word for word.
void take_written(AskOutput& output, const std::string& question, const std::vector<Writer::Sentence>& written, const std::vector<Writer::Passage>& passages) {
  if (written.empty()) {
    output.answered = false;
    output.answer = nothing_answers(question);
    output.citations.clear();
    return;
  }
  output.sentences = sentences_that_hold(written, passages);
  if (output.sentences.empty()) return;
  output.answer.clear();
  for (const auto& sentence : output.sentences) {
    const bool spaced = !output.answer.empty() && static_cast<unsigned char>(output.answer.back()) < 0x80;
    output.answer += (spaced ? " " : "") + sentence.text;
  }
}

}  // namespace

Result<OriginalPlace> find_original(store::Connection& connection, const std::string& person, std::int64_t item) {
  auto row = TRY(connection.prepare(fmt::format(
      "SELECT o.source, o.original_start, o.original_length, i.type, i.title, {} FROM origins o JOIN items i ON i.id = o.item"
      " JOIN sources s ON s.id = o.source AND s.forgetting = 0 WHERE o.item = ? AND {} LIMIT 1", kLabelColumns, kPresent)));
  row.bind(1, item);
  if (!TRY(row.step())) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  const auto source = TRY(read_source(connection, row.integer(0), person));
  return OriginalPlace{row.integer(0), row.integer(1), row.integer(2), row.text(3),
                       file_name_for(row.text(4), row.text(3)), read_label(row, 5, source.label)};
}

Result<std::int64_t> number_of(std::string_view id, fmt::format_string<> what) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size() || number <= 0) return fail(Code::NotFound, "There is no such {}.", translated(what));
  return number;
}

Result<SourceRow> read_source(Connection& connection, std::int64_t source, const std::string& person) {
  static const auto sql = fmt::format("SELECT {} FROM sources WHERE id = ?", kSourceColumns);
  auto row = TRY(connection.one(sql, [&](Statement& s) { return source_row(s, person); }, source));
  if (!row) return fail(Code::NotFound, "There is no such source. It may have been forgotten.");
  return *std::move(row);
}

Result<std::map<std::int64_t, SourceRow>> read_sources(Connection& connection, const std::string& person) {
  static const auto sql = fmt::format("SELECT {} FROM sources", kSourceColumns);
  std::map<std::int64_t, SourceRow> sources;
  for (auto& row : TRY(connection.all(sql, [&](Statement& s) { return source_row(s, person); }))) {
    const auto id = row.id;
    sources.emplace(id, std::move(row));
  }
  return sources;
}

Memory::Memory(kernel::Kernel& kernel, Clock& clock, ResolvePath resolve, ResolvePath place, Options options)
    : implementation_(std::make_unique<Implementation>(kernel, clock, std::move(resolve), std::move(place), std::move(options))) {}
Memory::~Memory() = default;

Memory::Implementation::Implementation(kernel::Kernel& with, Clock& now, ResolvePath path, ResolvePath free_path, Options chosen)
    : kernel(with), clock(now), resolve(std::move(path)), place(std::move(free_path)), options(std::move(chosen)) {
  if (options.words.empty()) return;
  if (auto table = WordVectors::open(options.words)) {
    words = *std::move(table);
  } else {
    log::warning("memory: searching without word vectors: {}", table.error().describe());
  }
}
Memory::Implementation::~Implementation() = default;

Task<Result<>> Memory::start(Executor home) {
  implementation_->live = std::make_unique<Live>(*implementation_, std::move(home));
  implementation_->live->start();
  co_return Result<>();
}

Task<> Memory::stop() {
  if (implementation_->live) co_await implementation_->live->stop();
}

Task<Result<std::shared_ptr<PersonalMemory>>> Memory::Implementation::open(std::string person) {
  const auto find = [&]() -> std::shared_ptr<PersonalMemory> {
    const auto found = std::find_if(opened.begin(), opened.end(), [&](const auto& one) { return one.first == person; });
    if (found == opened.end()) return nullptr;
    auto memory = found->second;
    std::rotate(found, found + 1, opened.end());
    return memory;
  };
  if (auto memory = find()) co_return memory;
  if (person.empty() || person.find('/') != person.npos || person.starts_with(".")) {
    co_return fail(Code::InvalidInput, "Only a person has a memory.");
  }
  const auto folder = options.people / person;
  CO_TRY(auto made, co_await offload(pool, [this, folder] {
    const std::lock_guard one(opening);
    return PersonalMemory::open(folder);
  }));
  if (auto memory = find()) co_return memory;  // another call was faster
  for (auto old = opened.begin(); opened.size() >= options.open && old != opened.end();) {
    old = old->second.use_count() == 1 ? opened.erase(old) : old + 1;
  }
  opened.emplace_back(person, made);
  // What a cancelled or failed job left to forget is taken up again.
  CO_TRY(const auto forgetting, co_await is_forgetting(made));
  if (forgetting && !finishing.contains(person)) CO_CHECK(co_await kernel.start_job("memory.forget", person, translated("Finish forgetting"), Nothing{}));
  co_return made;
}

void Memory::set_models(Models models) { implementation_->models = models; }

Task<> Memory::close(std::string person) {
  if (implementation_->live) co_await implementation_->live->leave(person);
  std::erase_if(implementation_->opened, [&](const auto& one) { return one.first == person; });
}

void Memory::Implementation::tell(const std::string& person, std::int64_t source, std::string_view what) {
  kernel.publish({"memory", person, Json::object({{"source", std::to_string(source)}, {"what", what}})});
}

Task<Result<kernel::Labelled<SourcesOutput>>> Memory::sources(std::string person) {
  CO_TRY(const auto memory, co_await implementation_->open(person));
  CO_TRY(auto output, co_await memory->database().read([person](Connection& c) { return list_sources(c, person); }));
  for (auto& source : output.sources) {
    CO_TRY(const auto id, number_of(source.id, "source"));
    if (implementation_->live) source.live = implementation_->live->status(person, id);
    if (source.job.empty()) continue;
    const auto job = co_await implementation_->kernel.job(source.job);
    if (job && !job->finished) source.progress = SourceProgress{job->done, job->total, job->note};
  }
  co_return kernel::Labelled<SourcesOutput>{std::move(output), nothing_yet(person)};
}

Task<Result<kernel::Labelled<SearchOutput>>> Memory::search(std::string person, SearchInput input) {
  CO_TRY(const auto memory, co_await implementation_->open(person));
  auto meaning = co_await implementation_->meaning_of(input.typing ? "" : input.query);
  co_return co_await memory->database().read(
      [person, input = std::move(input), moment = moment_of(implementation_->clock), meaning = std::move(meaning),
       vectors = implementation_->words.get()](Connection& c) { return run_search(c, person, input, moment, meaning, vectors); });
}

Task<Result<kernel::Labelled<AskOutput>>> Memory::ask(std::string person, AskInput input) {
  CO_TRY(const auto memory, co_await implementation_->open(person));
  auto meaning = co_await implementation_->meaning_of(input.question);
  CO_TRY(auto output, co_await memory->database().read(
                          [person, input, moment = moment_of(implementation_->clock), meaning = std::move(meaning),
                           vectors = implementation_->words.get()](Connection& c) { return run_ask(c, person, input, moment, meaning, vectors); }));
  if (implementation_->models.writer && output.value.answered) {
    auto passages = passages_for_writer(output.value);
    const auto written = co_await implementation_->models.writer->write(input.question, passages);
    if (!written) {
      log::warning("memory: answering word for word: {}", written.error().describe());
    } else {
      take_written(output.value, input.question, *written, passages);
    }
  }
  co_return output;
}

Task<Result<kernel::Labelled<ItemOutput>>> Memory::item(std::string person, std::string item) {
  CO_TRY(const auto id, number_of(item, "item"));
  CO_TRY(const auto memory, co_await implementation_->open(person));
  co_return co_await memory->database().read([person, id](Connection& c) { return read_item(c, person, id); });
}

Task<Result<kernel::Labelled<Original>>> Memory::original(std::string person, std::string item) {
  CO_TRY(const auto id, number_of(item, "item"));
  CO_TRY(const auto memory, co_await implementation_->open(person));
  CO_TRY(const auto place, co_await memory->database().read([person, id](Connection& c) { return find_original(c, person, id); }));
  if (place.length > kLargestAnswer) {
    co_return fail(Code::TooLarge, "The original has {} MB: too large for this answer. Download it: GET /originals/{}.",
                   place.length >> 20, id);
  }
  CO_TRY(auto bytes, co_await offload(implementation_->pool,
                                      [memory, place] { return memory->originals().read(place.source, place.start, place.length); }));
  co_return kernel::Labelled<Original>{{place.name, place.type, std::move(bytes)}, place.label};
}

}  // namespace hearth::memory
