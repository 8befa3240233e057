#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "kernel/label.h"
#include "kernel/operation.h"
#include "kernel/principal.h"

// The guard: one table that decides whether a call may go ahead. Code, deterministic, without any model.
namespace hearth::kernel {

enum class Verdict { Allow, Ask, Deny };
HEARTH_DESCRIBE_ENUM(Verdict, Allow, Ask, Deny)

// What the guard looks at.
struct Question {
  Principal::Kind caller = Principal::Kind::Anyone;
  Effect effect = Effect::Read;
  bool covered = false;          // by the caller's role, or by a grant
  bool cleared = true;           // every destination may have data as confidential as what the caller has read
  bool untrusted = false;        // the caller has read what an outsider could have written
  bool after_untrusted = false;  // a person granted this beforehand even so
  bool lendable = true;          // the person behind the caller may do this themselves
};

// One row. An empty column matches anything; the first row that matches decides.
struct GuardRule {
  std::optional<bool> own;      // the caller is a person or the system, acting for itself
  std::optional<bool> is_run;   // the caller is an agent's run: somebody who can be asked stands behind it
  std::optional<bool> leaves;   // the effect is Send or Spend
  std::optional<bool> covered;
  std::optional<bool> cleared;
  std::optional<bool> untrusted;
  std::optional<bool> after_untrusted;
  std::optional<bool> lendable;  // the role of the person behind the caller covers it
  Verdict verdict;
  Text reason;
};

// Whether the effect lets something leave: data or money.
bool leaves_the_box(Effect effect);

// The whole rule.
std::span<const GuardRule> guard_rules();

const GuardRule& decide(const Question& question);

// How confidential data may be that flows to `destination` ("app:notes", "mail:a@b.c", "model:local") unless the owner
// has set otherwise.
Confidentiality default_clearance(std::string_view destination);

}  // namespace hearth::kernel
