#include "kernel/guard.h"

#include <array>
#include <utility>

namespace hearth::kernel {
namespace {

constexpr std::optional<bool> any;
constexpr bool yes = true;
constexpr bool no = false;

constexpr std::array<GuardRule, 8> kRules = {{
    // own  run  leaves covered cleared untrusted after_untrusted lendable
    {yes, any, any, yes, any, any, any, any, Verdict::Allow, {"A person acts for themselves.", "本人操作。"}},
    {yes, any, any, no, any, any, any, any, Verdict::Deny, {"The person's role does not cover this.", "该成员的角色不允许此操作。"}},
    {no, any, any, any, any, any, any, no, Verdict::Deny,
     {"A grant lends only what its giver may do.", "授权只能借出授予者自己的权限。"}},
    {no, any, yes, any, no, any, any, any, Verdict::Deny,
     {"The data is more confidential than the destination is cleared for.", "数据的机密级别高于目的地的许可。"}},
    {no, yes, any, no, any, any, any, any, Verdict::Ask, {"No grant covers this run.", "没有授权覆盖这次智能体运行。"}},
    {no, no, any, no, any, any, any, any, Verdict::Deny, {"No grant covers this.", "没有授权允许此操作。"}},
    {no, any, yes, any, any, yes, no, any, Verdict::Ask,
     {"Data would leave after text that an outsider could have written was read.",
      "读过可能由外人书写的内容之后，数据将要离开盒子。"}},
    {no, any, any, any, any, any, any, any, Verdict::Allow, {"A grant covers this.", "已有授权。"}},
}};

bool fits(std::optional<bool> column, bool value) { return !column || *column == value; }

}  // namespace

bool leaves_the_box(Effect effect) { return effect == Effect::Send || effect == Effect::Spend; }

std::span<const GuardRule> guard_rules() { return kRules; }

const GuardRule& decide(const Question& question) {
  const bool own = question.caller == Principal::Kind::Person || question.caller == Principal::Kind::System ||
                   question.caller == Principal::Kind::Anyone;
  const bool is_run = question.caller == Principal::Kind::Run;
  const bool leaves = leaves_the_box(question.effect);
  for (const auto& rule : kRules) {
    if (fits(rule.own, own) && fits(rule.is_run, is_run) && fits(rule.leaves, leaves) &&
        fits(rule.covered, question.covered) && fits(rule.cleared, question.cleared) &&
        fits(rule.untrusted, question.untrusted) && fits(rule.after_untrusted, question.after_untrusted) &&
        fits(rule.lendable, question.lendable)) {
      return rule;
    }
  }
  std::unreachable();  // the last rows cover every caller that is not its own, the first two the others
}

Confidentiality default_clearance(std::string_view destination) {
  static constexpr std::array<std::pair<std::string_view, Confidentiality>, 5> kDefaults = {{
      {"model:local", Confidentiality::Secret},
      {"run:", Confidentiality::Private},
      {"app:", Confidentiality::Private},
      {"device:", Confidentiality::Private},
      {"mail:", Confidentiality::Household},
  }};
  for (const auto& [prefix, clearance] : kDefaults) {
    if (destination.starts_with(prefix)) return clearance;
  }
  return Confidentiality::Public;
}

}  // namespace hearth::kernel
