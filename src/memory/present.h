#pragma once
#include <string>
#include <vector>

#include "memory/memory.h"
#include "memory/search.h"

// How what was found is shown.
namespace hearth::memory {

// The part of a text around its most telling words, about `length` bytes, in whole words where there are any.
std::vector<Piece> snippet(const Hit& hit, const std::vector<double>& worth, std::size_t length);

// The names of an item's authors, from its details.
std::vector<std::string> authors_of(const std::string& details);

}  // namespace hearth::memory
