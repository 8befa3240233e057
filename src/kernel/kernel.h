#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kernel/grant.h"
#include "kernel/job.h"
#include "kernel/label.h"
#include "kernel/operation.h"
#include "kernel/principal.h"
#include "store/store.h"

// The kernel: the table of operations and the one way through it (DESIGN §1):
// invoke → authorise → guard → parse → run → label → audit. Home thread only.
namespace hearth::kernel {

// Something that happened, for whoever listens: the desktop's live view.
struct Event {
  std::string topic;   // "job", "approval", "files", "memory", "session" …
  std::string person;  // who may see it; "" for everyone signed in
  Json data;
};

// A listener's queue of events; ends when destroyed. A slow listener loses the oldest and gets {"topic":"lost"}.
class Subscription {
 public:
  virtual ~Subscription() = default;
  virtual Task<Event> next() = 0;
};

class Kernel {
 public:
  struct Options {
    Duration approval_timeout = std::chrono::minutes(10);
    std::size_t running_jobs = 2;  // at one time
    std::filesystem::path audit_anchor;  // where the audit's anchor is kept (audit_anchor.h); "": nowhere
  };

  // `system` is system.db, opened with kernel_schema() among its schemas; `audit_key` is 32 bytes. All outlive the kernel.
  static Result<std::unique_ptr<Kernel>> create(store::Database& system, std::string audit_key, Clock& clock,
                                                Executor home, Options options);
  ~Kernel();

  // --- defining, at start ---
  template <typename Handler>
  void define(std::string name, Effect effect, Text summary, Handler handler, OperationOptions options = {}) {
    add(make_operation(std::move(name), effect, summary, std::move(handler), options));
  }
  template <typename Handler>
  void define_stream(std::string name, Effect effect, Text summary, Handler handler, OperationOptions options = {}) {
    add(make_streaming_operation(std::move(name), effect, summary, std::move(handler), options));
  }
  // `handler` is `(JobRun&, Input) -> Task<Result<Output>>` with described Input and Output.
  template <typename Input, typename Output, typename Handler>
  void define_job(std::string kind, Handler handler) {
    auto shared = std::make_shared<const Handler>(std::move(handler));
    add_job_handler(std::move(kind), [shared](JobRun& run, Json json) { return run_job<Input, Output>(*shared, run, json); });
  }
  const std::map<std::string, Operation, std::less<>>& operations() const;

  // Starts the jobs that were running or queued when the box stopped. Once, after every room has defined its handlers.
  Task<Result<>> start();
  // Ends jobs, approvals and subscriptions. Once, before destruction.
  Task<> stop();

  // --- calling ---
  struct Reply {
    Result<Outcome> outcome;
    std::optional<SessionChange> session;  // what the surface should do to the caller's cookie
  };
  // The one door. `emit` is for streaming operations: a unary call of one fails with InvalidInput.
  Task<Reply> invoke(Principal principal, Origin origin, std::string operation, Json input, const Emit* emit = nullptr);

  // --- for rooms ---
  // Queues a job; once this returns it will end, crash or not.
  template <typename Input>
  Task<Result<std::string>> start_job(std::string kind, std::string person, Message title, Input input) {
    return queue_job(std::move(kind), std::move(person), std::move(title), to_json(input));
  }
  Task<Result<Job>> job(std::string id);
  void publish(Event event);
  std::unique_ptr<Subscription> subscribe(std::string person);
  // Tells the audit of something that is no operation: a refused sign-in, a byte stream served by a room.
  Task<Result<>> record(Principal principal, std::string action, std::string resource, std::string outcome);
  // Authorises, guards and audits what is no operation call but acts like one (WebDAV, uploads, downloads): `operation`
  // is the defined operation it stands for, `resource` as a grant would match it ("files:/a/b"). `gives` is the label of what
  // the caller is about to be given, as an operation's answer has one: it is remembered, and refused to those not cleared.
  Task<Result<>> permit(Principal principal, Origin origin, std::string operation, std::string resource,
                        std::optional<Label> gives = std::nullopt);
  // What waits for the person's yes was asked for by their former role: it is denied, and may be asked for again.
  Task<Result<>> role_changed(std::string person);
  // Everything of a person or principal that leaves: grants, approvals, jobs.
  Task<Result<>> forget_principal(std::string name);

  struct Implementation;

 private:
  friend void define_operations(Kernel& kernel);
  explicit Kernel(std::unique_ptr<Implementation> implementation);
  void add(Operation operation);
  void add_job_handler(std::string kind, JobHandler handler);
  Task<Result<std::string>> queue_job(std::string kind, std::string person, Message title, Json input);

  template <typename Input, typename Output, typename Handler>
  static Task<Result<Json>> run_job(const Handler& handler, JobRun& run, Json json) {
    CO_TRY(auto input, from_json<Input>(json));
    CO_TRY(Output output, co_await handler(run, std::move(input)));
    co_return to_json(output);
  }

  std::unique_ptr<Implementation> implementation_;
};

// The kernel's part of the schema of system.db.
store::Schema kernel_schema();

// Defines grants.*, approvals.*, jobs.*, audit.*, labels.*, kernel.operations.
void define_operations(Kernel& kernel);

}  // namespace hearth::kernel
