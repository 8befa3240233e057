#pragma once
#include <optional>
#include <string_view>

#include "memory/extract/written_time.h"

namespace hearth::memory::extract {

// The time in a Date header (RFC 5322 §3.3 and §4.3) and what other programs write there: ISO 8601, asctime, points between
// the figures, names of zones. Exact where the zone is one of the RFC's; Zone where its name is another, and where there is none
// or an unknown one, which is then taken for UTC. None when it says no day, or one before 1970.
std::optional<WrittenTime> read_mail_time(std::string_view header);

// The time in an mbox file's line "From ann@example.com Mon May  1 09:30:00 2023".
std::optional<WrittenTime> time_of_from_line(std::string_view line);

}  // namespace hearth::memory::extract
