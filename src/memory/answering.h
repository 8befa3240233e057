#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "memory/question.h"
#include "memory/search.h"
#include "memory/text/tokenizer.h"

// Which sentence of what was found answers a question, and whether any does.
namespace hearth::memory {

struct Answer {
  Span sentence;       // of the hit's text
  double fit = 0;      // how well it answers, against the other hits
  double covered = 0;  // how much of what is asked stands there or around it, 0 to 1
};

// A question as it is held against passages: what it is about, the form of what it wants, the time that it asks for. For one
// question; not for concurrent use.
class Answering {
 public:
  // After the search, which completes the query. `worth`: of each of its terms. All outlive it.
  Answering(std::string_view question, const Query& query, const std::vector<double>& worth, Moment moment);

  // Whether nothing but a time is asked for.
  bool only_time() const { return asked_.empty() && !times_.empty(); }

  // The sentence of a hit that answers best; nothing when none does. A heading and a question that needs only a yes answer when
  // nothing else does.
  std::optional<Answer> answer(const Hit& hit);

  // Who and where an item names.
  struct People {
    std::string authors;
    std::string others;
    std::vector<std::string> places;
  };

 private:
  // A word, or a character of a Chinese word, that the question is about.
  struct Asked {
    double worth = 1;
    std::vector<Form> forms;     // terms of the index that say it, with how much each counts
    std::string character;       // itself, where it may stand in another word
    double character_share = 0;
    bool person = false;         // somebody who wrote or got something
    bool name = false;           // who does not hold it speaks of somebody or something else
    bool thing = false;          // what is asked for: it is named where the answer is
    bool subject = false;        // a question for yes or no is about it
    bool needed = true;          // seldom said in other words
    bool lone = false;           // no other character stands beside it: a verb mostly
    bool counted = false;         // of it, how much there is is asked for: 糖 of 多少糖
    bool head = false;           // the last character of a long run: 卡 of 门禁卡
    std::size_t run = 0;         // characters that follow one another have the same; 0: a word
  };
  // What a part of a text holds.
  struct Held {
    std::set<std::string, std::less<>> terms;
    std::string folded;
  };
  struct Lent {
    Held held;
    double covered;
    double chosen;
  };
  struct Passage {
    std::vector<Span> spans;
    std::vector<Held> sentences;
    Held title;
    People people;
    Held authors;
    Held others;
    Held spoken_to;           // who wrote the passage before
    std::vector<Lent> before;
    bool replies = false;     // the passage before asks
    bool asked_author = false;
  };
  // Of whom a sentence speaks.
  struct Speaking {
    bool self = false;
    bool to_other = false;
    bool anew = false;  // of what was not named before
  };
  struct Shares {
    double own = 0;      // of what is no name, in the sentence itself
    double covered = 0;
    double chosen = 0;
  };

  void add_words();
  void add_characters();
  Asked character_at(std::size_t at, std::string_view character) const;
  Held held(std::string_view text);
  Passage read(const Hit& hit);
  double share(const Asked& asked, const Held& held) const;
  Shares shares(const Asked& asked, const Passage& passage, std::size_t sentence, const Speaking& speaking) const;
  double missing(const std::vector<Shares>& shares) const;
  double time_share(const Hit& hit) const;
  Answer weigh(const Hit& hit, const Passage& passage, std::size_t sentence) const;

  std::string_view question_;
  const Query& query_;
  const std::vector<double>& worth_;
  Moment moment_;
  std::string folded_;
  Wanted wanted_;
  bool said_;
  bool strict_;  // whether something is so, or who it was: nothing of what is asked may be missing
  std::vector<AskedSpan> limits_;
  std::vector<Span> times_;  // what of the question tells a time
  std::vector<Asked> asked_;
  Tokenizer tokenizer_;
  Beginnings wanted_terms_;
};

}  // namespace hearth::memory
