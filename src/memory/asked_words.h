#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "memory/query.h"
#include "memory/text/word_vectors.h"

namespace hearth::memory {

// What a text says that is like a query's words, in words of its own.
struct TextLikeness {
  WordVectors::Sum sum{};      // of its words
  double best_sentence = 0;    // the cosine of the query and the sentence most like it
  std::vector<float> nearest;  // for each term of the query, the cosine of the word nearest to it; 0 below 0.35
  int names = 0;               // words with a capital letter, but for a sentence's first
};

// The words of a query, by what they mean alike. Holds for one query; the vectors and the query outlive it.
class AskedWords {
 public:
  AskedWords(const WordVectors& vectors, const Query& query);

  // Whether the vectors know any of its words.
  bool known() const { return known_; }
  TextLikeness read(std::string_view text);
  double alike(const WordVectors::Sum& sum) const { return likeness(sum_, sum); }

 private:
  // What the vectors know a word as. Short ones, which come again and again, are looked up near at hand first.
  std::optional<WordVectors::Word> find(std::string_view word);
  // How near a word is to each term: worked out once.
  const float* nearness(WordVectors::Word word);

  struct ShortWord {
    std::uint64_t letters = 0;  // up to eight; 0: none yet
    std::optional<WordVectors::Word> known;
  };

  const WordVectors& vectors_;
  WordVectors::Sum sum_{};
  bool known_ = false;
  std::vector<std::optional<WordVectors::Word>> asked_;  // by term
  std::unordered_map<WordVectors::Word, std::size_t> row_;
  std::vector<float> rows_;
  std::array<ShortWord, 512> short_words_{};
};

}  // namespace hearth::memory
