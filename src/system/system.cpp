#include "system/system.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include "system/gpus.h"
#include "system/meter.h"
#include "system/proc_file.h"

namespace hearth::system {
namespace {

constexpr auto kFirstMeasurement = std::chrono::milliseconds(250);
constexpr auto kHomeSizeAge = std::chrono::minutes(1);

// PRETTY_NAME="Debian GNU/Linux 12 (bookworm)" of os-release(5).
std::string operating_system(const std::filesystem::path& root) {
  const auto text = read_text(root / "etc/os-release");
  for (const auto line : split(text, "\n")) {
    if (!line.starts_with("PRETTY_NAME=")) continue;
    auto name = line.substr(12);
    if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
    return std::string(name);
  }
  return "Linux";
}

// The numeric addresses others can reach the machine at: neither loopback nor link-local.
std::vector<std::string> network_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, ::freeifaddrs);
  for (const auto* entry = first; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr) continue;
    char text[INET6_ADDRSTRLEN] = {};
    if (entry->ifa_addr->sa_family == AF_INET) {
      const auto& address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr;
      const auto number = ntohl(address.s_addr);
      if (number >> 24 == 127 || number >> 16 == 0xa9fe) continue;
      ::inet_ntop(AF_INET, &address, text, sizeof text);
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      const auto& address = reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
      if (IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_LINKLOCAL(&address)) continue;
      ::inet_ntop(AF_INET6, &address, text, sizeof text);
    } else {
      continue;
    }
    addresses.emplace_back(text);
  }
  return addresses;
}

// What the folder's files take on the disk. Files that come and go meanwhile are no error.
std::int64_t size_on_disk(const std::filesystem::path& folder) {
  std::int64_t bytes = 0;
  std::error_code error;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator entry(folder, options, error), end; !error && entry != end;
       entry.increment(error)) {
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) == 0) bytes += status.st_blocks * 512;
  }
  return bytes;
}

State read_state(const System::Options& options, std::shared_ptr<Gpus> gpus, Time now) {
  const auto& root = options.root;
  State state;
  state.version = options.version;
  state.hostname = read_text(root / "proc/sys/kernel/hostname");
  state.operating_system = operating_system(root);
  state.kernel = read_text(root / "proc/sys/kernel/osrelease");
  state.machine_uptime = number<double>(read_text(root / "proc/uptime"));
  state.addresses = network_addresses();
  state.home = options.home.string();
  // Arm machines leave "model name" out of cpuinfo and name the board in the device tree.
  const auto processors = read_text(root / "proc/cpuinfo");
  state.processor = value_of(processors, "model name");
  if (state.processor.empty()) {
    state.processor = read_text(root / "proc/device-tree/model");
    std::erase(state.processor, '\0');
  }
  const auto sample = Meter(root, options.home, std::move(gpus)).measure(now);
  state.cores = static_cast<std::int64_t>(sample.cores.size());
  state.memory_total = sample.memory_total;
  state.disk_total = sample.disk_total;
  state.disk_used = sample.disk_used;
  for (const auto& gpu : sample.gpus) state.gpus.push_back(gpu.name);
  return state;
}

}  // namespace

System::System(Options options, Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      started_(clock.now()),
      gpus_(std::make_shared<Gpus>(options_.root, options_.nvidia_library)),
      pool_("system", 2) {}

System::~System() = default;

Task<Result<State>> System::state() {
  const auto now = clock_.now();
  auto state = co_await offload(pool_, [options = options_, gpus = gpus_, now] { return read_state(options, gpus, now); });
  if (!home_size_ || now - home_size_->when >= kHomeSizeAge) {
    const auto bytes = co_await offload(pool_, [home = options_.home] { return size_on_disk(home); });
    home_size_ = Measured{now, bytes};
  }
  state.home_size = home_size_->bytes;
  state.started = started_;
  state.uptime = std::chrono::duration<double>(now - started_).count();
  co_return state;
}

System::Watch System::watch() {
  return {*this, std::make_unique<Meter>(options_.root, options_.home, gpus_)};
}

System::Watch::Watch(System& system, std::unique_ptr<Meter> meter) : system_(&system), meter_(std::move(meter)) {}
System::Watch::~Watch() = default;
System::Watch::Watch(Watch&&) noexcept = default;

Task<Result<Sample>> System::Watch::next(Duration interval) {
  auto& self = *system_;
  if (std::exchange(first_, false)) {
    co_await offload(self.pool_, [meter = meter_, now = self.clock_.now()] { meter->begin(now); });
    interval = std::min<Duration>(interval, kFirstMeasurement);
  }
  co_await self.clock_.sleep_for(interval);
  co_return co_await offload(self.pool_, [meter = meter_, now = self.clock_.now()] { return meter->measure(now); });
}

}  // namespace hearth::system
