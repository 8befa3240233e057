#pragma once
#include <map>
#include <string>
#include <vector>

#include "system/system.h"

namespace hearth::system {

// The counters of /proc at one moment.
struct Counters {
  struct Core {
    std::uint64_t busy = 0;
    std::uint64_t total = 0;
  };
  struct Traffic {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    bool card = false;  // a network card, not a bridge or a tunnel over one
  };
  Time time;
  Core all;
  std::vector<Core> cores;
  std::uint64_t disk_read = 0;  // bytes
  std::uint64_t disk_written = 0;
  std::map<std::string, Traffic> traffic;
};

// Measures between two readings of the counters. Blocking; one thread at a time.
class Meter {
 public:
  Meter(std::filesystem::path root, std::filesystem::path home, std::shared_ptr<Gpus> gpus)
      : root_(std::move(root)), home_(std::move(home)), gpus_(std::move(gpus)) {}

  // Reads the counters; the next measure() counts from here.
  void begin(Time now);
  Sample measure(Time now);

 private:
  Counters read(Time now) const;
  std::filesystem::path root_;
  std::filesystem::path home_;
  std::shared_ptr<Gpus> gpus_;
  Counters before_;
};

// The processor's temperature, where a sensor tells it.
std::optional<double> processor_temperature(const std::filesystem::path& root);

}  // namespace hearth::system
