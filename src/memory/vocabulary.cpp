#include "memory/vocabulary.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "memory/index_words.h"
#include "memory/schema.h"
#include "memory/text/tokenizer.h"

namespace hearth::memory {
namespace {

using store::Connection;

constexpr std::size_t kMostEndings = 32;
constexpr std::size_t kMostCharacterEndings = 40;
constexpr std::size_t kMostSpellings = 5;

constexpr int kReadPages = 400;  // of the terms of each index

using Words = std::map<std::string, std::int64_t>;

// The words that begin with `prefix`, with how much there is of each.
Result<Words> words_from(Connection& connection, std::span<const SearchedSource> sources, const std::string& prefix) {
  Words words;
  for (const auto& source : sources) TRY(add_index_words(connection, index_name(source.id), prefix, kReadPages, words));
  return words;
}

// The most frequent ones.
std::vector<std::string> most_frequent(const Words& words, std::size_t most) {
  std::vector<const Words::value_type*> order;
  for (const auto& word : words) order.push_back(&word);
  const auto kept = order.begin() + static_cast<std::ptrdiff_t>(std::min(most, order.size()));
  std::partial_sort(order.begin(), kept, order.end(), [](auto* a, auto* b) { return a->second != b->second ? a->second > b->second : a->first < b->first; });
  std::vector<std::string> best;
  for (auto word = order.begin(); word != kept; ++word) best.push_back((*word)->first);
  return best;
}

// Which three letters follow one another in a word, its beginning and end among them.
class Trigrams {
 public:
  explicit Trigrams(std::string_view word) {
    std::uint32_t three = '^';
    for (std::size_t i = 0; i <= word.size() && count_ < all_.size(); ++i) {
      three = (three << 8 | static_cast<unsigned char>(i < word.size() ? word[i] : '$')) & 0xFFFFFF;
      if (i > 0) all_[count_++] = three;
    }
    std::sort(all_.begin(), end());
    count_ = static_cast<std::size_t>(std::unique(all_.begin(), end()) - all_.begin());
  }

  // Dice's coefficient of two: 0 to 1.
  double likeness(const Trigrams& other) const {
    std::size_t shared = 0;
    for (std::size_t a = 0, b = 0; a < count_ && b < other.count_;) {
      if (all_[a] == other.all_[b]) {
        ++shared;
        ++a;
        ++b;
      } else {
        ++(all_[a] < other.all_[b] ? a : b);
      }
    }
    return 2.0 * static_cast<double>(shared) / static_cast<double>(count_ + other.count_);
  }

 private:
  std::array<std::uint32_t, kLongestTerm + 1>::iterator end() { return all_.begin() + static_cast<std::ptrdiff_t>(count_); }

  std::array<std::uint32_t, kLongestTerm + 1> all_;
  std::size_t count_ = 0;
};

bool has_form(const QueryTerm& term, const std::string& word) {
  return word == term.term || std::any_of(term.forms.begin(), term.forms.end(), [&](const Form& form) { return form.term == word; });
}

}  // namespace

Result<> add_endings(Connection& connection, std::span<const SearchedSource> sources, QueryTerm& term) {
  constexpr double kEndingWeight = 0.9;  // the word as it stands comes first
  constexpr double kStemWeight = 0.5;
  const auto words = TRY(words_from(connection, sources, term.term));
  for (auto& word : most_frequent(words, term.character ? kMostCharacterEndings : kMostEndings)) {
    if (!has_form(term, word)) term.forms.push_back({word, word, kEndingWeight});
  }
  // The index has stems: "educ" is there for "educati", and nothing that begins with the latter.
  const bool english = std::all_of(term.term.begin(), term.term.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  for (std::size_t cut = 1; english && cut <= 4 && term.term.size() >= cut + 4; ++cut) {
    const auto stem = term.term.substr(0, term.term.size() - cut);
    if (has_form(term, stem) || !TRY(words_from(connection, sources, stem)).contains(stem)) continue;
    term.forms.push_back({stem, stem, kStemWeight});
    break;
  }
  return {};
}

Result<> add_spellings(Connection& connection, std::span<const SearchedSource> sources, QueryTerm& term) {
  constexpr std::size_t kPrefix = 3;
  constexpr double kAlike = 0.5;
  constexpr double kSpellingWeight = 0.5;
  const bool word = term.term.size() > kPrefix && std::all_of(term.term.begin(), term.term.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!word) return {};
  std::vector<std::pair<double, std::string>> alike;
  // The first letters are right, or two of them have changed places: "qoute". Then the others speak for it.
  for (std::size_t swapped = 0; swapped <= kPrefix && alike.empty(); ++swapped) {
    auto spelt = term.term;
    if (swapped > 0) std::swap(spelt[swapped - 1], spelt[swapped]);
    if (swapped > 0 && spelt == term.term) continue;
    const Trigrams wanted(spelt);
    for (const auto& [candidate, entries] : TRY(words_from(connection, sources, spelt.substr(0, kPrefix)))) {
      const auto size = static_cast<std::ptrdiff_t>(candidate.size()) - static_cast<std::ptrdiff_t>(spelt.size());
      if (std::abs(size) > 3 || candidate.size() <= kPrefix) continue;
      if (const auto one = wanted.likeness(Trigrams(candidate)); one >= kAlike) alike.emplace_back(one, candidate);
    }
  }
  std::sort(alike.begin(), alike.end(), std::greater<>());
  for (const auto& [one, candidate] : alike) {
    if (term.forms.size() >= kMostSpellings) break;
    if (!has_form(term, candidate)) term.forms.push_back({candidate, candidate, kSpellingWeight * one});
  }
  return {};
}

}  // namespace hearth::memory
