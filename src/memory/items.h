#pragma once
#include <string>
#include <vector>

#include "memory/originals.h"
#include "memory/reader.h"
#include "store/store.h"

// How items are written and removed. All of it runs inside one transaction of the database's writer.
namespace hearth::memory {

// What an item keeps beside its columns.
struct Details {
  std::vector<extract::Person> people;
  std::vector<extract::Attachment> attachments;
  std::vector<extract::Place> places;
  std::vector<std::string> tags;
};
HEARTH_DESCRIBE(Details, (people, ""), (attachments, ""), (places, ""), (tags, ""))

Result<Details> parse_details(std::string_view json);

struct Stored {
  std::int64_t added = 0;
  std::int64_t known = 0;  // were there already
};

// Stores what a batch read, with how far the reading came: after a crash neither is there or both are.
Result<Stored> store_batch(store::Connection& connection, const Originals& originals, std::int64_t source, const Batch& batch,
                           Time now);

// Removes what was found at a place of a source; the item too when it was found nowhere else.
enum class Index { Update, Drops };  // Drops: the source's whole index and pack are about to be dropped
Result<> remove_origin(store::Connection& connection, const Originals& originals, std::int64_t source, const std::string& place,
                       Index index);

// Removes an item wherever it was found, and remembers its key, so that it does not come back.
Result<> forget_item(store::Connection& connection, const Originals& originals, std::int64_t item);

// Rewrites a part of an index, so that terms of removed items go. False: nothing is left to do.
Result<bool> scrub_index(store::Connection& connection, std::int64_t source);

}  // namespace hearth::memory
