#include "memory/time_expressions.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <tuple>

#include "memory/latin_words.h"
#include "memory/text/unicode.h"
#include "memory/time_ranges.h"

namespace hearth::memory {
namespace {

using std::chrono::days;

constexpr int kVaguelyNear = 30;

}  // namespace

std::vector<TimeSpan> find_times(std::string_view text, Moment moment) {
  const auto zone = std::chrono::minutes(moment.zone);
  const auto today = std::chrono::floor<days>(moment.now + zone);
  std::vector<NamedTime> found;
  find_english_times(text, today, found);
  find_chinese_times(text, today, found);
  std::sort(found.begin(), found.end(), [](const NamedTime& a, const NamedTime& b) {
    return std::tuple(a.words.start, b.words.end, a.range.from) < std::tuple(b.words.start, a.words.end, b.range.from);
  });
  std::vector<TimeSpan> spans;
  for (const auto& time : found) {
    if (!spans.empty() && time.words.start < spans.back().words.end && time.words != spans.back().words) continue;  // 2019 within 2019年5月
    spans.push_back({Time(time.range.from) - zone, Time(time.range.to) - zone, time.range.sure, time.words, time.relative, time.range.open});
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
