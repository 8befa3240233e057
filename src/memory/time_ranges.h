#pragma once
#include <chrono>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "memory/text/due_days.h"
#include "memory/text/passages.h"

// Days, as the readers of time expressions in English and Chinese reckon with them.
namespace hearth::memory {

enum class Unit { Day, Week, Month, Year };

// How sure it is that a range is what is meant.
inline constexpr double kVague = 0.5;
inline constexpr double kLikely = 0.8;

struct Range {
  std::chrono::sys_days from;
  std::chrono::sys_days to;  // not part of it
  double sure = 1;
  bool open = false;  // before or after something: one of its ends says nothing
};

// A time that a text names.
struct NamedTime {
  Span words;  // bytes of the text
  Range range;
  bool relative = false;  // it depends on today: who wrote then did not use these words
};

inline constexpr std::array<std::string_view, 12> kMonthNames = {"january", "february", "march",     "april",   "may",      "june",
                                                                 "july",    "august",   "september", "october", "november", "december"};

// Beyond all that anybody remembers.
inline constexpr std::chrono::sys_days kEarliest = std::chrono::sys_days(std::chrono::year(1900) / 1 / 1);
inline constexpr std::chrono::sys_days kLatest = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);

int year_of(std::chrono::sys_days day);
std::chrono::sys_days first_of_month(int year, int month);
std::chrono::sys_days add_months(std::chrono::sys_days first, int count);
std::optional<Range> day_of(int year, int month, int day);
Range month_of(int year, int month);
Range months_of(int year, int first, int count);

// The whole day, week, month or year that lies `offset` of them away: 0 the present one.
Range whole(std::chrono::sys_days today, Unit unit, int offset);
// "three weeks ago": around that day, the wider the larger the unit.
Range ago(std::chrono::sys_days today, Unit unit, int count);
// "a few weeks ago": it may be two or five.
Range vaguely_ago(std::chrono::sys_days today, Unit unit, int count);
// As many days, weeks, months or years up to today.
Range during_last(std::chrono::sys_days today, Unit unit, int count, double sure);
// Months of the northern year: spring, 0, begins with March.
Range season(int number, int year);
// The last ones that have begun by today.
Range last_season(int number, std::chrono::sys_days today);
Range last_month_named(int month, std::chrono::sys_days today);

// The beginning, the middle or the end of a month, a year or another range.
enum class Part { Beginning, Middle, End };
Range part_of(const Range& whole, Part part);

Range before(const Range& range);
Range after(const Range& range);
Range since(const Range& range, std::chrono::sys_days today);

// English words and numbers that name times, in order; and Chinese ones. They may lie in one another.
void find_english_times(std::string_view text, std::chrono::sys_days today, std::vector<NamedTime>& found);
void find_chinese_times(std::string_view text, std::chrono::sys_days today, std::vector<NamedTime>& found);

}  // namespace hearth::memory
