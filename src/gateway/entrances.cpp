#include "gateway/entrances.h"

#include <algorithm>

#include "base/bytes.h"
#include "gateway/access_policy.h"
#include "gateway/ascii.h"
#include "gateway/socket_address.h"

namespace hearth::gateway {
namespace {

constexpr std::size_t kEntranceLimit = 1000;

constexpr std::size_t kDomainLimit = 16;
constexpr std::size_t kDomainLength = 253 - 64;  // an entrance's label and a dot go before it

constexpr std::array<store::Migration, 2> kMigrations = {{{"entrances", R"(
CREATE TABLE gateway_entrances (
  id TEXT PRIMARY KEY,
  upstream TEXT NOT NULL,
  access TEXT NOT NULL,
  rules TEXT NOT NULL,  -- JSON: [{"path": "/admin", "access": "two_factor"}]
  key TEXT NOT NULL,    -- 32 bytes in hex
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)"},
{"domains", R"(
CREATE TABLE gateway_domains (
  number INTEGER PRIMARY KEY,  -- in the order in which they were added
  domain TEXT NOT NULL UNIQUE,
  added INTEGER NOT NULL
) STRICT;
)"}}};

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<> check(const SetEntranceInput& input) {
  if (!is_label(input.id)) {
    return fail(Code::InvalidInput, "id: \"{}\" cannot be part of an address. Use lower-case letters, digits and hyphens.",
                input.id);
  }
  if (!SocketAddress::parse_upstream(input.upstream)) {
    return fail(Code::InvalidInput, "upstream: write where the app listens as 127.0.0.1:3000, [::1]:3000 or unix:/path.");
  }
  std::vector<std::string_view> paths;
  for (const auto& rule : input.rules) {
    if (!rule.path.starts_with('/') || rule.path.size() > 1024 || normalise_path(rule.path) != rule.path) {
      return fail(Code::InvalidInput, "rules: \"{}\" is not a plain path. Begin with a slash; no '%', '..' or '//'.", rule.path);
    }
    std::string_view path = rule.path;
    if (path.ends_with('/')) path.remove_suffix(1);
    if (std::ranges::find(paths, path) != paths.end()) {
      return fail(Code::InvalidInput, "rules: there are two rules for {}.", rule.path);
    }
    paths.push_back(path);
  }
  return {};
}

// Whether browsers take it for a name with labels: at least two, and the last no number, which would make it an address.
bool is_domain(std::string_view text) {
  if (text.size() > kDomainLength || text.find('.') == std::string_view::npos) return false;
  std::string_view last;
  while (true) {
    const auto dot = text.find('.');
    last = text.substr(0, dot);
    if (!is_label(last)) return false;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return !is_digit(last.front());
}

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && name.ends_with(domain) && name[name.size() - domain.size() - 1] == '.';
}

EntranceInfo info_of(const Entrance& entrance) {
  return {entrance.id, entrance.upstream, entrance.access, entrance.rules};
}

Result<std::vector<PathRule>> parse_rules(const std::string& text) {
  const auto json = TRY(Json::parse(text));
  return from_json<std::vector<PathRule>>(json);
}

std::unexpected<Error> no_such(std::string_view id) {
  return fail(Code::NotFound, "There is no entrance {}. The operation entrances.list names them.", id);
}

}  // namespace

store::Schema entrances_schema() { return {"gateway", kMigrations}; }

Entrances::Entrances(store::Database& system, Clock& clock, Hooks hooks)
    : system_(system), clock_(clock), hooks_(std::move(hooks)) {}

Result<std::unique_ptr<Entrances>> Entrances::create(store::Database& system, Clock& clock, Hooks hooks) {
  struct Row {
    std::string id, upstream, access, rules, key;
  };
  const auto rows = TRY(system.read_now([](store::Connection& connection) {
    return connection.all("SELECT id, upstream, access, rules, key FROM gateway_entrances", [](store::Statement& row) {
      return Row{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)};
    });
  }));
  const auto domains = TRY(system.read_now([](store::Connection& connection) {
    return connection.all("SELECT domain FROM gateway_domains ORDER BY number",
                          [](store::Statement& row) { return row.text(0); });
  }));
  std::unique_ptr<Entrances> entrances(new Entrances(system, clock, std::move(hooks)));
  entrances->domains_.insert(entrances->domains_.end(), domains.begin(), domains.end());
  for (const auto& row : rows) {
    auto key = from_hex(row.key);
    auto rules = parse_rules(row.rules);
    auto access = from_json<Access>(Json(row.access));
    if (!key || !rules || !access) return fail(Code::Corrupt, "The stored entrance {} cannot be read.", row.id);
    entrances->entrances_[row.id] = {row.id, row.upstream, *access, *std::move(rules), *std::move(key)};
  }
  return entrances;
}

Task<Result<EntranceInfo>> Entrances::set(SetEntranceInput input) {
  CO_CHECK(check(input));
  if (hooks_.leads_back && hooks_.leads_back(input.upstream)) {
    co_return fail(Code::InvalidInput, "upstream: {} is where the box itself listens. Name the address of an app.", input.upstream);
  }
  const auto known = entrances_.find(input.id);
  if (known == entrances_.end() && entrances_.size() >= kEntranceLimit) {
    co_return fail(Code::TooMany, "A box has at most {} entrances. Remove one first.", kEntranceLimit);
  }
  Entrance entrance{input.id, input.upstream, input.access, input.rules,
                    known == entrances_.end() ? random_bytes(32) : known->second.key};
  CO_CHECK(co_await system_.write([entrance, now = clock_.now()](store::Connection& connection) {
    return connection.run(
        "INSERT INTO gateway_entrances (id, upstream, access, rules, key, changed) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET upstream = excluded.upstream, access = excluded.access, rules = excluded.rules, "
        "changed = excluded.changed",
        entrance.id, entrance.upstream, enum_name(entrance.access), to_json(entrance.rules).dump(), to_hex(entrance.key), now);
  }));
  auto info = info_of(entrance);
  // Two calls for a new entrance at one time: the key that was stored first stands.
  if (const auto stored = entrances_.find(entrance.id); stored != entrances_.end()) entrance.key = stored->second.key;
  entrances_[entrance.id] = std::move(entrance);
  hooks_.changed();
  co_return info;
}

Task<Result<>> Entrances::remove(std::string id) {
  if (!entrances_.contains(id)) co_return no_such(id);
  CO_CHECK(co_await system_.write([id](store::Connection& connection) {
    return connection.run("DELETE FROM gateway_entrances WHERE id = ?", id);
  }));
  entrances_.erase(id);
  hooks_.changed();
  co_return Result<>();
}

Result<EntranceKey> Entrances::key(std::string_view id) const {
  const auto found = entrances_.find(id);
  if (found == entrances_.end()) return no_such(id);
  return EntranceKey{to_base64url(found->second.key)};
}

Task<Result<DomainList>> Entrances::add_domain(std::string domain) {
  std::ranges::transform(domain, domain.begin(), to_lower);
  if (!is_domain(domain)) {
    co_return fail(Code::InvalidInput,
                   "domain: \"{}\" is not a name such as home.example.org. Leave out https://, the port and *; write other "
                   "letters in their xn-- form. An address needs no name: the box answers to it already.",
                   domain);
  }
  for (const auto& own : domains_) {
    if (domain == own) co_return fail(Code::AlreadyExists, "{} is one of the box's names already.", domain);
    if (is_below(domain, own)) {
      co_return fail(Code::Conflict, "{} lies below {}, where entrances have their addresses. Choose another name.", domain, own);
    }
    if (is_below(own, domain)) {
      co_return fail(Code::Conflict, "{} lies below {}: its entrances would share cookies with it. Remove it first.", own, domain);
    }
  }
  if (domains_.size() >= kDomainLimit) co_return fail(Code::TooMany, "A box has at most {} names. Remove one first.", kDomainLimit);
  domains_.push_back(domain);  // at once, so that two calls cannot both find room
  const auto stored = co_await system_.write([domain, now = clock_.now()](store::Connection& connection) {
    return connection.run("INSERT INTO gateway_domains (domain, added) VALUES (?, ?)", domain, now);
  });
  if (!stored) {
    std::erase(domains_, domain);
    hooks_.changed();  // it may have been published meanwhile
    co_return std::unexpected(stored.error());
  }
  hooks_.changed();
  co_return DomainList{domains_};
}

Task<Result<DomainList>> Entrances::remove_domain(std::string domain) {
  std::ranges::transform(domain, domain.begin(), to_lower);
  if (domain == domains_.front()) {
    co_return fail(Code::InvalidInput, "domain: {} is the box's own name, which stays.", domain);
  }
  if (std::ranges::find(domains_, domain) == domains_.end()) {
    co_return fail(Code::NotFound, "{} is not one of the box's names. The operation entrances.domains lists them.", domain);
  }
  CO_CHECK(co_await system_.write([domain](store::Connection& connection) {
    return connection.run("DELETE FROM gateway_domains WHERE domain = ?", domain);
  }));
  std::erase(domains_, domain);
  hooks_.changed();
  co_return DomainList{domains_};
}

EntranceList Entrances::list() const {
  EntranceList list;
  for (const auto& [id, entrance] : entrances_) list.entrances.push_back(info_of(entrance));
  return list;
}

}  // namespace hearth::gateway
