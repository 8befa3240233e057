#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace hearth::memory {

// What words mean alike: a direction for each of the most frequent English words, so that the cosine of two tells how near they
// are. Made from GloVe's vectors (Pennington, Socher and Manning, 2014) by vectors/make.mjs. Read only, mapped from its file:
// what is never asked for takes no memory. Any thread.
class WordVectors {
 public:
  static constexpr std::size_t kDimensions = 100;
  using Sum = std::array<float, kDimensions>;

  // The file, all numbers little-endian: "HEARTHV1"; how many words, dimensions, slots, bytes of text (4 bytes each); the slots:
  // a word's number and one, 0 when free, found by FNV-1a of the word and the slots behind it (4 bytes each); where each word
  // begins in the text and where the last one ends; each word's place by frequency; its vector, of length 254, in signed bytes;
  // the text. Corrupt when it is none of these.
  static Result<std::unique_ptr<const WordVectors>> open(const std::filesystem::path& path);
  ~WordVectors();
  WordVectors(const WordVectors&) = delete;
  WordVectors& operator=(const WordVectors&) = delete;

  using Word = std::uint32_t;
  // `word` in lower case.
  std::optional<Word> find(std::string_view word) const;

  // The cosine, -1 to 1.
  double likeness(Word a, Word b) const;

  // The words most like one, without itself and stop words, at most `most` (32) with a cosine of `least` (0.2) or more, nearest
  // first.
  // Looks at the 20,000 most frequent, once for each word: some are asked for again and again while a person types.
  std::vector<Word> nearest(Word word, std::size_t most, double least) const;
  std::string_view text_of(Word word) const;

  // How much a word says about what a text is about: nothing for a stop word, little for a frequent one (Arora, Liang and Ma,
  // 2017), 1 for a rare one.
  double says(Word word) const { return says_[word]; }

  // Adds the word's vector to a sum, `share` times.
  void add(Sum& sum, Word word, double share) const;

 private:
  WordVectors() = default;
  bool leads_inside() const;
  const std::int8_t* vector_of(Word word) const { return vectors_ + std::size_t{word} * kDimensions; }

  void* mapped_ = nullptr;
  std::size_t size_ = 0;
  std::span<const std::uint32_t> slots_;
  std::vector<std::uint8_t> marks_;  // eight bits of each slot's hash: most words that are not there are told apart by them
  std::span<const std::uint32_t> starts_;
  std::span<const std::uint32_t> ranks_;
  const std::int8_t* vectors_ = nullptr;
  std::string_view text_;
  std::vector<float> says_;

  struct Near {
    float cosine;
    Word word;
  };
  mutable std::mutex mutex_;
  mutable std::unordered_map<Word, std::vector<Near>> near_;  // the nearest 32 of words that were asked for
};

// The cosine of two sums; 0 when one is empty.
double likeness(const WordVectors::Sum& a, const WordVectors::Sum& b);

}  // namespace hearth::memory
