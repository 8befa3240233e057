#pragma once
#include <string_view>

#include "base/result.h"
#include "memory/extract/wire.h"

namespace hearth::memory::extract {

// Answers requests (wire.h) until the other side closes the socket. An item that cannot be read is reported; what crashes
// or takes too long ends the process, which the other side notices. Call prepare_mail and enter_sandbox before.
Result<> serve(int requests, int replies);

// A message or document larger than this is reported instead of read.
inline constexpr std::size_t kLargestItem = 128 << 20;

}  // namespace hearth::memory::extract
