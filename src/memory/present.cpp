#include "memory/present.h"

#include <algorithm>
#include <set>

#include "memory/items.h"

namespace hearth::memory {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// What the different terms inside a span are worth together.
double worth_within(const Hit& hit, const std::vector<double>& worth, Span span) {
  std::set<std::size_t> seen;
  double sum = 0;
  for (const auto& match : hit.matches) {
    if (match.span.start < span.start || match.span.end > span.end) continue;
    if (seen.insert(match.term).second) sum += worth[match.term];
  }
  return sum;
}

}  // namespace

std::vector<Piece> snippet(const Hit& hit, const std::vector<double>& worth, std::size_t length) {
  const std::string_view text = hit.text;
  Span window{0, std::min(length, text.size())};
  if (text.size() > length) {
    double best = -1;
    for (const auto& match : hit.matches) {  // the window that begins a little before a match and holds most
      const auto start = match.span.start > length / 6 ? match.span.start - length / 6 : 0;
      const Span candidate{std::min(start, text.size() - length), std::min(start + length, text.size())};
      const auto held = worth_within(hit, worth, candidate);
      if (held > best) {
        best = held;
        window = candidate;
      }
    }
    const auto word_starts_at = [&](std::size_t at) { return at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n'; };
    for (int i = 0; i < 20 && window.start > 0 && !word_starts_at(window.start); ++i) --window.start;
    for (int i = 0; i < 20 && window.end < text.size() && !word_starts_at(window.end); ++i) ++window.end;
    while (window.start > 0 && continues_character(text[window.start])) --window.start;
    while (window.end < text.size() && continues_character(text[window.end])) ++window.end;
  }
  std::vector<Piece> pieces;
  auto at = window.start;
  const auto add = [&](std::size_t end, bool match) {
    if (end > at) pieces.push_back({std::string(text.substr(at, end - at)), match});
    at = std::max(at, end);
  };
  if (window.start > 0) pieces.push_back({"…", false});
  for (const auto& match : hit.matches) {
    if (match.span.end <= at || match.span.end > window.end) continue;
    add(std::max(at, match.span.start), false);
    if (!pieces.empty() && pieces.back().match) {  // 北京 and 京大 overlap: one mark
      pieces.back().text += text.substr(at, match.span.end - at);
      at = match.span.end;
    } else {
      add(match.span.end, true);
    }
  }
  add(window.end, false);
  if (window.end < text.size()) pieces.push_back({"…", false});
  return pieces;
}

std::vector<std::string> authors_of(const std::string& details) {
  std::vector<std::string> authors;
  const auto read = parse_details(details);
  if (!read) return authors;
  for (const auto& person : read->people) {
    if (person.role == extract::Role::Author) authors.push_back(person.name.empty() ? person.address : person.name);
  }
  return authors;
}

}  // namespace hearth::memory
