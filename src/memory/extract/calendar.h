#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Whether a file is a calendar (iCalendar, RFC 5545, or vCalendar 1.0).
bool is_calendar(const Probe& probe);

// Reads the events, tasks and journal entries of a calendar. A series is one item, with the rule in words and the dates
// around `now` (the time of reading, when there is none); a changed occurrence is an item of its own in the same thread. Alarms
// are left out. An item's original is a calendar of it alone, its lines as they came in.
Result<> read_calendar_file(const Request& request, const Input& input, Sink& sink);

// The same, told what time it is.
Result<> read_calendar(std::string bytes, Time now, Sink& sink);

}  // namespace hearth::memory::extract
