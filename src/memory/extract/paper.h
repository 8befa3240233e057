#pragma once
#include <string>
#include <vector>

#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// What documents with pages and particulars hold.
struct Paper {
  std::string type;  // media type
  std::string title;
  std::vector<std::string> authors;
  std::vector<std::string> tags;
  std::optional<Time> time;  // when it was last changed, as it says itself; else when it was made
  std::string text;
  bool pictures_unread = false;  // some pages are pictures, and nothing here reads them
  std::vector<std::size_t> pages;  // where pages (slides, sheets, chapters) after the first begin in the text
};

// Begins another page, slide, sheet or chapter. A form feed stands before it in the text: a place's page is one more than
// the form feeds before it.
void begin_page(Paper& paper);
// Adds a line of particulars' text without the white space around it.
std::string tidy_line(std::string_view text);
// "2026-03-01T09:30:00Z" and its shorter forms; none when it is no such time.
std::optional<Time> parse_iso_time(std::string_view text);

// Gives the sink the one document that a file is: what `read` makes of it, or why that failed.
Result<> read_paper_file(const Request& request, const Input& input, Sink& sink, Result<Paper> (*read)(const Input& input, Sink& sink));

// The key of a file's content: a digest of its bytes.
Result<std::string> file_key(const Input& input);
std::string_view without_ending(std::string_view name);

}  // namespace hearth::memory::extract
