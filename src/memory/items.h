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

// Stores what a batch read, with how far the reading came: after a crash neither is there or both are. Cancelled when the
// source is being forgotten.
Result<Stored> store_batch(store::Connection& connection, const Originals& originals, std::int64_t source, const Batch& batch,
                           Time now);

// Adds passages at the end of an item's text: what is found out about it later.
Result<> add_passages(store::Connection& connection, std::int64_t item, const std::vector<std::string>& texts);

// Removes what was found at a place of a source; the item too when it was found nowhere else.
Result<> remove_origin(store::Connection& connection, const Originals& originals, std::int64_t source, const std::string& place);

// Removes items that are doomed, at most this many, wherever they were found. How many there were.
Result<std::int64_t> remove_doomed(store::Connection& connection, const Originals& originals, int most);

// The three steps of removing a source, each at most so many items at once; 0: the step is done. Items that another source
// has as well move to that one's index; the others are removed, but for what drop_source() removes all at once. That one
// does nothing and gives false while there are items left: another source may have come upon some meanwhile.
Result<std::int64_t> move_shared(store::Connection& connection, std::int64_t source, int most);
Result<std::int64_t> remove_items_of(store::Connection& connection, std::int64_t source, int most);
Result<bool> drop_source(store::Connection& connection, std::int64_t source);

// Removes people whom no item names any more, what contact cards said that are gone, and threads that have no mails.
Result<> remove_strays(store::Connection& connection);
// Works out anew what is kept of people whom removed items named, at most so many: their names and what cards say of them.
// How many there were.
Result<std::int64_t> settle_people(store::Connection& connection, int most, Time now);

// The number of a thread or a mail's id; none of "".
std::optional<std::int64_t> thread_number(const std::string& id);
// Makes one thread of those that these numbers stand for. Its number: the one that the first stood for.
Result<std::int64_t> join_threads(store::Connection& connection, const std::vector<std::int64_t>& numbers);

// Rewrites a part of an index, on the way to one piece: it is searched faster, and terms of removed items are gone from it.
// False: nothing is left to do.
Result<bool> merge_index(store::Connection& connection, std::int64_t source);

}  // namespace hearth::memory
