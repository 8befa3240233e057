#include "kernel/audit.h"

#include "base/bytes.h"

namespace hearth::kernel {
namespace {

constexpr std::int64_t kMostEntries = std::int64_t{1} << 53;  // no chain comes to greater numbers: those were put there

AuditEntry entry_of(store::Statement& row) {
  return {row.integer(0), row.time(1), row.text(2), row.text(3), row.text(4),
          row.text(5),    row.text(6), row.text(7), row.text(8)};
}

AuditVerdict broken(std::int64_t seq, std::int64_t verified, std::string problem, const Message& message) {
  return {false, verified, seq, std::move(problem), message.english(), message.chinese()};
}

AuditVerdict whole(std::int64_t verified, const Message& message) {
  return {true, verified, std::nullopt, "", message.english(), message.chinese()};
}

}  // namespace

std::string Audit::row_hash(const AuditEntry& entry, std::string_view previous) const {
  // Lengths before texts, so that no two rows read the same.
  std::string bytes(previous);
  bytes += fmt::format("{}|{}|", entry.seq, entry.time.time_since_epoch().count());
  for (const auto* text : {&entry.principal, &entry.person, &entry.operation, &entry.effect, &entry.resource,
                           &entry.outcome, &entry.address}) {
    bytes += fmt::format("{}:{}|", text->size(), *text);
  }
  return hmac_sha256(key_, bytes);
}

std::string Audit::head_mac(std::int64_t seq, std::string_view hash) const {
  return hmac_sha256(key_, fmt::format("head|{}|{}", seq, hash));
}

Result<> Audit::write_head(store::Connection& connection, std::int64_t seq, std::string_view hash) const {
  const auto mac = head_mac(seq, hash);
  auto update = TRY(connection.prepare("INSERT INTO audit_head (id, seq, mac) VALUES (1, ?, ?)"
                                       " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, mac = excluded.mac"));
  update.bind_value(1, seq);
  update.bind_blob(2, mac);
  TRY(update.step());
  return {};
}

Result<> Audit::begin(store::Connection& connection) const {
  const auto begun = TRY(connection.integer("SELECT (SELECT count(*) FROM audit_head) + (SELECT count(*) FROM audit)"));
  if (begun > 0) return {};
  return write_head(connection, 0, "");
}

Result<AuditMark> Audit::last(store::Connection& connection) {
  const auto last = TRY(connection.one("SELECT seq, hash FROM audit WHERE seq BETWEEN 0 AND ? ORDER BY seq DESC LIMIT 1",
                                       [](store::Statement& row) { return AuditMark{row.integer(0), row.text(1)}; }, kMostEntries));
  return last.value_or(AuditMark());
}

Result<std::optional<std::int64_t>> Audit::missing(store::Connection& connection, const AuditMark& anchored) {
  if (anchored.seq == 0) return std::nullopt;
  const auto hash = TRY(connection.one("SELECT hash FROM audit WHERE seq = ?", [](store::Statement& row) { return row.text(0); }, anchored.seq));
  if (hash == anchored.hash) return std::nullopt;
  if (hash) return anchored.seq;
  return TRY(connection.integer("SELECT coalesce(max(seq), 0) + 1 FROM audit WHERE seq < ?", anchored.seq));
}

Result<AuditMark> Audit::append(store::Connection& connection, AuditEntry entry) const {
  // After a cut tail the chain goes on from the head's number, and after a removed head one number is left out, so the gap
  // stays visible.
  const auto before = TRY(last(connection));
  const auto head = TRY(connection.one("SELECT seq FROM audit_head", [](store::Statement& row) { return row.integer(0); }));
  entry.seq = head && *head <= kMostEntries ? std::max(before.seq, *head) + 1 : before.seq + 2;
  const auto hash = row_hash(entry, before.hash);
  auto insert = TRY(connection.prepare(
      "INSERT INTO audit (seq, time, principal, person, operation, effect, resource, outcome, address, hash) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  insert.bind_value(1, entry.seq);
  insert.bind_value(2, entry.time);
  insert.bind(3, entry.principal);
  insert.bind(4, entry.person);
  insert.bind(5, entry.operation);
  insert.bind(6, entry.effect);
  insert.bind(7, entry.resource);
  insert.bind(8, entry.outcome);
  insert.bind(9, entry.address);
  insert.bind_blob(10, hash);
  TRY(insert.step());
  TRY(write_head(connection, entry.seq, hash));
  return AuditMark{entry.seq, hash};
}

Result<AuditVerdict> Audit::verify(store::Connection& connection, const AuditMark& anchored, std::optional<std::int64_t> lost) const {
  const auto tables = TRY(connection.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('audit', 'audit_head')"));
  if (tables != 2) return broken(1, 0, "removed", translated("Entry {} was removed, and all after it: nothing of the audit is left.", 1));
  const auto head = TRY(connection.one("SELECT seq, mac FROM audit_head", [](store::Statement& row) {
    return std::pair(row.integer(0), row.text(1));
  }));
  auto rows = TRY(connection.prepare(
      "SELECT seq, time, principal, person, operation, effect, resource, outcome, address, hash,"
      " typeof(time) = 'integer' AND (typeof(principal), typeof(person), typeof(operation), typeof(effect), typeof(resource),"
      " typeof(outcome), typeof(address)) = ('text', 'text', 'text', 'text', 'text', 'text', 'text') FROM audit ORDER BY seq"));
  std::string previous;
  std::int64_t expected = 1;
  while (TRY(rows.step())) {
    const auto entry = entry_of(rows);
    if (entry.seq != expected) {
      return broken(expected, expected - 1, "removed",
                    translated("Entry {} was removed: after {} comes {}.", expected, expected - 1, entry.seq));
    }
    auto stored = rows.text(9);
    if (rows.integer(10) == 0 || row_hash(entry, previous) != stored) {
      return broken(entry.seq, expected - 1, "altered",
                    translated("Entry {} was altered, or moved here from another place: it is not what was written.",
                               entry.seq));
    }
    if (entry.seq == lost || (entry.seq == anchored.seq && stored != anchored.hash)) {
      return broken(entry.seq, expected - 1, "removed",
                    translated("Entry {} was removed: the audit was put back to an earlier state, and went on from there.", entry.seq));
    }
    previous = std::move(stored);
    ++expected;
  }
  const auto last = expected - 1;
  if (anchored.seq > last) {
    return broken(last + 1, last, "removed", translated("Entry {} was removed: {} were written, {} are left.", last + 1, anchored.seq, last));
  }
  if (!head && last == 0) {
    return broken(1, 0, "removed", translated("Entry {} was removed, and all after it: nothing of the audit is left.", 1));
  }
  if (!head || head_mac(head->first, head->first == last ? previous : "") != head->second) {
    if (head && head->first > last) {
      return broken(last + 1, last, "removed",
                    translated("Entry {} was removed: {} were written, {} are left.", last + 1, head->first, last));
    }
    return broken(last + 1, last, "removed",
                  translated("Entry {} was removed, or the audit's head was altered: where the chain ends cannot be trusted.", last + 1));
  }
  if (last == 0) return whole(0, translated("The audit is empty."));
  return whole(last, translated("All {} entries are as they were written.", last));
}

Result<std::vector<AuditEntry>> Audit::list(store::Connection& connection, Filter filter) {
  auto statement = TRY(connection.prepare(R"sql(
      SELECT seq, time, principal, person, operation, effect,
             CASE WHEN person = ?1 THEN resource ELSE '' END, outcome, address
      FROM audit
      WHERE (person = ?1 OR (?2 AND (person = '' OR effect = 'admin' OR operation LIKE 'identity.%')))
        AND (?3 IS NULL OR seq < ?3)
        AND (?4 = '' OR operation = ?4 OR (substr(?4, -1) = '.' AND substr(operation, 1, length(?4)) = ?4))
        AND (?5 = '' OR principal = ?5)
        AND (?6 = '' OR outcome = ?6)
      ORDER BY seq DESC LIMIT ?7
    )sql"));
  statement.bind(1, filter.person);
  statement.bind_value(2, filter.administration);
  statement.bind_value(3, filter.before);
  statement.bind(4, filter.operation);
  statement.bind(5, filter.principal);
  statement.bind(6, filter.outcome);
  statement.bind_value(7, filter.limit);
  std::vector<AuditEntry> entries;
  while (TRY(statement.step())) entries.push_back(entry_of(statement));
  return entries;
}

}  // namespace hearth::kernel
