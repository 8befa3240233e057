#include "memory/text/stop_terms.h"

#include <algorithm>
#include <array>

namespace hearth::memory {
namespace {

// English function words, as the tokenizer leaves them (folded, stemmed).
constexpr std::array<std::string_view, 127> kStopTerms = {
    "a",     "about", "after", "again", "all",   "also",  "am",    "an",    "and",   "ani",   "are",   "as",    "at",
    "be",    "becaus", "been",  "befor", "being", "but",   "by",    "can",   "could", "did",   "do",    "doe",   "doesnt",
    "dont",  "done",  "down",  "dure",  "each",  "either", "ever", "for",   "from",  "had",   "has",   "have",  "he",
    "her",   "here",  "hers",  "him",   "his",   "how",   "i",     "id",    "if",    "ill",   "im",    "in",    "into",
    "is",    "isnt",  "it",    "ive",   "just",  "let",   "me",    "might", "mine",  "more",  "most",  "much",
    "must",  "my",    "no",    "nor",   "not",   "now",   "of",    "off",   "on",    "onc",   "onli",  "or",    "other",
    "our",   "out",   "over",  "own",   "pleas", "s",     "same",  "she",   "should", "so",   "some",  "such",  "t",
    "than",  "that",  "the",   "their", "them",  "then",  "there", "these", "they",  "this",  "those", "through", "to",
    "too",   "under", "until", "up",    "us",    "veri",  "was",   "we",    "were",  "what",  "when",  "where", "which",
    "while", "who",   "whom",  "whose", "whi",   "will",  "with",  "would", "you",   "your",  "yes"};

}  // namespace

bool is_stop_term(std::string_view term) { return std::find(kStopTerms.begin(), kStopTerms.end(), term) != kStopTerms.end(); }

}  // namespace hearth::memory
