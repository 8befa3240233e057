#include "memory/extract/html.h"

#include <gumbo.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "memory/extract/quotes.h"
#include "memory/extract/style.h"

namespace hearth::memory::extract {
namespace {

// A tree this deep is no page that somebody wrote; what lies deeper is left out.
constexpr std::size_t kDeepest = 512;

// Where a parse tree lives. Freeing the tree node by node, as Gumbo does, recurses as deep as the page nests.
class Arena {
 public:
  static void* allocate(void* arena, std::size_t size) { return static_cast<Arena*>(arena)->take(size); }

 private:
  static constexpr std::size_t kBlock = 64 << 10;

  void* take(std::size_t size) {
    size = (size + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);
    if (size > left_) {
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(std::max(size, kBlock)));
      next_ = blocks_.back().get();
      left_ = std::max(size, kBlock);
    }
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

bool is_block(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_OPTGROUP:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_HGROUP:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
      return true;
    default:
      return false;
  }
}

// Blocks with a blank line around them.
bool is_paragraph(GumboTag tag) {
  return tag == GUMBO_TAG_P || tag == GUMBO_TAG_BLOCKQUOTE || tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_PRE ||
         (tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6);
}

std::string_view attribute(const GumboElement& element, const char* name) {
  const auto* found = gumbo_get_attribute(&element.attributes, name);
  return found ? found->value : "";
}

// Whether nothing below the element is shown, whatever stands there.
bool is_hidden(const GumboElement& element) {
  switch (element.tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_SVG:
      return true;
    default:
      break;
  }
  const auto display = declared(attribute(element, "style"), "display");
  return display.empty() ? gumbo_get_attribute(&element.attributes, "hidden") != nullptr : display == "none";
}

// What an element inherits of how its text is shown, and may change: a newsletter's cells have no size, the text in them has.
struct Look {
  bool sized = true;
  bool visible = true;
  bool shows_text() const { return sized && visible; }
};

Look look_of(const GumboElement& element, Look look) {
  switch (element.tag) {
    case GUMBO_TAG_TABLE:  // inherits no size in a page without a doctype, as which mails are often shown
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TEXTAREA:
      look.sized = true;
      break;
    case GUMBO_TAG_FONT:
      look.sized = look.sized || gumbo_get_attribute(&element.attributes, "size");
      break;
    default:
      break;
  }
  const auto style = attribute(element, "style");
  if (style.empty()) return look;
  if (const auto size = font_size(style); size != FontSize::Inherited) look.sized = size == FontSize::Some;
  const auto visibility = declared(style, "visibility");
  if (visibility == "hidden" || visibility == "collapse") look.visible = false;
  if (visibility == "visible" || visibility == "initial") look.visible = true;
  return look;
}

class Writer {
 public:
  void block(std::size_t lines) { breaks_ = std::max(breaks_, lines); }
  void line() { ++breaks_; }
  void space() { space_ = true; }
  void write(std::string_view text, bool verbatim) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool no_break = c == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0';
      if (no_break) ++i;
      if (verbatim && c == '\n') {
        line();
      } else if (no_break || c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
        space_ = true;
      } else {
        put(c);
      }
    }
  }
  std::string finish() && { return std::move(text_); }
  std::string& so_far() { return text_; }

 private:
  void put(char c) {
    if (breaks_ > 0 && !text_.empty()) {
      text_.append(std::min<std::size_t>(breaks_, 2), '\n');
    } else if (space_ && breaks_ == 0 && !text_.empty()) {
      text_ += ' ';
    }
    breaks_ = 0;
    space_ = false;
    text_ += c;
  }

  std::string text_;
  std::size_t breaks_ = 0;
  bool space_ = false;
};

std::string text_below(const GumboNode& node) {
  Writer writer;
  for (unsigned i = 0; i < node.v.element.children.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(node.v.element.children.data[i]);
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE) writer.write(child->v.text.text, false);
  }
  return std::move(writer).finish();
}

// The first words below a node, as lines.
std::string beginning_of(const GumboNode& node, Look look) {
  constexpr std::size_t kEnough = 600;
  constexpr int kMostNodes = 500;
  Writer writer;
  int seen = 0;
  struct Place {
    const GumboNode* node;
    unsigned next;
    Look look;
  };
  std::vector<Place> path{{&node, 0, look_of(node.v.element, look)}};
  while (!path.empty() && writer.so_far().size() < kEnough && ++seen < kMostNodes) {
    auto& at = path.back();
    const auto& element = at.node->v.element;
    if (at.next == element.children.length) {
      if (is_block(element.tag)) writer.block(1);
      path.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(element.children.data[at.next++]);
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE) {
      if (at.look.shows_text()) writer.write(child->v.text.text, false);
    } else if (child->type == GUMBO_NODE_ELEMENT && !is_hidden(child->v.element) && path.size() < kDeepest) {
      if (is_block(child->v.element.tag)) writer.block(1);
      if (child->v.element.tag == GUMBO_TAG_BR) writer.line();
      path.push_back({child, 0, look_of(child->v.element, at.look)});
    }
  }
  return std::move(writer).finish();
}

// What mail programs put all of the history into, and the text that is written between it.
bool is_wrapper(const GumboElement& element) {
  const auto classes = attribute(element, "class");
  for (const auto* name : {"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote"}) {
    if (classes.find(name) != classes.npos) return true;
  }
  return false;
}

// Who wrote what is quoted below, where that has an element of its own.
bool is_attribution(const GumboElement& element) {
  const auto classes = attribute(element, "class");
  return classes.find("moz-cite-prefix") != classes.npos || classes.find("gmail_attr") != classes.npos;
}

// Outlook's head of the message that is answered: its text stands beside it, not in it.
bool is_head_of_quote(const GumboElement& element) { return attribute(element, "id") == "divRplyFwdMsg"; }

// In the colours that are chosen for answers within a text.
bool is_coloured(const GumboElement& element) {
  auto colour = declared(attribute(element, "style"), "color");
  if (colour.empty() && element.tag == GUMBO_TAG_FONT) colour = declared("color:" + std::string(attribute(element, "color")), "color");
  std::erase(colour, ' ');
  for (const auto* name : {"red", "#f00", "#ff0000", "#c00000", "rgb(255,0,0)", "blue", "#00f", "#0000ff", "rgb(0,0,255)"}) {
    if (colour == name) return true;
  }
  return false;
}

template <typename Test>
bool any_below(const GumboNode& node, Test&& test) {
  std::vector<const GumboNode*> open{&node};
  while (!open.empty()) {
    const auto& children = open.back()->v.element.children;
    open.pop_back();
    for (unsigned i = 0; i < children.length; ++i) {
      const auto* child = static_cast<const GumboNode*>(children.data[i]);
      if (child->type != GUMBO_NODE_ELEMENT) continue;
      if (test(child->v.element)) return true;
      open.push_back(child);
    }
  }
  return false;
}

enum class Quoted { No, All, Wrapper, Head };  // Wrapper: only what is marked in it; Head: what follows, too

// Tells quotes from what is forwarded, and from text that stands between them.
class QuoteFinder {
 public:
  explicit QuoteFinder(History history) : history_(history) {}

  // What of an element is the message that is answered. `above`: the text before it; `inside`: whether it is in a wrapper.
  Quoted quoted(const GumboNode& node, Look look, std::string_view above, bool inside) {
    const auto& element = node.v.element;
    const bool block = element.tag == GUMBO_TAG_BLOCKQUOTE;
    const bool head = is_head_of_quote(element);
    const bool attribution = is_attribution(element);
    const bool reply = attribute(element, "id") == "isReplyContent";
    const bool wrapper = !block && !attribution && is_wrapper(element);
    if (!block && !head && !attribution && !reply && !wrapper) return Quoted::No;
    look_for_mark(above);
    if (keeps_) return Quoted::No;
    const auto beginning = beginning_of(node, look);
    if (is_forward_mark(std::string_view(beginning).substr(0, beginning.find('\n')))) {
      keeps_ = true;
      return Quoted::No;
    }
    if (head) return history_ == History::Answered ? unless(announced(above).within, Quoted::Head) : Quoted::No;
    if (attribution) {
      attributed_ = true;
      return Quoted::All;
    }
    if (wrapper) {
      if (inside) return Quoted::No;
      attributed_ = true;
      if (any_below(node, [](const GumboElement& below) { return below.tag == GUMBO_TAG_BLOCKQUOTE; })) return Quoted::Wrapper;
      return unless(announced(above).within || any_below(node, is_coloured), Quoted::All);
    }
    if (reply || inside) return unless(announced(above).coloured, Quoted::All);
    if (attribute(element, "type") != "cite" && !is_wrapper(element)) {
      // Foxmail's blockquote has no mark, nor have those of some others.
      if (history_ != History::Answered || !(begins_with_headers(beginning) || ends_with_dated_attribution(above))) return Quoted::No;
      return unless(announced(above).coloured, Quoted::All);
    }
    // A fresh mail may quote a book.
    attributed_ = attributed_ || history_ != History::Unknown || ends_with_dated_attribution(above) || begins_with_dated_attribution(beginning);
    return attributed_ ? unless(announced(above).coloured, Quoted::All) : Quoted::No;
  }

  // The words above a quote that say whose it is.
  void drop_attribution(std::string& text) {
    extract::drop_attribution(text);
    searched_ = std::min(searched_, text.size());
    line_ = std::min(line_, text.size());
  }

  bool answers_within() const { return answers_within_; }

 private:
  // What is written above the first quote says it for all.
  struct Announced {
    bool within;
    bool coloured;
  };
  Announced announced(std::string_view above) {
    if (!announced_) announced_ = Announced{says_answers_within(above), says_coloured_answers(above)};
    return *announced_;
  }

  // All is kept when answers stand in the history itself.
  Quoted unless(bool answers_within, Quoted otherwise) {
    if (!answers_within) return otherwise;
    keeps_ = answers_within_ = true;
    return Quoted::No;
  }

  // A mark in the text: all from there on is kept.
  void look_for_mark(std::string_view text) {
    while (!keeps_ && line_ < text.size()) {
      searched_ = std::min(text.find('\n', std::max(searched_, line_)), text.size());
      keeps_ = is_forward_mark(text.substr(line_, searched_ - line_));
      if (searched_ == text.size()) return;  // the line may go on
      line_ = searched_ + 1;
    }
  }

  History history_;
  std::size_t line_ = 0;      // the last line's beginning
  std::size_t searched_ = 0;  // where no line ends before
  bool attributed_ = false;   // it was said whose words are quoted
  std::optional<Announced> announced_;
  bool keeps_ = false;
  bool answers_within_ = false;
};

struct Step {
  const GumboNode* node;
  unsigned next;  // the child to visit next
  bool verbatim;
  bool inside;  // a wrapper of quotes
  Look look;
};

void enter(const GumboElement& element, Look look, Writer& writer) {
  if (is_block(element.tag)) writer.block(is_paragraph(element.tag) ? 2 : 1);
  if (element.tag == GUMBO_TAG_LI && look.shows_text()) writer.write("- ", false);
  if (element.tag == GUMBO_TAG_BR) writer.line();
  for (const auto apart : {GUMBO_TAG_TD, GUMBO_TAG_TH, GUMBO_TAG_BUTTON, GUMBO_TAG_LABEL, GUMBO_TAG_SELECT, GUMBO_TAG_INPUT}) {
    if (element.tag == apart) writer.space();
  }
  if (element.tag == GUMBO_TAG_IMG && look.visible) writer.write(attribute(element, "alt"), false);
}

HtmlText read(std::string_view html, Quotes quotes, History history) {
  Arena arena;
  auto options = kGumboDefaultOptions;
  options.max_errors = 0;
  options.allocator = Arena::allocate;
  options.deallocator = [](void*, void*) {};
  options.userdata = &arena;
  const auto* tree = gumbo_parse_with_options(&options, html.data(), html.size());
  HtmlText result;
  if (!tree || !tree->root) return result;
  Writer writer;
  QuoteFinder finder(history);
  std::vector<Step> path{{tree->root, 0, false, false, look_of(tree->root->v.element, {})}};
  while (!path.empty()) {
    auto& step = path.back();
    const auto& element = step.node->v.element;
    if (step.next == element.children.length) {
      if (is_block(element.tag)) writer.block(is_paragraph(element.tag) ? 2 : 1);
      path.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(element.children.data[step.next++]);
    const bool verbatim = step.verbatim;
    bool inside = step.inside;
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE || child->type == GUMBO_NODE_CDATA) {
      if (step.look.shows_text()) writer.write(child->v.text.text, verbatim);
    } else if (child->type == GUMBO_NODE_ELEMENT) {
      const auto& inner = child->v.element;
      if (inner.tag == GUMBO_TAG_HEAD) {
        for (unsigned i = 0; i < inner.children.length; ++i) {
          const auto* node = static_cast<const GumboNode*>(inner.children.data[i]);
          if (node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == GUMBO_TAG_TITLE) result.title = text_below(*node);
        }
      }
      if (is_hidden(inner) || path.size() >= kDeepest) continue;
      if (quotes == Quotes::Drop) {
        const auto quoted = finder.quoted(*child, step.look, writer.so_far(), inside);
        if (quoted == Quoted::Head) step.next = element.children.length;
        if (quoted == Quoted::Head || quoted == Quoted::All) {
          finder.drop_attribution(writer.so_far());
          continue;
        }
        inside = inside || quoted == Quoted::Wrapper;
      }
      const auto look = look_of(inner, step.look);
      enter(inner, look, writer);
      path.push_back({child, 0, verbatim || inner.tag == GUMBO_TAG_PRE || inner.tag == GUMBO_TAG_TEXTAREA, inside, look});
    }
  }
  result.answers_within = finder.answers_within();
  result.text = std::move(writer).finish();
  return result;
}

}  // namespace

HtmlText read_html(std::string_view html, Quotes quotes, History history) {
  auto result = read(html, quotes, history);
  if (quotes == Quotes::Drop && result.text.find_first_not_of(" \t\n") == result.text.npos) return read(html, Quotes::Keep, history);
  return result;
}

}  // namespace hearth::memory::extract
