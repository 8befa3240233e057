#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace hearth::files {

inline constexpr std::string_view kDavNamespace = "DAV:";

// A qualified name: WebDAV names properties by namespace and local name.
struct XmlName {
  std::string space;
  std::string local;
  bool operator==(const XmlName&) const = default;
  auto operator<=>(const XmlName&) const = default;
  bool is_dav(std::string_view name) const { return space == kDavNamespace && local == name; }
};

struct XmlElement {
  struct Attribute {
    XmlName name;
    std::string value;
  };
  using Node = std::variant<std::string, XmlElement>;

  XmlName name;
  std::vector<Attribute> attributes;
  std::vector<Node> nodes;  // text and elements, in order

  std::vector<const XmlElement*> children() const;
  const XmlElement* child(std::string_view dav_name) const;  // the first of that name in "DAV:"; null without
  std::string text() const;                                  // of this element itself
};

// Parses what a client sent. There are no document types here, so neither external entities nor entity bombs; at most 64
// levels and 20,000 elements. InvalidInput otherwise.
Result<XmlElement> parse_xml(std::string_view text);

// The element as text that stands on its own: namespaces declared where they are used.
std::string write_xml(const XmlElement& element);
std::string write_xml_nodes(const std::vector<XmlElement::Node>& nodes);

// "<D:name/>" or "<name xmlns=…>": an empty element of that name.
std::string open_tag(const XmlName& name);
std::string close_tag(const XmlName& name);
std::string empty_tag(const XmlName& name);

}  // namespace hearth::files
