#include <dlfcn.h>

#include "system/gpus.h"

namespace hearth::system {
namespace {

// The few declarations of NVML's interface that are used here: docs.nvidia.com, "NVML API Reference".
struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
struct Utilization {
  unsigned int gpu;
  unsigned int memory;
};
constexpr int kSuccess = 0;
constexpr unsigned int kDieTemperature = 0;
constexpr unsigned int kNameLength = 96;

template <typename F>
bool find(void* library, const char* name, F*& function) {
  function = reinterpret_cast<F*>(::dlsym(library, name));
  return function != nullptr;
}

}  // namespace

struct Nvidia::Functions {
  int (*init)();
  int (*shutdown)();
  int (*count)(unsigned int*);
  int (*handle)(unsigned int, void**);
  int (*name)(void*, char*, unsigned int);
  int (*memory)(void*, Memory*);
  int (*utilization)(void*, Utilization*);
  int (*temperature)(void*, unsigned int, unsigned int*);
  int (*power)(void*, unsigned int*);
};

std::unique_ptr<Nvidia> Nvidia::open(const std::string& library_name) {
  void* library = ::dlopen(library_name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return nullptr;
  auto functions = std::make_unique<Functions>();
  auto& f = *functions;
  const bool complete = find(library, "nvmlInit_v2", f.init) && find(library, "nvmlShutdown", f.shutdown) &&
                        find(library, "nvmlDeviceGetCount_v2", f.count) &&
                        find(library, "nvmlDeviceGetHandleByIndex_v2", f.handle) &&
                        find(library, "nvmlDeviceGetName", f.name) &&
                        find(library, "nvmlDeviceGetMemoryInfo", f.memory) &&
                        find(library, "nvmlDeviceGetUtilizationRates", f.utilization) &&
                        find(library, "nvmlDeviceGetTemperature", f.temperature) &&
                        find(library, "nvmlDeviceGetPowerUsage", f.power);
  if (!complete || f.init() != kSuccess) {
    ::dlclose(library);
    return nullptr;
  }
  unsigned int count = 0;
  std::vector<void*> devices;
  if (f.count(&count) == kSuccess) {
    for (unsigned int i = 0; i < count; ++i) {
      void* device = nullptr;
      if (f.handle(i, &device) == kSuccess) devices.push_back(device);
    }
  }
  return std::unique_ptr<Nvidia>(new Nvidia(library, std::move(functions), std::move(devices)));
}

Nvidia::Nvidia(void* library, std::unique_ptr<Functions> functions, std::vector<void*> devices)
    : library_(library), functions_(std::move(functions)), devices_(std::move(devices)) {}

Nvidia::~Nvidia() {
  functions_->shutdown();
  ::dlclose(library_);
}

std::vector<Gpu> Nvidia::measure() const {
  std::vector<Gpu> gpus;
  for (void* device : devices_) {
    Gpu gpu;
    std::array<char, kNameLength> name{};
    gpu.name = functions_->name(device, name.data(), kNameLength) == kSuccess ? name.data() : "NVIDIA GPU";
    if (Memory memory{}; functions_->memory(device, &memory) == kSuccess) {
      gpu.memory_used = static_cast<std::int64_t>(memory.used);
      gpu.memory_total = static_cast<std::int64_t>(memory.total);
    }
    if (Utilization rates{}; functions_->utilization(device, &rates) == kSuccess) gpu.load = rates.gpu;
    if (unsigned int degrees = 0; functions_->temperature(device, kDieTemperature, &degrees) == kSuccess) {
      gpu.temperature = degrees;
    }
    if (unsigned int milliwatts = 0; functions_->power(device, &milliwatts) == kSuccess) gpu.power = milliwatts / 1000.0;
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

}  // namespace hearth::system
