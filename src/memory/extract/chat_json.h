#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Chats that other programs write as JSON: an array of messages, at the top or in a member of one object that also names the
// chat, or several such objects; or one message a line. The fields: chat_fields.h.
bool is_chat_json(const Probe& probe);
Result<> read_chat_json(const Request& request, const Input& input, Sink& sink);

bool is_chat_lines(const Probe& probe);
Result<> read_chat_lines(const Request& request, const Input& input, Sink& sink);

// Dialogues in LoCoMo's form: {"sample_id", "conversation": {"session_1_date_time", "session_1": [{"speaker", "dia_id", "text"}]}},
// one or an array of them (https://github.com/snap-research/locomo). A session is a thread. Nothing but the conversation is read.
bool is_dialogue(const Probe& probe);
Result<> read_dialogue(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
