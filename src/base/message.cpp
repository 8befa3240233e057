#include "base/message.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hearth {
namespace {

const std::unordered_map<std::string_view, std::string_view>& catalogue() {
  static const std::unordered_map<std::string_view, std::string_view> kCatalogue = {
#define ZH(english, chinese) {english, chinese},
#include "base/messages_zh.inc"
#undef ZH
  };
  return kCatalogue;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool has_prefix(std::string_view text, std::string_view lower_case) {
  if (text.size() < lower_case.size()) return false;
  for (std::size_t i = 0; i < lower_case.size(); ++i) {
    if ((text[i] | 0x20) != lower_case[i]) return false;
  }
  return text.size() == lower_case.size() || text[lower_case.size()] == '-' || text[lower_case.size()] == '_';
}

// The weight of one range of an Accept-Language header, in thousandths.
int weight_of(std::string_view range) {
  const auto at = range.find("q=");
  if (at == std::string_view::npos) return 1000;
  const auto digits = range.substr(at + 2);
  double weight = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
  return error == std::errc() && weight >= 0 && weight <= 1 ? static_cast<int>(weight * 1000) : 0;
}

// A format string in pieces: the texts around its placeholders, and which argument each placeholder takes.
struct Pattern {
  std::vector<std::string_view> texts;  // one more than arguments
  std::vector<std::size_t> arguments;
};

Pattern pattern_of(std::string_view format) {
  Pattern pattern;
  std::size_t begin = 0;
  for (auto open = format.find('{'); open != std::string_view::npos; open = format.find('{', begin)) {
    const auto close = format.find('}', open);
    if (close == std::string_view::npos) break;
    auto argument = pattern.arguments.size();
    std::from_chars(format.data() + open + 1, format.data() + close, argument);  // none: the next
    pattern.texts.push_back(format.substr(begin, open - begin));
    pattern.arguments.push_back(argument);
    begin = close + 1;
  }
  pattern.texts.push_back(format.substr(begin));
  return pattern;
}

// What stands at the placeholders if `sentence` was made of `pattern`.
std::optional<std::vector<std::string_view>> arguments_of(const Pattern& pattern, std::string_view sentence) {
  const auto last = pattern.texts.back();
  if (!sentence.starts_with(pattern.texts[0])) return std::nullopt;
  sentence.remove_prefix(pattern.texts[0].size());
  if (pattern.arguments.empty()) return sentence.empty() ? std::optional(std::vector<std::string_view>()) : std::nullopt;
  if (!sentence.ends_with(last)) return std::nullopt;
  sentence.remove_suffix(last.size());
  std::vector<std::string_view> found(pattern.arguments.size());
  for (std::size_t i = 0; i + 1 < pattern.arguments.size(); ++i) {
    const auto next = sentence.find(pattern.texts[i + 1]);
    if (next == std::string_view::npos) return std::nullopt;
    if (pattern.arguments[i] < found.size()) found[pattern.arguments[i]] = sentence.substr(0, next);
    sentence.remove_prefix(next + pattern.texts[i + 1].size());
  }
  if (pattern.arguments.back() < found.size()) found[pattern.arguments.back()] = sentence;
  return found;
}

std::size_t literal_length(const Pattern& pattern) {
  std::size_t length = 0;
  for (const auto text : pattern.texts) length += text.size();
  return length;
}

// "{}: {}." was made of whatever has a colon: the entry with the most text of its own is meant.
std::string chinese_of_sentence(std::string_view sentence) {
  std::string best;
  std::size_t most = 0;
  for (const auto& [english, chinese] : catalogue()) {
    const auto pattern = pattern_of(english);
    const auto length = literal_length(pattern);
    if (length <= most || length > sentence.size()) continue;
    const auto arguments = arguments_of(pattern, sentence);
    if (!arguments) continue;
    most = length;
    const auto target = pattern_of(chinese);
    best = target.texts[0];
    for (std::size_t i = 0; i < target.arguments.size(); ++i) {
      const auto argument = target.arguments[i] < arguments->size() ? (*arguments)[target.arguments[i]] : std::string_view();
      const auto translation = argument.size() < sentence.size() ? chinese_of_sentence(argument) : std::string();
      best += translation.empty() ? std::string(argument) : translation;
      best += target.texts[i + 1];
    }
  }
  return best;
}

}  // namespace

Language language_of_tag(std::string_view tag) { return has_prefix(tag, "zh") ? Language::Chinese : Language::English; }

Language language_of_header(std::string_view accept_language) {
  int english = 0;
  int chinese = 0;
  bool english_first = true;
  while (!accept_language.empty()) {
    const auto comma = accept_language.find(',');
    const auto range = accept_language.substr(0, comma);
    accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size() : comma + 1);
    const auto semicolon = range.find(';');
    const auto tag = trimmed(range.substr(0, semicolon));
    const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(range.substr(semicolon));
    if (has_prefix(tag, "zh")) {
      if (chinese == 0 && english == 0) english_first = false;
      chinese = std::max(chinese, weight);
    } else if (has_prefix(tag, "en")) {
      english = std::max(english, weight);
    }
  }
  return chinese > english || (chinese == english && !english_first && chinese > 0) ? Language::Chinese : Language::English;
}

Language language_of_environment() {
  for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* value = std::getenv(name); value && *value) return language_of_tag(value);
  }
  return Language::English;
}

Message recognised(std::string english) {
  auto chinese = chinese_of_sentence(english);
  if (chinese == english) return english;
  return {std::move(english), std::move(chinese)};
}

namespace message_detail {

std::string_view chinese_of(std::string_view english) {
  const auto found = catalogue().find(english);
  return found == catalogue().end() ? std::string_view() : found->second;
}

Message compose(std::string_view format, fmt::format_args english, fmt::format_args chinese) {
  const auto translation = chinese_of(format);
  Message message(fmt::vformat(format, english));
  // Without an entry, parts that are translated still are: "{}: {}" needs none.
  auto in_chinese = fmt::vformat(translation.empty() ? format : translation, chinese);
  if (in_chinese == message.english()) return message;
  return {message.english(), std::move(in_chinese)};
}

}  // namespace message_detail
}  // namespace hearth
