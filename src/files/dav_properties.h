#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "files/dav_locks.h"
#include "files/dav_xml.h"
#include "files/root.h"
#include "store/store.h"

namespace hearth::files {

// Properties that the box itself computes (RFC 4918 §15, RFC 4331). Clients cannot set them.
bool is_live_property(const XmlName& name);
// All that "allprop" lists.
const std::vector<XmlName>& live_properties();

struct DavResource {
  std::string path;
  Status status;
  std::vector<DavLock> locks;  // that cover it
  std::optional<std::uint64_t> space_free;  // only when asked for
};
// The property's XML, tag and all; none when this resource has none of that name.
std::optional<std::string> live_property(const DavResource& resource, const XmlName& name);
std::string lock_discovery(const std::vector<DavLock>& locks);

// --- dead properties: what clients store ---
using DeadProperties = std::map<XmlName, std::string>;  // name → XML, tag and all

// Of the path, and with Depth::One of its children too; by path.
enum class Reach { Itself, Children };
Result<std::map<std::string, DeadProperties>> read_dead_properties(store::Connection& connection, const std::string& person,
                                                                   const std::string& path, Reach reach);
Result<> set_dead_property(store::Connection& connection, const std::string& person, const std::string& path,
                           const XmlName& name, const std::string& xml);
Result<> remove_dead_property(store::Connection& connection, const std::string& person, const std::string& path,
                              const XmlName& name);
// Copies those of `from` and below to `to`; those of `to` go first. Itself: not of what is below.
Result<> copy_dead_properties(store::Connection& connection, const std::string& person, const std::string& from,
                              const std::string& to, Reach reach);

}  // namespace hearth::files
