#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "memory/text/due_days.h"

namespace hearth::memory {
namespace {

using namespace std::chrono;

struct Word {
  std::string text;  // lower case, without "th" and dots at the end
  std::size_t start = 0;
  std::size_t end = 0;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

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

class English {
 public:
  English(std::string_view sentence, sys_days said) : sentence_(sentence), words_(words_of(sentence)), said_(said) {}

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
      if (!due) due = Due{said_, std::nullopt, words, follows_by(i), false};
      due->time = time;
      due->either_half = either_half_;
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
    if (one == "this" && part_of_day(word(i + 1))) {
      taken = 2;
      return said_;
    }
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

  // "5 May", "5th of May 2026", "May 5th", "2026-05-05", "2026/5/5", "the 15th".
  std::optional<sys_days> calendar_at(std::size_t i, std::size_t& taken) const {
    const auto one = word(i);
    if (one.size() == 10 && one[4] == '-' && one[7] == '-') {
      const auto y = number_in(one.substr(0, 4));
      const auto m = number_in(one.substr(5, 2));
      const auto d = number_in(one.substr(8, 2));
      taken = 1;
      if (y && m && d && *m > 0 && *d > 0) return date_of(y, static_cast<unsigned>(*m), static_cast<unsigned>(*d), said_);
    }
    if (const auto y = year_at(i); y && one.size() == 4 && is_slash_behind(i) && is_slash_behind(i + 1)) {
      const auto m = number_in(word(i + 1));
      const auto d = number_in(word(i + 2));
      taken = 3;
      if (m && d && *m > 0 && *d > 0) return date_of(y, static_cast<unsigned>(*m), static_cast<unsigned>(*d), said_);
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

  bool is_slash_behind(std::size_t i) const { return i + 1 < words_.size() && sentence_[words_[i].end] == '/' && words_[i + 1].start == words_[i].end + 1; }

  // "3pm", "3:30 p.m.", "15:00", "15:00-16:00", "noon", "at 5", "at half past five".
  std::optional<minutes> time_at(std::size_t i, std::size_t& taken) {
    taken = 1;
    either_half_ = false;
    auto one = word(i);
    if (one == "noon" || one == "midday") return hours(12);
    if (const auto found = spoken_time_at(i, taken)) return found;
    if (one.empty() || !is_figure(one.front())) return std::nullopt;
    if (one.find(':') != one.npos) one = one.substr(0, one.find('-'));
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
    } else if (half.empty() && (word(i + 1) == "a" || word(i + 1) == "p") && word(i + 2) == "m" && sentence_.substr(words_[i + 1].end, 2) == ".m") {
      half = word(i + 1) == "a" ? "am" : "pm";
      taken = 3;
    }
    const auto colon = one.find_first_of(":.");
    const auto hour = number_in(one.substr(0, colon));
    const auto minute = colon == one.npos ? std::optional(0) : number_in(one.substr(colon + 1));
    if (!hour || !minute || *minute > 59 || (colon != one.npos && one.size() - colon != 3)) return std::nullopt;
    if (half.empty() && colon == one.npos && is_hour_alone(i)) {
      if (*hour < 1 || *hour > 12) return std::nullopt;
      if (word(i + 1) == "o") taken = 3;
      return in_its_half(i, hours(*hour), taken);
    }
    if (half.empty() && (colon == one.npos || one[colon] == '.')) return std::nullopt;
    if (!half.empty() ? *hour < 1 || *hour > 12 : *hour > 23) return std::nullopt;
    const int whole = half.empty() ? *hour : *hour % 12 + (half == "pm" ? 12 : 0);
    return hours(whole) + minutes(*minute);
  }

  // "at nine", "at half past nine", "at quarter to ten".
  std::optional<minutes> spoken_time_at(std::size_t i, std::size_t& taken) {
    if (i == 0) return std::nullopt;
    const auto hour_of = [](std::string_view text) {
      const auto hour = text == "a" || text == "an" || text == "couple" ? std::nullopt : count_of(text);
      return hour && *hour >= 1 && *hour <= 12 ? hour : std::nullopt;
    };
    const auto start = word(i) == "a" ? i + 1 : i;
    if ((word(start) == "half" && word(start + 1) == "past") || (word(start) == "quarter" && (word(start + 1) == "past" || word(start + 1) == "to"))) {
      const auto hour = hour_of(word(start + 2));
      if (!hour) return std::nullopt;
      taken = start + 3 - i;
      const auto before = word(start + 1) == "to";
      return in_its_half(i, hours(*hour % 12) + minutes(word(start) == "half" ? 30 : before ? -15 : 15) + hours(*hour == 12 || (before && *hour == 1) ? 12 : 0), taken);
    }
    const auto hour = hour_of(word(i));
    if (!hour || is_figure(word(i).front()) || !is_hour_alone(i)) return std::nullopt;
    if (word(i + 1) == "o") taken = 3;
    return in_its_half(i, hours(*hour), taken);
  }

  // The time at `i` in the half of the day that the words around it say: "at 7 in the evening", "on Friday evening at 7".
  minutes in_its_half(std::size_t i, minutes time, std::size_t& taken) {
    auto half = half_of_day_at(i + taken, taken);
    if (half.empty() && i > 1 && word(i - 1) == "at") half = part_of_day(word(i - 2)).value_or("");
    if (half.empty() && is_in_the_evening()) half = "pm";
    either_half_ = half.empty();
    return half.empty() ? time : time % hours(12) + hours(half == "pm" ? 12 : 0);
  }

  bool is_in_the_evening() const {
    static constexpr std::array<std::string_view, 4> kLate = {"dinner", "drinks", "concert", "gig"};
    return std::any_of(words_.begin(), words_.end(), [](const Word& one) { return place_in(kLate, one.text).has_value(); });
  }

  // "at 7", where nothing follows that would be counted: not "at 7 Main Street".
  bool is_hour_alone(std::size_t i) const {
    if (i == 0) return false;
    const bool span = (word(i - 1) == "from" && (word(i + 1) == "to" || word(i + 1) == "till" || word(i + 1) == "until")) || (word(i - 1) == "between" && word(i + 1) == "and");
    if (span) return !word(i + 2).empty() && is_figure(word(i + 2).front()) && nothing_is_counted(i + 2);
    if (word(i - 1) != "at") return false;
    if (word(i + 1) == "o" && word(i + 2) == "clock") return true;
    return nothing_is_counted(i);
  }

  bool nothing_is_counted(std::size_t i) const {
    const auto rest = sentence_.substr(words_[i].end);
    const auto next = rest.find_first_not_of(" \t\r\n");
    if (next == rest.npos || std::string_view(".,;!?()-").find(rest[next]) != std::string_view::npos) return true;
    if (rest.substr(next).starts_with("–") || rest.substr(next).starts_with("—")) return true;
    static constexpr std::array<std::string_view, 25> kFollowing = {"on",  "tomorrow", "today", "tonight", "sharp", "this", "next",    "in",      "with", "for",  "and",     "at",     "so",
                                                                    "but", "then",     "please", "outside", "near", "by",  "because", "instead", "when", "before", "behind", "opposite"};
    if (word(i + 1) == "in" && !word(i + 2).empty() && is_figure(word(i + 2).front())) return false;
    return place_in(kFollowing, word(i + 1)) || weekday_of(word(i + 1));
  }

  static std::optional<std::string_view> part_of_day(std::string_view word) {
    if (word == "morning") return "am";
    if (word == "afternoon" || word == "evening") return "pm";
    return std::nullopt;
  }

  // "in the morning", "tonight".
  std::string_view half_of_day_at(std::size_t i, std::size_t& taken) const {
    if (word(i) == "tonight") return "pm";
    if (word(i) != "in" || word(i + 1) != "the") return "";
    const auto half = part_of_day(word(i + 2));
    if (!half) return "";
    taken += 3;
    return *half;
  }

  std::string_view sentence_;
  std::vector<Word> words_;
  sys_days said_;
  bool either_half_ = false;  // of the time that was found last
};

}  // namespace

std::optional<Due> find_english_due(std::string_view sentence, sys_days said) { return English(sentence, said).find(); }

}  // namespace hearth::memory
