#include "memory/search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include "memory/candidates.h"
#include "memory/finder.h"
#include "memory/items.h"
#include "memory/schema.h"

// How passages are weighed. A passage is understood with what stands beside it: the passages before and after it in its
// document or thread lend it their words, and the whole thread adds to each of its passages. BM25 (Robertson and Zaragoza,
// 2009) weighs the words; on top come the share of the query that is covered, who speaks, and the time that is asked for.
namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr double kSaturation = 1.0;
constexpr double kLengthShare = 0.4;
constexpr double kCoverageShare = 0.7;
constexpr double kOwnWords = 0.4;     // what a passage holds itself, beyond what its neighbours lend
constexpr double kSpeaker = 4;        // a passage by the person asked about
constexpr double kThread = 0.3;       // of its thread's weight, for each passage
constexpr double kThreadFade = 0.6;   // each next best passage of a thread adds that much less
constexpr std::size_t kThreadBest = 5;
constexpr double kThreadCoverage = 0.25;
constexpr double kAskedTime = 6;
constexpr std::size_t kLongestTurn = 80;  // terms: a neighbour this short may be an answer though it holds no word of the query
constexpr int kLongestThread = 2000;      // passages

// What a passage lends to the ones around it: most to the next, which often answers it.
struct Neighbour {
  int distance;
  double share;
};
constexpr std::array<Neighbour, 4> kNeighbours = {{{-2, 0.1}, {-1, 0.2}, {1, 0.4}, {2, 0.1}}};

struct ItemRow {
  std::string title;
  std::optional<Time> time;
  int zone = 0;
  std::int64_t thread = 0;  // 0: none
  std::string details;
  bool outside;
  std::vector<double> frequency;  // of the terms in title and people
  bool asked_author = false;      // one of the authors is named in the query
};

struct Unit {
  Hit hit;
  std::vector<double> own;      // each term's frequency: in the text, title and people
  std::vector<double> around;   // with what the neighbours lend
  std::size_t length = 0;
  std::size_t thread = 0;       // which sequence it is in
  std::size_t position = 0;     // in the sequence
  bool matched = false;
};

// Passages that follow one another: those of a thread by time, or those of one document.
struct Sequence {
  std::vector<std::int64_t> passages;
  std::vector<double> frequency;
  double score = 0;
};

class Ranking {
 public:
  Ranking(Connection& connection, const Query& query, const std::vector<double>& worth, const Filter& filter)
      : connection_(connection), query_(query), worth_(worth), finder_(query), filter_(filter) {
    for (const auto one : worth) whole_ += one;
  }

  Result<std::vector<Hit>> rank(const std::map<std::int64_t, std::int64_t>& candidates) {
    for (const auto& [passage, source] : candidates) TRY(add(passage, source, true));
    TRY(add_neighbours());
    lend();
    weigh_passages();
    weigh_threads();
    std::vector<Hit> hits;
    for (auto& [passage, unit] : units_) {
      if (unit.hit.score > 0) hits.push_back(std::move(unit.hit));
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : a.passage < b.passage; });
    return hits;
  }

 private:
  Result<ItemRow*> item(std::int64_t id) {
    auto [found, fresh] = items_.try_emplace(id);
    auto& row = found->second;
    if (!fresh) return row.frequency.empty() ? nullptr : &row;
    auto read = TRY(connection_.one(
        "SELECT title, time, zone, thread, details, outside FROM items WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM doomed WHERE item = ?1)",
        [](Statement& s) {
          return ItemRow{s.text(0), s.optional_time(1), static_cast<int>(s.integer(2)), s.integer(3), s.text(4), s.integer(5) != 0, {}, false};
        },
        id));
    if (!read) return nullptr;  // forgotten meanwhile
    row = *std::move(read);
    row.frequency.resize(query_.terms.size());
    finder_.find(row.title, [&](const Match& match, double weight) { row.frequency[match.term] += kTitleWeight * weight; });
    const auto details = TRY(parse_details(row.details));
    for (const auto& person : details.people) {
      finder_.find(person.name + " " + person.address, [&](const Match& match, double weight) {
        row.frequency[match.term] += kPeopleWeight * weight;
        if (person.role == extract::Role::Author && query_.terms[match.term].person) row.asked_author = true;
      });
    }
    return &row;
  }

  // Loads a passage, unless it is there; its thread with it.
  Result<> add(std::int64_t passage, std::int64_t source, bool matched) {
    if (units_.contains(passage)) return {};
    auto text = TRY(connection_.one("SELECT text FROM passages WHERE id = ?", [](Statement& s) { return s.text(0); }, passage));
    if (!text) return {};
    const auto* row = TRY(item(item_of_passage(passage)));
    if (!row) return {};
    Unit unit;
    unit.matched = matched;
    unit.hit.passage = passage;
    unit.hit.item = item_of_passage(passage);
    unit.hit.source = source;
    unit.hit.text = *std::move(text);
    unit.hit.title = row->title;
    unit.hit.time = row->time;
    unit.hit.details = row->details;
    unit.hit.outside = row->outside;
    unit.own = row->frequency;
    unit.length = finder_.find(unit.hit.text, [&](const Match& match, double weight) {
      unit.own[match.term] += weight;
      unit.hit.matches.push_back(match);
    });
    if (!matched && unit.length > kLongestTurn) return {};
    unit.thread = TRY(sequence_of(unit.hit.item, row->thread));
    const auto& passages = sequences_[unit.thread].passages;
    const auto place = std::find(passages.begin(), passages.end(), passage);
    if (place == passages.end()) return {};
    unit.position = static_cast<std::size_t>(place - passages.begin());
    units_.emplace(passage, std::move(unit));
    return {};
  }

  Result<std::size_t> sequence_of(std::int64_t item, std::int64_t thread) {
    const auto [found, fresh] = sequence_numbers_.try_emplace(thread != 0 ? thread : -item, sequences_.size());
    if (!fresh) return found->second;
    const auto id = [](Statement& s) { return s.integer(0); };
    Sequence sequence;
    sequence.passages =
        thread != 0 ? TRY(connection_.all("SELECT p.id FROM items i JOIN sources s ON s.id = i.source AND s.forgetting = 0"
                                          " JOIN passages p ON p.id BETWEEN i.id << 16 AND (i.id << 16) + 65535"
                                          " WHERE i.thread = ? ORDER BY i.time, i.id, p.id LIMIT ?",
                                          id, thread, kLongestThread))
                    : TRY(connection_.all("SELECT id FROM passages WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?", id, first_passage(item),
                                          last_passage(item), kLongestThread));
    sequence.frequency.resize(query_.terms.size());
    sequences_.push_back(std::move(sequence));
    return found->second;
  }

  Result<> add_neighbours() {
    if (!filter_.person.empty() || filter_.after || filter_.before) return {};  // they may not pass the filter
    std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
    for (const auto& [passage, unit] : units_) {
      for (const auto& neighbour : kNeighbours) {
        if (const auto beside = at_distance(unit, neighbour.distance)) wanted.emplace_back(*beside, unit.hit.source);
      }
    }
    for (const auto& [passage, source] : wanted) TRY(add(passage, source, false));
    return {};
  }

  std::optional<std::int64_t> at_distance(const Unit& unit, int distance) const {
    const auto& passages = sequences_[unit.thread].passages;
    const auto place = static_cast<std::ptrdiff_t>(unit.position) + distance;
    if (place < 0 || place >= static_cast<std::ptrdiff_t>(passages.size())) return std::nullopt;
    return passages[static_cast<std::size_t>(place)];
  }

  void lend() {
    for (auto& [passage, unit] : units_) unit.around = unit.own;
    for (auto& [passage, unit] : units_) {
      if (!unit.matched) continue;
      for (const auto& neighbour : kNeighbours) {
        const auto beside = at_distance(unit, neighbour.distance);
        const auto found = beside ? units_.find(*beside) : units_.end();
        if (found == units_.end()) continue;
        for (std::size_t i = 0; i < worth_.size(); ++i) found->second.around[i] += neighbour.share * unit.own[i];
      }
      for (std::size_t i = 0; i < worth_.size(); ++i) sequences_[unit.thread].frequency[i] += unit.own[i];
    }
  }

  void weigh_passages() {
    double total_length = 1;
    for (const auto& [passage, unit] : units_) total_length += static_cast<double>(unit.length);
    const double average = total_length / static_cast<double>(std::max<std::size_t>(units_.size(), 1));
    const double whole = std::max(whole_, 1e-9);
    for (auto& [passage, unit] : units_) {
      auto& hit = unit.hit;
      const double norm = kSaturation * (1 - kLengthShare + kLengthShare * static_cast<double>(unit.length) / average);
      double covered = 0;
      double own = 0;
      for (std::size_t i = 0; i < worth_.size(); ++i) {
        const auto frequency = unit.around[i];
        hit.score += worth_[i] * frequency * (kSaturation + 1) / (frequency + norm);
        covered += worth_[i] * std::min(1.0, frequency);
        own += worth_[i] * std::min(1.0, unit.own[i]);
        if (unit.own[i] > 0) hit.why.push_back(i);
      }
      if (hit.score == 0) continue;
      hit.covered = own / whole;
      hit.score *= 1 - kCoverageShare + kCoverageShare * covered / whole;
      hit.score += kOwnWords * own;
      const auto& row = items_[hit.item];
      if (row.asked_author) hit.score += kSpeaker * covered / whole;
      hit.score += kAskedTime * time_fit(row);
    }
  }

  // How well an item's time is the one asked for.
  double time_fit(const ItemRow& row) const {
    const auto& asked = query_.time;
    if (asked.empty() || !row.time) return 0;
    const auto local = *row.time + std::chrono::minutes(row.zone);
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(local));
    const bool same_year = asked.year == static_cast<int>(date.year());
    if (asked.month == 0) return same_year ? 0.3 : 0;
    const auto day = static_cast<int>(static_cast<unsigned>(date.day()));
    if (asked.month == static_cast<int>(static_cast<unsigned>(date.month()))) {
      return 1 + (same_year ? 0.5 : 0) + (asked.day != 0 && std::abs(asked.day - day) <= 3 ? 1.5 : 0);
    }
    if (asked.day == 0) return 0;
    const std::chrono::year_month_day wanted(date.year(), std::chrono::month(static_cast<unsigned>(asked.month)),
                                             std::chrono::day(static_cast<unsigned>(std::min(asked.day, 28))));
    const auto apart = std::chrono::floor<std::chrono::days>(local) - std::chrono::sys_days(wanted);
    return std::abs(apart.count()) <= 10 ? 0.7 : 0;  // told a little later
  }

  void weigh_threads() {
    std::vector<std::vector<double>> scores(sequences_.size());
    for (const auto& [passage, unit] : units_) scores[unit.thread].push_back(unit.hit.score);
    double average_size = 0;
    for (const auto& sequence : sequences_) average_size += static_cast<double>(sequence.passages.size());
    average_size /= static_cast<double>(std::max<std::size_t>(sequences_.size(), 1));
    const auto count = static_cast<double>(sequences_.size());
    std::vector<double> rarity(worth_.size());
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      double holding = 0;
      for (const auto& sequence : sequences_) holding += sequence.frequency[i] > 0;
      rarity[i] = query_.terms[i].person ? 0 : std::log(1 + (count - holding + 0.5) / (holding + 0.5));
    }
    for (std::size_t s = 0; s < sequences_.size(); ++s) {
      auto& sequence = sequences_[s];
      std::sort(scores[s].begin(), scores[s].end(), std::greater<>());
      double share = 1;
      for (std::size_t i = 0; i < std::min(scores[s].size(), kThreadBest); ++i, share *= kThreadFade) sequence.score += share * scores[s][i];
      double covered = 0;
      const double norm = 1.2 * (0.25 + 0.75 * static_cast<double>(sequence.passages.size()) / average_size);
      for (std::size_t i = 0; i < worth_.size(); ++i) {
        const auto frequency = sequence.frequency[i];
        sequence.score += rarity[i] * frequency * 2.2 / (frequency + norm);
        covered += worth_[i] * std::min(1.0, frequency);
      }
      sequence.score *= 1 - kThreadCoverage + kThreadCoverage * covered / std::max(whole_, 1e-9);
    }
    for (auto& [passage, unit] : units_) {
      if (unit.hit.score > 0) unit.hit.score += kThread * sequences_[unit.thread].score;
    }
  }

  Connection& connection_;
  const Query& query_;
  const std::vector<double>& worth_;
  Finder finder_;
  const Filter& filter_;
  double whole_ = 0;
  std::map<std::int64_t, ItemRow> items_;
  std::map<std::int64_t, Unit> units_;
  std::map<std::int64_t, std::size_t> sequence_numbers_;
  std::vector<Sequence> sequences_;
};

}  // namespace

Result<Hits> search_passages(Connection& connection, Query& query, const Filter& filter, std::size_t most) {
  Hits result;
  if (query.empty()) return result;
  const auto sources = TRY(searched_sources(connection, filter));
  TRY(learn_terms(connection, sources, query));
  result.worth = TRY(worth_of_terms(connection, sources, query));
  const auto candidates = TRY(find_candidates(connection, sources, query, filter));
  result.hits = TRY(Ranking(connection, query, result.worth, filter).rank(candidates));
  if (result.hits.size() > most) result.hits.resize(most);
  return result;
}

}  // namespace hearth::memory
