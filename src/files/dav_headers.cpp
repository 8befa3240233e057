#include "files/dav_headers.h"

#include <charconv>

#include "base/bytes.h"
#include "files/dav_locks.h"
#include "files/path.h"

namespace hearth::files {
namespace {

constexpr std::size_t kMostConditions = 1000;

void skip_space(std::string_view& text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
}

// "<…>", without the brackets.
std::optional<std::string> take_coded(std::string_view& text) {
  if (!text.starts_with('<')) return std::nullopt;
  const auto end = text.find('>');
  if (end == std::string_view::npos || end == 1) return std::nullopt;
  auto value = std::string(text.substr(1, end - 1));
  text.remove_prefix(end + 1);
  return value;
}

// "[…]", without the brackets.
std::optional<std::string> take_etag(std::string_view& text) {
  if (!text.starts_with('[')) return std::nullopt;
  const auto end = text.find(']');
  if (end == std::string_view::npos || end == 1) return std::nullopt;
  auto value = std::string(text.substr(1, end - 1));
  text.remove_prefix(end + 1);
  return value;
}

std::unexpected<Error> malformed() { return fail(Code::InvalidInput, "The If header is malformed (RFC 4918, 10.4)."); }

}  // namespace

Result<std::vector<IfList>> parse_if(std::string_view header) {
  std::vector<IfList> lists;
  std::optional<std::string> resource;
  std::size_t conditions = 0;
  skip_space(header);
  while (!header.empty()) {
    if (header.starts_with('<')) {
      resource = take_coded(header);
      if (!resource) return malformed();
      skip_space(header);
    }
    if (!header.starts_with('(')) return malformed();
    header.remove_prefix(1);
    IfList list{resource, {}};
    skip_space(header);
    while (!header.starts_with(')')) {
      if (++conditions > kMostConditions) return malformed();
      IfCondition condition;
      if (header.size() > 3 && (header.starts_with("Not") || header.starts_with("not") || header.starts_with("NOT"))) {
        condition.negated = true;
        header.remove_prefix(3);
        skip_space(header);
      }
      auto value = take_coded(header);
      if (!value) {
        condition.is_etag = true;
        value = take_etag(header);
      }
      if (!value) return malformed();
      condition.value = *std::move(value);
      list.conditions.push_back(std::move(condition));
      skip_space(header);
    }
    if (list.conditions.empty()) return malformed();
    header.remove_prefix(1);
    lists.push_back(std::move(list));
    skip_space(header);
  }
  if (lists.empty()) return malformed();
  return lists;
}

Result<Depth> parse_depth(std::optional<std::string_view> header, Depth otherwise) {
  if (!header) return otherwise;
  if (*header == "0") return Depth::Zero;
  if (*header == "1") return Depth::One;
  if (*header == "infinity" || *header == "Infinity") return Depth::Infinity;
  return fail(Code::InvalidInput, "Depth must be 0, 1 or infinity.");
}

Duration parse_timeout(std::optional<std::string_view> header) {
  auto rest = header.value_or("");
  while (!rest.empty()) {
    auto item = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    skip_space(item);
    if (item.starts_with("Infinite")) return DavLocks::kLongestTimeout;
    if (item.starts_with("Second-")) {
      std::uint32_t seconds = 0;
      const auto digits = item.substr(7);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
      if (error == std::errc::result_out_of_range) return DavLocks::kLongestTimeout;
      if (error == std::errc() && seconds > 0) {
        return std::min<Duration>(DavLocks::kLongestTimeout, std::chrono::seconds(seconds));
      }
    }
  }
  return std::chrono::hours(1);
}

Result<std::string> dav_path(std::string_view uri, const gateway::Request& request) {
  if (const auto scheme = uri.find("://"); scheme != std::string_view::npos && !uri.starts_with('/')) {
    uri.remove_prefix(scheme + 3);
    auto authority = std::string(uri.substr(0, uri.find('/')));
    uri.remove_prefix(authority.size());
    std::ranges::transform(authority, authority.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
    if (authority != request.host && authority != fmt::format("{}:{}", request.host, request.port)) {
      return fail(Code::Unavailable, "“{}” is another server; copy there yourself.", authority);
    }
  }
  if (uri.contains('#') || uri.contains('?')) return fail(Code::InvalidInput, "The address of a file has neither “#” nor “?”.");
  if (uri != "/dav" && !uri.starts_with("/dav/")) {
    return fail(Code::Unavailable, "“{}” is not below /dav/.", uri);
  }
  uri.remove_prefix(4);
  const auto decoded = percent_decode(uri);
  if (!decoded) return fail(Code::InvalidInput, "The address is not well-formed.");
  return clean_path(decoded->empty() ? "/" : *decoded);
}

std::string dav_href(std::string_view path, bool folder) {
  return fmt::format("/dav{}{}", percent_encode(path, "/"), folder && path != "/" ? "/" : "");
}

}  // namespace hearth::files
