#pragma once
#include <string_view>

#include "memory/extract/input.h"

namespace hearth::memory::extract {

// The attributes of an element, by their names without namespace prefix.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** list) : list_(list) {}
  std::string_view operator[](std::string_view name) const;  // "" without

 private:
  const char** list_;
};

// Takes an XML document as it is read. Names come without namespace prefix, text in pieces.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view text) = 0;
};

// Reads a document piece by piece: its size does not matter. Corrupt when it is not well-formed, declares entities of its
// own, or nests deeper than any program writes; what was read until then has been handed over.
Result<> read_xml(const Input& input, XmlHandler& handler);

}  // namespace hearth::memory::extract
