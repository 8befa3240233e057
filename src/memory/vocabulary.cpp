#include "memory/vocabulary.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::size_t kMostEndings = 128;
constexpr std::size_t kMostCharacterEndings = 40;
constexpr std::size_t kMostSpellings = 5;
constexpr std::size_t kComparedWords = 2000;

// The words of an index that begin with `prefix`, in order. Each word is sought by itself: going on from one to the next
// would read all the places where it stands.
Result<std::vector<std::string>> words_from(Connection& connection, std::int64_t source, const std::string& prefix, std::size_t most) {
  std::vector<std::string> words;
  const auto sql = fmt::format("SELECT term FROM {} WHERE term >= ? LIMIT 1", vocabulary_name(source));
  auto next = prefix;
  while (words.size() < most) {
    auto word = TRY(connection.one(sql, [](Statement& s) { return s.text(0); }, next));
    if (!word || !word->starts_with(prefix)) break;
    next = *word + '\x01';
    words.push_back(*std::move(word));
  }
  return words;
}

std::set<std::string> trigrams(const std::string& word) {
  const auto framed = "^" + word + "$";
  std::set<std::string> found;
  for (std::size_t i = 0; i + 3 <= framed.size(); ++i) found.insert(framed.substr(i, 3));
  return found;
}

double likeness(const std::string& a, const std::string& b) {
  const auto left = trigrams(a);
  const auto right = trigrams(b);
  std::size_t shared = 0;
  for (const auto& one : left) shared += right.count(one);
  return 2.0 * static_cast<double>(shared) / static_cast<double>(left.size() + right.size());
}

bool has_form(const QueryTerm& term, const std::string& word) {
  return word == term.term || std::any_of(term.forms.begin(), term.forms.end(), [&](const Form& form) { return form.term == word; });
}

}  // namespace

Result<> add_endings(Connection& connection, std::int64_t source, QueryTerm& term) {
  constexpr double kEndingWeight = 0.9;  // the word as it stands comes first
  constexpr double kStemWeight = 0.5;
  for (auto& word : TRY(words_from(connection, source, term.term, term.character ? kMostCharacterEndings : kMostEndings))) {
    if (!has_form(term, word)) term.forms.push_back({word, word, kEndingWeight});
  }
  // The index has stems: "educ" is there for "educati", and nothing that begins with the latter.
  const bool english = std::all_of(term.term.begin(), term.term.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  for (std::size_t cut = 1; english && cut <= 4 && term.term.size() >= cut + 4; ++cut) {
    const auto stem = term.term.substr(0, term.term.size() - cut);
    const auto found = TRY(words_from(connection, source, stem, 1));
    if (found.empty() || found[0] != stem || has_form(term, stem)) continue;
    term.forms.push_back({stem, stem, kStemWeight});
    break;
  }
  return {};
}

Result<> add_spellings(Connection& connection, std::int64_t source, QueryTerm& term) {
  constexpr std::size_t kPrefix = 3;
  constexpr double kAlike = 0.5;
  constexpr double kSpellingWeight = 0.5;
  const bool word = term.term.size() > kPrefix && std::all_of(term.term.begin(), term.term.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!word) return {};
  std::vector<std::pair<double, std::string>> alike;
  for (const auto& candidate : TRY(words_from(connection, source, term.term.substr(0, kPrefix), kComparedWords))) {
    const auto size = static_cast<std::ptrdiff_t>(candidate.size()) - static_cast<std::ptrdiff_t>(term.term.size());
    if (std::abs(size) > 3 || candidate.size() <= kPrefix) continue;
    if (const auto one = likeness(candidate, term.term); one >= kAlike) alike.emplace_back(one, candidate);
  }
  std::sort(alike.begin(), alike.end(), std::greater<>());
  for (const auto& [one, candidate] : alike) {
    if (term.forms.size() >= kMostSpellings) break;
    if (!has_form(term, candidate)) term.forms.push_back({candidate, candidate, kSpellingWeight * one});
  }
  return {};
}

}  // namespace hearth::memory
