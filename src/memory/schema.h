#pragma once
#include "store/store.h"

namespace hearth::memory {

// The schema of a person's memory.db.
store::Schema memory_schema();

// Each source has a search index of its own, so that forgetting it drops a table, and a filter by source costs nothing.
// Rows are passages. The index keeps no text: what it was given is made again from the tables when an item is removed.
std::string index_name(std::int64_t source);       // "search_7"
std::string vocabulary_name(std::int64_t source);  // "words_7": its terms
Result<> create_index(store::Connection& connection, std::int64_t source);
Result<> drop_index(store::Connection& connection, std::int64_t source);

// The condition that an item `i` is there for whoever asks: neither it nor its source is being forgotten.
inline constexpr std::string_view kPresent =
    "EXISTS (SELECT 1 FROM sources WHERE sources.id = i.source AND sources.forgetting = 0)"
    " AND NOT EXISTS (SELECT 1 FROM doomed WHERE doomed.item = i.id)";

// A passage's id holds its item's: no index is needed between them, and an item's passages lie together.
inline constexpr int kPassageBits = 16;
constexpr std::int64_t first_passage(std::int64_t item) { return item << kPassageBits; }
constexpr std::int64_t last_passage(std::int64_t item) { return (item << kPassageBits) | ((1 << kPassageBits) - 1); }
constexpr std::int64_t item_of_passage(std::int64_t passage) { return passage >> kPassageBits; }

}  // namespace hearth::memory
