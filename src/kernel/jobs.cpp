#include "kernel/jobs.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/bytes.h"
#include "base/log.h"

namespace hearth::kernel {
namespace {

constexpr int kMostAttempts = 25;  // a job that was interrupted this often without getting on is not tried again
constexpr auto kPublishEvery = std::chrono::milliseconds(200);
constexpr auto kKeepEvery = std::chrono::seconds(5);
constexpr auto kStopGrace = std::chrono::seconds(5);
constexpr auto kRetryEnd = std::chrono::seconds(1);

#define HEARTH_JOB_COLUMNS \
  "id, kind, person, title, title_zh, state, done, total, note, note_zh, error, error_zh, result, created, finished, attempts"

Job job_of(store::Statement& row) {
  Job job;
  job.id = row.text(0);
  job.kind = row.text(1);
  job.person = row.text(2);
  job.title = row.text(3);
  job.title_zh = row.text(4);
  job.state = enum_value<JobState>(row.text(5)).value_or(JobState::Failed);
  job.done = row.integer(6);
  job.total = row.integer(7);
  job.note = row.text(8);
  job.note_zh = row.text(9);
  job.error = row.text(10);
  job.error_zh = row.text(11);
  job.result = Json::parse(row.text(12)).value_or(Json());
  job.created = row.time(13);
  job.finished = row.optional_time(14);
  job.attempts = static_cast<int>(row.integer(15));
  return job;
}

}  // namespace

struct Jobs::Run final : JobRun {
  Run(Jobs& owner, Queued queued) : jobs(owner), job(std::move(queued.job)), saved(std::move(queued.checkpoint)) {}

  const std::string& id() const override { return job.id; }
  const std::string& person() const override { return job.person; }
  const Json& checkpoint() const override { return saved; }
  bool stopping() const override { return cancelled || jobs.stopping_; }

  Task<Result<>> save(Json checkpoint) override {
    saved = std::move(checkpoint);
    co_return co_await jobs.database_.write([copy = job, text = saved.dump()](store::Connection& c) {
      return c.run("UPDATE jobs SET checkpoint = ?, done = ?, total = ?, note = ?, note_zh = ?, stalled = 0 WHERE id = ?", text,
                   copy.done, copy.total, copy.note, copy.note_zh, copy.id);
    });
  }

  void progress(std::int64_t done, std::int64_t total, Message note) override {
    job.done = done;
    job.total = total;
    job.note = note.english();
    job.note_zh = note.chinese();
    const auto now = std::chrono::steady_clock::now();
    if (done > furthest && now - kept > kKeepEvery) {
      furthest = done;
      kept = now;
      jobs.tasks_.spawn("progress of a job", jobs.got_on(job.id, done));
    }
    if (now - published < kPublishEvery) return;
    published = now;
    jobs.changed_(job);
  }

  Jobs& jobs;
  Job job;
  Json saved;
  bool cancelled = false;
  std::chrono::steady_clock::time_point published{};
  std::chrono::steady_clock::time_point kept = std::chrono::steady_clock::now();
  std::int64_t furthest = job.done;  // that any run of it reached, as far as it was kept
};

Jobs::Jobs(store::Database& database, Clock& clock, Executor home, std::size_t most_running,
           std::function<void(const Job&)> changed)
    : database_(database), clock_(clock), most_running_(most_running), changed_(std::move(changed)),
      tasks_(std::move(home)) {}

void Jobs::add_handler(std::string kind, JobHandler handler) { handlers_.emplace(std::move(kind), std::move(handler)); }

Task<Result<>> Jobs::start() {
  CO_TRY(auto unfinished, co_await database_.read([](store::Connection& c) {
    return c.all("SELECT " HEARTH_JOB_COLUMNS ", input, checkpoint, stalled FROM jobs WHERE finished IS NULL ORDER BY created",
                 [](store::Statement& row) {
                   return Queued{job_of(row), Json::parse(row.text(16)).value_or(Json()),
                                 Json::parse(row.text(17)).value_or(Json()), static_cast<int>(row.integer(18))};
                 });
  }));
  for (auto& queued : unfinished) {
    queued.job.state = JobState::Queued;
    queued_.push_back(std::move(queued));
  }
  start_next();
  co_return Result<>{};
}

Task<> Jobs::stop() {
  stopping_ = true;
  const auto deadline = std::chrono::steady_clock::now() + kStopGrace;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!running_.empty() && std::chrono::steady_clock::now() < deadline) {
    timer.expires_after(std::chrono::milliseconds(5));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  co_await tasks_.stop();
}

Task<Result<std::string>> Jobs::queue(std::string kind, std::string person, Message title, Json input) {
  if (stopping_) co_return fail(Code::Unavailable, "The box is stopping. Try again when it is back.");
  Queued queued;
  queued.job.id = make_id();
  queued.job.kind = std::move(kind);
  queued.job.person = std::move(person);
  queued.job.title = title.english();
  queued.job.title_zh = title.chinese();
  queued.job.created = clock_.now();
  queued.input = std::move(input);
  CO_CHECK(co_await database_.write([job = queued.job, text = queued.input.dump()](store::Connection& c) {
    return c.run("INSERT INTO jobs (id, kind, person, title, title_zh, state, input, created)"
                 " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)",
                 job.id, job.kind, job.person, job.title, job.title_zh, text, job.created);
  }));
  auto id = queued.job.id;
  changed_(queued.job);
  queued_.push_back(std::move(queued));
  start_next();
  co_return id;
}

void Jobs::start_next() {
  while (!stopping_ && running_.size() < most_running_ && !queued_.empty()) {
    auto next = std::move(queued_.front());
    queued_.pop_front();
    running_.emplace(next.job.id, nullptr);  // holds the place until the task begins
    auto name = next.job.kind;
    tasks_.spawn(std::move(name), run(std::move(next)));
  }
}

Task<> Jobs::run(Queued queued) {
  auto input = std::move(queued.input);
  const int stalled = queued.stalled + 1;
  Run run(*this, std::move(queued));
  running_[run.job.id] = &run;
  const auto leave = [this](Run* r) {
    running_.erase(r->job.id);
    start_next();
  };
  const std::unique_ptr<Run, decltype(leave)> on_exit(&run, leave);

  ++run.job.attempts;
  run.job.state = JobState::Running;
  auto begun = co_await database_.write([job = run.job, stalled](store::Connection& c) -> Result<bool> {
    TRY(c.run("UPDATE jobs SET state = 'running', attempts = ?, stalled = ? WHERE id = ?", job.attempts, stalled, job.id));
    return TRY(c.integer("SELECT cancelled FROM jobs WHERE id = ?", job.id)) != 0;
  });
  if (!begun) {
    co_await finish(run, std::unexpected(begun.error()));
    co_return;
  }
  if (*begun) run.cancelled = true;
  changed_(run.job);

  Result<Json> outcome = fail(Code::Cancelled, "Cancelled.");
  const auto handler = handlers_.find(run.job.kind);
  if (run.cancelled) {
    // cancelled before a crash took the box
  } else if (handler == handlers_.end()) {
    outcome = fail(Code::Unsupported, "This version of Hearth does not know jobs of the kind {}.", run.job.kind);
  } else if (stalled > kMostAttempts) {
    outcome = fail(Code::Internal, "This job was interrupted {} times and is not tried again. Start it anew if you wish.",
                   kMostAttempts);
  } else {
    try {
      outcome = co_await handler->second(run, std::move(input));
    } catch (const boost::system::system_error& error) {
      if (error.code() == boost::asio::error::operation_aborted) throw;
      outcome = fail(Code::Internal, "{}", error.what());
    } catch (const std::exception& error) {
      outcome = fail(Code::Internal, "{}", error.what());
    }
  }
  co_await finish(run, std::move(outcome));
}

Task<> Jobs::got_on(std::string id, std::int64_t done) {
  auto kept = co_await database_.write([id, done](store::Connection& c) {
    return c.run("UPDATE jobs SET done = ?, stalled = 0 WHERE id = ? AND finished IS NULL", done, id);
  });
  if (!kept) log::warning("how far job {} is could not be kept: {}", id, kept.error().describe());
}

Task<> Jobs::finish(Run& run, Result<Json> outcome) {
  auto& job = run.job;
  if (outcome) {
    job.state = JobState::Done;
    job.result = *std::move(outcome);
    job.note.clear();
    job.note_zh.clear();
  } else if (outcome.error().code() == Code::Cancelled && !run.cancelled && stopping_) {
    co_return;  // the box stops, not the job: it stays unfinished on the disk and goes on at the next start
  } else if (outcome.error().code() == Code::Cancelled) {
    job.state = JobState::Cancelled;
  } else {
    job.state = JobState::Failed;
    job.error = outcome.error().message();
    job.error_zh = outcome.error().sentence().chinese();
    log::warning("job {} {} failed: {}", job.kind, job.id, outcome.error().describe());
  }
  job.finished = clock_.now();
  while (true) {
    const auto written = co_await database_.write([job](store::Connection& c) {
      return c.run(
          "UPDATE jobs SET state = ?, done = ?, total = ?, note = ?, note_zh = ?, error = ?, error_zh = ?, result = ?,"
          " finished = ? WHERE id = ?",
          enum_name(job.state), job.done, job.total, job.note, job.note_zh, job.error, job.error_zh, job.result.dump(),
          job.finished, job.id);
    });
    if (written) break;
    log::error("the end of job {} could not be stored: {}", job.id, written.error().describe());
    // A full disk, above all: it is written down once there is room. Until then the job shows what became of it, and after
    // a restart it runs again.
    if (stopping_) break;
    changed_(job);
    boost::asio::steady_timer pause(co_await boost::asio::this_coro::executor, kRetryEnd);
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
  changed_(job);
}

Task<Result<Job>> Jobs::get(std::string id, std::string person) {
  if (const auto found = running_.find(id); found != running_.end() && found->second) {
    if (person.empty() || found->second->job.person == person) co_return found->second->job;
  }
  CO_TRY(auto job, co_await database_.read([id, person](store::Connection& c) {
    return c.one("SELECT " HEARTH_JOB_COLUMNS " FROM jobs WHERE id = ?1 AND (?2 = '' OR person = ?2)", job_of, id, person);
  }));
  if (!job) co_return fail(Code::NotFound, "There is no job {}. jobs.list shows yours.", id);
  co_return *std::move(job);
}

Task<Result<std::vector<Job>>> Jobs::list(std::string person, int limit) {
  CO_TRY(auto jobs, co_await database_.read([person, limit](store::Connection& c) {
    return c.all("SELECT " HEARTH_JOB_COLUMNS " FROM jobs WHERE person = ? ORDER BY created DESC LIMIT ?", job_of, person,
                 limit);
  }));
  for (auto& job : jobs) {
    if (const auto found = running_.find(job.id); found != running_.end() && found->second) job = found->second->job;
  }
  co_return std::move(jobs);
}

Task<Result<>> Jobs::cancel(std::string id, std::string person) {
  CO_TRY(auto job, co_await get(id, person));
  if (job.finished) co_return fail(Code::Conflict, "This job has ended already.");
  CO_CHECK(co_await database_.write(
      [id](store::Connection& c) { return c.run("UPDATE jobs SET cancelled = 1 WHERE id = ?", id); }));
  if (const auto found = running_.find(id); found != running_.end()) {
    if (found->second) found->second->cancelled = true;
    co_return Result<>{};
  }
  const auto waiting = std::find_if(queued_.begin(), queued_.end(), [&](const auto& q) { return q.job.id == id; });
  if (waiting != queued_.end()) {
    Run run(*this, std::move(*waiting));
    queued_.erase(waiting);
    run.cancelled = true;
    co_await finish(run, fail(Code::Cancelled, "Cancelled."));
  }
  co_return Result<>{};
}

Task<Result<>> Jobs::forget_person(std::string person) {
  for (auto& [id, run] : running_) {
    if (run && run->job.person == person) run->cancelled = true;
  }
  std::erase_if(queued_, [&](const auto& queued) { return queued.job.person == person; });
  co_return co_await database_.write(
      [person](store::Connection& c) { return c.run("DELETE FROM jobs WHERE person = ?", person); });
}

}  // namespace hearth::kernel
