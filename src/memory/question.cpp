#include "memory/question.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != text.npos; });
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

constexpr std::array<std::string_view, 30> kTimeWords = {
    "yesterday", "today", "tomorrow", "tonight", "last", "next", "ago", "week", "weekend", "month", "year", "years", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december"};

constexpr std::array<std::string_view, 22> kChineseTimes = {"月", "日", "年", "号", "星期", "周", "昨天", "前天", "明天", "后天", "今天",
                                                            "上午", "下午", "晚上", "早上", "中午", "点钟", "昨晚", "今晚", "明早", "礼拜", "去年"};

}  // namespace

bool asks_when(std::string_view folded) {
  static constexpr std::array<std::string_view, 21> kWhen = {
      "when ", "what time", "what day", "what date", "what year", "which year", "what month", "which month", "how long", "which day", "how recently",
      "什么时候", "甚麼時候", "几点", "哪天", "哪年", "多久", "何时", "几号", "几月", "哪一天"};
  return contains_any(folded, kWhen);
}

bool names_a_time(std::string_view text) {
  if (has_digit(text) || contains_any(text, kChineseTimes)) return true;
  std::string word;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ' ';
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      word += static_cast<char>(c | 0x20);
      continue;
    }
    if (std::find(kTimeWords.begin(), kTimeWords.end(), word) != kTimeWords.end()) return true;
    word.clear();
  }
  return false;
}

bool has_asked_form(std::string_view question, std::string_view sentence) {
  static constexpr std::array<std::string_view, 9> kNumber = {"how many", "how much", "how old", "how often", "多少", "几个", "几次", "几岁", "几只"};
  if (asks_when(question)) return names_a_time(sentence);
  if (contains_any(question, kNumber)) return has_digit(sentence);
  return false;
}

bool ends_with_question(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text.ends_with('?') || text.ends_with("？") || text.ends_with("吗") || text.ends_with("呢") || text.ends_with("嗎");
}

}  // namespace hearth::memory
