#include <charconv>

#include "base/bytes.h"
#include "files/path.h"
#include "files/uploads.h"

namespace hearth::files {

std::optional<std::map<std::string, std::string>> parse_upload_metadata(std::string_view header) {
  std::map<std::string, std::string> metadata;
  while (!header.empty()) {
    const auto comma = std::min(header.find(','), header.size());
    auto pair = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    while (pair.ends_with(' ')) pair.remove_suffix(1);
    const auto space = std::min(pair.find(' '), pair.size());
    const auto key = pair.substr(0, space);
    const auto value = space < pair.size() ? from_base64(pair.substr(space + 1)) : std::optional<std::string>("");
    if (key.empty() || !value || !metadata.emplace(key, *value).second) return std::nullopt;
  }
  return metadata;
}

std::optional<UploadChecksum> parse_upload_checksum(std::string_view header) {
  const auto space = header.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto name = header.substr(0, space);
  const auto digest = from_base64(header.substr(space + 1));
  if (!digest) return std::nullopt;
  if (name == "sha1" && digest->size() == 20) return UploadChecksum{UploadChecksum::Algorithm::Sha1, *digest};
  if (name == "sha256" && digest->size() == 32) return UploadChecksum{UploadChecksum::Algorithm::Sha256, *digest};
  return std::nullopt;
}

std::optional<std::int64_t> parse_upload_number(std::string_view text) {
  if (text.empty() || text.front() == '-') return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::string> upload_target(const std::map<std::string, std::string>& metadata) {
  if (const auto path = metadata.find("path"); path != metadata.end()) {
    auto clean = TRY(clean_path(path->second));
    if (clean == "/" || path->second.ends_with('/')) {
      return fail(Code::InvalidInput, "Upload-Metadata: “path” must end with the file's name.");
    }
    return clean;
  }
  const auto name = metadata.find("filename");
  if (name == metadata.end()) {
    return fail(Code::InvalidInput, "Upload-Metadata must say where the file goes: “path”, or “filename” and “folder”.");
  }
  const auto folder = metadata.find("folder");
  const auto in = TRY(clean_path(folder == metadata.end() ? "/" : folder->second));
  return clean_path(path_join(in, TRY(clean_name(name->second))));
}

}  // namespace hearth::files
