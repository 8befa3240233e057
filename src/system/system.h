#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "base/task.h"
#include "kernel/kernel.h"

// What the machine is and how it is doing, read from /proc and /sys.
namespace hearth::system {

// What hardly changes.
struct State {
  std::string version;
  std::string hostname;
  std::string operating_system;
  std::string kernel;
  std::string processor;
  std::int64_t cores = 0;
  std::int64_t memory_total = 0;
  std::vector<std::string> addresses;
  std::vector<std::string> gpus;
  Time started;
  double uptime = 0;
  double machine_uptime = 0;
  std::string home;
  std::int64_t home_size = 0;
  std::int64_t disk_total = 0;
  std::int64_t disk_used = 0;
};
HEARTH_DESCRIBE(State, (version, "Hearth's version.", .zh = "Hearth 的版本。"),
                (hostname, "The machine's name.", .zh = "机器名称。"),
                (operating_system, "The system it runs.", .zh = "操作系统。"),
                (kernel, "Its kernel.", .zh = "内核版本。"), (processor, "The processor's model.", .zh = "处理器型号。"),
                (cores, "How many cores it has.", .zh = "核心数。"), (memory_total, "Memory, in bytes.", .zh = "内存总量（字节）。"),
                (addresses, "The machine's network addresses.", .zh = "机器的网络地址。"),
                (gpus, "The graphics processors, by name.", .zh = "显卡名称。"),
                (started, "When the box was started.", .zh = "盒子的启动时间。"),
                (uptime, "For how long the box has run, in seconds.", .zh = "盒子已运行的秒数。"),
                (machine_uptime, "For how long the machine has run, in seconds.", .zh = "机器已运行的秒数。"),
                (home, "The folder that holds everything of the box.", .zh = "盒子存放一切数据的文件夹。"),
                (home_size, "What that folder takes, in bytes; measured once a minute.", .zh = "该文件夹占用的字节数，每分钟测量一次。"),
                (disk_total, "The disk under it, in bytes.", .zh = "所在磁盘的总量（字节）。"),
                (disk_used, "What of it is used, in bytes.", .zh = "磁盘已用（字节）。"))

struct Interface {
  std::string name;
  double in = 0;
  double out = 0;
};
HEARTH_DESCRIBE(Interface, (name, "Its name.", .zh = "名称。"), (in, "Bytes received a second.", .zh = "每秒接收字节数。"),
                (out, "Bytes sent a second.", .zh = "每秒发送字节数。"))

// A figure is left out where the card or its driver does not tell it.
struct Gpu {
  std::string name;
  std::optional<double> load;
  std::optional<std::int64_t> memory_used;
  std::optional<std::int64_t> memory_total;
  std::optional<double> temperature;
  std::optional<double> power;
};
HEARTH_DESCRIBE(Gpu, (name, "Its name.", .zh = "名称。"), (load, "Percent of the time at work.", .zh = "使用率（百分比）。"),
                (memory_used, "Its memory in use, in bytes.", .zh = "已用显存（字节）。"),
                (memory_total, "Its memory, in bytes.", .zh = "显存总量（字节）。"),
                (temperature, "Degrees Celsius.", .zh = "温度（摄氏度）。"), (power, "Watts.", .zh = "功率（瓦）。"))

// How the machine is doing. Rates and percentages are of the time since the sample before.
struct Sample {
  Time time;
  double cpu = 0;
  std::vector<double> cores;
  std::vector<double> load;
  std::int64_t memory_used = 0;
  std::int64_t memory_total = 0;
  std::int64_t swap_used = 0;
  std::int64_t swap_total = 0;
  std::int64_t disk_used = 0;
  std::int64_t disk_total = 0;
  double disk_read = 0;
  double disk_written = 0;
  double network_in = 0;
  double network_out = 0;
  std::vector<Interface> interfaces;
  std::optional<double> temperature;
  std::vector<Gpu> gpus;
  std::int64_t own_memory = 0;
};
HEARTH_DESCRIBE(Sample, (time, "When it was taken.", .zh = "采样时间。"),
                (cpu, "Percent of all cores at work.", .zh = "全部核心的使用率（百分比）。"),
                (cores, "The same for each core.", .zh = "各核心的使用率。"),
                (load, "The load average over 1, 5 and 15 minutes.", .zh = "1、5、15 分钟平均负载。"),
                (memory_used, "Memory in use, in bytes; what can be taken back at once does not count.",
                 .zh = "已用内存（字节），可立即回收的不计。"),
                (memory_total, "Memory, in bytes.", .zh = "内存总量（字节）。"),
                (swap_used, "Swap in use, in bytes.", .zh = "已用交换空间（字节）。"),
                (swap_total, "Swap, in bytes.", .zh = "交换空间总量（字节）。"),
                (disk_used, "Used of the disk under the box's home, in bytes.", .zh = "盒子所在磁盘已用（字节）。"),
                (disk_total, "The size of that disk, in bytes.", .zh = "该磁盘总量（字节）。"),
                (disk_read, "Bytes read from it a second.", .zh = "每秒读取字节数。"),
                (disk_written, "Bytes written to it a second.", .zh = "每秒写入字节数。"),
                (network_in, "Bytes received a second, over all network cards.", .zh = "全部网卡每秒接收字节数。"),
                (network_out, "Bytes sent a second, over all network cards.", .zh = "全部网卡每秒发送字节数。"),
                (interfaces, "Each network interface with traffic.", .zh = "有流量的各网络接口。"),
                (temperature, "The processor's, in degrees Celsius, where it has a sensor.", .zh = "处理器温度（摄氏度），有传感器时提供。"),
                (gpus, "The graphics processors.", .zh = "显卡。"),
                (own_memory, "Memory that the box's own process takes, in bytes.", .zh = "盒子自身进程占用的内存（字节）。"))

class Gpus;
class Meter;

// Reads the machine. Home thread; the reading happens on a thread of its own.
class System {
 public:
  struct Options {
    std::filesystem::path home;        // HEARTH_HOME
    std::string version;
    std::filesystem::path root = "/";  // where proc/, sys/ and etc/ are
    std::string nvidia_library = "libnvidia-ml.so.1";
  };
  System(Options options, Clock& clock);
  ~System();

  Task<Result<State>> state();

  // One stream of samples: the first covers a quarter of a second, each later one the time since the one before.
  class Watch {
   public:
    ~Watch();
    Watch(Watch&&) noexcept;
    // Waits `interval` and measures.
    Task<Result<Sample>> next(Duration interval);

   private:
    friend class System;
    Watch(System& system, std::unique_ptr<Meter> meter);
    System* system_;
    std::shared_ptr<Meter> meter_;  // shared with the measurement under way when the watch goes
    bool first_ = true;
  };
  Watch watch();

 private:
  struct Measured {
    Time when;
    std::int64_t bytes = 0;
  };
  Options options_;
  Clock& clock_;
  Time started_;
  std::shared_ptr<Gpus> gpus_;
  std::optional<Measured> home_size_;
  ThreadPool pool_;
};

// Defines system.state and system.watch.
void define_operations(kernel::Kernel& kernel, System& system);

}  // namespace hearth::system
