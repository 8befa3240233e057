#include "memory/text/passages.h"

#include <algorithm>
#include <array>
#include <string>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr double kSmallWeight = 80;   // words: from here on a paragraph's end ends the passage
constexpr double kFullWeight = 160;   // from here on any sentence's end does
constexpr double kMostWeight = 220;   // a longer sentence is cut
constexpr double kRestWeight = 30;    // a last piece this small joins the one before
constexpr std::size_t kShortLine = 45;  // bytes: a line that was not wrapped, so its end means something

bool is_space(std::int32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000; }

bool ends_sentence_anywhere(std::int32_t c) { return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B; }  // 。！？；

bool ends_sentence_before_space(std::int32_t c) { return c == '.' || c == '!' || c == '?' || c == 0x2026; }

bool closes(std::int32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201D || c == 0x2019 || c == 0x300D || c == 0x300F ||
         c == 0xFF09 || c == 0x300B || c == 0x3011;
}

// Whether the word that ends at `end` (before its full stop) is one that takes a full stop inside a sentence.
bool is_abbreviation(std::string_view text, std::size_t end) {
  std::size_t start = end;
  while (start > 0 && !is_space(static_cast<unsigned char>(text[start - 1])) && end - start < 8) --start;
  std::string word(text.substr(start, end - start));
  while (!word.empty() && (word.front() == '(' || word.front() == '"')) word.erase(0, 1);
  if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') return true;  // an initial
  static constexpr std::array<std::string_view, 26> kKnown = {
      "Mr", "Mrs", "Ms",  "Dr", "Prof", "St",  "Jr",  "Sr",  "vs",  "etc", "e.g", "i.e", "cf",
      "No", "Nr",  "Fig", "p",  "pp",   "Inc", "Ltd", "Co",  "approx", "Jan", "Feb", "Dec", "a.k.a"};
  return std::find(kKnown.begin(), kKnown.end(), word) != kKnown.end();
}

bool begins_list_entry(std::string_view line) {
  if (line.empty()) return false;
  if (line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ") || line.starts_with("#") ||
      line.starts_with("|") || line.starts_with("•") || line.starts_with("·")) {
    return true;
  }
  const auto digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != line.npos && digits <= 3 && (line[digits] == '.' || line[digits] == ')');
}

Span trimmed(std::string_view text, Span span) {
  while (span.start < span.end) {
    const auto c = code_point_at(text, span.start);
    if (!is_space(c.value)) break;
    span.start += c.length;
  }
  while (span.end > span.start) {
    std::size_t last = span.end - 1;
    while (last > span.start && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    if (!is_space(code_point_at(text, last).value)) break;
    span.end = last;
  }
  return span;
}

// Whether the line break at `at` also ends a sentence: a blank line, a list, a heading, or a line too short to be wrapped.
bool ends_at_break(std::string_view text, std::size_t at, std::size_t line_start) {
  auto next = at + 1;
  while (next < text.size() && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r')) ++next;
  if (next >= text.size() || text[next] == '\n') return true;
  const auto line = text.substr(line_start, at - line_start);
  return line.size() < kShortLine || line.starts_with("#") || begins_list_entry(text.substr(next, 8));
}

// How many words a piece counts as.
double weight(std::string_view text) {
  double words = 0;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    at += c.length;
    if (c.value >= 0 && is_unspaced(c.value)) {
      words += 0.5;
      inside = false;
    } else if (c.value >= 0 && is_word(c.value)) {
      if (!inside) words += 1;
      inside = true;
    } else {
      inside = false;
    }
  }
  return std::max(words, static_cast<double>(text.size()) / 9);  // a "word" without end is text all the same
}

// Cuts a sentence that is too long for a passage at white space, or anywhere between characters when there is none.
void cut_long(std::string_view text, Span span, std::vector<Span>& pieces) {
  constexpr std::size_t kMostBytes = 2000;
  while (span.end - span.start > kMostBytes || weight(text.substr(span.start, span.end - span.start)) > kMostWeight) {
    std::size_t cut = std::min(span.end, span.start + kMostBytes * 2 / 3);
    const auto limit = cut;
    while (cut > span.start + 200 && !is_space(static_cast<unsigned char>(text[cut - 1]))) --cut;
    if (cut <= span.start + 200) cut = limit;
    while (cut > span.start + 1 && cut < span.end && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    if (cut >= span.end) break;
    pieces.push_back({span.start, cut});
    span.start = cut;
  }
  pieces.push_back(span);
}

}  // namespace

std::vector<Span> sentences(std::string_view text) {
  std::vector<Span> found;
  std::size_t start = 0;
  std::size_t line_start = 0;
  const auto end_at = [&](std::size_t end) {
    const auto span = trimmed(text, {start, end});
    if (span.start < span.end) found.push_back(span);
    start = end;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    const auto here = at;
    at += c.length;
    if (c.value == '\n') {
      if (ends_at_break(text, here, line_start)) end_at(at);
      line_start = at;
      continue;
    }
    const bool anywhere = ends_sentence_anywhere(c.value);
    if (!anywhere && !ends_sentence_before_space(c.value)) continue;
    while (at < text.size()) {  // 。」 and ?!" belong to the sentence
      const auto next = code_point_at(text, at);
      if (!closes(next.value) && !ends_sentence_anywhere(next.value) && !ends_sentence_before_space(next.value)) break;
      at += next.length;
    }
    if (anywhere) {
      end_at(at);
      continue;
    }
    if (at >= text.size() || !is_space(code_point_at(text, at).value)) continue;
    if (c.value == '.' && is_abbreviation(text, here)) continue;
    auto next = at;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\t')) ++next;
    if (next < text.size() && text[next] >= 'a' && text[next] <= 'z') continue;
    end_at(at);
  }
  end_at(text.size());
  return found;
}

std::vector<Span> passages(std::string_view text) {
  std::vector<Span> pieces;
  for (const auto& sentence : sentences(text)) cut_long(text, sentence, pieces);
  std::vector<Span> found;
  double collected = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto own = weight(text.substr(pieces[i].start, pieces[i].end - pieces[i].start));
    const auto gap = text.substr(i == 0 ? 0 : pieces[i - 1].end, pieces[i].start - (i == 0 ? 0 : pieces[i - 1].end));
    const bool paragraph = std::count(gap.begin(), gap.end(), '\n') >= 2;
    if (collected > 0 && (collected + own > kMostWeight || collected >= kFullWeight || (paragraph && collected >= kSmallWeight))) {
      found.push_back({start, pieces[i].start});
      start = pieces[i].start;
      collected = 0;
    }
    collected += own;
  }
  if (pieces.empty()) return found;
  if (!found.empty() && collected < kRestWeight) {
    found.back().end = text.size();
  } else {
    found.push_back({start, text.size()});
  }
  return found;
}

}  // namespace hearth::memory
