#include "memory/extract/html.h"

#include <charconv>
#include <gumbo.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "memory/extract/quotes.h"

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

std::string style_of(const GumboElement& element) {
  std::string style;
  for (const char c : attribute(element, "style")) {
    if (c != ' ') style += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return style;
}

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
  if (gumbo_get_attribute(&element.attributes, "hidden")) return true;
  return style_of(element).find("display:none") != std::string::npos;
}

// Whether text is shown, by what it inherits: an element in one whose text has no size may have one again, as tables in newsletters do.
struct Visibility {
  bool sized = true;
  bool visible = true;
  bool shown() const { return sized && visible; }
};

Visibility visibility_of(const GumboElement& element, Visibility inherited) {
  const auto style = style_of(element);
  const auto value_of = [&](std::string_view property) {
    const auto at = style.rfind(property);
    return at == style.npos ? std::string_view() : std::string_view(style).substr(at + property.size());
  };
  if (const auto value = value_of("visibility:"); !value.empty() && !value.starts_with("inherit")) inherited.visible = value.starts_with("visible");
  const auto size = value_of("font-size:");
  double number = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), number);
  if (error == std::errc()) {
    const auto unit = size.substr(static_cast<std::size_t>(end - size.data()));
    const bool relative = unit.starts_with('%') || unit.starts_with("em");
    inherited.sized = number > 0 && (!relative || inherited.sized);
  } else if (!size.empty() && !size.starts_with("inherit") && !size.starts_with("smaller") && !size.starts_with("larger")) {
    inherited.sized = true;  // "medium"
  }
  return inherited;
}

// What mail programs put the message into that is answered.
bool is_quote(const GumboElement& element) {
  if (element.tag == GUMBO_TAG_BLOCKQUOTE && attribute(element, "type") == "cite") return true;
  const auto classes = attribute(element, "class");
  for (const auto* name : {"gmail_quote", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote"}) {
    if (classes.find(name) != classes.npos) return true;
  }
  return attribute(element, "id") == "isReplyContent";
}

// Outlook's head of the message that is answered: its text stands beside it, not in it.
bool is_head_of_quote(const GumboElement& element) { return attribute(element, "id") == "divRplyFwdMsg"; }

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
std::string beginning_of(const GumboNode& node) {
  constexpr std::size_t kEnough = 600;
  constexpr int kMostNodes = 500;
  Writer writer;
  int seen = 0;
  std::vector<std::pair<const GumboNode*, unsigned>> path{{&node, 0}};
  while (!path.empty() && writer.so_far().size() < kEnough && ++seen < kMostNodes) {
    auto& [at, next] = path.back();
    const auto& element = at->v.element;
    if (next == element.children.length) {
      if (is_block(element.tag)) writer.block(1);
      path.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(element.children.data[next++]);
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE) {
      writer.write(child->v.text.text, false);
    } else if (child->type == GUMBO_NODE_ELEMENT && !is_hidden(child->v.element) && path.size() < kDeepest) {
      if (is_block(child->v.element.tag)) writer.block(1);
      if (child->v.element.tag == GUMBO_TAG_BR) writer.line();
      path.emplace_back(child, 0);
    }
  }
  return std::move(writer).finish();
}

// Tells quotes from what is forwarded.
class QuoteFinder {
 public:
  // Whether the element is the quoted message, or its head. `above`: the text before it.
  bool quotes(const GumboNode& node, std::string_view above) {
    const auto& element = node.v.element;
    const bool marked = is_quote(element) || is_head_of_quote(element);
    if (!marked && element.tag != GUMBO_TAG_BLOCKQUOTE) return false;
    look_for_mark(above);
    if (forwards_) return false;
    const auto beginning = beginning_of(node);
    if (is_forward_mark(std::string_view(beginning).substr(0, beginning.find('\n')))) {
      forwards_ = true;
      return false;
    }
    return marked || begins_with_headers(beginning);  // Foxmail's blockquote has no mark
  }

  // The words above a quote that say whose it is.
  void drop_attribution(std::string& text) {
    extract::drop_attribution(text);
    searched_ = std::min(searched_, text.size());
    line_ = std::min(line_, text.size());
  }

 private:
  // A mark in the text: all from there on is kept.
  void look_for_mark(std::string_view text) {
    while (!forwards_ && line_ < text.size()) {
      searched_ = std::min(text.find('\n', std::max(searched_, line_)), text.size());
      forwards_ = is_forward_mark(text.substr(line_, searched_ - line_));
      if (searched_ == text.size()) return;  // the line may go on
      line_ = searched_ + 1;
    }
  }

  std::size_t line_ = 0;      // the last line's beginning
  std::size_t searched_ = 0;  // where no line ends before
  bool forwards_ = false;
};

struct Step {
  const GumboNode* node;
  unsigned next;  // the child to visit next
  bool verbatim;
  Visibility visibility;
};

void enter(const GumboElement& element, bool shown, Writer& writer) {
  if (is_block(element.tag)) writer.block(is_paragraph(element.tag) ? 2 : 1);
  if (element.tag == GUMBO_TAG_LI && shown) writer.write("- ", false);
  if (element.tag == GUMBO_TAG_BR) writer.line();
  for (const auto apart : {GUMBO_TAG_TD, GUMBO_TAG_TH, GUMBO_TAG_BUTTON, GUMBO_TAG_LABEL, GUMBO_TAG_SELECT, GUMBO_TAG_INPUT}) {
    if (element.tag == apart) writer.space();
  }
  if (element.tag == GUMBO_TAG_IMG && shown) writer.write(attribute(element, "alt"), false);
}

HtmlText read(std::string_view html, Quotes quotes) {
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
  QuoteFinder finder;
  std::vector<Step> path{{tree->root, 0, false, {}}};
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
    const auto visibility = step.visibility;
    if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE || child->type == GUMBO_NODE_CDATA) {
      if (visibility.shown()) writer.write(child->v.text.text, verbatim);
    } else if (child->type == GUMBO_NODE_ELEMENT) {
      const auto& inner = child->v.element;
      if (inner.tag == GUMBO_TAG_HEAD) {
        for (unsigned i = 0; i < inner.children.length; ++i) {
          const auto* node = static_cast<const GumboNode*>(inner.children.data[i]);
          if (node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == GUMBO_TAG_TITLE) result.title = text_below(*node);
        }
      }
      if (is_hidden(inner) || path.size() >= kDeepest) continue;
      if (quotes == Quotes::Drop && finder.quotes(*child, writer.so_far())) {
        if (is_head_of_quote(inner)) step.next = element.children.length;
        finder.drop_attribution(writer.so_far());
        continue;
      }
      const auto own = visibility_of(inner, visibility);
      enter(inner, own.shown(), writer);
      path.push_back({child, 0, verbatim || inner.tag == GUMBO_TAG_PRE || inner.tag == GUMBO_TAG_TEXTAREA, own});
    }
  }
  result.text = std::move(writer).finish();
  return result;
}

}  // namespace

HtmlText read_html(std::string_view html, Quotes quotes) {
  auto result = read(html, quotes);
  if (quotes == Quotes::Drop && result.text.find_first_not_of(" \t\n") == result.text.npos) return read(html, Quotes::Keep);
  return result;
}

}  // namespace hearth::memory::extract
