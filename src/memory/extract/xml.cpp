#include "memory/extract/xml.h"

#include <expat.h>

#include <memory>

namespace hearth::memory::extract {
namespace {

constexpr int kPiece = 64 << 10;
constexpr std::size_t kDeepest = 1000;

std::string_view local(std::string_view name) { return name.substr(name.rfind(':') + 1); }

struct Reading {
  XML_Parser parser;
  XmlHandler& handler;
  std::size_t depth = 0;
  const char* refused = nullptr;

  void refuse(const char* why) {
    refused = why;
    ::XML_StopParser(parser, XML_FALSE);
  }
};

void start_element(void* user, const char* name, const char** attributes) {
  auto& reading = *static_cast<Reading*>(user);
  if (++reading.depth > kDeepest) return reading.refuse("It nests too deeply.");
  reading.handler.start(local(name), XmlAttributes(attributes));
}

void end_element(void* user, const char* name) {
  auto& reading = *static_cast<Reading*>(user);
  --reading.depth;
  reading.handler.end(local(name));
}

void characters(void* user, const char* text, int length) {
  static_cast<Reading*>(user)->handler.text({text, static_cast<std::size_t>(length)});
}

// No program that writes documents needs entities of its own; who wants to blow up a parser does.
void declares_entity(void* user, const char*, int, const char*, int, const char*, const char*, const char*, const char*) {
  static_cast<Reading*>(user)->refuse("It declares entities.");
}

struct FreeParser {
  void operator()(XML_ParserStruct* parser) const { ::XML_ParserFree(parser); }
};

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char** at = list_; *at; at += 2) {
    if (local(at[0]) == name) return at[1];
  }
  return "";
}

Result<> read_xml(const Input& input, XmlHandler& handler) {
  const std::unique_ptr<XML_ParserStruct, FreeParser> parser(::XML_ParserCreate(nullptr));
  if (!parser) return fail(Code::Unavailable, "There is too little memory.");
  Reading reading{parser.get(), handler};
  ::XML_SetUserData(parser.get(), &reading);
  ::XML_SetElementHandler(parser.get(), start_element, end_element);
  ::XML_SetCharacterDataHandler(parser.get(), characters);
  ::XML_SetEntityDeclHandler(parser.get(), declares_entity);
  for (std::int64_t at = 0;;) {
    auto* buffer = static_cast<char*>(::XML_GetBuffer(parser.get(), kPiece));
    if (!buffer) return fail(Code::Unavailable, "There is too little memory.");
    const auto got = TRY(input.read_at(at, {buffer, static_cast<std::size_t>(kPiece)}));
    at += static_cast<std::int64_t>(got);
    if (::XML_ParseBuffer(parser.get(), static_cast<int>(got), got == 0) == XML_STATUS_ERROR) {
      if (reading.refused) return fail(Code::Corrupt, "{}", reading.refused);
      return fail(Code::Corrupt, "Its XML is broken in line {}.", ::XML_GetCurrentLineNumber(parser.get()));
    }
    if (got == 0) return {};
  }
}

}  // namespace hearth::memory::extract
