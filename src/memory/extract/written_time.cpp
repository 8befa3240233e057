#include "memory/extract/written_time.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

// Goes through a text; each function takes what it looks for, or nothing.
struct Cursor {
  std::string_view rest;

  // Space, no-break space, narrow no-break space and marks of direction.
  bool spaces() {
    bool any = false;
    static constexpr std::array<std::string_view, 8> kSpaces = {" ",            "\t",           "\xC2\xA0",     "\xE2\x80\xAF",
                                                                "\xE2\x80\x8E", "\xE2\x80\x8F", "\xEF\xBB\xBF", "\xE3\x80\x80"};
    for (bool found = true; found;) {
      found = false;
      for (const auto space : kSpaces) {
        if (take(space)) any = found = true;
      }
    }
    return any;
  }
  void marks() {  // of direction
    while (take("\xE2\x80\x8E") || take("\xE2\x80\x8F")) {}
  }
  bool take(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }
  bool take_word(std::string_view word) {  // in any case
    if (rest.size() < word.size()) return false;
    const bool same = std::equal(word.begin(), word.end(), rest.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
    if (same) rest.remove_prefix(word.size());
    return same;
  }
  template <std::size_t N>
  bool take_any(const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return take_word(word); });
  }
  // The digit at `at`, of our figures, Arabic-Indic or Persian ones; sets its length in bytes.
  std::optional<int> digit(std::size_t at, std::size_t& length) const {
    if (at >= rest.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(rest[at]);
    length = 1;
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (at + 1 >= rest.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(rest[at + 1]);
    length = 2;
    if (byte == 0xD9 && next >= 0xA0 && next <= 0xA9) return next - 0xA0;  // U+0660
    if (byte == 0xDB && next >= 0xB0 && next <= 0xB9) return next - 0xB0;  // U+06F0
    return std::nullopt;
  }
  std::optional<int> number(std::size_t most_digits, std::size_t* digits = nullptr) {
    std::size_t at = 0;
    std::size_t count = 0;
    std::int64_t value = 0;
    std::size_t length = 0;
    while (const auto one = digit(at, length)) {
      if (++count > most_digits) return std::nullopt;
      value = value * 10 + *one;
      at += length;
    }
    if (count == 0) return std::nullopt;
    if (digits) *digits = count;
    rest.remove_prefix(at);
    return static_cast<int>(value);
  }
};

enum class Half { None, Morning, Afternoon, Noon, Night };

template <std::size_t N>
using Words = std::array<std::string_view, N>;

Half half_before(Cursor& at) {
  static constexpr Words<9> kMorning = {"上午", "凌晨", "早上", "清晨", "黎明", "清早", "午前", "오전", "새벽"};
  static constexpr Words<4> kAfternoon = {"下午", "傍晚", "午後", "오후"};
  static constexpr Words<6> kNight = {"晚上", "深夜", "夜里", "夜晚", "午夜", "半夜"};
  if (at.take_any(kMorning)) return Half::Morning;
  if (at.take("中午")) return Half::Noon;
  if (at.take_any(kNight)) return Half::Night;
  return at.take_any(kAfternoon) ? Half::Afternoon : Half::None;
}

// "AM", "a.m.", "a. m." behind a time.
Half half_behind(Cursor& at) {
  auto ahead = at;
  ahead.spaces();
  const bool morning = ahead.take_word("a");
  if (!morning && !ahead.take_word("p")) return Half::None;
  ahead.take(".");
  ahead.spaces();
  if (!ahead.take_word("m")) return Half::None;
  ahead.take(".");
  if (!ahead.rest.empty() && ((ahead.rest.front() | 32) >= 'a' && (ahead.rest.front() | 32) <= 'z')) return Half::None;
  at = ahead;
  return morning ? Half::Morning : Half::Afternoon;
}

// "ص" and "م" in Arabic, "ق.ظ" and "ب.ظ" in Persian.
Half half_behind_in_arabic(Cursor& at) {
  auto ahead = at;
  ahead.spaces();
  const bool morning = ahead.take("ق.ظ") || ahead.take("ص");
  if (!morning && !ahead.take("ب.ظ") && !ahead.take("م")) return Half::None;
  if (!ahead.rest.empty() && (static_cast<unsigned char>(ahead.rest.front()) & 0xE0) == 0xC0) return Half::None;  // a word goes on
  at = ahead;
  return morning ? Half::Morning : Half::Afternoon;
}

struct ClockTime {
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::int64_t microseconds = 0;
  bool seconds = false;
  bool half_day = false;
};

std::optional<ClockTime> clock_time(Cursor& at) {
  auto half = half_before(at);
  at.spaces();
  ClockTime found;
  const auto hour = at.number(2);
  if (!hour || (!at.take(":") && !at.take("."))) return std::nullopt;
  const auto minute = at.number(2);
  if (!minute) return std::nullopt;
  found.hour = *hour;
  found.minute = *minute;
  auto ahead = at;
  if (ahead.take(":") || ahead.take(".")) {
    if (const auto second = ahead.number(2)) {
      found.second = *second;
      found.seconds = true;
      at = ahead;
      if (ahead.take(".") || ahead.take(",")) {  // a fraction
        std::size_t digits = 0;
        if (const auto fraction = ahead.number(9, &digits)) {
          found.microseconds = *fraction;
          for (; digits < 6; ++digits) found.microseconds *= 10;
          for (; digits > 6; --digits) found.microseconds /= 10;
          at = ahead;
        }
      }
    }
  }
  if (half == Half::None) {
    half = half_behind(at);
    found.half_day = half != Half::None;
  }
  if (half == Half::None) half = half_behind_in_arabic(at);
  if (half == Half::Noon && found.hour < 6) half = Half::Afternoon;  // 中午11:30 is before noon
  if (half == Half::Night) half = found.hour >= 6 && found.hour < 12 ? Half::Afternoon : Half::Morning;
  if (half == Half::Afternoon && found.hour < 12) found.hour += 12;
  if (half == Half::Morning && found.hour == 12) found.hour = 0;
  if (found.hour > 23 || found.minute > 59 || found.second > 60) return std::nullopt;
  return found;
}

// "Z", "+02:00", "+0200", "+02", "UTC+2", "GMT+02:00".
std::optional<int> zone(Cursor& at) {
  auto ahead = at;
  ahead.spaces();
  const bool named = ahead.take_word("utc") || ahead.take_word("gmt");
  if (!named && ahead.take_word("z")) {
    at = ahead;
    return 0;
  }
  const bool west = ahead.rest.starts_with("-");
  if (!ahead.take("-") && !ahead.take("+")) {
    if (!named) return std::nullopt;
    at = ahead;
    return 0;
  }
  std::size_t digits = 0;
  auto hours = ahead.number(4, &digits);
  if (!hours) return std::nullopt;
  int minutes = 0;
  if (digits > 2) {
    minutes = *hours % 100;
    hours = *hours / 100;
  } else if (ahead.take(":")) {
    minutes = ahead.number(2).value_or(0);
  }
  if (*hours > 15 || minutes > 59) return std::nullopt;
  at = ahead;
  return (west ? -1 : 1) * (*hours * 60 + minutes);
}

std::optional<int> month_name(Cursor& at) {
  static constexpr Words<12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (!at.take_word(kMonths[i])) continue;
    while (!at.rest.empty() && (at.rest.front() | 32) >= 'a' && (at.rest.front() | 32) <= 'z') at.rest.remove_prefix(1);
    at.take(".");
    return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

// "2024-05-01", "2024/5/1", "2024年5月1日", "2024.05.01", "20240501".
std::optional<Day> day_by_year(Cursor& at) {
  auto ahead = at;
  std::size_t digits = 0;
  const auto year = ahead.number(8, &digits);
  if (!year) return std::nullopt;
  if (digits == 8) {
    at = ahead;
    return Day{*year / 10000, *year / 100 % 100, *year % 100};
  }
  if (digits != 4) return std::nullopt;
  if (!ahead.take("-") && !ahead.take("/") && !ahead.take(".") && !ahead.take("年")) return std::nullopt;
  ahead.spaces();
  const auto month = ahead.number(2);
  if (!month || (!ahead.take("-") && !ahead.take("/") && !ahead.take(".") && !ahead.take("月"))) return std::nullopt;
  ahead.spaces();
  const auto day = ahead.number(2);
  if (!day) return std::nullopt;
  ahead.take("日");
  at = ahead;
  return Day{*year, *month, *day};
}

// "8 May, 2023", "May 8, 2023", "Mon, 8 May 2023".
std::optional<Day> day_by_name(Cursor& at) {
  auto ahead = at;
  static constexpr Words<7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  if (ahead.take_any(kDays)) {
    while (!ahead.rest.empty() && (ahead.rest.front() | 32) >= 'a' && (ahead.rest.front() | 32) <= 'z') ahead.rest.remove_prefix(1);
    ahead.take(",");
    ahead.spaces();
  }
  auto month = month_name(ahead);
  if (month) ahead.spaces();
  const auto day = ahead.number(2);
  if (!day) return std::nullopt;
  static constexpr Words<4> kEndings = {"st", "nd", "rd", "th"};
  (void)ahead.take_any(kEndings);
  ahead.take(".");
  ahead.take("-");
  ahead.spaces();
  if (!month) {
    month = month_name(ahead);
    if (!month) return std::nullopt;
  }
  ahead.take(",");
  ahead.take("-");
  ahead.spaces();
  const auto year = ahead.number(4);
  if (!year || *year < 100) return std::nullopt;
  at = ahead;
  return Day{*year, *month, *day};
}

std::optional<Day> day(Cursor& at) {
  const auto found = day_by_year(at);
  return found ? found : day_by_name(at);
}

void between(Cursor& at) {  // a day and its time
  at.take(",");
  at.spaces();
  (void)(at.take_word("at ") || at.take_word("on "));
  at.take("T");
  at.spaces();
}

int full_year(int year) { return year < 100 ? year + 2000 : year; }

}  // namespace

std::optional<Time> civil_time(int year, int month, int day_of_month, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
                                         std::chrono::day(static_cast<unsigned>(std::max(day_of_month, 0)))};
  if (!date.ok() || year < 1 || year > 9999 || hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::optional<Time> time_since_1970(std::int64_t count) {
  constexpr std::int64_t kMostSeconds = 32'503'680'000;  // the year 3000
  if (count <= 0) return std::nullopt;
  if (count < kMostSeconds) return Time(std::chrono::seconds(count));
  if (count < kMostSeconds * 1000) return Time(std::chrono::milliseconds(count));
  if (count < kMostSeconds * 1'000'000) return Time(std::chrono::microseconds(count));
  return Time(std::chrono::microseconds(count / 1000));
}

std::optional<Time> time_of_count(std::int64_t seconds, std::int64_t microseconds) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // the beginning of the year 1
  constexpr std::int64_t kLast = 253'402'300'799;   // the end of 9999
  constexpr std::int64_t kMicroseconds = 1'000'000;
  if (seconds < kFirst || seconds > kLast) return std::nullopt;
  if (microseconds < (kFirst - seconds) * kMicroseconds || microseconds / kMicroseconds > kLast - seconds) return std::nullopt;
  return Time(std::chrono::seconds(seconds) + Duration(microseconds));
}

std::optional<WrittenTime> read_written_time(std::string_view text) {
  Cursor at{text};
  at.spaces();
  while (!at.rest.empty() && (at.rest.back() == ' ' || at.rest.back() == '\n')) at.rest.remove_suffix(1);
  const bool figures = !at.rest.empty() && std::all_of(at.rest.begin(), at.rest.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (figures && at.rest.size() >= 9) {
    double number = 0;
    std::int64_t whole = 0;
    const auto dot = at.rest.find('.');
    const auto integer = at.rest.substr(0, dot);
    if (std::from_chars(integer.data(), integer.data() + integer.size(), whole).ec != std::errc()) return std::nullopt;
    if (dot == at.rest.npos || integer.size() > 10) {
      const auto time = time_since_1970(whole);
      return time ? std::optional(WrittenTime{*time, {}, TimeCertainty::Exact}) : std::nullopt;
    }
    if (integer.size() < 9) return std::nullopt;
    number = std::strtod(std::string(at.rest).c_str(), nullptr);
    return WrittenTime{Time(std::chrono::microseconds(static_cast<std::int64_t>(number * 1e6 + 0.5))), {}, TimeCertainty::Exact};
  }
  auto date = day(at);
  std::optional<ClockTime> clock;
  if (date) {
    between(at);
    clock = clock_time(at);
  } else {  // the time first
    clock = clock_time(at);
    if (!clock) return std::nullopt;
    between(at);
    date = day(at);
    if (!date) return std::nullopt;
  }
  auto time = clock ? civil_time(date->year, date->month, date->day, clock->hour, clock->minute, clock->second)
                    : civil_time(date->year, date->month, date->day);
  if (!time) return std::nullopt;
  if (!clock) return WrittenTime{*time, {}, TimeCertainty::Day};
  *time += std::chrono::microseconds(clock->microseconds);
  const auto offset = zone(at);
  if (!offset) return WrittenTime{*time, {}, TimeCertainty::Zone};
  return WrittenTime{*time - std::chrono::minutes(*offset), offset, TimeCertainty::Exact};
}

std::optional<FigureTime> read_figure_time(std::string_view text, std::size_t& length) {
  Cursor at{text};
  FigureTime found;
  std::size_t digits = 0;
  const auto first = at.number(4, &digits);
  if (!first || digits == 3) return std::nullopt;
  found.long_first = digits == 4;
  at.marks();
  const bool chinese = found.long_first && at.take("年");
  if (!chinese && (at.rest.empty() || (at.rest.front() != '/' && at.rest.front() != '.' && at.rest.front() != '-'))) return std::nullopt;
  found.separator = chinese ? '-' : at.rest.front();
  const auto separate = [&](std::string_view sign) {
    if (!at.take(chinese ? sign : std::string_view(&found.separator, 1))) return false;
    at.spaces();
    return true;
  };
  if (!chinese && !separate("")) return std::nullopt;
  const auto second = at.number(2);
  at.marks();
  if (!second || !separate("月")) return std::nullopt;
  const auto third = at.number(found.long_first ? 2 : 4, &digits);
  if (!third || digits == 3 || (chinese && !at.take("日"))) return std::nullopt;
  found.date = {*first, *second, *third};
  length = text.size() - at.rest.size();
  auto ahead = at;
  if (found.separator == '.') ahead.take(".");
  ahead.marks();
  // What some languages say between: "26/09/2019 à 22:39", "13.5.2024 klo 10.22".
  static constexpr Words<5> kAt = {" à", " klo", " kl.", " г.", " BE"};
  ahead.take_any(kAt);
  if (!ahead.take(",")) ahead.take("،");
  if (!ahead.spaces() && !ahead.take("T")) return found;
  const auto clock = clock_time(ahead);
  if (!clock) return found;
  found.has_time = true;
  found.hour = clock->hour;
  found.minute = clock->minute;
  found.second = clock->second;
  found.has_seconds = clock->seconds;
  found.half_day = clock->half_day;
  length = text.size() - ahead.rest.size();
  return found;
}

std::optional<Time> to_time(const FigureTime& figures, DateOrder order) {
  const auto& [first, second, third] = figures.date;
  if (figures.long_first != (order == DateOrder::YearMonthDay) && (figures.long_first || third > 99)) return std::nullopt;
  switch (order) {
    case DateOrder::DayMonthYear: return civil_time(full_year(third), second, first, figures.hour, figures.minute, figures.second);
    case DateOrder::MonthDayYear: return civil_time(full_year(third), first, second, figures.hour, figures.minute, figures.second);
    case DateOrder::YearMonthDay: break;
  }
  return civil_time(full_year(first), second, third, figures.hour, figures.minute, figures.second);
}

void DateOrderFinder::add(const FigureTime& figures) {
  ++seen_;
  half_days_ += figures.half_day;
  dots_ += figures.separator == '.';
  for (std::size_t i = 0; i < hypotheses_.size(); ++i) {
    auto& hypothesis = hypotheses_[i];
    const auto time = to_time(figures, static_cast<DateOrder>(i));
    // The file's clock is in another zone than the export's, and the box's may be a little off.
    const bool possible = time && *time >= earliest_ && (!latest_ || *time <= *latest_ + std::chrono::hours(36));
    if (!possible) {
      ++hypothesis.impossible;
      continue;
    }
    if (hypothesis.last && *time < *hypothesis.last) ++hypothesis.backwards;
    hypothesis.last = time;
  }
}

DateOrderFinder::Found DateOrderFinder::found() const {
  const auto rank = [&](std::size_t i) { return std::pair(hypotheses_[i].impossible, hypotheses_[i].backwards); };
  const auto day_first = rank(static_cast<std::size_t>(DateOrder::DayMonthYear));
  const auto month_first = rank(static_cast<std::size_t>(DateOrder::MonthDayYear));
  const auto year_first = rank(static_cast<std::size_t>(DateOrder::YearMonthDay));
  if (year_first < day_first && year_first < month_first) return {DateOrder::YearMonthDay, true};
  if (day_first != month_first) return {day_first < month_first ? DateOrder::DayMonthYear : DateOrder::MonthDayYear, true};
  if (dots_ > 0) return {DateOrder::DayMonthYear, true};  // nobody writes 5.1.24 with the month first
  // In the United States with a.m. and p.m.; elsewhere the day stands first.
  return {half_days_ * 2 > seen_ ? DateOrder::MonthDayYear : DateOrder::DayMonthYear, false};
}

bool is_ambiguous(const FigureTime& figures) {
  return !figures.long_first && figures.date[0] <= 12 && figures.date[1] <= 12 && figures.date[0] != figures.date[1];
}

}  // namespace hearth::memory::extract
