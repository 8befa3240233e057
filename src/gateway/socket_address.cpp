#include "gateway/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <cstring>

namespace hearth::gateway {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text, unsigned lowest) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < lowest || port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

struct HostAndPort {
  std::string host;
  std::uint16_t port;
};

std::optional<HostAndPort> split(std::string_view text, unsigned lowest_port) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1), lowest_port);
  if (!port) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  return HostAndPort{std::string(host), *port};
}

bool fill(const HostAndPort& where, sockaddr_storage& storage, socklen_t& size) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  if (::inet_pton(AF_INET, where.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(where.port);
    size = sizeof(sockaddr_in);
    return true;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (::inet_pton(AF_INET6, where.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(where.port);
    size = sizeof(sockaddr_in6);
    return true;
  }
  return false;
}

}  // namespace

std::optional<SocketAddress> SocketAddress::parse_listening(std::string_view text) {
  auto where = split(text, 0);
  if (!where) return std::nullopt;
  if (where->host.empty() || where->host == "*") where->host = "::";
  if (where->host == "localhost") where->host = "127.0.0.1";
  SocketAddress address;
  if (!fill(*where, address.storage_, address.size_)) return std::nullopt;
  return address;
}

std::optional<SocketAddress> SocketAddress::parse_upstream(std::string_view text) {
  if (text.starts_with("unix:")) return unix_path(text.substr(5));
  auto where = split(text, 1);
  if (!where) return std::nullopt;
  if (where->host == "localhost") where->host = "127.0.0.1";
  SocketAddress address;
  if (!fill(*where, address.storage_, address.size_)) return std::nullopt;
  return address;
}

std::optional<SocketAddress> SocketAddress::unix_path(std::string_view path) {
  SocketAddress address;
  auto* local = reinterpret_cast<sockaddr_un*>(&address.storage_);
  if (path.empty() || path.size() >= sizeof(local->sun_path)) return std::nullopt;
  local->sun_family = AF_UNIX;
  std::memcpy(local->sun_path, path.data(), path.size());
  address.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

std::string numeric_address(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      ::inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &v6, text.data(), text.size());
    }
  }
  return text.data();
}

}  // namespace hearth::gateway
