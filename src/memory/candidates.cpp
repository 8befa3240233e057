#include "memory/candidates.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kCandidates = 300;  // of each source
constexpr double kPersonWorth = 0.1;  // of a name's rarity: who is asked about is weighed apart
constexpr double kPhraseWorth = 0.5;  // a phrase's words count by themselves already

// How many passages hold a term, over all sources.
Result<std::int64_t> document_frequency(Connection& connection, const std::vector<SearchedSource>& sources, const std::string& term) {
  std::int64_t count = 0;
  for (const auto& source : sources) {
    count += TRY(connection.integer(fmt::format("SELECT doc FROM {} WHERE term = ?", vocabulary_name(source.id)), term));
  }
  return count;
}

Result<bool> names_a_person(Connection& connection, const std::vector<SearchedSource>& sources, const QueryTerm& term) {
  for (const auto& source : sources) {
    const auto table = index_name(source.id);
    const auto found = TRY(connection.one(fmt::format("SELECT 1 FROM {0} WHERE {0} MATCH ? LIMIT 1", table),
                                          [](Statement&) { return true; }, "people : " + fts_string(term.text)));
    if (found) return true;
  }
  return false;
}

std::set<std::string> trigrams(const std::string& word) {
  const auto framed = "^" + word + "$";
  std::set<std::string> found;
  for (std::size_t i = 0; i + 3 <= framed.size(); ++i) found.insert(framed.substr(i, 3));
  return found;
}

double likeness(const std::string& a, const std::string& b) {
  const auto left = trigrams(a);
  const auto right = trigrams(b);
  std::size_t shared = 0;
  for (const auto& one : left) shared += right.count(one);
  return 2.0 * static_cast<double>(shared) / static_cast<double>(left.size() + right.size());
}

// Words of the index that begin alike and look alike: "education" for "educaton".
Result<> add_spellings(Connection& connection, const std::vector<SearchedSource>& sources, QueryTerm& term) {
  constexpr std::size_t kPrefix = 3;
  constexpr double kAlike = 0.5;
  constexpr double kSpellingWeight = 0.5;
  constexpr std::size_t kMost = 5;
  const bool word = term.term.size() > kPrefix && std::all_of(term.term.begin(), term.term.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!word) return {};
  auto last = term.term.substr(0, kPrefix);
  last.back() = static_cast<char>(last.back() + 1);
  for (const auto& source : sources) {
    const auto near = TRY(connection.all(
        fmt::format("SELECT term FROM {} WHERE term >= ? AND term < ? LIMIT 2000", vocabulary_name(source.id)),
        [](Statement& s) { return s.text(0); }, term.term.substr(0, kPrefix), last));
    for (const auto& candidate : near) {
      const auto size = static_cast<std::ptrdiff_t>(candidate.size()) - static_cast<std::ptrdiff_t>(term.term.size());
      if (std::abs(size) > 3 || candidate.size() <= kPrefix || term.forms.size() >= kMost) continue;
      const auto alike = likeness(candidate, term.term);
      if (alike >= kAlike) term.forms.push_back({candidate, candidate, kSpellingWeight * alike});
    }
  }
  return {};
}

// What a filter asks of an item `i`, as SQL; nothing when it asks nothing. Its values are bound as ?2 and so on.
std::string condition_of(const Filter& filter) {
  std::string sql;
  if (filter.after || filter.before) sql += " AND i.time BETWEEN ?2 AND ?3";
  if (!filter.person.empty()) {
    sql += " AND EXISTS (SELECT 1 FROM item_people n JOIN people ON people.id = n.person WHERE n.item = i.id"
           " AND (people.address = ?4 OR instr(lower(people.name), ?4) > 0))";
  }
  if (filter.person_id != 0) {
    sql += " AND EXISTS (SELECT 1 FROM item_people n JOIN people ON people.id = n.person WHERE n.item = i.id AND people.root = ?5)";
  }
  for (std::size_t i = 0; i < filter.kinds.size(); ++i) {
    sql += fmt::format("{}'{}'", i == 0 ? " AND i.kind IN (" : ", ", enum_name(filter.kinds[i]));
  }
  if (!filter.kinds.empty()) sql += ")";
  if (filter.attachment) sql += *filter.attachment ? " AND i.attached > 0" : " AND i.attached = 0";
  for (std::size_t i = 0; i < filter.tags.size(); ++i) {
    sql += fmt::format(" AND EXISTS (SELECT 1 FROM item_tags t WHERE t.item = i.id AND t.tag = ?{})", i + 6);
  }
  return sql;
}

Result<> collect(Connection& connection, const SearchedSource& source, const std::string& expression, const Filter& filter,
                 std::map<std::int64_t, std::int64_t>& candidates) {
  const auto table = index_name(source.id);
  auto sql = fmt::format("SELECT rowid FROM {0} WHERE {0} MATCH ?1", table);
  const auto condition = condition_of(filter);
  if (!condition.empty()) sql += fmt::format(" AND EXISTS (SELECT 1 FROM items i WHERE i.id = {}.rowid >> {}{})", table, kPassageBits, condition);
  sql += fmt::format(" ORDER BY bm25({}, {}, {}, 1.0) LIMIT {}", table, kTitleWeight, kPeopleWeight, kCandidates);
  auto statement = TRY(connection.prepare(sql));
  statement.bind_value(1, expression);
  if (filter.after || filter.before) {
    statement.bind_value(2, filter.after ? filter.after->time_since_epoch().count() : std::numeric_limits<std::int64_t>::min());
    statement.bind_value(3, filter.before ? filter.before->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max());
  }
  if (!filter.person.empty()) statement.bind_value(4, folded(filter.person));
  if (filter.person_id != 0) statement.bind_value(5, filter.person_id);
  for (std::size_t i = 0; i < filter.tags.size(); ++i) statement.bind_value(static_cast<int>(i) + 6, filter.tags[i]);
  while (TRY(statement.step())) candidates.emplace(statement.integer(0), source.id);
  return {};
}

}  // namespace

Result<std::vector<SearchedSource>> searched_sources(Connection& connection, const Filter& filter) {
  auto sources = TRY(connection.all("SELECT id, passages FROM sources WHERE forgetting = 0 ORDER BY id",
                                    [](Statement& s) { return SearchedSource{s.integer(0), s.integer(1)}; }));
  if (!filter.sources.empty()) {
    std::erase_if(sources, [&](const SearchedSource& source) {
      return std::find(filter.sources.begin(), filter.sources.end(), source.id) == filter.sources.end();
    });
  }
  return sources;
}

Result<> learn_terms(Connection& connection, const std::vector<SearchedSource>& sources, Query& query) {
  for (auto& term : query.terms) {
    if (term.phrase) continue;
    term.person = term.term.size() > 1 && TRY(names_a_person(connection, sources, term));
    if (!term.person && !term.prefix && TRY(document_frequency(connection, sources, term.term)) == 0) {
      TRY(add_spellings(connection, sources, term));
    }
  }
  return {};
}

Result<std::vector<double>> worth_of_terms(Connection& connection, const std::vector<SearchedSource>& sources, const Query& query) {
  double all = 1;
  for (const auto& source : sources) all += static_cast<double>(source.passages);
  const bool only_people = std::all_of(query.terms.begin(), query.terms.end(), [](const QueryTerm& term) { return term.person; });
  std::vector<double> worth;
  for (const auto& term : query.terms) {
    auto found = static_cast<double>(TRY(document_frequency(connection, sources, term.term)));
    for (const auto& form : term.forms) found += form.weight * static_cast<double>(TRY(document_frequency(connection, sources, form.term)));
    found = std::min(found, all - 1);
    auto one = term.weight * std::log(1 + (all - found + 0.5) / (found + 0.5));
    if (term.phrase) one *= kPhraseWorth;
    if (term.person && !only_people) one *= kPersonWorth;
    worth.push_back(one);
  }
  return worth;
}

Result<std::map<std::int64_t, std::int64_t>> find_candidates(Connection& connection, const std::vector<SearchedSource>& sources,
                                                             const Query& query, const Filter& filter) {
  std::map<std::int64_t, std::int64_t> candidates;
  const auto expression = match_expression(query);
  for (const auto& source : sources) TRY(collect(connection, source, expression, filter, candidates));
  const bool has_people = std::any_of(query.terms.begin(), query.terms.end(), [](const QueryTerm& term) { return term.person; });
  if (!candidates.empty() || !has_people) return candidates;
  auto everything = query;  // no other word is found: then whoever is named
  for (auto& term : everything.terms) term.person = false;
  const auto any = match_expression(everything);
  for (const auto& source : sources) TRY(collect(connection, source, any, filter, candidates));
  return candidates;
}

}  // namespace hearth::memory
