#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hearth::memory::live {

// What a WebDAV server answers about one resource (RFC 4918 §14.24). Properties that it does not have are empty.
struct DavResource {
  std::string path;                // its href, as it came
  int status = 200;                // of the resource, or of what was found of its properties
  std::vector<std::string> types;  // names of resourcetype: "collection", "calendar", "addressbook"
  std::vector<std::string> components;  // of a calendar: "VEVENT", "VTODO"
  std::string name;                // displayname
  std::string tag;                 // getetag
  std::string collection_tag;      // getctag
  std::string sync_token;
  std::string principal;           // current-user-principal
  std::vector<std::string> homes;  // calendar-home-set or addressbook-home-set

  bool is(std::string_view type) const;
};

struct DavAnswer {
  std::vector<DavResource> resources;
  std::string sync_token;  // of the whole answer (RFC 6578)
};

// InvalidInput when it is no such answer. Entities are not expanded; depth and size are bounded.
Result<DavAnswer> parse_multistatus(std::string_view xml);

}  // namespace hearth::memory::live
