#include "memory/extract/mbox.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "memory/extract/mail.h"
#include "memory/extract/mail_time.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kRead = 1 << 20;
constexpr std::size_t kLargeWindow = 8 * kRead;  // from here on it grows once, not by doubling: what is copied is there twice
constexpr std::size_t kLongestFromLine = 1000;
constexpr std::size_t kLongestHeaderName = 100;
constexpr std::size_t kMostWords = 12;  // of a "From " line
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& names) {
  if (word.ends_with(',')) word.remove_suffix(1);
  return std::find(names.begin(), names.end(), lower(word)) != names.end();
}

bool is_month(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  return is_one_of(word, kMonths);
}

bool is_day(std::string_view word) {
  return !word.empty() && word.size() <= 2 && word.find_first_not_of("0123456789") == word.npos;
}

// What a line is that begins with "From ".
enum class FromLine {
  Prose,
  Short,  // it may begin a message
  Dated,  // with weekday, day and time: it does, whatever stands before it
};

FromLine read_from_line(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 4; at < line.size();) {
    const auto start = line.find_first_not_of(" \t\r\n", at);
    if (start == line.npos) break;
    at = std::min(line.find_first_of(" \t\r\n", start), line.size());
    words.push_back(line.substr(start, at - start));
  }
  if (words.empty() || words.size() > kMostWords) return FromLine::Prose;
  if (words.size() == 1) return FromLine::Short;
  static constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (std::size_t i = 0; i + 3 < words.size(); ++i) {
    const bool date = (is_month(words[i + 1]) && is_day(words[i + 2])) || (is_day(words[i + 1]) && is_month(words[i + 2]));
    if (!date || !is_one_of(words[i], kWeekdays)) continue;
    const auto time = read_mail_time(line.substr(static_cast<std::size_t>(words[i].data() - line.data())));
    if (time && time->certainty != TimeCertainty::Day) return FromLine::Dated;
  }
  const auto time = time_of_from_line(line);
  if (time && time->certainty != TimeCertainty::Day) return FromLine::Short;
  // A date in a language that is not read: a time of day and a year.
  bool clock = false, year = false;
  for (const auto word : words) {
    const bool digits = word.find_first_not_of("0123456789:") == word.npos;
    clock = clock || (digits && word.size() >= 7 && std::count(word.begin(), word.end(), ':') == 2);
    year = year || (digits && word.size() == 4 && (word.starts_with("19") || word.starts_with("20")));
  }
  return clock && year ? FromLine::Short : FromLine::Prose;
}

// Thunderbird marks what was deleted, and takes it out of the file when it compacts it.
bool is_deleted(std::string_view message) {
  constexpr std::string_view kName = "x-mozilla-status:";
  constexpr unsigned kExpunged = 8;
  while (!message.empty()) {
    const auto end = std::min(message.find('\n'), message.size());
    auto line = message.substr(0, end);
    message.remove_prefix(std::min(end + 1, message.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return false;
    if (lower(line.substr(0, kName.size())) != kName) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", kName.size()), line.size()));
    unsigned flags = 0;
    std::from_chars(line.data(), line.data() + line.size(), flags, 16);
    return (flags & kExpunged) != 0;
  }
  return false;
}

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

Result<> MboxReader::skip_blank_lines() {
  if (offset() == 0 && TRY(fill(kByteOrderMark.size())) == kByteOrderMark.size() && window_.starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
  while (TRY(fill(1)) == 1 && (window_[at_] == '\n' || window_[at_] == '\r')) ++at_;
  begun_ = true;
  return {};
}

Result<bool> MboxReader::begins() {
  TRY(skip_blank_lines());
  if (TRY(fill(kLongestFromLine)) == 0) return true;
  const auto rest = std::string_view(window_).substr(at_, kLongestFromLine);
  const auto line_end = rest.find('\n');
  if (!rest.starts_with("From ") || line_end == rest.npos) return false;
  const auto kind = read_from_line(rest.substr(0, line_end));
  const auto start = std::max<std::int64_t>(offset() - 3, 0);
  const auto before = TRY(input_.read(start, static_cast<std::size_t>(offset() - start)));
  const bool blank = before.ends_with("\n\n") || before.ends_with("\n\r\n");
  if (!before.ends_with('\n') || kind == FromLine::Prose || (kind == FromLine::Short && !blank)) return false;
  return is_header_line(line_end + 1);
}

// Whether a mail header ("Name:") stands at `after` bytes past at_, or what some servers put before them, a quoted "From " line.
Result<bool> MboxReader::is_header_line(std::size_t after) {
  const auto have = TRY(fill(after + kLongestHeaderName));
  if (after < have && std::string_view(window_).substr(at_ + after).starts_with(">From ")) return true;
  for (std::size_t i = after; i < have; ++i) {
    const char c = window_[at_ + i];
    if (c == ':') return i > after;
    if (c <= ' ' || c > '~') return false;
  }
  return false;
}

Result<std::optional<MboxMessage>> MboxReader::next() {
  if (!begun_) TRY(skip_blank_lines());
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
    TRY(fill(found + 1 + kLongestFromLine));
    const auto again = std::string_view(window_).substr(at_ + found + 1, kLongestFromLine);
    const auto line = again.find('\n');
    bool boundary = line != again.npos;
    if (boundary) {
      const auto kind = read_from_line(again.substr(0, line));
      boundary = kind == FromLine::Dated || (kind == FromLine::Short && blank);
    }
    boundary = boundary && TRY(is_header_line(found + 1 + line + 1));
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

bool begins_like_mbox(std::string_view head) {
  if (head.starts_with("From ")) return true;
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
  head.remove_prefix(std::min(head.find_first_not_of("\r\n"), head.size()));
  if (!head.starts_with("From ")) return false;
  return read_from_line(head.substr(0, head.find('\n'))) == FromLine::Dated;  // a text may begin so as well
}

Result<> read_mbox_file(const Request& request, const Input& input, Sink& sink) {
  // The message before it may have been read half written, or the file was changed.
  const bool goes_on = request.offset == 0 || TRY(MboxReader(input, request.offset, kLargestItem).begins());
  MboxReader reader(input, goes_on ? request.offset : 0, kLargestItem);
  while (true) {
    auto message = TRY(reader.next());
    if (!message) return {};
    if (!TRY(sink.begin({message->offset, message->length}))) continue;
    if (message->too_large) {
      TRY(sink.failed(fmt::format("Larger than {} MB.", kLargestItem >> 20)));
      continue;
    }
    if (is_deleted(message->bytes)) {
      TRY(sink.foreign());
      continue;
    }
    TRY(read_mail_items(unquote_from(message->bytes), {{message->body_start, message->body_length}, {}}, sink, input.depth(),
                        time_of_from_line(message->from_line)));
  }
}

}  // namespace hearth::memory::extract
