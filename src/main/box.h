#pragma once
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "files/files.h"
#include "gateway/entrances.h"
#include "gateway/gateway.h"
#include "identity/identity.h"
#include "kernel/kernel.h"
#include "main/home.h"
#include "memory/memory.h"
#include "store/store.h"
#include "surfaces/surfaces.h"
#include "system/system.h"

namespace hearth {

// One box: every room, made in the order of their dependencies and wired together. Home thread.
class Box {
 public:
  struct Options {
    std::filesystem::path home;
    std::string http;   // "" : none (definitions only)
    std::string https;  // "" : none
    std::filesystem::path desktop;
    std::filesystem::path words;  // the table of word vectors
    Duration approval_time = std::chrono::minutes(10);  // how long an approval waits before it counts as refused
  };

  // Opens the home and every room, defines every operation; nothing runs yet.
  static Result<std::unique_ptr<Box>> open(Options options, Executor executor, Clock& clock);

  // Takes up unfinished jobs and begins to listen.
  Task<Result<>> start();
  // Ends what is under way; what is unfinished goes on at the next start.
  Task<> stop();

  // Tells the person at the console where the box is, and how to claim it while nobody has.
  void announce(std::ostream& console, Language language) const;

  kernel::Kernel& kernel() { return *kernel_; }

 private:
  Box(Options options, Home home, Executor executor, Clock& clock);
  Result<> open_rooms();
  Result<> open_identity(std::string key);
  Task<Result<>> remove_person(std::string person, identity::DataDecision decision);
  surfaces::Authentication authentication() const;
  // Gives the gateway's threads the entrances and sessions as they are now.
  void publish();
  // Where a path that a caller named lies on the disk, if the caller may have it read.
  Task<Result<std::filesystem::path>> readable_path(kernel::Call call, std::string path);
  // Where a path of the caller's files lies on the disk, at which there is nothing yet.
  Task<Result<std::filesystem::path>> free_path(kernel::Call call, std::string path);
  Task<> serve(gateway::Exchange& exchange);
  Task<> serve_files(gateway::Exchange& exchange);
  Task<> serve_original(gateway::Exchange& exchange);

  Options options_;
  Home home_;
  Executor executor_;
  Clock& clock_;
  ThreadPool crypto_;
  ThreadPool disk_;
  std::unique_ptr<store::Database> database_;  // system.db
  std::unique_ptr<kernel::Kernel> kernel_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<files::Files> files_;
  std::unique_ptr<memory::Memory> memory_;
  std::unique_ptr<gateway::Entrances> entrances_;
  system::System system_;
  surfaces::Authentication authentication_;
  std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace hearth
