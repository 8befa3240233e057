#include "memory/identities.h"

#include <algorithm>
#include <map>
#include <set>

#include "memory/items.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

struct Edge {
  std::int64_t id = 0;
  std::int64_t keep = 0;
  std::int64_t other = 0;
  bool operator<(const Edge& edge) const { return id < edge.id; }
};

Result<std::vector<Edge>> edges_at(Connection& connection, std::int64_t person) {
  return connection.all(
      "SELECT id, keep, other FROM merges WHERE undone = 0 AND keep = ?1 UNION SELECT id, keep, other FROM merges WHERE undone = 0 AND other = ?1",
      [](Statement& s) { return Edge{s.integer(0), s.integer(1), s.integer(2)}; }, person);
}

// A contact card and whom it names.
struct Card {
  std::int64_t item = 0;
  std::string name;  // folded
  std::vector<std::int64_t> people;
};

Result<std::optional<Card>> read_card(Connection& connection, std::int64_t item) {
  struct Row {
    std::string title;
    std::string details;
  };
  const auto row = TRY(connection.one(
      "SELECT title, details FROM items WHERE id = ?", [](Statement& s) { return Row{s.text(0), s.text(1)}; }, item));
  if (!row) return std::nullopt;
  Card card{item, folded(row->title), {}};
  for (const auto& person : TRY(parse_details(row->details)).people) {
    if (person.role != extract::Role::Subject) continue;
    const auto read = [](Statement& s) { return s.integer(0); };
    const auto id = person.address.empty() ? TRY(connection.one("SELECT id FROM people WHERE address = '' AND name = ?", read, person.name))
                                           : TRY(connection.one("SELECT id FROM people WHERE address = ? AND address <> ''", read, person.address));
    if (id && std::find(card.people.begin(), card.people.end(), *id) == card.people.end()) card.people.push_back(*id);
  }
  return card;
}

// The names that cards give to whom they name in common, beside one card's own; two are enough to know that they differ.
Result<std::set<std::string>> names_on_cards(Connection& connection, std::int64_t person, std::int64_t but) {
  std::set<std::string> names;
  auto rows = TRY(connection.prepare(
      "SELECT i.title FROM item_people n JOIN items i ON i.id = n.item WHERE n.person = ? AND n.role = ? AND i.kind = 'contact' AND i.id <> ?"
      " AND i.title <> ''"));
  rows.bind_value(1, person);
  rows.bind_value(2, static_cast<int>(extract::Role::Subject));
  rows.bind_value(3, but);
  while (names.size() < 2 && TRY(rows.step())) names.insert(folded(rows.text_view(0)));
  return names;
}

Result<std::vector<std::int64_t>> cards_of(Connection& connection, std::int64_t person) {
  return connection.all("SELECT i.id FROM item_people n JOIN items i ON i.id = n.item WHERE n.person = ? AND n.role = ? AND i.kind = 'contact'",
                        [](Statement& s) { return s.integer(0); }, person, static_cast<int>(extract::Role::Subject));
}

// Makes a card's merges the ones that follow from what all cards say.
Result<> merge_people_of(Connection& connection, const Card& card, Time now) {
  std::vector<std::int64_t> own;
  for (const auto person : card.people) {
    auto others = TRY(names_on_cards(connection, person, card.item));
    others.erase(card.name);
    if (card.name.empty() || others.empty()) own.push_back(person);
  }
  auto before = TRY(connection.all("SELECT id, keep, other FROM merges WHERE card = ? AND undone = 0",
                                   [](Statement& s) { return Edge{s.integer(0), s.integer(1), s.integer(2)}; }, card.item));
  std::vector<std::int64_t> changed;
  for (std::size_t i = 1; i < own.size(); ++i) {
    const auto keep = own.front();
    const auto other = own[i];
    if (std::erase_if(before, [&](const Edge& edge) { return edge.keep == keep && edge.other == other; }) > 0) continue;
    const auto refused = TRY(connection.integer(
        "SELECT EXISTS (SELECT 1 FROM merges WHERE undone = 1 AND card IS NOT NULL AND (keep = ?1 AND other = ?2 OR keep = ?2 AND other = ?1))",
        keep, other));
    if (refused) continue;
    TRY(connection.run("INSERT INTO merges (keep, other, card, time) VALUES (?, ?, ?, ?)", keep, other, card.item, now));
    changed.insert(changed.end(), {keep, other});
  }
  for (const auto& edge : before) {
    TRY(connection.run("DELETE FROM merges WHERE id = ?", edge.id));
    changed.insert(changed.end(), {edge.keep, edge.other});
  }
  return changed.empty() ? Result<>{} : find_roots(connection, changed);
}

}  // namespace

Result<std::int64_t> root_of(Connection& connection, std::int64_t person) {
  const auto read = [](Statement& s) { return s.integer(0); };
  if (const auto root = TRY(connection.one("SELECT root FROM people WHERE id = ?", read, person))) return *root;
  // The one that gave a group its number may be gone.
  if (TRY(connection.one("SELECT 1 FROM people WHERE root = ?", read, person))) return person;
  return fail(Code::NotFound, "There is no such person. They may have been forgotten.");
}

Result<std::int64_t> root_of(Connection& connection, std::string_view id) {
  const auto person = TRY(number_of(id, "person"));
  return root_of(connection, person);
}

Result<> find_roots(Connection& connection, const std::vector<std::int64_t>& people) {
  std::set<std::int64_t> nodes(people.begin(), people.end());
  std::set<Edge> edges;
  std::vector<std::int64_t> open(nodes.begin(), nodes.end());
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    for (const auto& edge : TRY(edges_at(connection, node))) {
      edges.insert(edge);
      for (const auto end : {edge.keep, edge.other}) {
        if (nodes.insert(end).second) open.push_back(end);
      }
    }
  }
  std::map<std::int64_t, std::int64_t> parent;
  const auto root = [&](std::int64_t node) {
    for (auto up = parent.find(node); up != parent.end(); up = parent.find(node)) node = up->second;
    return node;
  };
  for (const auto& edge : edges) {  // in the order in which they were made
    const auto keep = root(edge.keep);
    const auto other = root(edge.other);
    if (keep != other) parent[other] = keep;
  }
  for (const auto node : nodes) TRY(connection.run("UPDATE people SET root = ?1 WHERE id = ?2 AND root <> ?1", root(node), node));
  return {};
}

Result<MergePeopleOutput> merge_people(Connection& connection, const MergePeopleInput& input, Time now) {
  const auto keep = TRY(root_of(connection, input.keep));
  const auto other = TRY(root_of(connection, input.other));
  if (keep == other) return fail(Code::Conflict, "They are one person already.");
  TRY(connection.run("INSERT INTO merges (keep, other, time) VALUES (?, ?, ?)", keep, other, now));
  const auto merge = connection.last_insert_id();
  TRY(find_roots(connection, {keep, other}));
  return MergePeopleOutput{std::to_string(merge), std::to_string(keep)};
}

Result<Nothing> undo_merge(Connection& connection, const UndoMergeInput& input) {
  const auto id = TRY(number_of(input.merge, "merge"));
  struct Row {
    std::int64_t keep;
    std::int64_t other;
    bool card;
  };
  const auto merge = TRY(connection.one("SELECT keep, other, card FROM merges WHERE id = ? AND undone = 0",
                                        [](Statement& s) { return Row{s.integer(0), s.integer(1), !s.is_null(2)}; }, id));
  if (!merge) return fail(Code::NotFound, "There is no such merge. It may have been taken back.");
  TRY(connection.run("UPDATE merges SET undone = 1 WHERE id = ?", id));
  // Several cards may say the same: the owner's word stands against all of them.
  if (merge->card) {
    TRY(connection.run("UPDATE merges SET undone = 1 WHERE card IS NOT NULL AND (keep = ?1 AND other = ?2 OR keep = ?2 AND other = ?1)",
                       merge->keep, merge->other));
  }
  TRY(find_roots(connection, {merge->keep, merge->other}));
  return Nothing{};
}

Result<> merge_by_card(Connection& connection, std::int64_t card, Time now) {
  const auto read = TRY(read_card(connection, card));
  if (!read) return {};
  TRY(merge_people_of(connection, *read, now));
  if (read->name.empty()) return {};
  for (const auto person : read->people) {
    const auto names = TRY(names_on_cards(connection, person, card));
    // With two other names already, those cards knew.
    if (names.size() == 1 && *names.begin() != read->name) TRY(merge_by_cards_of(connection, person, now));
  }
  return {};
}

Result<> merge_by_cards_of(Connection& connection, std::int64_t person, Time now) {
  for (const auto item : TRY(cards_of(connection, person))) {
    if (const auto card = TRY(read_card(connection, item))) TRY(merge_people_of(connection, *card, now));
  }
  return {};
}

Result<> drop_lost_cards(Connection& connection) {
  const auto lost = TRY(connection.all(
      "SELECT id, keep, other FROM merges WHERE card IS NOT NULL AND undone = 0 AND NOT EXISTS (SELECT 1 FROM items WHERE items.id = card)",
      [](Statement& s) { return Edge{s.integer(0), s.integer(1), s.integer(2)}; }));
  if (lost.empty()) return {};
  std::vector<std::int64_t> people;
  for (const auto& edge : lost) {
    TRY(connection.run("DELETE FROM merges WHERE id = ?", edge.id));
    people.insert(people.end(), {edge.keep, edge.other});
  }
  return find_roots(connection, people);
}

}  // namespace hearth::memory
