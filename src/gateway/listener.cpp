#include "gateway/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "gateway/socket_address.h"

namespace hearth::gateway {
namespace {

void set_option(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof(value));
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open_tcp(const std::string& address, Kind kind, std::string_view option) {
  const auto parsed = SocketAddress::parse_listening(address);
  if (!parsed) {
    return fail(Code::InvalidInput, "{} {} is not an address and port. Write it as 127.0.0.1:8080 or [::]:8080.", option,
                address);
  }
  const int descriptor = ::socket(parsed->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return std::unexpected(Error::from_errno(errno, "opening a socket"));
  std::unique_ptr<Listener> listener(new Listener(kind, descriptor));
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  if (parsed->family() == AF_INET6) set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  // Accepted sockets inherit these. Keep-alive is what ends a stream whose reader has died; TCP_USER_TIMEOUT would also end
  // one that only pauses.
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
  if (::bind(descriptor, parsed->get(), parsed->size()) != 0 || ::listen(descriptor, 1024) != 0) {
    switch (errno) {
      case EADDRINUSE:
        return fail(Code::Unavailable,
                    "Another program already listens on {}. Stop it, or choose another address with {} ADDR:PORT.",
                    address, option);
      case EACCES:
        return fail(Code::Forbidden, "This account may not listen on {}. Choose a port above 1023 with {} ADDR:PORT.",
                    address, option);
      case EADDRNOTAVAIL:
        return fail(Code::Unavailable, "This machine does not have the address {}. Choose another with {} ADDR:PORT.",
                    address, option);
      default:
        return std::unexpected(Error::from_errno(errno, "listening on {}", address));
    }
  }
  listener->address_ = SocketAddress::of_socket(descriptor);
  listener->port_ = listener->address_.port();
  return listener;
}

Result<std::unique_ptr<Listener>> Listener::open_unix(const std::string& path) {
  const auto address = SocketAddress::unix_path(path);
  if (!address) return fail(Code::InvalidInput, "The socket path {} is too long (107 bytes at most).", path);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return std::unexpected(Error::from_errno(errno, "opening a socket"));
  std::unique_ptr<Listener> listener(new Listener(Kind::Unix, descriptor));
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool taken = ::connect(probe, address->get(), address->size()) == 0 || errno == EAGAIN;
  ::close(probe);
  if (taken) return fail(Code::Unavailable, "Another program already listens on {}. Is the box running already?", path);
  ::unlink(path.c_str());
  const auto mask = ::umask(0177);
  const int bound = ::bind(descriptor, address->get(), address->size());
  const int bind_error = errno;
  ::umask(mask);
  if (bound != 0) return std::unexpected(Error::from_errno(bind_error, "listening on {}", path));
  listener->path_ = path;
  listener->address_ = *address;
  if (::listen(descriptor, 128) != 0) {
    return std::unexpected(Error::from_errno(errno, "listening on {}", path));
  }
  return listener;
}

Listener::Listener(Kind kind, int descriptor)
    : kind_(kind), descriptor_(descriptor), reserve_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}

Listener::~Listener() {
  if (reserve_ >= 0) ::close(reserve_);
  ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

// No descriptor is left: with the one kept for this, the caller that waits is let in and shown out, so that neither it nor
// the loop hangs on.
void Listener::turn_away() {
  const int reserve = reserve_.exchange(-1);
  if (reserve < 0) return;
  ::close(reserve);
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) ::close(descriptor);
  reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  log::warning("a connection was turned away: no file descriptor is left (raise the limit, ulimit -n)");
}

std::optional<Listener::Accepted> Listener::accept() {
  sockaddr_storage from{};
  socklen_t length = sizeof(from);
  const int descriptor =
      ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&from), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) {
    if (errno == EMFILE || errno == ENFILE) turn_away();
    return std::nullopt;
  }
  Accepted accepted{descriptor, {}};
  accepted.peer.secure = kind_ == Kind::Secure;
  if (kind_ == Kind::Unix) {
    accepted.peer.address = "unix";
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) accepted.peer.uid = credentials.uid;
  } else {
    accepted.peer.address = numeric_address(from);
  }
  return accepted;
}

}  // namespace hearth::gateway
