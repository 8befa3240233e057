#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace hearth::memory::extract {

// What a Markdown file says, as notes programs (Obsidian, Logseq, Jekyll) write it.
struct Markdown {
  std::string title;              // its own: in the front matter, or its first heading
  std::vector<std::string> tags;  // of the front matter, and "#tag" in the text
  std::optional<Time> time;       // the front matter's
  bool whole_day = false;         // of `time` only the day is known
  bool linked = false;            // it has [[wikilinks]]: a note among notes
  std::string text;               // links as they are read; of the front matter what is neither title, tags nor time
};
Markdown read_markdown(std::string_view text);

}  // namespace hearth::memory::extract
