#pragma once
#include <cstdint>
#include <expected>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/message.h"

namespace hearth {

// What went wrong, as a caller may act on it. Every surface maps these and nothing else: docs/architecture.md.
enum class Code : std::uint8_t {
  InvalidInput,     // the caller sent something that can never work
  Unauthenticated,  // nobody is signed in, or the sign-in has ended
  Forbidden,        // signed in, but neither role nor grant covers this
  Denied,           // a person, or an approval's time limit, said no
  NotFound,
  AlreadyExists,
  Conflict,  // true a moment ago, not any more: read again and retry
  TooLarge,
  TooMany,  // a rate, use count or budget is spent
  Expired,
  Unsupported,
  Unavailable,  // something the box depends on does not answer
  NoSpace,      // the disk is full
  Corrupt,      // stored bytes are not what was written
  Cancelled,
  Internal,  // a bug or an unexpected failure of the system below
};

// The code's name on the wire: "invalid_input", "not_found" …
std::string_view code_name(Code code);

// One error type for the whole system. `message` is one sentence that a person can act on, in both languages; `context`
// is the trail of what was being done, innermost first, in English, for the log.
class [[nodiscard]] Error {
 public:
  Error(Code code, Message message);
  Error(const Error& other);
  Error(Error&& other) noexcept : content_(std::exchange(other.content_, nullptr)) {}  // leaves nothing but to be destroyed
  Error& operator=(Error other) noexcept {
    std::swap(content_, other.content_);
    return *this;
  }
  ~Error() {
    if (content_) destroy();
  }

  Code code() const { return content_->code; }
  const std::string& message() const { return content_->message.english(); }
  const std::string& message(Language language) const { return content_->message.in(language); }
  const Message& sentence() const { return content_->message; }
  const std::vector<std::string>& context() const { return content_->context; }

  Error with(std::string context) && {
    content_->context.push_back(std::move(context));
    return std::move(*this);
  }

  // "not_found: No such folder. (while listing /a)": for logs.
  std::string describe() const;

  // The error of the failed system call in `errno_value`: ENOSPC becomes NoSpace, ENOENT NotFound, and so on. `doing` says
  // what was tried: "writing {}", path.
  static Error from_errno(int errno_value, const Message& doing);
  template <typename... Args>
  static Error from_errno(int errno_value, fmt::format_string<Args...> doing, Args&&... args) {
    return from_errno(errno_value, translated(doing, std::forward<Args>(args)...));
  }

 private:
  struct Content {
    Code code;
    Message message;
    std::vector<std::string> context;
  };
  void destroy();

  Content* content_;  // its own; behind a pointer, so that a Result costs little where all goes well
};

template <typename T = void>
using Result = std::expected<T, Error>;

// The format is a key of src/base/messages_zh.inc, which has the Chinese.
template <typename... Args>
std::unexpected<Error> fail(Code code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error(code, translated(format, std::forward<Args>(args)...)));
}

// What the system says about a failed call: "No such file or directory".
Message reason_of(int errno_value);

}  // namespace hearth

// TRY(expr): the value of a Result, or return its error. For functions; coroutines use CO_TRY and CO_CHECK.
#define TRY(...)                                                                      \
  ({                                                                                  \
    auto hearth_result = (__VA_ARGS__);                                               \
    if (!hearth_result) return std::unexpected(std::move(hearth_result).error());     \
    *std::move(hearth_result);                                                        \
  })

#define HEARTH_JOIN_INNER(a, b) a##b
#define HEARTH_JOIN(a, b) HEARTH_JOIN_INNER(a, b)

// CO_TRY(auto value, co_await something()): declares the value, or co_returns the error.
#define CO_TRY(declaration, ...) HEARTH_CO_TRY(HEARTH_JOIN(hearth_result_, __LINE__), declaration, __VA_ARGS__)
#define HEARTH_CO_TRY(result, declaration, ...)                       \
  auto result = (__VA_ARGS__);                                        \
  if (!result) co_return std::unexpected(std::move(result).error());  \
  declaration = *std::move(result)

// CO_CHECK(co_await something()): for Result<void>.
#define CO_CHECK(...)                                                                         \
  do {                                                                                        \
    auto hearth_result = (__VA_ARGS__);                                                       \
    if (!hearth_result) co_return std::unexpected(std::move(hearth_result).error());          \
  } while (false)
