#pragma once
#include "store/store.h"

namespace hearth::memory {

// Makes the tokenizer "hearth" (tokenizer.h) known to FTS5 on this connection, and hearth_terms(text) to its SQL: the terms of
// a text as a JSON array. A query's string that begins with kVerbatim is one term as the index has it.
inline constexpr char kVerbatim = '\x01';
Result<> register_tokenizer(store::Connection& connection);

}  // namespace hearth::memory
