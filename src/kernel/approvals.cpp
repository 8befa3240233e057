#include "kernel/approvals.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

#include "base/bytes.h"

namespace hearth::kernel {
namespace {

constexpr std::ptrdiff_t kMostWaiting = 20;  // of one caller: nobody reads more

Approval approval_of(store::Statement& row) {
  Approval approval;
  approval.id = row.text(0);
  approval.principal = row.text(1);
  approval.person = row.text(2);
  approval.operation = row.text(3);
  approval.input = Json::parse(row.text(4)).value_or(Json());
  approval.resources = from_json<std::vector<std::string>>(Json::parse(row.text(5)).value_or(Json::array()))
                           .value_or(std::vector<std::string>());
  approval.reason = row.text(6);
  approval.reason_zh = row.text(7);
  approval.state = enum_value<ApprovalState>(row.text(8)).value_or(ApprovalState::Expired);
  approval.created = row.time(9);
  approval.expires = row.time(10);
  approval.decided = row.optional_time(11);
  return approval;
}

}  // namespace

Result<> Approvals::open() {
  return database_.write_now([](store::Connection& c) {
    return c.run("UPDATE approvals SET state = 'expired', decided = expires WHERE state = 'pending'");
  });
}

Task<Result<Approval>> Approvals::ask(Approval approval) {
  const auto same = std::ranges::count_if(waiting_, [&](const auto& one) {
    return one.second.approval.principal == approval.principal && one.second.approval.state == ApprovalState::Pending;
  });
  if (same >= kMostWaiting) {
    co_return fail(Code::TooMany, "{} calls of {} wait for a person's word already. Wait until they are decided.", same, approval.principal);
  }
  approval.id = make_id();
  approval.state = ApprovalState::Pending;
  approval.created = clock_.now();
  approval.expires = approval.created + timeout_;
  // Who sees it may decide it: it waits before it is written.
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer decided(executor);
  decided.expires_at(boost::asio::steady_timer::time_point::max());
  const auto entry = waiting_.emplace(approval.id, Waiting{approval, &decided}).first;
  const auto leave = [&](void*) { waiting_.erase(entry); };
  const std::unique_ptr<void, decltype(leave)> on_exit(&decided, leave);
  CO_CHECK(co_await database_.write([approval](store::Connection& c) {
    return c.run(
        "INSERT INTO approvals (id, principal, person, operation, input, resources, reason, reason_zh, state, created, expires)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
        approval.id, approval.principal, approval.person, approval.operation, approval.input.dump(),
        to_json(approval.resources).dump(), approval.reason, approval.reason_zh, approval.created, approval.expires);
  }));
  changed_(entry->second.approval);

  bool expired = false;  // the task may set it before the wait below begins
  TaskGroup timeout(executor);
  timeout.spawn("approval timeout", [](Clock& clock, Time expires, boost::asio::steady_timer& timer, bool& over) -> Task<> {
    co_await clock.sleep_until(expires);
    over = true;
    timer.cancel();
  }(clock_, approval.expires, decided, expired));
  while (!expired && entry->second.approval.state == ApprovalState::Pending) {
    boost::system::error_code woken;
    co_await decided.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  }
  co_await timeout.stop();

  approval = entry->second.approval;
  if (approval.state == ApprovalState::Pending) {
    approval.state = ApprovalState::Expired;
    approval.decided = clock_.now();
    CO_CHECK(co_await database_.write([approval](store::Connection& c) {
      return c.run("UPDATE approvals SET state = 'expired', decided = ? WHERE id = ?", approval.decided, approval.id);
    }));
    changed_(approval);
  }
  co_return approval;
}

Task<Result<Approval>> Approvals::decide(std::string id, std::string person, ApprovalState decision) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end() || found->second.approval.person != person) {
    CO_TRY(auto known, co_await database_.read([id, person](store::Connection& c) {
      return c.integer("SELECT count(*) FROM approvals WHERE id = ? AND person = ?", id, person);
    }));
    if (known > 0) co_return fail(Code::Conflict, "This was decided already, or nobody waits for it any more.");
    co_return fail(Code::NotFound, "There is no approval {}. approvals.list shows what waits.", id);
  }
  auto& approval = found->second.approval;
  if (approval.state != ApprovalState::Pending) co_return fail(Code::Conflict, "This was decided already.");
  approval.state = decision;
  approval.decided = clock_.now();
  auto decided = approval;
  auto written = co_await database_.write([decided](store::Connection& c) {
    return c.run("UPDATE approvals SET state = ?, decided = ? WHERE id = ?", enum_name(decided.state), decided.decided,
                 decided.id);
  });
  if (const auto still = waiting_.find(id); still != waiting_.end()) {
    if (!written) {
      still->second.approval.state = ApprovalState::Pending;  // the person may try again
    } else {
      still->second.decided->cancel();
    }
  }
  CO_CHECK(std::move(written));
  changed_(decided);
  co_return decided;
}

Task<Result<std::vector<Approval>>> Approvals::list(std::string person, int limit) {
  co_return co_await database_.read([person, limit](store::Connection& c) {
    return c.all(
        "SELECT id, principal, person, operation, input, resources, reason, reason_zh, state, created, expires, decided"
        " FROM approvals WHERE person = ? ORDER BY state = 'pending' DESC, created DESC LIMIT ?",
        approval_of, person, limit);
  });
}

Task<Result<>> Approvals::deny_waiting(std::string person) {
  std::vector<Approval> denied;
  for (auto& [id, waiting] : waiting_) {
    if (waiting.approval.person != person) continue;
    waiting.approval.state = ApprovalState::Denied;
    waiting.approval.decided = clock_.now();
    waiting.decided->cancel();
    denied.push_back(waiting.approval);
  }
  CO_CHECK(co_await database_.write([&denied](store::Connection& c) -> Result<> {
    for (const auto& approval : denied) {
      TRY(c.run("UPDATE approvals SET state = ?, decided = ? WHERE id = ?", enum_name(approval.state), approval.decided,
                approval.id));
    }
    return {};
  }));
  for (const auto& approval : denied) changed_(approval);
  co_return Result<>{};
}

Task<Result<>> Approvals::forget_person(std::string person) {
  CO_CHECK(co_await deny_waiting(person));  // nobody is left to say yes
  co_return co_await database_.write(
      [person](store::Connection& c) { return c.run("DELETE FROM approvals WHERE person = ?", person); });
}

}  // namespace hearth::kernel
