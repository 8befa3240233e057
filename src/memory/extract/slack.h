#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// A day of a channel of Slack's export: <channel>/<yyyy-mm-dd>.json, with users.json and the lists of channels in the folder
// above. https://slack.com/help/articles/220556107
bool is_slack(const Probe& probe);
Result<> read_slack(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
