#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// What a Limitless pendant heard, as its interface gives it: {"data": {"lifelogs": […]}} (https://www.limitless.ai/developers).
// Its times are UTC or carry an offset; inside its text they are local.
bool is_limitless(const Probe& probe);
Result<> read_limitless(const Request& request, const Input& input, Sink& sink);
// The same as its application exports it, in Markdown: lines such as "- Ann (2/1/25 10:00 AM): text". One recording a file.
bool is_limitless_page(const Probe& probe);
Result<> read_limitless_page(const Request& request, const Input& input, Sink& sink);

// What an Omi heard: conversations, also called memories, with their transcript (https://docs.omi.me).
bool is_omi(const Probe& probe);
Result<> read_omi(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
