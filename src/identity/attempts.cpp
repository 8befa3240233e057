#include "identity/attempts.h"

#include <arpa/inet.h>

#include <cstring>

#include "base/bytes.h"

namespace hearth::identity {
namespace {

constexpr std::size_t kMostLanes = 20'000;
constexpr Duration kForget = std::chrono::hours(2);  // longer than any lane's longest wait

}  // namespace

Duration Attempts::wait(const Lane& lane, int failures) const {
  if (failures <= lane.free) return {};
  const int doublings = std::min(failures - lane.free - 1, 20);
  return std::min<Duration>(std::chrono::seconds(std::int64_t{1} << doublings), lane.longest);
}

Result<Attempts::Attempt> Attempts::begin(std::vector<Lane> lanes) {
  const auto now = clock_.now();
  Time opens = now;
  for (const auto& lane : lanes) {
    const auto found = lanes_.find(lane.key);
    if (found != lanes_.end()) opens = std::max(opens, found->second.opens);
  }
  if (opens > now) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(opens - now).count();
    if (seconds == 1) return fail(Code::TooMany, "Too many attempts: try again in 1 second.");
    return fail(Code::TooMany, "Too many attempts: try again in {} seconds.", seconds);
  }
  if (lanes_.size() + lanes.size() > kMostLanes) make_room();
  for (const auto& lane : lanes) {
    auto& state = lanes_[lane.key];
    if (now - state.last > kForget) state.failures = 0;
    state.failures += 1;
    state.opens = now + wait(lane, state.failures);
    state.last = now;
  }
  return Attempt(*this, std::move(lanes));
}

void Attempts::Attempt::succeed() {
  for (const auto& lane : lanes_) {
    if (lane.forgives) {
      owner_->lanes_.erase(lane.key);
    } else {
      take_back(lane);
    }
  }
}

void Attempts::Attempt::withdraw() {
  for (const auto& lane : lanes_) take_back(lane);
}

void Attempts::Attempt::take_back(const Lane& lane) {
  const auto found = owner_->lanes_.find(lane.key);
  if (found == owner_->lanes_.end()) return;
  auto& state = found->second;
  if (--state.failures <= 0) {
    owner_->lanes_.erase(found);
  } else {
    state.opens = state.last + owner_->wait(lane, state.failures);
  }
}

// Forgets what is past; when a flood leaves nothing past, the older half.
void Attempts::make_room() {
  const auto now = clock_.now();
  std::erase_if(lanes_, [&](const auto& entry) { return now - entry.second.last > kForget; });
  if (lanes_.size() < kMostLanes * 3 / 4) return;
  std::vector<Time> times;
  times.reserve(lanes_.size());
  for (const auto& [key, state] : lanes_) times.push_back(state.last);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const auto cut = *middle;
  std::erase_if(lanes_, [&](const auto& entry) { return entry.second.last <= cut; });
}

std::string network_of(const std::string& address) {
  in6_addr six{};
  if (::inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &six) != 1) return address;
  const std::string bytes(reinterpret_cast<const char*>(six.s6_addr), sizeof six.s6_addr);
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    std::array<char, INET_ADDRSTRLEN> four{};
    ::inet_ntop(AF_INET, bytes.data() + 12, four.data(), four.size());
    return four.data();
  }
  return to_hex(bytes.substr(0, 8)) + "/64";
}

}  // namespace hearth::identity
