#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "memory/text/commitments.h"

// Whatever is said: sentences and the words that say when lie within the text, and days lie ahead.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth::memory;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::chrono::sys_days said = std::chrono::year(2026) / 11 / (1 + static_cast<int>(size % 28));
  for (const auto& one : find_commitments(text, said, std::chrono::minutes(size % 1440))) {
    if (one.span.start >= one.span.end || one.span.end > size) std::abort();
    if (!one.due) continue;
    if (one.due->words.start >= one.due->words.end || one.due->words.end > one.span.end || one.due->words.start < one.span.start) std::abort();
    if (one.due->day < said) std::abort();
  }
  return 0;
}
