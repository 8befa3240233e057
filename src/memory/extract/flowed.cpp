#include "memory/extract/flowed.h"

#include <algorithm>

namespace hearth::memory::extract {

std::string read_flowed(std::string_view text, SoftBreak soft_break) {
  std::string result;
  std::size_t open = text.npos;  // how deep the paragraph is quoted that goes on
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    auto line = text.substr(start, end - start);
    start = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    // No quote: servers put the '>' there.
    const auto depth = line.starts_with(">From ") ? 0 : std::min(line.find_first_not_of('>'), line.size());
    line.remove_prefix(depth);
    const bool stuffed = line.starts_with(' ');
    if (stuffed) line.remove_prefix(1);
    const bool signature = line == "-- ";
    const bool goes_on = line.ends_with(' ') && !signature;
    if (goes_on && soft_break == SoftBreak::Nothing) line.remove_suffix(1);
    if (open != depth || signature || line.empty()) {
      if (open != text.npos) result += '\n';
      result.append(depth, '>');
      if (depth > 0 ? !line.empty() : stuffed && line.starts_with('>')) result += ' ';
    }
    result += line;
    open = goes_on ? depth : text.npos;
    if (!goes_on) result += '\n';
  }
  return result;
}

}  // namespace hearth::memory::extract
