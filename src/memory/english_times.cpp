#include <algorithm>
#include <array>
#include <cstdlib>

#include "memory/holidays.h"
#include "memory/latin_words.h"
#include "memory/text/unicode.h"
#include "memory/time_ranges.h"

namespace hearth::memory {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 13> kNumbers = {"zero", "one", "two",   "three", "four",   "five",  "six",
                                                       "seven", "eight", "nine", "ten",   "eleven", "twelve"};
constexpr std::array<std::string_view, 4> kOrdinals = {"first", "second", "third", "fourth"};
constexpr std::array<std::string_view, 4> kShortOrdinals = {"1st", "2nd", "3rd", "4th"};

template <std::size_t N>
int index_in(const std::array<std::string_view, N>& list, std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

int number_of_digits(std::string_view word, std::size_t most) {
  if (word.empty() || word.size() > most || !std::all_of(word.begin(), word.end(), is_digit)) return -1;
  return std::atoi(std::string(word).c_str());
}

int year_named(std::string_view word) {
  const auto year = word.size() == 4 ? number_of_digits(word, 4) : -1;
  return year >= 1900 && year < 2200 ? year : -1;
}

// 1 to 12, of "October", "Oct" and "Sept"; 0 for others. "May" and "march" are words of their own as well.
int month_named(std::string_view word) {
  if (word == "sept") return 9;
  for (std::size_t i = 0; i < kMonthNames.size(); ++i) {
    if (word == kMonthNames[i] || (word.size() == 3 && kMonthNames[i].starts_with(word))) return static_cast<int>(i) + 1;
  }
  return 0;
}

int day_named(std::string_view word) {
  for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
    if (word.size() > 2 && word.ends_with(ending)) {
      word.remove_suffix(2);
      break;
    }
  }
  const auto day = number_of_digits(word, 2);
  return day >= 1 && day <= 31 ? day : -1;
}

std::optional<Unit> unit_named(std::string_view word) {
  if (word == "day" || word == "days") return Unit::Day;
  if (word == "week" || word == "weeks") return Unit::Week;
  if (word == "month" || word == "months") return Unit::Month;
  if (word == "year" || word == "years") return Unit::Year;
  return std::nullopt;
}

int season_named(std::string_view word) {
  if (word == "spring") return 0;
  if (word == "summer") return 1;
  if (word == "autumn" || word == "fall") return 2;
  return word == "winter" ? 3 : -1;
}

int weekday_named(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  return index_in(kWeekdays, word);
}

int step_of(std::string_view word) {
  constexpr int kNone = 2;
  return word == "last" || word == "past" || word == "previous" ? -1 : word == "this" ? 0 : word == "next" ? 1 : kNone;
}

class English {
 public:
  English(std::string_view text, sys_days today, std::vector<NamedTime>& found)
      : text_(text), words_(words_of(text)), today_(today), found_(found) {}

  void read() {
    while (at_ < words_.size()) {
      if (!within() && !one(false)) ++at_;
    }
  }

 private:
  std::string_view word(std::size_t ahead = 0) const {
    return at_ + ahead < words_.size() ? std::string_view(words_[at_ + ahead].text) : std::string_view();
  }

  // What stands between a word and the next.
  std::string_view gap(std::size_t ahead) const {
    if (at_ + ahead + 1 >= words_.size()) return "";
    const auto start = words_[at_ + ahead].span.end;
    return text_.substr(start, words_[at_ + ahead + 1].span.start - start);
  }

  bool take(std::size_t count, Range range, bool relative) {
    found_.push_back({{words_[at_].span.start, words_[at_ + count - 1].span.end}, range, relative});
    at_ += count;
    return true;
  }

  // The same words may mean either.
  bool take_either(std::size_t count, Range first, Range second, bool relative) {
    const auto at = at_;
    take(count, first, relative);
    at_ = at;
    return take(count, second, relative);
  }

  // "since November", "before 2025", "after last Christmas", "the end of March", "early 2024", "the day after Christmas"
  bool within() {
    const auto begin = at_;
    std::optional<Unit> unit;
    std::string_view how = word();
    if (unit_named(how) && !how.ends_with('s') && (word(1) == "before" || word(1) == "after")) {
      unit = unit_named(how);
      how = word(1);
      at_ += 2;
    } else if ((how == "end" || how == "beginning" || how == "start" || how == "middle") && word(1) == "of") {
      at_ += 2;
    } else if (how == "since" || how == "before" || how == "after" || how == "until" || how == "till" || how == "early" || how == "mid" || how == "late") {
      at_ += 1;
    } else {
      return false;
    }
    if (word() == "the") ++at_;
    const auto first = found_.size();
    if (!one(true)) {
      at_ = begin;
      return false;
    }
    for (auto i = first; i < found_.size(); ++i) {
      auto& time = found_[i];
      time.words.start = words_[begin].span.start;
      time.relative = true;
      time.range = told(how, unit, time.range);
    }
    return true;
  }

  Range told(std::string_view how, std::optional<Unit> unit, const Range& range) const {
    if (unit) {
      static constexpr std::array<int, 4> kDays = {1, 7, 31, 366};
      const days length(kDays[static_cast<std::size_t>(*unit)]);
      return how == "before" ? Range{range.from - length, range.from, range.sure} : Range{range.to, range.to + length, range.sure};
    }
    if (how == "since") return since(range, today_);
    if (how == "before") return before(range);
    if (how == "until" || how == "till") return before({range.to, range.to});
    if (how == "after") return after(range);
    return part_of(range, how == "end" || how == "late" ? Part::End : how == "mid" || how == "middle" ? Part::Middle : Part::Beginning);
  }

  // One expression. `led`: it follows a word that only stands before times, so that "March" is the month.
  bool one(bool led) {
    if (word() == "today" || word() == "tonight") return take(1, whole(today_, Unit::Day, 0), true);
    if (word() == "this" && (word(1) == "morning" || word(1) == "afternoon" || word(1) == "evening")) return take(2, whole(today_, Unit::Day, 0), true);
    if (word() == "day" && word(1) == "before" && word(2) == "yesterday") return take(3, whole(today_, Unit::Day, -2), true);
    if (word() == "day" && word(1) == "after" && word(2) == "tomorrow") return take(3, whole(today_, Unit::Day, 2), true);
    if (word() == "yesterday") return take(1, whole(today_, Unit::Day, -1), true);
    if (word() == "last" && word(1) == "night") return take(2, {today_ - days(1), today_ + days(1)}, true);
    if (word() == "tomorrow") return take(1, whole(today_, Unit::Day, 1), true);
    if (word() == "recently" || word() == "lately") return take(1, {today_ - days(30), today_ + days(1), kVague}, true);
    if (word() == "on" && weekday_named(word(1)) >= 0 && !word(1).ends_with('s')) return on_weekday();
    return ago_expression() || during_the_last() || holiday_expression() || pointed() || part_of_year() || season_expression() || written_in_numbers() || date(led);
  }

  // The last one, or the one to come.
  bool on_weekday() {
    auto day = monday_of(today_) + days(weekday_named(word(1)));
    if (day > today_) day -= days(7);
    return take_either(2, {day, day + days(1), kLikely}, {day + days(7), day + days(8), kVague}, true);
  }

  // "3 weeks ago", "a couple of days ago", "a fortnight ago", "half a year ago", "two Fridays ago"
  bool ago_expression() {
    std::size_t length = 0;
    bool vague = false;
    int count = number_of_digits(word(), 3);
    if (count < 0) count = index_in(kNumbers, word());
    if (count >= 0) {
      length = 1;
    } else if (word() == "half" && word(1) == "a" && word(2) == "year" && word(3) == "ago") {
      return take(4, ago(today_, Unit::Month, 6), true);
    } else if (word() == "a" || word() == "an") {
      count = 1;
      length = 1;
      if (word(1) == "couple" || word(1) == "few") {
        count = word(1) == "few" ? 3 : 2;
        vague = true;
        length = word(2) == "of" ? 3 : 2;
      }
    } else {
      return false;
    }
    const auto unit = unit_named(word(length));
    if (count == 0 || word(length + 1) != "ago") return false;
    if (word(length) == "fortnight") return take(length + 2, ago(today_, Unit::Week, 2), true);
    if (const auto number = weekday_named(word(length)); number >= 0) {
      auto day = monday_of(today_) + days(number);
      if (day >= today_) day -= days(7);
      day -= days(7 * (count - 1));
      return take(length + 2, {day, day + days(1)}, true);
    }
    if (!unit) return false;
    return take(length + 2, vague ? vaguely_ago(today_, *unit, count) : ago(today_, *unit, count), true);
  }

  // "in the last three weeks", "over the past month"
  bool during_the_last() {
    if ((word() != "last" && word() != "past")) return false;
    int count = number_of_digits(word(1), 3);
    if (count < 0) count = index_in(kNumbers, word(1));
    std::size_t length = 2;
    if (count < 0 && (word(1) == "few" || word(1) == "couple")) {
      count = 4;
      length = word(2) == "of" ? 3 : 2;
    }
    const auto unit = unit_named(word(length));
    if (count <= 0 || !unit) return false;
    return take(length + 1, during_last(today_, *unit, count, 1), true);
  }

  // "last week", "this month", "next year", "last Monday", "last May", "last spring", "last weekend"
  bool pointed() {
    const int step = step_of(word());
    if (step > 1) return false;
    if (const auto unit = unit_named(word(1))) return take(2, whole(today_, *unit, step), true);
    if (word(1) == "weekend") {
      const auto saturday = monday_of(today_) + days(5 + 7 * step);
      return take(2, {saturday, saturday + days(2)}, true);
    }
    if (const auto number = index_in(kWeekdays, word(1)); number >= 0) {
      auto day = monday_of(today_) + days(number);
      if (step < 0 && day >= today_) day -= days(7);
      if (step > 0 && day <= today_) day += days(7);
      return take(2, {day, day + days(1), kLikely}, true);
    }
    if (const auto number = season_named(word(1)); number >= 0) {
      auto range = last_season(number, today_);
      if (step < 0 && range.to > today_) range = season(number, year_of(range.from) - 1);
      if (step > 0) range = season(number, year_of(range.from) + 1);
      return take(2, range, true);
    }
    if (const auto number = month_named(word(1)); number > 0) {
      const auto range = last_month_named(number, today_);
      const int years = step < 0 && range.to > today_ ? -1 : step > 0 ? 1 : 0;
      auto meant = month_of(year_of(range.from) + years, number);
      meant.sure = kLikely;
      return take(2, meant, true);
    }
    return false;
  }

  // A year behind an expression: "2024", "of 2024", "last year"; how many words it takes, 0 without.
  std::pair<int, std::size_t> year_behind(std::size_t ahead) const {
    const std::size_t of = word(ahead) == "of" || word(ahead) == "in" ? 1 : 0;
    if (const auto year = year_named(word(ahead + of)); year > 0) return {year, of + 1};
    if (const int step = step_of(word(ahead + of)); step <= 1 && word(ahead + of + 1) == "year") return {year_of(today_) + step, of + 2};
    return {0, 0};
  }

  // "Q3 2024", "the third quarter of 2024", "the first half of last year"
  bool part_of_year() {
    int first = 0;
    int count = 0;
    std::size_t length = 0;
    if (word().size() == 2 && (word()[0] == 'q' || word()[0] == 'h') && is_digit(word()[1])) {
      count = word()[0] == 'q' ? 3 : 6;
      first = (word()[1] - '1') * count + 1;
      length = 1;
    } else {
      auto number = index_in(kOrdinals, word());
      if (number < 0) number = index_in(kShortOrdinals, word());
      if (number < 0 || (word(1) != "quarter" && word(1) != "half")) return false;
      count = word(1) == "quarter" ? 3 : 6;
      first = number * count + 1;
      length = 2;
    }
    if (first < 1 || first + count > 13) return false;
    const auto [year, behind] = year_behind(length);
    if (behind > 0) return take(length + behind, months_of(year, first, count), false);
    if (word()[0] != 'q') return false;  // the second half of a match
    auto range = months_of(year_of(today_), first, count);
    if (range.from > today_) range = months_of(year_of(today_) - 1, first, count);
    range.sure = kLikely;
    return take(length, range, false);
  }

  // "summer 2021", "the summer of 2021", "in winter"
  bool season_expression() {
    const bool after_in = word() == "in";
    const std::size_t skip = after_in ? (word(1) == "the" ? 2 : 1) : 0;
    const auto number = season_named(word(skip));
    if (number < 0) return false;
    if (const auto [year, behind] = year_behind(skip + 1); behind > 0) return take(skip + 1 + behind, season(number, year), false);
    return after_in && take(skip + 1, last_season(number, today_), true);
  }

  // "Christmas", "last Easter", "Halloween 2024", "New Year's Eve"
  bool holiday_expression() {
    static constexpr std::array<std::pair<std::string_view, Holiday>, 14> kNames = {{
        {"chinese new year", Holiday::LunarNewYear}, {"lunar new year", Holiday::LunarNewYear}, {"spring festival", Holiday::LunarNewYear},
        {"new year s eve", Holiday::NewYearsEve}, {"new year s", Holiday::NewYear}, {"christmas eve", Holiday::ChristmasEve},
        {"christmas", Holiday::Christmas}, {"xmas", Holiday::Christmas}, {"easter", Holiday::Easter}, {"halloween", Holiday::Halloween},
        {"thanksgiving", Holiday::Thanksgiving}, {"valentine s day", Holiday::Valentine}, {"mid autumn festival", Holiday::MidAutumn},
        {"dragon boat festival", Holiday::DragonBoats}}};
    const int step = step_of(word());
    const std::size_t skip = step <= 1 ? 1 : 0;
    for (const auto& [name, which] : kNames) {
      std::size_t length = skip;
      std::string_view rest = name;
      while (!rest.empty() && word(length) == rest.substr(0, rest.find(' '))) {
        rest = rest.find(' ') == rest.npos ? "" : rest.substr(rest.find(' ') + 1);
        ++length;
      }
      if (!rest.empty()) continue;
      std::optional<Range> range;
      const auto [year, behind] = year_behind(length);
      if (behind > 0) {
        range = holiday(which, year);
        length += behind;
      } else if (range = last_holiday(which, today_); range && skip == 1) {
        const bool over = range->to <= today_;
        const int years = step < 0 ? (over ? 0 : -1) : step > 0 ? 1 : over && year_of(range->from) < year_of(today_) ? 1 : 0;
        range = holiday(which, year_of(range->from) + years);
      }
      return range && take(length, *range, false);
    }
    return false;
  }

  // "30.03.2026", "3/30/2026": the order of day and month is theirs to tell; where they do not, it may be either.
  bool written_in_numbers() {
    const auto between = gap(0);
    if ((between != "." && between != "/" && between != "-") || gap(1) != between) return false;
    const auto first = number_of_digits(word(), 2);
    const auto second = number_of_digits(word(1), 2);
    const auto year = year_named(word(2));
    if (first < 1 || second < 1 || year < 0) return false;
    const auto day_first = day_of(year, second, first);
    const auto month_first = between == "." ? std::nullopt : day_of(year, first, second);
    if (day_first && month_first && first != second) return take_either(3, *day_first, *month_first, false);
    const auto& range = day_first ? day_first : month_first;
    return range && take(3, *range, false);
  }

  // Digits in the number of an order or an invoice: NL-2024-00817.
  bool in_a_code() const {
    const auto& span = words_[at_].span;
    const auto joins = [](char c) { return c == '-' || c == '_' || c == '/' || c == '.'; };
    const auto solid = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    return (span.start > 1 && joins(text_[span.start - 1]) && solid(text_[span.start - 2])) ||
           (span.end + 1 < text_.size() && joins(text_[span.end]) && solid(text_[span.end + 1]));
  }

  // "2023-05-08", "8 May 2023", "May 8th, 2023", "Sept 2023", "in May", "October last year", "in 2019"
  bool date(bool led) {
    if (const auto year = year_named(word()); year > 0) {
      if (const auto range = day_of(year, number_of_digits(word(1), 2), number_of_digits(word(2), 2))) return take(3, *range, false);
      const auto month = number_of_digits(word(1), 2);
      if (gap(0) == "-" && word(1).size() == 2 && gap(1) != "-" && month >= 1 && month <= 12) return take(2, month_of(year, month), false);
      return !in_a_code() && take(1, months_of(year, 1, 12), false);
    }
    std::size_t length = 0;
    int day = day_named(word());
    int month = 0;
    const bool after_in = word() == "in";
    if (day > 0) {
      length = word(1) == "of" ? 2 : 1;
      month = month_named(word(length));
      if (month == 0) return false;
      ++length;
    } else {
      month = month_named(word(after_in ? 1 : 0));
      if (month == 0) return false;
      length = after_in ? 2 : 1;
      if (!after_in) day = day_named(word(length));
      if (day > 0) ++length;
    }
    const auto [year, behind] = year_behind(length);
    if (day < 0 && behind == 0 && !after_in && !led) return false;  // "may", "march" are words of their own
    length += behind;
    if (day > 0) {
      if (behind > 0) {
        const auto range = day_of(year, month, day);
        return range && take(length, *range, false);
      }
      auto range = day_of(year_of(today_), month, day);
      if (!range || range->from > today_) range = day_of(year_of(today_) - 1, month, day);
      if (!range) return false;
      range->sure = kLikely;
      return take(length, *range, false);
    }
    return take(length, behind > 0 ? month_of(year, month) : last_month_named(month, today_), false);
  }

  std::string_view text_;
  std::vector<Word> words_;
  sys_days today_;
  std::vector<NamedTime>& found_;
  std::size_t at_ = 0;
};

}  // namespace

void find_english_times(std::string_view text, sys_days today, std::vector<NamedTime>& found) { English(text, today, found).read(); }

}  // namespace hearth::memory
