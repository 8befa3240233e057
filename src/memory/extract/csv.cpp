#include "memory/extract/csv.h"

#include <algorithm>

#include "base/bytes.h"
#include "memory/extract/charset.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostValues = 1000;
constexpr std::size_t kMostLines = 10'000;  // in one record: a quotation mark that is never closed

char find_separator(std::string_view line) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto count = std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

// Whether a value goes on behind the line's end. As in split(), a quotation mark opens only where a value begins: 5" is five inches.
bool ends_quoted(std::string_view line, char separator, bool quoted) {
  bool begins = !quoted;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') continue;
      if (i + 1 < line.size() && line[i + 1] == '"') ++i;
      else quoted = false;
    } else if (c == '"' && begins) {
      quoted = true;
    }
    begins = !quoted && c == separator;
  }
  return quoted;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> values(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        values.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        values.back() += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && values.back().empty()) {
      quoted = true;
    } else if (c == separator && values.size() < kMostValues) {
      values.emplace_back();
    } else {
      values.back() += c;
    }
  }
  return values;
}

}  // namespace

CsvReader::CsvReader(const Input& input, std::size_t longest) : lines_(input, longest), longest_(longest) {
  constexpr std::size_t kSample = 64 << 10;
  auto sample = input.read(0, kSample).value_or("");
  if (sample.size() == kSample) sample.resize(sample.rfind('\n') == sample.npos ? sample.size() : sample.rfind('\n'));
  separator_ = find_separator(std::string_view(sample).substr(0, sample.find('\n')));
  if (!is_utf8(sample)) charset_ = guess_charset(sample);
}

Result<std::optional<CsvRecord>> CsvReader::next() {
  CsvRecord record;
  std::string text;
  bool any = false;
  bool quoted = false;
  for (std::size_t count = 0; count < kMostLines; ++count) {
    const auto line = TRY(lines_.next());
    if (!line) break;
    if (!any) record.extent.offset = line->extent.offset;
    if (any) text += '\n';
    any = true;
    record.extent.length += line->extent.length;
    record.too_long = record.too_long || line->too_long || text.size() > longest_;
    if (!record.too_long) text += line->bytes;
    quoted = ends_quoted(line->bytes, separator_, quoted);
    if (!quoted) break;
  }
  if (!any) return std::nullopt;
  if (!record.too_long) record.values = split(to_utf8(text, charset_), separator_);
  return record;
}

}  // namespace hearth::memory::extract
