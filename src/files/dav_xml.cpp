#include "files/dav_xml.h"

#include <expat.h>

#include <memory>

#include "base/bytes.h"

namespace hearth::files {
namespace {

constexpr char kSeparator = '\n';  // between namespace and name: in neither
constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostElements = 20'000;

struct Builder {
  XML_Parser parser;
  std::vector<XmlElement> open;  // from the root to where the parser is
  std::optional<XmlElement> root;
  std::size_t elements = 0;
  bool refused = false;
};

XmlName split(const char* name) {
  const std::string_view text = name;
  const auto at = text.rfind(kSeparator);
  if (at == std::string_view::npos) return {"", std::string(text)};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

void refuse(Builder& builder) {
  builder.refused = true;
  XML_StopParser(builder.parser, XML_FALSE);
}

void start_element(void* user, const char* name, const char** attributes) {
  auto& builder = *static_cast<Builder*>(user);
  if (builder.open.size() >= kDeepest || ++builder.elements > kMostElements) return refuse(builder);
  XmlElement element;
  element.name = split(name);
  for (; *attributes; attributes += 2) element.attributes.push_back({split(attributes[0]), attributes[1]});
  builder.open.push_back(std::move(element));
}

void end_element(void* user, const char*) {
  auto& builder = *static_cast<Builder*>(user);
  auto element = std::move(builder.open.back());
  builder.open.pop_back();
  if (builder.open.empty()) {
    builder.root = std::move(element);
  } else {
    builder.open.back().nodes.emplace_back(std::move(element));
  }
}

void characters(void* user, const char* text, int length) {
  auto& builder = *static_cast<Builder*>(user);
  if (builder.open.empty()) return;
  auto& nodes = builder.open.back().nodes;
  if (nodes.empty() || !std::holds_alternative<std::string>(nodes.back())) nodes.emplace_back(std::string());
  std::get<std::string>(nodes.back()).append(text, static_cast<std::size_t>(length));
}

void start_doctype(void* user, const char*, const char*, const char*, int) { refuse(*static_cast<Builder*>(user)); }

struct FreeParser {
  void operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }
};

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

}  // namespace

std::vector<const XmlElement*> XmlElement::children() const {
  std::vector<const XmlElement*> found;
  for (const auto& node : nodes) {
    if (const auto* element = std::get_if<XmlElement>(&node)) found.push_back(element);
  }
  return found;
}

const XmlElement* XmlElement::child(std::string_view dav_name) const {
  for (const auto* element : children()) {
    if (element->name.is_dav(dav_name)) return element;
  }
  return nullptr;
}

std::string XmlElement::text() const {
  std::string all;
  for (const auto& node : nodes) {
    if (const auto* text = std::get_if<std::string>(&node)) all += *text;
  }
  return all;
}

Result<XmlElement> parse_xml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, FreeParser> parser(XML_ParserCreateNS(nullptr, kSeparator));
  if (!parser) return fail(Code::Unavailable, "The box is short of memory; try again.");
  Builder builder{parser.get(), {}, {}};
  XML_SetUserData(parser.get(), &builder);
  XML_SetElementHandler(parser.get(), start_element, end_element);
  XML_SetCharacterDataHandler(parser.get(), characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), start_doctype);
  const auto status = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (builder.refused) return fail(Code::InvalidInput, "The XML has a document type, or is nested too deep.");
  if (status != XML_STATUS_OK || !builder.root) {
    return fail(Code::InvalidInput, "The body is no well-formed XML: {}.", XML_ErrorString(XML_GetErrorCode(parser.get())));
  }
  return *std::move(builder.root);
}

std::string open_tag(const XmlName& name) {
  if (name.space == kDavNamespace) return fmt::format("<D:{}>", name.local);
  return fmt::format("<{} xmlns=\"{}\">", name.local, escape_markup(name.space));
}

std::string close_tag(const XmlName& name) {
  return name.space == kDavNamespace ? fmt::format("</D:{}>", name.local) : fmt::format("</{}>", name.local);
}

std::string empty_tag(const XmlName& name) { return open_tag(name) + close_tag(name); }

std::string write_xml(const XmlElement& element) {
  std::string out = element.name.space == kDavNamespace
                        ? fmt::format("<D:{} xmlns:D=\"DAV:\"", element.name.local)
                        : fmt::format("<{} xmlns=\"{}\"", element.name.local, escape_markup(element.name.space));
  int prefix = 0;
  for (const auto& attribute : element.attributes) {
    if (attribute.name.space.empty()) {
      out += fmt::format(" {}=\"{}\"", attribute.name.local, escape_markup(attribute.value));
    } else if (attribute.name.space == kXmlNamespace) {
      out += fmt::format(" xml:{}=\"{}\"", attribute.name.local, escape_markup(attribute.value));
    } else {
      ++prefix;
      out += fmt::format(" xmlns:a{0}=\"{1}\" a{0}:{2}=\"{3}\"", prefix, escape_markup(attribute.name.space),
                         attribute.name.local, escape_markup(attribute.value));
    }
  }
  out += '>';
  out += write_xml_nodes(element.nodes);
  out += close_tag(element.name);
  return out;
}

std::string write_xml_nodes(const std::vector<XmlElement::Node>& nodes) {
  std::string out;
  for (const auto& node : nodes) {
    if (const auto* text = std::get_if<std::string>(&node)) {
      out += escape_markup(*text);
    } else {
      out += write_xml(std::get<XmlElement>(node));
    }
  }
  return out;
}

}  // namespace hearth::files
