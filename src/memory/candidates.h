#pragma once
#include <vector>

#include "memory/query.h"
#include "memory/search.h"
#include "store/store.h"

namespace hearth::memory {

struct SearchedSource {
  std::int64_t id = 0;
  std::int64_t passages = 0;
  std::int64_t oldest = 0;  // items
  std::int64_t newest = 0;
};

// The sources that a filter leaves, without those being forgotten.
Result<std::vector<SearchedSource>> searched_sources(store::Connection& connection, const Filter& filter);

struct Candidate {
  std::int64_t passage = 0;
  std::int64_t source = 0;
  double held = 0;  // what the terms are worth that the index says it holds
  bool titled = false;  // its item's title holds all of them
};

struct Candidates {
  std::vector<double> worth;        // of each term: the rarer, the more (BM25's inverse document frequency), over all the sources
  std::vector<Candidate> passages;  // those that hold most first, then those with such a title, then the newest
};

// Passages that may answer a query. Nothing is read but the newest 600 entries of a term; of a frequent term also those
// that stand together with a rare one. So the cost does not grow with how often a word was written. Completes the query's
// terms: which are names of people, how an unfinished word may go on, what a word that nothing holds may be spelt like.
Result<Candidates> find_candidates(store::Connection& connection, const std::vector<SearchedSource>& sources, Query& query,
                                   const Filter& filter);

inline constexpr double kTitleWeight = 2.5;
inline constexpr double kPeopleWeight = 1.5;

}  // namespace hearth::memory
