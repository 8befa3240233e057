#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Chats as comma-separated values with a line of names: what programs write that export WeChat and others. The fields:
// chat_fields.h.
bool is_chat_table(const Probe& probe);
Result<> read_chat_table(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
