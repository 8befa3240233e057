#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// A note of Google Keep, as Takeout writes it: one JSON file a note, and a page with the same in it.
bool is_keep_note(const Probe& probe);
Result<> read_keep_note(const Request& request, const Input& input, Sink& sink);
// The page is read only where its JSON is not beside it.
bool is_keep_page(const Probe& probe);
Result<> read_keep_page(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
