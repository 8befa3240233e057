#include "memory/extract/lines.h"

namespace hearth::memory::extract {
namespace {
constexpr std::size_t kRead = 256 << 10;
constexpr std::size_t kStart = 1 << 10;
}

Result<std::optional<Line>> LineReader::next() {
  Line line;
  line.extent.offset = base_ + static_cast<std::int64_t>(at_);
  std::size_t seen = 0;  // bytes behind at_ without a line's end
  while (true) {
    const auto end = std::string_view(window_).find('\n', at_ + seen);
    if (end != window_.npos) {
      line.bytes = std::string_view(window_).substr(at_, end - at_);
      at_ = end + 1;
      break;
    }
    if (ended_) {
      line.bytes = std::string_view(window_).substr(at_);
      at_ = window_.size();
      break;
    }
    seen = window_.size() - at_;
    if (seen > longest_) {
      if (!line.too_long) start_ = window_.substr(at_, kStart);
      line.too_long = true;
      at_ = window_.size();
      seen = 0;
    }
    base_ += static_cast<std::int64_t>(at_);
    window_.erase(0, at_);
    at_ = 0;
    const auto filled = window_.size();
    window_.resize(filled + kRead);
    const auto got = TRY(input_.read_at(base_ + static_cast<std::int64_t>(filled), std::span(window_).subspan(filled)));
    window_.resize(filled + got);
    ended_ = got < kRead;
  }
  line.extent.length = base_ + static_cast<std::int64_t>(at_) - line.extent.offset;
  if (line.extent.length == 0) return std::nullopt;
  if (line.too_long) {
    line.bytes = start_;
  } else if (line.bytes.size() > longest_) {
    line.too_long = true;
    line.bytes = line.bytes.substr(0, kStart);
  }
  if (line.bytes.ends_with('\r')) line.bytes.remove_suffix(1);
  return line;
}

}  // namespace hearth::memory::extract
