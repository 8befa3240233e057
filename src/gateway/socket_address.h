#pragma once
#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace hearth::gateway {

// Where a socket listens or connects to: IPv4, IPv6 or a unix path. Numeric only; "localhost" is 127.0.0.1.
class SocketAddress {
 public:
  static std::optional<SocketAddress> parse_listening(std::string_view text);  // "ADDR:PORT"; ":PORT" is every address
  static std::optional<SocketAddress> parse_upstream(std::string_view text);   // "ADDR:PORT" or "unix:/path"
  static std::optional<SocketAddress> unix_path(std::string_view path);
  static SocketAddress of_socket(int descriptor);  // what it is bound to

  int family() const { return storage_.ss_family; }
  std::uint16_t port() const;  // 0 of a unix path
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

// Whether a connection to `target` comes to who listens at `listening`: that address, or any of this machine at the port
// when every one is listened on; for a unix socket the same file by whichever path.
bool leads_to(const SocketAddress& target, const SocketAddress& listening);

// "192.168.1.5" or "fe80::1"; an IPv4 address mapped into IPv6 is given as IPv4.
std::string numeric_address(const sockaddr_storage& address);

}  // namespace hearth::gateway
