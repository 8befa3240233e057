#include "kernel/grant_book.h"

#include "base/bytes.h"

namespace hearth::kernel {
namespace {

Grant grant_of(store::Statement& row) {
  const auto list = [](const std::string& text) {
    return from_json<std::vector<std::string>>(Json::parse(text).value_or(Json::array())).value_or(std::vector<std::string>());
  };
  Grant grant;
  grant.id = row.text(0);
  grant.principal = row.text(1);
  grant.operations = list(row.text(2));
  grant.resources = list(row.text(3));
  grant.person = row.text(4);
  grant.after_untrusted = row.integer(5) != 0;
  grant.until = row.optional_time(6);
  if (!row.is_null(7)) grant.uses = row.integer(7);
  if (!row.is_null(8)) grant.per_minute = row.integer(8);
  if (!row.is_null(9)) grant.budget = row.real(9);
  grant.created = row.time(10);
  grant.used = row.integer(11);
  return grant;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return matches_pattern(pattern, name); });
}

// A grant that names resources covers a call only if the call names some, and each of them is covered.
bool covers(const Grant& grant, const GrantBook::Demand& demand) {
  if (grant.person != demand.person || !matches_pattern(grant.principal, demand.principal)) return false;
  if (!any_matches(grant.operations, demand.operation)) return false;
  if (grant.resources.empty()) return true;
  return !demand.resources.empty() && std::all_of(demand.resources.begin(), demand.resources.end(), [&](const auto& resource) {
    return any_matches(grant.resources, resource);
  });
}

}  // namespace

Result<std::unique_ptr<GrantBook>> GrantBook::open(store::Database& database, Clock& clock) {
  std::unique_ptr<GrantBook> book(new GrantBook(database, clock));
  auto grants = TRY(database.read_now([](store::Connection& c) {
    return c.all(
        "SELECT id, principal, operations, resources, person, after_untrusted, until, uses, per_minute, budget, created, used"
        " FROM grants",
        grant_of);
  }));
  for (auto& grant : grants) {
    auto id = grant.id;
    book->grants_.emplace(std::move(id), std::move(grant));
  }
  return book;
}

void GrantBook::trim(std::deque<Time>& uses) const {
  while (!uses.empty() && uses.front() <= clock_.now() - std::chrono::minutes(1)) uses.pop_front();
}

std::optional<Error> GrantBook::spent(const Grant& grant, double cost) const {
  if (grant.until && *grant.until <= clock_.now()) {
    return Error(Code::Expired, translated("The grant {} ended at {}. Ask for a new one.", grant.id, format_time(*grant.until)));
  }
  if (grant.uses && *grant.uses <= 0) {
    return Error(Code::TooMany, translated("The grant {} has no uses left. Ask for a new one.", grant.id));
  }
  if (grant.budget && cost > *grant.budget) {
    return Error(Code::TooMany, translated("The grant {} has {:.2f} left to spend; this costs {:.2f}.", grant.id,
                                            *grant.budget, cost));
  }
  if (grant.per_minute) {
    auto& uses = recent_[grant.id];
    trim(uses);
    if (static_cast<std::int64_t>(uses.size()) >= *grant.per_minute) {
      const auto wait = std::chrono::ceil<std::chrono::seconds>(uses.front() + std::chrono::minutes(1) - clock_.now());
      return Error(Code::TooMany, translated("The grant {} allows {} calls a minute. Try again in {} seconds.", grant.id,
                                              *grant.per_minute, wait.count()));
    }
  }
  return std::nullopt;
}

Result<Grant> GrantBook::find(const Demand& demand) const {
  std::optional<Error> reason;
  const Grant* lesser = nullptr;
  for (const auto& [id, grant] : grants_) {
    if (!covers(grant, demand)) continue;
    auto problem = spent(grant, demand.cost);
    if (problem) {
      reason = std::move(problem);
    } else if (!demand.after_untrusted || grant.after_untrusted) {
      return grant;
    } else if (!lesser) {
      lesser = &grant;
    }
  }
  if (lesser) return *lesser;
  if (reason) return std::unexpected(*std::move(reason));
  if (demand.resources.empty()) {
    return fail(Code::Forbidden, "{} has no grant for {}. The person it acts for can give one: grants.create.",
                demand.principal, demand.operation);
  }
  return fail(Code::Forbidden, "{} has no grant for {} on {}. The person it acts for can give one: grants.create.",
              demand.principal, demand.operation, fmt::join(demand.resources, ", "));
}

Task<Result<Grant>> GrantBook::use(std::string id, double cost) {
  const auto found = grants_.find(id);
  if (found == grants_.end()) co_return fail(Code::Forbidden, "The grant {} was revoked.", id);
  auto& grant = found->second;
  if (auto problem = spent(grant, cost)) co_return std::unexpected(*std::move(problem));
  // In memory first: calls that come while this one waits for the disk must see it.
  ++grant.used;
  if (grant.uses) --*grant.uses;
  if (grant.budget) *grant.budget -= cost;
  if (grant.per_minute) recent_[id].push_back(clock_.now());
  auto left = grant;
  CO_CHECK(co_await database_.write([id, cost](store::Connection& c) {
    return c.run("UPDATE grants SET used = used + 1, uses = uses - 1, budget = budget - ? WHERE id = ?", cost, id);
  }));
  co_return left;
}

Task<Result<Grant>> GrantBook::add(Grant grant) {
  grant.id = make_id();
  grant.created = clock_.now();
  CO_CHECK(co_await database_.write([grant](store::Connection& c) {
    return c.run(
        "INSERT INTO grants (id, principal, operations, resources, person, after_untrusted, until, uses, per_minute,"
        " budget, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        grant.id, grant.principal, to_json(grant.operations).dump(), to_json(grant.resources).dump(), grant.person,
        grant.after_untrusted, grant.until, grant.uses, grant.per_minute, grant.budget, grant.created);
  }));
  grants_[grant.id] = grant;
  co_return grant;
}

Task<Result<>> GrantBook::revoke(std::string id, std::string person) {
  const auto found = grants_.find(id);
  if (found == grants_.end() || found->second.person != person) {
    co_return fail(Code::NotFound, "There is no grant {}. grants.list shows yours.", id);
  }
  grants_.erase(found);  // at once, whatever the disk says
  recent_.erase(id);
  co_return co_await database_.write([id](store::Connection& c) { return c.run("DELETE FROM grants WHERE id = ?", id); });
}

Task<Result<>> GrantBook::revoke_all_of(std::string principal) {
  std::erase_if(grants_, [&](const auto& entry) {
    return entry.second.principal == principal || "person:" + entry.second.person == principal;
  });
  co_return co_await database_.write([principal](store::Connection& c) {
    return c.run("DELETE FROM grants WHERE principal = ?1 OR 'person:' || person = ?1", principal);
  });
}

std::vector<Grant> GrantBook::of_person(std::string_view person) const {
  std::vector<Grant> grants;
  for (const auto& [id, grant] : grants_) {
    if (grant.person == person) grants.push_back(grant);
  }
  return grants;
}

}  // namespace hearth::kernel
