#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::gateway {

// The head of an upstream's response (RFC 9112 §4, §6). Views into the bytes that were parsed.
struct ResponseHead {
  enum class Name : std::uint8_t {
    Other, HopByHop, ContentLength, TransferEncoding, Connection, Upgrade, SetCookie, ClearSiteData, Date
  };
  struct Field {
    std::string_view line;  // "Name: value", without CR LF
    std::string_view value;
    Name name;
  };
  int status = 0;
  std::string_view reason;
  int minor_version = 1;
  std::vector<Field> fields;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool has_date = false;
  std::size_t length = 0;
};

enum class HeadState : std::uint8_t {
  Incomplete,
  Complete,
  Broken,         // known with the first byte that cannot be one of a head
  Contradictory,  // more than one length
};
// Parses a head at the start of `bytes` into `head`, whose storage is reused.
HeadState parse_response_head(std::string_view bytes, ResponseHead& head);

}  // namespace hearth::gateway
