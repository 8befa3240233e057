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

Error::Error(Code code, Message message) : content_(new Content{code, std::move(message), {}}) {}

Error::Error(const Error& other) : content_(new Content(*other.content_)) {}

void Error::destroy() { delete content_; }

std::string Error::describe() const {
  std::string text = fmt::format("{}: {}", code_name(code()), sentence());
  for (const auto& step : context()) text += fmt::format(" (while {})", step);
  return text;
}

Message reason_of(int errno_value) {
  switch (errno_value) {
    case EPERM: return translated("Operation not permitted");
    case ENOENT: return translated("No such file or directory");
    case EIO: return translated("Input/output error");
    case EAGAIN: return translated("Resource temporarily unavailable");
    case ENOMEM: return translated("Cannot allocate memory");
    case EACCES: return translated("Permission denied");
    case EBUSY: return translated("Device or resource busy");
    case EEXIST: return translated("File exists");
    case EXDEV: return translated("Invalid cross-device link");
    case ENOTDIR: return translated("Not a directory");
    case EISDIR: return translated("Is a directory");
    case EINVAL: return translated("Invalid argument");
    case ENFILE: return translated("Too many open files in system");
    case EMFILE: return translated("Too many open files");
    case EFBIG: return translated("File too large");
    case ENOSPC: return translated("No space left on device");
    case EROFS: return translated("Read-only file system");
    case EMLINK: return translated("Too many links");
    case EPIPE: return translated("Broken pipe");
    case ENAMETOOLONG: return translated("File name too long");
    case ENOTEMPTY: return translated("Directory not empty");
    case ELOOP: return translated("Too many levels of symbolic links");
    case ENOSYS: return translated("Function not implemented");
    case ESTALE: return translated("Stale file handle");
    case EADDRINUSE: return translated("Address already in use");
    case EADDRNOTAVAIL: return translated("Cannot assign requested address");
    case ECONNRESET: return translated("Connection reset by peer");
    case ETIMEDOUT: return translated("Connection timed out");
    case ECONNREFUSED: return translated("Connection refused");
    case EHOSTUNREACH: return translated("No route to host");
    case EDQUOT: return translated("Disk quota exceeded");
    default: return std::generic_category().message(errno_value);
  }
}

Error Error::from_errno(int errno_value, const Message& doing) {
  const auto reason = reason_of(errno_value);
  const auto plain = [&] { return translated("{}: {}.", doing, reason); };
  switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
      return {Code::NoSpace, translated("The disk is full ({}). Free some space and try again.", doing)};
    case ENOENT:
    case ENOTDIR:
      return {Code::NotFound, plain()};
    case EEXIST:
    case ENOTEMPTY:
      return {Code::AlreadyExists, plain()};
    case EACCES:
    case EPERM:
    case EROFS:
      return {Code::Forbidden, translated("{}: {}. Check who owns it and its permissions.", doing, reason)};
    case ENAMETOOLONG:
    case EINVAL:
    case ELOOP:
      return {Code::InvalidInput, plain()};
    case EFBIG:
      return {Code::TooLarge, plain()};
    case ECONNREFUSED:
    case EADDRINUSE:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return {Code::Unavailable, plain()};
    default:
      return {Code::Internal, plain()};
  }
}

}  // namespace hearth
