#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"

// Terms come in order, lie inside the text, are UTF-8 and no longer than they may be. Whoever looks for one of them gets it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using hearth::memory::Tokenizer;
  static Tokenizer tokenizer;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto purpose : {Tokenizer::Purpose::Index, Tokenizer::Purpose::Query}) {
    std::size_t last = 0;
    std::vector<std::string> terms;
    const auto count = tokenizer.tokenize(text, purpose, [&](const hearth::memory::Token& token) {
      if (token.start < last || token.end <= token.start || token.end > size) std::abort();
      if (token.term.empty() || token.term.size() > hearth::memory::kLongestTerm) std::abort();
      if (hearth::memory::to_valid_utf8(token.term) != token.term) std::abort();
      if (token.place != terms.size()) std::abort();
      last = token.start;
      terms.emplace_back(token.term);
      return true;
    });
    if (count != terms.size()) std::abort();
    for (std::size_t i = 0; i < terms.size(); i += 1 + terms.size() / 4) {
      hearth::memory::Beginnings wanted;
      wanted.add(terms[i]);
      std::size_t found = 0;
      const auto again = tokenizer.tokenize(text, purpose, [&](const hearth::memory::Token& token) {
        if (token.term != terms[token.place]) std::abort();
        found += token.term == terms[i];
        return true;
      }, &wanted);
      if (again != count || found != static_cast<std::size_t>(std::count(terms.begin(), terms.end(), terms[i]))) std::abort();
    }
  }
  return 0;
}
