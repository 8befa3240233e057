#pragma once
#include <map>
#include <vector>

#include "memory/query.h"
#include "memory/search.h"
#include "store/store.h"

namespace hearth::memory {

struct SearchedSource {
  std::int64_t id = 0;
  std::int64_t passages = 0;
};

// The sources that a filter leaves, without those being forgotten.
Result<std::vector<SearchedSource>> searched_sources(store::Connection& connection, const Filter& filter);

// Marks the terms that name people, and adds words spelt alike for terms that no text holds.
Result<> learn_terms(store::Connection& connection, const std::vector<SearchedSource>& sources, Query& query);

// What each term is worth: the rarer, the more (BM25's inverse document frequency), over all the sources.
Result<std::vector<double>> worth_of_terms(store::Connection& connection, const std::vector<SearchedSource>& sources, const Query& query);

// Passages that match, a few hundred of each source: their source by their id.
Result<std::map<std::int64_t, std::int64_t>> find_candidates(store::Connection& connection, const std::vector<SearchedSource>& sources,
                                                             const Query& query, const Filter& filter);

inline constexpr double kTitleWeight = 2.5;
inline constexpr double kPeopleWeight = 1.5;

}  // namespace hearth::memory
