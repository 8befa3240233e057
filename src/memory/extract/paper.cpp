#include "memory/extract/paper.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/text/passages.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kMostTags = 100;
constexpr std::size_t kLongestTitle = 500;

// Passages of a text, of which one begins at each page.
void cut_passages_at(ItemText& item, const std::vector<std::size_t>& pages) {
  item.item.passages.clear();
  std::size_t start = 0;
  for (std::size_t i = 0; i <= pages.size(); ++i) {
    const auto end = i < pages.size() ? std::min(pages[i], item.text.size()) : item.text.size();
    const auto page = std::string_view(item.text).substr(start, end - start);
    bool first = true;
    for (const auto& passage : passages(page)) {
      // What is before the first passage of all belongs to it.
      item.item.passages.push_back(static_cast<std::int64_t>(item.item.passages.empty() ? 0 : start + (first ? 0 : passage.start)));
      first = false;
    }
    if (!first) start = end;  // an empty page belongs to the next
  }
}

}  // namespace

void begin_page(Paper& paper) {
  while (!paper.text.empty() && (paper.text.back() == '\n' || paper.text.back() == ' ')) paper.text.pop_back();
  paper.text += '\n';
  paper.pages.push_back(paper.text.size());
  paper.text += '\f';
}

std::string tidy_line(std::string_view text) {
  auto line = one_line(to_valid_utf8(text));
  if (line.size() > kLongestTitle) {
    line.resize(kLongestTitle);
    line = to_valid_utf8(line);
  }
  return line;
}

std::optional<Time> parse_iso_time(std::string_view text) {
  std::string whole = tidy_line(text);
  if (whole.size() == 4) whole += "-01-01";
  if (whole.size() == 10) whole += "T00:00:00Z";
  if (whole.size() == 19) whole += "Z";
  const auto time = parse_time(whole);
  if (!time || *time <= Time()) return std::nullopt;
  return *time;
}

Result<std::string> file_key(const Input& input) {
  Sha256 hash;
  std::string piece(kPiece, '\0');
  for (std::int64_t at = 0;;) {
    const auto got = TRY(input.read_at(at, piece));
    if (got == 0) return to_hex(hash.finish()).substr(0, 32);
    hash.add(std::string_view(piece).substr(0, got));
    at += static_cast<std::int64_t>(got);
  }
}

std::string_view without_ending(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? name : name.substr(0, dot);
}

Result<> read_paper_file(const Request& request, const Input& input, Sink& sink, Result<Paper> (*read)(const Input& input, Sink& sink)) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  auto paper = read(input, sink);
  if (!paper) return sink.failed(paper.error().message());
  auto key = file_key(input);
  if (!key) return sink.failed(key.error().message());
  ItemText result;
  auto& item = result.item;
  item.key = *std::move(key);
  item.type = std::move(paper->type);
  item.title = tidy_line(paper->title);
  if (item.title.empty()) item.title = to_utf8(without_ending(request.name), "");
  item.time = paper->time ? paper->time : request.modified;
  item.certainty = paper->time ? TimeCertainty::Exact : TimeCertainty::File;
  item.outside = true;  // who wrote it is not known
  for (const auto& author : paper->authors) {
    auto name = tidy_line(author);
    if (!name.empty()) item.people.push_back({Role::Author, std::move(name), ""});
  }
  for (const auto& tag : paper->tags) {
    auto name = tidy_line(tag);
    if (!name.empty() && item.tags.size() < kMostTags) item.tags.push_back(std::move(name));
  }
  result.pictures_unread = paper->pictures_unread;
  result.text = to_valid_utf8(paper->text);
  std::erase(result.text, '\0');
  if (result.text.size() != paper->text.size()) paper->pages.clear();
  std::string().swap(paper->text);  // it may be large, and is copied for the answer
  cut_passages_at(result, paper->pages);
  return sink.item(std::move(result), {whole, {}});
}

}  // namespace hearth::memory::extract
