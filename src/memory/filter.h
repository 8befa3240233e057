#pragma once
#include <string>
#include <vector>

#include "memory/search.h"
#include "store/store.h"

namespace hearth::memory {

// What a filter asks of an item `i`, its sources aside, as SQL that begins with AND; nothing when it asks nothing. Its values are
// ?2 and the following.
std::string condition_of(const Filter& filter);
void bind_condition(store::Statement& statement, const Filter& filter);

// How each of these tags is spelt in the memory: case, accents and width make no other tag.
Result<std::vector<std::vector<std::string>>> spellings_of(store::Connection& connection, const std::vector<std::string>& tags);

// The beginnings of the items that a filter lets through, newest first, those without a time last. Nothing speaks for one more
// than for another: they have no score.
Result<std::vector<Hit>> list_items(store::Connection& connection, const Filter& filter, std::size_t most);

}  // namespace hearth::memory
