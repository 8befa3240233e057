#pragma once
#include <vector>

#include "memory/promises.h"
#include "memory/text/due.h"

namespace hearth::memory {

// A sentence that binds somebody.
struct Commitment {
  Span span;
  PromiseKind kind = PromiseKind::Promise;
  std::optional<Due> due;  // its words are bytes of the text
};

// The promises, requests, meetings and deadlines of a text, English or Chinese, found by their form; `said` is the day on which
// it was written. Precise rather than many: what is denied, past, asked, or hangs on an "if" is left out, and so are requests,
// meetings and deadlines that name no day ahead.
std::vector<Commitment> find_commitments(std::string_view text, std::chrono::sys_days said);

}  // namespace hearth::memory
