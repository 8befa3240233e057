#include "files/content_type.h"

#include "base/bytes.h"

namespace hearth::files {
namespace {

struct Known {
  std::string_view extension;
  std::string_view type;
  bool shown;
};

// HTML, SVG, XML and scripts are never shown: on this origin they would act as the desktop.
constexpr auto kKnown = std::to_array<Known>({
    {"7z", "application/x-7z-compressed", false},
    {"aac", "audio/aac", true},
    {"avif", "image/avif", true},
    {"bmp", "image/bmp", true},
    {"css", "text/css", false},
    {"csv", "text/csv; charset=utf-8", false},
    {"doc", "application/msword", false},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false},
    {"eml", "message/rfc822", false},
    {"epub", "application/epub+zip", false},
    {"flac", "audio/flac", true},
    {"gif", "image/gif", true},
    {"gz", "application/gzip", false},
    {"heic", "image/heic", true},
    {"htm", "text/html", false},
    {"html", "text/html", false},
    {"ico", "image/x-icon", true},
    {"ics", "text/calendar; charset=utf-8", false},
    {"jpeg", "image/jpeg", true},
    {"jpg", "image/jpeg", true},
    {"js", "text/javascript", false},
    {"json", "application/json", false},
    {"log", "text/plain; charset=utf-8", true},
    {"m4a", "audio/mp4", true},
    {"m4v", "video/mp4", true},
    {"md", "text/markdown; charset=utf-8", false},
    {"mkv", "video/x-matroska", true},
    {"mov", "video/quicktime", true},
    {"mp3", "audio/mpeg", true},
    {"mp4", "video/mp4", true},
    {"odp", "application/vnd.oasis.opendocument.presentation", false},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet", false},
    {"odt", "application/vnd.oasis.opendocument.text", false},
    {"oga", "audio/ogg", true},
    {"ogg", "audio/ogg", true},
    {"ogv", "video/ogg", true},
    {"opus", "audio/ogg", true},
    {"pdf", "application/pdf", true},
    {"png", "image/png", true},
    {"ppt", "application/vnd.ms-powerpoint", false},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", false},
    {"rtf", "application/rtf", false},
    {"svg", "image/svg+xml", false},
    {"tar", "application/x-tar", false},
    {"text", "text/plain; charset=utf-8", true},
    {"tif", "image/tiff", true},
    {"tiff", "image/tiff", true},
    {"txt", "text/plain; charset=utf-8", true},
    {"vcf", "text/vcard; charset=utf-8", false},
    {"wav", "audio/wav", true},
    {"weba", "audio/webm", true},
    {"webm", "video/webm", true},
    {"webp", "image/webp", true},
    {"xhtml", "application/xhtml+xml", false},
    {"xls", "application/vnd.ms-excel", false},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
    {"xml", "application/xml", false},
    {"yaml", "application/yaml", false},
    {"yml", "application/yaml", false},
    {"zip", "application/zip", false},
});

}  // namespace

ContentType content_type_of(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos && name.size() - dot <= 8) {
    std::string extension(name.substr(dot + 1));
    for (auto& c : extension) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto known = std::ranges::lower_bound(kKnown, std::string_view(extension), {}, &Known::extension);
    if (known != kKnown.end() && known->extension == extension) return {std::string(known->type), known->shown};
  }
  return {"application/octet-stream", false};
}

}  // namespace hearth::files
