#include "memory/people.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "memory/entries.h"
#include "memory/identities.h"
#include "memory/labels.h"
#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr int kWeighedItems = 5000;  // of a person's latest, for those who are with them
constexpr std::size_t kMostNamesakes = 50;
constexpr int kWrote = static_cast<int>(extract::Role::Author);

struct Identity {
  std::int64_t id = 0;
  std::int64_t root = 0;
  std::string address;
  std::string name;
};

Identity identity_of(Statement& s) { return {s.integer(0), s.integer(1), s.text(2), s.text(3)}; }

// All that is known of who they are, without their items.
PersonEntry entry_of(std::int64_t root, const std::vector<Identity>& identities) {
  PersonEntry entry;
  entry.id = std::to_string(root);
  for (const auto& one : identities) {
    if (!one.address.empty()) entry.addresses.push_back(one.address);
    if (one.id == root) entry.name = one.name;
  }
  for (const auto& one : identities) {
    if (entry.name.empty()) entry.name = one.name;
  }
  if (entry.name.empty() && !entry.addresses.empty()) entry.name = entry.addresses.front();
  return entry;
}

Result<PersonEntry> read_entry(Connection& connection, std::int64_t root) {
  return entry_of(root, TRY(connection.all("SELECT id, root, address, name FROM people WHERE root = ? ORDER BY id", identity_of, root)));
}

struct Seen {
  std::int64_t root = 0;
  std::int64_t items = 0;
  std::optional<Time> last;
};

// Everybody, with their items.
Result<std::vector<Seen>> everybody(Connection& connection) {
  const bool hiding = TRY(connection.integer(
      "SELECT EXISTS (SELECT 1 FROM doomed) OR EXISTS (SELECT 1 FROM sources WHERE forgetting = 1)")) != 0;
  const auto sql = fmt::format(
      "SELECT p.root, count(DISTINCT n.item), max(n.time) FROM item_people n JOIN people p ON p.id = n.person{} GROUP BY p.root",
      hiding ? fmt::format(" JOIN items i ON i.id = n.item WHERE {}", kPresent) : "");
  auto people = TRY(connection.all(sql, [](Statement& s) { return Seen{s.integer(0), s.integer(1), s.optional_time(2)}; }));
  std::sort(people.begin(), people.end(), [](const Seen& a, const Seen& b) { return a.items != b.items ? a.items > b.items : a.root < b.root; });
  return people;
}

// Whether a name is a full one: several words, or several Han characters.
bool is_full_name(std::string_view name) {
  std::size_t words = 0;
  std::size_t han = 0;
  bool inside = false;
  for (std::size_t at = 0; at < name.size();) {
    const auto point = code_point_at(name, at);
    if (point.value >= 0 && is_han(point.value)) ++han;
    const bool word = point.value >= 0 && is_word(point.value);
    if (word && !inside) ++words;
    inside = word;
    at += point.length;
  }
  return words >= 2 || (han >= 2 && han <= 4);
}

std::string account_of(const std::string& address) {
  const auto at = address.find('@');
  return at == address.npos ? "" : address.substr(0, at);
}

}  // namespace

Result<kernel::Labelled<PeopleOutput>> list_people(Connection& connection, const std::string& person, const PeopleInput& input) {
  auto people = TRY(everybody(connection));
  if (!input.query.empty()) {
    const auto wanted = folded(input.query);
    std::set<std::int64_t> fitting;
    for (const auto& one : TRY(connection.all("SELECT id, root, address, name FROM people", identity_of))) {
      if (folded(one.name).find(wanted) != std::string::npos || one.address.find(wanted) != std::string::npos) fitting.insert(one.root);
    }
    std::erase_if(people, [&](const Seen& one) { return !fitting.contains(one.root); });
  }
  PeopleOutput output;
  output.total = static_cast<std::int64_t>(people.size());
  const auto start = std::min(people.size(), static_cast<std::size_t>(input.offset));
  const auto end = std::min(people.size(), start + static_cast<std::size_t>(input.limit));
  for (auto i = start; i < end; ++i) {
    auto entry = TRY(read_entry(connection, people[i].root));
    entry.items = people[i].items;
    entry.last = people[i].last;
    output.people.push_back(std::move(entry));
  }
  return kernel::Labelled<PeopleOutput>{std::move(output), TRY(label_of_people(connection, person))};
}

Result<kernel::Labelled<PersonOutput>> read_person(Connection& connection, const std::string& person, const PersonInput& input) {
  const auto root = TRY(root_of(connection, input.person));
  const auto identities = TRY(connection.all("SELECT id, root, address, name FROM people WHERE root = ? ORDER BY id", identity_of, root));
  const auto entry = entry_of(root, identities);
  PersonOutput output;
  output.id = entry.id;
  output.name = entry.name;
  output.addresses = entry.addresses;
  for (const auto& one : identities) {
    if (!one.name.empty() && std::find(output.names.begin(), output.names.end(), one.name) == output.names.end()) output.names.push_back(one.name);
  }
  const auto theirs = fmt::format(
      "items i WHERE i.id IN (SELECT item FROM item_people WHERE person IN (SELECT id FROM people WHERE root = ?1)) AND {}", kPresent);
  output.kinds = TRY(connection.all(
      fmt::format("SELECT i.kind, count(*), min(i.time), max(i.time) FROM {} GROUP BY i.kind ORDER BY 2 DESC, 1", theirs),
      [&](Statement& s) {
        const auto first = s.optional_time(2);
        const auto last = s.optional_time(3);
        if (first && (!output.first || *first < *output.first)) output.first = first;
        if (last && (!output.last || *last > *output.last)) output.last = last;
        output.items += s.integer(1);
        return KindCount{enum_value<ItemKind>(s.text_view(0)).value_or(ItemKind::Document), s.integer(1)};
      },
      root));
  if (output.items == 0) return fail(Code::NotFound, "There is no such person. They may have been forgotten.");
  output.written = TRY(connection.integer(
      fmt::format("SELECT count(*) FROM items i WHERE i.id IN (SELECT item FROM item_people WHERE role = {} AND person IN"
                  " (SELECT id FROM people WHERE root = ?1)) AND {}", kWrote, kPresent),
      root));
  auto recent = TRY(read_timeline(connection, person, {.person = output.id, .limit = std::max(input.limit, 1)}));
  if (input.limit > 0) output.recent = std::move(recent.value.items);
  const auto companions = TRY(connection.all(
      "SELECT p.root, count(DISTINCT n.item) FROM (SELECT item FROM item_people WHERE person IN (SELECT id FROM people WHERE root = ?1)"
      " GROUP BY item ORDER BY max(time) DESC LIMIT ?2) q CROSS JOIN item_people n ON n.item = q.item JOIN people p ON p.id = n.person"
      " WHERE p.root <> ?1 GROUP BY p.root ORDER BY 2 DESC, 1 LIMIT ?3",
      [](Statement& s) { return std::pair(s.integer(0), s.integer(1)); }, root, kWeighedItems, input.limit));
  for (const auto& [id, items] : companions) {
    const auto other = TRY(read_entry(connection, id));
    output.companions.push_back({other.id, other.name, items});
  }
  std::set<std::int64_t> members{root};
  for (const auto& one : identities) members.insert(one.id);
  struct Merge {
    std::int64_t id;
    std::int64_t keep;
    std::int64_t other;
    bool card;
    Time time;
  };
  for (const auto& merge : TRY(connection.all(
           "SELECT id, keep, other, card IS NOT NULL, time FROM merges WHERE undone = 0 ORDER BY id",
           [](Statement& s) { return Merge{s.integer(0), s.integer(1), s.integer(2), s.integer(3) != 0, s.time(4)}; }))) {
    if (!members.contains(merge.keep) && !members.contains(merge.other)) continue;
    MergedPerson merged{std::to_string(merge.id), "", "", merge.card ? MergedBy::Card : MergedBy::Owner, merge.time};
    for (const auto& one : identities) {
      if (one.id != merge.other) continue;
      merged.name = one.name;
      merged.address = one.address;
    }
    output.merged.push_back(std::move(merged));
  }
  auto label = kernel::join(recent.label, TRY(label_of_people(connection, person)));
  return kernel::Labelled<PersonOutput>{std::move(output), std::move(label)};
}

Result<kernel::Labelled<MergeSuggestionsOutput>> suggest_merges(Connection& connection, const std::string& person,
                                                                const MergeSuggestionsInput& input) {
  std::map<std::int64_t, Seen> seen;
  for (const auto& one : TRY(everybody(connection))) seen.emplace(one.root, one);
  std::map<std::int64_t, std::int64_t> root;
  std::map<std::string, std::vector<Identity>> by_name;
  for (auto& one : TRY(connection.all("SELECT id, root, address, name FROM people ORDER BY id", identity_of))) {
    root.emplace(one.id, one.root);
    if (seen.contains(one.root) && is_full_name(one.name)) by_name[folded(one.name)].push_back(std::move(one));
  }
  // What was taken apart is not suggested again.
  std::set<std::pair<std::int64_t, std::int64_t>> settled;
  for (const auto& [keep, other] : TRY(connection.all("SELECT keep, other FROM merges WHERE undone = 1",
                                                      [](Statement& s) { return std::pair(s.integer(0), s.integer(1)); }))) {
    const auto a = root.contains(keep) ? root[keep] : keep;
    const auto b = root.contains(other) ? root[other] : other;
    settled.insert(std::minmax(a, b));
  }
  struct Pair {
    std::int64_t keep;
    std::int64_t other;
    MergeReason reason;
    std::int64_t items;
  };
  std::vector<Pair> pairs;
  for (const auto& [name, identities] : by_name) {
    if (identities.size() > kMostNamesakes) continue;  // "Newsletter": it names nobody
    for (std::size_t i = 0; i < identities.size(); ++i) {
      for (std::size_t j = i + 1; j < identities.size(); ++j) {
        const auto& a = identities[i];
        const auto& b = identities[j];
        if (a.root == b.root) continue;
        const auto account = account_of(a.address);
        const bool same_account = !account.empty() && account == account_of(b.address);
        if (!same_account && !account.empty() && !account_of(b.address).empty()) continue;
        if (!settled.insert(std::minmax(a.root, b.root)).second) continue;
        const auto first = seen.at(a.root).items >= seen.at(b.root).items ? a.root : b.root;
        pairs.push_back({first, first == a.root ? b.root : a.root, same_account ? MergeReason::SameNameAndAccount : MergeReason::SameName,
                         seen.at(a.root).items + seen.at(b.root).items});
      }
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tuple(a.reason, -a.items, a.keep, a.other) < std::tuple(b.reason, -b.items, b.keep, b.other);
  });
  MergeSuggestionsOutput output;
  for (std::size_t i = 0; i < std::min(pairs.size(), static_cast<std::size_t>(input.limit)); ++i) {
    auto keep = TRY(read_entry(connection, pairs[i].keep));
    auto other = TRY(read_entry(connection, pairs[i].other));
    MergeSuggestion suggestion{std::move(keep), std::move(other), pairs[i].reason};
    for (auto* one : {&suggestion.keep, &suggestion.other}) {
      const auto& sight = seen.at(one == &suggestion.keep ? pairs[i].keep : pairs[i].other);
      one->items = sight.items;
      one->last = sight.last;
    }
    output.suggestions.push_back(std::move(suggestion));
  }
  return kernel::Labelled<MergeSuggestionsOutput>{std::move(output), TRY(label_of_people(connection, person))};
}

}  // namespace hearth::memory
