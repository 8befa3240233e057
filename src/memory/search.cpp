#include "memory/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "memory/items.h"
#include "memory/schema.h"
#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kCandidates = 300;  // of each source
// BM25 (Robertson and Zaragoza, 2009).
constexpr double kSaturation = 1.2;
constexpr double kLengthShare = 0.75;
constexpr double kTitleWeight = 2.5;
constexpr double kPeopleWeight = 1.5;

struct Source {
  std::int64_t id = 0;
  std::int64_t passages = 0;
};

Result<std::vector<Source>> searched_sources(Connection& connection, const Filter& filter) {
  auto sources = TRY(connection.all("SELECT id, passages FROM sources WHERE forgetting = 0 ORDER BY id",
                                    [](Statement& s) { return Source{s.integer(0), s.integer(1)}; }));
  if (!filter.sources.empty()) {
    std::erase_if(sources, [&](const Source& source) {
      return std::find(filter.sources.begin(), filter.sources.end(), source.id) == filter.sources.end();
    });
  }
  return sources;
}

// The candidates of one source, by FTS5's own BM25.
Result<> collect(Connection& connection, const Source& source, const std::string& expression, const Filter& filter,
                 std::unordered_map<std::int64_t, std::int64_t>& candidates) {
  const auto table = index_name(source.id);
  auto sql = fmt::format("SELECT rowid FROM {0} WHERE {0} MATCH ?1", table);
  if (filter.after || filter.before) {
    sql += fmt::format(" AND (SELECT time FROM items WHERE id = {}.rowid >> {}) BETWEEN ?2 AND ?3", table, kPassageBits);
  }
  if (!filter.person.empty()) {
    sql += fmt::format(
        " AND EXISTS (SELECT 1 FROM item_people p JOIN people ON people.id = p.person WHERE p.item = {}.rowid >> {}"
        " AND (people.address = ?4 OR instr(lower(people.name), ?4) > 0))",
        table, kPassageBits);
  }
  sql += fmt::format(" ORDER BY bm25({}, {}, {}, 1.0) LIMIT {}", table, kTitleWeight, kPeopleWeight, kCandidates);
  auto statement = TRY(connection.prepare(sql));
  statement.bind_value(1, expression);
  if (filter.after || filter.before) {
    statement.bind_value(2, filter.after ? filter.after->time_since_epoch().count() : std::numeric_limits<std::int64_t>::min());
    statement.bind_value(3, filter.before ? filter.before->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max());
  }
  if (!filter.person.empty()) statement.bind_value(4, folded(filter.person));
  while (TRY(statement.step())) candidates.emplace(statement.integer(0), source.id);
  return {};
}

// How many passages hold a term, over all sources.
Result<std::int64_t> document_frequency(Connection& connection, const std::vector<Source>& sources, const std::string& term) {
  std::int64_t count = 0;
  for (const auto& source : sources) {
    count += TRY(connection.integer(fmt::format("SELECT doc FROM {} WHERE term = ?", vocabulary_name(source.id)), term));
  }
  return count;
}

Result<std::vector<double>> worth_of_terms(Connection& connection, const std::vector<Source>& sources, const Query& query) {
  double all = 1;
  for (const auto& source : sources) all += static_cast<double>(source.passages);
  std::vector<double> worth;
  for (const auto& term : query.terms) {
    const auto found = static_cast<double>(TRY(document_frequency(connection, sources, term.term)));
    worth.push_back(term.weight * std::log(1 + (all - found + 0.5) / (found + 0.5)) * (term.phrase ? 0.5 : 1));
  }
  return worth;
}

// The terms of a text as numbers of the query's terms, with their places.
class Finder {
 public:
  explicit Finder(const Query& query) : query_(query) {
    for (std::size_t i = 0; i < query.terms.size(); ++i) {
      if (query.terms[i].phrase) {
        phrases_.push_back(i);
      } else {
        by_term_.emplace(query.terms[i].term, i);
        if (query.terms[i].prefix) prefixes_.push_back(i);
      }
    }
  }

  // Calls take(match) for each term found; returns how many terms the text has.
  template <typename Take>
  std::size_t find(std::string_view text, Take take) {
    std::size_t count = 0;
    std::vector<std::size_t> progress(phrases_.size(), 0);
    std::vector<std::size_t> began(phrases_.size(), 0);
    tokenizer_.tokenize(text, Tokenizer::Purpose::Index, [&](const Token& token) {
      ++count;
      key_.assign(token.term);
      if (const auto found = by_term_.find(key_); found != by_term_.end()) {
        take(Match{{token.start, token.end}, found->second});
      } else {
        for (const auto i : prefixes_) {
          if (token.term.starts_with(query_.terms[i].term)) {
            take(Match{{token.start, token.end}, i});
            break;
          }
        }
      }
      for (std::size_t p = 0; p < phrases_.size(); ++p) {
        const auto& terms = query_.terms[phrases_[p]].terms;
        if (token.term != terms[progress[p]]) progress[p] = 0;
        if (token.term != terms[progress[p]]) continue;
        if (progress[p]++ == 0) began[p] = token.start;
        if (progress[p] < terms.size()) continue;
        progress[p] = 0;
        take(Match{{began[p], token.end}, phrases_[p]});
      }
      return true;
    });
    return count;
  }

 private:
  const Query& query_;
  Tokenizer tokenizer_;
  std::unordered_map<std::string, std::size_t> by_term_;
  std::vector<std::size_t> prefixes_;
  std::vector<std::size_t> phrases_;
  std::string key_;
};

struct Weighed {
  Hit hit;
  std::vector<double> frequency;  // of each term, weighed by where it stands
  std::size_t length = 0;
};

Result<std::vector<Weighed>> load(Connection& connection, const Query& query,
                                  const std::unordered_map<std::int64_t, std::int64_t>& candidates) {
  struct ItemRow {
    std::string title;
    std::optional<Time> time;
    std::string details;
    std::vector<double> frequency;
  };
  Finder finder(query);
  std::map<std::int64_t, ItemRow> items;
  std::vector<Weighed> loaded;
  loaded.reserve(candidates.size());
  for (const auto& [passage, source] : candidates) {
    Weighed candidate;
    auto& hit = candidate.hit;
    hit.passage = passage;
    hit.item = item_of_passage(passage);
    hit.source = source;
    const auto text = TRY(connection.one("SELECT text FROM passages WHERE id = ?", [](Statement& s) { return s.text(0); }, passage));
    if (!text) continue;  // forgotten meanwhile
    hit.text = *text;
    auto& item = items[hit.item];
    if (item.frequency.empty()) {
      auto row = TRY(connection.one(
          "SELECT title, time, details FROM items WHERE id = ?",
          [](Statement& s) { return ItemRow{s.text(0), s.optional_time(1), s.text(2), {}}; }, hit.item));
      if (!row) continue;
      item = *std::move(row);
      item.frequency.resize(query.terms.size());
      finder.find(item.title, [&](const Match& match) { item.frequency[match.term] += kTitleWeight; });
      const auto details = TRY(parse_details(item.details));
      for (const auto& person : details.people) {
        finder.find(person.name + " " + person.address, [&](const Match& match) { item.frequency[match.term] += kPeopleWeight; });
      }
    }
    hit.title = item.title;
    hit.time = item.time;
    hit.details = item.details;
    candidate.frequency = item.frequency;
    candidate.length = finder.find(hit.text, [&](const Match& match) {
      candidate.frequency[match.term] += 1;
      hit.matches.push_back(match);
    });
    loaded.push_back(std::move(candidate));
  }
  return loaded;
}

void weigh(const std::vector<double>& worth, std::vector<Weighed>& candidates) {
  double total_length = 0;
  for (const auto& candidate : candidates) total_length += static_cast<double>(candidate.length);
  const double average = std::max(1.0, total_length / static_cast<double>(std::max<std::size_t>(candidates.size(), 1)));
  double whole = 0;
  for (const auto one : worth) whole += one;
  for (auto& candidate : candidates) {
    auto& hit = candidate.hit;
    const double norm = kSaturation * (1 - kLengthShare + kLengthShare * static_cast<double>(candidate.length) / average);
    double covered = 0;
    for (std::size_t i = 0; i < worth.size(); ++i) {
      const auto frequency = candidate.frequency[i];
      if (frequency == 0) continue;
      hit.score += worth[i] * frequency * (kSaturation + 1) / (frequency + norm);
      covered += worth[i];
      hit.why.push_back(i);
    }
    hit.covered = whole > 0 ? covered / whole : 0;
    hit.score *= 0.5 + 0.5 * hit.covered;  // many of the words count more than one of them often
  }
}

}  // namespace

std::vector<Match> find_matches(const Query& query, std::string_view text) {
  std::vector<Match> matches;
  Finder(query).find(text, [&](const Match& match) { matches.push_back(match); });
  return matches;
}

Result<Hits> search_passages(Connection& connection, const Query& query, const Filter& filter, std::size_t most) {
  Hits result;
  if (query.empty()) return result;
  const auto sources = TRY(searched_sources(connection, filter));
  const auto expression = match_expression(query);
  std::unordered_map<std::int64_t, std::int64_t> candidates;
  for (const auto& source : sources) TRY(collect(connection, source, expression, filter, candidates));
  result.worth = TRY(worth_of_terms(connection, sources, query));
  auto weighed = TRY(load(connection, query, candidates));
  weigh(result.worth, weighed);
  std::sort(weighed.begin(), weighed.end(), [](const Weighed& a, const Weighed& b) {
    return a.hit.score != b.hit.score ? a.hit.score > b.hit.score : a.hit.passage < b.hit.passage;
  });
  if (weighed.size() > most) weighed.resize(most);
  for (auto& candidate : weighed) result.hits.push_back(std::move(candidate.hit));
  return result;
}

}  // namespace hearth::memory
