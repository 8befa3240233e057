#include "system/gpus.h"

#include <gtest/gtest.h>

#include "system/fixture.h"

namespace hearth::system {
namespace {

TEST(Gpus, NoneIsNoError) {
  const Machine machine;
  EXPECT_TRUE(Gpus(machine.root(), "no-such-library.so").measure().empty());
}

TEST(Gpus, ReadsAmdAndIntelCardsFromSys) {
  const Machine machine;
  machine.write("sys/class/drm/card0/device/vendor", "0x1002\n");
  machine.write("sys/class/drm/card0/device/product_name", "Radeon Pro\n");
  machine.write("sys/class/drm/card0/device/gpu_busy_percent", "42\n");
  machine.write("sys/class/drm/card0/device/mem_info_vram_used", "1048576\n");
  machine.write("sys/class/drm/card0/device/mem_info_vram_total", "8589934592\n");
  machine.write("sys/class/drm/card0/device/hwmon/hwmon3/temp1_input", "55000\n");
  machine.write("sys/class/drm/card0/device/hwmon/hwmon3/power1_average", "31000000\n");
  machine.write("sys/class/drm/card0-HDMI-A-1/device/vendor", "0x1002\n");
  machine.write("sys/class/drm/card1/device/vendor", "0x8086\n");
  machine.write("sys/class/drm/card1/device/device", "0x46a6\n");
  machine.write("sys/class/drm/card2/device/vendor", "0x1234\n");  // a virtual machine's screen

  const auto gpus = Gpus(machine.root(), "no-such-library.so").measure();
  ASSERT_EQ(gpus.size(), 2);
  EXPECT_EQ(gpus[0].name, "Radeon Pro");
  EXPECT_EQ(gpus[0].load, 42);
  EXPECT_EQ(gpus[0].memory_used, 1048576);
  EXPECT_EQ(gpus[0].memory_total, 8589934592);
  EXPECT_EQ(gpus[0].temperature, 55);
  EXPECT_EQ(gpus[0].power, 31);
  EXPECT_EQ(gpus[1].name, "Intel GPU 0x46a6");
  EXPECT_FALSE(gpus[1].load) << "what the driver does not tell is left out, not 0";
}

TEST(Gpus, ReadsNvidiaCardsThroughTheirLibrary) {
  const Machine machine;
  machine.write("sys/class/drm/card0/device/vendor", "0x10de\n");  // the same card, seen by the kernel
  const auto gpus = Gpus(machine.root(), FAKE_NVML).measure();
  ASSERT_EQ(gpus.size(), 2);
  EXPECT_EQ(gpus[0].name, "GeForce 1");
  EXPECT_EQ(gpus[0].load, 37);
  EXPECT_EQ(gpus[0].memory_used, 6LL << 30);
  EXPECT_EQ(gpus[0].memory_total, 24LL << 30);
  EXPECT_EQ(gpus[0].temperature, 61);
  EXPECT_EQ(gpus[0].power, 142.5);
  EXPECT_EQ(gpus[1].name, "GeForce 2");
  EXPECT_FALSE(gpus[1].load);
  EXPECT_FALSE(gpus[1].temperature);
}

TEST(Gpus, NamesAnNvidiaCardWhoseLibraryIsMissing) {
  const Machine machine;
  machine.write("sys/class/drm/card0/device/vendor", "0x10de\n");
  machine.write("sys/class/drm/card0/device/device", "0x2684\n");
  const auto gpus = Gpus(machine.root(), "no-such-library.so").measure();
  ASSERT_EQ(gpus.size(), 1);
  EXPECT_EQ(gpus[0].name, "NVIDIA GPU 0x2684");
}

}  // namespace
}  // namespace hearth::system
