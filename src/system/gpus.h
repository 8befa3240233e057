#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "system/system.h"

namespace hearth::system {

// NVIDIA's cards, through the library that comes with their driver (NVML, loaded when there). Blocking.
class Nvidia {
 public:
  // Null when the library or its driver is not there.
  static std::unique_ptr<Nvidia> open(const std::string& library);
  ~Nvidia();
  Nvidia(const Nvidia&) = delete;
  Nvidia& operator=(const Nvidia&) = delete;

  std::vector<Gpu> measure() const;

 private:
  struct Functions;
  Nvidia(void* library, std::unique_ptr<Functions> functions, std::vector<void*> devices);
  void* library_;
  std::unique_ptr<Functions> functions_;
  std::vector<void*> devices_;
};

// Every graphics processor of the machine. Blocking; any thread.
class Gpus {
 public:
  Gpus(std::filesystem::path root, std::string nvidia_library)
      : root_(std::move(root)), nvidia_library_(std::move(nvidia_library)) {}

  std::vector<Gpu> measure();

 private:
  std::filesystem::path root_;
  std::string nvidia_library_;
  std::mutex mutex_;
  std::unique_ptr<Nvidia> nvidia_;
  bool looked_for_nvidia_ = false;  // only once: without a card, loading fails slowly
};

}  // namespace hearth::system
