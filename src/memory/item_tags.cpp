#include "memory/item_tags.h"

#include <algorithm>
#include <tuple>

#include "memory/items.h"

namespace hearth::memory {

using store::Connection;
using store::Statement;

std::string stored_tags(const std::vector<std::string>& tags) { return tags.empty() ? "" : to_json(tags).dump(); }

Result<std::vector<std::string>> read_tags(std::string_view text) {
  if (text.empty()) return std::vector<std::string>();
  return from_json<std::vector<std::string>>(TRY(Json::parse(text)));
}

Result<> change_tags(Connection& connection, std::int64_t item, const std::vector<std::string>& gone, const std::vector<std::string>& added) {
  if (gone.empty() && added.empty()) return {};
  auto details = TRY(parse_details(TRY(connection.one("SELECT details FROM items WHERE id = ?", [](Statement& s) { return s.text(0); }, item)).value_or("{}")));
  const auto before = details.tags;
  auto wanted = added;
  if (!gone.empty()) {
    for (const auto& text : TRY(connection.all("SELECT tags FROM origins WHERE item = ? AND tags <> ''", [](Statement& s) { return s.text(0); }, item))) {
      for (auto& tag : TRY(read_tags(text))) wanted.push_back(std::move(tag));
    }
  }
  const auto holds = [](const std::vector<std::string>& tags, const std::string& tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); };
  std::erase_if(details.tags, [&](const std::string& tag) { return holds(gone, tag) && !holds(wanted, tag); });
  for (const auto& tag : added) {
    if (!holds(details.tags, tag)) details.tags.push_back(tag);
  }
  if (details.tags == before) return {};
  TRY(connection.run("UPDATE items SET details = ? WHERE id = ?", to_json(details).dump(), item));
  for (const auto& tag : before) {
    if (!holds(details.tags, tag)) TRY(connection.run("DELETE FROM item_tags WHERE tag = ? AND item = ?", tag, item));
  }
  for (const auto& tag : details.tags) TRY(connection.run("INSERT OR IGNORE INTO item_tags (tag, item) VALUES (?, ?)", tag, item));
  return {};
}

Result<std::int64_t> untag_shared(Connection& connection, std::int64_t source, int most) {
  const auto tagged = TRY(connection.all(
      "SELECT place, item, tags FROM origins o WHERE source = ?1 AND tags <> ''"
      " AND EXISTS (SELECT 1 FROM origins e WHERE e.item = o.item AND e.source <> ?1) LIMIT ?2",
      [](Statement& s) { return std::tuple(s.text(0), s.integer(1), s.text(2)); }, source, most));
  for (const auto& [place, item, tags] : tagged) {
    TRY(connection.run("UPDATE origins SET tags = '' WHERE source = ? AND place = ?", source, place));
    TRY(change_tags(connection, item, TRY(read_tags(tags)), {}));
  }
  return static_cast<std::int64_t>(tagged.size());
}

}  // namespace hearth::memory
