#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The lines that calendars (RFC 5545 §3.1) and contact cards (RFC 6350 §3.3, and the older vCard 2.1) are made of.
namespace hearth::memory::extract {

struct ContentLine {
  std::string name;  // in upper case, without a card's group
  std::string group;  // of a card, in upper case: "ITEM1"
  std::vector<std::pair<std::string, std::string>> parameters;  // names in upper case; vCard 2.1's bare ones have none; '^' undone (RFC 6868)
  std::string value;  // UTF-8, as written, but with quoted-printable and charsets undone

  // The value of a parameter, the first of several; "" without.
  std::string_view parameter(std::string_view wanted) const;
  // Whether a TYPE says this (lower case), in any of the ways to say it.
  bool has_type(std::string_view type) const;
};

// The lines of a component, unfolded. What is no content line is left out.
std::vector<ContentLine> read_content_lines(std::string_view bytes);

// A text value (RFC 5545 §3.3.11): escapes undone, white space at the ends gone.
std::string unescape_text(std::string_view value);

// The parts of a value between `separator`s that are not escaped, each unescaped.
std::vector<std::string> split_text(std::string_view value, char separator);

// A component of a file: from its BEGIN line to its END line.
struct ComponentExtent {
  std::string name;  // "VEVENT"
  std::size_t start = 0;
  std::size_t end = 0;
  int calendar = 0;     // the number of the outermost component that it lies in
  bool whole = false;   // its END was there
};

// The components of a file that lie `depth` deep (1: outermost), in order. `loose` are the lines directly in the outermost,
// by its number.
std::vector<ComponentExtent> find_components(std::string_view bytes, int depth, std::vector<std::string>* loose = nullptr);

// Whether a file is UTF-16: it must become UTF-8 before its lines can be told apart.
bool is_wide(std::string_view bytes);

}  // namespace hearth::memory::extract
