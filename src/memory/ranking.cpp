#include "memory/ranking.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "memory/gathered.h"
#include "memory/signs.h"

// How passages are weighed. A passage is understood with what stands beside it: the passages before and after it in its
// document or thread lend it their words. BM25 (Robertson and Zaragoza, 2009) weighs the words; on top come what its words mean
// alike, who speaks, and the time that is asked for. Then the sequences, the conversations and documents that passages stand in,
// are weighed as wholes.
namespace hearth::memory {
namespace {

constexpr double kSaturation = 1.0;
constexpr double kLengthShare = 0.4;
constexpr double kSequenceSaturation = 1.2;
constexpr double kSequenceLengthShare = 0.75;
constexpr double kMeaning = 4;    // for what is most alike in meaning; less than its square for the others
constexpr double kWithin = 1.5;   // inside the span that is asked for
constexpr double kNearly = 0.4;
constexpr double kExactTitle = 100;   // above everything else
constexpr double kTitled = 2;         // all the words are in the title
constexpr std::size_t kFirstSequences = 5;
constexpr std::size_t kLongTurn = 80;  // terms: what is longer says no more for being long
constexpr double kTold = 0.25;  // of nearness: from here on it is a reason
constexpr double kLittle = 1e-9;

// What a passage lends to the ones around it: most to the next, which often answers it.
struct Neighbour {
  int distance;
  double share;
};
constexpr std::array<Neighbour, 4> kNeighbours = {{{-2, 0.1}, {-1, 0.2}, {1, 0.4}, {2, 0.1}}};

double mean_of_first(const std::vector<double>& sorted, std::size_t count) {
  count = std::min(count, sorted.size());
  return count == 0 ? 0 : std::accumulate(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count), 0.0) / static_cast<double>(count);
}

// The greater score first; of equal ones, what came in first.
bool better(const Unit* a, const Unit* b) { return a->score != b->score ? a->score > b->score : a->passage < b->passage; }

class Ranking {
 public:
  Ranking(const RankingQuery& asked, Gathered& gathered)
      : query_(asked.query), worth_(asked.worth), gathered_(gathered) {
    for (const auto one : worth_) whole_ += one;
    whole_ = std::max(whole_, kLittle);
    only_around_ = query_.only_around();
  }

  std::vector<Hit> rank(std::size_t most) {
    lend();
    compare_words();
    weigh_words_of_sequences();
    weigh_passages();
    weigh_sequences();
    std::vector<Hit> hits;
    for (const auto* unit : arranged()) {
      if (hits.size() == most) break;
      hits.push_back(hit_of(*unit));
    }
    return hits;
  }

 private:
  // What is known of one passage, besides what was gathered.
  struct Weighed {
    double covered_own = 0;
    double covered_around = 0;
    double near = 0;         // how much of the query it says in words that mean alike
    double near_around = 0;
    double alike = 0;        // its words as a whole
    double alike_around = 0;
    double sentence = 0;
  };
  struct WeighedSequence {
    double words = 0;
    double covered = 0;
    double score = 0;
    std::vector<const Unit*> units;  // best first
  };

  void lend() {
    auto& sequences = gathered_.sequences();
    for (auto& [passage, unit] : gathered_.units()) unit.around = unit.own;
    for (auto& [passage, unit] : gathered_.units()) {
      if (!unit.matched) continue;
      for (const auto& neighbour : kNeighbours) {
        auto* beside = gathered_.beside(unit, neighbour.distance);
        if (!beside) continue;
        for (std::size_t i = 0; i < worth_.size(); ++i) beside->around[i] += neighbour.share * unit.own[i];
      }
      for (std::size_t i = 0; i < worth_.size(); ++i) sequences[unit.sequence].frequency[i] += unit.own[i];
    }
  }

  double share_of(const std::vector<double>& frequency) const {
    double held = 0;
    for (std::size_t i = 0; i < worth_.size(); ++i) held += worth_[i] * std::min(1.0, frequency[i]);
    return held / whole_;
  }

  // How near a term is to what the passage says; nearer than it looks when the word itself is there.
  double nearness(const Unit& unit, std::size_t term) const {
    if (unit.own[term] > 0) return 1;
    const double near = unit.words ? unit.words->nearest[term] : 0;
    return near * near;
  }

  void compare_words() {
    auto* words = gathered_.words();
    weighed_sequences_.resize(gathered_.sequences().size());
    std::vector<std::size_t> terms;
    double worth = kLittle;
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      const auto& term = query_.terms[i];
      if (term.phrase || term.character || term.person) continue;
      terms.push_back(i);
      worth += worth_[i];
    }
    for (const auto& [passage, unit] : gathered_.units()) {
      auto& weighed = weighed_[passage];
      weighed.covered_own = share_of(unit.own);
      weighed.covered_around = share_of(unit.around);
      const auto* before = gathered_.beside(unit, -1);
      const auto* after = gathered_.beside(unit, 1);
      for (const auto term : terms) {
        const auto own = nearness(unit, term);
        const auto beside = std::max(before ? nearness(*before, term) : 0, 0.7 * (after ? nearness(*after, term) : 0));
        weighed.near += worth_[term] * own / worth;
        weighed.near_around += worth_[term] * std::max(own, 0.6 * beside) / worth;
      }
      if (!words || !unit.words) continue;
      weighed.alike = words->alike(unit.words->sum);
      weighed.sentence = unit.words->best_sentence;
      auto sum = unit.words->sum;
      for (const auto& neighbour : kNeighbours) {
        const auto* beside = gathered_.beside(unit, neighbour.distance);
        if (!beside || !beside->words) continue;
        const auto share = std::abs(neighbour.distance) == 1 ? 0.5F : 0.2F;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += share * beside->words->sum[i];
      }
      weighed.alike_around = words->alike(sum);
    }
  }

  // BM25 of the sequences as documents.
  void weigh_words_of_sequences() {
    const auto& sequences = gathered_.sequences();
    double average = 0;
    for (const auto& sequence : sequences) average += static_cast<double>(sequence.passages.size());
    const auto count = static_cast<double>(sequences.size());
    average /= std::max(count, 1.0);
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      if (query_.terms[i].person || query_.terms[i].weight == 0) continue;
      double holding = 0;
      for (const auto& sequence : sequences) holding += sequence.frequency[i] > 0;
      const auto rarity = std::log(1 + (count - holding + 0.5) / (holding + 0.5));
      for (std::size_t s = 0; s < sequences.size(); ++s) {
        const double norm = kSequenceSaturation * (1 - kSequenceLengthShare + kSequenceLengthShare * static_cast<double>(sequences[s].passages.size()) / average);
        const auto frequency = sequences[s].frequency[i];
        weighed_sequences_[s].words += rarity * frequency * (kSequenceSaturation + 1) / (frequency + norm);
      }
    }
    for (std::size_t s = 0; s < sequences.size(); ++s) weighed_sequences_[s].covered = share_of(sequences[s].frequency);
  }

  double words_of(const Unit& unit, const std::vector<double>& frequency, double average) const {
    const double norm = kSaturation * (1 - kLengthShare + kLengthShare * static_cast<double>(unit.length) / average);
    double words = 0;
    for (std::size_t i = 0; i < worth_.size(); ++i) words += worth_[i] * frequency[i] * (kSaturation + 1) / (frequency[i] + norm);
    return words;
  }

  void weigh_passages() {
    double total_length = 1;
    for (const auto& [passage, unit] : gathered_.units()) total_length += static_cast<double>(unit.length);
    const double average = total_length / static_cast<double>(std::max<std::size_t>(gathered_.units().size(), 1));
    bool names_author = false;
    for (const auto& [passage, unit] : gathered_.units()) names_author = names_author || gathered_.item_of(unit).asked_author;
    for (auto& [passage, unit] : gathered_.units()) {
      const auto& weighed = weighed_.at(passage);
      const auto& row = gathered_.item_of(unit);
      const auto& sequence = weighed_sequences_[unit.sequence];
      static const Weighed kNothing;
      const auto* before = gathered_.beside(unit, -1);
      const auto* earlier = gathered_.beside(unit, -2);
      const auto& weighed_before = before ? weighed_.at(before->passage) : kNothing;
      const auto words = words_of(unit, unit.around, average);
      const auto time = time_fit(row).first;
      PassageSigns signs{};
      const auto set = [&](PassageSign sign, double value) { signs[static_cast<std::size_t>(sign)] = value; };
      set(PassageSign::Words, words / 10);
      set(PassageSign::OwnWords, words_of(unit, unit.own, average) / 10);
      set(PassageSign::Covered, weighed.covered_around);
      set(PassageSign::CoveredBefore, weighed_before.covered_own);
      set(PassageSign::CoveredEarlier, earlier ? weighed_.at(earlier->passage).covered_own : 0);
      set(PassageSign::SequenceWords, sequence.words / 10);
      set(PassageSign::SequenceCovered, sequence.covered);
      set(PassageSign::AlikeAround, weighed.alike_around);
      set(PassageSign::AlikeBefore, weighed_before.alike);
      set(PassageSign::NearAround, weighed.near_around);
      set(PassageSign::NearBefore, weighed_before.near);
      set(PassageSign::AnswersNear, before && before->asks ? weighed_before.near : 0);
      set(PassageSign::Sentence, weighed.sentence);
      set(PassageSign::SentenceBefore, weighed_before.sentence);
      set(PassageSign::Author, !names_author ? 0 : row.asked_author ? 1 : -1);
      set(PassageSign::Asks, unit.asks ? 1 : 0);
      set(PassageSign::TellsTime, unit.names_time ? 1 : 0);
      set(PassageSign::Length, std::log(1.0 + static_cast<double>(std::min(unit.length, kLongTurn))) / 4);
      set(PassageSign::Time, time);
      set(PassageSign::Names, unit.words ? std::min(unit.words->names, 3) / 3.0 : 0);
      set(PassageSign::AnswersAsked, before && before->asks_something ? weighed_before.covered_own : 0);
      const auto beside_words = time + kMeaning * unit.alike * unit.alike;  // of all there is from a day, when only the day was asked for
      unit.found = words + beside_words + (query_.question ? weighed.near_around : 0) > 0;
      unit.covered = weighed.covered_own;
      unit.score = weigh(signs, kPassageWeights) + kMeaning * unit.alike * unit.alike;
      if (row.titled > 0.99) unit.score += row.title_share > 0.99 ? kExactTitle : kTitled * row.title_share;
    }
  }

  void weigh_sequences() {
    auto& sequences = weighed_sequences_;
    double best = -1e9;
    double sum = kLittle;
    for (const auto& [passage, unit] : gathered_.units()) {
      if (!unit.found) continue;
      sequences[unit.sequence].units.push_back(&unit);
      best = std::max(best, std::min(unit.score, kExactTitle / 2));
    }
    const auto odds = [&](const Unit* unit) { return std::exp(std::min(unit->score, kExactTitle / 2) - best); };
    for (const auto& [passage, unit] : gathered_.units()) sum += unit.found ? odds(&unit) : 0;
    for (auto& sequence : sequences) {
      if (sequence.units.empty()) continue;
      std::sort(sequence.units.begin(), sequence.units.end(), better);
      SequenceSigns signs{};
      const auto set = [&](SequenceSign sign, double value) { signs[static_cast<std::size_t>(sign)] = value; };
      std::vector<double> scores;
      std::vector<double> near;
      std::vector<double> alike;
      std::vector<double> sentences;
      double held = 0;
      double covered_around = 0;
      double time = 0;
      for (const auto* unit : sequence.units) {
        const auto& weighed = weighed_.at(unit->passage);
        scores.push_back(std::min(unit->score, kExactTitle / 2) - best);
        near.push_back(weighed.near_around);
        alike.push_back(weighed.alike_around);
        sentences.push_back(weighed.sentence);
        held += odds(unit);
        covered_around = std::max(covered_around, weighed.covered_around);
        time = std::max(time, time_fit(gathered_.item_of(*unit)).first);
      }
      for (auto* list : {&near, &alike, &sentences}) std::sort(list->begin(), list->end(), std::greater<>());
      set(SequenceSign::Best, scores[0]);
      set(SequenceSign::Second, scores[std::min<std::size_t>(1, scores.size() - 1)]);
      set(SequenceSign::Odds, std::log(held + 1e-4));
      set(SequenceSign::Share, held / sum);
      set(SequenceSign::Words, sequence.words / 10);
      set(SequenceSign::Covered, sequence.covered);
      set(SequenceSign::NearBest, near[0]);
      set(SequenceSign::NearMean, mean_of_first(near, 3));
      set(SequenceSign::AlikeBest, alike[0]);
      set(SequenceSign::SentenceBest, sentences[0]);
      set(SequenceSign::CoveredAround, covered_around);
      set(SequenceSign::Time, time);
      set(SequenceSign::Length, static_cast<double>(std::min<std::size_t>(gathered_.sequences()[sequence.units[0]->sequence].passages.size(), 100)) / 30);
      sequence.score = weigh(signs, kSequenceWeights) + (sequence.units[0]->score >= kExactTitle / 2 ? kExactTitle : 0);
    }
  }

  // Best first; but before all others the best passages of the five best sequences: somebody who looks for a thing does not want
  // ten times the same talk.
  std::vector<const Unit*> arranged() const {
    std::vector<const WeighedSequence*> sequences;
    for (const auto& sequence : weighed_sequences_) {
      if (!sequence.units.empty()) sequences.push_back(&sequence);
    }
    const auto leading = std::min(sequences.size(), kFirstSequences);
    std::partial_sort(sequences.begin(), sequences.begin() + static_cast<std::ptrdiff_t>(leading), sequences.end(),
                      [](const auto* a, const auto* b) { return a->score != b->score ? a->score > b->score : a->units[0]->passage < b->units[0]->passage; });
    std::vector<const Unit*> order;
    if (only_around_ && (!query_.question || !query_.spans.empty())) return by_time();
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      for (std::size_t i = s < leading ? 1 : 0; i < sequences[s]->units.size(); ++i) order.push_back(sequences[s]->units[i]);
    }
    std::sort(order.begin(), order.end(), better);
    std::vector<const Unit*> first;
    for (std::size_t s = 0; s < leading; ++s) first.push_back(sequences[s]->units[0]);
    order.insert(order.begin(), first.begin(), first.end());
    return order;
  }

  // How well an item is what is asked for, when that is only who, when and of what kind.
  double fit_around(const GatheredItem& row, bool who) const {
    if (row.titled > 0.99 && row.title_share > 0.99) return kExactTitle;
    const double kind = is_called(row.kind) ? 2 : 1;
    if (!query_.spans.empty()) {
      constexpr double kOtherTime = 0.1;
      if (who && row.named.empty()) return 0;
      const auto fit = kind * span_fit(row).first;
      return fit > 0 || !who ? fit : kOtherTime;
    }
    return kind * (row.titled > 0.99 ? 3 : row.asked_author ? 2 : row.named.empty() ? 0 : 1);
  }

  // What fits best first, and of that the newest.
  std::vector<const Unit*> by_time() const {
    const bool who = std::any_of(query_.terms.begin(), query_.terms.end(), [](const QueryTerm& term) { return term.person; });
    struct Placed {
      double fit;
      Time time;
      const Unit* unit;
    };
    std::vector<Placed> placed;
    for (const auto& [passage, unit] : gathered_.units()) {
      if (!unit.found) continue;
      const auto& row = gathered_.item_of(unit);
      placed.push_back({fit_around(row, who), row.time.value_or(Time()), &unit});
    }
    std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
      return std::tuple(b.fit, b.time, a.unit->passage) < std::tuple(a.fit, a.time, b.unit->passage);
    });
    std::vector<const Unit*> order;
    for (const auto& one : placed) order.push_back(one.unit);
    return order;
  }

  bool is_called(std::string_view kind) const {
    return std::any_of(query_.terms.begin(), query_.terms.end(), [&](const QueryTerm& term) { return term.kind && enum_name(*term.kind) == kind; });
  }

  // Why a passage was found, the title first.
  std::vector<Why> reasons(const Unit& unit) const {
    std::vector<Why> why;
    const auto& row = gathered_.item_of(unit);
    if (row.titled > 0.99) why.push_back({WhyKind::Title, row.title});
    bool in_other_words = false;
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      if (query_.terms[i].person || query_.terms[i].character) continue;  // told apart, or not worth telling
      if (unit.own[i] > 0) why.push_back({WhyKind::Word, query_.terms[i].text});
      else if (unit.around[i] > 0) why.push_back({WhyKind::Context, query_.terms[i].text});
      else in_other_words = in_other_words || nearness(unit, i) >= kTold;
    }
    const auto [fit, words] = time_fit(row);
    if (fit > 0) why.push_back({WhyKind::Time, words});
    if (in_other_words || unit.alike >= kAlike) why.push_back({WhyKind::Meaning, ""});
    if (!row.named.empty()) why.push_back({WhyKind::Person, row.asked_author ? row.author : row.named});
    if (!why.empty()) return why;
    for (std::size_t i = 0; i < worth_.size(); ++i) {
      if (query_.terms[i].character && unit.own[i] > 0) why.push_back({WhyKind::Word, query_.terms[i].text});
    }
    return why;
  }

  Hit hit_of(const Unit& unit) const {
    const auto& row = gathered_.item_of(unit);
    std::vector<Before> before;
    for (const int distance : {-1, -2}) {
      const auto* beside = query_.question ? gathered_.beside(unit, distance) : nullptr;
      if (!beside) break;
      before.push_back({beside->text, gathered_.item_of(*beside).details});
    }
    return {.passage = unit.passage,
            .item = unit.item,
            .source = unit.source,
            .score = unit.score,
            .covered = unit.covered,
            .text = unit.text,
            .title = row.title,
            .time = row.time,
            .zone = row.zone,
            .details = row.details,
            .before = std::move(before),
            .outside = row.outside,
            .matches = unit.matches,
            .why = reasons(unit)};
  }

  // How well an item's time is the one asked for, and how that was said.
  std::pair<double, std::string> time_fit(const GatheredItem& row) const {
    if (!row.time) return {0, ""};
    const auto calendar = calendar_fit(row);
    const auto span = span_fit(row);
    return span.first > calendar ? span : std::pair(calendar, query_.spans.empty() ? query_.time.words : query_.spans.front().words);
  }

  std::pair<double, std::string> span_fit(const GatheredItem& row) const {
    std::pair<double, std::string> best{0, ""};
    if (!row.time) return best;
    for (const auto& span : query_.spans) {
      const auto near = span.open ? Duration(0) : (span.to - span.from) / 5;
      const double fit = *row.time >= span.from && *row.time < span.to                  ? kWithin * span.sure
                         : *row.time >= span.from - near && *row.time < span.to + near ? kNearly * span.sure
                                                                                         : 0;
      if (fit > best.first) best = {fit, span.words};
    }
    return best;
  }

  double calendar_fit(const GatheredItem& row) const {
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

  const Query& query_;
  const std::vector<double>& worth_;
  Gathered& gathered_;
  double whole_ = 0;
  bool only_around_ = false;
  std::map<std::int64_t, Weighed> weighed_;  // by passage
  std::vector<WeighedSequence> weighed_sequences_;
};

constexpr std::size_t kFirstResults = 26;  // 25, and whether there are more

Result<std::vector<Hit>> rank_within(const RankingQuery& asked, const Gathered::Reach& reach, const std::vector<Candidate>& candidates,
                                     const Alike& alike, std::size_t most) {
  const auto gathered = TRY(Gathered::create(asked, reach));
  TRY(gathered->add_candidates(candidates));
  TRY(gathered->add_alike(alike));
  TRY(gathered->add_neighbours());
  return Ranking(asked, *gathered).rank(most);
}

}  // namespace

Result<std::vector<Hit>> rank(const RankingQuery& asked, const std::vector<Candidate>& candidates, std::int64_t all, const Alike& alike,
                              std::size_t most) {
  if (all <= kSmallMemory) return rank_within(asked, Gathered::kThorough, candidates, alike, most);
  auto within = asked;
  if (!asked.query.question) within.words = nullptr;  // whoever types words into a large memory looks for these words
  auto hits = TRY(rank_within(within, Gathered::kQuick, candidates, alike, std::min(most, kFirstResults)));
  if (most <= kFirstResults) return hits;
  // Who asks for more gets what a closer look finds below the first results, which stay as they were shown.
  for (auto& hit : TRY(rank_within(within, Gathered::kThorough, candidates, alike, most))) {
    if (hits.size() == most) break;
    if (std::none_of(hits.begin(), hits.end(), [&](const Hit& one) { return one.passage == hit.passage; })) hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace hearth::memory
