#include "memory/extract/json_stream.h"

#include <algorithm>

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kRead = 256 << 10;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool ends_scalar(char c) { return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':'; }

std::unexpected<Error> broken(std::int64_t offset) { return fail(Code::InvalidInput, "The JSON is broken at byte {}.", offset); }
std::unexpected<Error> cut() { return fail(Code::InvalidInput, "The JSON ends too early: the file was cut off."); }

}  // namespace

// The window is empty when this is called.
Result<bool> JsonStream::fill() {
  if (ended_) return false;
  base_ += static_cast<std::int64_t>(window_.size());
  at_ = 0;
  window_.resize(std::min(kRead, static_cast<std::size_t>(std::max<std::int64_t>(input_.size() - base_, 0))));
  window_.resize(TRY(input_.read_at(base_, window_)));
  ended_ = window_.size() < kRead;
  if (base_ == 0 && window_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  return at_ < window_.size();
}

Result<char> JsonStream::peek() {
  while (true) {
    while (at_ < window_.size()) {
      if (!is_space(window_[at_])) return window_[at_];
      ++at_;
    }
    if (!TRY(fill())) return '\0';
  }
}

Result<> JsonStream::open(char bracket) {
  if (TRY(peek()) != bracket) return window_.empty() || at_ == window_.size() ? cut() : broken(offset());
  ++at_;
  first_ = true;
  return {};
}

Result<bool> JsonStream::more(char bracket) {
  const auto next = TRY(peek());
  if (next == '\0') return cut();
  if (next == bracket) {
    ++at_;
    first_ = false;
    return false;
  }
  if (!first_) {
    if (next != ',') return broken(offset());
    ++at_;
    if (TRY(peek()) == '\0') return cut();
  }
  first_ = false;
  return true;
}

Result<std::string> JsonStream::member_name() {
  if (TRY(peek()) != '"') return broken(offset());
  const auto name = TRY(value());
  if (TRY(peek()) != ':') return ended_ && at_ == window_.size() ? cut() : broken(offset());
  ++at_;
  return name.as_string() ? *name.as_string() : "";
}

// Goes over the next value, and keeps it when asked to.
Result<> JsonStream::pass(Raw* raw) {
  const auto begins = TRY(peek());
  if (begins == '\0') return cut();
  if (begins == ',' || begins == ':' || begins == ']' || begins == '}') return broken(offset());
  const auto start = offset();
  std::int64_t depth = 0;
  bool in_string = false;
  bool escaped = false;
  bool scalar = false;
  bool done = false;
  while (!done) {
    if (at_ == window_.size() && !TRY(fill())) {
      if (scalar) break;
      return cut();
    }
    const auto from = at_;
    std::size_t quote = 0;  // the next one in the window, once it was looked for
    for (; at_ < window_.size() && !done; ++at_) {
      if (in_string && !escaped) {  // nothing between here and there says anything
        if (quote < at_) quote = std::min(window_.find('"', at_), window_.size());
        at_ += std::min(std::string_view(window_).substr(at_, quote - at_).find('\\'), quote - at_);
        if (at_ == window_.size()) break;
      }
      const char c = window_[at_];
      if (escaped) {
        escaped = false;
      } else if (in_string) {
        if (c == '\\') {
          escaped = true;
        } else if (c == '"') {
          in_string = false;
          done = depth == 0;
        }
      } else if (scalar) {
        if (ends_scalar(c)) {
          done = true;
          break;
        }
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        done = --depth == 0;
      } else if (depth == 0) {
        scalar = true;
      }
    }
    if (raw && !raw->too_large) {
      raw->bytes.append(window_, from, at_ - from);
      raw->too_large = raw->bytes.size() > largest_;
      if (raw->too_large) raw->bytes = {};
    }
  }
  if (raw) raw->extent = {start, offset() - start};
  first_ = false;
  return {};
}

Result<JsonStream::Raw> JsonStream::raw() {
  Raw found;
  TRY(pass(&found));
  return found;
}

Result<Json> JsonStream::value() {
  const auto found = TRY(raw());
  auto parsed = Json::parse(found.bytes);
  return parsed ? *std::move(parsed) : Json();
}

Result<> JsonStream::skip() { return pass(nullptr); }

std::string text_or_number(const Json& object, std::string_view name) {
  const auto* member = object.find(name);
  if (!member) return "";
  if (const auto* text = member->as_string()) return *text;
  if (const auto* number = member->as_integer()) return std::to_string(*number);
  return "";
}

}  // namespace hearth::memory::extract
