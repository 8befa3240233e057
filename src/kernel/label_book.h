#pragma once
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "kernel/label.h"
#include "store/store.h"

namespace hearth::kernel {

// What each app, run, device and peer has read so far (the join of its labels), and how confidential data each
// destination may receive. In memory for deciding, in system.db for keeping. Home thread.
class LabelBook {
 public:
  static Result<std::unique_ptr<LabelBook>> open(store::Database& database);

  // Nothing read yet: Public, written by the owner.
  Label of(const std::string& principal) const;
  // Joins `label` to what the principal has read; on the disk before this returns.
  Task<Result<>> add(std::string principal, Label label);
  Task<Result<>> reset(std::string principal);
  const std::map<std::string, Label>& all() const { return labels_; }

  Confidentiality clearance(std::string_view destination) const;
  Task<Result<>> set_clearance(std::string destination, Confidentiality confidentiality);
  const std::map<std::string, Confidentiality, std::less<>>& clearances() const { return clearances_; }

 private:
  explicit LabelBook(store::Database& database) : database_(database) {}

  store::Database& database_;
  std::map<std::string, Label> labels_;
  std::map<std::string, Confidentiality, std::less<>> clearances_;
};

}  // namespace hearth::kernel
