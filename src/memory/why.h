#pragma once
#include <string>

#include "base/describe.h"

namespace hearth::memory {

// Word: a word of the query stands in it. Title: its title holds the query. Person: somebody named wrote it. Time: it is from
// then. Context: the word stands beside it. Meaning: it says something alike in other words.
enum class WhyKind { Word, Title, Person, Time, Context, Meaning };
HEARTH_DESCRIBE_ENUM(WhyKind, Word, Title, Person, Time, Context, Meaning)

struct Why {
  WhyKind kind = WhyKind::Word;
  std::string text;
};
HEARTH_DESCRIBE(Why,
                (kind, "Word: a word of the query stands in it. Title: its title holds the query. Person: somebody named wrote it. Time: it is"
                       " from then. Context: the word stands beside it. Meaning: it says something alike in other words.",
                 .zh = "word：含查询词；title：标题相符；person：作者相符；time：时间相符；context：上下文含该词；meaning：意思相近。"),
                (text, "The word, the title, the person, the time as it was asked for.", .zh = "词、标题、人或所问的时间。"))

}  // namespace hearth::memory
