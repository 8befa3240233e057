#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "kernel/audit_anchor.h"
#include "store/store.h"

namespace hearth::kernel {

// One line of the audit. `seq` counts from 1 without gaps.
struct AuditEntry {
  std::int64_t seq = 0;
  Time time;
  std::string principal;
  std::string person;
  std::string operation;
  std::string effect;
  std::string resource;
  std::string outcome;  // "ok", or an error's code, or what a room recorded
  std::string address;
};
HEARTH_DESCRIBE(AuditEntry, (seq, "Its place in the chain, from 1.", .zh = "在链中的序号，从 1 起。"),
                (time, "When.", .zh = "时间。"), (principal, "Who called.", .zh = "调用者。"),
                (person, "On whose behalf.", .zh = "代表谁。"), (operation, "What was called.", .zh = "调用了什么。"),
                (effect, "What it does to the world.", .zh = "效果。"), (resource, "On what.", .zh = "对象。"),
                (outcome, "How it ended: ok or an error's code.", .zh = "结果：ok 或错误代码。"),
                (address, "From which address.", .zh = "来源地址。"))

struct AuditVerdict {
  bool ok = true;
  std::int64_t entries = 0;                  // verified before the first bad one
  std::optional<std::int64_t> first_bad;     // seq of the first row that is not as it was written
  std::string problem;                       // "altered", "removed": see `message`
  std::string message;
  std::string message_zh;
};
HEARTH_DESCRIBE(AuditVerdict, (ok, "Whether the chain is whole.", .zh = "链是否完整。"),
                (entries, "How many entries were verified.", .zh = "已核实的条数。"),
                (first_bad, "The first entry that is not as it was written.", .zh = "第一条与原文不符的记录。"),
                (problem, "What happened to it.", .zh = "发生了什么。"), (message, "The verdict in a sentence.", .zh = "结论。"),
                (message_zh, "The same in Chinese.", .zh = "同上，中文。"))

// The audit's hash chain: each row's hash is HMAC-SHA256(key, hash of the row before ‖ the row), and a keyed head says
// which row is the last, so that rows cut off the end are noticed too; the anchor says so even where the head was put back with
// them. Blocking; call inside Database::write / read.
class Audit {
 public:
  explicit Audit(std::string key) : key_(std::move(key)) {}

  // Writes the head of a chain without entries, unless there is a chain. Once for each home: a head that is missing later
  // was removed, and with it the chain, which `verify` then says.
  Result<> begin(store::Connection& connection) const;

  // Appends; `entry.seq` is given here. What the anchor is to move to once this is committed.
  Result<AuditMark> append(store::Connection& connection, AuditEntry entry) const;

  // The last row.
  static Result<AuditMark> last(store::Connection& connection);
  // The first row that is missing when the chain does not hold the anchor's; none when it does.
  static Result<std::optional<std::int64_t>> missing(store::Connection& connection, const AuditMark& anchored);

  // Walks the whole chain; names the first row that was altered, removed or put in a wrong place. `anchored` is the anchor's
  // row, `lost` what it says is missing.
  Result<AuditVerdict> verify(store::Connection& connection, const AuditMark& anchored, std::optional<std::int64_t> lost) const;

  struct Filter {
    std::string person;             // whose entries; "" with `administration` alone
    bool administration = false;    // also other people's changes to the box, without their resources
    std::optional<std::int64_t> before;
    std::string operation;  // exact, or a room's prefix "files."
    std::string principal;
    std::string outcome;
    int limit = 100;
  };
  // Newest first.
  static Result<std::vector<AuditEntry>> list(store::Connection& connection, Filter filter);

 private:
  Result<> write_head(store::Connection& connection, std::int64_t seq, std::string_view hash) const;
  std::string row_hash(const AuditEntry& entry, std::string_view previous) const;
  std::string head_mac(std::int64_t seq, std::string_view hash) const;

  std::string key_;
};

}  // namespace hearth::kernel
