#include "system/gpus.h"

#include "system/proc_file.h"

namespace hearth::system {
namespace {

constexpr std::string_view kAmd = "0x1002";
constexpr std::string_view kIntel = "0x8086";
constexpr std::string_view kNvidia = "0x10de";

std::optional<std::int64_t> bytes(const std::filesystem::path& path) {
  const auto text = read_text(path);
  if (text.empty()) return std::nullopt;
  return number<std::int64_t>(text);
}

// Documentation/gpu/amdgpu/thermal.rst and Documentation/ABI in the Linux sources: gpu_busy_percent, mem_info_vram_*,
// hwmon/temp1_input (millidegrees), hwmon/power1_average or power1_input (microwatts).
Gpu measure_card(const std::filesystem::path& device, std::string name) {
  Gpu gpu;
  gpu.name = std::move(name);
  if (const auto busy = read_text(device / "gpu_busy_percent"); !busy.empty()) gpu.load = number<double>(busy);
  gpu.memory_used = bytes(device / "mem_info_vram_used");
  gpu.memory_total = bytes(device / "mem_info_vram_total");
  for (const auto& sensor : entries(device / "hwmon", "hwmon")) {
    if (const auto text = read_text(sensor / "temp1_input"); !text.empty()) gpu.temperature = number<double>(text) / 1000;
    for (const auto* file : {"power1_average", "power1_input"}) {
      if (const auto text = read_text(sensor / file); !text.empty() && !gpu.power) gpu.power = number<double>(text) / 1e6;
    }
  }
  return gpu;
}

std::string card_name(const std::filesystem::path& device, std::string_view vendor) {
  if (auto name = read_text(device / "product_name"); !name.empty()) return name;
  const auto id = read_text(device / "device");
  const auto maker = vendor == kAmd ? "AMD" : vendor == kIntel ? "Intel" : "NVIDIA";
  return fmt::format("{} GPU {}", maker, id);
}

}  // namespace

std::vector<Gpu> Gpus::measure() {
  const std::lock_guard lock(mutex_);
  if (!looked_for_nvidia_) {
    nvidia_ = Nvidia::open(nvidia_library_);
    looked_for_nvidia_ = true;
  }
  std::vector<Gpu> gpus;
  if (nvidia_) gpus = nvidia_->measure();
  for (const auto& card : entries(root_ / "sys/class/drm", "card")) {
    if (card.filename().string().contains('-')) continue;  // a connector of a card: card0-HDMI-A-1
    const auto vendor = read_text(card / "device/vendor");
    if (vendor != kAmd && vendor != kIntel && vendor != kNvidia) continue;  // a virtual machine's screen
    if (vendor == kNvidia && nvidia_) continue;
    gpus.push_back(measure_card(card / "device", card_name(card / "device", vendor)));
  }
  return gpus;
}

}  // namespace hearth::system
