#pragma once
#include <span>

#include "memory/candidates.h"
#include "memory/query.h"
#include "store/store.h"

// What words the indexes of sources hold.
namespace hearth::memory {

// Adds the most frequent words that begin as an unfinished term does: "reporter" for "repo".
Result<> add_endings(store::Connection& connection, std::span<const SearchedSource> sources, QueryTerm& term);

// Adds words that begin alike and look alike: "education" for "educaton"; two words for one: "de stress" for "destress".
Result<> add_spellings(store::Connection& connection, std::span<const SearchedSource> sources, QueryTerm& term);

}  // namespace hearth::memory
