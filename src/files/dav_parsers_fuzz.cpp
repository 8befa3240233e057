#include <cstdint>
#include <cstdlib>
#include <string>

#include "files/dav_headers.h"
#include "files/dav_xml.h"
#include "files/fake_exchange.h"
#include "files/path.h"
#include "files/uploads.h"

using namespace hearth;
using namespace hearth::files;

namespace {
void require(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

// What clients send as XML, as If headers, as addresses and as upload headers; the first byte says which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'x':
      if (const auto element = parse_xml(input)) {
        // What is stored is given back inside other XML: it must be well-formed and mean the same.
        const auto written = write_xml(*element);
        const auto again = parse_xml(written);
        require(again && again->name == element->name && write_xml(*again) == written);
      }
      break;
    case 'i':
      if (const auto lists = parse_if(input)) require(!lists->empty());
      break;
    case 'p': {
      static const FakeExchange kExchange("GET", "/dav/");
      for (const auto& path : {dav_path(input, kExchange.request()), clean_path(input)}) {
        if (!path) continue;
        require(path->starts_with('/') && !path->contains("/../") && !path->ends_with("/..") && !path->contains('\0'));
        require(clean_path(*path).value_or("") == *path);
        require(dav_path(dav_href(*path, true), kExchange.request()).value_or("") == *path);
      }
      break;
    }
    case 'u':
      if (const auto metadata = parse_upload_metadata(input)) {
        if (const auto target = upload_target(*metadata)) require(clean_path(*target).value_or("") == *target);
      }
      (void)parse_upload_checksum(input);
      if (const auto number = parse_upload_number(input)) require(*number >= 0);
      break;
    default:
      (void)parse_timeout(input);
      (void)parse_depth(input, Depth::Zero);
      (void)natural_key(fold(input));
  }
  return 0;
}
