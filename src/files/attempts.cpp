#include "files/attempts.h"

#include <fmt/format.h>

#include <algorithm>

namespace hearth::files {
namespace {

constexpr int kFree = 5;
constexpr int kFreeForAll = 100;
constexpr Duration kLongest = std::chrono::minutes(15);
constexpr std::size_t kMostRecords = 10'000;

std::string key_of(std::string_view token, std::string_view address) { return fmt::format("{} {}", token, address); }

}  // namespace

Duration Attempts::wait(std::string_view token, std::string_view address) const {
  const auto now = clock_.now();
  Duration longest{0};
  for (const auto& key : {key_of(token, address), key_of(token, "*")}) {
    if (const auto record = records_.find(key); record != records_.end()) {
      longest = std::max(longest, record->second.next - now);
    }
  }
  return longest;
}

void Attempts::failed(std::string_view token, std::string_view address) {
  const auto now = clock_.now();
  forget_old(now);
  add(key_of(token, address), kFree, now);
  add(key_of(token, "*"), kFreeForAll, now);
}

void Attempts::succeeded(std::string_view token, std::string_view address) {
  records_.erase(key_of(token, address));
  if (const auto all = records_.find(key_of(token, "*")); all != records_.end()) --all->second.failures;
}

void Attempts::add(const std::string& key, int free, Time now) {
  auto& record = records_[key];
  record.last = now;
  ++record.failures;
  if (record.failures < free) return;
  const auto doublings = std::min(record.failures - free, 10);
  record.next = now + std::min<Duration>(kLongest, std::chrono::seconds(1 << doublings));
}

void Attempts::forget_old(Time now) {
  std::erase_if(records_, [&](const auto& entry) { return entry.second.last + std::chrono::hours(1) < now; });
  // Someone with very many addresses: the per-link record still slows them.
  while (records_.size() > kMostRecords) {
    records_.erase(std::ranges::min_element(records_, {}, [](const auto& entry) { return entry.second.last; }));
  }
}

}  // namespace hearth::files
