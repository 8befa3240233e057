#pragma once
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "memory/text/commitments.h"

// What the readers of commitments.h share. The words of `due` are bytes of the sentence; `span` is left empty.
namespace hearth::memory {

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != text.npos; });
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<Commitment> english_commitment(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock);
std::optional<Commitment> chinese_commitment(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock);

}  // namespace hearth::memory
