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

 private:
  struct Entry {
    std::size_t term;
    double weight;
  };
  const Query& query_;
  Tokenizer tokenizer_;
  std::unordered_map<std::string, Entry> by_term_;
  std::vector<std::size_t> prefixes_;
  std::vector<std::size_t> phrases_;
  std::string key_;
};

}  // namespace hearth::memory
