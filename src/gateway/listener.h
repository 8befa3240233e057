#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/http.h"
#include "gateway/socket_address.h"

namespace hearth::gateway {

// A listening socket, shared by the workers.
class Listener {
 public:
  enum class Kind { Plain, Secure, Unix };

  // `address` is "ADDR:PORT", "[v6]:PORT" or ":PORT" (every address). `option` names the option to change ("--http").
  static Result<std::unique_ptr<Listener>> open_tcp(const std::string& address, Kind kind, std::string_view option);
  // Replaces a socket that nobody listens on. Mode 0600.
  static Result<std::unique_ptr<Listener>> open_unix(const std::string& path);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Kind kind() const { return kind_; }
  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }
  const SocketAddress& address() const { return address_; }

  struct Accepted {
    int descriptor;
    Peer peer;
  };
  // None when nobody waits (or what came is gone already).
  std::optional<Accepted> accept();

 private:
  Listener(Kind kind, int descriptor);
  void turn_away();
  Kind kind_;
  int descriptor_;
  std::string path_;
  std::atomic<int> reserve_;  // a descriptor given up when none is left
  std::uint16_t port_ = 0;
  SocketAddress address_;
};

}  // namespace hearth::gateway
