#pragma once
#include <string>
#include <string_view>

#include "memory/extract/history.h"

namespace hearth::memory::extract {

// What the author of a part of a mail wrote, without the history quoted below or between: lines behind '>', "… wrote:", and
// the header blocks that mail programs put above the message being answered, in the languages of the larger ones. Empty when
// all of it is history. A forwarded message is kept, since it is the point of the mail: all from its mark on, which makes the
// history Forwarded for the parts that follow, and all of a mail that forwards by its subject. So is a history with answers
// written into it, where the author says so. In doubt a line is the author's.
std::string own_words(std::string_view text, History& history);

// The same of a mail that has one part; everything when nothing else would be left.
std::string without_quotes(std::string_view text, History history);

// Whether a text says that answers stand in the history below: "see inline", "in red"; and only the latter.
bool says_answers_within(std::string_view text);
bool says_coloured_answers(std::string_view text);

// Whether a line is what mail programs put above a forwarded message: "---------- Forwarded message", "Begin forwarded message:".
bool is_forward_mark(std::string_view line);

// Whether a message's header block ("From: …", "Sent: …", "Subject: …") begins this text.
bool begins_with_headers(std::string_view text);

// Takes away the lines at the text's end that say who wrote what was quoted below: "On Monday, Ann <ann@example.com> wrote:".
void drop_attribution(std::string& text);

// Whether such lines, with a date or an address, end or begin the text.
bool ends_with_dated_attribution(std::string_view text);
bool begins_with_dated_attribution(std::string_view text);

}  // namespace hearth::memory::extract
