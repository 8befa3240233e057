#pragma once
#include "memory/query.h"
#include "store/store.h"

// What words a source's index holds.
namespace hearth::memory {

// Adds the words that begin as an unfinished term does: "reporter" for "repo".
Result<> add_endings(store::Connection& connection, std::int64_t source, QueryTerm& term);

// Adds words that begin alike and look alike: "education" for "educaton"; two words for one: "de stress" for "destress".
Result<> add_spellings(store::Connection& connection, std::int64_t source, QueryTerm& term);

}  // namespace hearth::memory
