#pragma once
#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace hearth::memory {

// The words that an FTS5 table holds and that begin with `prefix`, with about how many bytes their entries take: which words
// are frequent. Read off the pages of terms themselves, past the entries between them; `pages` of them at most. FTS5's own
// ways to its vocabulary either read every entry, or seek each word anew. Words of removed rows may still be among them.
//
// The table has no prefix index. Pages that are not as they should be are passed over.
Result<> add_index_words(store::Connection& connection, const std::string& table, const std::string& prefix, int pages,
                         std::map<std::string, std::int64_t>& words);

}  // namespace hearth::memory
