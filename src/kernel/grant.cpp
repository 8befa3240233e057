#include "kernel/grant.h"

namespace hearth::kernel {

bool matches_pattern(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.starts_with("**")) {
    const auto rest = pattern.substr(2);
    for (std::size_t i = 0; i <= name.size(); ++i) {
      if (matches_pattern(rest, name.substr(i))) return true;
    }
    return false;
  }
  if (pattern.front() == '*') {
    const auto rest = pattern.substr(1);
    for (std::size_t i = 0;; ++i) {
      if (matches_pattern(rest, name.substr(i))) return true;
      if (i == name.size() || name[i] == '/' || name[i] == '.') return false;
    }
  }
  return !name.empty() && pattern.front() == name.front() && matches_pattern(pattern.substr(1), name.substr(1));
}

}  // namespace hearth::kernel
