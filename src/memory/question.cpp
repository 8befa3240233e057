#include "memory/question.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "memory/latin_words.h"
#include "memory/text/stop_terms.h"
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

namespace {

template <std::size_t N>
bool is_any(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
bool says_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  const auto words = words_of(text);
  return std::any_of(words.begin(), words.end(), [&](const Word& word) { return is_any(word.text, parts); });
}

constexpr std::array<std::string_view, 15> kAuxiliaries = {"do",    "does", "did", "will",  "would", "can",  "could", "should",
                                                           "shall", "must", "may", "might", "has",   "have", "had"};
constexpr std::array<std::string_view, 5> kForms = {"is", "are", "was", "were", "am"};
constexpr std::array<std::string_view, 26> kNumberWords = {
    "one",    "two",     "three",   "four",     "five",    "six",    "seven",  "eight", "nine",  "ten",     "eleven",  "twelve",   "fifteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "half", "dozen", "quarter"};
constexpr std::string_view kChineseNumerals = "一二两三四五六七八九十百千万亿半";
constexpr std::array<std::string_view, 14> kUnits = {"second", "seconds", "minute", "minutes", "hour", "hours", "day",
                                                     "days",   "week",    "weeks",  "month",   "months", "year", "years"};
constexpr std::array<std::string_view, 14> kChineseUnits = {"秒", "分钟", "小时", "个小时", "钟头", "个钟头", "天", "周", "个月", "年", "星期", "个星期", "礼拜", "个礼拜"};

bool is_number(const Word& word) { return is_digit(word.text[0]) || is_any(word.text, kNumberWords); }

bool is_chinese_numeral(std::string_view text, std::size_t at) {
  const auto c = code_point_at(text, at);
  return c.length == 3 && kChineseNumerals.find(text.substr(at, 3)) != kChineseNumerals.npos;
}

bool has_number(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).length) {
    if (is_digit(text[at]) || is_chinese_numeral(text, at)) return true;
  }
  const auto words = words_of(text);
  return std::any_of(words.begin(), words.end(), is_number);
}

bool has_duration(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kCounts = {"a", "an", "every", "few"};
  const auto words = words_of(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const bool counted = is_number(words[i]) || is_any(words[i].text, kCounts);
    if (counted && is_any(words[i + 1].text, kUnits)) return true;
  }
  for (std::size_t at = 0; at < text.size();) {
    const auto length = code_point_at(text, at).length;
    const auto here = text.substr(at);
    const bool counted = is_digit(text[at]) || is_chinese_numeral(text, at) || here.starts_with("每") || here.starts_with("几");
    at += length;
    const auto next = text.substr(std::min(text.find_first_not_of(' ', at), text.size()));
    if (counted && std::any_of(kChineseUnits.begin(), kChineseUnits.end(), [&](auto unit) { return next.starts_with(unit); })) return true;
  }
  return false;
}

bool has_price(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kSigns = {"€", "$", "£", "¥", "￥", "元", "块", "欧", "免费"};
  static constexpr std::array<std::string_view, 12> kMoney = {"eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pound", "pounds", "yuan", "cents", "free"};
  return contains_any(text, kSigns) || says_any(text, kMoney);
}

bool has_telephone(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    if (is_digit(c)) ++digits;
    else if (c != ' ' && c != '-' && c != '/' && c != '(' && c != ')') digits = 0;
    if (digits >= 6) return true;
  }
  return false;
}

bool has_name(std::string_view text, std::string_view question) {
  const auto asked = words_of(question);
  const auto words = words_of(text);
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!words[i].capital || words[i].text.size() < 2 || is_any(words[i].text, kTimeWords)) continue;
    if (std::none_of(asked.begin(), asked.end(), [&](const Word& word) { return word.text == words[i].text; })) return true;
  }
  // Chinese names look like other words; whoever speaks of themselves is named beside it.
  static constexpr std::array<std::string_view, 11> kChinese = {"叫", "姓", "名", "由", "找", "我", "老师", "先生", "女士", "医生", "师傅"};
  static constexpr std::array<std::string_view, 5> kEnglish = {"i", "we", "called", "named", "name"};
  return contains_any(text, kChinese) || says_any(text, kEnglish);
}

// "It was planted in May."
bool hides_who(std::string_view text) {
  static constexpr std::array<std::string_view, 1> kBy = {"by"};
  return says_any(text, kForms) && !says_any(text, kBy);
}

bool has_colour(std::string_view text) {
  static constexpr std::array<std::string_view, 13> kEnglish = {"black", "white", "grey", "gray", "red", "blue", "green", "yellow", "brown", "orange", "purple", "pink", "beige"};
  static constexpr std::array<std::string_view, 12> kChinese = {"黑", "白", "灰", "红", "蓝", "绿", "黄", "棕", "橙", "紫", "粉", "米色"};
  return contains_any(text, kChinese) || says_any(text, kEnglish);
}

// Unlike names_a_time(): a mere number is none.
bool tells_time(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kTimesOfDay = {"morning", "noon", "afternoon", "evening", "night", "midnight", "spring", "summer", "autumn", "winter"};
  static constexpr std::array<std::string_view, 4> kClocks = {"am", "pm", "st", "th"};
  std::string without(text);
  std::erase_if(without, is_digit);
  if (names_a_time(without) || text.find("点") != text.npos) return true;
  const auto words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i].text;
    if (is_any(word, kTimesOfDay) || (word == "past" && i > 0 && is_number(words[i - 1]))) return true;  // half past six
    if (!is_digit(word[0])) continue;
    const auto letters = word.substr(std::min(word.find_first_not_of("0123456789"), word.size()));
    const bool year = word.size() == 4 && letters.empty() && (word.starts_with("19") || word.starts_with("20"));
    if (year || is_any(letters, kClocks) || (i > 0 && words[i - 1].text == "at")) return true;
  }
  for (auto at = text.find(':'); at != text.npos; at = text.find(':', at + 1)) {
    if (at > 0 && at + 1 < text.size() && is_digit(text[at - 1]) && is_digit(text[at + 1])) return true;
  }
  return false;
}

bool has_place(std::string_view text) {
  static constexpr std::array<std::string_view, 15> kBefore = {"in", "at", "on", "under", "behind", "near", "beside", "next", "between", "above", "below", "inside", "to", "from", "street"};
  static constexpr std::array<std::string_view, 9> kChinese = {"在", "到", "去", "里", "上", "下", "旁", "边", "楼"};
  return contains_any(text, kChinese) || says_any(text, kBefore);
}

}  // namespace

Wanted wanted_by(std::string_view question) {
  static constexpr std::array<std::string_view, 9> kDuration = {"how long", "how often", "多久", "多长时间", "几天", "几个小时", "几小时", "几分钟", "几个月"};
  static constexpr std::array<std::string_view, 14> kPrice = {"how much is", "how much was", "how much are", "how much were", "how much did", "how much does", "how much do",
                                                              "cost", "price", "多少钱", "多少錢", "费用", "价格", "几块钱"};
  static constexpr std::array<std::string_view, 10> kNumber = {"how many", "how much", "how old", "多少", "几", "幾", "多大", "号码", "number", "how far"};
  static constexpr std::array<std::string_view, 6> kTelephone = {"phone number", "telephone", "mobile number", "电话", "手机号", "電話"};
  static constexpr std::array<std::string_view, 5> kName = {"叫什么", "叫什麼", "名字", "姓什么", "called"};
  static constexpr std::array<std::string_view, 3> kPerson = {"谁", "誰", "哪位"};
  static constexpr std::array<std::string_view, 10> kPlace = {"哪里", "哪裡", "哪儿", "在哪", "什么地方", "地址", "地点", "which place", "what address", "address of"};
  static constexpr std::array<std::string_view, 3> kColour = {"colour", "color", "颜色"};
  if (contains_any(question, kTelephone)) return Wanted::Telephone;
  if (contains_any(question, kColour)) return Wanted::Colour;
  if (contains_any(question, kDuration)) return Wanted::Duration;
  if (asks_when(question)) return Wanted::Time;
  if (contains_any(question, kName)) return Wanted::Name;
  if (contains_any(question, kPerson)) return Wanted::Person;
  if (contains_any(question, kPlace)) return Wanted::Place;
  if (contains_any(question, kPrice)) return Wanted::Price;
  if (contains_any(question, kNumber)) return Wanted::Number;
  for (const auto& word : words_of(question)) {
    if (word.text == "name") return Wanted::Name;
    if (word.text == "who" || word.text == "whose" || word.text == "whom") return Wanted::Person;
    if (word.text == "where") return Wanted::Place;
  }
  return Wanted::Anything;
}

double has_form(Wanted wanted, std::string_view sentence, std::string_view question) {
  switch (wanted) {
    case Wanted::Anything: return 1;
    case Wanted::Person: return has_name(sentence, question) ? 1 : hides_who(sentence) && !says_any(question, kForms) ? 0 : 0.4;
    case Wanted::Name: return has_name(sentence, question) ? 1 : 0;
    case Wanted::Time: return tells_time(sentence) ? 1 : 0.2;
    case Wanted::Duration: return has_duration(sentence) ? 1 : 0;
    case Wanted::Number: return has_number(sentence) ? 1 : 0;
    case Wanted::Price: return has_price(sentence) ? 1 : has_digit(sentence) ? 0.4 : 0;
    case Wanted::Telephone: return has_telephone(sentence) ? 1 : 0;
    case Wanted::Place: return has_place(sentence) ? 1 : 0.4;
    case Wanted::Colour: return has_colour(sentence) ? 1 : 0;
  }
  return 1;
}

bool asks_for_something(std::string_view sentence) {
  static constexpr std::array<std::string_view, 8> kAsking = {"什么", "什麼", "谁", "哪", "怎么", "怎麼", "几", "多少"};
  static constexpr std::array<std::string_view, 9> kEnglish = {"who", "what", "when", "where", "which", "how", "why", "whose", "whom"};
  if (!ends_with_question(sentence)) return false;
  return contains_any(sentence, kAsking) || says_any(sentence, kEnglish);
}

bool asks_who(std::string_view question) {
  return question.starts_with("who ") || question.find("谁") != question.npos || question.find("誰") != question.npos;
}

bool asks_whether(std::string_view question) {
  static constexpr std::array<std::string_view, 5> kChinese = {"吗", "嗎", "有没有", "是不是", "有沒有"};
  const auto words = words_of(question);
  return contains_any(question, kChinese) || (!words.empty() && (is_any(words[0].text, kAuxiliaries) || is_any(words[0].text, kForms)));
}

std::size_t loose_verb(std::string_view question) {
  static constexpr std::array<std::string_view, 6> kPointing = {"when", "where", "which", "how", "whose", "why"};
  static constexpr std::array<std::string_view, 7> kPronouns = {"i", "you", "he", "she", "it", "we", "they"};
  const auto words = words_of(question);
  if (words.empty() || !is_any(words[0].text, kPointing)) return question.npos;
  const auto auxiliary = std::find_if(words.begin(), words.end(), [](const Word& word) { return is_any(word.text, kAuxiliaries); });
  bool subject = false;
  for (auto i = static_cast<std::size_t>(auxiliary - words.begin()) + 1; i < words.size(); ++i) {
    if (is_any(words[i].text, kPronouns)) {
      subject = true;
    } else if (is_stop_term(words[i].text)) {
      continue;
    } else if (subject) {
      return words[i].span.start;
    } else {
      subject = true;
      while (i + 1 < words.size() && words[i].capital && words[i + 1].capital) ++i;  // one name
    }
  }
  return question.npos;
}

std::size_t thing_asked_for(std::string_view question) {
  static constexpr std::array<std::string_view, 2> kAsking = {"which", "what"};
  const auto words = words_of(question);
  if (words.size() < 3 || !is_any(words[0].text, kAsking)) return question.npos;
  return is_any(words[1].text, kAuxiliaries) || is_any(words[1].text, kForms) || is_stop_term(words[1].text) ? question.npos : words[1].span.start;
}

std::size_t whom_it_is_about(std::string_view question) {
  const auto words = words_of(question);
  if (words.size() < 2 || !words[1].capital) return question.npos;
  return is_any(words[0].text, kAuxiliaries) || is_any(words[0].text, kForms) ? words[1].span.start : question.npos;
}

bool speaks_of_oneself(std::string_view sentence) {
  static constexpr std::array<std::string_view, 6> kSelf = {"i", "my", "me", "mine", "we", "our"};
  return sentence.find("我") != sentence.npos || says_any(sentence, kSelf);
}

bool speaks_to_somebody(std::string_view sentence) {
  static constexpr std::array<std::string_view, 3> kOther = {"you", "your", "yours"};
  return sentence.find("你") != sentence.npos || says_any(sentence, kOther);
}

bool begins_anew(std::string_view sentence, std::string_view question) {
  const auto words = words_of(sentence);
  if (words.empty() || words[0].span.start != 0 || !words[0].capital || is_stop_term(words[0].text)) return false;
  if (is_number(words[0]) || is_any(words[0].text, kTimeWords)) return false;
  const auto asked = words_of(question);
  return std::none_of(asked.begin(), asked.end(), [&](const Word& word) { return word.text == words[0].text; });
}

bool asks_what_was_said(std::string_view question) {
  static constexpr std::array<std::string_view, 7> kEnglish = {"say", "said", "write", "wrote", "tell", "told", "mention"};
  static constexpr std::array<std::string_view, 7> kChinese = {"说了", "写了", "说过", "提到", "说什么", "讲了", "写什么"};
  return contains_any(question, kChinese) || says_any(question, kEnglish);
}

bool ends_with_question(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text.ends_with('?') || text.ends_with("？") || text.ends_with("吗") || text.ends_with("呢") || text.ends_with("嗎");
}

}  // namespace hearth::memory
