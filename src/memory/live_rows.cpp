#include "memory/items.h"
#include "memory/live.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::string_view kGone = "gone";

constexpr std::array<store::Migration, 1> kMigrations = {{{"followed sources", R"sql(
CREATE TABLE live (
  source INTEGER PRIMARY KEY,
  settings TEXT NOT NULL,          -- LiveSettings, as JSON
  secret TEXT NOT NULL,            -- the password, sealed
  state TEXT NOT NULL DEFAULT ''   -- how far reading came, as its connector says it
);
)sql"}}};

enum class Presence { There, Gone };

Result<> set_gone(Connection& connection, std::int64_t item, Presence presence) {
  const auto text = TRY(connection.one("SELECT details FROM items WHERE id = ?", [](Statement& s) { return s.text(0); }, item));
  if (!text) return {};
  auto details = TRY(parse_details(*text));
  const auto removed = std::erase(details.tags, kGone);
  if (presence == Presence::Gone) details.tags.emplace_back(kGone);
  if ((removed > 0) == (presence == Presence::Gone)) return {};
  return connection.run("UPDATE items SET details = ? WHERE id = ?", to_json(details).dump(), item);
}

}  // namespace

store::Schema live_schema() { return {"memory_live", kMigrations}; }

Result<std::optional<LiveRow>> read_live(Connection& connection, std::int64_t source) {
  struct Row {
    std::string settings;
    std::string secret;
    std::string state;
  };
  const auto row = TRY(connection.one("SELECT settings, secret, state FROM live WHERE source = ?",
                                      [](Statement& s) { return Row{s.text(0), s.text(1), s.text(2)}; }, source));
  if (!row) return std::nullopt;
  const auto json = TRY(Json::parse(row->settings));
  return LiveRow{TRY(from_json<LiveSettings>(json)), row->secret, row->state};
}

Result<> write_live(Connection& connection, std::int64_t source, const LiveSettings& settings, const std::string& secret) {
  return connection.run("INSERT INTO live (source, settings, secret) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (source) DO UPDATE SET settings = ?2, secret = ?3",
                        source, to_json(settings).dump(), secret);
}

Result<> remove_live(Connection& connection, std::int64_t source) { return connection.run("DELETE FROM live WHERE source = ?", source); }

Result<> mark_gone(Connection& connection, std::int64_t source, const Reached& reached) {
  const auto items_at = [&](const std::string& place) {
    // A file of many items has them at "<place>/#<name>".
    return connection.all("SELECT item, modified FROM origins WHERE source = ?1 AND (place = ?2 OR (place >= ?2 || '/#' AND place < ?2 || '/$'))",
                          [](Statement& s) { return std::pair(s.integer(0), s.integer(1)); }, source, place);
  };
  for (const auto& place : reached.gone) {
    for (const auto& [item, modified] : TRY(items_at(place))) {
      // Another calendar may still have it.
      const auto elsewhere = TRY(connection.integer("SELECT count(*) FROM origins WHERE item = ? AND source <> ?", item, source));
      if (elsewhere == 0) TRY(set_gone(connection, item, Presence::Gone));
    }
  }
  for (const auto& place : reached.renewed) {
    const auto items = TRY(items_at(place));
    std::int64_t newest = 0;
    for (const auto& [item, modified] : items) newest = std::max(newest, modified);
    for (const auto& [item, modified] : items) TRY(set_gone(connection, item, modified < newest ? Presence::Gone : Presence::There));
  }
  return {};
}

Result<> move_places(Connection& connection, const Originals& originals, std::int64_t source, const Renamed& renamed) {
  // Of a folder the files below it, of a file with many items those.
  const auto below = renamed.from + "/";
  auto end = below;
  ++end.back();
  for (const auto* table : {"origins", "files"}) {
    const auto places = TRY(connection.all(fmt::format("SELECT place FROM {} WHERE source = ?1 AND (place = ?2 OR (place >= ?3 AND place < ?4))", table),
                                           [](Statement& s) { return s.text(0); }, source, renamed.from, below, end));
    for (const auto& place : places) {
      const auto target = renamed.to + place.substr(renamed.from.size());
      if (std::string_view(table) == "origins") {
        TRY(remove_origin(connection, originals, source, target));
      } else {
        TRY(connection.run("DELETE FROM files WHERE source = ? AND place = ?", source, target));
      }
      TRY(connection.run(fmt::format("UPDATE {} SET place = ? WHERE source = ? AND place = ?", table), target, source, place));
    }
  }
  return {};
}

}  // namespace hearth::memory
