#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "memory/extract/zones.h"

namespace hearth::memory::extract {

// When something that is repeated takes place, on the clock of its own zone (RFC 5545 §3.8.5).
struct Repetition {
  LocalSeconds start = 0;
  bool whole_days = false;
  std::string rule;                    // an RRULE; "" without
  std::optional<LocalSeconds> until;   // of the rule, where it gives one, on the same clock
  std::vector<LocalSeconds> more;      // RDATE
  std::vector<LocalSeconds> without;   // EXDATE, and those that were moved
  std::vector<LocalSeconds> without_days;  // the same where only the day is given
};

struct Occurrences {
  std::vector<LocalSeconds> before;  // the last few before `now`, in order
  std::vector<LocalSeconds> after;   // the next few
  std::optional<LocalSeconds> last;  // none: it goes on, or for too long to tell
};

// Any rule is accepted: one that cannot be understood gives no occurrences but the start's, one that gives too many only
// some.
Occurrences occurrences(const Repetition& repetition, LocalSeconds now);

// An RRULE for a rule as vCalendar 1.0 writes them ("W1 FR 20261231T000000"); any other as it is.
std::string modern_rule(std::string_view rule);

// The UNTIL of a rule as it is written; "" without.
std::string until_of(std::string_view rule);

// A rule in words: "every 2 weeks on Monday and Wednesday, until 2026-12-31". "" when it cannot be understood.
std::string rule_in_words(std::string_view rule, Language language);

}  // namespace hearth::memory::extract
