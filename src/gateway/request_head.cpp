#include "gateway/request_head.h"

#include <cstring>

#include "gateway/ascii.h"

namespace hearth::gateway {
namespace {

constexpr Refusal kBadLineEnd = {400, "A line of the request head does not end with CR LF."};

// Parses the digits of a Content-Length: one number, nothing else.
std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

// As starts_with_lower, with all that is no letter or digit counted as '-': CGI, WSGI and others make one '_' of each of
// them, and give an app such fields under one name.
bool starts_with_folded(std::string_view name, std::string_view prefix) {
  if (name.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const char c = to_lower(name[i]);
    if (c != prefix[i] && (prefix[i] != '-' || is_digit(c) || (c >= 'a' && c <= 'z'))) return false;
  }
  return true;
}

bool equals_folded(std::string_view name, std::string_view folded) {
  return name.size() == folded.size() && starts_with_folded(name, folded);
}

std::size_t end_of_token(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_token(text[i])) ++i;
  return i;
}

// What the fields say together; gathered while they are read.
struct Facts {
  bool host_seen = false;
  bool length_seen = false;
  bool encoding_seen = false;
  bool close = false;
  bool keep_alive = false;
  bool upgrade = false;
  bool upgrade_is_websocket = false;
};

std::optional<Refusal> note_field(const FieldView& field, RequestHead& head, Facts& facts) {
  switch (field.known) {
    case FieldName::Host:
      if (facts.host_seen) return Refusal{400, "The request has more than one Host field."};
      facts.host_seen = true;
      if (!split_host(field.value, head.host, head.port)) return Refusal{400, "The Host field is not a host name."};
      break;
    case FieldName::ContentLength:
      if (facts.length_seen) return Refusal{400, "The request has more than one Content-Length."};
      facts.length_seen = true;
      head.content_length = parse_length(field.value);
      if (!head.content_length) return Refusal{400, "Content-Length is not one decimal number."};
      break;
    case FieldName::TransferEncoding:
      if (facts.encoding_seen || !equals_lower(field.value, "chunked")) {
        return Refusal{501, "The only Transfer-Encoding understood here is exactly \"chunked\"."};
      }
      facts.encoding_seen = true;
      head.chunked = true;
      break;
    case FieldName::Connection:
      for_each_element(field.value, [&](std::string_view element) {
        if (equals_lower(element, "close")) {
          facts.close = true;
        } else if (equals_lower(element, "keep-alive")) {
          facts.keep_alive = true;
        } else if (equals_lower(element, "upgrade")) {
          facts.upgrade = true;
        } else {
          head.connection_names_fields = true;
        }
      });
      break;
    case FieldName::Upgrade:
      for_each_element(field.value, [&](std::string_view element) {
        if (equals_lower(element, "websocket")) facts.upgrade_is_websocket = true;
      });
      break;
    case FieldName::Expect:
      if (!equals_lower(field.value, "100-continue")) return Refusal{417, "The only expectation met here is 100-continue."};
      head.expect_continue = true;
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Refusal> check_together(RequestHead& head, const Facts& facts) {
  if (head.chunked && head.content_length) {
    return Refusal{400, "The request has both Content-Length and Transfer-Encoding."};
  }
  if (head.minor_version == 0) {
    if (head.chunked) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
    head.keep_alive = facts.keep_alive && !facts.close;
    head.expect_continue = false;
  } else {
    if (!facts.host_seen) return Refusal{400, "An HTTP/1.1 request needs a Host field."};
    head.keep_alive = !facts.close;
    head.upgrade_websocket = facts.upgrade && facts.upgrade_is_websocket && head.method == "GET" && !head.has_body();
  }
  return std::nullopt;
}

// Reads "http://host[:port]/path" and leaves the origin form; the authority must be what Host says (RFC 9112 §3.2.2).
std::optional<Refusal> reduce_absolute_form(RequestHead& head, std::string_view& authority) {
  std::string_view rest = head.target;
  if (starts_with_lower(rest, "http://")) {
    rest.remove_prefix(7);
  } else if (starts_with_lower(rest, "https://")) {
    rest.remove_prefix(8);
  } else {
    return Refusal{400, "The request target is neither a path nor a web address."};
  }
  const auto slash = rest.find_first_of("/?");
  authority = rest.substr(0, slash);
  if (authority.empty() || authority.find('@') != std::string_view::npos) {
    return Refusal{400, "The request target names no host."};
  }
  if (slash == std::string_view::npos) {
    head.target = head.method == "OPTIONS" ? "*" : "/";  // RFC 9112 §3.2.1, §3.2.4
    return std::nullopt;
  }
  if (rest[slash] == '?') return Refusal{400, "The request target has no path."};
  head.target = rest.substr(slash);
  return std::nullopt;
}

std::optional<Refusal> parse_request_line(std::string_view line, RequestHead& head, std::string_view& authority) {
  const auto method_end = end_of_token(line);
  if (method_end == 0 || method_end >= line.size() || line[method_end] != ' ' || method_end > 32) {
    return Refusal{400, "The request line has no method."};
  }
  head.method = line.substr(0, method_end);
  line.remove_prefix(method_end + 1);
  std::size_t target_end = 0;
  while (target_end < line.size() && is_target(line[target_end])) ++target_end;
  if (target_end > kTargetLimit) return Refusal{414, "The web address is too long (16 KiB at most)."};
  if (target_end == 0 || target_end >= line.size() || line[target_end] != ' ') {
    return Refusal{400, "The request target holds characters that must be percent-encoded."};
  }
  head.target = line.substr(0, target_end);
  const auto version = line.substr(target_end + 1);
  if (version == "HTTP/1.1") {
    head.minor_version = 1;
  } else if (version == "HTTP/1.0") {
    head.minor_version = 0;
  } else if (version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
             is_digit(version[7])) {
    return Refusal{505, "This box speaks HTTP/1.1 here."};
  } else {
    return Refusal{400, "The request line names no HTTP version."};
  }
  if (head.method == "CONNECT") return Refusal{501, "This box is not a forward proxy."};
  if (head.method == "TRACE") return Refusal{405, "TRACE is not offered here."};
  if (head.target == "*") {
    if (head.method != "OPTIONS") return Refusal{400, "Only OPTIONS takes the target *."};
  } else if (head.target.front() != '/') {
    if (auto refusal = reduce_absolute_form(head, authority)) return refusal;
  }
  const auto question = head.target.find('?');
  head.path = head.target.substr(0, question);
  head.has_query = question != std::string_view::npos;
  head.query = head.has_query ? head.target.substr(question + 1) : std::string_view();
  return std::nullopt;
}

std::optional<Refusal> check_authority(std::string_view authority, const RequestHead& head) {
  std::string_view host;
  std::uint16_t port = 0;
  if (!split_host(authority, host, port)) return Refusal{400, "The request target names no host."};
  if (!head.host.empty() && (!equals_ignoring_case(host, head.host) || port != head.port)) {
    return Refusal{400, "The request target and the Host field name different hosts."};
  }
  return std::nullopt;
}

}  // namespace

FieldName recognise_field(std::string_view name) {
  using enum FieldName;
  if (name.empty()) return Other;
  switch (to_lower(name[0])) {
    case 'a':
      if (equals_lower(name, "accept")) return Accept;
      if (equals_lower(name, "accept-encoding")) return AcceptEncoding;
      break;
    case 'c':
      if (equals_lower(name, "cookie")) return Cookie;
      if (equals_lower(name, "connection")) return Connection;
      if (equals_lower(name, "content-length")) return ContentLength;
      break;
    case 'e':
      if (equals_lower(name, "expect")) return Expect;
      break;
    case 'f':
      if (equals_lower(name, "forwarded")) return Forwarded;
      break;
    case 'h':
      if (equals_lower(name, "host")) return Host;
      break;
    case 'i':
      if (equals_lower(name, "if-none-match")) return IfNoneMatch;
      if (equals_lower(name, "if-modified-since")) return IfModifiedSince;
      if (equals_lower(name, "if-range")) return IfRange;
      break;
    case 'k':
      if (equals_lower(name, "keep-alive")) return KeepAlive;
      break;
    case 'o':
      if (equals_lower(name, "origin")) return Origin;
      break;
    case 'p':
      if (starts_with_folded(name, "proxy-") || equals_lower(name, "proxy")) return ProxyAny;
      break;
    case 'r':
      if (equals_lower(name, "range")) return Range;
      break;
    case 's':
      if (equals_lower(name, "sec-fetch-mode")) return SecFetchMode;
      if (equals_lower(name, "sec-fetch-site")) return SecFetchSite;
      break;
    case 't':
      if (equals_lower(name, "te")) return Te;
      if (equals_lower(name, "trailer")) return Trailer;
      if (equals_lower(name, "transfer-encoding")) return TransferEncoding;
      break;
    case 'u':
      if (equals_lower(name, "upgrade")) return Upgrade;
      break;
    case 'x':
      if (starts_with_folded(name, "x-hearth-")) return HearthAny;
      if (starts_with_folded(name, "x-forwarded-")) return XForwardedAny;
      if (equals_folded(name, "x-real-ip")) return XRealIp;
      if (equals_folded(name, "x-original-url") || equals_folded(name, "x-rewrite-url")) return XOtherUrl;
      break;
    default:
      break;
  }
  return Other;
}

bool split_host(std::string_view text, std::string_view& host, std::uint16_t& port) {
  port = 0;
  std::size_t end = 0;
  if (!text.empty() && text.front() == '[') {
    end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (const char c : text.substr(1, end - 1)) {
      if (hex_digit(c) < 0 && c != ':' && c != '.') return false;
    }
    ++end;
    host = text.substr(0, end);
  } else {
    while (end < text.size() && (is_digit(text[end]) || (to_lower(text[end]) >= 'a' && to_lower(text[end]) <= 'z') ||
                                 text[end] == '.' || text[end] == '-' || text[end] == '_')) {
      ++end;
    }
    if (end == 0 || end > 254) return false;
    host = text.substr(0, end);
    if (host.back() == '.') host.remove_suffix(1);
    if (host.empty() || host.front() == '.' || host.back() == '.') return false;
  }
  if (end == text.size()) return true;
  if (text[end] != ':') return false;
  const auto digits = text.substr(end + 1);
  if (digits.empty() || digits.size() > 5) return false;
  unsigned value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value == 0 || value > 65535) return false;
  port = static_cast<std::uint16_t>(value);
  return true;
}

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
  if (position_ == 0 && !bytes.empty() && !is_token(bytes[0]) && bytes[0] != '\r') {
    refusal_ = {400, "This is not an HTTP request."};
    return State::Refused;
  }
  while (position_ < bytes.size()) {
    const void* found = std::memchr(bytes.data() + position_, '\n', bytes.size() - position_);
    if (!found) {
      position_ = bytes.size();
      break;
    }
    const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (newline == line_start_ || bytes[newline - 1] != '\r') {
      refusal_ = kBadLineEnd;
      return State::Refused;
    }
    position_ = newline + 1;
    const bool empty = newline - line_start_ == 1;
    line_start_ = position_;
    if (empty && line_start_ == 2) continue;  // one empty line before the request line is tolerated (RFC 9112 §2.2)
    if (empty) {
      if (in_first_line_) {
        refusal_ = {400, "The request begins with empty lines."};
        return State::Refused;
      }
      if (position_ > kHeadLimit) break;
      return State::Complete;
    }
    in_first_line_ = false;
  }
  if (in_first_line_ && bytes.size() > kTargetLimit + 64) {
    refusal_ = {414, "The web address is too long (16 KiB at most)."};
    return State::Refused;
  }
  if (bytes.size() >= kHeadLimit) {
    refusal_ = {431, "The request head is too large (32 KiB at most)."};
    return State::Refused;
  }
  return State::Incomplete;
}

Language RequestHead::language() const {
  for (const auto& field : fields) {
    if (equals_lower(field.name, "accept-language")) return language_of_header(field.value);
  }
  return Language::English;
}

std::optional<Refusal> parse_request_head(std::string_view bytes, RequestHead& head) {
  auto fields = std::move(head.fields);
  fields.clear();
  head = RequestHead();
  head.fields = std::move(fields);
  Facts facts;
  std::string_view authority;

  std::size_t position = bytes.starts_with("\r\n") ? 2 : 0;
  const auto line_end = bytes.find('\r', position);
  if (line_end == std::string_view::npos || line_end + 1 >= bytes.size() || bytes[line_end + 1] != '\n') return kBadLineEnd;
  if (auto refusal = parse_request_line(bytes.substr(position, line_end - position), head, authority)) return refusal;
  position = line_end + 2;

  for (;;) {
    if (position + 1 >= bytes.size()) return kBadLineEnd;
    if (bytes[position] == '\r') {
      if (bytes[position + 1] != '\n') return kBadLineEnd;
      head.length = position + 2;
      break;
    }
    if (bytes[position] == ' ' || bytes[position] == '\t') return Refusal{400, "A header field is folded over lines."};
    const auto rest = bytes.substr(position);
    const auto name_end = end_of_token(rest);
    if (name_end == 0 || name_end >= rest.size() || rest[name_end] != ':') {
      return Refusal{400, "A header field's name is malformed."};
    }
    const auto value_end = name_end + 1 + field_value_length(rest.substr(name_end + 1));
    if (value_end + 1 >= rest.size() || rest[value_end] != '\r' || rest[value_end + 1] != '\n') {
      return Refusal{400, "A header field's value holds a control character."};
    }
    if (head.fields.size() == kFieldLimit) return Refusal{431, "The request has too many header fields (128 at most)."};
    FieldView field{rest.substr(0, name_end), trim(rest.substr(name_end + 1, value_end - name_end - 1)),
                    recognise_field(rest.substr(0, name_end))};
    if (auto refusal = note_field(field, head, facts)) return refusal;
    head.fields.push_back(field);
    position += value_end + 2;
  }
  if (auto refusal = check_together(head, facts)) return refusal;
  if (!authority.empty()) return check_authority(authority, head);
  return std::nullopt;
}

}  // namespace hearth::gateway
