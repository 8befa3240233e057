#include "gateway/output.h"

#include <algorithm>
#include <array>

namespace hearth::gateway {
namespace {
constexpr std::uint64_t kTurn = 4 * 1024 * 1024;  // of a file, before others have their turn
}

void Output::push(std::string piece) {
  if (piece.empty()) return;
  size_ += piece.size();
  pieces_.push_back(std::move(piece));
}

void Output::push_rest(std::initializer_list<std::string_view> pieces, std::size_t skip) {
  std::size_t total = 0;
  for (const auto piece : pieces) total += piece.size();
  std::string rest;
  rest.reserve(total - skip);
  for (auto piece : pieces) {
    const auto skipped = std::min(skip, piece.size());
    skip -= skipped;
    rest.append(piece.substr(skipped));
  }
  push(std::move(rest));
}

void Output::clear() { *this = Output(); }

Stream::Outcome Output::flush(Stream& stream, std::span<char> scratch, std::uint32_t& written) {
  while (first_ < pieces_.size()) {
    std::array<iovec, 16> vector;
    std::size_t count = 0;
    for (auto i = first_; i < pieces_.size() && count < vector.size(); ++i, ++count) {
      const auto skip = i == first_ ? offset_ : 0;
      vector[count] = {pieces_[i].data() + skip, pieces_[i].size() - skip};
    }
    const auto step = stream.write({vector.data(), count}, scratch);
    if (step.outcome != Stream::Outcome::Moved) return step.outcome;
    written += static_cast<std::uint32_t>(step.bytes);
    size_ -= step.bytes;
    auto taken = step.bytes + offset_;
    while (first_ < pieces_.size() && taken >= pieces_[first_].size()) {
      taken -= pieces_[first_].size();
      pieces_[first_] = std::string();
      ++first_;
    }
    offset_ = taken;
  }
  if (!pieces_.empty()) {
    pieces_ = {};
    first_ = offset_ = 0;
  }
  paused_ = false;
  std::uint64_t sent = 0;
  while (file_left_ > 0) {
    if (sent >= kTurn) {
      paused_ = true;
      return Stream::Outcome::Blocked;
    }
    const auto step = stream.send_file(file_->descriptor(), file_offset_, file_left_, scratch);
    if (step.outcome != Stream::Outcome::Moved) return step.outcome;
    written += static_cast<std::uint32_t>(step.bytes);
    file_offset_ += step.bytes;
    file_left_ -= step.bytes;
    sent += step.bytes;
  }
  file_.reset();
  return Stream::Outcome::Moved;
}

}  // namespace hearth::gateway
