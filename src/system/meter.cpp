#include "system/meter.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <cmath>

#include "system/gpus.h"
#include "system/proc_file.h"

namespace hearth::system {
namespace {

constexpr std::uint64_t kSector = 512;  // of /proc/diskstats, whatever the disk's own is

double one_decimal(double value) { return std::round(value * 10) / 10; }

// proc(5), /proc/stat: user nice system idle iowait irq softirq steal; guest time is part of user time.
Counters::Core core_of(const std::vector<std::string_view>& fields) {
  Counters::Core core;
  for (std::size_t i = 1; i < fields.size() && i <= 8; ++i) {
    const auto ticks = number<std::uint64_t>(fields[i]);
    core.total += ticks;
    if (i != 4 && i != 5) core.busy += ticks;
  }
  return core;
}

double percent(const Counters::Core& before, const Counters::Core& after) {
  if (after.total <= before.total || after.busy < before.busy) return 0;
  return one_decimal(100.0 * static_cast<double>(after.busy - before.busy) / static_cast<double>(after.total - before.total));
}

// A counter that went backwards was reset: a card replugged.
double rate(std::uint64_t before, std::uint64_t after, double seconds) {
  if (after < before || seconds <= 0) return 0;
  return std::round(static_cast<double>(after - before) / seconds);
}

void read_processor(const std::filesystem::path& root, Counters& counters) {
  const auto text = read_text(root / "proc/stat");
  for (const auto line : split(text, "\n")) {
    const auto fields = split(line, " ");
    if (fields.empty() || !fields[0].starts_with("cpu")) continue;
    if (fields[0] == "cpu") {
      counters.all = core_of(fields);
    } else {
      counters.cores.push_back(core_of(fields));
    }
  }
}

// The disk under the home; where its file system has no one disk (btrfs, overlay, ZFS), all disks together.
void read_disk(const std::filesystem::path& root, const std::filesystem::path& home, Counters& counters) {
  struct stat status {};
  const bool known = ::stat(home.c_str(), &status) == 0;
  const auto text = read_text(root / "proc/diskstats");
  Counters every;
  for (const auto line : split(text, "\n")) {
    const auto fields = split(line, " ");
    if (fields.size() < 10) continue;
    const auto read = number<std::uint64_t>(fields[5]) * kSector;
    const auto written = number<std::uint64_t>(fields[9]) * kSector;
    if (known && number<unsigned>(fields[0]) == major(status.st_dev) && number<unsigned>(fields[1]) == minor(status.st_dev)) {
      counters.disk_read = read;
      counters.disk_written = written;
      return;
    }
    if (std::filesystem::exists(root / "sys/block" / fields[2] / "device")) {
      every.disk_read += read;
      every.disk_written += written;
    }
  }
  counters.disk_read = every.disk_read;
  counters.disk_written = every.disk_written;
}

void read_network(const std::filesystem::path& root, Counters& counters) {
  const auto text = read_text(root / "proc/net/dev");
  for (const auto line : split(text, "\n")) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;  // the two lines of headings
    auto name = line.substr(0, colon);
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    const auto fields = split(line.substr(colon + 1), " ");
    if (name == "lo" || fields.size() < 9) continue;
    counters.traffic[std::string(name)] = {number<std::uint64_t>(fields[0]), number<std::uint64_t>(fields[8]),
                                           std::filesystem::exists(root / "sys/class/net" / name / "device")};
  }
}

std::int64_t kilobytes(std::string_view text, std::string_view key) {
  return number<std::int64_t>(value_of(text, key)) * 1024;
}

void add_memory(const std::filesystem::path& root, Sample& sample) {
  const auto text = read_text(root / "proc/meminfo");
  sample.memory_total = kilobytes(text, "MemTotal");
  sample.memory_used = sample.memory_total - kilobytes(text, "MemAvailable");
  sample.swap_total = kilobytes(text, "SwapTotal");
  sample.swap_used = sample.swap_total - kilobytes(text, "SwapFree");
  sample.own_memory = kilobytes(read_text(root / "proc/self/status"), "VmRSS");
}

void add_disk_space(const std::filesystem::path& home, Sample& sample) {
  struct statvfs space {};
  if (::statvfs(home.c_str(), &space) != 0) return;
  sample.disk_total = static_cast<std::int64_t>(space.f_blocks * space.f_frsize);
  // What is kept back for root is nobody's to fill: used as far as the box goes.
  sample.disk_used = static_cast<std::int64_t>((space.f_blocks - space.f_bavail) * space.f_frsize);
}

void add_traffic(const Counters& before, const Counters& after, double seconds, Sample& sample) {
  const bool any_card = std::any_of(after.traffic.begin(), after.traffic.end(), [](const auto& t) { return t.second.card; });
  for (const auto& [name, traffic] : after.traffic) {
    if (traffic.in == 0 && traffic.out == 0) continue;
    Interface interface{name, 0, 0};
    if (const auto earlier = before.traffic.find(name); earlier != before.traffic.end()) {
      interface.in = rate(earlier->second.in, traffic.in, seconds);
      interface.out = rate(earlier->second.out, traffic.out, seconds);
    }
    if (traffic.card || !any_card) {
      sample.network_in += interface.in;
      sample.network_out += interface.out;
    }
    sample.interfaces.push_back(std::move(interface));
  }
}

}  // namespace

std::optional<double> processor_temperature(const std::filesystem::path& root) {
  const auto degrees = [](const std::filesystem::path& path) -> std::optional<double> {
    const auto text = read_text(path);
    if (text.empty()) return std::nullopt;
    return one_decimal(number<double>(text) / 1000);
  };
  for (const auto& sensor : entries(root / "sys/class/hwmon", "hwmon")) {
    const auto name = read_text(sensor / "name");
    if (name != "coretemp" && name != "k10temp" && name != "zenpower" && name != "cpu_thermal") continue;
    if (const auto found = degrees(sensor / "temp1_input")) return found;
  }
  for (const auto& zone : entries(root / "sys/class/thermal", "thermal_zone")) {
    const auto type = read_text(zone / "type");
    if (!type.contains("pkg_temp") && !type.contains("cpu") && type != "acpitz") continue;
    if (const auto found = degrees(zone / "temp")) return found;
  }
  return std::nullopt;
}

Counters Meter::read(Time now) const {
  Counters counters;
  counters.time = now;
  read_processor(root_, counters);
  read_disk(root_, home_, counters);
  read_network(root_, counters);
  return counters;
}

void Meter::begin(Time now) { before_ = read(now); }

Sample Meter::measure(Time now) {
  auto after = read(now);
  const auto seconds = std::chrono::duration<double>(after.time - before_.time).count();
  Sample sample;
  sample.time = now;
  sample.cpu = percent(before_.all, after.all);
  for (std::size_t i = 0; i < after.cores.size(); ++i) {
    sample.cores.push_back(i < before_.cores.size() ? percent(before_.cores[i], after.cores[i]) : 0);
  }
  const auto load = read_text(root_ / "proc/loadavg");
  for (const auto field : split(load, " ")) {
    if (sample.load.size() == 3) break;
    sample.load.push_back(number<double>(field));
  }
  add_memory(root_, sample);
  add_disk_space(home_, sample);
  sample.disk_read = rate(before_.disk_read, after.disk_read, seconds);
  sample.disk_written = rate(before_.disk_written, after.disk_written, seconds);
  add_traffic(before_, after, seconds, sample);
  sample.temperature = processor_temperature(root_);
  sample.gpus = gpus_->measure();
  before_ = std::move(after);
  return sample;
}

}  // namespace hearth::system
