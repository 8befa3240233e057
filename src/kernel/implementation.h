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
  EventBus events;
  std::unique_ptr<GrantBook> grants;
  std::unique_ptr<LabelBook> labels;
  Approvals approvals;
  Jobs jobs;
  TaskGroup audits;  // appends of reads, which nobody waits for

  Result<Touched> touched_by(const Operation& operation, const Json& input) const;
  // Authorise and guard; waits for a person where the guard says Ask.
  Task<Result<>> admit(const Principal& principal, const Operation& operation, const Touched& touched);
  // What others than people read is remembered before they get it, and only given if they are cleared for it.
  Task<Result<>> give(const Principal& principal, const Label& label);
  Task<Result<>> append(AuditEntry entry);
  Task<Result<>> audit_call(const Principal& principal, const Origin& origin, const Operation& operation,
                            const Touched& touched, std::string_view outcome);
};

}  // namespace hearth::kernel
