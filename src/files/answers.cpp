#include "files/answers.h"

#include <ctime>

#include <charconv>
#include <limits>

#include "base/json.h"

namespace hearth::files {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Whether a list of entity tags has this one. Weak tags never match strongly.
enum class Compare { Weak, Strong };
bool lists_etag(std::string_view header, std::string_view etag, Compare compare) {
  if (trim(header) == "*") return true;
  while (!header.empty()) {
    auto tag = trim(header.substr(0, header.find(',')));
    if (compare == Compare::Weak && tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
    const auto comma = header.find(',');
    if (comma == std::string_view::npos) break;
    header.remove_prefix(comma + 1);
  }
  return false;
}

// HTTP dates have seconds.
bool modified_after(const Status& status, Time time) {
  return std::chrono::floor<std::chrono::seconds>(status.modified) > time;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::uint64_t>::max();  // more than any file has
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

int http_status_of(Code code) {
  switch (code) {
    case Code::InvalidInput: return 400;
    case Code::Unauthenticated: return 401;
    case Code::Forbidden:
    case Code::Denied: return 403;
    case Code::NotFound: return 404;
    case Code::AlreadyExists:
    case Code::Conflict: return 409;
    case Code::TooLarge: return 413;
    case Code::TooMany: return 429;
    case Code::Expired: return 410;
    case Code::Unsupported: return 415;
    case Code::Unavailable: return 503;
    case Code::NoSpace: return 507;
    case Code::Corrupt:
    case Code::Cancelled:
    case Code::Internal: return 500;
  }
  return 500;
}

gateway::Response problem(const Error& error, Language language) {
  gateway::Response response;
  response.status = http_status_of(error.code());
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Cache-Control", "no-store");
  response.body = Json::object({{"error", Json::object({{"code", code_name(error.code())}, {"message", error.message(language)}})}})
                      .dump();
  return response;
}

std::string format_http_date(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const auto when = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  char text[64];
  const auto length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, length};
}

std::optional<Time> parse_http_date(std::string_view text) {
  std::tm parts{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end || *end != '\0') return std::nullopt;
  return Time(std::chrono::seconds(::timegm(&parts)));
}

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  const auto equals = header.find('=');
  if (equals == std::string_view::npos || !equals_ignoring_case(trim(header.substr(0, equals)), "bytes")) {
    return std::nullopt;
  }
  const auto spec = trim(header.substr(equals + 1));
  if (spec.contains(',')) return std::nullopt;
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number(trim(spec.substr(0, dash)));
  const auto last_text = trim(spec.substr(dash + 1));
  const auto last = number(last_text);
  if (!first) {  // the last n bytes
    if (!trim(spec.substr(0, dash)).empty() || !last) return std::nullopt;
    const auto length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  if (!last && !last_text.empty()) return std::nullopt;
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return ByteRange{*first, 0};
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return ByteRange{*first, end - *first + 1};
}

int check_read_conditions(const gateway::Headers& headers, const Status& status) {
  const auto etag = status.etag();
  if (const auto match = headers.find("If-Match")) {
    if (!lists_etag(*match, etag, Compare::Strong)) return 412;
  } else if (const auto since = headers.find("If-Unmodified-Since")) {
    if (const auto time = parse_http_date(*since); time && modified_after(status, *time)) return 412;
  }
  if (const auto none = headers.find("If-None-Match")) {
    if (lists_etag(*none, etag, Compare::Weak)) return 304;
  } else if (const auto since = headers.find("If-Modified-Since")) {
    if (const auto time = parse_http_date(*since); time && !modified_after(status, *time)) return 304;
  }
  return 200;
}

int check_write_conditions(const gateway::Headers& headers, const std::optional<Status>& status) {
  if (const auto match = headers.find("If-Match")) {
    if (!status || !lists_etag(*match, status->etag(), Compare::Strong)) return 412;
  } else if (const auto since = headers.find("If-Unmodified-Since")) {
    if (const auto time = parse_http_date(*since); time && status && modified_after(*status, *time)) return 412;
  }
  if (const auto none = headers.find("If-None-Match"); none && status) {
    if (lists_etag(*none, status->etag(), Compare::Weak)) return 412;
  }
  return 200;
}

Task<Result<>> respond_with_file(gateway::Exchange& exchange, Descriptor file, const Status& status, std::string_view name,
                                 Show show, gateway::Headers extra) {
  const auto& request = exchange.request().headers;
  gateway::Response head;
  head.headers = std::move(extra);
  head.status = check_read_conditions(request, status);
  head.headers.add("ETag", status.etag());
  head.headers.add("Last-Modified", format_http_date(status.modified));
  head.headers.add("Cache-Control", "private, no-cache");
  if (head.status != 200) co_return co_await exchange.respond(std::move(head));

  const auto type = content_type_of(name);
  const bool inline_safe = show == Show::WhereSafe && type.shown;
  head.headers.add("Accept-Ranges", "bytes");
  head.headers.add("Content-Type", type.type);
  head.headers.add("Content-Disposition", gateway::content_disposition(inline_safe ? "inline" : "attachment", name));
  head.headers.add("X-Content-Type-Options", "nosniff");
  head.headers.add("Cross-Origin-Resource-Policy", "same-origin");
  // Chrome shows no PDF in a sandbox, and its viewer is one of its own.
  const std::string_view sandbox = type.type == "application/pdf" ? "" : "; sandbox";
  head.headers.add("Content-Security-Policy",
                   fmt::format("default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; "
                               "frame-ancestors 'self'{}",
                               sandbox));

  ByteRange range{0, status.size};
  const auto asked = request.find("Range");
  bool wanted = asked && exchange.request().method == "GET";
  if (wanted) {
    if (const auto condition = request.find("If-Range")) {
      wanted = condition->starts_with('"') ? *condition == status.etag()
                                           : parse_http_date(*condition) ==
                                                 std::optional<Time>(std::chrono::floor<std::chrono::seconds>(status.modified));
    }
  }
  if (wanted) {
    if (const auto part = parse_range(*asked, status.size)) {
      if (part->length == 0) {
        head.status = 416;
        head.headers.add("Content-Range", fmt::format("bytes */{}", status.size));
        co_return co_await exchange.respond(std::move(head));
      }
      range = *part;
      head.status = 206;
      head.headers.add("Content-Range",
                       fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, status.size));
    }
  }
  co_return co_await exchange.respond_file(std::move(head), gateway::FileSlice(file.release(), range.first, range.length));
}

}  // namespace hearth::files
