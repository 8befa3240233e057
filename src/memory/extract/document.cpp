#include "memory/extract/document.h"

#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/html.h"
#include "memory/text/passages.h"

namespace hearth::memory::extract {
namespace {

std::string_view trim(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\n\"'");
  if (start == text.npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\n\"'#") + 1 - start);
}

// The title that a Markdown text gives itself: in its front matter (YAML between "---" lines), or its first heading.
std::string markdown_title(std::string_view text) {
  bool front_matter = text.starts_with("---\n");
  bool code = false;
  int line_number = 0;
  for (std::size_t start = 0; start < text.size() && line_number < 200; ++line_number) {
    const auto end = std::min(text.find('\n', start), text.size());
    const auto line = text.substr(start, end - start);
    start = end + 1;
    if (front_matter && line_number > 0) {
      if (line == "---" || line == "...") front_matter = false;
      if (line.starts_with("title:")) return std::string(trim(line.substr(6)));
      continue;
    }
    if (line.starts_with("```")) code = !code;
    if (!code && line.starts_with("# ")) return std::string(trim(line.substr(2)));
  }
  return "";
}

Format format_of(const Request& request) {
  if (request.format != Format::Any) return request.format;
  const auto ending = request.name.substr(request.name.rfind('.') + 1);
  const auto initial = ending.empty() ? 't' : std::tolower(static_cast<unsigned char>(ending.front()));
  return initial == 'm' ? Format::Markdown : initial == 't' ? Format::PlainText : Format::Html;
}

std::string_view without_ending(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? name : name.substr(0, dot);
}

}  // namespace

ItemText read_document(Format format, std::string_view bytes, std::string_view name, std::optional<Time> modified) {
  ItemText result;
  auto& item = result.item;
  result.text = to_utf8(bytes, "");
  switch (format) {
    case Format::Html: {
      auto page = read_html(result.text, Quotes::Keep);
      result.text = std::move(page.text);
      item.title = std::move(page.title);
      item.type = "text/html";
      break;
    }
    case Format::Markdown:
      item.title = markdown_title(result.text);
      item.type = "text/markdown";
      break;
    default:
      item.type = "text/plain";
  }
  if (item.title.empty()) item.title = to_utf8(without_ending(name), "");
  item.time = modified;
  item.certainty = TimeCertainty::File;
  item.key = to_hex(sha256(bytes)).substr(0, 32);
  item.outside = item.type == "text/html";  // a page that was saved is somebody else's
  cut_passages(result);
  return result;
}

Result<> read_document_file(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all();
  if (!bytes) return sink.failed(bytes.error().message());
  return sink.item(read_document(format_of(request), *bytes, request.name, request.modified), {whole, {}});
}

}  // namespace hearth::memory::extract
