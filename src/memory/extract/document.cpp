#include "memory/extract/document.h"

#include <algorithm>

#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/html.h"
#include "memory/extract/markdown.h"
#include "memory/extract/paper.h"
#include "memory/text/passages.h"

namespace hearth::memory::extract {
namespace {

bool ends_in(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return name.ends_with(ending); });
}

Format format_of(const Request& request) {
  if (request.format != Format::Any) return request.format;
  std::string name = request.name;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ends_in(name, {".md", ".markdown", ".mdx"})) return Format::Markdown;
  return ends_in(name, {".html", ".htm", ".xhtml"}) ? Format::Html : Format::PlainText;
}

}  // namespace

// Not what programs write for programs (.json, .xml, .svg), which exports have formats for.
bool has_text_ending(std::string_view name) {
  return ends_in(name, {".txt",  ".text", ".log", ".org", ".rst", ".tex", ".bib", ".csv", ".tsv", ".adoc", ".asciidoc", ".textile", ".wiki",
                        ".srt",  ".vtt",  ".ini", ".conf", ".cfg", ".toml", ".yaml", ".yml", ".c",   ".h",    ".cc",       ".cpp",     ".hpp",
                        ".cxx",  ".py",   ".js",  ".mjs",  ".ts",  ".tsx",  ".jsx",  ".java", ".kt",  ".go",   ".rs",       ".rb",      ".php",
                        ".sh",   ".bash", ".zsh", ".sql",  ".css", ".scss", ".swift", ".scala", ".lua", ".pl", ".r",        ".m",       ".jl",
                        ".hs",   ".ml",   ".clj", ".ex",   ".exs", ".erl",  ".cs",   ".vb",  ".pas", ".f90", ".el",       ".lisp",    ".vue",
                        ".svelte", ".cmake", ".mk", ".nfo", ".diff", ".patch"});
}

namespace {

bool is_control(unsigned char c) {
  constexpr char kEscape = 0x1B;  // begins colours, and the scripts of ISO 2022
  return (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != kEscape) || c == 0x7F;
}

bool is_wide(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

// No byte that text does not have; in UTF-8 cut anywhere, or in an older charset that has mostly letters.
bool looks_like_text(std::string_view head) {
  if (head.empty()) return false;
  return is_wide(head) || std::none_of(head.begin(), head.end(), is_control);
}

// Exports of notes put the time of writing into the name: "Shopping-2019-05-07T17:08:12Z".
void make_note(ItemText& document) {
  auto& item = document.item;
  item.kind = ItemKind::Note;
  item.outside = false;
  constexpr std::size_t kStamp = 20;
  if (item.title.size() <= kStamp || !item.title.ends_with('Z')) return;
  auto stamp = item.title.substr(item.title.size() - kStamp);
  if (stamp[10] != 'T') return;
  stamp[13] = stamp[16] = ':';  // file systems that take no colon have "_" or "-"
  const auto time = parse_time(stamp);
  if (!time) return;
  item.time = *time;
  item.certainty = TimeCertainty::Exact;
  item.title.resize(item.title.size() - kStamp);
  while (item.title.ends_with('-') || item.title.ends_with('_') || item.title.ends_with(' ')) item.title.pop_back();
}

}  // namespace

// NULs count apart, since to_utf8 drops them: in UTF-16 every second byte may be one.
bool is_text(std::string_view bytes) {
  constexpr std::ptrdiff_t kOneIn = 100;
  const auto sample = bytes.substr(0, kProbed);
  const auto text = to_utf8(sample, "UTF-8");  // its last character may be cut off
  std::ptrdiff_t broken = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto rest = std::string_view(text).substr(at);
    const bool second_controls = rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0 && rest[1] != '\x85';
    broken += rest.starts_with("\xEF\xBF\xBD") || second_controls || (is_wide(bytes) && is_control(static_cast<unsigned char>(rest[0])));
  }
  if (broken > 1 + static_cast<std::ptrdiff_t>(sample.size()) / kOneIn) return false;
  if (is_wide(bytes)) return true;
  const auto nuls = std::count(bytes.begin(), bytes.end(), '\0');
  const auto controls = std::count_if(bytes.begin(), bytes.end(), is_control) - nuls;
  const auto size = static_cast<std::ptrdiff_t>(bytes.size());
  return controls <= 1 + size / kOneIn && nuls <= (size + 1) / 2;
}

ItemText read_document(Format format, std::string_view bytes, std::string_view name, std::optional<Time> modified) {
  ItemText result;
  auto& item = result.item;
  constexpr std::size_t kHead = 1024;  // in which a page says its charset
  result.text = to_utf8(bytes, format == Format::Html ? charset_named_in(bytes.substr(0, kHead)) : "");
  switch (format) {
    case Format::Html: {
      auto page = read_html(result.text, Quotes::Keep);
      result.text = std::move(page.text);
      item.title = std::move(page.title);
      item.type = "text/html";
      break;
    }
    case Format::Markdown: {
      auto note = read_markdown(result.text);
      result.text = std::move(note.text);
      item.title = tidy_line(note.title);
      item.tags = std::move(note.tags);
      item.time = note.time;
      if (note.time) item.certainty = note.whole_day ? TimeCertainty::Day : TimeCertainty::Exact;
      if (note.linked) item.kind = ItemKind::Note;
      item.type = "text/markdown";
      break;
    }
    default:
      item.type = "text/plain";
  }
  if (item.title.empty()) item.title = to_utf8(without_ending(name), "");
  if (!item.time) {
    item.time = modified;
    item.certainty = TimeCertainty::File;
  }
  item.key = to_hex(sha256(bytes)).substr(0, 32);
  item.outside = item.type == "text/html";  // a page that was saved is somebody else's
  cut_passages(result);
  return result;
}

bool is_text_file(const Probe& probe) {
  const auto dot = probe.name.rfind('.');
  const bool bare = dot == probe.name.npos || dot == 0;  // README, LICENSE, Makefile
  if (!bare && !has_text_ending(probe.name)) return false;
  return looks_like_text(probe.head) || probe.name.ends_with(".txt") || probe.name.ends_with(".text");
}

Result<> read_document_file(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all();
  if (!bytes) return sink.failed(bytes.error().message());
  if (!is_text(*bytes)) return sink.failed("It is no text.");
  auto document = read_document(format_of(request), *bytes, request.name, request.modified);
  if (request.only == SourceKind::Notes) make_note(document);
  return sink.item(std::move(document), {whole, {}});
}

}  // namespace hearth::memory::extract
