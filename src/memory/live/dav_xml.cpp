#include "memory/live/dav_xml.h"

#include <expat.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace hearth::memory::live {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostElements = 2'000'000;
constexpr std::size_t kLongestText = 64 << 10;

// Keeps the path of open elements, by their local names, and acts where one ends. What a property group (propstat) holds
// counts only when its status, which comes last, is good.
struct Builder {
  XML_Parser parser = nullptr;
  std::vector<std::string> open;
  std::string text;
  DavAnswer answer;
  DavResource resource;
  DavResource group;
  int group_status = 200;
  std::size_t elements = 0;
  bool refused = false;
  bool rooted = false;

  bool within(std::string_view name) const { return std::find(open.begin(), open.end(), name) != open.end(); }
  std::string_view parent() const { return open.size() < 2 ? std::string_view() : std::string_view(open[open.size() - 2]); }
};

std::string trimmed(const std::string& text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

int status_in(const std::string& line) {  // "HTTP/1.1 404 Not Found"
  const auto space = line.find(' ');
  return space == line.npos ? 0 : std::atoi(line.c_str() + space + 1);
}

void begin(void* user, const char* name, const char** attributes) {
  auto& builder = *static_cast<Builder*>(user);
  if (builder.open.size() >= kDeepest || ++builder.elements > kMostElements) {
    builder.refused = true;
    XML_StopParser(builder.parser, XML_FALSE);
    return;
  }
  const std::string_view whole = name;
  const auto separator = whole.rfind('\n');
  std::string local(separator == whole.npos ? whole : whole.substr(separator + 1));
  if (builder.open.empty()) builder.rooted = local == "multistatus";
  const auto parent = builder.open.empty() ? std::string_view() : std::string_view(builder.open.back());
  if (parent == "resourcetype") builder.group.types.push_back(local);
  if (local == "comp" && parent == "supported-calendar-component-set") {
    for (; *attributes; attributes += 2) {
      if (std::string_view(attributes[0]) == "name") builder.group.components.emplace_back(attributes[1]);
    }
  }
  if (local == "response") builder.resource = {};
  if (local == "propstat") {
    builder.group = {};
    builder.group_status = 200;
  }
  builder.open.push_back(std::move(local));
  builder.text.clear();
}

void take_group(Builder& builder) {
  if (builder.group_status / 100 != 2) return;
  auto& into = builder.resource;
  auto& group = builder.group;
  const auto move_text = [](std::string& from, std::string& to) {
    if (!from.empty()) to = std::move(from);
  };
  if (!group.types.empty()) into.types = std::move(group.types);
  if (!group.components.empty()) into.components = std::move(group.components);
  if (!group.homes.empty()) into.homes = std::move(group.homes);
  move_text(group.name, into.name);
  move_text(group.tag, into.tag);
  move_text(group.collection_tag, into.collection_tag);
  move_text(group.sync_token, into.sync_token);
  move_text(group.principal, into.principal);
}

void end(void* user, const char*) {
  auto& builder = *static_cast<Builder*>(user);
  const auto name = builder.open.back();
  const auto parent = builder.parent();
  const auto text = trimmed(builder.text);
  if (name == "href") {
    if (parent == "response") builder.resource.path = text;
    if (parent == "current-user-principal") builder.group.principal = text;
    if (parent == "calendar-home-set" || parent == "addressbook-home-set") builder.group.homes.push_back(text);
  } else if (name == "status") {
    if (parent == "response") builder.resource.status = status_in(text);
    if (parent == "propstat") builder.group_status = status_in(text);
  } else if (name == "sync-token") {
    (parent == "multistatus" ? builder.answer.sync_token : builder.group.sync_token) = text;
  } else if (name == "displayname") {
    builder.group.name = text;
  } else if (name == "getetag") {
    builder.group.tag = text;
  } else if (name == "getctag") {
    builder.group.collection_tag = text;
  } else if (name == "propstat") {
    take_group(builder);
  } else if (name == "response" && !builder.resource.path.empty()) {
    builder.answer.resources.push_back(std::move(builder.resource));
    builder.resource = {};
  }
  builder.open.pop_back();
  builder.text.clear();
}

void characters(void* user, const char* text, int length) {
  auto& builder = *static_cast<Builder*>(user);
  if (builder.text.size() < kLongestText) builder.text.append(text, static_cast<std::size_t>(length));
}

// Nothing of ours is written with them, and they can be made to grow without end.
void refuse_entities(void* user, const char*, int, const char*, int, const char*, const char*, const char*, const char*) {
  auto& builder = *static_cast<Builder*>(user);
  builder.refused = true;
  XML_StopParser(builder.parser, XML_FALSE);
}

}  // namespace

bool DavResource::is(std::string_view type) const { return std::find(types.begin(), types.end(), type) != types.end(); }

Result<DavAnswer> parse_multistatus(std::string_view xml) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreateNS(nullptr, '\n'), XML_ParserFree);
  if (!parser) return fail(Code::Internal, "There is no memory to read the server's answer.");
  Builder builder;
  builder.parser = parser.get();
  XML_SetUserData(parser.get(), &builder);
  XML_SetElementHandler(parser.get(), begin, end);
  XML_SetCharacterDataHandler(parser.get(), characters);
  XML_SetEntityDeclHandler(parser.get(), refuse_entities);
  const auto status = XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
  if (builder.refused || status != XML_STATUS_OK || !builder.rooted) {
    return fail(Code::InvalidInput, "The server's answer is not one of a calendar or contacts server.");
  }
  return std::move(builder.answer);
}

}  // namespace hearth::memory::live
