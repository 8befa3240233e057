#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "memory/models.h"
#include "store/store.h"

// Vectors of passages: eight bits a number, in the database beside the passages, so that a passage that is forgotten takes its
// vector along. Which embedder made them is kept with each; those of another one are not looked at.
namespace hearth::memory {

// A vector of unit length in eight bits a number.
using Quantised = std::string;
Quantised quantised(const std::vector<float>& vector);
// The cosine, -1 to 1.
double likeness(std::string_view a, std::string_view b);

std::int64_t embedder_number(const std::string& name);

struct PassageText {
  std::int64_t passage = 0;
  std::string text;
};
// Passages after `after` that have no vector of this embedder, in order.
Result<std::vector<PassageText>> passages_without_vector(store::Connection& connection, std::int64_t embedder, std::int64_t after, int most);
Result<std::int64_t> count_without_vector(store::Connection& connection, std::int64_t embedder);
// Of passages that are still there.
Result<> store_vectors(store::Connection& connection, std::int64_t embedder, const std::vector<PassageText>& passages,
                       const std::vector<std::vector<float>>& vectors);

// A query's vector.
struct AskedMeaning {
  std::int64_t embedder = 0;
  Quantised vector;
};

struct Likeness {
  std::int64_t passage = 0;
  std::int64_t source = 0;
  double likeness = 0;
};

// The passages of these sources whose vectors are most like it, best first; and what is usual among all. Exact: every vector
// is compared, newest first, up to a number that takes a few milliseconds.
struct Alike {
  std::vector<Likeness> best;
  double usual = 0;
};
Result<Alike> passages_alike(store::Connection& connection, const AskedMeaning& asked, const std::vector<std::int64_t>& sources, std::size_t most);

}  // namespace hearth::memory
