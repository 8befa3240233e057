#include "memory/gathered.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "memory/items.h"
#include "memory/question.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Statement;

constexpr std::size_t kLongestDocument = 2000;   // passages
constexpr auto kPause = std::chrono::hours(6);   // ends a conversation in a chat
constexpr std::size_t kLongestTurn = 80;  // terms: a neighbour this short may be an answer though it holds no word of the query
constexpr std::int64_t kLongestTurnBytes = 600;
constexpr std::array<int, 4> kBeside = {-2, -1, 1, 2};

}  // namespace

struct Gathered::Reach {
  std::size_t candidates;
  std::size_t text;  // bytes of theirs
  int conversation;  // items before and after
};
const Gathered::Reach Gathered::kThorough{300, 160 << 10, 200};
const Gathered::Reach Gathered::kQuick{40, 64 << 10, 20};

bool is_narrow(const Filter& filter) {
  return !filter.person.empty() || filter.person_id != 0 || filter.after || filter.before || !filter.kinds.empty() || !filter.tags.empty() ||
         filter.attachment;
}

Gathered::Gathered(const RankingQuery& asked, const Reach& reach) : asked_(asked), reach_(reach), finder_(asked.query) {
  for (const auto one : asked.worth) whole_ += one;
  if (!asked.query.excluded.empty()) {
    excluded_ = read_query(asked.query.excluded, Typing::Finished);
    excluded_finder_.emplace(excluded_);
  }
  if (!asked.words) return;
  words_.emplace(*asked.words, asked.query);
  if (!words_->known()) words_.reset();
}

Result<std::unique_ptr<Gathered>> Gathered::create(const RankingQuery& asked, const Reach& reach) {
  std::unique_ptr<Gathered> gathered(new Gathered(asked, reach));
  gathered->forgetting_ =
      TRY(asked.connection.integer("SELECT EXISTS (SELECT 1 FROM doomed) OR EXISTS (SELECT 1 FROM sources WHERE forgetting = 1)")) != 0;
  return gathered;
}

Result<> Gathered::add_candidates(const std::vector<Candidate>& candidates) {
  for (const auto& candidate : candidates) {
    if (units_.size() == reach_.candidates || text_ > reach_.text) break;
    TRY(add(candidate.passage, candidate.source, true));
  }
  return {};
}

Result<> Gathered::add_alike(const Alike& alike) {
  if (alike.best.empty()) return {};
  const auto largest = std::max(alike.best.front().likeness - alike.usual, 1e-3);
  for (const auto& one : alike.best) {
    const auto share = (one.likeness - alike.usual) / largest;
    if (share >= kAlike) TRY(add(one.passage, one.source, true));
    if (const auto found = units_.find(one.passage); found != units_.end()) found->second.alike = std::max(share, 0.0);
  }
  return {};
}

Result<> Gathered::add_neighbours() {
  if (is_narrow(asked_.filter)) return {};
  std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
  for (const auto& [passage, unit] : units_) {
    for (const auto distance : kBeside) {
      if (const auto beside = passage_beside(unit, distance)) wanted.emplace_back(*beside, unit.source);
    }
  }
  for (const auto& [passage, source] : wanted) TRY(add(passage, source, false));
  return {};
}

const Unit* Gathered::beside(const Unit& unit, int distance) const {
  const auto passage = passage_beside(unit, distance);
  const auto found = passage ? units_.find(*passage) : units_.end();
  return found == units_.end() ? nullptr : &found->second;
}

Unit* Gathered::beside(const Unit& unit, int distance) { return const_cast<Unit*>(std::as_const(*this).beside(unit, distance)); }

std::optional<std::int64_t> Gathered::passage_beside(const Unit& unit, int distance) const {
  const auto& passages = sequences_[unit.sequence].passages;
  const auto place = static_cast<std::ptrdiff_t>(unit.position) + distance;
  if (place < 0 || place >= static_cast<std::ptrdiff_t>(passages.size())) return std::nullopt;
  return passages[static_cast<std::size_t>(place)];
}

Result<GatheredItem*> Gathered::item(std::int64_t id) {
  auto [found, fresh] = items_.try_emplace(id);
  auto& row = found->second;
  if (!fresh) return row.frequency.empty() ? nullptr : &row;
  if (!read_item_) {
    read_item_.emplace(TRY(asked_.connection.prepare(
        forgetting_ ? "SELECT title, time, zone, thread, kind, details, outside, passages FROM items WHERE id = ?1"
                      " AND NOT EXISTS (SELECT 1 FROM doomed WHERE item = ?1)"
                    : "SELECT title, time, zone, thread, kind, details, outside, passages FROM items WHERE id = ?1")));
  }
  auto& read = *read_item_;
  read.reset();
  read.bind(1, id);
  if (!TRY(read.step())) return nullptr;  // forgotten meanwhile
  row.title = read.text(0);
  row.details = read.text(5);
  row.outside = read.integer(6) != 0;
  row.time = read.optional_time(1);
  row.zone = static_cast<int>(read.integer(2));
  row.thread = read.integer(3);
  row.kind = read.text(4);
  row.letter = row.kind == "mail";
  row.passages = read.integer(7);
  row.frequency.resize(asked_.query.terms.size());
  std::size_t title_hits = 0;
  const auto title_length = finder_.find(row.title, [&](const Match& match, double weight) {
    row.frequency[match.term] += kTitleWeight * weight;
    title_hits += asked_.query.terms[match.term].phrase ? 0 : 1;
  });
  if (title_hits > 0) {
    for (std::size_t i = 0; i < asked_.worth.size(); ++i) row.titled += asked_.worth[i] * (row.frequency[i] > 0 ? 1 : 0);
    row.titled /= std::max(whole_, 1e-9);
    row.title_share = static_cast<double>(title_hits) / static_cast<double>(title_length);
  }
  TRY(find_people(row));
  return &row;
}

// Few items name anybody whom the query names: the others' details need not be parsed to see that.
Result<> Gathered::find_people(GatheredItem& row) {
  if (row.details.find('\\') == row.details.npos && !finder_.finds(row.details)) return {};
  const auto details = TRY(parse_details(row.details));
  for (const auto& person : details.people) {
    finder_.find(person.name + " " + person.address, [&](const Match& match, double weight) {
      row.frequency[match.term] += kPeopleWeight * weight;
      if (row.named.empty() && asked_.query.terms[match.term].person) row.named = person.name.empty() ? person.address : person.name;
      if (person.role == extract::Role::Author && asked_.query.terms[match.term].person) {
        row.asked_author = true;
        row.author = person.name.empty() ? person.address : person.name;
      }
    });
  }
  return {};
}

// Looks at a passage and what it stands among, unless that was done. Of neighbours only short ones.
Result<> Gathered::add(std::int64_t passage, std::int64_t source, bool matched) {
  if (units_.contains(passage)) return {};
  if (!read_text_) {
    read_text_.emplace(TRY(asked_.connection.prepare("SELECT text FROM passages WHERE id = ?1 AND (?2 OR length(text) <= ?3)")));
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
  if (excluded_finder_ && (excluded_finder_->finds(text) || excluded_finder_->finds(row->title))) return {};
  Unit unit;
  unit.matched = matched;
  unit.passage = passage;
  unit.item = item_of_passage(passage);
  unit.source = source;
  unit.own = row->frequency;
  unit.length = finder_.find(text, [&](const Match& match, double weight) {
    unit.own[match.term] += weight;
    if (!asked_.query.terms[match.term].character) unit.matches.push_back(match);
  });
  if (!matched && unit.length > kLongestTurn) return {};
  unit.text = text;
  unit.asks = ends_with_question(text);
  unit.asks_something = unit.asks || text.find('?') != text.npos || text.find("？") != text.npos;
  unit.names_time = asked_.query.asks_when && names_a_time(text);
  if (words_) unit.words = words_->read(text);
  text_ += text.size();
  unit.sequence = TRY(sequence_of(unit.item, *row));
  const auto* passages = &sequences_[unit.sequence].passages;
  auto place = std::find(passages->begin(), passages->end(), passage);
  if (place == passages->end()) {
    unit.sequence = add_sequence({passage});
    passages = &sequences_[unit.sequence].passages;
    place = passages->begin();
  }
  unit.position = static_cast<std::size_t>(place - passages->begin());
  units_.emplace(passage, std::move(unit));
  return {};
}

std::size_t Gathered::add_sequence(std::vector<std::int64_t> passages) {
  sequences_.push_back({std::move(passages), std::vector<double>(asked_.query.terms.size())});
  return sequences_.size() - 1;
}

// What a passage stands among: a mail's thread, a conversation in a chat, a document.
Result<std::size_t> Gathered::sequence_of(std::int64_t item, const GatheredItem& row) {
  if (const auto known = sequence_of_item_.find(item); known != sequence_of_item_.end()) return known->second;
  std::vector<ItemPassages> items{{item, row.passages}};
  if (row.thread != 0 && row.time) items = TRY(conversation(item, row));
  std::vector<std::int64_t> passages;
  for (const auto& one : items) {
    for (std::int64_t i = 0; i < one.count && passages.size() < kLongestDocument; ++i) passages.push_back(first_passage(one.item) + i);
  }
  const auto number = add_sequence(std::move(passages));
  for (const auto& one : items) sequence_of_item_.emplace(one.item, number);
  return number;
}

// The items of a thread around one, in order; in a chat up to where it paused for hours.
Result<std::vector<Gathered::ItemPassages>> Gathered::conversation(std::int64_t item, const GatheredItem& row) {
  std::vector<ItemPassages> items;
  TRY(follow(items, item, row,
             forgetting_ ? "SELECT i.id, i.time, i.passages FROM items i JOIN sources s ON s.id = i.source AND s.forgetting = 0"
                           " WHERE i.thread = ?1 AND (i.time, i.id) <= (?2, ?3) ORDER BY i.time DESC, i.id DESC LIMIT ?4"
                         : "SELECT id, time, passages FROM items WHERE thread = ?1 AND (time, id) <= (?2, ?3) ORDER BY time DESC, id DESC LIMIT ?4"));
  std::reverse(items.begin(), items.end());
  TRY(follow(items, item, row,
             forgetting_ ? "SELECT i.id, i.time, i.passages FROM items i JOIN sources s ON s.id = i.source AND s.forgetting = 0"
                           " WHERE i.thread = ?1 AND (i.time, i.id) > (?2, ?3) ORDER BY i.time, i.id LIMIT ?4"
                         : "SELECT id, time, passages FROM items WHERE thread = ?1 AND (time, id) > (?2, ?3) ORDER BY time, id LIMIT ?4"));
  return items;
}

Result<> Gathered::follow(std::vector<ItemPassages>& items, std::int64_t item, const GatheredItem& row, std::string_view sql) {
  auto entries = TRY(asked_.connection.prepare(sql));
  entries.bind_value(1, row.thread);
  entries.bind_value(2, *row.time);
  entries.bind_value(3, item);
  entries.bind_value(4, reach_.conversation);
  for (auto last = *row.time; TRY(entries.step());) {
    const auto time = entries.time(1);
    if (!row.letter && (time > last ? time - last : last - time) > kPause) break;
    items.push_back({entries.integer(0), entries.integer(2)});
    last = time;
  }
  return {};
}

}  // namespace hearth::memory
