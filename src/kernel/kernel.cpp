#include "kernel/kernel.h"

#include <boost/system/system_error.hpp>

#include "base/bytes.h"
#include "base/closest.h"
#include "base/log.h"
#include "kernel/implementation.h"

namespace hearth::kernel {
namespace {

constexpr std::size_t kLongestResource = 512;  // in the audit

bool role_covers(Role role, Audience audience) { return static_cast<int>(role) + 1 >= static_cast<int>(audience); }

bool covers_itself(const Principal& principal, Audience audience) {
  if (audience == Audience::Anyone || principal.kind == Principal::Kind::System) return true;
  return principal.kind == Principal::Kind::Person && role_covers(principal.role, audience);
}
static_assert(static_cast<int>(Role::Guest) + 1 == static_cast<int>(Audience::Guest));
static_assert(static_cast<int>(Role::Owner) + 1 == static_cast<int>(Audience::Owner));

// "files" and "/a//./b" → "files:/a/b". A path that climbs is refused: it must not slip past a grant's pattern.
Result<std::string> resource_name(std::string_view kind, std::string_view value) {
  if (kind != "files") return fmt::format("{}:{}", kind, value);
  std::string path;
  while (!value.empty()) {
    const auto slash = value.find('/');
    const auto segment = value.substr(0, slash);
    value.remove_prefix(slash == std::string_view::npos ? value.size() : slash + 1);
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") return fail(Code::InvalidInput, "A path may not contain \"..\".");
    path += '/';
    path += segment;
  }
  return fmt::format("files:{}", path.empty() ? "/" : path);
}

Message name_of(Role role) {
  switch (role) {
    case Role::Guest: return translated("guest");
    case Role::Member: return translated("member");
    case Role::Owner: return translated("owner");
  }
  return {};
}

Message name_of(Audience audience) {
  return audience == Audience::Anyone ? translated("anyone") : name_of(static_cast<Role>(static_cast<int>(audience) - 1));
}

Message suggestion(const std::map<std::string, Operation, std::less<>>& operations, std::string_view name) {
  const auto room = name.substr(0, name.find('.'));
  std::string known;
  for (const auto& [candidate, operation] : operations) {
    if (candidate.starts_with(std::string(room) + ".")) known += (known.empty() ? "" : ", ") + candidate;
  }
  if (!known.empty()) return translated("There is {}.", known);
  std::vector<std::string> names;
  for (const auto& [candidate, operation] : operations) names.push_back(candidate);
  const auto meant = closest(name, names);
  return meant.empty() ? translated("kernel.operations lists all there are.") : translated("Did you mean {}?", meant);
}

std::string join_texts(const std::vector<std::string>& texts) {
  std::string joined;
  for (const auto& text : texts) joined += (joined.empty() ? "" : " ") + text;
  if (joined.size() <= kLongestResource) return joined;
  return std::string(beginning_of(joined, kLongestResource)) + "…";
}

}  // namespace

Result<Touched> Kernel::Implementation::touched_by(const Operation& operation, const Json& input) const {
  Touched touched;
  touched.shown = Json::object();
  if (!input.as_object()) {
    return fail(Code::InvalidInput, "The input of {} must be a JSON object, not {}.", operation.name, input.kind());
  }
  const auto schema = operation.input_schema();
  const auto* properties = schema.find("properties");
  for (const auto& [name, value] : *input.as_object()) {
    const auto* field = properties->find(name);
    if (!field) continue;  // the operation's own parser says so, better
    touched.shown.set(name, field->find("x-secret") ? Json("•••") : value);
    std::vector<const Json*> values = {&value};
    if (const auto* array = value.as_array()) {
      values.clear();
      for (const auto& item : *array) values.push_back(&item);
    }
    for (const auto* item : values) {
      const auto* text = item->as_string();
      if (text && field->find("x-resource")) {
        touched.resources.push_back(TRY(resource_name(field->text("x-resource"), *text)));
      }
      if (text && field->find("x-destination")) touched.destinations.push_back(*text);
      if (field->find("x-cost")) {
        if (const auto* whole = item->as_integer()) touched.cost += static_cast<double>(*whole);
        if (const auto* number = item->as_double()) touched.cost += *number;
      }
    }
  }
  // What is left out and has a default is touched as well: files.list without a path lists "/".
  for (const auto& [name, field] : *properties->as_object()) {
    const auto* otherwise = field.find("x-resource") && !input.find(name) ? field.find("x-default") : nullptr;
    const auto* text = otherwise ? otherwise->as_string() : nullptr;
    if (text && !text->empty()) touched.resources.push_back(TRY(resource_name(field.text("x-resource"), *text)));
  }
  return touched;
}

Task<Result<Touched>> Kernel::Implementation::all_touched_by(const Admission& admission, const Json& input) const {
  const auto& [principal, origin, operation, nothing] = admission;
  auto touched = touched_by(operation, input);
  if (!touched || !operation.options.resources || principal.kind == Principal::Kind::Anyone) co_return touched;
  CO_TRY(const auto more, co_await operation.options.resources(Call(principal, origin, nullptr), input));
  touched->resources.insert(touched->resources.end(), more.begin(), more.end());
  co_return touched;
}

Task<Result<>> Kernel::Implementation::admit(const Admission& admission, const Json* input) {
  const auto& [principal, origin, operation, touched] = admission;
  const auto name = principal.name();
  const auto read = labels->of(name);

  Question question;
  question.caller = principal.kind;
  question.effect = operation.effect;
  question.covered = covers_itself(principal, operation.options.audience);
  question.lendable = role_covers(principal.role, operation.options.audience);
  question.untrusted = read.integrity == Integrity::Untrusted;
  question.cleared = std::all_of(touched.destinations.begin(), touched.destinations.end(), [&](const auto& destination) {
    return read.confidentiality <= labels->clearance(destination);
  });

  std::optional<Grant> grant;
  std::optional<Error> uncovered;
  const bool may_borrow = principal.kind != Principal::Kind::Anyone && principal.kind != Principal::Kind::Person;
  if (!question.covered && question.lendable && may_borrow) {
    const bool after_untrusted = question.untrusted && leaves_the_box(operation.effect);
    auto found = grants->find({name, principal.person, operation.name, touched.resources, touched.cost, after_untrusted});
    if (found) {
      grant = *std::move(found);
      question.covered = true;
      question.after_untrusted = grant->after_untrusted;
    } else {
      uncovered = std::move(found).error();
    }
  }

  const auto& rule = decide(question);
  if (rule.verdict == Verdict::Deny) {
    if (principal.kind == Principal::Kind::Anyone) {
      co_return fail(Code::Unauthenticated, "Sign in first: {} is not open to everyone.", operation.name);
    }
    if (may_borrow && !question.lendable) {
      co_return fail(Code::Forbidden, "{} is for the role {}; the person that {} acts for is {}.", operation.name,
                     name_of(operation.options.audience), name, name_of(principal.role));
    }
    if (!question.cleared) {
      co_return fail(Code::Forbidden, "{} {} may not send {} data to {}. The owner can change this: clearances.set.",
                     Message(std::string(rule.reason.en), std::string(rule.reason.zh)), name, name_of(read.confidentiality), join_texts(touched.destinations));
    }
    if (principal.kind == Principal::Kind::Person) {
      co_return fail(Code::Forbidden, "{} is for the role {}; yours is {}.", operation.name,
                     name_of(operation.options.audience), name_of(principal.role));
    }
    co_return std::unexpected(*std::move(uncovered));
  }
  // Nobody is asked about a call that cannot work, and no use of a grant is spent on it.
  if (input && (grant || rule.verdict == Verdict::Ask)) CO_CHECK(operation.check(*input));
  bool always = false;
  if (rule.verdict == Verdict::Ask) {
    const Message reason =
        uncovered ? uncovered->sentence() : Message(std::string(rule.reason.en), std::string(rule.reason.zh));
    CO_TRY(always, co_await ask(admission, reason));
  }
  // What a person approved counts against the grant as well: its limits still hold.
  if (grant) {
    CO_TRY(grant, co_await grants->use(grant->id, touched.cost));
  }
  if (always) CO_CHECK(co_await allow_always(admission, grant));
  co_return Result<>{};
}

Task<Result<bool>> Kernel::Implementation::ask(const Admission& admission, const Message& reason) {
  const auto& [principal, origin, operation, touched] = admission;
  Approval wish;
  wish.principal = principal.name();
  wish.person = principal.person;
  wish.operation = operation.name;
  wish.input = touched.shown;
  wish.resources = touched.resources;
  wish.reason = reason.english();
  wish.reason_zh = reason.chinese();
  CO_TRY(const auto approval, co_await approvals.ask(std::move(wish)));
  switch (approval.state) {
    case ApprovalState::Once:
      co_return false;
    case ApprovalState::Always:
      co_return true;
    case ApprovalState::Denied:
      co_return fail(Code::Denied, "A person said no to {}.", operation.name);
    case ApprovalState::Pending:
    case ApprovalState::Expired:
      break;
  }
  co_return fail(Code::Denied, "Nobody answered in time, which means no to {}.", operation.name);
}

Task<Result<>> Kernel::Implementation::allow_always(const Admission& admission, const std::optional<Grant>& covering) {
  const auto& [principal, origin, operation, touched] = admission;
  // A name with a star would be a pattern: no grant can name it alone, so this yes was for this call.
  const bool nameable = std::ranges::none_of(touched.resources, [](const auto& name) { return name.contains('*'); });
  if (!nameable) co_return Result<>{};
  Grant always;
  always.principal = principal.name();
  always.person = principal.person;
  always.operations = {operation.name};
  always.resources = touched.resources;
  always.after_untrusted = leaves_the_box(operation.effect);
  if (covering) {  // what limits the call it was said of limits its like
    always.until = covering->until;
    always.uses = covering->uses;
    always.per_minute = covering->per_minute;
    always.budget = covering->budget;
  }
  CO_TRY(const auto added, co_await grants->add(std::move(always)));
  if (!covering) CO_CHECK(co_await grants->use(added.id, touched.cost));
  co_return Result<>{};
}

Task<Result<>> Kernel::Implementation::give(const Principal& principal, const Label& label) {
  const bool is_person = principal.kind == Principal::Kind::Person || principal.kind == Principal::Kind::System ||
                         principal.kind == Principal::Kind::Anyone;
  if (is_person) co_return Result<>{};
  if (label.confidentiality > labels->clearance(principal.name())) {
    co_return fail(Code::Forbidden, "The answer is {} data, which {} is not cleared for. The owner can change this: clearances.set.",
                   name_of(label.confidentiality), principal.name());
  }
  co_return co_await labels->add(principal.name(), label);
}

Task<Result<>> Kernel::Implementation::append(AuditEntry entry) {
  entry.time = clock.now();
  const auto written = co_await database.write([this, entry](store::Connection& c) { return audit.append(c, entry); });
  if (!written) {
    log::error("the audit could not be written: {}", written.error().describe());
    co_return std::unexpected(written.error());
  }
  if (const auto moved = anchor->move(*written); !moved) log::error("the audit's anchor: {}", moved.error().describe());
  co_return Result<>{};
}

// Audits a call that ended. A read's line is written behind its answer: a read changes nothing that a crash could separate
// from its line. Everything else is acknowledged only once its line is on the disk.
Task<Result<>> Kernel::Implementation::audit_call(const Admission& admission, std::string_view outcome) {
  const auto& [principal, origin, operation, touched] = admission;
  AuditEntry entry;
  entry.principal = principal.name();
  entry.person = principal.person;
  entry.operation = operation.name;
  entry.effect = enum_name(operation.effect);
  entry.resource = join_texts(touched.resources);
  entry.outcome = outcome;
  entry.address = origin.address;
  if (operation.effect != Effect::Read) co_return co_await append(std::move(entry));
  audits.spawn("audit", [](Implementation& self, AuditEntry line) -> Task<> {
    (void)co_await self.append(std::move(line));
  }(*this, std::move(entry)));
  co_return Result<>{};
}

Task<Result<Outcome>> Kernel::Implementation::run(const Admission& admission, std::optional<SessionChange>& session,
                                                  Json input, const Emit* emit) {
  const auto& operation = admission.operation;
  try {
    CO_CHECK(co_await admit(admission, &input));
    co_return co_await operation.run(Call(admission.principal, admission.origin, &session), std::move(input), emit);
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    co_return fail(Code::Internal, "{} failed: {}", operation.name, error.what());
  } catch (const std::exception& error) {
    co_return fail(Code::Internal, "{} failed: {}", operation.name, error.what());
  }
}

Kernel::Kernel(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Kernel::~Kernel() = default;

Result<std::unique_ptr<Kernel>> Kernel::create(store::Database& system, std::string audit_key, Clock& clock, Executor home,
                                               Options options) {
  auto implementation = std::make_unique<Implementation>(system, std::move(audit_key), clock, std::move(home), options);
  TRY(implementation->open_audit(options.audit_anchor));
  implementation->grants = TRY(GrantBook::open(system, clock));
  implementation->labels = TRY(LabelBook::open(system));
  TRY(implementation->approvals.open());
  return std::unique_ptr<Kernel>(new Kernel(std::move(implementation)));
}

Result<> Kernel::Implementation::open_audit(const std::filesystem::path& path) {
  anchor = TRY(AuditAnchor::open(path));
  if (anchor->is_new()) {
    TRY(database.write_now([&](store::Connection& c) { return audit.begin(c); }));
    return anchor->move(TRY(database.read_now([](store::Connection& c) { return Audit::last(c); })));
  }
  const auto missing = TRY(database.read_now([&](store::Connection& c) { return Audit::missing(c, anchor->mark()); }));
  if (!missing) return {};
  log::error("audit: entry {} and what came after it were removed; hearth audit verify says so from now on", *missing);
  return anchor->found_lost(*missing);
}

void Kernel::add(Operation operation) {
  auto name = operation.name;
  implementation_->operations.insert_or_assign(std::move(name), std::move(operation));
}

void Kernel::add_job_handler(std::string kind, JobHandler handler) {
  implementation_->jobs.add_handler(std::move(kind), std::move(handler));
}

const std::map<std::string, Operation, std::less<>>& Kernel::operations() const { return implementation_->operations; }

Task<Result<>> Kernel::start() { co_return co_await implementation_->jobs.start(); }

Task<> Kernel::stop() {
  co_await implementation_->jobs.stop();
  co_await implementation_->audits.stop();
}

Task<Kernel::Reply> Kernel::invoke(Principal principal, Origin origin, std::string name, Json input, const Emit* emit) {
  auto& self = *implementation_;
  const auto found = self.operations.find(name);
  if (found == self.operations.end()) {
    co_return Reply{fail(Code::NotFound, "There is no operation {}. {}", name, suggestion(self.operations, name)), {}};
  }
  const auto& operation = found->second;
  if (operation.streaming && !emit) {
    co_return Reply{fail(Code::InvalidInput, "{} streams its answer; call it where streams are taken.", name), {}};
  }

  Admission admission{std::move(principal), std::move(origin), operation, {}};
  std::optional<SessionChange> session;
  auto touched = co_await self.all_touched_by(admission, input);
  if (touched) admission.touched = *std::move(touched);
  auto outcome = touched ? co_await self.run(admission, session, std::move(input), emit)
                         : Result<Outcome>(std::unexpected(std::move(touched).error()));
  if (outcome) {
    if (auto given = co_await self.give(admission.principal, outcome->label); !given) {
      outcome = std::unexpected(std::move(given).error());
    }
  }
  if (!outcome && outcome.error().code() == Code::Internal) log::error("{}: {}", name, outcome.error().describe());
  outcome = co_await self.settle(admission, std::move(outcome));
  co_return Reply{std::move(outcome), std::move(session)};
}

Task<Result<std::string>> Kernel::queue_job(std::string kind, std::string person, Message title, Json input) {
  return implementation_->jobs.queue(std::move(kind), std::move(person), std::move(title), std::move(input));
}

Task<Result<Job>> Kernel::job(std::string id) { return implementation_->jobs.get(std::move(id), ""); }

void Kernel::publish(Event event) { implementation_->events.publish(event); }

std::unique_ptr<Subscription> Kernel::subscribe(std::string person) {
  return implementation_->events.subscribe(std::move(person));
}

Task<Result<>> Kernel::record(Principal principal, std::string action, std::string resource, std::string outcome) {
  AuditEntry entry;
  entry.principal = principal.name();
  entry.person = principal.person;
  entry.operation = std::move(action);
  entry.effect = "read";
  entry.resource = std::move(resource);
  entry.outcome = std::move(outcome);
  co_return co_await implementation_->append(std::move(entry));
}

Task<Result<>> Kernel::permit(Principal principal, Origin origin, std::string name, std::string resource,
                              std::optional<Label> gives) {
  auto& self = *implementation_;
  const auto found = self.operations.find(name);
  if (found == self.operations.end()) co_return fail(Code::Internal, "There is no operation {}.", name);
  const auto colon = resource.find(':');
  auto normalised = resource_name(resource.substr(0, colon), resource.substr(colon + 1));
  Admission admission{std::move(principal), std::move(origin), found->second, {}};
  admission.touched.shown = Json::object({{"resource", Json(resource)}});
  if (!normalised) co_return co_await self.settle<void>(admission, std::unexpected(std::move(normalised).error()));
  admission.touched.resources = {*std::move(normalised)};
  auto admitted = co_await self.admit(admission, nullptr);
  if (admitted && gives) admitted = co_await self.give(admission.principal, *gives);
  co_return co_await self.settle(admission, std::move(admitted));
}

Task<Result<>> Kernel::role_changed(std::string person) { return implementation_->approvals.deny_waiting(std::move(person)); }

Task<Result<>> Kernel::forget_principal(std::string name) {
  auto& self = *implementation_;
  CO_CHECK(co_await self.grants->revoke_all_of(name));
  CO_CHECK(co_await self.labels->reset(name));
  if (name.starts_with("person:")) {
    const auto person = name.substr(7);
    CO_CHECK(co_await self.approvals.forget_person(person));
    CO_CHECK(co_await self.jobs.forget_person(person));
  }
  co_return Result<>{};
}

}  // namespace hearth::kernel
