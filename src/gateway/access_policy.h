#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateway.h"

namespace hearth::gateway {

// Who may ask for `path` (as sent, percent-encoded) at this entrance: the longest rule that covers it, else the entrance's
// own access. Servers differ in what they make of "%2e", "//", "//host", "..", ";x" or capitals, and in which order; the path is
// judged in each reading and the strictest answer holds, so that no spelling gets around a rule. None: the path is refused
// (a broken percent-encoding, an encoded NUL, a climb above the root, an encoding of an encoded separator, or more readings
// than are worth judging). A path without any of these costs no more than a look at its bytes.
std::optional<Access> access_of(const Entrance& entrance, std::string_view path);

// Whether `access` lets a visitor with this session pass; null: without one.
bool passes(Access access, const EntranceSession* session);

// The reading of a server that decodes everything: percent-decoded once, '\' as '/', without empty segments, dot segments
// and segment parameters (";x"). None as above.
std::optional<std::string> normalise_path(std::string_view path);

}  // namespace hearth::gateway
