#pragma once
#include <string>
#include <string_view>

#include "memory/extract/quotes.h"

namespace hearth::memory::extract {

struct HtmlText {
  std::string title;
  std::string text;  // blocks as lines, list entries with "- "; without scripts, styles and what is hidden from the eye
  bool answers_within = false;  // the history was kept, since answers stand in it
};

enum class Quotes { Keep, Drop };  // what mail programs mark as the message being answered; a forwarded one is kept

// The readable text of an HTML page or mail (UTF-8). Any input is accepted. One that is nothing but a quote is kept whole.
// `history`: what a mail's head says of the older messages in it.
HtmlText read_html(std::string_view html, Quotes quotes, History history = History::Unknown);

}  // namespace hearth::memory::extract
