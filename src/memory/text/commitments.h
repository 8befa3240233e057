#pragma once
#include <vector>

#include "base/describe.h"
#include "memory/text/due.h"

namespace hearth::memory {

// Promise: somebody says that they will do something. Request: the reader is asked to, by a time. Meeting: a meeting at a
// time. Deadline: a day by which something must be done.
enum class PromiseKind { Promise, Request, Meeting, Deadline };
HEARTH_DESCRIBE_ENUM(PromiseKind, Promise, Request, Meeting, Deadline)

// A sentence that binds somebody.
struct Commitment {
  Span span;
  PromiseKind kind = PromiseKind::Promise;
  std::optional<Due> due;  // its words are bytes of the text
};

// The promises, requests, meetings and deadlines of a text, English or Chinese, found by their form; `said` is the day on which
// it was written, `clock` the time of that day, where it is known. Precise rather than many: what is denied, past, asked, or hangs on an "if" is left out, and so are requests,
// meetings and deadlines that name no day ahead.
std::vector<Commitment> find_commitments(std::string_view text, std::chrono::sys_days said,
                                         std::optional<std::chrono::minutes> clock = std::nullopt);

}  // namespace hearth::memory
