#pragma once
#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/socket_address.h"

namespace hearth::gateway {

// An entrance as the workers use it.
struct RoutedEntrance {
  const Entrance* entrance;  // in the snapshot
  std::string domain;        // the first domain, for redirects when the host has none
  std::optional<SocketAddress> upstream;
};

// A snapshot with the indexes that make looking things up cheap. Immutable, shared by the workers.
class RoutingTable {
 public:
  using Digest = std::array<char, 32>;

  // An entrance that leads to one of `own`, where the box itself listens, has no upstream.
  explicit RoutingTable(std::shared_ptr<const Snapshot> snapshot, std::span<const SocketAddress> own = {});

  // Whom a Host field means. Compares without case.
  struct Target {
    enum class Kind { Box, Entrance, NoSuchEntrance, Stranger } kind;
    const RoutedEntrance* entrance = nullptr;
    std::string_view domain;  // the box's domain that the host ended with
  };
  Target find(std::string_view host) const;
  const RoutedEntrance* entrance(std::string_view id) const;  // null when there is none
  bool has_domain(std::string_view domain) const;

  // The session whose cookie token has this SHA-256; null when there is none.
  const EntranceSession* session(const Digest& digest) const;
  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t value;
      std::memcpy(&value, digest.data(), sizeof(value));
      return value;
    }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::string> domains_;
  std::unordered_map<std::string, RoutedEntrance, TextHash, std::equal_to<>> entrances_;
  std::unordered_map<Digest, const EntranceSession*, DigestHash> sessions_;
};

// Whether a name can only mean this box on this network: an address, localhost, a bare name, or one under a suffix that
// nobody can register. Other names are refused, so that a page elsewhere cannot reach the box by pointing its own name here.
bool is_local_name(std::string_view host);

}  // namespace hearth::gateway
