#include "memory/finder.h"

namespace hearth::memory {

Finder::Finder(const Query& query) : query_(query) {
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    const auto& term = query.terms[i];
    if (term.phrase) {
      phrases_.push_back(i);
      continue;
    }
    by_term_.insert_or_assign(term.term, Entry{i, 1});
    if (term.prefix) prefixes_.push_back(i);
  }
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    for (const auto& form : query.terms[i].forms) by_term_.try_emplace(form.term, Entry{i, form.weight});
  }
}

std::size_t Finder::find(std::string_view text, const std::function<void(const Match&, double)>& take) {
  std::size_t count = 0;
  std::vector<std::size_t> progress(phrases_.size(), 0);
  std::vector<std::size_t> began(phrases_.size(), 0);
  tokenizer_.tokenize(text, Tokenizer::Purpose::Index, [&](const Token& token) {
    ++count;
    key_.assign(token.term);
    if (const auto found = by_term_.find(key_); found != by_term_.end()) {
      take(Match{{token.start, token.end}, found->second.term}, found->second.weight);
    } else {
      for (const auto i : prefixes_) {
        if (!token.term.starts_with(query_.terms[i].term)) continue;
        take(Match{{token.start, token.end}, i}, 1);
        break;
      }
    }
    for (std::size_t p = 0; p < phrases_.size(); ++p) {
      const auto& terms = query_.terms[phrases_[p]].terms;
      if (token.term != terms[progress[p]]) progress[p] = 0;
      if (token.term != terms[progress[p]]) continue;
      if (progress[p]++ == 0) began[p] = token.start;
      if (progress[p] < terms.size()) continue;
      progress[p] = 0;
      take(Match{{began[p], token.end}, phrases_[p]}, 1);
    }
    return true;
  });
  return count;
}

}  // namespace hearth::memory
