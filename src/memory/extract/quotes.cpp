#include "memory/extract/quotes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace hearth::memory::extract {
namespace {

std::string_view trim(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '*')) line.remove_suffix(1);
  return line;
}

template <std::size_t N>
bool ends_with_any(std::string_view line, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return line.ends_with(ending); });
}

template <std::size_t N>
bool starts_with_any(std::string_view line, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return line.starts_with(beginning); });
}

constexpr std::array<std::string_view, 7> kWrote = {"wrote:", "写道：", "写道:", "寫道：", "寫道:", "schrieb:", "écrit :"};
constexpr std::array<std::string_view, 6> kAttributionStart = {"On ", "在 ", "在20", "于 ", "Am ", "Le "};
constexpr std::array<std::string_view, 6> kOriginal = {"-----Original Message-----", "-----原始邮件-----", "------------------ 原始邮件",
                                                       "----- Original Message -----", "------------------&nbsp;原始邮件",
                                                       "-------- Original Message --------"};
constexpr std::array<std::string_view, 14> kHeaders = {"From:", "Sent:", "Date:", "To:", "Cc:", "Subject:", "发件人:", "发件人：",
                                                       "发送时间:", "发送时间：", "收件人:", "收件人：", "主题:", "主题："};
constexpr std::array<std::string_view, 3> kForwarded = {"Forwarded message", "Begin forwarded message", "转发"};

// Whether the header block of an answered message begins at `at`: "From:" and at least two more headers within six lines.
bool is_header_block(const std::vector<std::string_view>& lines, std::size_t at) {
  const auto first = trim(lines[at]);
  const auto plain = first.starts_with("*") ? first.substr(1) : first;
  if (!plain.starts_with("From:") && !plain.starts_with("发件人")) return false;
  std::size_t headers = 0;
  for (std::size_t i = at; i < std::min(lines.size(), at + 6); ++i) {
    auto line = trim(lines[i]);
    if (line.starts_with("*")) line.remove_prefix(1);
    headers += starts_with_any(line, kHeaders);
  }
  return headers >= 3;
}

bool follows_forward(const std::vector<std::string_view>& lines, std::size_t at) {
  for (std::size_t i = at > 3 ? at - 3 : 0; i < at; ++i) {
    for (const auto mark : kForwarded) {
      if (lines[i].find(mark) != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace

std::string without_quotes(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  std::vector<char> quoted(lines.size(), 0);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = trim(lines[i]);
    if (starts_with_any(line, kOriginal) || (is_header_block(lines, i) && !follows_forward(lines, i))) {
      std::fill(quoted.begin() + static_cast<std::ptrdiff_t>(i), quoted.end(), 1);
      break;
    }
    if (!line.starts_with(">")) continue;
    quoted[i] = 1;
    if (i > 0 && quoted[i - 1]) continue;
    // The attribution above: "On Monday, Ann <ann@example.com>\nwrote:", perhaps with blank lines below.
    std::size_t above = i;
    while (above > 0 && trim(lines[above - 1]).empty()) --above;
    if (above == 0 || !ends_with_any(trim(lines[above - 1]), kWrote)) continue;
    const auto last = above - 1;
    auto first = last;
    while (first > 0 && last - first < 3 && !starts_with_any(trim(lines[first]), kAttributionStart) &&
           !trim(lines[first - 1]).empty()) {
      --first;
    }
    if (!starts_with_any(trim(lines[first]), kAttributionStart)) first = last;
    std::fill(quoted.begin() + static_cast<std::ptrdiff_t>(first), quoted.begin() + static_cast<std::ptrdiff_t>(i), 1);
  }
  std::string kept;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (quoted[i]) continue;
    kept += lines[i];
    kept += '\n';
  }
  const auto end = kept.find_last_not_of(" \t\n");
  if (end == kept.npos) return std::string(text);
  kept.resize(end + 1);
  return kept;
}

}  // namespace hearth::memory::extract
