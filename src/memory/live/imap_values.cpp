#include "memory/live/imap_values.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "memory/text/unicode.h"

namespace hearth::memory::live {
namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostValues = 1'000'000;  // a SEARCH of a large folder is one response

class Parser {
 public:
  Parser(std::string_view text, std::vector<std::string>& literals) : text_(text), literals_(literals) {}

  Result<std::vector<ImapValue>> run() {
    std::vector<ImapValue> values;
    TRY(list(values, 0, '\0'));
    return values;
  }

 private:
  Result<> list(std::vector<ImapValue>& into, std::size_t depth, char end) {
    if (depth > kDeepest) return fail(Code::InvalidInput, "The server's answer is nested too deep.");
    while (true) {
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
      if (at_ == text_.size()) {
        if (end != '\0') return fail(Code::InvalidInput, "The server's answer ends within a list.");
        return {};
      }
      if (text_[at_] == ')') {
        if (end == '\0') return fail(Code::InvalidInput, "The server's answer closes what was not open.");
        ++at_;
        return {};
      }
      if (++count_ > kMostValues) return fail(Code::TooLarge, "The server's answer is too long.");
      into.push_back(TRY(value(depth)));
    }
  }

  Result<ImapValue> value(std::size_t depth) {
    ImapValue value;
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      value.kind = ImapValue::Kind::List;
      TRY(list(value.items, depth + 1, ')'));
      return value;
    }
    if (c == '"') {
      value.kind = ImapValue::Kind::String;
      for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        value.text += text_[at_];
      }
      if (at_ == text_.size()) return fail(Code::InvalidInput, "The server's answer ends within a string.");
      ++at_;
      return value;
    }
    if (c == '{') {
      const auto end = text_.find('}', at_);
      if (end == text_.npos || next_literal_ == literals_.size()) return fail(Code::InvalidInput, "The server's answer names bytes that did not come.");
      at_ = end + 1;
      value.kind = ImapValue::Kind::String;
      value.text = std::move(literals_[next_literal_++]);
      return value;
    }
    // An atom; "BODY[HEADER.FIELDS (DATE)]<0>" is one too.
    int brackets = 0;
    const auto start = at_;
    for (; at_ < text_.size(); ++at_) {
      const char one = text_[at_];
      if (one == '[') ++brackets;
      if (one == ']' && brackets > 0) --brackets;
      if (brackets == 0 && (one == ' ' || one == '(' || one == ')' || one == '"' || one == '{')) break;
    }
    if (at_ == start) ++at_;
    value.text = text_.substr(start, at_ - start);
    if (is_word(value, "NIL")) value.text.clear();
    return value;
  }

  std::string_view text_;
  std::vector<std::string>& literals_;
  std::size_t at_ = 0;
  std::size_t next_literal_ = 0;
  std::size_t count_ = 0;
};

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

void append_utf16(std::string& text, std::uint32_t unit, std::uint32_t& high) {
  if (unit >= 0xD800 && unit < 0xDC00) {
    high = unit;
    return;
  }
  if (unit >= 0xDC00 && unit < 0xE000) {
    if (high != 0) append_utf8(text, static_cast<std::int32_t>(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)));
  } else {
    append_utf8(text, static_cast<std::int32_t>(unit));
  }
  high = 0;
}

}  // namespace

Result<std::vector<ImapValue>> parse_imap(std::string_view response, std::vector<std::string>& literals) {
  return Parser(response, literals).run();
}

std::optional<std::uint64_t> literal_after(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const auto open = line.rfind('{');
  if (open == line.npos) return std::nullopt;
  auto digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return size;
}

bool is_word(const ImapValue& value, std::string_view word) {
  return value.kind == ImapValue::Kind::Atom && std::ranges::equal(value.text, word, [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
}

std::optional<std::uint64_t> number_of(const ImapValue& value) {
  std::uint64_t number = 0;
  const auto* last = value.text.data() + value.text.size();
  const auto [end, error] = std::from_chars(value.text.data(), last, number);
  if (value.kind != ImapValue::Kind::Atom || value.text.empty() || error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::string imap_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') continue;
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string folder_to_utf8(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '&') {
      text += name[i];
      continue;
    }
    const auto end = name.find('-', i);
    if (end == name.npos) return to_valid_utf8(name);
    if (end == i + 1) text += '&';
    std::uint32_t bits = 0;
    std::uint32_t high = 0;
    int held = 0;
    for (auto at = i + 1; at < end; ++at) {
      const auto value = kBase64.find(name[at]);
      if (value == kBase64.npos) return to_valid_utf8(name);
      bits = bits << 6 | static_cast<std::uint32_t>(value);
      held += 6;
      if (held >= 16) {
        held -= 16;
        append_utf16(text, bits >> held & 0xFFFF, high);
      }
    }
    i = end;
  }
  return to_valid_utf8(text);
}

std::string folder_from_utf8(std::string_view name) {
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  bool shifted = false;
  const auto put = [&](std::uint32_t unit) {
    bits = bits << 16 | unit;
    held += 16;
    while (held >= 6) {
      held -= 6;
      text += kBase64[bits >> held & 63];
    }
  };
  const auto leave = [&] {
    if (!shifted) return;
    if (held > 0) text += kBase64[bits << (6 - held) & 63];
    text += '-';
    shifted = false;
    held = 0;
    bits = 0;
  };
  for (std::size_t i = 0; i < name.size();) {
    const auto point = code_point_at(name, i);
    i += point.length;
    if (point.value >= 0x20 && point.value <= 0x7E) {
      leave();
      text += static_cast<char>(point.value);
      if (point.value == '&') text += '-';
      continue;
    }
    if (!shifted) text += '&';
    shifted = true;
    const auto value = static_cast<std::uint32_t>(point.value < 0 ? 0xFFFD : point.value);
    if (value >= 0x10000) {
      put(0xD800 + ((value - 0x10000) >> 10));
      put(0xDC00 + ((value - 0x10000) & 0x3FF));
    } else {
      put(value);
    }
  }
  leave();
  return text;
}

UidSet UidSet::parse(std::string_view text) {
  UidSet set;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    const auto* end = part.data() + part.size();
    const auto [middle, error] = std::from_chars(part.data(), end, first);
    if (error != std::errc()) continue;
    last = first;
    if (middle != end && (*middle != ':' || std::from_chars(middle + 1, end, last).ec != std::errc())) continue;
    set.add(std::min(first, last), std::max(first, last));
  }
  return set;
}

void UidSet::add(std::uint32_t first, std::uint32_t last) {
  auto at = ranges_.upper_bound(first);
  if (at != ranges_.begin()) {
    const auto before = std::prev(at);
    if (before->second >= first || before->second + 1 == first) {
      first = before->first;
      last = std::max(last, before->second);
      at = ranges_.erase(before);
    }
  }
  while (at != ranges_.end() && (at->first <= last || at->first == last + 1)) {
    last = std::max(last, at->second);
    at = ranges_.erase(at);
  }
  ranges_[first] = last;
}

bool UidSet::contains(std::uint32_t uid) const {
  const auto at = ranges_.upper_bound(uid);
  return at != ranges_.begin() && std::prev(at)->second >= uid;
}

std::string UidSet::text() const {
  std::string text;
  for (const auto& [first, last] : ranges_) {
    if (!text.empty()) text += ',';
    text += first == last ? std::to_string(first) : fmt::format("{}:{}", first, last);
  }
  return text;
}

std::uint64_t UidSet::size() const {
  std::uint64_t count = 0;
  for (const auto& [first, last] : ranges_) count += std::uint64_t{last} - first + 1;
  return count;
}

}  // namespace hearth::memory::live
