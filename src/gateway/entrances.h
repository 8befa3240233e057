#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "gateway/gateway.h"
#include "kernel/kernel.h"
#include "store/store.h"

// The entrances a box has, kept in system.db, and the operations that change them.
namespace hearth::gateway {

struct EntranceInfo {
  std::string id;
  std::string upstream;
  Access access = Access::Private;
  std::vector<PathRule> rules;
};
HEARTH_DESCRIBE(EntranceInfo, (id, "Its name: the app's address is this label before the box's domain.", .zh = "入口名称：应用地址为「名称.盒子域名」。"),
                (upstream, "Where the app listens.", .zh = "应用监听的地址。"),
                (access, "Who may pass where no rule says otherwise.", .zh = "没有规则时谁可以访问。"),
                (rules, "Rules for parts of the app; the longest that fits decides.", .zh = "针对部分路径的规则；最长匹配者生效。"))

struct SetEntranceInput {
  std::string id;
  std::string upstream;
  Access access = Access::Private;
  std::vector<PathRule> rules;
};
HEARTH_DESCRIBE(SetEntranceInput,
                (id, "Its name, such as notes: lower-case letters, digits and hyphens.", .zh = "名称，例如 notes：小写字母、数字和连字符。",
                 .maximum_length = 63, .resource = "entrances"),
                (upstream, "Where the app listens: 127.0.0.1:3000, [::1]:3000 or unix:/path.",
                 .zh = "应用监听的地址：127.0.0.1:3000、[::1]:3000 或 unix:/路径。", .maximum_length = 200),
                (access, "Who may pass where no rule says otherwise.", .zh = "没有规则时谁可以访问。", .defaulted = true),
                (rules, "Rules for parts of the app; the longest that fits decides.", .zh = "针对部分路径的规则；最长匹配者生效。",
                 .maximum_length = 64))

struct EntranceInput {
  std::string id;
};
HEARTH_DESCRIBE(EntranceInput, (id, "The entrance's name.", .zh = "入口名称。", .maximum_length = 63, .resource = "entrances"))

struct EntranceList {
  std::vector<EntranceInfo> entrances;
};
HEARTH_DESCRIBE(EntranceList, (entrances, "Every entrance of this box, by name.", .zh = "本盒子的所有入口，按名称排列。"))

struct EntranceKey {
  std::string key;
};
HEARTH_DESCRIBE(EntranceKey, (key, "32 bytes in base64url: the key of the HMAC-SHA256 in X-Hearth-Signature.",
                              .zh = "32 字节（base64url）：X-Hearth-Signature 所用 HMAC-SHA256 的密钥。", .secret = true))

struct DomainInput {
  std::string domain;
};
HEARTH_DESCRIBE(DomainInput, (domain, "A name that leads to this box, such as home.example.org.",
                              .zh = "指向本盒子的名称，例如 home.example.org。", .maximum_length = 253, .resource = "entrances"))

struct DomainList {
  std::vector<std::string> domains;
};
HEARTH_DESCRIBE(DomainList, (domains, "The box's names, its own first. Entrances are one label below each.",
                             .zh = "盒子的名称，自带的在最前。入口的地址是在它们前面再加一段。"))

// Home thread only.
class Entrances {
 public:
  struct Hooks {
    std::function<void()> changed;  // after every change: the snapshot is to be published anew
    std::function<bool(std::string_view upstream)> leads_back;  // whether that is the box itself; empty: never
  };
  // Reads what `system` holds; it was opened with entrances_schema().
  static Result<std::unique_ptr<Entrances>> create(store::Database& system, Clock& clock, Hooks hooks);

  const std::map<std::string, Entrance, std::less<>>& all() const { return entrances_; }
  const std::vector<std::string>& domains() const { return domains_; }

  // Makes the entrance or replaces its settings; its key stays. InvalidInput says what is wrong.
  Task<Result<EntranceInfo>> set(SetEntranceInput input);
  Task<Result<>> remove(std::string id);             // NotFound
  Result<EntranceKey> key(std::string_view id) const;  // NotFound
  EntranceList list() const;

  // Makes the box answer to a name, and entrances to names one label below. InvalidInput for what is no name that could lead
  // here, AlreadyExists, Conflict when it lies below one of the box's names or above it.
  Task<Result<DomainList>> add_domain(std::string domain);
  Task<Result<DomainList>> remove_domain(std::string domain);  // NotFound; the box's own name stays

 private:
  Entrances(store::Database& system, Clock& clock, Hooks hooks);
  store::Database& system_;
  Clock& clock_;
  Hooks hooks_;
  std::vector<std::string> domains_ = Snapshot().domains;
  std::map<std::string, Entrance, std::less<>> entrances_;
};

store::Schema entrances_schema();

// entrances.list, entrances.set, entrances.remove, entrances.key; entrances.domains, entrances.add_domain,
// entrances.remove_domain.
void define_operations(kernel::Kernel& kernel, Entrances& entrances);

}  // namespace hearth::gateway
