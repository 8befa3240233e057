#include "base/closest.h"

#include <algorithm>
#include <vector>

namespace hearth {
namespace {

// Optimal string alignment distance, in bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

constexpr std::size_t kLongest = 64;

}  // namespace

std::string closest(std::string_view word, std::span<const std::string> known) {
  std::string best;
  if (word.size() > kLongest) return best;
  auto least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto& one : known) {
    if (const auto apart = distance(word, one); apart < least) {
      least = apart;
      best = one;
    }
  }
  return best;
}

}  // namespace hearth
