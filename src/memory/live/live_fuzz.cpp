#include <cstdlib>

#include "base/bytes.h"
#include "memory/live/dav_xml.h"
#include "memory/live/http.h"
#include "memory/live/imap_values.h"

// What servers say, by the first byte: an IMAP response, folder names, sets of numbers, WebDAV answers, links.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace hearth::memory::live;
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  switch (bytes[0] % 5) {
    case 0: {
      std::vector<std::string> literals = {"one", "two"};
      if (literal_after(text) && !text.ends_with('}')) std::abort();
      (void)parse_imap(text, literals);
      break;
    }
    case 1: {
      const auto name = folder_to_utf8(text);
      if (!hearth::is_utf8(name)) std::abort();
      if (folder_to_utf8(folder_from_utf8(name)) != name) std::abort();
      break;
    }
    case 2: {
      const auto set = UidSet::parse(text);
      if (UidSet::parse(set.text()).text() != set.text()) std::abort();
      break;
    }
    case 3: (void)parse_multistatus(text); break;
    case 4: (void)resolve_link("https://example.org/a/b", text); break;
  }
  return 0;
}
