#pragma once
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <type_traits>

namespace hearth {

// The languages that the box speaks.
enum class Language { English, Chinese };

// "zh-CN" → Chinese; a POSIX locale ("zh_CN.UTF-8") too. Everything else is English.
Language language_of_tag(std::string_view tag);
// The better one of an Accept-Language header (RFC 9110 §12.5.4): the one of our languages with the highest weight.
Language language_of_header(std::string_view accept_language);
// That of the process, by LC_ALL, LC_MESSAGES and LANG, the first that is set.
Language language_of_environment();

// A sentence, or a part of one, in both languages. Made by translated() from a catalogue; a text that is the same in every
// language (a file's name, what another program said) becomes one as it is.
class Message {
 public:
  Message() = default;
  Message(std::string verbatim) : english_(std::move(verbatim)) {}
  Message(std::string english, std::string chinese) : english_(std::move(english)), chinese_(std::move(chinese)) {}

  const std::string& english() const { return english_; }
  // "" when it is the same as the English one, or has no translation.
  const std::string& chinese() const { return chinese_; }
  const std::string& in(Language language) const {
    return language == Language::English || chinese_.empty() ? english_ : chinese_;
  }
  bool empty() const { return english_.empty(); }
  bool operator==(const Message&) const = default;

 private:
  std::string english_;
  std::string chinese_;
};

namespace message_detail {

// The Chinese of an English format string in messages_zh.inc; "" when it has none.
std::string_view chinese_of(std::string_view english);
Message compose(std::string_view format, fmt::format_args english, fmt::format_args chinese);

template <typename T>
decltype(auto) in(Language language, const T& argument) {
  if constexpr (std::is_same_v<T, Message>) {
    return static_cast<const std::string&>(argument.in(language));
  } else {
    return static_cast<const T&>(argument);
  }
}

}  // namespace message_detail

// A sentence of the catalogue that comes without its Chinese: from hearth-extract, or from what was stored. Finds the entry
// that it was made of; one of no entry stays as it is.
Message recognised(std::string english);

}  // namespace hearth

template <>
struct fmt::formatter<hearth::Message> : fmt::formatter<std::string_view> {
  auto format(const hearth::Message& message, format_context& context) const {
    return fmt::formatter<std::string_view>::format(message.english(), context);
  }
};

namespace hearth {

// A message of the catalogue src/base/messages_zh.inc, whose key is the English format string; an argument that is a
// Message itself appears in the message's language. tests/test_messages.py checks that every one has its Chinese.
template <typename... Args>
Message translated(fmt::format_string<Args...> format, Args&&... args) {
  using message_detail::in;
  const fmt::string_view text = format;
  const auto& english = fmt::make_format_args(in(Language::English, args)...);
  if constexpr ((std::is_same_v<std::remove_cvref_t<Args>, Message> || ...)) {
    return message_detail::compose({text.data(), text.size()}, english, fmt::make_format_args(in(Language::Chinese, args)...));
  } else {
    return message_detail::compose({text.data(), text.size()}, english, english);
  }
}

}  // namespace hearth
