#pragma once
#include "store/store.h"

namespace hearth::memory {

// The schema of a person's memory.db.
store::Schema memory_schema();

// Each source has a search index of its own, so that forgetting it drops a table, and a filter by source costs nothing.
// Rows are passages. The index keeps no text: what it was given is made again from the tables when an item is removed.
std::string index_name(std::int64_t source);   // "search_7": what passages hold, with their items' titles and people
std::string titles_name(std::int64_t source);  // "titles_7": the titles alone, so that no long list is read for them
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

// The row of a passage in an index. An index stores rows as distances, so they lie closer than the passages' ids: an item has
// few passages, and those beyond lie apart, below all others.
inline constexpr int kRowBits = 6;
inline constexpr std::int64_t kFarRows = std::int64_t{1} << 62;
constexpr std::int64_t row_of_passage(std::int64_t passage) {
  const auto number = passage & ((1 << kPassageBits) - 1);
  return number < (1 << kRowBits) ? item_of_passage(passage) << kRowBits | number : passage - kFarRows;
}
constexpr std::int64_t passage_of_row(std::int64_t row) {
  return row < 0 ? row + kFarRows : row >> kRowBits << kPassageBits | (row & ((1 << kRowBits) - 1));
}

}  // namespace hearth::memory
