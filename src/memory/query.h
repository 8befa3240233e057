#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hearth::memory {

// Another form of a term, which counts for less: "went" for "go", a word spelt alike.
struct Form {
  std::string text;
  std::string term;
  double weight = 1;
};

// One thing that a query asks for.
struct QueryTerm {
  std::string text;    // as the person wrote it: "running", "北京"
  std::string term;    // as the index has it: "run"; of a phrase the first term
  double weight = 1;   // how much it says: pairs with a Chinese function word say little
  bool prefix = false;  // it may go on: the word being typed, or a lone Chinese character
  bool phrase = false;  // the terms of `text` follow one another
  std::vector<std::string> terms;  // of a phrase
  std::vector<Form> forms;
  bool person = false;  // the name of somebody who wrote or got something: set by the search
};

// The time that a query names: "in May 2023", "8月5日".
struct AskedTime {
  int year = 0;  // 0: not named, as month and day
  int month = 0;
  int day = 0;
  bool empty() const { return year == 0 && month == 0; }
};

struct Query {
  std::vector<QueryTerm> terms;
  std::vector<std::string> required;  // FTS5 phrases that must be there: what stood between quotation marks
  bool chinese = false;               // most of it is written in Chinese
  AskedTime time;
  bool empty() const { return terms.empty(); }
};

enum class Typing { Finished, Going };  // Going: the last word may not be whole yet

// What a person typed to search: every word counts, except words like "the" when there are others. A text that ends in a
// question mark is read as a question.
Query read_query(std::string_view text, Typing typing);

// What a person asked: question words and phrases ("who", "what did", "什么时候", "请问") are left out as well.
Query read_question(std::string_view text);

// The FTS5 expression that matches any of the terms, and all that is required. Names of people find too much to be looked
// for beside other words: they are left out unless there is nothing else.
std::string match_expression(const Query& query);

// `text` as a string of an FTS5 expression.
std::string fts_string(std::string_view text);

// Whether a term, as the index has it, says nothing about what a text is about.
bool is_stop_term(std::string_view term);

}  // namespace hearth::memory
