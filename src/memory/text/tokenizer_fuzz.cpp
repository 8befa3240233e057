#include <cstdlib>

#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"

// Terms come in order, lie inside the text, are UTF-8 and no longer than they may be.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using hearth::memory::Tokenizer;
  static Tokenizer tokenizer;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  for (const auto purpose : {Tokenizer::Purpose::Index, Tokenizer::Purpose::Query}) {
    std::size_t last = 0;
    tokenizer.tokenize(text, purpose, [&](const hearth::memory::Token& token) {
      if (token.start < last || token.end <= token.start || token.end > size) std::abort();
      if (token.term.empty() || token.term.size() > hearth::memory::kLongestTerm) std::abort();
      if (hearth::memory::to_valid_utf8(token.term) != token.term) std::abort();
      last = token.start;
      return true;
    });
  }
  return 0;
}
