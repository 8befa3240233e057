#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// The Messages application's chat.db, from a Mac (~/Library/Messages) or a telephone's backup (sms.db).
bool is_imessage(const Probe& probe);
Result<> read_imessage(const Request& request, const Input& input, Sink& sink);

// The text inside an attributedBody: an NSAttributedString in the form that NSArchiver writes ("streamtyped").
std::string attributed_text(std::string_view body);

}  // namespace hearth::memory::extract
