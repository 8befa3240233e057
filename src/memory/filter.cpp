#include "memory/filter.h"

#include <algorithm>
#include <limits>

#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::string_view kIsCalled = "(people.address = ?4 OR instr(lower(people.name), ?4) > 0)";
constexpr int kFirstTag = 6;

// "(?6, ?7)": the spellings of one tag.
std::string places_of(const std::vector<std::string>& spellings, int first) {
  std::string places;
  for (std::size_t i = 0; i < spellings.size(); ++i) places += fmt::format("{}?{}", i == 0 ? "" : ", ", first + static_cast<int>(i));
  return "(" + places + ")";
}

// Items of a person or with a tag are few, and found by themselves; all others come in order from the index by time.
std::string items_within(const Filter& filter) {
  std::string few;
  if (filter.person_id != 0) {
    few = "item_people WHERE person IN (SELECT id FROM people WHERE root = ?5)";
  } else if (!filter.person.empty()) {
    few = fmt::format("item_people WHERE person IN (SELECT id FROM people WHERE {})", kIsCalled);
  } else if (!filter.tags.empty()) {
    few = "item_tags WHERE tag IN " + places_of(filter.tags.front(), kFirstTag);
  } else {
    return "items i";
  }
  return fmt::format("(SELECT DISTINCT item FROM {}) few CROSS JOIN items i ON i.id = few.item", few);
}

}  // namespace

std::string condition_of(const Filter& filter) {
  std::string sql;
  if (filter.after || filter.before) sql += " AND i.time BETWEEN ?2 AND ?3";
  if (!filter.person.empty()) {
    sql += fmt::format(" AND EXISTS (SELECT 1 FROM item_people n JOIN people ON people.id = n.person WHERE n.item = i.id AND {})", kIsCalled);
  }
  if (filter.person_id != 0) {
    sql += " AND EXISTS (SELECT 1 FROM item_people n JOIN people ON people.id = n.person WHERE n.item = i.id AND people.root = ?5)";
  }
  for (std::size_t i = 0; i < filter.kinds.size(); ++i) {
    sql += fmt::format("{}'{}'", i == 0 ? " AND i.kind IN (" : ", ", enum_name(filter.kinds[i]));
  }
  if (!filter.kinds.empty()) sql += ")";
  if (filter.attachment) sql += *filter.attachment ? " AND i.attached > 0" : " AND i.attached = 0";
  int place = kFirstTag;
  for (const auto& spellings : filter.tags) {
    sql += fmt::format(" AND EXISTS (SELECT 1 FROM item_tags t WHERE t.item = i.id AND t.tag IN {})", places_of(spellings, place));
    place += static_cast<int>(spellings.size());
  }
  return sql;
}

void bind_condition(Statement& statement, const Filter& filter) {
  if (filter.after || filter.before) {
    statement.bind_value(2, filter.after ? filter.after->time_since_epoch().count() : std::numeric_limits<std::int64_t>::min());
    statement.bind_value(3, filter.before ? filter.before->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max());
  }
  if (!filter.person.empty()) statement.bind_value(4, folded(filter.person));
  if (filter.person_id != 0) statement.bind_value(5, filter.person_id);
  int place = kFirstTag;
  for (const auto& spellings : filter.tags) {
    for (const auto& spelling : spellings) statement.bind_value(place++, spelling);
  }
}

Result<std::vector<std::vector<std::string>>> spellings_of(Connection& connection, const std::vector<std::string>& tags) {
  std::vector<std::vector<std::string>> spellings(tags.size());
  if (tags.empty()) return spellings;
  // From each tag to the next in the index: there are far fewer tags than items that have them.
  auto rows = TRY(connection.prepare(R"sql(
WITH RECURSIVE known (tag) AS (
  SELECT min(tag) FROM item_tags
  UNION ALL SELECT (SELECT min(tag) FROM item_tags WHERE tag > known.tag) FROM known WHERE known.tag IS NOT NULL
)
SELECT tag FROM known WHERE tag IS NOT NULL)sql"));
  std::vector<std::string> asked;
  for (const auto& tag : tags) asked.push_back(folded(tag));
  while (TRY(rows.step())) {
    const auto tag = folded(rows.text_view(0));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (asked[i] == tag) spellings[i].push_back(rows.text(0));
    }
  }
  return spellings;
}

Result<std::vector<Hit>> list_items(Connection& connection, const Filter& filter, std::size_t most) {
  auto sql = fmt::format(
      "SELECT i.id, i.source, i.title, i.details, i.time, i.outside, (SELECT text FROM passages WHERE id = i.id << 16) FROM {} WHERE {}{}",
      items_within(filter), kPresent, condition_of(filter));
  if (!filter.sources.empty()) sql += fmt::format(" AND i.source IN ({})", fmt::join(filter.sources, ", "));
  auto rows = TRY(connection.prepare(sql + " ORDER BY i.time DESC, i.kind DESC, i.id DESC LIMIT ?1"));
  rows.bind_value(1, most);
  bind_condition(rows, filter);
  std::vector<Hit> hits;
  while (TRY(rows.step())) {
    Hit hit;
    hit.item = rows.integer(0);
    hit.passage = first_passage(hit.item);
    hit.source = rows.integer(1);
    hit.title = rows.text(2);
    hit.details = rows.text(3);
    hit.time = rows.optional_time(4);
    hit.outside = rows.integer(5) != 0;
    hit.text = rows.text(6);
    hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace hearth::memory
