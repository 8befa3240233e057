#pragma once
#include <string>
#include <string_view>

namespace hearth::files {

struct ContentType {
  std::string type;        // "image/png"
  bool shown = false;      // a browser may show it on the desktop's own origin: it runs no script there
};

// By the name's extension; application/octet-stream when unknown.
ContentType content_type_of(std::string_view name);

}  // namespace hearth::files
