#include "gateway/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

struct InternetAddress {
  in6_addr address;  // IPv4 in its IPv6 form
  std::uint16_t port;

  bool is_v4() const { return IN6_IS_ADDR_V4MAPPED(&address); }
  bool is_any() const {
    constexpr std::array<unsigned char, 4> kNone = {};
    return is_v4() ? std::memcmp(&address.s6_addr[12], kNone.data(), kNone.size()) == 0 : IN6_IS_ADDR_UNSPECIFIED(&address);
  }
};

InternetAddress internet_address(const SocketAddress& address) {
  InternetAddress made{};
  if (address.family() == AF_INET) {
    const auto& v4 = *reinterpret_cast<const sockaddr_in*>(address.get());
    made.address.s6_addr[10] = made.address.s6_addr[11] = 0xff;
    std::memcpy(&made.address.s6_addr[12], &v4.sin_addr, sizeof(v4.sin_addr));
    made.port = ntohs(v4.sin_port);
  } else {
    const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(address.get());
    made.address = v6.sin6_addr;
    made.port = ntohs(v6.sin6_port);
  }
  return made;
}

// Nothing else can be bound to.
bool is_of_this_machine(const InternetAddress& there) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_in6);
  if (there.is_v4()) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    v4->sin_family = AF_INET;
    std::memcpy(&v4->sin_addr, &there.address.s6_addr[12], sizeof(v4->sin_addr));
    size = sizeof(sockaddr_in);
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = there.address;
  }
  const int descriptor = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const bool bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&storage), size) == 0;
  ::close(descriptor);
  return bound;
}

const char* path_of(const SocketAddress& address) { return reinterpret_cast<const sockaddr_un*>(address.get())->sun_path; }

// By whichever links. (std::filesystem::equivalent() does not compare sockets.)
bool is_one_file(const char* a, const char* b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a, &first) == 0 && ::stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
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

SocketAddress SocketAddress::of_socket(int descriptor) {
  SocketAddress address;
  address.size_ = sizeof(address.storage_);
  ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address.storage_), &address.size_);
  return address;
}

std::uint16_t SocketAddress::port() const { return family() == AF_UNIX ? 0 : internet_address(*this).port; }

bool leads_to(const SocketAddress& target, const SocketAddress& listening) {
  if (target.family() == AF_UNIX || listening.family() == AF_UNIX) {
    return target.family() == listening.family() && is_one_file(path_of(target), path_of(listening));
  }
  const auto there = internet_address(target);
  const auto own = internet_address(listening);
  if (there.port != own.port) return false;
  if (own.is_any() || there.is_any()) return (there.is_v4() || !own.is_v4()) && is_of_this_machine(there);
  return std::memcmp(&there.address, &own.address, sizeof(in6_addr)) == 0;
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
