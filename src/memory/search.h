#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "memory/extract/wire.h"
#include "memory/query.h"
#include "memory/why.h"
#include "memory/text/passages.h"
#include "memory/text/word_vectors.h"
#include "store/store.h"

namespace hearth::memory {

struct Filter {
  std::vector<std::int64_t> sources;  // none: all
  std::string person;                 // an address or a part of a name; "": anybody
  std::optional<Time> after;
  std::optional<Time> before;
  std::int64_t person_id = 0;               // of a person, merged or not; 0: anybody
  std::vector<extract::ItemKind> kinds;     // none: all
  std::vector<std::vector<std::string>> tags;  // all of these, each in one of its spellings
  std::optional<bool> attachment;           // has any, or has none
};

// A term of the query found in a text.
struct Match {
  Span span;
  std::size_t term = 0;  // of Query::terms
};

// A passage that stands before another in its conversation or document.
struct Before {
  std::string text;
  std::string details;  // its item's, as JSON
};

// A passage that answers a query.
struct Hit {
  std::int64_t passage = 0;
  std::int64_t item = 0;
  std::int64_t source = 0;
  double score = 0;
  double covered = 0;  // the share of the query that the passage and its title hold, by what the terms are worth: 0 to 1
  std::string text;
  std::string title;
  std::optional<Time> time;
  int zone = 0;                       // of the time, in minutes east of Greenwich
  std::string details;                // the item's, as JSON
  std::vector<Before> before;         // the two before it, nearest first, as far as they were read
  bool outside = true;                // somebody else may have written it
  std::vector<Match> matches;         // in `text`, in order
  std::vector<Why> why;
};

struct Hits {
  std::vector<Hit> hits;        // best first
  std::vector<double> worth;    // of each term of the query: how rare it is
};

// The best passages. Reads only; a few hundred candidates of each source are weighed. Completes the query's terms with
// what the memory knows of them: which are names, what they may be spelt like. Without vectors nothing is found by what words
// mean alike.
Result<Hits> search_passages(store::Connection& connection, Query& query, const Filter& filter, std::size_t most,
                             const WordVectors* vectors);

}  // namespace hearth::memory
