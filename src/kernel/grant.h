#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "kernel/operation.h"

namespace hearth::kernel {

// A permission that a person gave: principal × operations × resources × limits. It lends what its giver may do at the time
// of the call, and no more. A pattern matches whole names, '*' any
// run of characters except '/' and '.', '**' any run at all: "files.*", "files:/Documents/**".
struct Grant {
  std::string id;
  std::string principal;                // "app:notes", "run:01h…"; a pattern. Never a person: people act by their role
  std::vector<std::string> operations;  // patterns
  std::vector<std::string> resources;   // patterns; empty: every resource
  std::string person;                   // who gave it: it covers that person's data and nobody else's
  bool after_untrusted = false;         // also for Send and Spend by a run that has read what outsiders wrote
  std::optional<Time> until;
  std::optional<std::int64_t> uses;          // how many calls are left
  std::optional<std::int64_t> per_minute;    // rate
  std::optional<double> budget;              // what may still be spent, in the box's currency
  Time created;
  std::int64_t used = 0;
};
HEARTH_DESCRIBE(Grant, (id, "Its id.", .zh = "编号。"), (principal, "Who may call.", .zh = "谁可以调用。"),
                (operations, "Which operations, as patterns such as files.*.", .zh = "哪些操作，可用通配，如 files.*。"),
                (resources, "Which resources, as patterns such as files:/Documents/**; none: all.",
                 .zh = "哪些资源，如 files:/Documents/**；留空表示全部。"),
                (person, "Who gave it.", .zh = "由谁授予。"),
                (after_untrusted, "Also to send or spend after reading what outsiders wrote.",
                 .zh = "读过外人所写内容之后，是否仍可发送或花费。"),
                (until, "When it ends.", .zh = "到期时间。"), (uses, "Calls left.", .zh = "剩余次数。"),
                (per_minute, "Calls a minute at most.", .zh = "每分钟最多次数。"),
                (budget, "What may still be spent.", .zh = "剩余预算。"), (created, "When it was given.", .zh = "授予时间。"),
                (used, "Calls made under it.", .zh = "已用次数。"))

// Whether `name` matches `pattern` as a Grant's fields do. Takes time in proportion to both lengths multiplied, at most.
bool matches_pattern(std::string_view pattern, std::string_view name);

}  // namespace hearth::kernel
