#include "memory/time_ranges.h"

#include <algorithm>
#include <array>

namespace hearth::memory {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

int year_of(sys_days day) { return static_cast<int>(year_month_day(day).year()); }

sys_days first_of_month(int year, int month) { return sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / 1); }

sys_days add_months(sys_days first, int count) { return sys_days(year_month_day(first) + std::chrono::months(count)); }

std::optional<Range> day_of(int year, int month, int day) {
  if (month < 1 || day < 1) return std::nullopt;
  const auto date = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::day(static_cast<unsigned>(day));
  if (!date.ok()) return std::nullopt;
  return Range{sys_days(date), sys_days(date) + days(1)};
}

Range month_of(int year, int month) { return months_of(year, month, 1); }

Range months_of(int year, int first, int count) {
  const auto from = first_of_month(year, first);
  return {from, add_months(from, count)};
}

Range whole(sys_days today, Unit unit, int offset) {
  const auto month = first_of_month(year_of(today), static_cast<int>(static_cast<unsigned>(year_month_day(today).month())));
  switch (unit) {
    case Unit::Day: return {today + days(offset), today + days(offset + 1)};
    case Unit::Week: return {monday_of(today) + days(7 * offset), monday_of(today) + days(7 * (offset + 1))};
    case Unit::Month: return {add_months(month, offset), add_months(month, offset + 1)};
    case Unit::Year: break;
  }
  return months_of(year_of(today) + offset, 1, 12);
}

Range ago(sys_days today, Unit unit, int count) {
  switch (unit) {
    case Unit::Day: return {today - days(count), today - days(count - 1)};
    case Unit::Week: return {today - days(7 * count + 3), today - days(7 * count - 4)};
    case Unit::Month: return {today - days(30 * count + 15), today - days(30 * count - 16), kLikely};
    case Unit::Year: break;
  }
  const int about = count == 1 ? 45 : 183;  // whoever says "five years ago" has counted years
  return {today - days(365 * count + about), today - days(365 * count - about), kLikely};
}

Range vaguely_ago(sys_days today, Unit unit, int count) {
  const auto range = ago(today, unit, count);
  const auto width = range.to - range.from;
  return {range.from - width * count / 2, range.to + width * (count - 1) / 2, kVague};
}

Range during_last(sys_days today, Unit unit, int count, double sure) {
  static constexpr std::array<int, 4> kDays = {1, 7, 31, 366};
  return {today - days(count * kDays[static_cast<std::size_t>(unit)]), today + days(1), sure};
}

Range season(int number, int year) {
  const auto from = first_of_month(year, 3 + 3 * number);
  return {from, add_months(from, 3), kLikely};
}

Range last_season(int number, sys_days today) {
  const auto range = season(number, year_of(today));
  return range.from > today ? season(number, year_of(today) - 1) : range;
}

Range last_month_named(int month, sys_days today) {
  const int year = year_of(today);
  auto range = month_of(first_of_month(year, month) > today ? year - 1 : year, month);
  range.sure = kLikely;
  return range;
}

Range part_of(const Range& whole, Part part) {
  const auto length = whole.to - whole.from;
  const auto third = (length + days(2)) / 3;
  if (part == Part::Middle) return {whole.from + third, whole.to - third, whole.sure};
  constexpr days kLong(200);
  const auto edge = length > kLong ? length / 6 : third;  // the end of a year is its last two months
  return part == Part::End ? Range{whole.to - edge, whole.to, whole.sure} : Range{whole.from, whole.from + edge, whole.sure};
}

Range before(const Range& range) { return {kEarliest, range.from, kLikely, true}; }
Range after(const Range& range) { return {range.to, kLatest, kLikely, true}; }
Range since(const Range& range, sys_days today) { return {range.from, std::max(today, range.from) + days(1), kLikely, true}; }

}  // namespace hearth::memory
