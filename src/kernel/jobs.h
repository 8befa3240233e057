#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "kernel/job.h"
#include "store/store.h"

namespace hearth::kernel {

// Long work: queued on the disk, run a few at a time, resumed after a crash. Home thread.
class Jobs {
 public:
  Jobs(store::Database& database, Clock& clock, Executor home, std::size_t most_running,
       std::function<void(const Job&)> changed);

  void add_handler(std::string kind, JobHandler handler);
  // Takes up again what was queued or running when the box stopped.
  Task<Result<>> start();
  // Lets the handlers see stopping(), gives them a moment, then cancels them; their jobs resume at the next start.
  Task<> stop();

  Task<Result<std::string>> queue(std::string kind, std::string person, Message title, Json input);
  // NotFound unless it is `person`'s ("" for any).
  Task<Result<Job>> get(std::string id, std::string person);
  Task<Result<std::vector<Job>>> list(std::string person, int limit);
  // Ends a queued job at once, a running one as soon as its handler notices. Conflict when it has ended.
  Task<Result<>> cancel(std::string id, std::string person);
  Task<Result<>> forget_person(std::string person);

 private:
  struct Run;
  struct Queued {
    Job job;
    Json input;
    Json checkpoint;
    int stalled = 0;  // how often it was started since it last got on
  };
  void start_next();
  Task<> run(Queued queued);
  Task<> got_on(std::string id, std::int64_t done);
  Task<> finish(Run& run, Result<Json> outcome);

  store::Database& database_;
  Clock& clock_;
  std::size_t most_running_;
  std::function<void(const Job&)> changed_;
  std::map<std::string, JobHandler> handlers_;
  std::deque<Queued> queued_;
  std::map<std::string, Run*> running_;
  bool stopping_ = false;
  TaskGroup tasks_;
};

}  // namespace hearth::kernel
