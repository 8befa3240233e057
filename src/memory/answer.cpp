#include "memory/answer.h"

#include <algorithm>
#include <set>

#include "memory/query.h"
#include "memory/text/irregular.h"
#include "memory/text/stop_terms.h"
#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr double kSupported = 0.5;  // of a sentence's words: the rest may be said in other words

std::set<std::string> terms_of(std::string_view text) {
  std::set<std::string> terms;
  Tokenizer().tokenize(text, Tokenizer::Purpose::Query, [&](const Token& token) {
    if (!is_stop_term(token.term)) terms.emplace(token.term);
    return true;
  });
  return terms;
}

bool is_number(const std::string& term) { return std::all_of(term.begin(), term.end(), is_digit); }

bool holds(const Writer::Sentence& sentence, const std::vector<Writer::Passage>& passages) {
  if (sentence.passages.empty()) return false;
  std::string said;
  for (const auto number : sentence.passages) {
    if (number >= passages.size()) return false;
    const auto& passage = passages[number];
    said += passage.title + "\n" + passage.authors + "\n" + passage.time + "\n" + passage.text + "\n";
  }
  const auto known = terms_of(said);
  const auto wanted = terms_of(sentence.text);
  if (wanted.empty()) return false;
  double found = 0;
  for (const auto& term : wanted) {
    if (known.contains(term)) {
      found += 1;
    } else if (is_number(term)) {
      return false;
    }
  }
  return found >= kSupported * static_cast<double>(wanted.size());
}

}  // namespace

std::vector<AnswerSentence> sentences_that_hold(const std::vector<Writer::Sentence>& written, const std::vector<Writer::Passage>& passages) {
  std::vector<AnswerSentence> sentences;
  for (const auto& sentence : written) {
    if (!holds(sentence, passages)) continue;
    AnswerSentence kept{sentence.text, {}};
    for (const auto number : sentence.passages) kept.citations.push_back(static_cast<std::int64_t>(number));
    sentences.push_back(std::move(kept));
  }
  return sentences;
}

}  // namespace hearth::memory
