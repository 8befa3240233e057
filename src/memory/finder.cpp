#include "memory/finder.h"

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

bool is_lone(const QueryTerm& term) {
  const auto first = code_point_at(term.term, 0);
  return term.prefix && first.length == term.term.size() && is_unspaced(first.value);
}

}  // namespace

Finder::Finder(const Query& query) : query_(query) {
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    const auto& term = query.terms[i];
    if (term.phrase) {
      phrases_.push_back(i);
      for (const auto& one : term.terms) wanted_.add(one);
      continue;
    }
    by_term_.insert_or_assign(term.term, Entry{i, 1});
    wanted_.add(term.term);
    if (term.prefix) prefixes_.push_back({i, 1, is_lone(term)});
  }
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    for (const auto& form : query.terms[i].forms) {
      by_term_.try_emplace(form.term, Entry{i, form.weight, is_lone(query.terms[i])});
      wanted_.add(form.term);
    }
  }
}

const Finder::Entry* Finder::match(std::string_view term) {
  if (const auto found = by_term_.find(term); found != by_term_.end()) return &found->second;
  for (const auto& entry : prefixes_) {
    if (term.starts_with(query_.terms[entry.term].term)) return &entry;
  }
  return nullptr;
}

std::size_t Finder::find(std::string_view text, const std::function<void(const Match&, double)>& take) {
  progress_.assign(phrases_.size(), {});
  return tokenizer_.tokenize(text, Tokenizer::Purpose::Index, [&](const Token& token) {
    if (const auto* found = match(token.term)) {
      const auto end = found->lone ? token.start + code_point_at(text, token.start).length : token.end;
      take(Match{{token.start, end}, found->term}, found->weight);
    }
    for (std::size_t p = 0; p < phrases_.size(); ++p) {
      const auto& terms = query_.terms[phrases_[p]].terms;
      auto& progress = progress_[p];
      if (token.place != progress.place || token.term != terms[progress.found]) progress.found = 0;
      if (token.term != terms[progress.found]) continue;
      progress.place = token.place + 1;
      if (progress.found++ == 0) progress.start = token.start;
      if (progress.found < terms.size()) continue;
      progress.found = 0;
      take(Match{{progress.start, token.end}, phrases_[p]}, 1);
    }
    return true;
  }, &wanted_);
}

bool Finder::finds(std::string_view text) {
  bool found = false;
  tokenizer_.tokenize(text, Tokenizer::Purpose::Index, [&](const Token& token) {
    found = match(token.term) != nullptr;
    return !found;
  }, &wanted_);
  return found;
}

}  // namespace hearth::memory
