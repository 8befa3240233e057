#include "memory/extract/history.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/ascii.h"

namespace hearth::memory::extract {
namespace {

// What stands before a subject: "[EXTERNAL]", "***SPAM***".
std::string_view without_labels(std::string_view title) {
  static constexpr auto kPairs = std::to_array<std::pair<std::string_view, std::string_view>>({{"[", "]"}, {"【", "】"}, {"(", ")"}, {"（", "）"}, {"{", "}"}, {"<", ">"}});
  static constexpr auto kWords = std::to_array<std::string_view>({"ext:", "extern:", "external:", "externe:", "external email:", "spam:"});
  for (bool found = true; found;) {
    found = false;
    const auto skip = [&](std::size_t size) {
      title.remove_prefix(std::min(size, title.size()));
      title = trim(title);
      if (title.starts_with(':')) title.remove_prefix(1);
      title = trim(title);
      found = true;
    };
    for (const auto& [open, close] : kPairs) {
      if (!title.starts_with(open)) continue;
      if (const auto end = title.find(close); end != title.npos) skip(end + close.size());
    }
    if (title.starts_with("**")) {
      const auto start = title.find_first_not_of('*');
      const auto end = start == title.npos ? start : title.find("**", start);
      if (end != title.npos) skip(std::min(title.find_first_not_of('*', end), title.size()));
    }
    for (const auto word : kWords) {
      if (title.starts_with(word)) skip(word.size());
    }
  }
  return title;
}

template <std::size_t N>
bool has_prefix(std::string_view title, const std::array<std::string_view, N>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) {
    if (!title.starts_with(prefix)) return false;
    auto rest = title.substr(prefix.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" []()^*0123456789\xC2\xA0"), rest.size()));
    return rest.starts_with(':') || rest.starts_with("：");
  });
}

}  // namespace

History history_of(std::string_view subject, bool refers) {
  static constexpr auto kForwards = std::to_array<std::string_view>(
      {"fw", "fwd", "wg", "tr", "rv", "enc", "doorst", "i", "vb", "vs", "vl", "pd", "ilt", "vá", "továbbítás", "转发", "轉寄", "转寄", "轉發", "轉傳", "転送", "전달"});
  static constexpr auto kAnswers = std::to_array<std::string_view>(
      {"re", "aw", "sv", "antw", "odp", "ynt", "回复", "回覆", "回復", "答复", "答覆", "返信", "회신", "rif"});
  static constexpr auto kShortAnswers = std::to_array<std::string_view>({"r", "res"});  // a fresh mail may be about R
  const auto whole = lower(trim(subject));
  std::string_view title = whole;
  if (title.starts_with('[')) {  // "[Fwd: plans]"
    if (has_prefix(title.substr(1), kForwards)) return History::Forwarded;
    if (has_prefix(title.substr(1), kAnswers)) return History::Answered;
  }
  title = without_labels(title);
  if (has_prefix(title, kForwards)) return History::Forwarded;
  if (has_prefix(title, kAnswers) || (refers && has_prefix(title, kShortAnswers))) return History::Answered;
  return refers ? History::Related : History::Unknown;
}

}  // namespace hearth::memory::extract
