#include "kernel/grant.h"

#include <algorithm>

namespace hearth::kernel {
namespace {

bool separates(char c) { return c == '/' || c == '.'; }

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view name) {
  const auto literal = std::min(pattern.find('*'), pattern.size());
  if (!name.starts_with(pattern.substr(0, literal))) return false;
  pattern.remove_prefix(literal);
  name.remove_prefix(literal);

  // reached[i]: what was read of the pattern so far matches the first i bytes of the name. One pass of the name for each
  // sign of the pattern, whatever they hold: both may come from outside.
  std::string reached(name.size() + 1, '\0');
  reached[0] = 1;
  while (!pattern.empty()) {
    const bool across = pattern.starts_with("**");
    if (pattern.front() == '*') {
      for (std::size_t i = 1; i <= name.size(); ++i) {
        if (reached[i - 1] != 0 && (across || !separates(name[i - 1]))) reached[i] = 1;
      }
    } else {
      for (std::size_t i = name.size(); i > 0; --i) reached[i] = reached[i - 1] != 0 && name[i - 1] == pattern.front() ? 1 : 0;
      reached[0] = 0;
    }
    pattern.remove_prefix(across ? 2 : 1);
  }
  return reached.back() != 0;
}

}  // namespace hearth::kernel
