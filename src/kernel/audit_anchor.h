#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/process.h"
#include "base/result.h"

namespace hearth::kernel {

// A row of the audit: its number, from 1, and its hash. Number 0: there is none yet.
struct AuditMark {
  std::int64_t seq = 0;
  std::string hash;
};

// What the audit's last row was, kept outside of the database: who puts the whole database back to an earlier state cannot
// make that look like the end. Once the database was found to hold less, the anchor stays as it is. Blocking, but short.
class AuditAnchor {
 public:
  // A file that is not there, or empty, is a new anchor. No path: nothing is kept, for tests.
  static Result<AuditAnchor> open(const std::filesystem::path& path);

  bool is_new() const { return is_new_; }
  const AuditMark& mark() const { return mark_; }
  // The first row that is missing, once that was found.
  std::optional<std::int64_t> lost() const { return lost_; }

  // The chain has come to this row. Written without waiting for the disk: after a power cut the anchor may lag, never lead.
  Result<> move(const AuditMark& mark);
  // The database does not hold what it held: from this row on.
  Result<> found_lost(std::int64_t seq);

 private:
  AuditAnchor() = default;
  Result<> write() const;

  Descriptor file_;
  bool is_new_ = false;
  AuditMark mark_;
  std::optional<std::int64_t> lost_;
};

}  // namespace hearth::kernel
