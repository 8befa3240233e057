#include <algorithm>
#include <array>
#include <cstdlib>

#include "memory/holidays.h"
#include "memory/text/unicode.h"
#include "memory/time_ranges.h"

namespace hearth::memory {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

class Chinese {
 public:
  Chinese(std::string_view text, sys_days today, std::vector<NamedTime>& found) : text_(text), today_(today), found_(found) {}

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
    const auto open = open_ended(range);
    found_.push_back({{begin_, at_}, open ? *open : range, relative || open});
    return true;
  }

  // The same words may mean either.
  bool take_either(const Range& first, const Range& second, bool relative) {
    found_.push_back({{begin_, at_}, first, relative});
    found_.push_back({{begin_, at_}, second, relative});
    return true;
  }

  // 去年以来, 2025年之前
  std::optional<Range> open_ended(const Range& range) {
    if (skip("以来") || skip("至今") || skip("到现在")) return since(range, today_);
    if (skip("之前") || skip("以前")) return before(range);
    if (skip("之后") || skip("以后")) return after(range);
    return std::nullopt;
  }

  // Skips a word unless one of these follows it.
  bool skip_alone(std::string_view word, std::string_view unless) {
    const auto start = at_;
    if (!skip(word)) return false;
    const auto next = text_.substr(at_, code_point_at(text_, at_).length);
    if (next.empty() || unless.find(next) == unless.npos) return true;
    at_ = start;
    return false;
  }

  // A month or a year, or what follows of it: 三月底, 上个月中旬, 年初
  bool take_part(Range range, bool relative) {
    if (skip_alone("初", "中一二三次级始")) range = part_of(range, Part::Beginning);
    else if (skip("中旬") || skip_alone("中", "国学心午间秋文医")) range = part_of(range, Part::Middle);
    else if (skip("上旬")) range = part_of(range, Part::Beginning);
    else if (skip("下旬") || skip_alone("底", "下层") || skip("末")) range = part_of(range, Part::End);
    return take(range, relative);
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
    if (skip("这几天") || skip("这两天")) return take({today_ - days(3), today_ + days(2), kVague});
    if (skip("前阵子") || skip("前段时间")) return take({today_ - days(60), today_, kVague});
    if (const auto year = relative_year()) return year_with_part(*year, true);
    return past_few() || feast() || week() || month() || season_alone() || part_of_last_year() || half() || numbered();
  }

  bool recent() {
    const auto before = at_;
    if (const auto count = number()) {
      if (const auto which = unit()) return take(during_last(today_, *which, count->first, count->second));
    }
    at_ = before;
    return take({today_ - days(30), today_ + days(1), kVague});
  }

  // 近三天, 过去两个月
  bool past_few() {
    const auto before = at_;
    if (skip("近") || skip("过去")) {
      if (const auto count = number()) {
        if (const auto which = unit()) return take(during_last(today_, *which, count->first, count->second));
      }
    }
    at_ = before;
    return false;
  }

  // 春节, 国庆前一天, 中秋节后
  bool feast() {
    const auto which = chinese_holiday(text_.substr(at_));
    if (!which) return false;
    at_ += which->second;
    const auto range = last_holiday(which->first, today_);
    return range && take(around_feast(*range), false);
  }

  Range around_feast(const Range& feast) {
    constexpr int kAround = 14;
    const auto before_it = at_;
    const bool earlier = skip("前一") || skip("之前一") || skip("前");
    const bool later = !earlier && (skip("后一") || skip("之后一") || skip("后"));
    if (!earlier && !later) return feast;
    int length = 1;
    const bool one_unit = text_.substr(before_it, at_ - before_it).ends_with("一");
    const auto count = one_unit ? std::optional(std::pair(1, 1.0)) : number();
    if (const auto which = count ? unit() : std::nullopt) {
      static constexpr std::array<int, 4> kDays = {1, 7, 31, 366};
      length = count->first * kDays[static_cast<std::size_t>(*which)];
    } else {
      length = kAround;
    }
    return earlier ? Range{feast.from - days(length), feast.from, feast.sure} : Range{feast.to, feast.to + days(length), feast.sure};
  }

  std::optional<int> relative_year() {
    const auto year = year_of(today_);
    if (skip("大前年")) return year - 3;
    if (skip("前年")) return year - 2;
    if (skip("去年")) return year - 1;
    if (skip("今年")) return year;
    if (skip("明年")) return year + 1;
    return std::nullopt;
  }

  // 去年, 去年春天, 去年5月, 2019年8月5日, 去年国庆, 2024年第三季度, 今年上半年, 去年年底, 去年的今天
  bool year_with_part(int year, bool relative) {
    const auto whole_year = at_;
    skip("的");
    if (const auto number = season_number(); number >= 0) return take(season(number, year), relative);
    if (const auto which = chinese_holiday(text_.substr(at_))) {
      if (const auto range = holiday(which->first, year)) {
        at_ += which->second;
        return take(around_feast(*range), relative);
      }
    }
    if (const auto part = half_or_quarter()) return take(months_of(year, part->first, part->second), relative);
    if (skip("今天") || skip("同一天") || skip("这一天")) {
      const auto back = year_of(today_) - year;
      return take({today_ - days(366 * back + 3), today_ - days(365 * back - 4), kLikely}, true);
    }
    const auto before = at_;
    if (const auto month = number(); month && month->first >= 1 && month->first <= 12 && (skip("月份") || skip("月"))) return month_with_day(year, month->first, relative, 1);
    at_ = before;
    if (skip("年")) {  // 去年年底
      if (const auto part = at_; take_part(months_of(year, 1, 12), relative) && found_.back().words.end > part) return true;
      found_.pop_back();
    }
    at_ = whole_year;
    return take_part(months_of(year, 1, 12), relative);
  }

  // 上半年, 第三季度: its first month, and how many it has.
  std::optional<std::pair<int, int>> half_or_quarter() {
    if (skip("上半年")) return std::pair(1, 6);
    if (skip("下半年")) return std::pair(7, 6);
    const auto before = at_;
    skip("第");
    if (const auto count = number(); count && count->first >= 1 && count->first <= 4 && skip("季度")) return std::pair(3 * count->first - 2, 3);
    at_ = before;
    return std::nullopt;
  }

  // 年底, 下半年, 三季度: the last ones that have begun.
  bool part_of_last_year() {
    const auto year = year_of(today_);
    if (const auto part = half_or_quarter()) {
      auto range = months_of(year, part->first, part->second);
      if (range.from > today_) range = months_of(year - 1, part->first, part->second);
      return take(range, false);
    }
    for (const auto& [word, part] : {std::pair<std::string_view, Part>{"年初", Part::Beginning}, {"年底", Part::End}, {"年末", Part::End}}) {
      if (!skip(word)) continue;
      auto range = part_of(months_of(year, 1, 12), part);
      if (range.from > today_) range = part_of(months_of(year - 1, 1, 12), part);
      return take(range);
    }
    for (const auto& [word, part] : {std::pair<std::string_view, Part>{"月初", Part::Beginning}, {"月底", Part::End}, {"月末", Part::End}}) {
      if (!skip(word)) continue;
      auto range = part_of(whole(today_, Unit::Month, 0), part);
      if (range.from > today_) range = part_of(whole(today_, Unit::Month, -1), part);
      return take(range);
    }
    return false;
  }

  // 半年前, 半个月前
  bool half() {
    if (skip("半年前") || skip("半年之前") || skip("半年以前")) return take(ago(today_, Unit::Month, 6));
    if (skip("半个月前") || skip("半个月之前")) return take(ago(today_, Unit::Week, 2));
    return false;
  }

  bool month_with_day(int year, int month, bool relative, double sure) {
    const auto before = at_;
    auto whole_month = month_of(year, month);
    whole_month.sure = sure;
    if (const auto day = number(); day && day->first >= 1 && day->first <= 31 && (skip("日") || skip("号"))) {
      const auto from = whole_month.from + days(day->first - 1);
      return take({from, from + days(1), sure}, relative);
    }
    at_ = before;
    return take_part(whole_month, relative);
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
      if (!bare) return take({day, day + days(1)});
      if (day > today_) day -= days(7);
      constexpr double kToCome = 0.4;
      return take_either({day, day + days(1), kVague}, {day + days(7), day + days(8), kToCome}, true);
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
      if (skip(word)) return take_part(whole(today_, Unit::Month, step), true);
    }
    return false;
  }

  bool season_alone() {
    const auto before = at_;
    const bool last = skip("上个") || skip("上");
    if (const auto number = season_number(); number >= 0) {
      auto range = last_season(number, today_);
      if (last && range.to > today_) range = season(number, year_of(range.from) - 1);
      return take(range);
    }
    at_ = before;
    return false;
  }

  // 三天前, 两周后, 2019年, 二〇一九年, 5月8日, 8号
  bool numbered() {
    const auto before = at_;
    if (const auto year = year_in_characters()) return year_with_part(*year, false);
    const auto count = number();
    if (!count) return false;
    const auto after_number = at_;
    if (count->first >= 1900 && count->first < 2200 && skip("年")) return year_with_part(count->first, false);
    if (const auto which = unit()) {
      if (skip("之前") || skip("以前") || skip("前")) {
        const auto number = std::max(count->first, 1);
        return take(count->second < 1 ? vaguely_ago(today_, *which, number) : ago(today_, *which, number));
      }
      if (skip("之后") || skip("以后") || skip_alone("后", "面来续果")) {
        const auto past = ago(today_, *which, std::max(count->first, 1));
        const auto mirrored = [&](sys_days day) { return today_ + (today_ - day) + days(1); };
        return take({mirrored(past.to), mirrored(past.from), kVague});
      }
    }
    at_ = after_number;
    if (count->first >= 1 && count->first <= 12 && (skip("月份") || (skip("月")))) {
      const auto range = last_month_named(count->first, today_);
      return month_with_day(year_of(range.from), count->first, false, kLikely);
    }
    if (count->first >= 1 && count->first <= 31 && skip_alone("号", "线楼门店机厅馆房桌院位码车库球文")) return day_of_month(count->first);
    at_ = before;
    return false;
  }

  // The last one, or the one to come.
  bool day_of_month(int day) {
    const auto of = [&](int months_away) {
      const auto month = whole(today_, Unit::Month, months_away);
      return Range{month.from + days(day - 1), month.from + days(day), kVague};
    };
    const int last = of(0).from > today_ ? -1 : 0;
    return take_either(of(last), of(last + 1), false);
  }

  // 二〇二五年, 二零二五年
  std::optional<int> year_in_characters() {
    static constexpr std::array<std::string_view, 11> kDigits = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "〇"};
    const auto before = at_;
    int year = 0;
    for (int i = 0; i < 4; ++i) {
      const auto digit = skip_one(kDigits);
      if (digit < 0) {
        at_ = before;
        return std::nullopt;
      }
      year = 10 * year + digit % 10;
    }
    if (year >= 1900 && year < 2200 && skip("年")) return year;
    at_ = before;
    return std::nullopt;
  }

  std::string_view text_;
  sys_days today_;
  std::vector<NamedTime>& found_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

void find_chinese_times(std::string_view text, sys_days today, std::vector<NamedTime>& found) { Chinese(text, today, found).read(); }

}  // namespace hearth::memory
