#include "gateway/chunked.h"

#include <algorithm>
#include <cstring>

#include "gateway/ascii.h"

namespace hearth::gateway {
namespace {
constexpr std::uint32_t kExtensionLimit = 1024;
constexpr std::uint32_t kTrailerLimit = 8 * 1024;
}  // namespace

// One byte outside a chunk's content; false when it cannot stand here.
bool ChunkedDecoder::take(char c) {
  switch (state_) {
    case State::Size:
      if (const int value = hex_digit(c); value >= 0) {
        if (++digits_ > 15) return false;
        left_ = left_ * 16 + static_cast<std::uint64_t>(value);
        return true;
      }
      if (digits_ == 0) return false;
      overhead_ = 0;
      state_ = c == '\r' ? State::SizeLineFeed : State::Extension;
      return c == '\r' || c == ';';
    case State::Extension:
      if (c == '\r') {
        state_ = State::SizeLineFeed;
        return true;
      }
      return is_field_value(c) && ++overhead_ <= kExtensionLimit;
    case State::SizeLineFeed:
      overhead_ = 0;
      state_ = left_ == 0 ? State::TrailerStart : State::Content;
      return c == '\n';
    case State::ContentReturn:
      state_ = State::ContentLineFeed;
      return c == '\r';
    case State::ContentLineFeed:
      digits_ = 0;
      left_ = 0;
      state_ = State::Size;
      return c == '\n';
    case State::TrailerStart:
      if (c == '\r') {
        state_ = State::EndLineFeed;
        return true;
      }
      state_ = State::TrailerName;
      return is_token(c) && ++overhead_ <= kTrailerLimit;
    case State::TrailerName:
      if (c == ':') {
        state_ = State::Trailer;
        return true;
      }
      return is_token(c) && ++overhead_ <= kTrailerLimit;
    case State::Trailer:
      if (c == '\r') {
        state_ = State::TrailerLineFeed;
        return true;
      }
      return is_field_value(c) && ++overhead_ <= kTrailerLimit;
    case State::TrailerLineFeed:
      state_ = State::TrailerStart;
      return c == '\n';
    case State::EndLineFeed:
      state_ = State::Done;
      return c == '\n';
    case State::Content:
    case State::Done:
      break;
  }
  return false;
}

ChunkedDecoder::Step ChunkedDecoder::decode(std::span<char> bytes, std::size_t limit) {
  Step step;
  while (step.consumed < bytes.size() && state_ != State::Done) {
    if (state_ != State::Content) {
      if (!take(bytes[step.consumed])) {
        step.bad = true;
        return step;
      }
      ++step.consumed;
      continue;
    }
    const auto available = std::min<std::uint64_t>(bytes.size() - step.consumed, limit - step.payload);
    const auto count = static_cast<std::size_t>(std::min(available, left_));
    if (count == 0) return step;  // the limit is reached
    if (step.payload != step.consumed) std::memmove(bytes.data() + step.payload, bytes.data() + step.consumed, count);
    step.payload += count;
    step.consumed += count;
    left_ -= count;
    if (left_ == 0) state_ = State::ContentReturn;
  }
  return step;
}

}  // namespace hearth::gateway
