#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "gateway/http.h"

namespace hearth::files {

// RFC 4918 §10.4. The header holds if one of its lists does; a list if all its conditions do.
struct IfCondition {
  bool negated = false;
  bool is_etag = false;
  std::string value;  // a state token without <>, or an entity tag with its quotes
};
struct IfList {
  std::optional<std::string> resource;  // the URI it is tagged with; none: the request's own
  std::vector<IfCondition> conditions;
};
Result<std::vector<IfList>> parse_if(std::string_view header);

enum class Depth { Zero, One, Infinity };
// `otherwise` without the header; InvalidInput when it is something else.
Result<Depth> parse_depth(std::optional<std::string_view> header, Depth otherwise);

// "Second-3600", "Infinite, Second-4100000000": the first that is understood; an hour otherwise.
Duration parse_timeout(std::optional<std::string_view> header);

// The path below /dav of a URI or absolute path that a header or request carries, clean. InvalidInput when it names no
// file here; Unavailable when it names another host (which WebDAV answers with 502).
Result<std::string> dav_path(std::string_view uri, const gateway::Request& request);

// What a path is called in answers: "/dav/a%20b", with '/' at the end of a folder.
std::string dav_href(std::string_view path, bool folder);

}  // namespace hearth::files
