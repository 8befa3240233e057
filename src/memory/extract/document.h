#pragma once
#include <string_view>

#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Reads a text, Markdown or HTML file. The title is the page's own, the first heading, or `name` without its ending; the
// time is `modified`.
ItemText read_document(Format format, std::string_view bytes, std::string_view name, std::optional<Time> modified);

// Whether a file of this name, in lower case, is text that people write or read.
bool has_text_ending(std::string_view name);

// Whether these bytes are text in some charset, with no more control characters than programs leave in theirs.
bool is_text(std::string_view bytes);

// Plain text in any charset: notes, tables, logs, source code; by the name's ending, or without one by the contents.
bool is_text_file(const Probe& probe);

// Reads a file that is one such document.
Result<> read_document_file(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
