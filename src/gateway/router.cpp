#include "gateway/router.h"

#include <algorithm>

#include "gateway/ascii.h"

namespace hearth::gateway {

RoutingTable::RoutingTable(std::shared_ptr<const Snapshot> snapshot, std::span<const SocketAddress> own)
    : snapshot_(std::move(snapshot)) {
  for (const auto& domain : snapshot_->domains) {
    std::string lower = domain;
    std::ranges::transform(lower, lower.begin(), to_lower);
    domains_.push_back(std::move(lower));
  }
  for (const auto& [id, entrance] : snapshot_->entrances) {
    auto upstream = SocketAddress::parse_upstream(entrance.upstream);
    if (upstream && std::ranges::any_of(own, [&](const auto& each) { return leads_to(*upstream, each); })) upstream.reset();
    entrances_.emplace(id, RoutedEntrance{&entrance, domains_.empty() ? std::string() : domains_.front(), upstream});
  }
  sessions_.reserve(snapshot_->sessions.size());
  for (const auto& [digest, session] : snapshot_->sessions) {
    if (digest.size() != 32) continue;
    Digest key;
    std::memcpy(key.data(), digest.data(), key.size());
    sessions_.emplace(key, &session);
  }
}

const RoutedEntrance* RoutingTable::entrance(std::string_view id) const {
  const auto found = entrances_.find(id);
  return found == entrances_.end() ? nullptr : &found->second;
}

bool RoutingTable::has_domain(std::string_view domain) const { return std::ranges::find(domains_, domain) != domains_.end(); }

RoutingTable::Target RoutingTable::find(std::string_view host) const {
  if (host.empty() || host.size() > 254) return {Target::Kind::Box, nullptr, {}};
  std::array<char, 256> buffer;
  std::ranges::transform(host, buffer.begin(), to_lower);
  const std::string_view lower(buffer.data(), host.size());
  for (const auto& domain : domains_) {
    if (!lower.ends_with(domain)) continue;
    if (lower.size() == domain.size()) return {Target::Kind::Box, nullptr, domain};
    const auto label = lower.substr(0, lower.size() - domain.size() - 1);
    if (lower[label.size()] != '.') continue;
    const auto found = entrances_.find(label);
    if (found == entrances_.end()) return {Target::Kind::NoSuchEntrance, nullptr, domain};
    return {Target::Kind::Entrance, &found->second, domain};
  }
  return {is_local_name(lower) ? Target::Kind::Box : Target::Kind::Stranger, nullptr, {}};
}

const EntranceSession* RoutingTable::session(const Digest& digest) const {
  const auto found = sessions_.find(digest);
  return found == sessions_.end() ? nullptr : found->second;
}

bool is_local_name(std::string_view host) {
  if (host.starts_with('[')) return true;
  const auto last_dot = host.rfind('.');
  if (last_dot == std::string_view::npos) return true;
  const auto last = host.substr(last_dot + 1);
  if (std::ranges::all_of(last, is_digit)) return true;  // an IPv4 address: no top-level domain is a number
  for (const std::string_view suffix : {".localhost", ".local", ".lan", ".home.arpa", ".internal"}) {
    if (host.ends_with(suffix)) return true;
  }
  return false;
}

}  // namespace hearth::gateway
