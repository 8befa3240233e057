#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "memory/text/passages.h"

namespace hearth::memory {

// A day ahead that a sentence names, with the time of day where it is said.
struct Due {
  std::chrono::sys_days day;
  std::optional<std::chrono::minutes> time;  // since midnight
  Span words;                                // of the sentence
  bool by = false;                           // "by Friday", "周五之前": until then, not then
};

// The first day or time in a sentence, English or Chinese, that lies not before `said`, the day on which it was written:
// "by Friday", "on 5 May at 3pm", "tomorrow", "in two weeks", "2026-05-05", "明天下午三点", "下周五之前", "5月5日". A week ends
// on its Friday, a month on its last day. Days like 5/6 say too little.
std::optional<Due> find_due(std::string_view sentence, std::chrono::sys_days said);

}  // namespace hearth::memory
