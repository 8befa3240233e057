#pragma once
#include <array>
#include <cstddef>

// What speaks for a passage, and for what it stands in; and how much each of these weighs. The weights were fitted (a softmax over
// each question's passages, with a penalty on their squares) to questions of LoCoMo and, a fifth as much, of the Chinese set of
// tests/: docs/benchmarks.md says what they reach where they were not fitted.
namespace hearth::memory {

enum class PassageSign : std::size_t {
  Words,             // BM25 of the query's words, with what the neighbours lend, by tens
  OwnWords,          // without it
  Covered,           // the share of the query that it holds, with what the neighbours lend
  CoveredBefore,     // that the passage before holds
  CoveredEarlier,    // that the one before that holds
  SequenceWords,     // BM25 of what it stands in, by tens
  SequenceCovered,
  AlikeAround,       // the cosine of the query's words and its own with its neighbours'
  AlikeBefore,       // and those of the passage before
  NearAround,        // how much of the query it or its neighbours say, words that mean alike counting for less
  NearBefore,
  AnswersNear,       // the same of a question that it follows
  AnswersAsked,      // the share of the query that a passage before it holds in which something is asked
  Sentence,          // the cosine of the query's words and its likest sentence's
  SentenceBefore,
  Author,            // who is named wrote it: 1; somebody is, and another wrote it: -1
  Asks,              // it ends with a question
  TellsTime,         // it names a time, and one is asked for
  Names,             // how many names it has, up to three
  Length,            // the logarithm of its terms
  Time,              // how well its time is the one asked for
  Count
};
using PassageSigns = std::array<double, static_cast<std::size_t>(PassageSign::Count)>;

enum class SequenceSign : std::size_t {
  Best,           // the weight of its best passage
  Second,
  Odds,           // the logarithm of all its passages' odds
  Share,          // of all odds
  Words,          // BM25 of the whole, by tens
  Covered,        // the share of the query that the whole holds
  NearBest,       // NearAround: the best passage's
  NearMean,       // of the best three
  AlikeBest,      // AlikeAround: the best passage's
  SentenceBest,
  CoveredAround,  // the best passage's
  Time,           // the best passage's
  Length,         // passages, by thirties
  Count
};
using SequenceSigns = std::array<double, static_cast<std::size_t>(SequenceSign::Count)>;

inline constexpr PassageSigns kPassageWeights = {3.99, -1.6, -0.16, -2.17, 1.59, 4.41, 0.48, 2.45, -1.02, 2.5, -1.71,
                                                 1.31, 3.41, 1.71,  1.74,  0.6,  -0.74, 2.18, 0.95, 2.56,  2.73};
inline constexpr SequenceSigns kSequenceWeights = {0.32, 0.09, 0.16, 0.62, 2.69, -1.37, 2.3, -2.43, 0.75, 2.78, 1.28, 1.74, 0.51};

template <std::size_t N>
double weigh(const std::array<double, N>& signs, const std::array<double, N>& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < N; ++i) sum += signs[i] * weights[i];
  return sum;
}

}  // namespace hearth::memory
