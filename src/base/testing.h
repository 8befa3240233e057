#pragma once
#include <optional>
#include <string>

#include "base/result.h"

// For tests: asking a result why it failed when it did not would read any bytes.
namespace hearth {

// Why something failed; none when it did not.
template <typename T>
std::optional<Code> refusal(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code();
}

// In words; says so when it did not fail.
template <typename T>
std::string refusal_text(const Result<T>& result) {
  return result ? "(it succeeded)" : result.error().message();
}

}  // namespace hearth
