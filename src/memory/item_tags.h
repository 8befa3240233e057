#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

// An item has the tags of all the places where it was found: each keeps what is said of it there. All of this runs inside a
// transaction of the database's writer.
namespace hearth::memory {

// As a row of `origins` keeps them.
std::string stored_tags(const std::vector<std::string>& tags);
Result<std::vector<std::string>> read_tags(std::string_view stored);

// What one origin says of an item has changed: `gone` goes unless another origin says it as well.
Result<> change_tags(store::Connection& connection, std::int64_t item, const std::vector<std::string>& gone, const std::vector<std::string>& added);

// Takes from items that other sources have as well what only this source called them, from at most so many. How many there were.
Result<std::int64_t> untag_shared(store::Connection& connection, std::int64_t source, int most);

}  // namespace hearth::memory
