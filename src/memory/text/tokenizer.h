#pragma once
#include <bitset>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hearth::memory {

// One searchable term of a text. `start` and `end` are bytes of the text it came from.
struct Token {
  std::string_view term;  // valid during the callback
  std::size_t start = 0;
  std::size_t end = 0;
  bool single = false;  // a lone character of a script without spaces: a query for it is a prefix query
  std::size_t place = 0;  // how many terms stand before it in the text
};

// How terms begin that somebody looks for, so that the others need not be made.
class Beginnings {
 public:
  void add(std::string_view term);
  // Of the first two bytes of a word; 0 in place of a second.
  bool may_begin(unsigned char first, unsigned char second) const { return begin_[static_cast<std::size_t>(first) << 8 | second]; }

 private:
  std::bitset<1 << 16> begin_;
};

// Cuts text into terms, for the index and for queries alike.
//
// Letters are case-folded, compatibility forms made plain (full-width ａ is a) and accents dropped; English words are
// stemmed (Porter2). Addresses, links and paths fall into their parts, which follow one another, so that a phrase finds
// them whole. "1,000" is one number. Scripts written without spaces (Han, kana, hangul, Thai and their like) become
// overlapping pairs: 北京大学 gives 北京 京大 大学 学, the last alone, so that each character begins exactly one term;
// queries leave the last one out unless it is all there is.
//
// Not for concurrent use. Any bytes are accepted; what is no UTF-8 separates words.
class Tokenizer {
 public:
  enum class Purpose { Index, Query };

  Tokenizer();
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // Calls `take` for each term in order until it returns false. With `wanted`, terms that do not begin so are left out, though
  // a few may come all the same. How many terms the text has, up to where it ended.
  std::size_t tokenize(std::string_view text, Purpose purpose, const std::function<bool(const Token&)>& take,
                       const Beginnings* wanted = nullptr);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Terms longer than this many bytes are cut, in the index and in queries alike.
inline constexpr std::size_t kLongestTerm = 64;

}  // namespace hearth::memory
