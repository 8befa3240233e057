#include "memory/keeping.h"

#include "memory/keep.h"
#include "memory/labels.h"
#include "memory/schema.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

bool is_more_careful(const kernel::Label& before, const kernel::Label& after) {
  return after.confidentiality >= before.confidentiality && after.integrity >= before.integrity;
}

}  // namespace

Result<SaveSearchOutput> save_search(Connection& connection, const SaveSearchInput& input, Time now) {
  if (input.name.empty()) return fail(Code::InvalidInput, "name: A saved search needs a name.");
  const auto filters = to_json(input.filters).dump();
  const auto found = TRY(connection.integer("SELECT id FROM saved_searches WHERE name = ?", input.name));
  if (found) {
    if (!input.replace) return fail(Code::Conflict, "There already is a saved search “{}”. Choose another name, or replace it.", input.name);
    TRY(connection.run("UPDATE saved_searches SET query = ?, filters = ? WHERE id = ?", input.query, filters, found));
    return SaveSearchOutput{std::to_string(found)};
  }
  TRY(connection.run("INSERT INTO saved_searches (name, query, filters, created) VALUES (?, ?, ?, ?)", input.name, input.query, filters, now));
  return SaveSearchOutput{std::to_string(connection.last_insert_id())};
}

Result<SavedSearchesOutput> saved_searches(Connection& connection) {
  SavedSearchesOutput output;
  auto rows = TRY(connection.prepare("SELECT id, name, query, filters, created FROM saved_searches ORDER BY name"));
  while (TRY(rows.step())) {
    const auto filters = TRY(Json::parse(rows.text_view(3)));
    auto read = TRY(from_json<SearchFilters>(filters));
    output.searches.push_back({std::to_string(rows.integer(0)), rows.text(1), rows.text(2), std::move(read), rows.time(4)});
  }
  return output;
}

Result<Nothing> remove_search(Connection& connection, const RemoveSearchInput& input) {
  const auto search = TRY(number_of(input.search, "saved search"));
  TRY(connection.run("DELETE FROM saved_searches WHERE id = ?", search));
  if (connection.changes() == 0) return fail(Code::NotFound, "There is no such saved search.");
  return Nothing{};
}

Result<LabelOutput> set_label(Connection& connection, const std::string& person, const LabelInput& input, LessCareful less_careful) {
  if (input.source.empty() == input.item.empty()) return fail(Code::InvalidInput, "Say what to label: a source, or an item.");
  if (!input.confidentiality && !input.integrity) return fail(Code::InvalidInput, "Say how: a confidentiality, an integrity, or both.");
  LabelOutput output;
  std::int64_t id = 0;
  if (!input.source.empty()) {
    id = TRY(number_of(input.source, "source"));
    output.before = TRY(read_source(connection, id, person)).label;
  } else {
    id = TRY(number_of(input.item, "item"));
    const auto source = TRY(connection.one(fmt::format("SELECT i.source FROM items i WHERE i.id = ? AND {}", kPresent),
                                           [](Statement& s) { return s.integer(0); }, id));
    if (!source) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
    const auto row = TRY(read_source(connection, *source, person));
    output.before = TRY(label_of_item(connection, id, row.label));
  }
  output.label = output.before;
  if (input.confidentiality) output.label.confidentiality = *input.confidentiality;
  if (input.integrity) output.label.integrity = *input.integrity;
  if (less_careful == LessCareful::Refused && !is_more_careful(output.before, output.label)) {
    return fail(Code::Forbidden, "Only the person whose memory it is may make a label less careful, signed in as themselves.");
  }
  const auto confidentiality = input.confidentiality ? std::optional(enum_name(*input.confidentiality)) : std::nullopt;
  const auto integrity = input.integrity ? std::optional(enum_name(*input.integrity)) : std::nullopt;
  TRY(connection.run(fmt::format("UPDATE {} SET confidentiality = coalesce(?, confidentiality), integrity = coalesce(?, integrity) WHERE id = ?",
                                 input.source.empty() ? "items" : "sources"),
                     confidentiality, integrity, id));
  return output;
}

}  // namespace hearth::memory
