#include "memory/extract/content_line.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kLongestValue = 4 << 20;
constexpr std::size_t kMostLines = 100'000;

bool is_agent(std::string_view line) {
  const auto name = line.substr(0, line.find_first_of(":;"));
  return name == "AGENT" || name.ends_with(".AGENT");
}

// The next line without its end; `rest` goes on behind it. Ends are CRLF, LF, or CR alone.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find_first_of("\r\n");
  const auto line = rest.substr(0, end);
  if (end == rest.npos) {
    rest = {};
  } else {
    rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return line;
}

std::string undo_quoted_printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=' && text.size() - i > 2) {
      if (const auto byte = from_hex(text.substr(i + 1, 2)); byte && byte->size() == 1) {
        result += *byte;
        i += 2;
        continue;
      }
    }
    result += text[i];
  }
  return result;
}

bool is_quoted_printable(std::string_view head) { return upper(head).find("QUOTED-PRINTABLE") != std::string::npos; }

bool holds_a_time(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kTimes = {"DTSTART", "DTEND", "DUE", "EXDATE", "RDATE", "RECURRENCE-ID"};
  return std::find(kTimes.begin(), kTimes.end(), name) != kTimes.end();
}

// "20260715…", "2026-07-15…".
bool begins_with_date(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text.substr(0, 10)) {
    if (c == '-' && (digits == 4 || digits == 6)) continue;
    if (c < '0' || c > '9') break;
    ++digits;
  }
  return digits >= 8;
}

// Where the value begins: behind the first ':' outside quotation marks. Names of zones have one in them and no marks around
// (TZID=tzone://Microsoft/Utc): of a time, it is behind the last ':' before a date.
std::size_t find_colon(std::string_view line) {
  if (holds_a_time(upper(trim(line.substr(0, std::min<std::size_t>(line.find_first_of(":;"), 20)))))) {
    for (auto at = line.rfind(':'); at != line.npos && at > 0; at = line.rfind(':', at - 1)) {
      if (begins_with_date(trim(line.substr(at + 1, 40)))) return at;
    }
  }
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return line.find(':');  // an unpaired quotation mark
}

// A parameter's "^n", "^'" and "^^" (RFC 6868).
std::string undo_carets(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char next = value[i] == '^' && i + 1 < value.size() ? value[i + 1] : '\0';
    if (next == 'n' || next == '\'' || next == '^') {
      text += next == 'n' ? '\n' : next == '\'' ? '"' : '^';
      ++i;
    } else {
      text += value[i];
    }
  }
  return text;
}

bool read_line(std::string_view line, ContentLine& into) {
  const auto colon = find_colon(line);
  if (colon == line.npos || colon == 0) return false;
  auto head = line.substr(0, colon);
  std::string charset;
  bool first = true;
  bool quoted_printable = false;
  while (!head.empty() || first) {
    std::size_t end = 0;
    for (bool quoted = false; end < head.size() && (quoted || head[end] != ';'); ++end) quoted ^= head[end] == '"';
    const auto part = trim(head.substr(0, end));
    head.remove_prefix(std::min(end + 1, head.size()));
    if (first) {
      const auto dot = part.rfind('.');
      into.name = upper(dot == part.npos ? part : part.substr(dot + 1));
      if (dot != part.npos) into.group = to_utf8(upper(part.substr(0, dot)), "");
      first = false;
      continue;
    }
    const auto equals = part.find('=');
    auto name = equals == part.npos ? std::string() : upper(part.substr(0, equals));
    auto value = trim(equals == part.npos ? part : part.substr(equals + 1));
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    if (name == "CHARSET") charset = value;
    if ((name == "ENCODING" || name.empty()) && upper(value) == "QUOTED-PRINTABLE") quoted_printable = true;
    into.parameters.emplace_back(std::move(name), undo_carets(to_utf8(value, "")));
  }
  const auto value = line.substr(colon + 1).substr(0, kLongestValue);
  into.value = to_utf8(quoted_printable ? undo_quoted_printable(value) : std::string(value), charset);
  into.name = to_utf8(into.name, "");
  return true;
}

}  // namespace

std::string_view ContentLine::parameter(std::string_view wanted) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& one) { return one.first == wanted; });
  return found == parameters.end() ? std::string_view() : found->second;
}

bool ContentLine::has_type(std::string_view type) const {
  return std::any_of(parameters.begin(), parameters.end(), [&](const auto& one) {
    if (!one.first.empty() && one.first != "TYPE") return false;
    const auto list = "," + lower(one.second) + ",";
    return list.find("," + std::string(type) + ",") != std::string::npos;
  });
}

std::vector<ContentLine> read_content_lines(std::string_view bytes) {
  // Folds are undone before anything else: they may stand within a letter.
  std::vector<std::string> lines;
  bool soft = false;  // the line before ended in quoted-printable's soft break
  while (!bytes.empty() && lines.size() < kMostLines) {
    const auto line = take_line(bytes);
    const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (!lines.empty() && soft) {
      lines.back().pop_back();
      lines.back() += folded ? line.substr(1) : line;
    } else if (folded && !lines.empty()) {
      lines.back() += line.substr(1);
    } else {
      lines.emplace_back(line);
    }
    auto& whole = lines.back();
    soft = whole.ends_with('=') && is_quoted_printable(std::string_view(whole).substr(0, std::min<std::size_t>(whole.find(':'), 300)));
  }
  std::vector<ContentLine> read;
  for (const auto& line : lines) {
    ContentLine one;
    if (read_line(line, one)) read.push_back(std::move(one));
  }
  return read;
}

std::string unescape_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      ++i;
      text += value[i] == 'n' || value[i] == 'N' ? '\n' : value[i];
    } else {
      text += value[i];
    }
  }
  return std::string(trim(text));
}

std::vector<std::string> split_text(std::string_view value, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] == '\\') {
      ++i;
    } else if (i == value.size() || value[i] == separator) {
      parts.push_back(unescape_text(value.substr(start, i - start)));
      start = i + 1;
    }
  }
  if (start < value.size()) parts.push_back(unescape_text(value.substr(start)));
  return parts;
}

std::vector<ComponentExtent> find_components(std::string_view bytes, int depth, std::vector<std::string>* loose) {
  std::vector<ComponentExtent> found;
  std::vector<std::string> open;
  int calendar = -1;
  bool agent = false;  // the line before said that a card within the card follows (vCard 2.1 and 3.0)
  auto rest = bytes;
  const auto close = [&](std::size_t end, bool whole) {
    if (static_cast<int>(open.size()) == depth) {
      found.back().end = end;
      found.back().whole = whole;
    }
    open.pop_back();
  };
  while (!rest.empty()) {
    const auto start = bytes.size() - rest.size();
    const auto line = take_line(rest);
    const auto end = bytes.size() - rest.size();
    const auto word = upper(trim(line.substr(0, 200)));
    const bool in_agent = std::exchange(agent, word.empty() ? agent : is_agent(word) && word.ends_with(':'));
    if (!open.empty() && is_agent(word) && word.ends_with(":BEGIN:VCARD")) {
      open.emplace_back("VCARD");
      if (static_cast<int>(open.size()) == depth) found.push_back({"VCARD", start, bytes.size(), calendar, false});
    } else if (word.starts_with("BEGIN:")) {
      const auto name = std::string(trim(std::string_view(word).substr(6)));
      // An outermost one within another: the other's end is missing.
      if (name == "VCALENDAR" || (name == "VCARD" && !open.empty() && open.back() == "VCARD" && !in_agent)) {
        while (!open.empty()) close(start, false);
      }
      open.push_back(name);
      if (open.size() == 1) {
        ++calendar;
        if (loose) loose->resize(static_cast<std::size_t>(calendar) + 1);
      }
      if (static_cast<int>(open.size()) == depth) found.push_back({name, start, bytes.size(), calendar, false});
    } else if (word.starts_with("END:")) {
      const auto name = trim(std::string_view(word).substr(4));
      if (std::find(open.begin(), open.end(), name) == open.end()) continue;
      while (open.back() != name) close(start, false);
      close(end, true);
    } else if (loose && open.size() == 1) {
      loose->back().append(bytes.substr(start, end - start));
    }
  }
  return found;
}

bool is_wide(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

}  // namespace hearth::memory::extract
