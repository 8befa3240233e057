#pragma once
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "memory/text/passages.h"

namespace hearth::memory {

// The asker's now.
struct Moment {
  Time now;
  int zone = 0;  // minutes east of Greenwich on the asker's clock
};

// A time that a text names: "yesterday", "three weeks ago", "last spring", "2019年", "上个月".
struct TimeSpan {
  Time from;
  Time to;          // not part of it
  double sure = 0;  // that this is what is meant, 0 to 1: "recently" and "a few weeks ago" are vague
  Span words;       // bytes of the text
  bool relative = false;  // it depends on now: who wrote then did not use these words
  bool open = false;      // before or after something: one of its ends says nothing
};

// Those of a text, in order, resolved against now. English and Chinese. A time of the year without a year is the last one. Words
// that may mean either of two times come twice.
std::vector<TimeSpan> find_times(std::string_view text, Moment moment);

// A time told by what happened: "the week before the trip", "after the wedding", "出发前一周".
struct TimeByEvent {
  Span event;         // bytes of the text: what happened
  Span words;         // all of the expression
  int from_days = 0;  // of the event, negative: before it
  int to_days = 0;
};
std::vector<TimeByEvent> find_times_by_event(std::string_view text);

}  // namespace hearth::memory
