#include "system/meter.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "system/fixture.h"
#include "system/gpus.h"

namespace hearth::system {
namespace {

const Time kStart = Time(std::chrono::seconds(1'700'000'000));

Meter meter_of(const Machine& machine) {
  return Meter(machine.root(), machine.home(), std::make_shared<Gpus>(machine.root(), "no-such-library.so"));
}

TEST(Meter, MeasuresWhatHappenedBetweenTwoReadings) {
  const Machine machine;
  auto meter = meter_of(machine);
  meter.begin(kStart);
  // 100 ticks later: 25 busy, 70 idle, 5 waiting for the disk; the first core did all the work.
  machine.write("proc/stat", "cpu  120 0 105 770 105 0 0 0 0 0\ncpu0 70 0 55 370 55 0 0 0 0 0\ncpu1 50 0 50 400 50 0 0 0 0 0\n");
  machine.write("proc/diskstats", "   8       0 sda 10 0 1020 5 10 0 2004 5 0 0 0\n");
  machine.write("proc/net/dev", "  eth0:3000 1 0 0 0 0 0 0 2500 1 0 0 0 0 0 0\npodman0: 40 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n");
  const auto sample = meter.measure(kStart + std::chrono::seconds(2));

  EXPECT_DOUBLE_EQ(sample.cpu, 25);
  EXPECT_EQ(sample.cores, (std::vector<double>{50, 0}));
  EXPECT_EQ(sample.load, (std::vector<double>{0.5, 1.25, 2}));
  EXPECT_EQ(sample.memory_total, 8'000'000LL * 1024);
  EXPECT_EQ(sample.memory_used, 2'000'000LL * 1024);
  EXPECT_EQ(sample.swap_used, 250'000LL * 1024);
  EXPECT_EQ(sample.own_memory, 20'480LL * 1024);
  EXPECT_DOUBLE_EQ(sample.disk_read, 20 * 512 / 2);
  EXPECT_DOUBLE_EQ(sample.disk_written, 4 * 512 / 2);
  EXPECT_GT(sample.disk_total, 0);
  ASSERT_EQ(sample.interfaces.size(), 2);  // neither lo nor one without traffic
  EXPECT_EQ(sample.interfaces[0].name, "eth0");
  EXPECT_DOUBLE_EQ(sample.interfaces[0].in, 1000);
  EXPECT_DOUBLE_EQ(sample.interfaces[0].out, 250);
  EXPECT_DOUBLE_EQ(sample.network_in, 1000) << "a bridge's traffic is not counted again";
  EXPECT_DOUBLE_EQ(sample.network_out, 250);
}

TEST(Meter, CountsTheDiskUnderTheHomeAlone) {
  const Machine machine;
  struct stat status {};
  ASSERT_EQ(::stat(machine.home().c_str(), &status), 0);
  const auto line = [&](int sectors) {
    return fmt::format("   8 0 sda 1 0 {} 1 1 0 {} 1 0 0 0\n {} {} home 1 0 {} 1 1 0 0 1 0 0 0\n", sectors * 50, sectors * 50,
                       major(status.st_dev), minor(status.st_dev), sectors);
  };
  machine.write("proc/diskstats", line(0));
  auto meter = meter_of(machine);
  meter.begin(kStart);
  machine.write("proc/diskstats", line(8));
  const auto sample = meter.measure(kStart + std::chrono::seconds(1));
  EXPECT_DOUBLE_EQ(sample.disk_read, 8 * 512);
  EXPECT_DOUBLE_EQ(sample.disk_written, 0);
}

TEST(Meter, TakesACounterThatWentBackForNoTraffic) {
  const Machine machine;
  auto meter = meter_of(machine);
  meter.begin(kStart);
  machine.write("proc/stat", "cpu  1 0 1 7 1 0 0 0 0 0\ncpu0 1 0 1 7 1 0 0 0 0 0\n");
  machine.write("proc/net/dev", "  eth0:10 1 0 0 0 0 0 0 10 1 0 0 0 0 0 0\n  usb0: 99 1 0 0 0 0 0 0 99 1 0 0 0 0 0 0\n");
  const auto sample = meter.measure(kStart + std::chrono::seconds(1));
  EXPECT_DOUBLE_EQ(sample.cpu, 0);
  EXPECT_DOUBLE_EQ(sample.network_in, 0);
  ASSERT_EQ(sample.interfaces.size(), 2);
  EXPECT_DOUBLE_EQ(sample.interfaces[1].in, 0) << "what a new card did before is not a rate";
}

TEST(Meter, WithoutProcAllIsZero) {
  const TemporaryFolder empty;
  Meter meter(empty.path(), empty.path() / "gone", std::make_shared<Gpus>(empty.path(), "no-such-library.so"));
  meter.begin(kStart);
  const auto sample = meter.measure(kStart);
  EXPECT_EQ(sample.cpu, 0);
  EXPECT_EQ(sample.memory_total, 0);
  EXPECT_TRUE(sample.interfaces.empty());
  EXPECT_FALSE(sample.temperature);
}

TEST(Temperature, PrefersTheProcessorsOwnSensor) {
  const Machine machine;
  EXPECT_FALSE(processor_temperature(machine.root()));
  machine.write("sys/class/thermal/thermal_zone0/type", "iwlwifi_1\n");
  machine.write("sys/class/thermal/thermal_zone0/temp", "70000\n");
  EXPECT_FALSE(processor_temperature(machine.root())) << "the network card's heat is not the processor's";
  machine.write("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
  machine.write("sys/class/thermal/thermal_zone1/temp", "48500\n");
  EXPECT_EQ(processor_temperature(machine.root()), 48.5);
  machine.write("sys/class/hwmon/hwmon0/name", "nvme\n");
  machine.write("sys/class/hwmon/hwmon0/temp1_input", "30000\n");
  machine.write("sys/class/hwmon/hwmon1/name", "k10temp\n");
  machine.write("sys/class/hwmon/hwmon1/temp1_input", "51250\n");
  EXPECT_EQ(processor_temperature(machine.root()), 51.3);
}

}  // namespace
}  // namespace hearth::system
