#include "memory/extract/markdown.h"

#include <algorithm>
#include <array>

#include "memory/extract/paper.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostTags = 100;
constexpr std::size_t kLongestTag = 100;
constexpr std::size_t kLongestLink = 500;
constexpr std::size_t kLongestFrontMatter = 64 << 10;

std::string_view trim(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\n\r\"'");
  if (start == text.npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\n\r\"'") + 1 - start);
}

void add_tag(std::vector<std::string>& tags, std::string_view tag) {
  tag = trim(tag);
  if (tag.starts_with('#')) tag.remove_prefix(1);
  if (tag.empty() || tag.size() > kLongestTag || tags.size() >= kMostTags) return;
  if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.emplace_back(tag);
}

// "a, b", "[a, b]" or, in older notes, "a b".
void add_tags(std::vector<std::string>& tags, std::string_view list) {
  list = trim(list);
  const bool bracketed = list.starts_with('[');
  if (bracketed) list = list.substr(1, list.find(']') == list.npos ? list.npos : list.find(']') - 1);
  const bool commas = bracketed || list.find(',') != list.npos;
  for (std::size_t start = 0; start <= list.size();) {
    const auto end = std::min(list.find(commas ? ',' : ' ', start), list.size());
    add_tag(tags, list.substr(start, end - start));
    start = end + 1;
  }
}

// Reads the lines between the "---" lines; what is not understood stays text.
void read_front_matter(std::string_view lines, Markdown& result) {
  std::string open;  // the key whose list goes on
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const auto colon = line.find(':');
    const bool indented = line.starts_with(' ') || line.starts_with('-');
    if (indented && (open == "tags" || open == "tag")) {
      const auto dash = line.find('-');
      if (dash != line.npos) add_tag(result.tags, line.substr(dash + 1));
      continue;
    }
    if (!indented && colon != line.npos) {
      open = trim(line.substr(0, colon));
      std::transform(open.begin(), open.end(), open.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const auto value = trim(line.substr(colon + 1));
      if (open == "title") {
        result.title = value;
        continue;
      }
      if (open == "tags" || open == "tag" || open == "keywords") {
        add_tags(result.tags, value);
        continue;
      }
      if (open == "date" || open == "created" || open == "updated" || open == "modified") {
        if (const auto time = parse_iso_time(value); time && (!result.time || open == "date")) {
          result.time = time;
          result.whole_day = value.size() <= 10;
          continue;
        }
      }
    }
    if (!trim(line).empty()) result.text += std::string(line) + "\n";
  }
  if (!result.text.empty()) result.text += "\n";
}

// The words of a link: "Page", of "[[folder/Page#Part|Label]]" "Label".
std::string_view link_words(std::string_view link) {
  if (const auto bar = link.rfind('|'); bar != link.npos) return trim(link.substr(bar + 1));
  return trim(link);
}

bool ends_tag(std::string_view rest) {
  static constexpr std::array<std::string_view, 14> kMarks = {"，", "。", "、", "；", "：", "！", "？", "（", "）", "《", "》", "“", "”", "…"};
  const auto byte = static_cast<unsigned char>(rest.front());
  if (byte >= 0x80) return std::any_of(kMarks.begin(), kMarks.end(), [&](auto mark) { return rest.starts_with(mark); });
  return !std::isalnum(byte) && byte != '_' && byte != '-' && byte != '/';
}

// One line outside of code: links as words, tags taken.
void add_line(std::string_view line, Markdown& result) {
  for (std::size_t at = 0; at < line.size();) {
    if (line.substr(at).starts_with("[[")) {
      const auto end = line.find("]]", at + 2);
      if (end != line.npos && end - at < kLongestLink) {
        if (result.text.ends_with('!')) result.text.pop_back();  // "![[picture.png]]"
        result.text += link_words(line.substr(at + 2, end - at - 2));
        result.linked = true;
        at = end + 2;
        continue;
      }
    }
    if (line[at] == '#' && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') && at + 1 < line.size() && !ends_tag(line.substr(at + 1))) {
      std::size_t end = at + 1;
      while (end < line.size() && !ends_tag(line.substr(end))) ++end;
      const auto tag = line.substr(at + 1, end - at - 1);
      if (tag.find_first_not_of("0123456789") != tag.npos) add_tag(result.tags, tag);  // "#12" is a number
    }
    result.text += line[at++];
  }
}

}  // namespace

Markdown read_markdown(std::string_view text) {
  Markdown result;
  if (text.starts_with("---\n")) {
    auto end = text.find("\n---", 3);
    if (end == text.npos || end > kLongestFrontMatter) end = text.find("\n...", 3);
    if (end != text.npos && end <= kLongestFrontMatter) {
      read_front_matter(text.substr(4, std::max<std::size_t>(end, 4) - 4), result);
      const auto line_end = text.find('\n', end + 1);
      text.remove_prefix(line_end == text.npos ? text.size() : line_end + 1);
    }
  }
  bool code = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    if (line.starts_with("```") || line.starts_with("~~~")) code = !code;
    if (code) {
      result.text += line;
    } else {
      if (result.title.empty() && line.starts_with("# ")) {
        auto title = trim(line.substr(2));
        while (title.ends_with('#')) title = trim(title.substr(0, title.size() - 1));
        result.title = title;
      }
      add_line(line, result);
    }
    if (end < text.size()) result.text += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace hearth::memory::extract
