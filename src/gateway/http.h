#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"

// HTTP as the home thread sees it: a request's head, and an exchange to read its body from and to answer on.
namespace hearth::gateway {

struct Header {
  std::string name;
  std::string value;
};

// Header fields in the order they came. Names compare without case (RFC 9110 §5.1).
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces every field of that name
  const std::vector<Header>& fields() const { return fields_; }

 private:
  std::vector<Header> fields_;
};

struct Peer {
  std::string address;       // numeric, without port; "unix" on the box's own socket
  std::optional<uid_t> uid;  // of the process at the other end: unix socket only, from SO_PEERCRED
  bool secure = false;       // came over TLS
};

struct Request {
  std::string method;
  std::string path;      // as sent, still percent-encoded; starts with '/'
  std::string query;     // what follows '?', without it
  std::string host;      // lower case, without port
  std::uint16_t port = 0;  // the port the client asked for (Host header), or the default of the scheme
  std::string entrance;  // the id of the entrance whose host was asked (paths under /.hearth/), else ""
  Headers headers;
  Peer peer;
  std::optional<std::uint64_t> content_length;  // none: no body, or chunked

  std::optional<std::string> cookie(std::string_view name) const;  // the first of that name
  // Every cookie of that name, at most `limit`. A page of another host below the same domain may have planted some, and the
  // browser does not say which: whoever decides by a cookie tries them all.
  std::vector<std::string> cookies(std::string_view name, std::size_t limit = SIZE_MAX) const;
  std::optional<std::string> query_parameter(std::string_view name) const;  // percent-decoded
  // "https://hearth.localhost:8443": scheme, host and port as the client wrote them.
  std::string origin() const;
  // That of Accept-Language: for what the box says to whoever sent this.
  Language language() const;
};

struct Response {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection and Transfer-Encoding are the gateway's to set
  std::string body;
};

// A part of an open file. The descriptor is closed when the slice is destroyed.
class FileSlice {
 public:
  FileSlice(int descriptor, std::uint64_t offset, std::uint64_t length)
      : descriptor_(descriptor), offset_(offset), length_(length) {}
  FileSlice(FileSlice&& other) noexcept;
  FileSlice& operator=(FileSlice&& other) noexcept;
  ~FileSlice();

  int descriptor() const { return descriptor_; }
  std::uint64_t offset() const { return offset_; }
  std::uint64_t length() const { return length_; }

 private:
  int descriptor_;
  std::uint64_t offset_;
  std::uint64_t length_;
};

// An open WebSocket (RFC 6455). Pings are answered by the gateway. Home thread only.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next text or binary message, at most 1 MiB; none when the other side has closed.
  virtual Task<Result<std::optional<std::string>>> receive() = 0;
  // Sends a text message. Returns when it may take another (backpressure).
  virtual Task<Result<>> send(std::string text) = 0;
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

// One request to the box and its answer. Lives on the home thread for as long as the handler runs; exactly one of
// respond(), respond_file(), begin() and upgrade() is called. A handler that ends without answering answers 500.
// Every Result fails with Cancelled when the client has gone.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;

  // The next piece of the body, at most 256 KiB; empty at its end. What is not read stays with the client (backpressure).
  // The client's "Expect: 100-continue" is answered by the first read.
  virtual Task<Result<std::string>> read() = 0;
  // The whole body; TooLarge past `limit` bytes.
  Task<Result<std::string>> read_all(std::size_t limit);

  virtual Task<Result<>> respond(Response response) = 0;
  // `head.body` is empty; Content-Length comes from the slice. Sent by the gateway thread with sendfile where it can.
  virtual Task<Result<>> respond_file(Response head, FileSlice file) = 0;

  // A response of unknown length: begin, any number of writes, end. write() returns when it may take more.
  virtual Task<Result<>> begin(Response head) = 0;
  virtual Task<Result<>> write(std::string bytes) = 0;
  virtual Task<Result<>> end() = 0;

  // Says that the answer goes on until somebody hangs up, as events do: it does not hold up the gateway's stop.
  virtual void set_endless() = 0;

  // Returns once the client has gone: for a handler that waits for something else meanwhile.
  virtual Task<> disconnected() = 0;

  // Accepts the WebSocket that the request asks for; InvalidInput when it asks for none.
  virtual Task<Result<std::unique_ptr<WebSocket>>> upgrade() = 0;
};

// For handlers that answer with bytes.

// The first and last byte of a "bytes=" range with a single part (RFC 9110 §14.1.2). None: not such a field, so the whole
// is sent. `satisfiable` false: 416.
struct ByteRange {
  bool satisfiable;
  std::uint64_t first;
  std::uint64_t last;
};
std::optional<ByteRange> parse_range(std::string_view field, std::uint64_t size);

// A Content-Disposition value (RFC 6266) with the name in UTF-8 (RFC 8187) and an ASCII fallback.
std::string content_disposition(std::string_view kind, std::string_view name);

}  // namespace hearth::gateway
