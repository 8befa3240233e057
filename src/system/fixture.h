#pragma once
#include <fstream>
#include <string_view>

#include "base/temporary_folder.h"

namespace hearth::system {

// A machine made of files: proc/ and sys/ as tests want them.
class Machine {
 public:
  std::filesystem::path root() const { return folder_.path() / "root"; }
  std::filesystem::path home() const { return folder_.path() / "home"; }

  Machine() {
    std::filesystem::create_directories(home());
    write("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 50 0 50 350 50 0 0 0 0 0\ncpu1 50 0 50 350 50 0 0 0 0 0\n"
                       "intr 1 2 3\n");
    write("proc/loadavg", "0.50 1.25 2.00 1/100 4242\n");
    write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:          100000 kB\nMemAvailable:    6000000 kB\n"
                          "SwapTotal:       1000000 kB\nSwapFree:         750000 kB\n");
    write("proc/self/status", "Name:\thearthd\nVmRSS:\t   20480 kB\n");
    write("proc/diskstats", "   8       0 sda 10 0 1000 5 10 0 2000 5 0 0 0\n   7       0 loop0 1 0 9999 1 1 0 9999 1 0 0 0\n");
    write("sys/block/sda/device/model", "Disk");
    write("proc/net/dev", "Inter-|   Receive  |  Transmit\n face |bytes packets\n"
                          "    lo: 500 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n"
                          "  eth0:1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\n"
                          "podman0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n"
                          " wlan0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
    write("sys/class/net/eth0/device/vendor", "0x8086");
  }

  void write(std::string_view path, std::string_view text) const {
    const auto file = root() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace hearth::system
