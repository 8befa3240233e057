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

// When something happened, by a calendar's event if there is one, else by whatever tells of it.
Result<std::optional<Time>> time_of_event(Connection& connection, std::string_view event, const Filter& filter, const WordVectors* vectors) {
  auto of_events = filter;
  of_events.kinds = {extract::ItemKind::Event};
  for (const auto& one : {of_events, filter}) {
    auto asked = read_query(event, Typing::Finished);
    const auto found = TRY(search_passages(connection, asked, one, 1, vectors));
    if (!found.hits.empty() && found.hits[0].time && found.hits[0].covered >= 0.5) return found.hits[0].time;
  }
  return std::nullopt;
}

// "the week before the trip": when the trip was is in the memory.
Result<> resolve_events(Connection& connection, Query& query, const Filter& filter, const WordVectors* vectors) {
  constexpr double kSure = 0.6;
  const auto events = std::move(query.events);
  query.events.clear();
  for (const auto& event : events) {
    const auto happened = TRY(time_of_event(connection, event.event, filter, vectors));
    if (!happened) continue;
    const std::chrono::minutes zone(query.zone);
    const Time day(std::chrono::floor<std::chrono::days>(*happened + zone) - zone);
    query.spans.push_back({day + std::chrono::days(event.from_days), day + std::chrono::days(event.to_days), kSure, event.words});
    for (auto& term : query.terms) {  // when it happened is known now; what is looked for is beside it
      if (event.words.find(term.text) == std::string::npos) continue;
      term.weight = 0;
      term.time = true;
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
  result.hits = TRY(rank({connection, query, result.worth, filter, vectors}, candidates.passages, all, alike, most));
  return result;
}

}  // namespace hearth::memory
