#include "memory/search.h"

#include <algorithm>
#include <chrono>

#include "memory/candidates.h"
#include "memory/ranking.h"
#include "memory/schema.h"
#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

// "the week before the trip": when the trip was is in the memory.
Result<> resolve_events(Connection& connection, Query& query, const Filter& filter, const WordVectors* vectors) {
  constexpr double kSure = 0.6;
  const auto events = std::move(query.events);
  query.events.clear();
  for (const auto& event : events) {
    auto asked = read_query(event.event, Typing::Finished);
    const auto found = TRY(search_passages(connection, asked, filter, 1, vectors));
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

// Words that mean something alike, to look there too.
void add_near_words(Query& query, const WordVectors& vectors) {
  constexpr std::size_t kMost = 8;
  constexpr double kLeast = 0.5;
  Tokenizer tokenizer;
  for (auto& term : query.terms) {
    if (term.phrase || term.prefix || term.character || term.time || term.weight == 0) continue;
    const auto word = vectors.find(folded(term.text));
    if (!word || vectors.says(*word) == 0) continue;
    for (const auto near : vectors.nearest(*word, kMost, kLeast)) {
      tokenizer.tokenize(vectors.text_of(near), Tokenizer::Purpose::Query, [&](const Token& token) {
        if (token.term != term.term) term.near.emplace_back(token.term);
        return false;
      });
    }
  }
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

Result<Hits> search_passages(Connection& connection, Query& query, const Filter& filter, std::size_t most, const WordVectors* vectors) {
  Hits result;
  if (query.empty()) return result;
  const auto sources = TRY(searched_sources(connection, filter));
  TRY(resolve_events(connection, query, filter, vectors));
  std::int64_t all = 0;
  for (const auto& source : sources) all += source.passages;
  if (vectors && query.question && all <= kSmallMemory) add_near_words(query, *vectors);
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
  result.hits = TRY(rank({connection, query, result.worth, filter, vectors}, candidates.passages, all, alike, most));
  return result;
}

}  // namespace hearth::memory
