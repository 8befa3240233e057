#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "memory/live/stop.h"

namespace hearth::memory::live {

// Whether a host name or address means this machine: "localhost", 127.0.0.0/8, ::1.
bool names_this_machine(std::string_view host);

enum class Reach { Anywhere, ThisMachine };

// A connection to a server, with or without TLS. Blocking, one thread; each wait ends with Unavailable after `patience`, or
// with Cancelled when it is stopped.
class Stream {
 public:
  struct Options {
    std::string host;
    int port = 0;
    Reach reach = Reach::Anywhere;  // ThisMachine: refuses a name that leads elsewhere
    std::string authority;          // PEM: an authority to trust beside the system's
    Duration patience = std::chrono::seconds(30);
  };

  // `stop` outlives the stream.
  static Result<std::unique_ptr<Stream>> open(Options options, const Stop& stop);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // From here on in TLS (1.2 or newer): the server's certificate must be valid for the host. What came in clear and was not
  // read yet is dropped.
  Result<> start_tls();

  Result<> write(std::string_view bytes);
  // A line without its end; TooLarge beyond `most`.
  Result<std::string> read_line(std::size_t most);
  // Exactly so many bytes, appended to `into`.
  Result<> read_bytes(std::size_t count, std::string& into);
  // Whether something can be read before the time is over. Cancelled when stopped.
  Result<bool> readable(Duration time);

 private:
  struct Tls;
  Stream(Options options, const Stop& stop, Descriptor socket);
  Result<> fill();
  Result<> wait(short events);

  Options options_;
  const Stop& stop_;
  Descriptor socket_;
  std::unique_ptr<Tls> tls_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace hearth::memory::live
