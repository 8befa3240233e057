#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "memory/extract/wire.h"
#include "memory/time_expressions.h"
#include "memory/vectors.h"

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
  std::vector<std::string> near;  // terms that mean something alike: not the word that was asked for, but a place to look
  bool character = false;  // of a Chinese word that may be written otherwise: 狗 in 小狗
  bool time = false;      // it is part of a time expression: "yesterday", "March 2026"
  bool relative = false;  // of one that depends on now
  bool person = false;  // the name of somebody who wrote or got something: set by the search
  std::optional<extract::ItemKind> kind;  // what it may call by its kind: "photos", 邮件
  bool filler = false;  // "wrote", "happened", 说了: it says little about what was written
  // Who, when or what kind of thing: not what it is about.
  bool around() const { return time || person || character || kind || filler; }
};

// The time that a query names: "in May 2023", "8月5日".
struct AskedTime {
  int year = 0;  // 0: not named, as month and day
  int month = 0;
  int day = 0;
  std::string words;  // that name it
  bool empty() const { return year == 0 && month == 0; }
};

// A time told by what happened: looked up in the memory itself.
struct EventTime {
  std::string event;
  std::string words;
  int from_days = 0;
  int to_days = 0;
};

// A time that is asked for, resolved.
struct AskedSpan {
  Time from;
  Time to;
  double sure = 0;
  std::string words;
  bool open = false;  // before or after something
};

struct Query {
  std::vector<QueryTerm> terms;
  std::vector<std::string> required;  // FTS5 phrases that must be there: what stood between quotation marks
  std::string excluded;               // words that must not be there: those with a minus before them
  bool chinese = false;               // most of it is written in Chinese
  AskedTime time;                     // as far as it names the calendar
  std::vector<AskedSpan> spans;       // resolved against the asker's now
  std::vector<EventTime> events;
  int zone = 0;                       // the asker's, minutes east of Greenwich
  std::optional<AskedMeaning> meaning;  // when an embedder is there
  bool question = false;              // it asks: what answers may say it in words of its own
  bool asks_when = false;            // a time is what it asks for
  bool empty() const { return terms.empty() && spans.empty() && !meaning; }
  // "messages from Ann last week", 昨天的照片: nothing is asked but who, when and what kind.
  bool only_around() const;
};

enum class Typing { Finished, Going };  // Going: the last word may not be whole yet

// What a person typed to search: every word counts, except words like "the" when there are others. A text that ends in a
// question mark is read as a question. Times that depend on now are resolved when `moment` is given.
Query read_query(std::string_view text, Typing typing, std::optional<Moment> moment = {});

// What a person asked: question words and phrases ("who", "what did", "什么时候", "请问") are left out as well.
Query read_question(std::string_view text, std::optional<Moment> moment = {});

// `text` as a string of an FTS5 expression.
std::string fts_string(std::string_view text);
// The words that must not be there, as FTS5 phrases.
std::vector<std::string> words_excluded(const Query& query);
// A term of the index as a string of an FTS5 expression.
std::string fts_term(std::string_view term);

}  // namespace hearth::memory
