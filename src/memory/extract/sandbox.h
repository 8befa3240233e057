#pragma once
#include "base/result.h"

namespace hearth::memory::extract {

// Gives up everything this process does not need to read bytes and answer: no network, no files beyond the open ones, no
// new processes, little memory. For good; what breaks the rules ends the process. Call it while there is one thread, after
// everything that is loaded from files.
Result<> enter_sandbox();

// The processor time one item may take. Called again for each item, within the sandbox; running out ends the process.
void allow_processor_seconds(int seconds);

// Under a sanitizer, which reserves terabytes and makes calls of its own, memory and system calls are not limited.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

inline constexpr std::size_t kAddressSpace = std::size_t{1} << 30;

}  // namespace hearth::memory::extract
