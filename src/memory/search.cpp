#include "memory/search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "memory/candidates.h"
#include "memory/finder.h"
#include "memory/items.h"
#include "memory/question.h"
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
constexpr double kMeaning = 8;    // for what is most alike in meaning; less than its square for the others
constexpr double kAlike = 0.6;    // from here on it is a reason
constexpr double kAskedTime = 6;
constexpr double kWithin = 1.5;   // of it, inside the span that is asked for
constexpr double kNearly = 0.4;
constexpr std::size_t kLongestTurn = 80;  // terms: a neighbour this short may be an answer though it holds no word of the query
constexpr double kAnswers = 11;       // what follows a question that holds the query's words
constexpr double kTellsTime = 10;     // of a "when", what names a time
constexpr double kExactTitle = 100;   // above everything else
constexpr double kTitled = 4;         // all the words are in the title
constexpr std::size_t kFirstPage = 10;
constexpr double kSecondBest = 0.35;
constexpr double kWholeWords = 3.3;

// What is looked at. A small memory, whose pages are few, can afford to look beside every candidate.
struct Reach {
  std::size_t candidates;
  std::size_t text;    // bytes of theirs
  std::size_t beside;  // candidates whose neighbours are looked at
  int conversation;    // items before and after
};
constexpr std::int64_t kSmallMemory = 20'000;  // passages
constexpr Reach kSmallReach{300, 160 << 10, 300, 200};
constexpr Reach kLargeReach{128, 80 << 10, 32, 20};
constexpr std::size_t kLongestDocument = 2000;   // passages
constexpr auto kPause = std::chrono::hours(6);   // ends a conversation in a chat
constexpr std::int64_t kLongestTurnBytes = 600;

// What a passage lends to the ones around it: most to the next, which often answers it.
struct Neighbour {
  int distance;
  double share;
};
constexpr std::array<Neighbour, 4> kNeighbours = {{{-2, 0.1}, {-1, 0.2}, {1, 0.4}, {2, 0.1}}};

// Whether it looks at more than the source.
bool is_narrow(const Filter& filter) {
  return !filter.person.empty() || filter.person_id != 0 || filter.after || filter.before || !filter.kinds.empty() || !filter.tags.empty() ||
         filter.attachment;
}

struct ItemRow {
  std::optional<Time> time;
  int zone = 0;
  std::int64_t thread = 0;  // 0: none
  bool letter = false;            // replies to it may take days
  std::vector<double> frequency;  // of the terms in title and people
  double titled = 0;              // how much of the query the title holds, 0 to 1
  double title_share = 0;         // how much of the title the query holds
  bool asked_author = false;      // one of the authors is named in the query
  std::string author;             // that one
};

struct Unit {
  std::int64_t passage = 0;
  std::int64_t item = 0;
  std::int64_t source = 0;
  double score = 0;
  double covered = 0;
  std::vector<double> own;      // each term's frequency: in the text, title and people
  std::vector<double> around;   // with what the neighbours lend
  std::size_t length = 0;
  std::size_t thread = 0;       // which sequence it is in
  std::size_t position = 0;     // in the sequence
  bool matched = false;
  bool asks = false;            // it ends with a question
  bool names_time = false;      // looked at when the query asks for one
  double alike = 0;             // in meaning to the query, 0 to 1
};

// Passages that follow one another: those of a thread by time, or those of one document.
struct Sequence {
  std::vector<std::int64_t> passages;
  std::vector<double> frequency;
  double score = 0;
  double words = 0;  // BM25 of the whole as one document
};

class Ranking {
 public:
  Ranking(Connection& connection, const Query& query, const std::vector<double>& worth, const Filter& filter)
      : connection_(connection), query_(query), worth_(worth), finder_(query), filter_(filter) {
    for (const auto one : worth) whole_ += one;
  }

  // The best `most`, which alone are read whole: of the others only what is weighed.
  Result<std::vector<Hit>> rank(const std::vector<Candidate>& candidates, std::int64_t all_passages, const Alike& alike, std::size_t most) {
    reach_ = all_passages <= kSmallMemory ? kSmallReach : kLargeReach;
    forgetting_ = TRY(connection_.integer("SELECT EXISTS (SELECT 1 FROM doomed) OR EXISTS (SELECT 1 FROM sources WHERE forgetting = 1)")) != 0;
    for (const auto& candidate : candidates) {
      if (units_.size() == reach_.candidates || text_ > reach_.text) break;
      TRY(add(candidate.passage, candidate.source, true, units_.size() < reach_.beside));
    }
    if (!alike.best.empty()) {
      const auto largest = std::max(alike.best.front().likeness - alike.usual, 1e-3);
      for (const auto& one : alike.best) {
        const auto share = (one.likeness - alike.usual) / largest;
        if (share >= kAlike) TRY(add(one.passage, one.source, true, units_.size() < reach_.beside));
        if (const auto found = units_.find(one.passage); found != units_.end()) found->second.alike = std::max(share, 0.0);
      }
    }
    TRY(add_neighbours());
    lend();
    weigh_passages();
    weigh_threads();
    std::vector<Hit> hits;
    for (const auto* unit : arranged()) {
      if (hits.size() == most) break;
      hits.push_back(TRY(hit_of(*unit)));
    }
    return hits;
  }

 private:
  Result<ItemRow*> item(std::int64_t id) {
    auto [found, fresh] = items_.try_emplace(id);
    auto& row = found->second;
    if (!fresh) return row.frequency.empty() ? nullptr : &row;
    if (!read_item_) {
      read_item_.emplace(TRY(connection_.prepare(
          forgetting_ ? "SELECT title, time, zone, thread, kind = 'mail', details FROM items WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM doomed WHERE item = ?1)"
                      : "SELECT title, time, zone, thread, kind = 'mail', details FROM items WHERE id = ?1")));
    }
    auto& read = *read_item_;
    read.reset();
    read.bind(1, id);
    if (!TRY(read.step())) return nullptr;  // forgotten meanwhile
    row.time = read.optional_time(1);
    row.zone = static_cast<int>(read.integer(2));
    row.thread = read.integer(3);
    row.letter = read.integer(4) != 0;
    row.frequency.resize(query_.terms.size());
    std::size_t title_hits = 0;
    const auto title_length = finder_.find(read.text_view(0), [&](const Match& match, double weight) {
      row.frequency[match.term] += kTitleWeight * weight;
      title_hits += query_.terms[match.term].phrase ? 0 : 1;
    });
    if (title_hits > 0) {
      for (std::size_t i = 0; i < worth_.size(); ++i) row.titled += worth_[i] * (row.frequency[i] > 0 ? 1 : 0);
      row.titled /= std::max(whole_, 1e-9);
      row.title_share = static_cast<double>(title_hits) / static_cast<double>(title_length);
    }
    TRY(find_people(row, read.text_view(5)));
    return &row;
  }

  // Few items name anybody whom the query names: the others' details need not be parsed to see that.
  Result<> find_people(ItemRow& row, std::string_view json) {
    if (json.find('\\') == json.npos && !finder_.finds(json)) return {};
    const auto details = TRY(parse_details(json));
    for (const auto& person : details.people) {
      finder_.find(person.name + " " + person.address, [&](const Match& match, double weight) {
        row.frequency[match.term] += kPeopleWeight * weight;
        if (person.role == extract::Role::Author && query_.terms[match.term].person) {
          row.asked_author = true;
          row.author = person.name.empty() ? person.address : person.name;
        }
      });
    }
    return {};
  }

  // Looks at a passage, unless that was done; at what it stands among with it, when that is asked for. Of neighbours only
  // short ones.
  Result<> add(std::int64_t passage, std::int64_t source, bool matched, bool with_sequence) {
    if (units_.contains(passage)) return {};
    if (!read_text_) {
      read_text_.emplace(TRY(connection_.prepare("SELECT text FROM passages WHERE id = ?1 AND (?2 OR length(text) <= ?3)")));
      read_text_->bind_value(3, kLongestTurnBytes);
    }
    auto& read = *read_text_;
    read.reset();
    read.bind_value(1, passage);
    read.bind_value(2, matched);
    if (!TRY(read.step())) return {};
    const auto text = read.text_view(0);
    const auto* row = TRY(item(item_of_passage(passage)));
    if (!row) return {};
    Unit unit;
    unit.matched = matched;
    unit.passage = passage;
    unit.item = item_of_passage(passage);
    unit.source = source;
    unit.own = row->frequency;
    unit.length = finder_.find(text, [&](const Match& match, double weight) { unit.own[match.term] += weight; });
    if (!matched && unit.length > kLongestTurn) return {};
    unit.asks = ends_with_question(text);
    unit.names_time = query_.asks_when && names_a_time(text);
    text_ += text.size();
    unit.thread = with_sequence ? TRY(sequence_of(unit.item, *row)) : sequence({passage});
    const auto* passages = &sequences_[unit.thread].passages;
    auto place = std::find(passages->begin(), passages->end(), passage);
    if (place == passages->end()) {
      unit.thread = sequence({passage});
      passages = &sequences_[unit.thread].passages;
      place = passages->begin();
    }
    unit.position = static_cast<std::size_t>(place - passages->begin());
    units_.emplace(passage, std::move(unit));
    return {};
  }

  std::size_t sequence(std::vector<std::int64_t> passages) {
    sequences_.push_back({std::move(passages), std::vector<double>(query_.terms.size()), 0});
    return sequences_.size() - 1;
  }

  // What a passage stands among: a mail's thread, a conversation in a chat, a document.
  Result<std::size_t> sequence_of(std::int64_t item, const ItemRow& row) {
    if (const auto known = sequence_of_item_.find(item); known != sequence_of_item_.end()) return known->second;
    std::vector<std::int64_t> items{item};
    if (row.thread != 0 && row.time) items = TRY(conversation(item, row));
    const auto number = sequence(TRY(passages_of(items)));
    for (const auto one : items) sequence_of_item_.emplace(one, number);
    return number;
  }

  // The passages of items, one item after the other. What came in together lies together, and is read as one piece.
  Result<std::vector<std::int64_t>> passages_of(const std::vector<std::int64_t>& items) {
    constexpr std::string_view kOfItems = "SELECT id FROM passages WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?";
    const auto read = [](Statement& s) { return s.integer(0); };
    const auto [least, greatest] = std::minmax_element(items.begin(), items.end());
    std::vector<std::int64_t> passages;
    if (*greatest - *least < 2 * static_cast<std::int64_t>(items.size())) {
      const auto all = TRY(connection_.all(kOfItems, read, first_passage(*least), last_passage(*greatest), 2 * kLongestDocument));
      for (const auto one : items) {
        auto passage = std::lower_bound(all.begin(), all.end(), first_passage(one));
        for (; passage != all.end() && *passage <= last_passage(one) && passages.size() < kLongestDocument; ++passage) passages.push_back(*passage);
      }
      return passages;
    }
    for (const auto one : items) {
      const auto rest = kLongestDocument - passages.size();
      const auto of_item = TRY(connection_.all(kOfItems, read, first_passage(one), last_passage(one), rest));
      passages.insert(passages.end(), of_item.begin(), of_item.end());
    }
    return passages;
  }

  // The items of a thread around one, in order; in a chat up to where it paused for hours.
  Result<std::vector<std::int64_t>> conversation(std::int64_t item, const ItemRow& row) {
    std::vector<std::int64_t> items;
    TRY(follow(items, item, row,
               forgetting_ ? "SELECT i.id, i.time FROM items i JOIN sources s ON s.id = i.source AND s.forgetting = 0"
                             " WHERE i.thread = ?1 AND (i.time, i.id) <= (?2, ?3) ORDER BY i.time DESC, i.id DESC LIMIT ?4"
                           : "SELECT id, time FROM items WHERE thread = ?1 AND (time, id) <= (?2, ?3) ORDER BY time DESC, id DESC LIMIT ?4"));
    std::reverse(items.begin(), items.end());
    TRY(follow(items, item, row,
               forgetting_ ? "SELECT i.id, i.time FROM items i JOIN sources s ON s.id = i.source AND s.forgetting = 0"
                             " WHERE i.thread = ?1 AND (i.time, i.id) > (?2, ?3) ORDER BY i.time, i.id LIMIT ?4"
                           : "SELECT id, time FROM items WHERE thread = ?1 AND (time, id) > (?2, ?3) ORDER BY time, id LIMIT ?4"));
    return items;
  }

  Result<> follow(std::vector<std::int64_t>& items, std::int64_t item, const ItemRow& row, std::string_view sql) {
    auto entries = TRY(connection_.prepare(sql));
    entries.bind_value(1, row.thread);
    entries.bind_value(2, *row.time);
    entries.bind_value(3, item);
    entries.bind_value(4, reach_.conversation);
    for (auto last = *row.time; TRY(entries.step());) {
      const auto time = entries.time(1);
      if (!row.letter && (time > last ? time - last : last - time) > kPause) break;
      items.push_back(entries.integer(0));
      last = time;
    }
    return {};
  }

  Result<> add_neighbours() {
    if (is_narrow(filter_)) return {};  // they may not pass the filter
    std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
    for (const auto& [passage, unit] : units_) {
      for (const auto& neighbour : kNeighbours) {
        if (const auto beside = at_distance(unit, neighbour.distance)) wanted.emplace_back(*beside, unit.source);
      }
    }
    for (const auto& [passage, source] : wanted) TRY(add(passage, source, false, true));
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
      const double norm = kSaturation * (1 - kLengthShare + kLengthShare * static_cast<double>(unit.length) / average);
      double words = 0;
      double covered = 0;
      double own = 0;
      for (std::size_t i = 0; i < worth_.size(); ++i) {
        const auto frequency = unit.around[i];
        words += worth_[i] * frequency * (kSaturation + 1) / (frequency + norm);
        covered += worth_[i] * std::min(1.0, frequency);
        own += worth_[i] * std::min(1.0, unit.own[i]);
      }
      const auto& row = items_[unit.item];
      // Of all there is from a day, when only the day was asked for.
      const auto beside_words = kAskedTime * time_fit(row).first + kMeaning * unit.alike * unit.alike;
      if (words + beside_words == 0) continue;
      unit.covered = own / whole;
      unit.score = words * (1 - kCoverageShare + kCoverageShare * covered / whole) + kOwnWords * own + beside_words;
      if (row.asked_author) unit.score += kSpeaker * covered / whole;
      unit.score += kAnswers * asked_before(unit);
      if (unit.names_time) unit.score += kTellsTime * covered / whole;
      if (row.titled > 0.99) unit.score += row.title_share > 0.99 ? kExactTitle : kTitled * row.title_share;
    }
  }

  // Why a passage was found, the title first.
  std::vector<Why> reasons(const Unit& unit, const std::string& title) {
    std::vector<Why> why;
    const auto& row = items_[unit.item];
    if (row.titled > 0.99) why.push_back({WhyKind::Title, title});
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      if (query_.terms[i].person || query_.terms[i].character) continue;  // told apart, or not worth telling
      if (unit.own[i] > 0) why.push_back({WhyKind::Word, query_.terms[i].text});
      else if (unit.around[i] > 0) why.push_back({WhyKind::Context, query_.terms[i].text});
    }
    const auto [fit, words] = time_fit(row);
    if (fit > 0) why.push_back({WhyKind::Time, words});
    if (unit.alike >= kAlike) why.push_back({WhyKind::Meaning, ""});
    if (row.asked_author) why.push_back({WhyKind::Person, row.author});
    return why;
  }

  Result<Hit> hit_of(const Unit& unit) {
    auto read = TRY(connection_.one("SELECT p.text, i.title, i.time, i.details, i.outside FROM passages p, items i WHERE p.id = ? AND i.id = ?",
                                    [](Statement& s) {
                                      Hit hit;
                                      hit.text = s.text(0);
                                      hit.title = s.text(1);
                                      hit.time = s.optional_time(2);
                                      hit.details = s.text(3);
                                      hit.outside = s.integer(4) != 0;
                                      return hit;
                                    },
                                    unit.passage, unit.item));
    if (!read) return fail(Code::Internal, "A passage that was found is gone.");
    auto& hit = *read;
    hit.passage = unit.passage;
    hit.item = unit.item;
    hit.source = unit.source;
    hit.score = unit.score;
    hit.covered = unit.covered;
    finder_.find(hit.text, [&](const Match& match, double) {
      if (!query_.terms[match.term].character) hit.matches.push_back(match);
    });
    hit.why = reasons(unit, hit.title);
    return *std::move(read);
  }

  // How much of the query the question before holds, which this passage may answer.
  double asked_before(const Unit& unit) const {
    const auto before = at_distance(unit, -1);
    const auto found = before ? units_.find(*before) : units_.end();
    if (found == units_.end() || !found->second.asks) return 0;
    double held = 0;
    for (std::size_t i = 0; i < worth_.size(); ++i) held += worth_[i] * std::min(1.0, found->second.own[i]);
    return held / std::max(whole_, 1e-9);
  }

  // How well an item's time is the one asked for, and how that was said.
  std::pair<double, std::string> time_fit(const ItemRow& row) const {
    if (!row.time) return {0, ""};
    double best = calendar_fit(row);
    std::string words = query_.spans.empty() ? "" : query_.spans.front().words;
    for (const auto& span : query_.spans) {
      const auto near = (span.to - span.from) / 5;
      const double fit = *row.time >= span.from && *row.time < span.to                  ? kWithin * span.sure
                         : *row.time >= span.from - near && *row.time < span.to + near ? kNearly * span.sure
                                                                                         : 0;
      if (fit <= best) continue;
      best = fit;
      words = span.words;
    }
    return {best, words};
  }

  double calendar_fit(const ItemRow& row) const {
    const auto& asked = query_.time;
    if (asked.empty()) return 0;
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
    for (const auto& [passage, unit] : units_) scores[unit.thread].push_back(unit.score);
    double average_size = 0;
    for (const auto& sequence : sequences_) average_size += static_cast<double>(sequence.passages.size());
    average_size /= static_cast<double>(std::max<std::size_t>(sequences_.size(), 1));
    const auto count = static_cast<double>(sequences_.size());
    std::vector<double> rarity(worth_.size());
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      double holding = 0;
      for (const auto& sequence : sequences_) holding += sequence.frequency[i] > 0;
      rarity[i] = query_.terms[i].person || query_.terms[i].weight == 0 ? 0 : std::log(1 + (count - holding + 0.5) / (holding + 0.5));
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
        sequence.words += rarity[i] * frequency * 2.2 / (frequency + norm);
        covered += worth_[i] * std::min(1.0, frequency);
      }
      sequence.score += sequence.words;
      sequence.score *= 1 - kThreadCoverage + kThreadCoverage * covered / std::max(whole_, 1e-9);
    }
    for (auto& [passage, unit] : units_) {
      if (unit.score > 0) unit.score += kThread * sequences_[unit.thread].score;
    }
  }

  // Best first. Of the first page's passages, the best of each conversation come first, and the conversations in the order of
  // what is in them as a whole: somebody who looks for a thing does not want ten times the same talk. Then the best passage of
  // each other conversation, then the rest.
  std::vector<const Unit*> arranged() const {
    std::vector<const Unit*> order;
    for (const auto& [passage, unit] : units_) {
      if (unit.score > 0) order.push_back(&unit);
    }
    std::sort(order.begin(), order.end(), [](const Unit* a, const Unit* b) {
      return a->score != b->score ? a->score > b->score : a->passage < b->passage;
    });
    std::vector<std::vector<const Unit*>> by_sequence(sequences_.size());
    for (const auto* unit : order) by_sequence[unit->thread].push_back(unit);
    const auto whole_score = [&](const Unit* unit) {
      const auto& best = by_sequence[unit->thread];
      return best[0]->score + kSecondBest * (best.size() > 1 ? best[1]->score : 0) + kWholeWords * sequences_[unit->thread].words;
    };
    struct Place {
      bool later_page;
      bool not_first;  // of its conversation
      double whole;    // the conversation's score; 0 when not first
      std::size_t before;
      auto key() const { return std::tuple(later_page, not_first, -whole, before); }
    };
    std::vector<Place> places;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool first = by_sequence[order[i]->thread][0] == order[i];
      places.push_back({i >= kFirstPage, !first, first ? whole_score(order[i]) : 0, i});
    }
    std::sort(places.begin(), places.end(), [](const Place& x, const Place& y) { return x.key() < y.key(); });
    std::vector<const Unit*> best;
    for (const auto& place : places) best.push_back(order[place.before]);
    return best;
  }

  Connection& connection_;
  const Query& query_;
  const std::vector<double>& worth_;
  Finder finder_;
  const Filter& filter_;
  double whole_ = 0;
  Reach reach_ = kSmallReach;
  bool forgetting_ = false;  // something is there that nothing may show
  std::size_t text_ = 0;     // bytes that were looked at
  std::optional<Statement> read_item_;
  std::optional<Statement> read_text_;
  std::map<std::int64_t, ItemRow> items_;
  std::map<std::int64_t, Unit> units_;
  std::map<std::int64_t, std::size_t> sequence_of_item_;
  std::vector<Sequence> sequences_;
};

// "the week before the trip": when the trip was is in the memory.
Result<> resolve_events(Connection& connection, Query& query, const Filter& filter) {
  constexpr double kSure = 0.6;
  const auto events = std::move(query.events);
  query.events.clear();
  for (const auto& event : events) {
    auto asked = read_query(event.event, Typing::Finished);
    const auto found = TRY(search_passages(connection, asked, filter, 1));
    if (found.hits.empty() || !found.hits[0].time || found.hits[0].covered < 0.5) continue;
    const auto day = std::chrono::floor<std::chrono::days>(*found.hits[0].time);
    query.spans.push_back({Time(day + std::chrono::days(event.from_days)), Time(day + std::chrono::days(event.to_days)), kSure, event.words});
    const auto tells = [&](const QueryTerm& term) { return event.event.find(term.text) != std::string::npos; };
    if (std::all_of(query.terms.begin(), query.terms.end(), tells)) continue;
    for (auto& term : query.terms) {  // when it happened is known now; what is looked for is beside it
      if (tells(term)) term.weight = 0;
    }
  }
  return {};
}

// What there is from a time, newest first, when nothing but the time is asked for.
Result<> add_from_then(Connection& connection, const std::vector<SearchedSource>& sources, const Query& query, Candidates& candidates) {
  constexpr int kMost = 100;
  for (const auto& span : query.spans) {
    for (const auto& source : sources) {
      const auto items = TRY(connection.all("SELECT id FROM items WHERE time >= ? AND time < ? AND source = ? ORDER BY time DESC LIMIT ?",
                                            [](Statement& s) { return s.integer(0); }, span.from, span.to, source.id, kMost));
      for (const auto item : items) candidates.passages.push_back({first_passage(item), source.id, 0});
    }
  }
  return {};
}

}  // namespace

Result<Hits> search_passages(Connection& connection, Query& query, const Filter& filter, std::size_t most) {
  Hits result;
  if (query.empty()) return result;
  const auto sources = TRY(searched_sources(connection, filter));
  TRY(resolve_events(connection, query, filter));
  std::int64_t all = 0;
  for (const auto& source : sources) all += source.passages;
  auto candidates = TRY(find_candidates(connection, sources, query, filter));
  result.worth = std::move(candidates.worth);
  Alike alike;
  if (query.meaning) {
    constexpr std::size_t kMostAlike = 60;
    std::vector<std::int64_t> ids;
    for (const auto& source : sources) ids.push_back(source.id);
    if (!is_narrow(filter)) alike = TRY(passages_alike(connection, *query.meaning, ids, kMostAlike));
  }
  const bool only_time = std::all_of(query.terms.begin(), query.terms.end(), [](const QueryTerm& term) { return term.time || term.character; });
  if (only_time) TRY(add_from_then(connection, sources, query, candidates));
  result.hits = TRY(Ranking(connection, query, result.worth, filter).rank(candidates.passages, all, alike, most));
  return result;
}

}  // namespace hearth::memory
