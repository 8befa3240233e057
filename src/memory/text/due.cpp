#include "memory/text/due.h"

#include <algorithm>
#include <charconv>

#include "memory/text/due_days.h"

namespace hearth::memory {

using namespace std::chrono;

std::optional<int> number_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

sys_days monday_of(sys_days day) { return day - (weekday(day) - Monday); }
sys_days next_weekday(sys_days after, unsigned wanted) {
  const auto gap = (weekday(wanted) - weekday(after)).count();
  return after + days(gap == 0 ? 7 : gap);
}
sys_days friday_from(sys_days day) { return weekday(day) == Friday ? day : next_weekday(day, 5); }
sys_days end_of_month(year_month month) { return sys_days(month / last); }

std::optional<sys_days> date_of(std::optional<int> year_number, unsigned month_number, unsigned day_number, sys_days said) {
  if (month_number < 1 || month_number > 12 || day_number < 1 || day_number > 31) return std::nullopt;
  const year_month_day today(said);
  auto date = year(year_number.value_or(static_cast<int>(today.year()))) / month(month_number) / day(day_number);
  if (!date.ok()) return std::nullopt;
  if (!year_number && sys_days(date) + days(60) < said) date += years(1);
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

namespace {

// An hour of today that has passed already is meant to come again; and on another day nobody meets at four in the night.
Due ahead_of(Due due, sys_days said, std::optional<minutes> clock) {
  if (due.time && due.either_half && due.day != said && *due.time < hours(6)) due.time = *due.time + hours(12);
  if (!clock || !due.time || !due.either_half || due.day != said || *due.time > *clock) return due;
  const auto evening = *due.time % hours(12) + hours(12);
  if (evening > *clock) {
    due.time = evening;
  } else if (!due.names_day) {
    due.day += days(1);
  }
  return due;
}

}  // namespace

std::optional<Due> find_due(std::string_view sentence, sys_days said, std::optional<minutes> clock) {
  const bool chinese = std::any_of(sentence.begin(), sentence.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3 && static_cast<unsigned char>(c) <= 0xE9; });
  const auto in_chinese = chinese ? find_chinese_due(sentence, said) : std::nullopt;
  if (in_chinese && in_chinese->names_day) return ahead_of(*in_chinese, said, clock);
  auto due = find_english_due(sentence, said);  // dates like 2026-12-03 stand in Chinese too
  if (in_chinese && (!due || !due->names_day)) due = in_chinese;
  return due ? std::optional(ahead_of(*due, said, clock)) : std::nullopt;
}

}  // namespace hearth::memory
