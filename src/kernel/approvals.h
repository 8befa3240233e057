#pragma once
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "store/store.h"

namespace hearth::kernel {

enum class ApprovalState { Pending, Once, Always, Denied, Expired };
HEARTH_DESCRIBE_ENUM(ApprovalState, Pending, Once, Always, Denied, Expired)

// A call that waits for a person's word.
struct Approval {
  std::string id;
  std::string principal;
  std::string person;
  std::string operation;
  Json input;  // without its secrets
  std::vector<std::string> resources;
  std::string reason;
  std::string reason_zh;
  ApprovalState state = ApprovalState::Pending;
  Time created;
  Time expires;
  std::optional<Time> decided;
};
HEARTH_DESCRIBE(Approval, (id, "Its id.", .zh = "编号。"), (principal, "Who asks.", .zh = "谁在请求。"),
                (person, "Who decides.", .zh = "由谁决定。"), (operation, "What it wants to call.", .zh = "想调用的操作。"),
                (input, "With exactly this input.", .zh = "确切的输入。"), (resources, "On what.", .zh = "对象。"),
                (reason, "Why it has to ask.", .zh = "为什么需要询问。"),
                (reason_zh, "The same in Chinese.", .zh = "同上，中文。"), (state, "Where it stands.", .zh = "状态。"),
                (created, "When it asked.", .zh = "请求时间。"), (expires, "When silence becomes a no.", .zh = "到期即视为拒绝。"),
                (decided, "When it was decided.", .zh = "决定时间。"))

// The approvals: the asking call waits here until a person decides or the time is over. Home thread.
class Approvals {
 public:
  // `changed` is told of every new and decided approval.
  Approvals(store::Database& database, Clock& clock, Duration timeout, std::function<void(const Approval&)> changed)
      : database_(database), clock_(clock), timeout_(timeout), changed_(std::move(changed)) {}

  // What was pending when the box stopped has lost its caller: it expires.
  Result<> open();

  // Asks and waits; the state is Once, Always, Denied or Expired when it returns.
  Task<Result<Approval>> ask(Approval approval);

  // NotFound unless it is `person`'s; Conflict when it is no longer pending.
  Task<Result<Approval>> decide(std::string id, std::string person, ApprovalState decision);

  Task<Result<std::vector<Approval>>> list(std::string person, int limit);
  // Says no to everything that waits for the person, also to what they said yes to a moment ago.
  Task<Result<>> deny_waiting(std::string person);
  Task<Result<>> forget_person(std::string person);

 private:
  struct Waiting {
    Approval approval;
    boost::asio::steady_timer* decided;
  };
  store::Database& database_;
  Clock& clock_;
  Duration timeout_;
  std::function<void(const Approval&)> changed_;
  std::map<std::string, Waiting> waiting_;
};

}  // namespace hearth::kernel
