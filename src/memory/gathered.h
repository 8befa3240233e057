#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "memory/asked_words.h"
#include "memory/finder.h"
#include "memory/ranking.h"
#include "store/store.h"

namespace hearth::memory {

// Of what an embedder finds most alike: from here on a passage is looked at though it holds no word of the query, and that is a
// reason to show it.
inline constexpr double kAlike = 0.6;

// An item that a weighed passage belongs to.
struct GatheredItem {
  std::string title;
  std::string kind;     // an ItemKind's name
  std::string details;  // JSON
  bool outside = false;
  std::optional<Time> time;
  int zone = 0;
  std::int64_t thread = 0;  // 0: none
  std::int64_t passages = 0;      // how many it has
  bool letter = false;            // replies to it may take days
  std::vector<double> frequency;  // of the terms in title and people
  double titled = 0;              // how much of the query the title holds, 0 to 1
  double title_share = 0;         // how much of the title the query holds
  bool asked_author = false;      // one of the authors is named in the query
  std::string author;             // that one
  std::string named;              // whoever of its people is
};

// A passage that is weighed.
struct Unit {
  std::int64_t passage = 0;
  std::int64_t item = 0;
  std::int64_t source = 0;
  std::string text;
  std::vector<Match> matches;   // of whole words
  std::vector<double> own;      // each term's frequency: in the text, title and people
  std::size_t length = 0;       // terms
  std::size_t sequence = 0;     // what it stands among
  std::size_t position = 0;     // in the sequence
  bool matched = false;         // a candidate, not only a neighbour of one
  bool asks = false;            // it ends with a question
  bool asks_something = false;  // it has a question mark
  bool names_time = false;      // looked at when the query asks for one
  std::optional<TextLikeness> words;  // what its words mean alike, where vectors know the query's
  double alike = 0;             // in meaning to the query, as an embedder sees it, 0 to 1
  // Found while weighing:
  std::vector<double> around;   // `own`, with what the neighbours lend
  double covered = 0;           // the share of the query that it holds itself, 0 to 1
  double score = 0;
  bool found = false;           // there is a reason to show it
};

// Passages that follow one another: those of a thread by time, or those of one document.
struct Sequence {
  std::vector<std::int64_t> passages;
  std::vector<double> frequency;  // of the terms, in those that were matched
};

// What is read of the memory to weigh passages, each row once: the candidates, and what they stand among. Holds for one query,
// inside one reading.
class Gathered {
 public:
  // How much is looked at.
  struct Reach;
  static const Reach kThorough;
  static const Reach kQuick;

  // All references outlive it.
  static Result<std::unique_ptr<Gathered>> create(const RankingQuery& asked, const Reach& reach);

  Result<> add_candidates(const std::vector<Candidate>& candidates);
  // Passages that an embedder finds alike.
  Result<> add_alike(const Alike& alike);
  // What stands beside what was added, unless a filter may not let it through.
  Result<> add_neighbours();

  std::map<std::int64_t, Unit>& units() { return units_; }
  const std::map<std::int64_t, Unit>& units() const { return units_; }
  std::vector<Sequence>& sequences() { return sequences_; }
  const std::vector<Sequence>& sequences() const { return sequences_; }
  const GatheredItem& item_of(const Unit& unit) const { return items_.at(unit.item); }
  // The passage that many places further in its sequence; nullptr when there is none, or it was not read.
  Unit* beside(const Unit& unit, int distance);
  const Unit* beside(const Unit& unit, int distance) const;
  // Nothing when word vectors know none of the query's words, or are not asked.
  AskedWords* words() { return words_ ? &*words_ : nullptr; }

 private:
  struct ItemPassages {
    std::int64_t item;
    std::int64_t count;
  };
  Gathered(const RankingQuery& asked, const Reach& reach);
  Result<GatheredItem*> item(std::int64_t id);
  Result<> find_people(GatheredItem& row);
  Result<> add(std::int64_t passage, std::int64_t source, bool matched);
  std::size_t add_sequence(std::vector<std::int64_t> passages);
  Result<std::size_t> sequence_of(std::int64_t item, const GatheredItem& row);
  Result<std::vector<ItemPassages>> conversation(std::int64_t item, const GatheredItem& row);
  Result<> follow(std::vector<ItemPassages>& items, std::int64_t item, const GatheredItem& row, std::string_view sql);
  std::optional<std::int64_t> passage_beside(const Unit& unit, int distance) const;

  const RankingQuery& asked_;
  const Reach& reach_;
  Finder finder_;
  Query excluded_;
  std::optional<Finder> excluded_finder_;
  std::optional<AskedWords> words_;
  double whole_ = 0;         // what the whole query is worth
  bool forgetting_ = false;  // something is there that nothing may show
  std::size_t text_ = 0;     // bytes that were looked at
  std::optional<store::Statement> read_item_;
  std::optional<store::Statement> read_text_;
  std::map<std::int64_t, GatheredItem> items_;
  std::map<std::int64_t, Unit> units_;
  std::map<std::int64_t, std::size_t> sequence_of_item_;
  std::vector<Sequence> sequences_;
};

}  // namespace hearth::memory
