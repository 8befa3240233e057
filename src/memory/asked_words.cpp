#include "memory/asked_words.h"

#include <algorithm>
#include <cstring>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr float kNear = 0.35F;  // words less alike have nothing to do with one another

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Calls word(text, capital) for each English word in lower case, "don't" as dont and "Ann's" as ann, and end() where a sentence ends.
template <typename Word, typename End>
void each_word(std::string_view text, Word word, End end) {
  std::string current;
  bool capital = false;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : '\n';
    if (is_letter(c) || is_digit(c)) {
      if (current.empty()) capital = c >= 'A' && c <= 'Z';
      current += static_cast<char>(is_letter(c) ? c | 0x20 : c);
      continue;
    }
    const std::size_t apostrophe = c == '\'' ? 1 : text.substr(std::min(at, text.size())).starts_with("’") ? 3 : 0;
    if (apostrophe != 0 && !current.empty()) {
      const auto next = at + apostrophe;
      const bool goes_on = next < text.size() && is_letter(text[next]);
      const bool only_s = goes_on && (text[next] | 0x20) == 's' && (next + 1 == text.size() || !is_letter(text[next + 1]));
      at = next - 1;
      if (goes_on && !only_s) continue;
      if (only_s) ++at;
    }
    if (!current.empty()) word(std::string_view(current), capital);
    current.clear();
    if (c == '.' || c == '!' || c == '?' || c == '\n') end();
  }
}

}  // namespace

AskedWords::AskedWords(const WordVectors& vectors, const Query& query) : vectors_(vectors), asked_(query.terms.size()) {
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    const auto& term = query.terms[i];
    if (term.phrase || term.character || term.person || term.weight == 0) continue;
    each_word(term.text, [&](std::string_view word, bool) {
      const auto found = vectors.find(word);
      if (!found) return;
      asked_[i] = found;
      vectors_.add(sum_, *found, vectors_.says(*found));
      known_ = true;
    }, [] {});
  }
}

std::optional<WordVectors::Word> AskedWords::find(std::string_view word) {
  std::uint64_t letters = 0;
  if (word.size() > sizeof(letters)) return vectors_.find(word);
  std::memcpy(&letters, word.data(), word.size());
  auto& place = short_words_[(letters * 0x9E3779B97F4A7C15) >> 55];
  if (place.letters != letters) place = {letters, vectors_.find(word)};
  return place.known;
}

const float* AskedWords::nearness(WordVectors::Word word) {
  const auto [found, fresh] = row_.try_emplace(word, rows_.size());
  if (fresh) {
    for (const auto& asked : asked_) {
      const auto near = asked && vectors_.says(word) > 0 ? static_cast<float>(vectors_.likeness(*asked, word)) : 0.0F;
      rows_.push_back(near < kNear ? 0.0F : near);
    }
  }
  return rows_.data() + found->second;
}

TextLikeness AskedWords::read(std::string_view text) {
  TextLikeness result;
  result.nearest.resize(asked_.size());
  WordVectors::Sum sentence{};
  bool empty = true;
  const auto end_sentence = [&] {
    if (empty) return;
    result.best_sentence = std::max(result.best_sentence, alike(sentence));
    for (std::size_t i = 0; i < sentence.size(); ++i) result.sum[i] += sentence[i];
    sentence = {};
    empty = true;
  };
  bool begins = true;
  each_word(text, [&](std::string_view word, bool capital) {
    result.names += capital && !begins && word.size() > 1;
    begins = false;
    const auto found = find(word);
    if (!found) return;
    const auto says = vectors_.says(*found);
    if (says == 0) return;
    vectors_.add(sentence, *found, says);
    empty = false;
    const auto* near = nearness(*found);
    for (std::size_t i = 0; i < asked_.size(); ++i) result.nearest[i] = std::max(result.nearest[i], near[i]);
  }, [&] {
    end_sentence();
    begins = true;
  });
  end_sentence();
  return result;
}

}  // namespace hearth::memory
