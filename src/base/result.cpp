#include "base/result.h"

#include <array>
#include <cerrno>
#include <system_error>

namespace hearth {

std::string_view code_name(Code code) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "invalid_input", "unauthenticated", "forbidden", "denied",    "not_found",   "already_exists",
      "conflict",      "too_large",       "too_many",  "expired",   "unsupported", "unavailable",
      "no_space",      "corrupt",         "cancelled", "internal",
  };
  return kNames[static_cast<std::size_t>(code)];
}

std::string Error::describe() const {
  std::string text = fmt::format("{}: {}", code_name(code_), message_);
  for (const auto& step : context_) text += fmt::format(" (while {})", step);
  return text;
}

Error Error::from_errno(int errno_value, std::string_view doing) {
  const auto reason = std::generic_category().message(errno_value);
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
      return {Code::NoSpace, fmt::format("The disk is full ({}). Free some space and try again.", doing)};
    case ENOENT:
    case ENOTDIR:
      return {Code::NotFound, fmt::format("{}: {}.", doing, reason)};
    case EEXIST:
    case ENOTEMPTY:
      return {Code::AlreadyExists, fmt::format("{}: {}.", doing, reason)};
    case EACCES:
    case EPERM:
    case EROFS:
      return {Code::Forbidden, fmt::format("{}: {}. Check who owns it and its permissions.", doing, reason)};
    case ENAMETOOLONG:
    case EINVAL:
    case ELOOP:
      return {Code::InvalidInput, fmt::format("{}: {}.", doing, reason)};
    case EFBIG:
      return {Code::TooLarge, fmt::format("{}: {}.", doing, reason)};
    case ECONNREFUSED:
    case EADDRINUSE:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return {Code::Unavailable, fmt::format("{}: {}.", doing, reason)};
    default:
      return {Code::Internal, fmt::format("{}: {}.", doing, reason)};
  }
}

}  // namespace hearth
