#pragma once
#include <cstdint>
#include <vector>

#include "memory/candidates.h"
#include "memory/search.h"
#include "memory/text/word_vectors.h"
#include "memory/vectors.h"

namespace hearth::memory {

// A memory of so few passages can afford to be looked at closely.
inline constexpr std::int64_t kSmallMemory = 20'000;

// What is ranked for. All of it outlives the call.
struct RankingQuery {
  store::Connection& connection;
  const Query& query;
  const std::vector<double>& worth;  // of each term
  const Filter& filter;
  const WordVectors* words = nullptr;  // none: nothing is known of what words mean alike
};

// The best `most` of the candidates and of what stands beside them, best first. `all`: how many passages are searched; of many,
// the first 25 come from a quicker look. Whatever `most` is, the first results are the same.
Result<std::vector<Hit>> rank(const RankingQuery& asked, const std::vector<Candidate>& candidates, std::int64_t all, const Alike& alike,
                              std::size_t most);

// Whether a filter looks at more than the source.
bool is_narrow(const Filter& filter);

}  // namespace hearth::memory
