#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/message.h"

// The head of an HTTP/1.x request, read strictly (RFC 9110, RFC 9112): what two readers could understand differently is
// refused, never repaired, so that nothing can be smuggled past the gateway to an upstream.
namespace hearth::gateway {

constexpr std::size_t kHeadLimit = 32 * 1024;
constexpr std::size_t kTargetLimit = 16 * 1024;
constexpr std::size_t kFieldLimit = 128;

// Fields that the gateway itself reads or rewrites; recognised once, by the parser. Those that only the gateway may tell an
// app (HearthAny, ProxyAny, XForwardedAny, XOtherUrl, XRealIp) are recognised with any mark for '-' too.
enum class FieldName : std::uint8_t {
  Other,
  Accept,
  AcceptEncoding,
  Connection,
  ContentLength,
  Cookie,
  Expect,
  Forwarded,
  HearthAny,  // x-hearth-*
  Host,
  IfModifiedSince,
  IfNoneMatch,
  IfRange,
  KeepAlive,
  Origin,
  ProxyAny,  // proxy-authorization, proxy-connection …, and Proxy, which CGI makes the variable HTTP_PROXY of
  Range,
  SecFetchMode,
  SecFetchSite,
  Te,
  Trailer,
  TransferEncoding,
  Upgrade,
  XForwardedAny,
  XOtherUrl,  // x-original-url, x-rewrite-url: for some frameworks the path that counts, past the rules for the one asked
  XRealIp,
};
FieldName recognise_field(std::string_view name);

struct FieldView {
  std::string_view name;
  std::string_view value;
  FieldName known;
};

// Views into the bytes that were parsed; valid while those stay where they are.
struct RequestHead {
  std::string_view method;
  std::string_view target;  // origin form: path and query; "*" for OPTIONS *
  std::string_view path;
  std::string_view query;  // without '?'
  bool has_query = false;
  int minor_version = 1;
  std::vector<FieldView> fields;

  std::string_view host;  // as sent, without port; "" in HTTP/1.0 without Host
  std::uint16_t port = 0;  // 0: none given
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;
  bool upgrade_websocket = false;
  bool connection_names_fields = false;  // Connection nominates fields other than the usual ones
  std::size_t length = 0;                // bytes of the head, its final empty line included

  bool has_body() const { return chunked || (content_length && *content_length > 0); }
  std::string_view find(FieldName name) const {
    for (const auto& field : fields) {
      if (field.known == name) return field.value;
    }
    return {};
  }
  // That of Accept-Language, for the gateway's own answers.
  Language language() const;
};

// Why a head was refused: the status to answer and one sentence.
struct Refusal {
  int status = 0;
  const char* reason = "";
};

// Finds the end of a head that arrives in pieces; feed it the same growing bytes. Looks at each byte once.
class HeadScanner {
 public:
  enum class State { Incomplete, Complete, Refused };
  State scan(std::string_view bytes);
  Refusal refusal() const { return refusal_; }
  void reset() { *this = HeadScanner(); }

 private:
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  bool in_first_line_ = true;
  Refusal refusal_;
};

// Parses a complete head (through its empty line) into `head`, whose storage is reused. A refusal says why not.
std::optional<Refusal> parse_request_head(std::string_view bytes, RequestHead& head);

// The parts of "host[:port]"; false when it is none. `host` keeps the brackets of an IPv6 address and loses a final dot.
bool split_host(std::string_view text, std::string_view& host, std::uint16_t& port);

}  // namespace hearth::gateway
