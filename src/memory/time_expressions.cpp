#include "memory/time_expressions.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month_day;
using std::chrono::years;

constexpr std::array<std::string_view, 12> kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                                      "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 13> kNumbers = {"zero", "one", "two",   "three", "four",   "five",  "six",
                                                       "seven", "eight", "nine", "ten",   "eleven", "twelve"};
constexpr double kVague = 0.5;
constexpr double kLikely = 0.8;

enum class Unit { Day, Week, Month, Year };

struct Range {
  sys_days from;
  sys_days to;
  double sure = 1;
};

sys_days first_of_month(sys_days day) {
  const year_month_day date(day);
  return sys_days(date.year() / date.month() / 1);
}

sys_days first_of_year(sys_days day) { return sys_days(year_month_day(day).year() / std::chrono::January / 1); }

sys_days monday_of(sys_days day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

sys_days add_months(sys_days first, int count) { return sys_days(year_month_day(first) + months(count)); }

// The whole day, week, month or year that lies `offset` of them away: 0 the present one.
Range whole(sys_days today, Unit unit, int offset) {
  switch (unit) {
    case Unit::Day: return {today + days(offset), today + days(offset + 1)};
    case Unit::Week: return {monday_of(today) + days(7 * offset), monday_of(today) + days(7 * (offset + 1))};
    case Unit::Month: return {add_months(first_of_month(today), offset), add_months(first_of_month(today), offset + 1)};
    case Unit::Year: break;
  }
  return {add_months(first_of_year(today), 12 * offset), add_months(first_of_year(today), 12 * (offset + 1))};
}

// "three weeks ago": around that day, the wider the larger the unit.
Range ago(sys_days today, Unit unit, int count) {
  switch (unit) {
    case Unit::Day: return {today - days(count), today - days(count - 1)};
    case Unit::Week: return {today - days(7 * count + 3), today - days(7 * count - 4)};
    case Unit::Month: return {today - days(30 * count + 15), today - days(30 * count - 16), kLikely};
    case Unit::Year: break;
  }
  return {today - days(365 * count + 183), today - days(365 * count - 183), kLikely};
}

// Months of the northern year: spring begins with March.
Range season(int number, int year) {
  const auto from = sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(3 + 3 * number)) / 1);
  return {from, add_months(from, 3), kLikely};
}

// The last one that has begun before today.
Range last_season(int number, sys_days today) {
  auto range = season(number, static_cast<int>(year_month_day(today).year()));
  if (range.from > today) range = season(number, static_cast<int>(year_month_day(today).year()) - 1);
  return range;
}

Range last_month_named(int month, sys_days today) {
  const auto year = static_cast<int>(year_month_day(today).year());
  auto from = sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / 1);
  if (from > today) from = add_months(from, -12);
  return {from, add_months(from, 1), kLikely};
}

struct Word {
  std::string text;  // folded
  Span span;
};

// English words and numbers; Chinese is left to the other reader.
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (!std::isalnum(c)) {
      ++at;
      continue;
    }
    const auto start = at;
    Word word;
    while (at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]))) {
      word.text += static_cast<char>(std::tolower(static_cast<unsigned char>(text[at++])));
    }
    word.span = {start, at};
    words.push_back(std::move(word));
  }
  return words;
}

template <std::size_t N>
int index_in(const std::array<std::string_view, N>& list, std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

int number_of_digits(std::string_view word, std::size_t most) {
  if (word.empty() || word.size() > most || !std::all_of(word.begin(), word.end(), is_digit)) return -1;
  return std::atoi(std::string(word).c_str());
}

class English {
 public:
  English(std::string_view text, sys_days today, std::vector<std::pair<Span, std::pair<Range, bool>>>& found)
      : words_(words_of(text)), today_(today), found_(found) {}

  void read() {
    while (at_ < words_.size()) {
      const auto begin = at_;
      if (!one()) at_ = begin + 1;
    }
  }

 private:
  std::string_view word(std::size_t ahead = 0) const {
    return at_ + ahead < words_.size() ? std::string_view(words_[at_ + ahead].text) : std::string_view();
  }

  bool take(std::size_t count, Range range, bool relative) {
    found_.push_back({{words_[at_].span.start, words_[at_ + count - 1].span.end}, {range, relative}});
    at_ += count;
    return true;
  }

  static std::optional<Unit> unit_of(std::string_view word) {
    if (word == "day" || word == "days") return Unit::Day;
    if (word == "week" || word == "weeks") return Unit::Week;
    if (word == "month" || word == "months") return Unit::Month;
    if (word == "year" || word == "years") return Unit::Year;
    return std::nullopt;
  }

  static int season_of(std::string_view word) {
    if (word == "spring") return 0;
    if (word == "summer") return 1;
    if (word == "autumn" || word == "fall") return 2;
    return word == "winter" ? 3 : -1;
  }

  static int year_of(std::string_view word) {
    const auto year = number_of_digits(word, 4);
    return year >= 1900 && year < 2200 ? year : -1;
  }

  bool one() {
    if (word() == "today" || word() == "tonight") return take(1, whole(today_, Unit::Day, 0), true);
    if (word() == "this" && (word(1) == "morning" || word(1) == "afternoon" || word(1) == "evening")) return take(2, whole(today_, Unit::Day, 0), true);
    if (word() == "day" && word(1) == "before" && word(2) == "yesterday") return take(3, whole(today_, Unit::Day, -2), true);
    if (word() == "yesterday") return take(1, whole(today_, Unit::Day, -1), true);
    if (word() == "last" && word(1) == "night") return take(2, {today_ - days(1), today_ + days(1)}, true);
    if (word() == "tomorrow") return take(1, whole(today_, Unit::Day, 1), true);
    if (word() == "recently" || word() == "lately") return take(1, {today_ - days(30), today_ + days(1), kVague}, true);
    return ago_expression() || during_the_last() || pointed() || season_expression() || date();
  }

  // "3 weeks ago", "a couple of days ago", "a few months ago"
  bool ago_expression() {
    std::size_t length = 0;
    double sure = 1;
    int count = number_of_digits(word(), 3);
    if (count < 0) count = index_in(kNumbers, word());
    if (count >= 0) {
      length = 1;
    } else if (word() == "a" || word() == "an") {
      count = 1;
      length = 1;
      if (word(1) == "couple" || word(1) == "few") {
        count = word(1) == "few" ? 3 : 2;
        sure = kVague;
        length = word(2) == "of" ? 3 : 2;
      }
    } else {
      return false;
    }
    const auto unit = unit_of(word(length));
    if (!unit || word(length + 1) != "ago" || count == 0) return false;
    auto range = ago(today_, *unit, count);
    if (sure < 1) {  // "a few weeks ago" may be two or five
      const auto width = range.to - range.from;
      range = {range.from - width * count / 2, range.to + width * (count - 1) / 2, kVague};
    }
    return take(length + 2, range, true);
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
    const auto unit = unit_of(word(length));
    if (count <= 0 || !unit) return false;
    static constexpr std::array<int, 4> kDays = {1, 7, 31, 366};
    return take(length + 1, {today_ - days(count * kDays[static_cast<std::size_t>(*unit)]), today_ + days(1)}, true);
  }

  // "last week", "this month", "next year", "last Monday", "last May", "last spring", "last weekend"
  bool pointed() {
    const int step = word() == "last" || word() == "past" || word() == "previous" ? -1 : word() == "this" ? 0 : word() == "next" ? 1 : 2;
    if (step == 2) return false;
    if (const auto unit = unit_of(word(1))) return take(2, whole(today_, *unit, step), true);
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
    if (const auto number = season_of(word(1)); number >= 0) {
      auto range = last_season(number, today_);
      if (step < 0 && range.to > today_) range = season(number, static_cast<int>(year_month_day(range.from).year()) - 1);
      if (step > 0) range = season(number, static_cast<int>(year_month_day(range.from).year()) + 1);
      return take(2, range, true);
    }
    if (const auto number = index_in(kMonths, word(1)); number >= 0) {
      auto range = last_month_named(number + 1, today_);
      if (step < 0 && range.to > today_) range = {add_months(range.from, -12), add_months(range.to, -12), kLikely};
      if (step > 0) range = {add_months(range.from, 12), add_months(range.to, 12), kLikely};
      return take(2, range, true);
    }
    return false;
  }

  // "summer 2021", "the summer of 2021", "in winter"
  bool season_expression() {
    const bool after_in = word() == "in";
    const std::size_t skip = after_in ? (word(1) == "the" ? 2 : 1) : 0;
    const auto number = season_of(word(skip));
    if (number < 0) return false;
    const std::size_t year_at = skip + (word(skip + 1) == "of" ? 2 : 1);
    if (const auto year = year_of(word(year_at)); year > 0) return take(year_at + 1, season(number, year), false);
    return after_in && take(skip + 1, last_season(number, today_), true);
  }

  // "2023-05-08", "8 May 2023", "May 8th, 2023", "May 2023", "in May", "in 2019"
  bool date() {
    const auto make = [](int year, int month, int day) -> std::optional<Range> {
      const auto date = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::day(static_cast<unsigned>(day));
      if (!date.ok()) return std::nullopt;
      return Range{sys_days(date), sys_days(date) + days(1)};
    };
    if (const auto year = year_of(word()); year > 0 && word().size() == 4) {
      const auto month = number_of_digits(word(1), 2);
      const auto day = number_of_digits(word(2), 2);
      if (month >= 1 && month <= 12 && day >= 1) {
        if (const auto range = make(year, month, day)) return take(3, *range, false);
      }
      return take(1, {first_of_year(sys_days(std::chrono::year(year) / 1 / 1)), sys_days(std::chrono::year(year + 1) / 1 / 1)}, false);
    }
    const auto day_of = [](std::string_view text) {
      for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
        if (text.size() > 2 && text.ends_with(ending)) text.remove_suffix(2);
      }
      const auto day = number_of_digits(text, 2);
      return day >= 1 && day <= 31 ? day : -1;
    };
    std::size_t length = 0;
    int day = day_of(word());
    int month = -1;
    if (day > 0) {
      length = word(1) == "of" ? 2 : 1;
      month = index_in(kMonths, word(length)) + 1;
      if (month == 0) return false;
      ++length;
    } else {
      const bool after_in = word() == "in";
      month = index_in(kMonths, word(after_in ? 1 : 0)) + 1;
      if (month == 0) return false;
      length = after_in ? 2 : 1;
      day = after_in ? -1 : day_of(word(length));
      if (day > 0) ++length;
      if (!after_in && day < 0 && year_of(word(length)) < 0) return false;  // "may", "march" are words of their own
    }
    const auto year = year_of(word(length));
    if (year > 0) ++length;
    if (day > 0) {
      auto range = make(year > 0 ? year : static_cast<int>(year_month_day(today_).year()), month, day);
      if (!range) return false;
      if (year <= 0) {
        range->sure = kLikely;
        if (range->from > today_) range = make(static_cast<int>(year_month_day(today_).year()) - 1, month, day);
        if (!range) return false;
      }
      return take(length, *range, false);
    }
    if (year > 0) {
      const auto from = sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / 1);
      return take(length, {from, add_months(from, 1)}, false);
    }
    return take(length, last_month_named(month, today_), false);
  }

  std::vector<Word> words_;
  sys_days today_;
  std::vector<std::pair<Span, std::pair<Range, bool>>>& found_;
  std::size_t at_ = 0;
};

class Chinese {
 public:
  Chinese(std::string_view text, sys_days today, std::vector<std::pair<Span, std::pair<Range, bool>>>& found)
      : text_(text), today_(today), found_(found) {}

  void read() {
    while (at_ < text_.size()) {
      begin_ = at_;
      if (one()) continue;
      at_ = begin_ + std::max<std::size_t>(code_point_at(text_, begin_).length, 1);
    }
  }

 private:
  bool skip(std::string_view text) {
    if (!text_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  template <std::size_t N>
  int skip_one(const std::array<std::string_view, N>& list) {
    for (std::size_t i = 0; i < N; ++i) {
      if (skip(list[i])) return static_cast<int>(i);
    }
    return -1;
  }

  bool take(Range range, bool relative = true) {
    found_.push_back({{begin_, at_}, {range, relative}});
    return true;
  }

  // 3, 三, 十二, 二十; 几 and 两三 are vague.
  std::optional<std::pair<int, double>> number() {
    static constexpr std::array<std::string_view, 11> kDigits = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "两"};
    if (skip("几") || skip("好几")) return std::pair(3, kVague);
    if (skip("两三")) return std::pair(3, kVague);
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end]) && end - at_ < 4) ++end;
    if (end > at_) {
      const auto value = std::atoi(std::string(text_.substr(at_, end - at_)).c_str());
      at_ = end;
      return std::pair(value, 1.0);
    }
    const auto before = at_;
    auto first = skip_one(kDigits);
    if (first == 10) first = 2;
    if (skip("十")) {
      auto ones = skip_one(kDigits);
      return std::pair((first > 0 ? first : 1) * 10 + std::max(ones, 0), 1.0);
    }
    if (first > 0) return std::pair(first, 1.0);
    at_ = before;
    return std::nullopt;
  }

  std::optional<Unit> unit() {
    static constexpr std::array<std::string_view, 8> kUnits = {"天", "个星期", "周", "星期", "个礼拜", "个月", "年", "日"};
    static constexpr std::array<Unit, 8> kOf = {Unit::Day, Unit::Week, Unit::Week, Unit::Week, Unit::Week, Unit::Month, Unit::Year, Unit::Day};
    const auto found = skip_one(kUnits);
    if (found < 0) return std::nullopt;
    return kOf[static_cast<std::size_t>(found)];
  }

  int season_number() {
    static constexpr std::array<std::string_view, 8> kSeasons = {"春天", "夏天", "秋天", "冬天", "春季", "夏季", "秋季", "冬季"};
    const auto found = skip_one(kSeasons);
    return found < 0 ? -1 : found % 4;
  }

  bool one() {
    static constexpr std::array<std::pair<std::string_view, int>, 14> kDays = {{{"大前天", -3}, {"大后天", 3}, {"前天", -2}, {"昨天", -1}, {"昨晚", -1},
        {"昨日", -1}, {"今天", 0}, {"今早", 0}, {"今晚", 0}, {"今日", 0}, {"明天", 1}, {"明早", 1}, {"后天", 2}, {"前晚", -2}}};
    for (const auto& [word, offset] : kDays) {
      if (skip(word)) return take(whole(today_, Unit::Day, offset));
    }
    if (skip("最近") || skip("近来")) return recent();
    if (skip("前几天") || skip("前些天") || skip("前两天")) return take({today_ - days(7), today_, kVague});
    if (skip("前阵子") || skip("前段时间")) return take({today_ - days(60), today_, kVague});
    if (const auto year = relative_year()) return year_with_part(*year, true);
    return week() || month() || season_alone() || numbered();
  }

  bool recent() {
    const auto before = at_;
    if (const auto count = number()) {
      if (const auto which = unit()) {
        static constexpr std::array<int, 4> kDaysOf = {1, 7, 31, 366};
        return take({today_ - days(count->first * kDaysOf[static_cast<std::size_t>(*which)]), today_ + days(1), count->second});
      }
    }
    at_ = before;
    return take({today_ - days(30), today_ + days(1), kVague});
  }

  std::optional<int> relative_year() {
    const auto year = static_cast<int>(year_month_day(today_).year());
    if (skip("大前年")) return year - 3;
    if (skip("前年")) return year - 2;
    if (skip("去年")) return year - 1;
    if (skip("今年")) return year;
    if (skip("明年")) return year + 1;
    return std::nullopt;
  }

  // 去年, 去年春天, 去年5月, 2019年8月5日
  bool year_with_part(int year, bool relative) {
    skip("的");
    if (const auto number = season_number(); number >= 0) return take(season(number, year), relative);
    const auto before = at_;
    if (const auto month = number(); month && month->first >= 1 && month->first <= 12 && (skip("月份") || skip("月"))) return month_with_day(year, month->first, relative, 1);
    at_ = before;
    const auto from = sys_days(std::chrono::year(year) / 1 / 1);
    return take({from, add_months(from, 12)}, relative);
  }

  bool month_with_day(int year, int month, bool relative, double sure) {
    const auto before = at_;
    const auto first = sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / 1);
    if (const auto day = number(); day && day->first >= 1 && day->first <= 31 && (skip("日") || skip("号"))) {
      const auto from = first + days(day->first - 1);
      return take({from, from + days(1), sure}, relative);
    }
    at_ = before;
    return take({first, add_months(first, 1), sure}, relative);
  }

  // 上周, 上上个星期, 这周三, 上周末
  bool week() {
    const auto before = at_;
    int step = 2;
    if (skip("上上个") || skip("上上")) step = -2;
    else if (skip("上个") || skip("上一") || skip("上")) step = -1;
    else if (skip("这个") || skip("本") || skip("这")) step = 0;
    else if (skip("下个") || skip("下")) step = 1;
    const bool bare = step == 2;
    if (bare) step = 0;
    static constexpr std::array<std::string_view, 4> kWeek = {"星期", "礼拜", "周", "週"};
    if (skip_one(kWeek) < 0) {
      at_ = before;
      return false;
    }
    static constexpr std::array<std::string_view, 7> kWeekday = {"一", "二", "三", "四", "五", "六", "日"};
    const auto monday = monday_of(today_) + days(7 * step);
    if (skip("末")) return take({monday + days(5), monday + days(7), bare ? kVague : 1});
    auto weekday = skip_one(kWeekday);
    if (weekday < 0 && skip("天")) weekday = 6;
    if (weekday >= 0) {
      auto day = monday + days(weekday);
      if (bare && day > today_) day -= days(7);
      return take({day, day + days(1), bare ? kVague : 1});
    }
    if (bare) {
      at_ = before;
      return false;
    }
    return take({monday, monday + days(7)});
  }

  bool month() {
    static constexpr std::array<std::pair<std::string_view, int>, 9> kWords = {{{"上上个月", -2}, {"上个月", -1}, {"上月", -1}, {"这个月", 0},
        {"本月", 0}, {"当月", 0}, {"下个月", 1}, {"下月", 1}, {"这月", 0}}};
    for (const auto& [word, step] : kWords) {
      if (skip(word)) return take(whole(today_, Unit::Month, step));
    }
    return false;
  }

  bool season_alone() {
    const auto before = at_;
    const bool last = skip("上个") || skip("上");
    if (const auto number = season_number(); number >= 0) {
      auto range = last_season(number, today_);
      if (last && range.to > today_) range = season(number, static_cast<int>(year_month_day(range.from).year()) - 1);
      return take(range);
    }
    at_ = before;
    return false;
  }

  // 三天前, 2019年, 5月8日
  bool numbered() {
    const auto before = at_;
    const auto count = number();
    if (!count) return false;
    const auto after_number = at_;
    if (count->first >= 1900 && count->first < 2200 && skip("年")) return year_with_part(count->first, false);
    if (const auto which = unit(); which && (skip("之前") || skip("以前") || skip("前"))) {
      auto range = ago(today_, *which, std::max(count->first, 1));
      if (count->second < 1) {
        const auto width = range.to - range.from;
        range = {range.from - width * 2, range.to + width, kVague};
      }
      return take(range);
    }
    at_ = after_number;
    if (count->first >= 1 && count->first <= 12 && (skip("月份") || (skip("月")))) {
      const auto range = last_month_named(count->first, today_);
      return month_with_day(static_cast<int>(year_month_day(range.from).year()), count->first, false, kLikely);
    }
    at_ = before;
    return false;
  }

  std::string_view text_;
  sys_days today_;
  std::vector<std::pair<Span, std::pair<Range, bool>>>& found_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
};

constexpr int kVaguelyNear = 30;

}  // namespace

std::vector<TimeSpan> find_times(std::string_view text, Moment moment) {
  const auto zone = std::chrono::minutes(moment.zone);
  const auto today = std::chrono::floor<days>(moment.now + zone);
  std::vector<std::pair<Span, std::pair<Range, bool>>> found;
  English(text, today, found).read();
  Chinese(text, today, found).read();
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first.start != b.first.start ? a.first.start < b.first.start : a.first.end > b.first.end;
  });
  std::vector<TimeSpan> spans;
  for (const auto& [words, what] : found) {
    if (!spans.empty() && words.start < spans.back().words.end) continue;  // 2019 within 2019年5月
    const auto& [range, relative] = what;
    spans.push_back({Time(range.from) - zone, Time(range.to) - zone, range.sure, words, relative});
  }
  return spans;
}

std::vector<TimeByEvent> find_times_by_event(std::string_view text) {
  std::vector<TimeByEvent> found;
  const auto words = words_of(text);
  static constexpr std::array<std::pair<std::string_view, int>, 4> kUnits = {{{"day", 1}, {"week", 7}, {"month", 31}, {"year", 366}}};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool before = words[i].text == "before";
    if (!before && words[i].text != "after") continue;
    auto event = i + 1;
    if (words[event].text == "the" || words[event].text == "my" || words[event].text == "our" || words[event].text == "his" || words[event].text == "her") ++event;
    const bool named = event > i + 1;
    int length = kVaguelyNear;
    auto start = i;
    if (i > 0) {
      for (const auto& [unit, count] : kUnits) {
        if (words[i - 1].text != unit) continue;
        length = count;
        start = i - 1;
      }
    }
    if ((!named && start == i) || event >= words.size()) continue;
    if (words[event].text == "yesterday" || words[event].text == "last" || words[event].text == "next") continue;
    const auto last = std::min(words.size(), event + 4) - 1;
    found.push_back({{words[event].span.start, words[last].span.end}, {words[start].span.start, words[last].span.end}, before ? -length : 0, before ? 0 : length + 1});
  }
  // 出发前一周, 婚礼之后三天, 搬家前
  struct Mark {
    std::string_view text;
    int direction;
  };
  static constexpr std::array<Mark, 6> kMarks = {{{"之前", -1}, {"以前", -1}, {"之后", 1}, {"以后", 1}, {"前", -1}, {"后", 1}}};
  static constexpr std::array<std::pair<std::string_view, int>, 8> kLengths = {
      {{"一天", 1}, {"一周", 7}, {"一个星期", 7}, {"两周", 14}, {"三天", 3}, {"一个月", 31}, {"半个月", 15}, {"一年", 366}}};
  for (const auto& mark : kMarks) {
    for (auto at = text.find(mark.text); at != text.npos; at = text.find(mark.text, at + mark.text.size())) {
      auto start = at;  // up to four characters before it
      for (int i = 0; i < 4 && start > 0; ++i) {
        auto previous = start - 1;
        while (previous > 0 && (static_cast<unsigned char>(text[previous]) & 0xC0) == 0x80) --previous;
        if (!is_han(code_point_at(text, previous).value) || code_point_at(text, previous).value == 0x7684) break;  // 的
        start = previous;
      }
      const auto event = text.substr(start, at - start);
      if (event.size() < 6 || event.find("天") != event.npos || event.find("年") != event.npos || event.find("月") != event.npos ||
          event.find("周") != event.npos) {
        continue;
      }
      auto end = at + mark.text.size();
      for (const auto& [word, days_of] : kLengths) {
        if (!text.substr(end).starts_with(word)) continue;
        end += word.size();
        found.push_back({{start, at}, {start, end}, mark.direction < 0 ? -days_of : 0, mark.direction < 0 ? 0 : days_of + 1});
        break;
      }
    }
  }
  return found;
}

}  // namespace hearth::memory
