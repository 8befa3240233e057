#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "memory/extract/formats.h"

namespace hearth::memory::extract {

struct Line {
  Extent extent;           // with its end
  std::string_view bytes;  // without "\n" or "\r\n"; valid until the next one is read
  bool too_long = false;   // then these are only its first bytes
};

// Reads an input line by line, whatever its size and that of its lines.
class LineReader {
 public:
  explicit LineReader(const Input& input, std::size_t longest = 16 << 20) : input_(input), longest_(longest) {}

  // None at the end.
  Result<std::optional<Line>> next();

 private:
  const Input& input_;
  const std::size_t longest_;
  std::string window_;
  std::int64_t base_ = 0;  // of the window in the input
  std::size_t at_ = 0;     // in the window
  std::string start_;      // of a line that is too long
  bool ended_ = false;
};

}  // namespace hearth::memory::extract
