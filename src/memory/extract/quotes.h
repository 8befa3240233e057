#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

// What a mail's head says of the older messages in its text.
enum class History {
  Unknown,
  Referring,  // it belongs to one, whether as an answer or not: In-Reply-To
  Answered,   // it answers one: "Re:"
  Forwarded,  // it passes one on, which is the point of it: "Fw:"
};
History history_of(std::string_view subject, bool refers);

// What the author of a mail wrote, without the history quoted below or between: lines behind '>', "… wrote:", and the
// header blocks that mail programs put above the message being answered, in the languages of the larger ones. A forwarded
// message is kept, since it is the point of the mail: all from its mark on, and all of a mail that forwards by its subject.
// So is everything when nothing else would be left.
std::string without_quotes(std::string_view text, History history);

// Whether a line is what mail programs put above a forwarded message: "---------- Forwarded message", "Begin forwarded message:".
bool is_forward_mark(std::string_view line);

// Whether a message's header block ("From: …", "Sent: …", "Subject: …") begins this text.
bool begins_with_headers(std::string_view text);

// Takes away the lines at the text's end that say who wrote what was quoted below: "On Monday, Ann <ann@example.com> wrote:".
void drop_attribution(std::string& text);

}  // namespace hearth::memory::extract
