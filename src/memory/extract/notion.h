#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Notion's export "Markdown & CSV": "Title 0123456789abcdef0123456789abcdef.md" for each page, and the like with .csv for each
// database. https://www.notion.com/help/export-your-content
bool is_notion_page(const Probe& probe);
Result<> read_notion_page(const Request& request, const Input& input, Sink& sink);
// Its rows. A row that is nothing but its values is the same item as its page.
bool is_notion_table(const Probe& probe);
Result<> read_notion_table(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
