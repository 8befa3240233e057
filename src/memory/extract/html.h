#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

struct HtmlText {
  std::string title;
  std::string text;  // blocks as lines, list entries with "- "; without scripts, styles and what is hidden from the eye
};

enum class Quotes { Keep, Drop };  // what mail programs mark as the message being answered; a forwarded one is kept

// The readable text of an HTML page or mail (UTF-8). Any input is accepted. One that is nothing but a quote is kept whole.
HtmlText read_html(std::string_view html, Quotes quotes);

}  // namespace hearth::memory::extract
