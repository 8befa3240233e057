#include "gateway/response_head.h"

#include <algorithm>
#include <charconv>

#include "gateway/ascii.h"

namespace hearth::gateway {
namespace {

ResponseHead::Name recognise(std::string_view name) {
  using enum ResponseHead::Name;
  switch (to_lower(name[0])) {
    case 'c':
      if (equals_lower(name, "content-length")) return ContentLength;
      if (equals_lower(name, "connection")) return Connection;
      if (equals_lower(name, "clear-site-data")) return ClearSiteData;
      break;
    case 'd':
      if (equals_lower(name, "date")) return Date;
      break;
    case 'k':
      if (equals_lower(name, "keep-alive")) return HopByHop;
      break;
    case 'p':
      if (starts_with_lower(name, "proxy-")) return HopByHop;
      break;
    case 's':
      if (equals_lower(name, "set-cookie")) return SetCookie;
      break;
    case 't':
      if (equals_lower(name, "transfer-encoding")) return TransferEncoding;
      if (equals_lower(name, "trailer") || equals_lower(name, "te")) return HopByHop;
      break;
    case 'u':
      if (equals_lower(name, "upgrade")) return Upgrade;
      break;
    default:
      break;
  }
  return Other;
}

// What the field says of the whole; Complete when that can be.
HeadState note(const ResponseHead::Field& field, ResponseHead& head) {
  using enum ResponseHead::Name;
  using enum HeadState;
  switch (field.name) {
    case ContentLength: {
      std::uint64_t value = 0;
      const auto text = field.value;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size() || text.empty() || value >> 62) return Broken;
      if (head.content_length && *head.content_length != value) return Contradictory;
      head.content_length = value;
      return Complete;
    }
    case TransferEncoding:
      if (head.chunked || !equals_lower(field.value, "chunked")) return Broken;
      head.chunked = true;
      return Complete;
    case Connection:
      for_each_element(field.value, [&](std::string_view element) {
        if (equals_lower(element, "close")) head.keep_alive = false;
        if (equals_lower(element, "keep-alive") && head.minor_version == 0) head.keep_alive = true;
      });
      return Complete;
    case Date:
      head.has_date = true;
      return Complete;
    default:
      return Complete;
  }
}

// Whether bytes that hold no whole head can still become one.
bool may_become_head(std::string_view bytes) {
  constexpr std::string_view kVersion = "HTTP/1.";
  const auto known = std::min(bytes.size(), kVersion.size());
  if (bytes.substr(0, known) != kVersion.substr(0, known)) return false;
  for (auto at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    if (bytes[at - 1] != '\r') return false;  // the version is before it
  }
  return true;
}

}  // namespace

HeadState parse_response_head(std::string_view bytes, ResponseHead& head) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return may_become_head(bytes) ? HeadState::Incomplete : HeadState::Broken;
  auto fields = std::move(head.fields);
  fields.clear();
  head = ResponseHead();
  head.fields = std::move(fields);
  head.length = end + 4;

  auto rest = bytes.substr(0, end + 2);
  const auto line_end = rest.find("\r\n");
  const auto line = rest.substr(0, line_end);
  if (line.size() < 12 || !line.starts_with("HTTP/1.") || (line[7] != '0' && line[7] != '1') || line[8] != ' ') {
    return HeadState::Broken;
  }
  head.minor_version = line[7] - '0';
  head.keep_alive = head.minor_version == 1;
  for (const char c : line.substr(9, 3)) {
    if (!is_digit(c)) return HeadState::Broken;
    head.status = head.status * 10 + (c - '0');
  }
  if (head.status < 100 || head.status > 599 || (line.size() > 12 && line[12] != ' ')) return HeadState::Broken;
  head.reason = line.size() > 13 ? line.substr(13) : std::string_view();
  for (const char c : head.reason) {
    if (!is_field_value(c)) return HeadState::Broken;
  }
  rest.remove_prefix(line_end + 2);
  while (!rest.empty()) {
    std::size_t name_end = 0;
    while (name_end < rest.size() && is_token(rest[name_end])) ++name_end;
    if (name_end == 0 || name_end == rest.size() || rest[name_end] != ':') return HeadState::Broken;
    const auto value_end = name_end + 1 + field_value_length(rest.substr(name_end + 1));
    if (value_end + 1 >= rest.size() || rest[value_end] != '\r' || rest[value_end + 1] != '\n') return HeadState::Broken;
    ResponseHead::Field field{rest.substr(0, value_end), trim(rest.substr(name_end + 1, value_end - name_end - 1)),
                              recognise(rest.substr(0, name_end))};
    if (const auto state = note(field, head); state != HeadState::Complete) return state;
    head.fields.push_back(field);
    rest.remove_prefix(value_end + 2);
  }
  return HeadState::Complete;
}

}  // namespace hearth::gateway
