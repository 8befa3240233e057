#include <algorithm>

#include "base/closest.h"
#include "kernel/implementation.h"

// The kernel's own operations: grants.*, approvals.*, jobs.*, audit.*, labels.*, clearances.*, kernel.*.
namespace hearth::kernel {

struct OperationView {
  std::string name;
  Effect effect = Effect::Read;
  Audience audience = Audience::Member;
  bool streaming = false;
  std::string summary;
  std::string summary_zh;
  Json input;
  Json output;
};
HEARTH_DESCRIBE(OperationView, (name, "Its name.", .zh = "名称。"), (effect, "What it does to the world.", .zh = "效果。"),
                (audience, "Who may call it without a grant.", .zh = "谁无需授权即可调用。"),
                (streaming, "Whether it answers with a stream of events.", .zh = "是否以事件流回答。"),
                (summary, "What it does, in English.", .zh = "英文说明。"), (summary_zh, "The same in Chinese.", .zh = "中文说明。"),
                (input, "JSON Schema of its input.", .zh = "输入的 JSON Schema。"),
                (output, "JSON Schema of its output, or of one event.", .zh = "输出或单个事件的 JSON Schema。"))
struct OperationsOutput {
  std::vector<OperationView> operations;
};
HEARTH_DESCRIBE(OperationsOutput, (operations, "Every operation of the box.", .zh = "盒子的全部操作。"))

struct GuardRuleView {
  std::map<std::string, bool> when;
  Verdict verdict = Verdict::Deny;
  std::string reason;
  std::string reason_zh;
};
HEARTH_DESCRIBE(GuardRuleView, (when, "The columns that must match.", .zh = "必须匹配的条件。"),
                (verdict, "What then happens.", .zh = "结果。"), (reason, "Why.", .zh = "英文原因。"),
                (reason_zh, "Why, in Chinese.", .zh = "中文原因。"))
struct GuardOutput {
  std::vector<GuardRuleView> rules;
};
HEARTH_DESCRIBE(GuardOutput, (rules, "The guard's table; the first row that matches decides.", .zh = "守卫规则表，首个匹配的行生效。"))

struct IdInput {
  std::string id;
};
HEARTH_DESCRIBE(IdInput, (id, "Its id.", .zh = "编号。", .maximum_length = 64))

struct LimitInput {
  int limit = 100;
};
HEARTH_DESCRIBE(LimitInput, (limit, "How many at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 1000))

constexpr std::size_t kMostPatterns = 64;
constexpr std::size_t kLongestPattern = 512;  // bytes

struct CreateGrantInput {
  std::string principal;
  std::vector<std::string> operations;
  std::vector<std::string> resources;
  bool after_untrusted = false;
  std::optional<Time> until;
  std::optional<std::int64_t> uses;
  std::optional<std::int64_t> per_minute;
  std::optional<double> budget;
};
HEARTH_DESCRIBE(CreateGrantInput,
                (principal, "Who may call: app:…, run:…, device:… or peer:….", .zh = "谁可以调用：app:…、run:…、device:… 或 peer:…。",
                 .maximum_length = 200, .format = "principal"),
                (operations, "Which operations, as patterns such as files.list or files.*.",
                 .zh = "哪些操作，可用通配，如 files.list 或 files.*。", .maximum_length = kMostPatterns, .format = "operation"),
                (resources, "Which resources, as patterns such as files:/Documents/**; none: all of yours.",
                 .zh = "哪些资源，如 files:/Documents/**；留空表示你的全部。", .maximum_length = kMostPatterns),
                (after_untrusted, "Also to send or spend after reading what outsiders wrote.",
                 .zh = "读过外人所写内容之后，是否仍可发送或花费。", .defaulted = true),
                (until, "When it ends.", .zh = "到期时间。"), (uses, "How many calls it allows.", .zh = "允许的次数。", .minimum = 1),
                (per_minute, "Calls a minute at most.", .zh = "每分钟最多次数。", .minimum = 1),
                (budget, "How much may be spent.", .zh = "可花费的金额。", .minimum = 0))
struct GrantsOutput {
  std::vector<Grant> grants;
};
HEARTH_DESCRIBE(GrantsOutput, (grants, "The grants you gave.", .zh = "你授予的全部授权。"))

enum class Decision { Once, Always, Deny };
HEARTH_DESCRIBE_ENUM(Decision, Once, Always, Deny)
struct DecideInput {
  std::string id;
  Decision decision = Decision::Deny;
};
HEARTH_DESCRIBE(DecideInput, (id, "The approval.", .zh = "审批编号。", .maximum_length = 64),
                (decision, "Allow this call once, allow its like always (as a grant), or deny it.",
                 .zh = "仅此一次、始终允许（成为授权），或拒绝。"))
struct ApprovalsOutput {
  std::vector<Approval> approvals;
};
HEARTH_DESCRIBE(ApprovalsOutput, (approvals, "Pending ones first, then the latest.", .zh = "先列待定，再列最近的。"))

struct JobsOutput {
  std::vector<Job> jobs;
};
HEARTH_DESCRIBE(JobsOutput, (jobs, "Your jobs, the latest first.", .zh = "你的任务，最近的在前。"))

struct AuditListInput {
  std::optional<std::int64_t> before;
  std::string operation;
  std::string principal;
  std::string outcome;
  int limit = 100;
};
HEARTH_DESCRIBE(AuditListInput, (before, "Only entries before this number.", .zh = "只列出此序号之前的记录。"),
                (operation, "Only this operation, or a room's: \"files.\".", .zh = "只列此操作，或某一类，如“files.”。",
                 .defaulted = true, .maximum_length = 100),
                (principal, "Only this caller.", .zh = "只列此调用者。", .defaulted = true, .maximum_length = 200),
                (outcome, "Only this outcome: ok, forbidden, ….", .zh = "只列此结果：ok、forbidden 等。", .defaulted = true,
                 .maximum_length = 40),
                (limit, "How many at most.", .zh = "最多条数。", .defaulted = true, .minimum = 1, .maximum = 1000))
struct AuditListOutput {
  std::vector<AuditEntry> entries;
};
HEARTH_DESCRIBE(AuditListOutput, (entries, "The latest first.", .zh = "最近的在前。"))

struct PrincipalLabel {
  std::string principal;
  Label label;
};
HEARTH_DESCRIBE(PrincipalLabel, (principal, "Who.", .zh = "主体。"), (label, "What it has read so far.", .zh = "它至今读过的内容的标签。"))
struct LabelsOutput {
  std::vector<PrincipalLabel> labels;
};
HEARTH_DESCRIBE(LabelsOutput, (labels, "What apps, runs, devices and peers have read.", .zh = "应用、智能体运行、设备与邻居读过什么。"))
struct PrincipalInput {
  std::string principal;
};
HEARTH_DESCRIBE(PrincipalInput, (principal, "Who: app:…, run:…, device:… or peer:….", .zh = "主体：app:…、run:…、device:… 或 peer:…。", .maximum_length = 200))

struct Clearance {
  std::string destination;
  Confidentiality confidentiality = Confidentiality::Public;
};
HEARTH_DESCRIBE(Clearance, (destination, "Where data goes: app:…, mail:…, model:…, peer:….", .zh = "数据去向：app:…、mail:…、model:…、peer:…。", .maximum_length = 200),
                (confidentiality, "How confidential data it may receive.", .zh = "允许接收的最高机密级别。"))
struct ClearancesOutput {
  std::vector<Clearance> clearances;
};
HEARTH_DESCRIBE(ClearancesOutput, (clearances, "What the owner has set; all else stands at its default.", .zh = "机主设定的许可；其余为默认。"))

namespace {

template <typename T>
Labelled<T> public_value(T value) {
  return {std::move(value), Label{Confidentiality::Public, "", Integrity::Owner}};
}

OperationView view_of(const Operation& operation) {
  return {operation.name,
          operation.effect,
          operation.options.audience,
          operation.streaming,
          std::string(operation.summary.en),
          std::string(operation.summary.zh),
          operation.input_schema(),
          operation.output_schema()};
}

GuardRuleView view_of(const GuardRule& rule) {
  GuardRuleView view{{}, rule.verdict, std::string(rule.reason.en), std::string(rule.reason.zh)};
  const auto add = [&](std::string name, std::optional<bool> column) {
    if (column) view.when.emplace(std::move(name), *column);
  };
  add("acts_for_itself", rule.own);
  add("is_run", rule.is_run);
  add("leaves_the_box", rule.leaves);
  add("covered", rule.covered);
  add("destination_cleared", rule.cleared);
  add("has_read_untrusted", rule.untrusted);
  add("granted_even_so", rule.after_untrusted);
  add("giver_may_do_it", rule.lendable);
  return view;
}

void define_table_operations(Kernel& kernel) {
  kernel.define(
      "kernel.operations", Effect::Read, {"Lists every operation with its input and output.", "列出全部操作及其输入输出。"},
      [&kernel](Call, Nothing) -> Task<Result<Labelled<OperationsOutput>>> {
        OperationsOutput output;
        for (const auto& [name, operation] : kernel.operations()) output.operations.push_back(view_of(operation));
        co_return public_value(std::move(output));
      },
      {.audience = Audience::Anyone, .audited = false});  // the same for everyone, and read by every page load
  kernel.define(
      "kernel.guard", Effect::Read, {"Shows the guard's rule as a table.", "以表格显示守卫规则。"},
      [](Call, Nothing) -> Task<Result<Labelled<GuardOutput>>> {
        GuardOutput output;
        for (const auto& rule : guard_rules()) output.rules.push_back(view_of(rule));
        co_return public_value(std::move(output));
      },
      {.audience = Audience::Guest});
}

// Whether a pattern for principals can match those that act for others. People act by their role.
bool names_lendable(std::string_view principal) {
  const auto colon = principal.find(':');
  return colon != std::string_view::npos && std::ranges::any_of(std::array{"app", "run", "device", "peer"}, [&](const char* kind) {
           return matches_pattern(principal.substr(0, colon), kind);
         });
}

Result<> check_grant(const std::map<std::string, Operation, std::less<>>& operations, const CreateGrantInput& input, Time now) {
  if (input.operations.empty()) return fail(Code::InvalidInput, "operations must name at least one pattern.");
  if (input.principal.starts_with("person:")) {
    return fail(Code::InvalidInput, "A grant to a person has no effect: people act by their role, which an owner changes with "
                "identity.change_role. Name an app:…, run:…, device:… or peer:….");
  }
  if (!names_lendable(input.principal)) {
    return fail(Code::InvalidInput, "principal must be like app:notes, run:…, device:… or peer:…, not \"{}\".", input.principal);
  }
  for (const auto& pattern : input.operations) {  // a mistyped one would look given, and never hold
    if (std::ranges::any_of(operations, [&](const auto& one) { return matches_pattern(pattern, one.first); })) continue;
    std::vector<std::string> names;
    for (const auto& [name, operation] : operations) names.push_back(name);
    const auto meant = closest(pattern, names);
    if (meant.empty()) return fail(Code::InvalidInput, "No operation is called as \"{}\" says. kernel.operations lists all there are.", pattern);
    return fail(Code::InvalidInput, "No operation is called as \"{}\" says. Did you mean {}?", pattern, meant);
  }
  for (const auto* patterns : {&input.operations, &input.resources}) {
    for (const auto& pattern : *patterns) {
      if (pattern.size() <= kLongestPattern) continue;
      return fail(Code::InvalidInput, "A pattern has at most {} bytes; one of these has {}.", kLongestPattern, pattern.size());
    }
  }
  if (input.until && *input.until <= now) return fail(Code::InvalidInput, "until must be in the future.");
  return {};
}

void define_grant_operations(Kernel& kernel, Kernel::Implementation& self) {
  kernel.define("grants.create", Effect::Admin,
                {"Lets an app, run, device or peer call operations on your behalf, within limits.",
                 "授权：允许应用、智能体运行、设备或邻居在限制内代表你调用操作。"},
                [&self](Call call, CreateGrantInput input) -> Task<Result<Grant>> {
                  // Whoever acts on a person's behalf could otherwise give itself what it was not given.
                  if (call.principal().kind != Principal::Kind::Person) {
                    co_return fail(Code::Forbidden, "Only a person can give a grant.");
                  }
                  CO_CHECK(check_grant(self.operations, input, self.clock.now()));
                  Grant grant;
                  grant.principal = std::move(input.principal);
                  grant.operations = std::move(input.operations);
                  grant.resources = std::move(input.resources);
                  grant.person = call.person();
                  grant.after_untrusted = input.after_untrusted;
                  grant.until = input.until;
                  grant.uses = input.uses;
                  grant.per_minute = input.per_minute;
                  grant.budget = input.budget;
                  co_return co_await self.grants->add(std::move(grant));
                });
  kernel.define("grants.list", Effect::Read, {"Lists the grants you gave.", "列出你授予的授权。"},
                [&self](Call call, Nothing) -> Task<Result<GrantsOutput>> {
                  co_return GrantsOutput{self.grants->of_person(call.person())};
                });
  kernel.define("grants.revoke", Effect::Admin, {"Takes a grant back, at once.", "立即收回一项授权。"},
                [&self](Call call, IdInput input) -> Task<Result<>> {
                  co_return co_await self.grants->revoke(std::move(input.id), call.person());
                });
}

void define_approval_operations(Kernel& kernel, Kernel::Implementation& self) {
  kernel.define("approvals.list", Effect::Read, {"Lists what waits for your word, and what you decided.", "列出等待你审批的请求和已决定的请求。"},
                [&self](Call call, LimitInput input) -> Task<Result<ApprovalsOutput>> {
                  CO_TRY(auto approvals, co_await self.approvals.list(call.person(), input.limit));
                  co_return ApprovalsOutput{std::move(approvals)};
                });
  kernel.define("approvals.decide", Effect::Admin, {"Allows a waiting call once, or always, or denies it.", "审批：允许一次、始终允许或拒绝一个等待中的调用。"},
                [&self](Call call, DecideInput input) -> Task<Result<Approval>> {
                  if (call.principal().kind != Principal::Kind::Person) {
                    co_return fail(Code::Forbidden, "Only a person can decide an approval.");
                  }
                  const auto state = input.decision == Decision::Once     ? ApprovalState::Once
                                     : input.decision == Decision::Always ? ApprovalState::Always
                                                                          : ApprovalState::Denied;
                  co_return co_await self.approvals.decide(std::move(input.id), call.person(), state);
                });
}

void define_job_operations(Kernel& kernel, Kernel::Implementation& self) {
  kernel.define("jobs.list", Effect::Read, {"Lists your jobs.", "列出你的任务。"},
                [&self](Call call, LimitInput input) -> Task<Result<JobsOutput>> {
                  CO_TRY(auto jobs, co_await self.jobs.list(call.person(), input.limit));
                  co_return JobsOutput{std::move(jobs)};
                });
  kernel.define("jobs.get", Effect::Read, {"Shows one job.", "查看一项任务。"},
                [&self](Call call, IdInput input) -> Task<Result<Job>> {
                  co_return co_await self.jobs.get(std::move(input.id), call.person());
                });
  kernel.define("jobs.cancel", Effect::Write, {"Cancels a job; what it has finished stays.", "取消任务；已完成的部分保留。"},
                [&self](Call call, IdInput input) -> Task<Result<>> {
                  co_return co_await self.jobs.cancel(std::move(input.id), call.person());
                });
}

void define_audit_operations(Kernel& kernel, Kernel::Implementation& self) {
  kernel.define("audit.list", Effect::Read, {"Lists who did what, the latest first.", "列出审计记录：谁做了什么，最近的在前。"},
                [&self](Call call, AuditListInput input) -> Task<Result<AuditListOutput>> {
                  Audit::Filter filter;
                  filter.person = call.person();
                  filter.administration = call.principal().role == Role::Owner;
                  filter.before = input.before;
                  filter.operation = std::move(input.operation);
                  filter.principal = std::move(input.principal);
                  filter.outcome = std::move(input.outcome);
                  filter.limit = input.limit;
                  CO_TRY(auto entries, co_await self.database.read(
                                           [filter](store::Connection& c) { return Audit::list(c, filter); }));
                  co_return AuditListOutput{std::move(entries)};
                });
  kernel.define("audit.verify", Effect::Read,
                {"Checks that no entry of the audit was altered, removed or reordered.", "检查审计记录是否被改动、删除或调换。"},
                [&self](Call, Nothing) -> Task<Result<AuditVerdict>> {
                  // The anchor first: what it names is committed, so the reading sees it.
                  co_return co_await self.database.read([&self, anchored = self.anchor->mark(), lost = self.anchor->lost()](store::Connection& c) {
                    return self.audit.verify(c, anchored, lost);
                  });
                });
}

void define_label_operations(Kernel& kernel, Kernel::Implementation& self) {
  kernel.define("labels.list", Effect::Read, {"Shows what apps, runs, devices and peers have read.", "显示应用、智能体运行、设备与邻居读过的数据标签。"},
                [&self](Call, Nothing) -> Task<Result<LabelsOutput>> {
                  LabelsOutput output;
                  for (const auto& [principal, label] : self.labels->all()) output.labels.push_back({principal, label});
                  co_return output;
                },
                {.audience = Audience::Owner});
  kernel.define("labels.reset", Effect::Admin, {"Forgets what a principal has read: it starts afresh.", "清除一个主体的已读标签，使其重新开始。"},
                [&self](Call, PrincipalInput input) -> Task<Result<>> {
                  co_return co_await self.labels->reset(std::move(input.principal));
                },
                {.audience = Audience::Owner});
  kernel.define("clearances.list", Effect::Read, {"Lists how confidential data each destination may receive.", "列出各去向可接收的机密级别。"},
                [&self](Call, Nothing) -> Task<Result<ClearancesOutput>> {
                  ClearancesOutput output;
                  for (const auto& [destination, confidentiality] : self.labels->clearances()) {
                    output.clearances.push_back({destination, confidentiality});
                  }
                  co_return output;
                },
                {.audience = Audience::Owner});
  kernel.define("clearances.set", Effect::Admin, {"Sets how confidential data a destination may receive.", "设定某一去向可接收的机密级别。"},
                [&self](Call, Clearance input) -> Task<Result<>> {
                  co_return co_await self.labels->set_clearance(std::move(input.destination), input.confidentiality);
                },
                {.audience = Audience::Owner});
}

}  // namespace

void define_operations(Kernel& kernel) {
  auto& self = *kernel.implementation_;
  define_table_operations(kernel);
  define_grant_operations(kernel, self);
  define_approval_operations(kernel, self);
  define_job_operations(kernel, self);
  define_audit_operations(kernel, self);
  define_label_operations(kernel, self);
}

}  // namespace hearth::kernel
