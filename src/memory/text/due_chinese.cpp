#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "memory/text/due_days.h"

namespace hearth::memory {
namespace {

using namespace std::chrono;

class Chinese {
 public:
  Chinese(std::string_view sentence, sys_days said) : text_(sentence), said_(said) {}

  std::optional<Due> find() {
    std::optional<Due> due;
    for (std::size_t i = 0; i < text_.size() && !due; ++i) {
      if ((static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80) continue;
      at_ = i;
      if (no_day_ahead_here()) {
        i = at_ - 1;
        continue;
      }
      at_ = i;
      const auto day = day_here();
      if (!day) {  // a number says nothing else from its middle on
        at_ = i;
        if (number_here()) i = at_ - 1;
        continue;
      }
      if (*day < said_) {
        i = at_ - 1;
        continue;
      }
      due = Due{*day, std::nullopt, {i, at_}, false};
      if (evening_) due->time = time_here(true);
      if (!due->time) due->time = time_here(false);
      if (!due->time && weekday_too()) due->time = time_here(false);
      due->either_half = due->time && either_half_;
      due->words.end = at_;
      due->by = take({"之前", "以前", "前", "内", "之内"});
    }
    if (!due) {
      for (std::size_t i = 0; i < text_.size() && !due; ++i) {
        if ((static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80) continue;
        at_ = i;
        const auto time = time_here(false);
        if (!time) continue;
        due = Due{said_, time, {i, at_}, false, false, either_half_};
        due->by = take({"之前", "以前", "前"});
      }
    }
    return due ? due : part_of_today();
  }

 private:
  // "下午", "晚上" alone: today.
  std::optional<Due> part_of_today() {
    for (const std::string_view part : {"下午", "晚上", "傍晚", "中午"}) {
      const auto found = text_.find(part);
      if (found == text_.npos) continue;
      for (const std::string_view other : {"昨天", "前天", "昨日", "那天", "当天", "每天", "天天", "有天", "一天", "整个"}) {
        if (text_.substr(0, found).ends_with(other)) return std::nullopt;
      }
      return Due{said_, std::nullopt, {found, found + part.size()}, false, false};
    }
    return std::nullopt;
  }

  // "上周三", "上个月5号", "每周三".
  bool no_day_ahead_here() {
    if (!take({"上上个", "上上", "上个", "上", "每个", "每逢", "每"})) return false;
    if (take({"月"})) {
      if (number_here()) take({"号", "日"});
      return true;
    }
    const auto start = at_;
    if (week_here()) return true;
    at_ = start;
    return take({"周", "星期", "礼拜"});
  }

  // The weekday that stands behind a date: "12月3日（周四）14:30".
  bool weekday_too() {
    const auto start = at_;
    take({"，", ",", " "});
    const bool bracket = take({"（", "("});
    if (week_here() && (!bracket || take({"）", ")"}))) return true;
    at_ = start;
    return false;
  }

  bool take(std::initializer_list<std::string_view> words) {
    for (const auto one : words) {
      if (text_.substr(at_).starts_with(one)) {
        at_ += one.size();
        return true;
      }
    }
    return false;
  }

  // 0 to 99 in figures or characters.
  std::optional<int> number_here() {
    auto end = at_;
    while (end < text_.size() && is_figure(text_[end])) ++end;
    if (end > at_) {
      const auto value = number_in(text_.substr(at_, end - at_));
      at_ = end;
      return value;
    }
    static constexpr std::array<std::string_view, 11> kFigures = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    std::optional<int> value;
    while (true) {
      std::optional<int> figure;
      for (int i = 0; i < 11; ++i) {
        if (text_.substr(at_).starts_with(kFigures[static_cast<std::size_t>(i)])) figure = i;
      }
      if (!figure && text_.substr(at_).starts_with("两")) figure = 2;
      if (!figure) return value;
      at_ += 3;
      if (value && *value > 99) return std::nullopt;
      if (*figure == 10) {
        value = value.value_or(1) * 10;
      } else {
        value = value && *value >= 10 ? *value + *figure : *figure;
      }
    }
  }

  std::optional<sys_days> day_here() {
    evening_ = false;
    if (take({"今天", "今日"})) return said_;
    if (take({"今晚"})) {
      evening_ = true;
      return said_;
    }
    if (take({"明晚"})) {
      evening_ = true;
      return said_ + days(1);
    }
    if (take({"明天", "明日", "明早", "明儿"})) return said_ + days(1);
    if (take({"大后天"})) return said_ + days(3);
    if (take({"后天"})) return said_ + days(2);
    const auto start = at_;
    if (const auto found = week_here()) return found;
    at_ = start;
    const year_month_day today(said_);
    if (take({"本月底", "这个月底", "月底"})) return end_of_month(today.year() / today.month());
    if (take({"下个月底", "下月底", "下个月", "下月"})) {
      if (const auto day_number = number_here(); day_number && *day_number <= 31 && take({"号", "日"})) {
        const auto date = (today.year() / today.month() + months(1)) / day(static_cast<unsigned>(*day_number));
        return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
      }
      return end_of_month(today.year() / today.month() + months(1));
    }
    if (take({"今年年底", "年底"})) return sys_days(today.year() / December / 31);
    at_ = start;
    return numbered_day();
  }

  std::optional<sys_days> week_here() {
    const bool after_next = take({"下下"});
    const bool next = after_next || take({"下个", "下"});
    const bool this_one = !next && take({"这个", "这", "本"});
    if (take({"周末"})) return monday_of(said_) + days(5 + (after_next ? 14 : next ? 7 : 0));
    if (!take({"周", "星期", "礼拜"})) return std::nullopt;
    static constexpr std::array<std::string_view, 6> kDays = {"一", "二", "三", "四", "五", "六"};
    std::optional<int> wanted;
    for (std::size_t i = 0; i < kDays.size(); ++i) {
      if (take({kDays[i]})) wanted = static_cast<int>(i);
    }
    if (!wanted && take({"日", "天", "末"})) wanted = 6;
    if (!wanted) {
      if (after_next) return monday_of(said_) + days(18);
      if (next) return monday_of(said_) + days(11);
      return this_one ? std::optional(friday_from(said_)) : std::nullopt;
    }
    auto found = monday_of(said_) + days(*wanted + (after_next ? 14 : next ? 7 : 0));
    if (!next && !this_one && found < said_) found += days(7);
    return found;
  }

  // "5月5日", "2026年5月5日", "15号", "三天内", "两周后".
  std::optional<sys_days> numbered_day() {
    auto first = number_here();
    if (!first) return std::nullopt;
    std::optional<int> year_number;
    if (*first >= 1990 && *first <= 2100 && take({"年"})) {
      year_number = first;
      first = number_here();
      if (!first) return std::nullopt;
    }
    if (take({"月"})) {
      if (take({"底"})) {
        const auto begin = date_of(year_number, static_cast<unsigned>(*first), 1, said_);
        if (!begin) return std::nullopt;
        const year_month_day date(*begin);
        return end_of_month(date.year() / date.month());
      }
      const auto day_number = number_here();
      if (!day_number) return std::nullopt;
      take({"日", "号"});
      return date_of(year_number, static_cast<unsigned>(*first), static_cast<unsigned>(*day_number), said_);
    }
    if (take({"号"}) && *first >= 1 && *first <= 31) {
      const year_month_day today(said_);
      auto date = today.year() / today.month() / day(static_cast<unsigned>(*first));
      if (date.ok() && sys_days(date) < said_) date += months(1);
      return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
    }
    if (*first > 366) return std::nullopt;
    std::optional<sys_days> found;
    if (take({"天"})) found = said_ + days(*first);
    if (!found && take({"个星期", "星期", "周", "个礼拜", "礼拜"})) found = said_ + days(7 * *first);
    const auto here = text_.substr(at_);
    const bool ahead = here.starts_with("内") || here.starts_with("之内") || here.starts_with("以内") || here.starts_with("后") || here.starts_with("之后");
    return found && ahead ? found : std::nullopt;
  }

  std::optional<minutes> time_here(bool evening) {
    const auto start = at_;
    take({"的", " "});
    bool later = evening;
    either_half_ = false;
    if (take({"下午", "晚上", "傍晚", "今晚", "明晚"})) {
      later = true;
    } else if (take({"中午"})) {
      later = true;
    } else if (!take({"上午", "早上", "早晨", "凌晨"})) {
      for (const std::string_view late : {"晚饭", "晚餐", "夜宵", "演唱会"}) later = later || text_.find(late) != text_.npos;
      either_half_ = !later;
    }
    auto hour = number_here();
    std::optional<int> minute = 0;
    if (hour && *hour <= 24) {
      if (take({"点半", "點半"})) {
        minute = 30;
      } else if (take({"点一刻"})) {
        minute = 15;
      } else if (take({"点三刻"})) {
        minute = 45;
      } else if (take({"点", "點", "时"})) {
        const auto before = at_;
        if (const auto found = number_here(); found && take({"分"})) {
          minute = found;
        } else {
          at_ = before;
          take({"钟", "整"});
        }
      } else if (take({":", "："})) {
        minute = number_here();
      } else {
        hour.reset();
      }
    }
    if (!hour || *hour > 24 || !minute || *minute > 59) {
      at_ = start;
      return std::nullopt;
    }
    either_half_ = either_half_ && *hour >= 1 && *hour <= 12;
    return hours(*hour < 12 && later ? *hour + 12 : *hour) + minutes(*minute);
  }

  std::string_view text_;
  sys_days said_;
  std::size_t at_ = 0;
  bool evening_ = false;
  bool either_half_ = false;  // of the time that was read last
};

}  // namespace

std::optional<Due> find_chinese_due(std::string_view sentence, sys_days said) { return Chinese(sentence, said).find(); }

}  // namespace hearth::memory
