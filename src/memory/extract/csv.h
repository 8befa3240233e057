#pragma once
#include <string>
#include <vector>

#include "memory/extract/lines.h"

namespace hearth::memory::extract {

// One record of a file of comma-separated values (RFC 4180).
struct CsvRecord {
  Extent extent;
  std::vector<std::string> values;  // UTF-8
  bool too_long = false;            // then there are none
};

// Reads comma-, semicolon- or tab-separated values in UTF-8 or an older encoding. Not UTF-16.
class CsvReader {
 public:
  explicit CsvReader(const Input& input, std::size_t longest = 16 << 20);

  Result<std::optional<CsvRecord>> next();

 private:
  LineReader lines_;
  std::size_t longest_;
  char separator_ = ',';
  std::string charset_;  // of the whole file, "" when it is UTF-8
};

}  // namespace hearth::memory::extract
