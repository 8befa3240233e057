#include "memory/extract/mail_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kLongestHeader = 300;

struct ZoneName {
  std::string_view name;
  int minutes;
};
// Of RFC 5322; "Z" is ISO 8601's.
constexpr std::array<ZoneName, 12> kStandardZones = {{{"ut", 0}, {"gmt", 0}, {"utc", 0}, {"z", 0}, {"est", -300}, {"edt", -240},
                                                      {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}}};
// Names that mean something else elsewhere, or are no standard.
constexpr std::array<ZoneName, 35> kOtherZones = {
    {{"jst", 540},  {"kst", 540},  {"cet", 60},   {"cest", 120}, {"met", 60},   {"mest", 120}, {"mez", 60},   {"mesz", 120}, {"wet", 0},
     {"west", 60},  {"bst", 60},   {"eet", 120},  {"eest", 180}, {"msk", 180},  {"trt", 180},  {"ist", 330},  {"pkt", 300},  {"ict", 420},
     {"wib", 420},  {"hkt", 480},  {"sgt", 480},  {"pht", 480},  {"awst", 480}, {"acst", 570}, {"aest", 600}, {"aedt", 660}, {"nzst", 720},
     {"nzdt", 780}, {"hst", -600}, {"akst", -540}, {"akdt", -480}, {"brt", -180}, {"art", -180}, {"sast", 120}, {"gst", 240}}};

struct MonthName {
  std::string_view name;
  int month;
};
constexpr std::array<MonthName, 17> kMonths = {{{"jan", 1}, {"feb", 2}, {"mar", 3}, {"mär", 3}, {"mrz", 3}, {"apr", 4}, {"may", 5}, {"mai", 5}, {"jun", 6},
                                                {"jul", 7}, {"aug", 8}, {"sep", 9}, {"oct", 10}, {"okt", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}}};

// In lower case, without comments, cut at spaces and commas.
std::vector<std::string> words_of(std::string_view header) {
  std::vector<std::string> words(1);
  int comment = 0;
  for (const char c : header.substr(0, kLongestHeader)) {
    if (c == '(') ++comment;
    if (comment > 0) {
      comment -= c == ')';
      continue;
    }
    if (static_cast<unsigned char>(c) <= ' ' || c == ',') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && value >= 0 ? std::optional(value) : std::nullopt;
}

struct Clock {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// "09:30", "09:30:15", "9.30.15", "09:30:15.250".
std::optional<Clock> clock(std::string_view word) {
  std::array<std::string_view, 4> parts;
  std::size_t count = 0;
  for (std::size_t start = 0; start <= word.size() && count < parts.size();) {
    const auto end = std::min(word.find_first_of(":.", start), word.size());
    parts[count++] = word.substr(start, end - start);
    start = end + 1;
  }
  if (count < 2 || parts[0].size() > 2 || parts[1].size() > 2) return std::nullopt;
  const auto hour = number(parts[0]);
  const auto minute = number(parts[1]);
  const auto second = count > 2 ? number(parts[2]) : 0;
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Clock{*hour, *minute, *second};
}

// "+0100", "-01:00", "+1", and whether it is one.
std::optional<int> offset(std::string_view word) {
  if (word.size() < 2 || (word[0] != '+' && word[0] != '-')) return std::nullopt;
  std::string digits;
  for (const char c : word.substr(1)) {
    if (c == ':') continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  const auto value = number(digits);
  if (!value) return std::nullopt;
  const int minutes = digits.size() <= 2 ? *value * 60 : *value / 100 * 60 + *value % 100;
  if (minutes > 14 * 60 || (digits.size() > 2 && *value % 100 > 59)) return std::nullopt;
  return word[0] == '-' ? -minutes : minutes;
}

class Reader {
 public:
  std::optional<WrittenTime> read(const std::vector<std::string>& words) {
    for (const auto& word : words) take(word);
    if (!day_ || !month_ || !year_) return std::nullopt;
    auto at = clock_.value_or(Clock());
    if (afternoon_ && at.hour < 12) at.hour += 12;
    if (morning_ && at.hour == 12) at.hour = 0;
    const auto local = civil_time(*year_, *month_, *day_, at.hour, at.minute, at.second);
    if (!local) return std::nullopt;
    WrittenTime found{*local - std::chrono::minutes(zone_.value_or(0)), zone_, certainty_};
    if (unsaid_) found.zone.reset();
    if (!zone_) found.certainty = TimeCertainty::Zone;
    if (!clock_) found.certainty = TimeCertainty::Day;
    if (found.time.time_since_epoch().count() <= 0) return std::nullopt;  // a clock that was never set, or no date
    return found;
  }

 private:
  void take(std::string_view word) {
    if (take_iso(word) || take_joined(word)) return;
    if (!clock_ && word[0] >= '0' && word[0] <= '9') {
      // "9:30pm" is as good as "9:30 pm".
      const auto letters = word.find_first_not_of("0123456789:.");
      if (const auto found = clock(word.substr(0, letters)); found && word.find_first_of(":.") < word.size() - 1) {
        clock_ = found;
        if (letters != word.npos) take(word.substr(letters));
        return;
      }
    }
    if (word.ends_with('.')) word.remove_suffix(1);
    if (const auto value = number(word)) return take_number(*value, word.size());
    if (word == "am" || word == "pm") {
      (word == "am" ? morning_ : afternoon_) = true;
      return;
    }
    if (!month_) {
      for (const auto& [name, month] : kMonths) {
        if (word.starts_with(name)) {
          month_ = month;
          return;
        }
      }
    }
    if (clock_ && !zone_) take_zone(word);
  }

  void take_number(int value, std::size_t digits) {
    if (!day_ && digits <= 2) {
      day_ = value;
    } else if (!year_ && day_) {
      year_ = digits == 4 ? value : digits == 3 ? value + 1900 : value < 50 ? value + 2000 : value + 1900;  // RFC 5322 §4.3
    }
  }

  // "2023-05-01", "2023-05-01T09:30:00Z".
  bool take_iso(std::string_view word) {
    if (day_ || word.size() < 10 || (word[4] != '-' && word[4] != '/') || word[7] != word[4]) return false;
    const auto year = number(word.substr(0, 4));
    const auto month = number(word.substr(5, 2));
    const auto day = number(word.substr(8, 2));
    if (!year || !month || !day) return false;
    year_ = year;
    month_ = month;
    day_ = day;
    if (word.size() > 11 && word[10] == 't') {
      const auto rest = word.substr(11);
      const auto end = std::min(rest.find_first_of("z+-"), rest.size());
      clock_ = clock(rest.substr(0, end));
      if (end < rest.size()) take_zone(rest.substr(end));
    }
    return true;
  }

  // "01-may-2023".
  bool take_joined(std::string_view word) {
    const auto first = word.find('-');
    const auto second = word.find('-', first == word.npos ? first : first + 1);
    if (day_ || first == 0 || second == word.npos) return false;
    take(word.substr(0, first));
    if (second > first + 1) take(word.substr(first + 1, second - first - 1));
    if (second + 1 < word.size()) take(word.substr(second + 1));
    return true;
  }

  void take_zone(std::string_view word) {
    if (const auto found = offset(word)) {
      zone_ = found;
      unsaid_ = word == "-0000";
      return;
    }
    for (const auto& [name, minutes] : kStandardZones) {
      if (word == name) {
        zone_ = minutes;
        return;
      }
      // Not all mean by "GMT+0100" what it says.
      if ((name == "gmt" || name == "utc") && word.starts_with(name)) {
        zone_ = offset(word.substr(name.size()));
        certainty_ = TimeCertainty::Zone;
        return;
      }
    }
    for (const auto& [name, minutes] : kOtherZones) {
      if (word != name) continue;
      zone_ = minutes;
      certainty_ = TimeCertainty::Zone;
    }
  }

  std::optional<int> day_, month_, year_;
  std::optional<Clock> clock_;
  std::optional<int> zone_;
  TimeCertainty certainty_ = TimeCertainty::Exact;
  bool morning_ = false;
  bool afternoon_ = false;
  bool unsaid_ = false;  // "-0000": UTC, wherever it was written
};

}  // namespace

std::optional<WrittenTime> read_mail_time(std::string_view header) { return Reader().read(words_of(header)); }

std::optional<WrittenTime> time_of_from_line(std::string_view line) {
  if (!line.starts_with("From ")) return std::nullopt;
  line.remove_prefix(5);
  const auto sender = line.find_first_not_of(' ');
  if (sender == line.npos) return std::nullopt;
  line.remove_prefix(std::min(line.find(' ', sender), line.size()));
  return read_mail_time(line);
}

}  // namespace hearth::memory::extract
