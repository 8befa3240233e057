#include "memory/candidates.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>

#include "memory/filter.h"
#include "memory/schema.h"
#include "memory/text/unicode.h"
#include "memory/vocabulary.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kReadRows = 600;         // of a term's entries, the newest
constexpr int kReadFiltered = 20'000;  // when most may not pass a filter
constexpr int kEnough = 200;           // passages that hold several frequent terms together
constexpr int kTitles = 50;
constexpr std::size_t kMostCandidates = 600;
constexpr double kPersonWorth = 0.1;   // of a name's rarity: who is asked about is weighed apart
constexpr double kKindWorth = 0.1;     // of the words "photos" and "sent", when what somebody sent is asked for
constexpr int kFromThen = 20'000;      // items of a time, the newest
constexpr std::size_t kMostFromThen = 100;
constexpr double kPhraseWorth = 0.5;   // a phrase's words count by themselves already
constexpr std::int64_t kCountedItems = 2000;
constexpr std::size_t kAskedItems = 50;
constexpr int kReadCharacter = 200;    // of a lone character's entries
constexpr double kFewest = 300;        // passages: in fewer, how rare a word is cannot be told from how few there are
constexpr int kReadNear = 100;         // of the words near a term

// The entries of one term in one source.
struct Entries {
  std::vector<std::int64_t> passages;  // newest first
  bool all = true;                     // there are no others
  double count = 0;                    // how many there are; estimated when not all were read
};

// Which passages a filter lets through.
class Gate {
 public:
  Gate(Connection& connection, const Filter& filter)
      : connection_(connection), filter_(filter), sql_("SELECT 1 FROM items i WHERE i.id = ?1" + condition_of(filter)) {
    narrow_ = !condition_of(filter).empty();
  }

  bool narrow() const { return narrow_; }

  Result<bool> passes(std::int64_t passage) {
    if (!statement_) TRY(prepare());
    statement_->reset();
    statement_->bind_value(1, item_of_passage(passage));
    return statement_->step();
  }

 private:
  Result<> prepare() {
    auto& statement = statement_.emplace(TRY(connection_.prepare(sql_)));
    bind_condition(statement, filter_);
    return {};
  }

  Connection& connection_;
  const Filter& filter_;
  std::optional<Statement> statement_;
  std::string sql_;
  bool narrow_ = false;
};

std::string expression_of(const QueryTerm& term) {
  std::string any = fts_term(term.term);
  for (const auto& form : term.forms) any += " OR " + fts_term(form.term);
  return any;
}

class Gathering {
 public:
  Gathering(Connection& connection, const std::vector<SearchedSource>& sources, Query& query, Gate& gate)
      : connection_(connection), sources_(sources), query_(query), gate_(gate) {}

  Result<Candidates> gather() {
    entries_.assign(sources_.size(), std::vector<Entries>(query_.terms.size()));
    for (const auto& word : words_excluded(query_)) excluded_ += (excluded_.empty() ? "" : " OR ") + word;
    for (const auto& phrase : query_.required) required_ += (required_.empty() ? "" : " AND ") + phrase;
    for (std::size_t t = 0; t < query_.terms.size(); ++t) TRY(read_term(t));
    take_pairs_beside_names();
    only_around_ = query_.only_around();
    Candidates result;
    weigh(result);
    find_unheld_words();
    TRY(collect(result, only_around_));
    if (result.passages.empty() && !only_around_) TRY(collect(result, true));  // no other word is found: then whoever is named
    if (only_around_) TRY(add_from_then(result));
    return result;
  }

 private:
  // Terms that a passage holds, a bit each; the same passage may come again with others.
  struct Held {
    std::int64_t passage;
    std::uint64_t terms;
  };

  void add(const std::vector<std::int64_t>& passages, std::uint64_t terms) {
    for (const auto passage : passages) held_.push_back({passage, terms});
  }

  Result<> read_term(std::size_t t) {
    auto& term = query_.terms[t];
    if (term.phrase) return {};  // its words are terms as well
    if (term.character && std::any_of(query_.terms.begin(), query_.terms.end(), [&](const QueryTerm& whole) {
          return !whole.character && (whole.person || whole.time || whole.kind) && whole.text.find(term.text) != std::string::npos;
        })) {
      term.weight = 0;  // of a name
      return {};
    }
    if (term.prefix) TRY(add_endings(connection_, sources_, term));
    double count = TRY(read_entries(t));
    if (count == 0 && !term.prefix) {
      TRY(add_spellings(connection_, sources_, term));
      if (!term.forms.empty()) count = TRY(read_entries(t));
    }
    term.person = !term.character && term.term.size() > 1 && count > 0 && TRY(is_name(t, count));
    return {};
  }

  Result<double> read_entries(std::size_t t) {
    double count = 0;
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      entries_[s][t] = TRY(read(s, expression_of(query_.terms[t]), gate_.narrow() ? kReadFiltered : query_.terms[t].character ? kReadCharacter : kReadRows));
      count += entries_[s][t].count;
    }
    return count;
  }

  // Whether half of the items that hold a term name somebody who is called so. Of many, the newest tell.
  Result<bool> is_name(std::size_t t, double count) {
    const auto& term = query_.terms[t].term;
    if (TRY(connection_.integer("SELECT EXISTS (SELECT 1 FROM people_words WHERE word = ?)", term)) == 0) return false;
    if (count > 2 * static_cast<double>(kCountedItems)) {
      std::int64_t named = 0;
      std::int64_t asked = 0;
      for (const auto& source : entries_) {
        for (const auto passage : std::span(source[t].passages).first(std::min(source[t].passages.size(), kAskedItems))) {
          named += TRY(connection_.integer(
              "SELECT EXISTS (SELECT 1 FROM item_people p CROSS JOIN people_words w ON w.word = ?1 AND w.person = p.person WHERE p.item = ?2)",
              term, item_of_passage(passage)));
          ++asked;
        }
      }
      return 2 * named >= asked;
    }
    const auto wanted = static_cast<std::int64_t>(std::ceil(count / 2));
    constexpr std::string_view kAll = "SELECT count(*) FROM (SELECT 1 FROM people_words w JOIN item_people p ON p.person = w.person WHERE w.word = ? LIMIT ?)";
    constexpr std::string_view kOfOne = "SELECT count(*) FROM (SELECT 1 FROM people_words w JOIN item_people p ON p.person = w.person"
                                        " JOIN items i ON i.id = p.item WHERE w.word = ? AND i.source = ? LIMIT ?)";
    if (sources_.size() != 1) return TRY(connection_.integer(kAll, term, wanted)) >= wanted;
    if (TRY(connection_.integer("SELECT count(*) FROM sources")) == 1) return TRY(connection_.integer(kAll, term, wanted)) >= wanted;
    return TRY(connection_.integer(kOfOne, term, sources_[0].id, wanted)) >= wanted;
  }

  // The newest entries of an expression that pass the gate and hold what is required.
  Result<Entries> read(std::size_t s, const std::string& expression, int most) {
    return read_from(s, index_name(sources_[s].id), expression, most);
  }

  Result<Entries> read_from(std::size_t s, const std::string& table, const std::string& expression, int most) {
    Entries found;
    auto statement = TRY(connection_.prepare(fmt::format("SELECT rowid FROM {0} WHERE {0} MATCH ? ORDER BY rowid DESC", table)));
    auto whole = required_.empty() ? expression : required_ + " AND (" + expression + ")";
    if (!query_.excluded.empty()) whole = "(" + whole + ") NOT (" + excluded_ + ")";
    statement.bind(1, whole);
    int read = 0;
    std::int64_t last = 0;
    while (TRY(statement.step())) {
      if (read == most || found.passages.size() == kReadRows) {
        found.all = false;
        break;
      }
      last = passage_of_row(statement.integer(0));
      ++read;
      if (!gate_.narrow() || TRY(gate_.passes(last))) found.passages.push_back(last);
    }
    found.count = read;
    if (!found.all) {  // as dense in what was not read as in what was
      const auto& source = sources_[s];
      const auto share = static_cast<double>(source.newest - item_of_passage(last) + 1) / static_cast<double>(source.newest - source.oldest + 1);
      found.count = std::clamp(read / std::max(share, 1e-6), static_cast<double>(read), static_cast<double>(sources_[s].passages));
    }
    return found;
  }

  void weigh(Candidates& result) {
    double all = 1;
    for (const auto& source : sources_) all += static_cast<double>(source.passages);
    all = std::max(all, kFewest);
    for (std::size_t t = 0; t < query_.terms.size(); ++t) {
      const auto& term = query_.terms[t];
      const auto counted = term.phrase ? first_of_phrase(term) : t;
      double found = 0;
      for (const auto& source : entries_) found += source[counted].count;
      found = std::min(found, all - 1);
      auto one = term.weight * std::log(1 + (all - found + 0.5) / (found + 0.5));
      if (term.phrase) one *= kPhraseWorth;
      if (term.person && !only_around_) one *= kPersonWorth;
      if ((term.kind || term.filler) && only_around_) one *= kKindWorth;
      result.worth.push_back(one);
    }
  }

  std::size_t first_of_phrase(const QueryTerm& phrase) const {
    const auto found = std::find_if(query_.terms.begin(), query_.terms.end(),
                                    [&](const QueryTerm& term) { return !term.phrase && term.term == phrase.term; });
    return static_cast<std::size_t>((found == query_.terms.end() ? query_.terms.begin() : found) - query_.terms.begin());
  }

  Result<> collect(Candidates& result, bool people) {
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      held_.clear();
      titled_.clear();
      std::vector<std::size_t> rare;
      std::vector<std::size_t> frequent;
      for (std::size_t t = 0; t < query_.terms.size(); ++t) {
        const auto& term = query_.terms[t];
        const auto& entries = entries_[s][t];
        if (term.phrase || (term.person && !people) || entries.count == 0) continue;
        if (!term.character) (entries.all ? rare : frequent).push_back(t);
        add(entries.passages, std::uint64_t{1} << t);
      }
      TRY(add_near(s));
      TRY(join(s, rare, frequent, result.worth));
      TRY(add_titled(s, rare, frequent));
      std::sort(held_.begin(), held_.end(), [](const Held& a, const Held& b) { return a.passage > b.passage; });
      for (std::size_t i = 0; i < held_.size();) {
        const auto passage = held_[i].passage;
        std::uint64_t terms = 0;
        for (; i < held_.size() && held_[i].passage == passage; ++i) terms |= held_[i].terms;
        if (!unheld_.empty() && std::none_of(unheld_.begin(), unheld_.end(), [&](std::uint64_t characters) { return (terms & characters) == characters; })) {
          continue;
        }
        Candidate candidate{passage, sources_[s].id, 0, std::binary_search(titled_.begin(), titled_.end(), passage, std::greater<>())};
        for (std::size_t t = 0; t < query_.terms.size(); ++t) {
          if (terms >> t & 1) candidate.held += result.worth[t];
        }
        result.passages.push_back(candidate);
      }
    }
    const auto better = [](const Candidate& a, const Candidate& b) {
      return a.held != b.held ? a.held > b.held : std::pair(a.titled, a.passage) > std::pair(b.titled, b.passage);
    };
    if (result.passages.size() > kMostCandidates) {
      std::nth_element(result.passages.begin(), result.passages.begin() + kMostCandidates, result.passages.end(), better);
      result.passages.resize(kMostCandidates);
    }
    std::sort(result.passages.begin(), result.passages.end(), better);
    return {};
  }

  // 妈发 of 妈妈发的: half of it is a name's.
  void take_pairs_beside_names() {
    auto& terms = query_.terms;
    for (std::size_t t = 0; t + 1 < terms.size(); ++t) {
      auto& first = terms[t];
      auto& second = terms[t + 1];
      const auto shared = code_point_at(second.term, 0).length;
      if (first.phrase || first.character || second.phrase || second.character || shared == second.term.size()) continue;
      if (!is_unspaced(code_point_at(second.term, 0).value) || !first.term.ends_with(second.term.substr(0, shared))) continue;
      if (first.person && !second.person) second.filler = true;
      if (second.person && !first.person) first.filler = true;
    }
  }

  // Where nothing holds any word of a Chinese query as it stands, what holds all characters of one of them may say it otherwise. Of a
  // question one character may do: 医院 answers where a doctor (医生) is asked for.
  void find_unheld_words() {
    if (query_.question) return;
    for (std::size_t t = 0; t < query_.terms.size(); ++t) {
      const auto& word = query_.terms[t];
      if (word.around() || word.phrase) continue;
      const bool held = std::any_of(entries_.begin(), entries_.end(), [&](const auto& source) { return source[t].count > 0; });
      if (held) {
        unheld_.clear();
        return;
      }
      std::uint64_t characters = 0;
      for (std::size_t c = 0; c < query_.terms.size(); ++c) {
        if (query_.terms[c].character && word.text.find(query_.terms[c].text) != word.text.npos) characters |= std::uint64_t{1} << c;
      }
      if (characters != 0) unheld_.push_back(characters);
    }
  }

  // What there is from a time, newest first, when nothing but who and when is asked for: of those who are named, of the kind that is
  // named, unless there is none of that kind.
  Result<> add_from_then(Candidates& result) {
    std::string names;
    std::string kinds;
    for (const auto& term : query_.terms) {
      if (term.person) names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", term.term);
      if (term.kind) kinds += fmt::format("{}'{}'", kinds.empty() ? "" : ", ", enum_name(*term.kind));
    }
    std::vector<Candidate> found;
    if (!kinds.empty()) TRY(read_from_then(names, " AND kind IN (" + kinds + ")", found));
    if (found.empty()) TRY(read_from_then(names, "", found));
    result.passages.insert(result.passages.begin(), found.begin(), found.end());
    return {};
  }

  Result<> read_from_then(const std::string& names, const std::string& condition, std::vector<Candidate>& found) {
    auto sql = fmt::format(
        "SELECT id FROM (SELECT id, kind, time FROM items WHERE time >= ?1 AND time < ?2 AND source = ?3 ORDER BY time DESC LIMIT {}) i WHERE TRUE{}",
        kFromThen, condition);
    if (!names.empty()) {
      sql += " AND EXISTS (SELECT 1 FROM item_people p JOIN people_words w ON w.person = p.person"
             " WHERE p.item = i.id AND w.word IN (SELECT value FROM json_each(?4)))";
    }
    sql += " ORDER BY time DESC";
    auto items = TRY(connection_.prepare(sql));
    for (const auto& span : query_.spans) {
      for (const auto& source : sources_) {
        items.reset();
        items.bind_value(1, span.from);
        items.bind_value(2, span.to);
        items.bind_value(3, source.id);
        if (!names.empty()) items.bind_value(4, "[" + names + "]");
        for (std::size_t added = 0; added < kMostFromThen && TRY(items.step());) {
          const auto passage = first_passage(items.integer(0));
          if (gate_.narrow() && !TRY(gate_.passes(passage))) continue;
          found.push_back({passage, source.id, 0});
          ++added;
        }
      }
    }
    return {};
  }

  // Entries of frequent terms beyond the newest: where they stand beside rare ones, or beside one another.
  Result<> join(std::size_t s, const std::vector<std::size_t>& rare, std::vector<std::size_t> frequent, const std::vector<double>& worth) {
    if (!rare.empty()) {
      std::string any;
      for (const auto t : rare) any += (any.empty() ? "(" : " OR (") + expression_of(query_.terms[t]) + ")";
      for (const auto t : frequent) {
        add(TRY(read(s, "(" + any + ") AND (" + expression_of(query_.terms[t]) + ")", kReadRows)).passages, std::uint64_t{1} << t);
      }
      return {};
    }
    std::sort(frequent.begin(), frequent.end(), [&](std::size_t a, std::size_t b) { return worth[a] > worth[b]; });
    for (auto many = frequent.size(); many >= 2; --many) {
      std::string all;
      std::uint64_t terms = 0;
      for (std::size_t i = 0; i < many; ++i) {
        all += (i == 0 ? "(" : " AND (") + expression_of(query_.terms[frequent[i]]) + ")";
        terms |= std::uint64_t{1} << frequent[i];
      }
      const auto found = TRY(read(s, all, kEnough));
      add(found.passages, terms);
      if (found.passages.size() >= kEnough / 2) break;
    }
    return {};
  }

  // What says something alike comes last: it holds nothing of what was asked.
  Result<> add_near(std::size_t s) {
    for (const auto& term : query_.terms) {
      if (term.near.empty()) continue;
      std::string any;
      for (const auto& near : term.near) any += (any.empty() ? "" : " OR ") + fts_term(near);
      add(TRY(read(s, any, kReadNear)).passages, 0);
    }
    return {};
  }

  // What has all the words in its title comes along, however old it is.
  Result<> add_titled(std::size_t s, const std::vector<std::size_t>& rare, const std::vector<std::size_t>& frequent) {
    if (frequent.empty()) return {};  // every entry was read
    std::string all;
    std::uint64_t terms = 0;
    for (const auto& list : {rare, frequent}) {
      for (const auto t : list) {
        all += (all.empty() ? "(" : " AND (") + expression_of(query_.terms[t]) + ")";
        terms |= std::uint64_t{1} << t;
      }
    }
    // The index of titles knows no phrases.
    const auto titled = required_.empty() ? TRY(read_from(s, titles_name(sources_[s].id), all, kTitles)) : TRY(read(s, "title : (" + all + ")", kTitles));
    add(titled.passages, terms);
    titled_ = titled.passages;
    return {};
  }

  Connection& connection_;
  const std::vector<SearchedSource>& sources_;
  Query& query_;
  Gate& gate_;
  std::string required_;
  std::string excluded_;
  bool only_around_ = false;
  std::vector<std::uint64_t> unheld_;                      // of each word that nothing holds, its characters, a bit each
  std::vector<std::vector<Entries>> entries_;              // by source and term
  std::vector<Held> held_;                                 // of one source
  std::vector<std::int64_t> titled_;                       // newest first: those whose title has all terms, where not all entries are read
};

}  // namespace

Result<std::vector<SearchedSource>> searched_sources(Connection& connection, const Filter& filter) {
  auto sources = TRY(connection.all("SELECT id, passages, oldest, newest FROM sources WHERE forgetting = 0 AND passages > 0 ORDER BY id",
                                    [](Statement& s) { return SearchedSource{s.integer(0), s.integer(1), s.integer(2), s.integer(3)}; }));
  if (!filter.sources.empty()) {
    std::erase_if(sources, [&](const SearchedSource& source) {
      return std::find(filter.sources.begin(), filter.sources.end(), source.id) == filter.sources.end();
    });
  }
  return sources;
}

Result<Candidates> find_candidates(Connection& connection, const std::vector<SearchedSource>& sources, Query& query, const Filter& filter) {
  Gate gate(connection, filter);
  return Gathering(connection, sources, query, gate).gather();
}

}  // namespace hearth::memory
