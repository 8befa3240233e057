#include "memory/text/due.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace hearth::memory {
namespace {

using namespace std::chrono;

struct Word {
  std::string text;  // lower case, without "th" and dots at the end
  std::size_t start = 0;
  std::size_t end = 0;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_figure(char c) { return c >= '0' && c <= '9'; }

// Words of letters, of figures with : - between them, and of both.
std::vector<Word> words_of(std::string_view sentence) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!is_letter(sentence[at]) && !is_figure(sentence[at])) {
      ++at;
      continue;
    }
    auto end = at;
    const auto goes_on = [&] {
      const char c = sentence[end];
      if (is_letter(c) || is_figure(c)) return true;
      const bool inner = (c == ':' || c == '-' || c == '.') && end + 1 < sentence.size() && end > at;
      return inner && is_figure(sentence[end - 1]) && is_figure(sentence[end + 1]);
    };
    while (end < sentence.size() && goes_on()) ++end;
    Word word{std::string(sentence.substr(at, end - at)), at, end};
    std::transform(word.text.begin(), word.text.end(), word.text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    words.push_back(std::move(word));
    at = end;
  }
  return words;
}

std::optional<int> number_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <std::size_t N>
std::optional<int> place_in(const std::array<std::string_view, N>& names, std::string_view word) {
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

std::optional<unsigned> month_of(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths = {"january", "february", "march",     "april",   "may",      "june",
                                                               "july",    "august",   "september", "october", "november", "december"};
  static constexpr std::array<std::string_view, 12> kShort = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  auto found = place_in(kMonths, word);
  if (!found) found = place_in(kShort, word == "sept" ? "sep" : word);
  if (!found) return std::nullopt;
  return static_cast<unsigned>(*found) + 1;
}

std::optional<unsigned> weekday_of(std::string_view word) {  // 0: Sunday
  static constexpr std::array<std::string_view, 7> kDays = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  static constexpr std::array<std::string_view, 7> kShort = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  auto found = place_in(kDays, word);
  if (!found && word != "sun" && word != "sat" && word != "wed") found = place_in(kShort, word);
  if (!found && (word == "tues" || word == "thurs" || word == "thur")) found = word == "tues" ? 2 : 4;
  if (!found) return std::nullopt;
  return static_cast<unsigned>(*found);
}

std::optional<int> count_of(std::string_view word) {
  static constexpr std::array<std::string_view, 13> kNumbers = {"zero", "one", "two",   "three", "four", "five",  "six",
                                                                "seven", "eight", "nine", "ten",  "eleven", "twelve"};
  if (word == "a" || word == "an") return 1;
  if (word == "couple") return 2;
  if (const auto found = place_in(kNumbers, word)) return found;
  const auto number = number_in(word);
  return number && *number > 0 && *number <= 100 ? number : std::nullopt;
}

// "5", "5th", "21st": a day of a month.
std::optional<unsigned> day_number(std::string_view word, bool ordinal) {
  bool has_ending = false;
  for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
    if (word.size() > 2 && word.ends_with(ending)) {
      word.remove_suffix(2);
      has_ending = true;
      break;
    }
  }
  const auto number = number_in(word);
  if (!number || *number < 1 || *number > 31 || (ordinal && !has_ending)) return std::nullopt;
  return static_cast<unsigned>(*number);
}

sys_days monday_of(sys_days day) { return day - (weekday(day) - Monday); }
sys_days next_weekday(sys_days after, unsigned wanted) {
  const auto gap = (weekday(wanted) - weekday(after)).count();
  return after + days(gap == 0 ? 7 : gap);
}
sys_days friday_from(sys_days day) { return weekday(day) == Friday ? day : next_weekday(day, 5); }
sys_days end_of_month(year_month month) { return sys_days(month / last); }

// A day of a year; without a year the next one, which a few weeks back still counts as this year's and thus as past.
std::optional<sys_days> date_of(std::optional<int> year_number, unsigned month_number, unsigned day_number, sys_days said) {
  if (month_number < 1 || month_number > 12 || day_number < 1 || day_number > 31) return std::nullopt;
  const year_month_day today(said);
  auto date = year(year_number.value_or(static_cast<int>(today.year()))) / month(month_number) / day(day_number);
  if (!date.ok()) return std::nullopt;
  if (!year_number && sys_days(date) + days(60) < said) date += years(1);
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

// --- English ---

class English {
 public:
  English(std::string_view sentence, sys_days said) : words_(words_of(sentence)), said_(said) {}

  std::optional<Due> find() {
    std::optional<Due> due;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < words_.size() && !due; ++i) {
      auto day = day_at(i, taken);
      if (!day || *day < said_) continue;
      due = Due{*day, std::nullopt, {words_[i].start, words_[i + taken - 1].end}, follows_by(i)};
    }
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto time = time_at(i, taken);
      if (!time) continue;
      const Span words{words_[i].start, words_[i + taken - 1].end};
      if (!due) due = Due{said_, std::nullopt, words, follows_by(i)};
      due->time = time;
      due->words = {std::min(due->words.start, words.start), std::max(due->words.end, words.end)};
      due->by = due->by || follows_by(i);
      break;
    }
    return due;
  }

 private:
  std::string_view word(std::size_t i) const { return i < words_.size() ? std::string_view(words_[i].text) : std::string_view(); }

  bool follows_by(std::size_t i) const {
    for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
      const auto before = word(i - back);
      if (before == "by" || before == "before" || before == "until" || before == "till" || before == "than" || before == "within" || before == "due") return true;
    }
    return false;
  }

  std::optional<int> year_at(std::size_t i) const {
    const auto number = number_in(word(i));
    return number && *number >= 1990 && *number <= 2100 ? number : std::nullopt;
  }

  // The day that the words from `i` on name, and how many words do.
  std::optional<sys_days> day_at(std::size_t i, std::size_t& taken) const {
    taken = 1;
    const auto one = word(i);
    const auto before = i > 0 ? word(i - 1) : std::string_view();
    if (before == "last" || before == "past" || before == "every" || before == "each") return std::nullopt;
    if (one == "today" || one == "tonight") return said_;
    if (one == "eod" || (one == "end" && word(i + 1) == "of" && (word(i + 2) == "day" || (word(i + 2) == "the" && word(i + 3) == "day") || word(i + 2) == "today"))) {
      taken = one == "eod" ? 1 : word(i + 2) == "the" ? 4 : 3;
      return said_;
    }
    if (one == "day" && word(i + 1) == "after" && word(i + 2) == "tomorrow") {
      taken = 3;
      return said_ + days(2);
    }
    if (one == "tomorrow") return said_ + days(1);
    if (const auto found = period_at(i, taken)) return found;
    if (const auto found = weekday_of(one)) return of_weekday(i, *found, taken);
    if (const auto found = calendar_at(i, taken)) return found;
    if ((one == "in" || one == "within") && i + 2 < words_.size()) return distance_at(i, taken);
    return std::nullopt;
  }

  // "end of the week", "next week", "this month".
  std::optional<sys_days> period_at(std::size_t i, std::size_t& taken) const {
    auto at = i;
    const bool end = word(at) == "end";
    if (end) {
      if (word(++at) != "of") return std::nullopt;
      ++at;
      if (word(at) == "the") ++at;
    }
    const bool next = word(at) == "next";
    const bool this_one = word(at) == "this";
    if (next || this_one) ++at;
    if (!end && !next && !this_one) {
      taken = 1;
      return word(i) == "eow" ? std::optional(friday_from(said_)) : std::nullopt;
    }
    taken = at - i + 1;
    const year_month_day today(said_);
    if (word(at) == "week") return next ? monday_of(said_) + days(11) : friday_from(said_);
    if (word(at) == "weekend") return next ? monday_of(said_) + days(12) : monday_of(said_) + days(5) < said_ ? said_ : monday_of(said_) + days(5);
    if (word(at) == "month") return end_of_month((today.year() / today.month()) + months(next ? 1 : 0));
    if (word(at) == "year" && (end || next)) return sys_days((today.year() + years(next ? 1 : 0)) / December / 31);
    if (end && month_of(word(at))) {
      const auto found = date_of(std::nullopt, *month_of(word(at)), 1, said_);
      const year_month_day first(*found);
      return end_of_month(first.year() / first.month());
    }
    return std::nullopt;
  }

  std::optional<sys_days> of_weekday(std::size_t i, unsigned wanted, std::size_t& taken) const {
    const bool next = i > 0 && word(i - 1) == "next";
    // "Monday 5 May" is what the date says.
    for (std::size_t skip = 1; skip <= 2; ++skip) {
      std::size_t more = 0;
      if (const auto date = calendar_at(i + skip, more); date && (skip == 1 || word(i + 1) == "the" || word(i + 1) == "on")) {
        taken = skip + more;
        return date;
      }
    }
    taken = 1;
    const auto of_week = monday_of(said_) + days((weekday(wanted) - Monday).count());
    if (next) return of_week + days(7);
    return next_weekday(said_, wanted);
  }

  // "5 May", "5th of May 2026", "May 5th", "2026-05-05", "the 15th".
  std::optional<sys_days> calendar_at(std::size_t i, std::size_t& taken) const {
    const auto one = word(i);
    if (one.size() == 10 && one[4] == '-' && one[7] == '-') {
      const auto y = number_in(one.substr(0, 4));
      const auto m = number_in(one.substr(5, 2));
      const auto d = number_in(one.substr(8, 2));
      taken = 1;
      if (y && m && d && *m > 0 && *d > 0) return date_of(y, static_cast<unsigned>(*m), static_cast<unsigned>(*d), said_);
    }
    if (const auto d = day_number(one, false)) {
      const auto at = word(i + 1) == "of" ? i + 2 : i + 1;
      if (const auto m = month_of(word(at))) {
        const auto y = year_at(at + 1);
        taken = at - i + (y ? 2 : 1);
        return date_of(y, *m, *d, said_);
      }
    }
    if (const auto m = month_of(one)) {
      if (const auto d = day_number(word(i + 1) == "the" ? word(i + 2) : word(i + 1), false)) {
        const auto at = word(i + 1) == "the" ? i + 3 : i + 2;
        const auto y = year_at(at);
        taken = at - i + (y ? 1 : 0);
        return date_of(y, *m, *d, said_);
      }
    }
    if (const auto d = day_number(one, true); d && i > 0 && word(i - 1) == "the" && i > 1 && (word(i - 2) == "by" || word(i - 2) == "on" || word(i - 2) == "before")) {
      const year_month_day today(said_);
      auto date = today.year() / today.month() / day(*d);
      taken = 1;
      if (date.ok() && sys_days(date) < said_) date += months(1);
      if (date.ok()) return sys_days(date);
    }
    return std::nullopt;
  }

  // "in two weeks", "within the next 3 days", "in a couple of days".
  std::optional<sys_days> distance_at(std::size_t i, std::size_t& taken) const {
    auto at = i + 1;
    if (word(at) == "the") ++at;
    if (word(at) == "next") ++at;
    if (word(at) == "a" && word(at + 1) == "couple") ++at;
    const auto count = count_of(word(at));
    if (!count) return std::nullopt;
    ++at;
    if (word(at) == "of") ++at;
    taken = at - i + 1;
    const auto unit = word(at);
    if (word(at + 1) == "ago") return std::nullopt;
    if (unit == "day" || unit == "days") return said_ + days(*count);
    if (unit == "week" || unit == "weeks") return said_ + days(7 * *count);
    if (unit == "hour" || unit == "hours") return said_;
    if (unit == "month" || unit == "months") {
      auto date = year_month_day(said_) + months(*count);
      return date.ok() ? sys_days(date) : end_of_month(date.year() / date.month());
    }
    return std::nullopt;
  }

  // "3pm", "3:30 pm", "15:00", "noon", "at 5".
  std::optional<minutes> time_at(std::size_t i, std::size_t& taken) const {
    taken = 1;
    auto one = word(i);
    if (one == "noon") return hours(12);
    if (one.empty() || !is_figure(one.front())) return std::nullopt;
    std::string_view half;
    for (const std::string_view suffix : {"am", "pm"}) {
      if (one.ends_with(suffix)) {
        half = suffix;
        one.remove_suffix(2);
      }
    }
    if (half.empty() && (word(i + 1) == "am" || word(i + 1) == "pm")) {
      half = word(i + 1);
      taken = 2;
    }
    const auto colon = one.find_first_of(":.");
    const auto hour = number_in(one.substr(0, colon));
    const auto minute = colon == one.npos ? std::optional(0) : number_in(one.substr(colon + 1));
    if (!hour || !minute || *minute > 59 || (colon != one.npos && one.size() - colon != 3)) return std::nullopt;
    if (half.empty() && (colon == one.npos || one[colon] == '.')) return std::nullopt;
    if (!half.empty() ? *hour < 1 || *hour > 12 : *hour > 23) return std::nullopt;
    const int whole = half.empty() ? *hour : *hour % 12 + (half == "pm" ? 12 : 0);
    return hours(whole) + minutes(*minute);
  }

  std::vector<Word> words_;
  sys_days said_;
};

// --- Chinese ---

class Chinese {
 public:
  Chinese(std::string_view sentence, sys_days said) : text_(sentence), said_(said) {}

  std::optional<Due> find() {
    std::optional<Due> due;
    for (std::size_t i = 0; i < text_.size() && !due; ++i) {
      if ((static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80) continue;
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
      due->words.end = at_;
      due->by = take({"之前", "以前", "前", "内", "之内"});
    }
    if (!due) {
      for (std::size_t i = 0; i < text_.size() && !due; ++i) {
        if ((static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80) continue;
        at_ = i;
        if (const auto time = time_here(false)) due = Due{said_, time, {i, at_}, take({"之前", "以前", "前"})};
      }
    }
    return due;
  }

 private:
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
    if (take({"下午", "晚上", "傍晚", "今晚", "明晚"})) {
      later = true;
    } else if (take({"中午"})) {
      later = true;
    } else {
      take({"上午", "早上", "早晨", "凌晨"});
    }
    auto hour = number_here();
    std::optional<int> minute = 0;
    if (hour && *hour <= 24) {
      if (take({"点半", "點半"})) {
        minute = 30;
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
    return hours(*hour < 12 && later ? *hour + 12 : *hour) + minutes(*minute);
  }

  std::string_view text_;
  sys_days said_;
  std::size_t at_ = 0;
  bool evening_ = false;
};

}  // namespace

std::optional<Due> find_due(std::string_view sentence, sys_days said) {
  const bool chinese = std::any_of(sentence.begin(), sentence.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3 && static_cast<unsigned char>(c) <= 0xE9; });
  if (chinese) {
    if (auto due = Chinese(sentence, said).find()) return due;
  }
  return English(sentence, said).find();
}

}  // namespace hearth::memory
