#include "memory/extract/mbox.h"

#include "memory/extract/mail.h"
#include "memory/extract/mail_time.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kRead = 1 << 20;
constexpr std::size_t kLargeWindow = 8 * kRead;  // from here on it grows once, not by doubling: what is copied is there twice
constexpr std::size_t kLongestFromLine = 1000;
constexpr std::size_t kLongestHeaderName = 100;

}  // namespace

Result<std::size_t> MboxReader::fill(std::size_t count) {
  if (window_.size() - at_ < count && !ended_ && at_ > 0) {
    base_ += static_cast<std::int64_t>(at_);
    window_.erase(0, at_);
    at_ = 0;
  }
  while (window_.size() - at_ < count && !ended_) {
    const auto filled = window_.size();
    if (filled >= kLargeWindow && window_.capacity() < filled + kRead) window_.reserve(std::max(largest_ + kLargeWindow, filled + kRead));
    window_.resize(filled + kRead);
    const auto got = TRY(input_.read_at(base_ + static_cast<std::int64_t>(filled), std::span(window_).subspan(filled)));
    window_.resize(filled + got);
    if (got < kRead) ended_ = true;
  }
  return std::min(count, window_.size() - at_);
}

// Whether a mail header ("Name:") stands at `after` bytes past at_.
Result<bool> MboxReader::is_header_line(std::size_t after) {
  const auto have = TRY(fill(after + kLongestHeaderName));
  for (std::size_t i = after; i < have; ++i) {
    const char c = window_[at_ + i];
    if (c == ':') return i > after;
    if (c <= ' ' || c > '~') return false;
  }
  return false;
}

Result<std::optional<MboxMessage>> MboxReader::next() {
  const auto have = TRY(fill(kLongestFromLine));
  if (have == 0) return std::nullopt;
  std::string_view rest = std::string_view(window_).substr(at_);
  const auto line_end = rest.substr(0, kLongestFromLine).find('\n');
  if (!rest.starts_with("From ") || line_end == rest.npos) {
    return fail(Code::InvalidInput, "This is not where a message of an mbox file begins.");
  }
  MboxMessage message;
  message.offset = offset();
  message.from_line = rest.substr(0, line_end);
  message.body_start = message.offset + static_cast<std::int64_t>(line_end) + 1;
  at_ += line_end + 1;

  // `seen` bytes of the body were searched; what is dropped of a message too large is counted in `dropped`.
  std::size_t seen = 0;
  std::int64_t dropped = 0;
  std::size_t body = 0;  // length found, from at_
  while (true) {
    const auto available = TRY(fill(seen + kRead));
    const auto text = std::string_view(window_).substr(at_, available);
    const auto found = text.find("\nFrom ", seen > 6 ? seen - 6 : 0);
    if (found == text.npos) {
      if (ended_ && available == window_.size() - at_) {
        body = available;
        break;
      }
      seen = available;
      if (seen > largest_ + kRead) {  // too large: forget all but the end, in which a boundary may begin
        const auto drop = seen - 16;
        message.too_large = true;
        dropped += static_cast<std::int64_t>(drop);
        at_ += drop;
        seen = 16;
      }
      continue;
    }
    // A blank line stands before it: "\n\n" or "\n\r\n".
    const bool blank = found == 0 || text[found - 1] == '\n' || (text[found - 1] == '\r' && (found == 1 || text[found - 2] == '\n'));
    bool boundary = blank;
    if (boundary) {
      TRY(fill(found + 1 + kLongestFromLine));
      const auto again = std::string_view(window_).substr(at_);
      const auto line = again.find('\n', found + 1);
      boundary = line != again.npos && line - found <= kLongestFromLine && TRY(is_header_line(line + 1));
    }
    if (boundary) {
      body = found + 1;
      break;
    }
    seen = found + 7;
  }
  const auto text = std::string_view(window_).substr(at_, body);
  auto kept = text;
  // The blank line that separates it from the next; the last message of a file has none in some programs' files.
  if (kept.ends_with("\r\n\r\n")) {
    kept.remove_suffix(2);
  } else if (kept.ends_with("\n\n")) {
    kept.remove_suffix(1);
  }
  message.body_length = dropped + static_cast<std::int64_t>(kept.size());
  message.too_large = message.too_large || kept.size() > largest_;
  if (!message.too_large) message.bytes = kept;
  at_ += body;
  message.length = offset() - message.offset;
  return message;
}

std::string unquote_from(std::string_view bytes) {
  std::string plain;
  plain.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    auto line = bytes.substr(0, end == bytes.npos ? bytes.size() : end + 1);
    bytes.remove_prefix(line.size());
    const auto quotes = line.find_first_not_of('>');
    if (quotes != line.npos && quotes > 0 && line.substr(quotes).starts_with("From ")) line.remove_prefix(1);
    plain += line;
  }
  return plain;
}

Result<> read_mbox_file(const Request& request, const Input& input, Sink& sink) {
  MboxReader reader(input, request.offset, kLargestItem);
  while (true) {
    auto message = TRY(reader.next());
    if (!message) return {};
    if (!TRY(sink.begin({message->offset, message->length}))) continue;
    if (message->too_large) {
      TRY(sink.failed(fmt::format("Larger than {} MB.", kLargestItem >> 20)));
      continue;
    }
    TRY(read_mail_items(unquote_from(message->bytes), {{message->body_start, message->body_length}, {}}, sink, input.depth(),
                        time_of_from_line(message->from_line)));
  }
}

}  // namespace hearth::memory::extract
