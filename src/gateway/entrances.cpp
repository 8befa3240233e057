#include "gateway/entrances.h"

#include <algorithm>

#include "base/bytes.h"
#include "gateway/access_policy.h"
#include "gateway/socket_address.h"

namespace hearth::gateway {
namespace {

constexpr std::size_t kEntranceLimit = 1000;

constexpr std::array<store::Migration, 1> kMigrations = {{{"entrances", R"(
CREATE TABLE gateway_entrances (
  id TEXT PRIMARY KEY,
  upstream TEXT NOT NULL,
  access TEXT NOT NULL,
  rules TEXT NOT NULL,  -- JSON: [{"path": "/admin", "access": "two_factor"}]
  key TEXT NOT NULL,    -- 32 bytes in hex
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
  std::unique_ptr<Entrances> entrances(new Entrances(system, clock, std::move(hooks)));
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

EntranceList Entrances::list() const {
  EntranceList list;
  for (const auto& [id, entrance] : entrances_) list.entrances.push_back(info_of(entrance));
  return list;
}

}  // namespace hearth::gateway
