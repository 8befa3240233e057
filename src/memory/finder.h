#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "memory/query.h"
#include "memory/search.h"
#include "memory/text/tokenizer.h"

namespace hearth::memory {

// Finds the terms of one query in texts.
class Finder {
 public:
  // The query outlives the finder.
  explicit Finder(const Query& query);

  // Calls take(match, weight) for each term found, in order; returns how many terms the text has.
  std::size_t find(std::string_view text, const std::function<void(const Match&, double weight)>& take);
  // Whether the text has any of the terms.
  bool finds(std::string_view text);

 private:
  struct Entry {
    std::size_t term;
    double weight;
    bool lone = false;  // a character of its own: of a pair that it begins, only it was asked for
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  // How far a phrase was found: the next of its terms would have to stand at `place`.
  struct Progress {
    std::size_t found = 0;
    std::size_t place = 0;
    std::size_t start = 0;
  };
  const Entry* match(std::string_view term);

  const Query& query_;
  Tokenizer tokenizer_;
  Beginnings wanted_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> by_term_;
  std::vector<Entry> prefixes_;
  std::vector<std::size_t> phrases_;
  std::vector<Progress> progress_;
};

}  // namespace hearth::memory
