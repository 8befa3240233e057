#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hearth::memory {

// One thing that a query asks for.
struct QueryTerm {
  std::string text;    // as the person wrote it: "running", "北京"
  std::string term;    // as the index has it: "run"; of a phrase the first term
  double weight = 1;   // how much it says: pairs with a Chinese function word say little
  bool prefix = false;  // it may go on: the word being typed, or a lone Chinese character
  bool phrase = false;  // the terms of `text` follow one another
  std::vector<std::string> terms;  // of a phrase
};

struct Query {
  std::vector<QueryTerm> terms;
  std::vector<std::string> required;  // FTS5 phrases that must be there: what stood between quotation marks
  bool chinese = false;               // most of it is written in Chinese
  bool empty() const { return terms.empty(); }
};

enum class Typing { Finished, Going };  // Going: the last word may not be whole yet

// What a person typed to search: every word counts, except words like "the" when there are others.
Query read_query(std::string_view text, Typing typing);

// What a person asked: question words and phrases ("who", "what did", "什么时候", "请问") are left out as well.
Query read_question(std::string_view text);

// The FTS5 expression that matches any of the terms, and all that is required.
std::string match_expression(const Query& query);

// Whether a term, as the index has it, says nothing about what a text is about.
bool is_stop_term(std::string_view term);

}  // namespace hearth::memory
