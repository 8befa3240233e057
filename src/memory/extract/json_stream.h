#pragma once
#include <string>

#include "base/json.h"
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// A JSON text of any size, read value by value with little memory; says where in the input each value lies. What is gone
// through without being taken is not checked.
class JsonStream {
 public:
  explicit JsonStream(const Input& input, std::size_t largest = 16 << 20) : input_(input), largest_(largest) {}

  // What the next value begins with: '{', '[', '"' …; '\0' at the end of the text.
  Result<char> peek();

  // Goes through an object. `take(name)` must take or skip the value; its error ends the reading.
  template <typename Take>
  Result<> each_member(Take take) {
    TRY(open('{'));
    while (TRY(more('}'))) {
      const auto name = TRY(member_name());
      TRY(take(std::string_view(name)));
    }
    return {};
  }
  // Goes through an array, in the same way.
  template <typename Take>
  Result<> each_element(Take take) {
    TRY(open('['));
    while (TRY(more(']'))) TRY(take());
    return {};
  }

  struct Raw {
    Extent extent;
    std::string bytes;       // empty when it is too large
    bool too_large = false;
  };
  Result<Raw> raw();
  // The next value, parsed; null when it is broken or too large.
  Result<Json> value();
  Result<> skip();

 private:
  Result<bool> fill();  // false at the end
  Result<> open(char bracket);
  Result<bool> more(char bracket);  // false, when the bracket closes here
  Result<std::string> member_name();
  Result<> pass(Raw* raw);
  std::int64_t offset() const { return base_ + static_cast<std::int64_t>(at_); }

  const Input& input_;
  const std::size_t largest_;
  std::string window_;
  std::int64_t base_ = 0;
  std::size_t at_ = 0;
  bool first_ = true;  // nothing of the open array or object was read
  bool ended_ = false;
};

// The text of a member that is a string or a number, "" otherwise: ids are written as both.
std::string text_or_number(const Json& object, std::string_view name);

}  // namespace hearth::memory::extract
