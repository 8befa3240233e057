#include "base/message.h"

#include <charconv>
#include <cstdlib>
#include <unordered_map>

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
