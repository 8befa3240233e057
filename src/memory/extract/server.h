#pragma once
#include <string_view>

#include "base/result.h"
#include "memory/extract/wire.h"

namespace hearth::memory::extract {

// Answers requests (wire.h) until the other side closes the socket, or one comes that needs a page reader where there is none. An item that cannot be read is reported; what crashes
// or takes too long ends the process, which the other side notices. Call prepare_mail and enter_sandbox before.
Result<> serve(int requests, int replies);

}  // namespace hearth::memory::extract
