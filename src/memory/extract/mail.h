#pragma once
#include <string_view>

#include "memory/extract/formats.h"
#include "memory/extract/written_time.h"

namespace hearth::memory::extract {

// Makes the mail library ready: once, before read_mail.
void prepare_mail();

// Reads one mail message (RFC 5322, MIME) as it was kept or sent. Broken MIME, headers and charsets are read as well as
// can be: there is no input that fails. Plain text is preferred to HTML; the history it quotes is left out; attachments
// are named, not read.
ItemText read_mail(std::string_view bytes);

// Gives one message, and what is attached to it, to the sink, after its begin(); what of it is too large or nested too deep is
// told as a failure behind it. `depth`: of the input that it is read from.
// `otherwise`: its time, when it says none itself.
Result<> read_mail_items(std::string_view bytes, Original original, Sink& sink, int depth = 0, const std::optional<WrittenTime>& otherwise = {});

// Whether a file of no known ending is one message: MH and Maildir name them by numbers, and others not at all. It begins with
// header lines, of which some are only mail's.
bool is_bare_message(const Probe& probe);

// Reads a file that is one message.
Result<> read_message_file(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
