#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "kernel/grant.h"
#include "store/store.h"

namespace hearth::kernel {

// Every grant, in memory for deciding and in system.db for keeping. Home thread.
class GrantBook {
 public:
  static Result<std::unique_ptr<GrantBook>> open(store::Database& database, Clock& clock);

  struct Demand {
    std::string principal;
    std::string person;
    std::string operation;
    std::span<const std::string> resources;
    double cost = 0;               // what the call would spend
    bool after_untrusted = false;  // it would let something leave after outsiders' text was read
  };
  // The grant that covers the demand: the oldest, but one that holds after outsiders' text before others where that is
  // demanded. The error says why none does: Forbidden, Expired or TooMany.
  Result<Grant> find(const Demand& demand) const;

  // Counts one use of the grant, on the disk before this returns: what is left of it. TooMany when another call was faster.
  Task<Result<Grant>> use(std::string id, double cost);

  Task<Result<Grant>> add(Grant grant);
  // NotFound unless `person` gave it.
  Task<Result<>> revoke(std::string id, std::string person);
  Task<Result<>> revoke_all_of(std::string principal);
  std::vector<Grant> of_person(std::string_view person) const;

 private:
  GrantBook(store::Database& database, Clock& clock) : database_(database), clock_(clock) {}
  // Why `grant` cannot be used now, or nothing.
  std::optional<Error> spent(const Grant& grant, double cost) const;
  void trim(std::deque<Time>& uses) const;

  store::Database& database_;
  Clock& clock_;
  std::map<std::string, Grant> grants_;                   // by id, which sorts by age
  mutable std::map<std::string, std::deque<Time>> recent_;  // uses of the last minute, of grants with a rate
};

}  // namespace hearth::kernel
