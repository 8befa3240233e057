#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "memory/text/due.h"

// What the readers of due.h share: days that are told in words, counted from the day on which something was said.
namespace hearth::memory {

inline bool is_figure(char c) { return c >= '0' && c <= '9'; }
// A whole text of figures.
std::optional<int> number_in(std::string_view text);

std::chrono::sys_days monday_of(std::chrono::sys_days day);
// The first such day behind `after`; 0 is Sunday.
std::chrono::sys_days next_weekday(std::chrono::sys_days after, unsigned wanted);
// Itself when it is a Friday.
std::chrono::sys_days friday_from(std::chrono::sys_days day);
std::chrono::sys_days end_of_month(std::chrono::year_month month);
// A day of a year; without a year the next one, which a few weeks back still counts as this year's and thus as past. None when
// there is no such day.
std::optional<std::chrono::sys_days> date_of(std::optional<int> year, unsigned month, unsigned day, std::chrono::sys_days said);

std::optional<Due> find_english_due(std::string_view sentence, std::chrono::sys_days said);
std::optional<Due> find_chinese_due(std::string_view sentence, std::chrono::sys_days said);

}  // namespace hearth::memory
