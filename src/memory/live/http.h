#pragma once
#include <memory>
#include <string>
#include <vector>

#include "memory/live/stop.h"

namespace hearth::memory::live {

// Asks a web server, again and again over one connection. Blocking, one thread.
class HttpClient {
 public:
  struct Options {
    std::string user;
    std::string password;
    std::string authority;  // PEM: an authority to trust beside the system's
    bool clear = false;     // http, not https: to this machine alone
    std::size_t largest = 128 << 20;
  };
  struct Answer {
    int status = 0;
    std::string body;
    std::string url;  // after redirections
  };

  // `stop` outlives the client.
  HttpClient(Options options, const Stop& stop);
  ~HttpClient();

  // Any status is an answer but 401 (Unauthenticated). Unavailable when there is none; TooLarge; Cancelled when stopped.
  // Redirections are followed, with the password only on the same host.
  Result<Answer> ask(const std::string& method, const std::string& url, std::vector<std::string> headers, const std::string& body);

 private:
  struct Handle;
  Options options_;
  const Stop& stop_;
  std::unique_ptr<Handle> handle_;
};

// The address that a link found at `base` leads to (RFC 3986 §5): absolute, a path, or relative.
std::string resolve_link(std::string_view base, std::string_view link);

}  // namespace hearth::memory::live
