#include "memory/extract/recurrence.h"

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <span>

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kShownBefore = 3;
constexpr std::size_t kShownAfter = 10;
constexpr int kMostSteps = 20'000;
constexpr LocalSeconds kYear = 366 * 86400;

icaltimetype as_ical(LocalSeconds time, bool whole_days) {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time)));
  const std::chrono::year_month_day date(days);
  const auto second = time - days.time_since_epoch().count() * 86400;
  icaltimetype result = icaltime_null_time();
  result.year = static_cast<int>(date.year());
  result.month = static_cast<int>(static_cast<unsigned>(date.month()));
  result.day = static_cast<int>(static_cast<unsigned>(date.day()));
  result.hour = static_cast<int>(second / 3600);
  result.minute = static_cast<int>(second / 60 % 60);
  result.second = static_cast<int>(second % 60);
  result.is_date = whole_days ? 1 : 0;
  return result;
}

LocalSeconds from_ical(const icaltimetype& time) {
  const auto days = std::chrono::sys_days(std::chrono::year(time.year) / time.month / time.day).time_since_epoch().count();
  return days * 86400LL + (time.is_date ? 0 : time.hour * 3600 + time.minute * 60 + time.second);
}

std::optional<icalrecurrencetype> parse_rule(std::string_view text) {
  std::string rule(text.substr(0, 1000));
  if (rule.find("RSCALE") != rule.npos || rule.find("rscale") != rule.npos) return std::nullopt;  // other calendars' months
  icalrecurrencetype parsed = icalrecurrencetype_from_string(rule.c_str());
  if (parsed.freq == ICAL_NO_RECURRENCE) return std::nullopt;
  return parsed;
}

using Iterator = std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)>;

LocalSeconds day_of(LocalSeconds time) { return std::chrono::floor<std::chrono::days>(std::chrono::seconds(time)).count(); }

// Calls take(occurrence) for each of the rule, in order, until it says no, they end, or they are too many. True: they ended.
template <typename Take>
bool each(icalrecurrencetype rule, const Repetition& repetition, std::optional<LocalSeconds> from, Take take) {
  // libical puts every second week's days into the wrong weeks when the first of them is not in the start's week. So it
  // gives those of each week, and the weeks, which begin with WKST, are counted here.
  const bool counts_weeks = rule.freq == ICAL_WEEKLY_RECURRENCE && rule.interval > 1;
  const int interval = rule.interval;
  const int most = counts_weeks ? rule.count : 0;
  if (rule.count > 0) from.reset();
  if (counts_weeks) {
    rule.interval = 1;
    rule.count = 0;
  }
  const auto week_of = [&](LocalSeconds time) {  // 1970 began on a Thursday
    return std::chrono::floor<std::chrono::weeks>(std::chrono::days(day_of(time) + 5 - static_cast<int>(rule.week_start))).count();
  };
  int taken = 0;
  const Iterator iterator(icalrecur_iterator_new(rule, as_ical(repetition.start, repetition.whole_days)), icalrecur_iterator_free);
  if (!iterator) return true;
  if (from) icalrecur_iterator_set_start(iterator.get(), as_ical(*from, repetition.whole_days));
  for (int step = 0; step < kMostSteps; ++step) {
    const auto next = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(next)) return true;
    const auto one = from_ical(next);
    if (counts_weeks && (week_of(one) - week_of(repetition.start)) % interval != 0) continue;
    if (most > 0 && ++taken > most) return true;
    if (!take(one)) return false;
  }
  return false;
}

template <std::size_t N>
std::vector<short> values_of(const short (&list)[N]) {
  std::vector<short> values;
  for (const auto value : list) {
    if (value == ICAL_RECURRENCE_ARRAY_MAX) break;
    values.push_back(value);
  }
  return values;
}

std::string joined(const std::vector<std::string>& parts, Language language) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += language == Language::Chinese ? "、" : i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string ordinal(int number) {
  const int tens = number % 100;
  const auto* ending = tens >= 11 && tens <= 13 ? "th" : number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : number % 10 == 3 ? "rd" : "th";
  return fmt::format("{}{}", number, ending);
}

std::string day_in_words(short value, Language language) {
  static constexpr std::array<std::string_view, 8> kEnglish = {"", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  static constexpr std::array<std::string_view, 8> kChinese = {"", "周日", "周一", "周二", "周三", "周四", "周五", "周六"};
  const auto day = static_cast<std::size_t>(icalrecurrencetype_day_day_of_week(value)) % 8;
  const int position = icalrecurrencetype_day_position(value);
  if (language == Language::Chinese) {
    if (position == 0) return std::string(kChinese[day]);
    return position > 0 ? fmt::format("第{}个{}", position, kChinese[day])
                        : position == -1 ? fmt::format("最后一个{}", kChinese[day]) : fmt::format("倒数第{}个{}", -position, kChinese[day]);
  }
  if (position == 0) return std::string(kEnglish[day]);
  return position > 0 ? fmt::format("the {} {}", ordinal(position), kEnglish[day])
                      : position == -1 ? fmt::format("the last {}", kEnglish[day]) : fmt::format("the {} last {}", ordinal(-position), kEnglish[day]);
}

std::string month_day_in_words(int day, Language language) {
  if (language == Language::Chinese) return day > 0 ? fmt::format("{}日", day) : day == -1 ? "最后一天" : fmt::format("倒数第{}天", -day);
  return day > 0 ? fmt::format("the {}", ordinal(day)) : day == -1 ? "the last day" : fmt::format("the {} last day", ordinal(-day));
}

// BYSETPOS: which of the days of each month or year it is.
std::string chosen_in_words(const std::vector<short>& positions, const std::vector<std::string>& days, std::vector<short> by_day, Language language) {
  static const std::vector<short> kWorkingDays = {2, 3, 4, 5, 6};  // Monday to Friday
  std::sort(by_day.begin(), by_day.end());
  const bool working = by_day == kWorkingDays && days.size() == by_day.size();
  const bool any = by_day.size() == 7 && days.size() == 7 && by_day.front() == 1 && by_day.back() == 7;
  const bool chinese = language == Language::Chinese;
  std::vector<std::string> chosen;
  for (const auto position : positions) {
    if (chinese) {
      const auto* unit = any ? "天" : working ? "个工作日" : "个";
      chosen.push_back(position > 0 ? fmt::format("第{}{}", position, unit) : position == -1 ? fmt::format("最后一{}", unit) : fmt::format("倒数第{}{}", -position, unit));
    } else {
      chosen.push_back(position > 0 ? fmt::format("the {}", ordinal(position)) : position == -1 ? "the last" : fmt::format("the {} last", ordinal(-position)));
    }
  }
  const auto which = joined(chosen, language);
  if (chinese) return any || working ? which : fmt::format("{}中的{}", joined(days, language), which);
  return any || working ? fmt::format("{} {}", which, any ? "day" : "weekday") : fmt::format("{} of {}", which, joined(days, language));
}

std::string month_in_words(int month, Language language) {
  static constexpr std::array<std::string_view, 13> kEnglish = {"", "January", "February", "March", "April", "May", "June", "July",
                                                               "August", "September", "October", "November", "December"};
  if (language == Language::Chinese) return fmt::format("{}月", month);
  return month >= 1 && month <= 12 ? std::string(kEnglish[static_cast<std::size_t>(month)]) : std::to_string(month);
}

std::string date_of(const icaltimetype& time) { return fmt::format("{:04}-{:02}-{:02}", time.year, time.month, time.day); }

struct Unit {
  std::string_view english;
  std::string_view chinese;
  bool counted;  // 每2个月, but 每2天
};
std::optional<Unit> unit_of(icalrecurrencetype_frequency frequency) {
  switch (frequency) {
    case ICAL_YEARLY_RECURRENCE: return Unit{"year", "年", false};
    case ICAL_MONTHLY_RECURRENCE: return Unit{"month", "月", true};
    case ICAL_WEEKLY_RECURRENCE: return Unit{"week", "周", false};
    case ICAL_DAILY_RECURRENCE: return Unit{"day", "天", false};
    case ICAL_HOURLY_RECURRENCE: return Unit{"hour", "小时", false};
    case ICAL_MINUTELY_RECURRENCE: return Unit{"minute", "分钟", false};
    case ICAL_SECONDLY_RECURRENCE: return Unit{"second", "秒", false};
    default: return std::nullopt;
  }
}

}  // namespace

Occurrences occurrences(const Repetition& repetition, LocalSeconds now) {
  const auto contains = [](std::vector<LocalSeconds> all) {
    std::sort(all.begin(), all.end());
    return [all = std::move(all)](LocalSeconds one) { return std::binary_search(all.begin(), all.end(), one); };
  };
  const auto is_without = contains(repetition.without);
  const auto is_without_day = contains(repetition.without_days);
  const auto left_out = [&](LocalSeconds one) { return is_without(one) || is_without_day(day_of(one) * 86400); };
  std::vector<LocalSeconds> found = repetition.more;
  std::optional<LocalSeconds> last;
  bool ends = true;
  auto rule = repetition.rule.empty() ? std::nullopt : parse_rule(repetition.rule);
  found.push_back(repetition.start);
  if (rule) {
    if (repetition.until) rule->until = as_ical(*repetition.until, repetition.whole_days);
    const bool endless = rule->count == 0 && icaltime_is_null_time(rule->until);
    // Of a series that is over, its last dates.
    const auto latest = icaltime_is_null_time(rule->until) ? now : std::min(now, from_ical(rule->until));
    // Back to where the last few lie, which of what is rare is far.
    // Days and less are many, or never: to look for them again and again would take too long.
    const bool widens = rule->freq == ICAL_YEARLY_RECURRENCE || rule->freq == ICAL_MONTHLY_RECURRENCE || rule->freq == ICAL_WEEKLY_RECURRENCE;
    std::size_t earlier = 0;
    for (auto reach = 2 * kYear; earlier < kShownBefore; reach *= 4) {
      const auto window = std::max(repetition.start, latest - reach);
      std::size_t later = 0;
      earlier = 0;
      each(*rule, repetition, window > repetition.start ? std::optional(window) : std::nullopt, [&](LocalSeconds one) {
        found.push_back(one);
        if (found.size() > 4 * kMostSteps) return false;
        if (!left_out(one)) ++(one >= now ? later : earlier);
        return later <= kShownAfter;
      });
      if (window == repetition.start || rule->count > 0 || !widens) break;
    }
    ends = !endless && each(*rule, repetition, std::nullopt, [&](LocalSeconds one) {
      if (!left_out(one)) last = one;
      return true;
    });
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::erase_if(found, left_out);
  Occurrences result;
  const auto first_after = std::lower_bound(found.begin(), found.end(), now);
  const auto before = std::min<std::ptrdiff_t>(first_after - found.begin(), kShownBefore);
  const auto after = std::min<std::ptrdiff_t>(found.end() - first_after, kShownAfter);
  result.before.assign(first_after - before, first_after);
  result.after.assign(first_after, first_after + after);
  if (ends) {
    result.last = last;
    if (!found.empty()) result.last = std::max(last.value_or(found.back()), found.back());
  }
  return result;
}

std::string modern_rule(std::string_view rule) {
  if (rule.find('=') != rule.npos) return std::string(rule);
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kFrequencies = {
      {{"MP", "MONTHLY"}, {"MD", "MONTHLY"}, {"YM", "YEARLY"}, {"YD", "YEARLY"}, {"D", "DAILY"}, {"W", "WEEKLY"}}};
  static constexpr std::string_view kDays = "SU MO TU WE TH FR SA";
  const auto is_number = [](std::string_view text) { return !text.empty() && text.size() < 6 && text.find_first_not_of("0123456789") == text.npos; };
  std::vector<std::string> words;
  for (const char c : std::string(rule.substr(0, 1000)) + ' ') {
    if (words.empty()) words.emplace_back();
    if (c == ' ' || c == '\t') {
      if (!words.back().empty()) words.emplace_back();
    } else if (c != '$') {
      words.back() += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  words.pop_back();
  if (words.empty()) return std::string(rule);
  const auto* kind = std::find_if(kFrequencies.begin(), kFrequencies.end(), [&](const auto& one) { return words[0].starts_with(one.first); });
  if (kind == kFrequencies.end() || !is_number(std::string_view(words[0]).substr(kind->first.size()))) return std::string(rule);
  std::string by;
  std::string end = ";COUNT=2";  // where nothing is said
  const auto add = [&](std::string_view value) { by += (by.empty() ? "" : ",") + std::string(value); };
  std::vector<std::string> positions;
  bool positions_used = false;
  for (const auto& word : std::span(words).subspan(1)) {
    const bool backwards = word.ends_with('-');
    const auto figure = backwards || word.ends_with('+') ? word.substr(0, word.size() - 1) : word;
    if (word[0] == '#') {
      end = word == "#0" || !is_number(std::string_view(word).substr(1)) ? "" : ";COUNT=" + word.substr(1);
    } else if (word.size() >= 8 && word[0] >= '0' && word[0] <= '9') {
      end = ";UNTIL=";
      std::copy_if(word.begin(), word.end(), std::back_inserter(end), [](char c) { return c != '-' && c != ':'; });
    } else if (word.size() == 2 && kDays.find(word) != kDays.npos && (kind->first == "MP" || kind->first == "W")) {
      if (positions.empty()) add(word);
      for (const auto& position : positions) add(position + word);
      positions_used = true;
    } else if (kind->first == "MP" && is_number(figure)) {
      if (std::exchange(positions_used, false)) positions.clear();
      positions.push_back((backwards ? "-" : "") + figure);
    } else if (kind->first == "MD" && word == "LD") {
      add("-1");
    } else if (kind->first[0] != 'W' && kind->first[0] != 'D' && is_number(figure)) {
      add((backwards ? "-" : "") + figure);
    }
  }
  const auto* part = kind->first == "MD" ? "BYMONTHDAY" : kind->first == "YM" ? "BYMONTH" : kind->first == "YD" ? "BYYEARDAY" : "BYDAY";
  return fmt::format("FREQ={};INTERVAL={}{}{}", kind->second, words[0].substr(kind->first.size()), by.empty() ? "" : fmt::format(";{}={}", part, by), end);
}

std::string until_of(std::string_view rule) {
  std::string upper(rule);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const auto start = upper.find("UNTIL=");
  if (start == upper.npos) return "";
  const auto end = upper.find(';', start);
  return upper.substr(start + 6, end == upper.npos ? upper.npos : end - start - 6);
}

std::string rule_in_words(std::string_view text, Language language) {
  const auto rule = parse_rule(text);
  const auto unit = rule ? unit_of(rule->freq) : std::nullopt;
  if (!unit) return "";
  const bool chinese = language == Language::Chinese;
  const int interval = std::max<int>(rule->interval, 1);
  std::string words = chinese ? interval == 1 ? fmt::format("每{}", unit->chinese)
                                              : fmt::format("每{}{}{}", interval, unit->counted ? "个" : "", unit->chinese)
                      : interval == 1 ? fmt::format("every {}", unit->english)
                                      : fmt::format("every {} {}s", interval, unit->english);
  std::vector<std::string> months;
  for (const auto month : values_of(rule->by_month)) months.push_back(month_in_words(icalrecurrencetype_month_month(month), language));
  if (!months.empty()) words += chinese ? "的" + joined(months, language) : " in " + joined(months, language);
  std::vector<std::string> days;
  for (const auto day : values_of(rule->by_day)) days.push_back(day_in_words(day, language));
  for (const auto day : values_of(rule->by_month_day)) days.push_back(month_day_in_words(day, language));
  if (const auto positions = values_of(rule->by_set_pos); !positions.empty() && !days.empty()) days = {chosen_in_words(positions, days, values_of(rule->by_day), language)};
  if (!days.empty()) words += chinese ? (months.empty() ? "的" : "") + joined(days, language) : " on " + joined(days, language);
  if (rule->count > 0) words += chinese ? fmt::format("，共{}次", rule->count) : fmt::format(", {} times", rule->count);
  if (!icaltime_is_null_time(rule->until)) words += chinese ? fmt::format("，至{}", date_of(rule->until)) : fmt::format(", until {}", date_of(rule->until));
  return words;
}

}  // namespace hearth::memory::extract
