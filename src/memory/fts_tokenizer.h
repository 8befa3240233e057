#pragma once
#include "store/store.h"

namespace hearth::memory {

// Makes the tokenizer "hearth" (tokenizer.h) known to FTS5 on this connection.
Result<> register_tokenizer(store::Connection& connection);

}  // namespace hearth::memory
