#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// What a browser keeps of the pages that were open: Chrome's and its relatives' History, Firefox's places.sqlite with its
// bookmarks, Safari's History.db. An item is a page on a day (UTC).
bool is_chrome_history(const Probe& probe);
Result<> read_chrome_history(const Request& request, const Input& input, Sink& sink);
bool is_firefox_places(const Probe& probe);
Result<> read_firefox_places(const Request& request, const Input& input, Sink& sink);
bool is_safari_history(const Probe& probe);
Result<> read_safari_history(const Request& request, const Input& input, Sink& sink);

// Bookmarks as all browsers export them: a page in Netscape's format.
bool is_bookmarks(const Probe& probe);
Result<> read_bookmarks(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
