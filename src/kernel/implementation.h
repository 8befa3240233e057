#pragma once
#include "kernel/approvals.h"
#include "kernel/audit.h"
#include "kernel/event_bus.h"
#include "kernel/grant_book.h"
#include "kernel/guard.h"
#include "kernel/jobs.h"
#include "kernel/kernel.h"
#include "kernel/label_book.h"

namespace hearth::kernel {

// What a call touches, read off its input by the operation's field descriptions.
struct Touched {
  std::vector<std::string> resources;     // "files:/a/b"
  std::vector<std::string> destinations;  // "mail:a@b.c"
  double cost = 0;
  Json shown;  // the input without its secrets
};

// One caller before one operation: who, from where, on what. Lives as long as the call.
struct Admission {
  Principal principal;
  Origin origin;
  const Operation& operation;
  Touched touched;
};

struct Kernel::Implementation {
  Implementation(store::Database& system_database, std::string audit_key, Clock& system_clock, Executor home,
                 const Options& options)
      : database(system_database),
        clock(system_clock),
        audit(std::move(audit_key)),
        approvals(database, clock, options.approval_timeout,
                  [this](const Approval& approval) { events.publish({"approval", approval.person, to_json(approval)}); }),
        jobs(database, clock, home, options.running_jobs,
             [this](const Job& job) { events.publish({"job", job.person, to_json(job)}); }),
        audits(home) {}

  store::Database& database;
  Clock& clock;
  std::map<std::string, Operation, std::less<>> operations;
  Audit audit;
  std::optional<AuditAnchor> anchor;
  EventBus events;
  std::unique_ptr<GrantBook> grants;
  std::unique_ptr<LabelBook> labels;
  Approvals approvals;
  Jobs jobs;
  TaskGroup audits;  // appends of reads, which nobody waits for

  Result<Touched> touched_by(const Operation& operation, const Json& input) const;
  // The same, and what the operation itself says of it.
  Task<Result<Touched>> all_touched_by(const Admission& admission, const Json& input) const;
  // Authorises and guards; waits for a person where the guard says Ask. `input` is null where a room asks for something that is
  // no call.
  Task<Result<>> admit(const Admission& admission, const Json* input);
  // Asks a person and waits: whether they allow the like of it always. Denied when they, or silence, say no.
  Task<Result<bool>> ask(const Admission& admission, const Message& reason);
  // Makes the grant that "always" means; `covering` is what already covered the call, with its limits as they are now.
  Task<Result<>> allow_always(const Admission& admission, const std::optional<Grant>& covering);
  // Runs an admitted call; whatever it throws becomes an error.
  Task<Result<Outcome>> run(const Admission& admission, std::optional<SessionChange>& session, Json input, const Emit* emit);
  // What others than people read is remembered before they get it, and only given if they are cleared for it.
  Task<Result<>> give(const Principal& principal, const Label& label);

  // The end of a call: its line in the audit. A success whose line cannot be written becomes that failure.
  template <typename T>
  Task<Result<T>> settle(const Admission& admission, Result<T> outcome) {
    if (!admission.operation.options.audited && outcome) co_return outcome;
    const auto word = outcome ? std::string_view("ok") : code_name(outcome.error().code());
    auto written = co_await audit_call(admission, word);
    if (!written && outcome) co_return std::unexpected(std::move(written).error());
    co_return outcome;
  }

  Task<Result<>> append(AuditEntry entry);
  // Opens the anchor, and compares the audit with it.
  Result<> open_audit(const std::filesystem::path& path);

 private:
  Task<Result<>> audit_call(const Admission& admission, std::string_view outcome);
};

}  // namespace hearth::kernel
