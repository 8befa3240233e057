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
  bool names_day = true;                     // else the day is that on which it was said
  bool either_half = false;                  // the hour is one of the morning as well as of the evening: "at 7", "七点"
};

// The first day or time in a sentence, English or Chinese, that lies not before `said`, the day on which it was written:
// "by Friday", "on 5 May at 3pm", "tomorrow", "in two weeks", "2026-05-05", "明天下午三点", "下周五之前", "5月5日". A week ends
// on its Friday, a month on its last day. "下午" alone is today, without a time. Days like 5/6 say too little. `clock`, the time of day at which it was written, tells which
// hour comes next: at noon, "at 7" is in the evening. "Tomorrow at 4" is in the afternoon.
std::optional<Due> find_due(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock = std::nullopt);

}  // namespace hearth::memory
