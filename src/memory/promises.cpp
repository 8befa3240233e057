#include "memory/promises.h"

#include <algorithm>
#include <tuple>

#include "memory/keep.h"
#include "memory/labels.h"
#include "memory/present.h"
#include "memory/schema.h"
#include "memory/text/commitments.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr auto kRecent = std::chrono::days(90);
constexpr int kMostItems = 5000;
constexpr std::size_t kMostText = 64 << 10;  // bytes of an item: no letter is longer

struct Row {
  std::int64_t item = 0;
  std::int64_t source = 0;
  std::string title;
  std::string details;
  Time time;
  int zone = 0;
  bool knows_clock = false;
  kernel::Label label;
};

Result<std::string> text_of(Connection& connection, std::int64_t item) {
  std::string text;
  auto passages = TRY(connection.prepare("SELECT text FROM passages WHERE id BETWEEN ? AND ? ORDER BY id"));
  passages.bind(1, first_passage(item));
  passages.bind(2, last_passage(item));
  while (text.size() < kMostText && TRY(passages.step())) text += passages.text_view(0);
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Result<kernel::Labelled<PromisesOutput>> read_promises(Connection& connection, const std::string& person, const PromisesInput& input, Time now) {
  const auto sources = TRY(read_sources(connection, person));
  const auto after = input.after.value_or(now - kRecent);
  auto sql = fmt::format(
      "SELECT i.id, i.source, i.title, i.details, i.time, i.zone, i.certainty IN ('exact', 'zone'), {} FROM items i WHERE i.time >= ?1 AND i.time <= ?2"
      " AND i.kind IN ('mail', 'message', 'note', 'recording') AND {}",
      kLabelColumns, kPresent);
  if (!input.source.empty()) sql += " AND i.source = ?3";
  sql += " ORDER BY i.time DESC LIMIT ?4";
  auto statement = TRY(connection.prepare(sql));
  statement.bind_value(1, after);
  statement.bind_value(2, now + std::chrono::days(1));  // somebody's clock may be ahead
  if (!input.source.empty()) statement.bind_value(3, TRY(number_of(input.source, "source")));
  statement.bind_value(4, kMostItems);
  std::vector<Row> rows;
  while (TRY(statement.step())) {
    const auto source = sources.find(statement.integer(1));
    if (source == sources.end()) continue;
    rows.push_back({statement.integer(0), statement.integer(1), statement.text(2), statement.text(3), statement.time(4),
                    static_cast<int>(statement.integer(5)), statement.integer(6) != 0, read_label(statement, 7, source->second.label)});
  }
  struct Open {
    Promise promise;
    kernel::Label label;
    std::size_t place = 0;
    std::optional<Time> due;
  };
  std::vector<Open> open;
  for (const auto& row : rows) {
    const auto text = TRY(text_of(connection, row.item));
    const auto moment = row.time + std::chrono::minutes(row.zone);
    const auto local = std::chrono::floor<std::chrono::days>(moment);
    const auto clock = row.knows_clock ? std::optional(std::chrono::floor<std::chrono::minutes>(moment - local)) : std::nullopt;
    const auto found = find_commitments(text, local, clock);
    if (found.empty()) continue;
    const auto settled = TRY(connection.all("SELECT start FROM settled WHERE item = ?", [](Statement& s) { return s.integer(0); }, row.item));
    const auto who = joined(authors_of(row.details));
    for (const auto& one : found) {
      Promise promise;
      std::optional<Time> due;  // of a whole day its first moment
      promise.item = std::to_string(row.item);
      promise.start = static_cast<std::int64_t>(count_code_points(std::string_view(text).substr(0, one.span.start)));
      if (std::find(settled.begin(), settled.end(), promise.start) != settled.end()) continue;
      promise.sentence = text.substr(one.span.start, one.span.end - one.span.start);
      promise.length = static_cast<std::int64_t>(count_code_points(promise.sentence));
      promise.kind = one.kind;
      promise.who = who;
      promise.title = row.title;
      promise.time = row.time;
      if (one.due) {
        const std::chrono::year_month_day day(one.due->day);
        promise.due_day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
        due = Time(one.due->day) + one.due->time.value_or(std::chrono::minutes(0)) - std::chrono::minutes(row.zone);
        if (one.due->time) promise.due = due;
        promise.due_words = text.substr(one.due->words.start, one.due->words.end - one.due->words.start);
      }
      open.push_back({std::move(promise), row.label, open.size(), due});
    }
  }
  // What was due long ago is over, kept or not; what is due next comes first, then what is overdue, then what has no date.
  const auto rank = [&](const Open& one) { return !one.due ? 2 : *one.due + std::chrono::days(1) < now ? 1 : 0; };
  // Equal ones stay as they were found: the latest item first.
  const auto order = [&](const Open& one) {
    const auto due = one.due ? one.due->time_since_epoch().count() : 0;
    const auto group = rank(one);
    return std::tuple(group, group == 1 ? -due : due, one.place);
  };
  std::sort(open.begin(), open.end(), [&](const Open& a, const Open& b) { return order(a) < order(b); });
  PromisesOutput output;
  auto label = nothing_yet(person);
  for (auto& one : open) {
    if (output.promises.size() == static_cast<std::size_t>(input.limit)) {
      output.more = true;
      break;
    }
    label = kernel::join(label, one.label);
    output.promises.push_back(std::move(one.promise));
  }
  return kernel::Labelled<PromisesOutput>{std::move(output), std::move(label)};
}

Result<Nothing> settle_promise(Connection& connection, const SettlePromiseInput& input, Time now) {
  const auto item = TRY(number_of(input.item, "item"));
  const auto there = TRY(connection.integer(fmt::format("SELECT count(*) FROM items i WHERE i.id = ? AND {}", kPresent), item));
  if (there == 0) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  if (input.state == PromiseState::Open) {
    TRY(connection.run("DELETE FROM settled WHERE item = ? AND start = ?", item, input.start));
  } else {
    TRY(connection.run("INSERT OR REPLACE INTO settled (item, start, state, time) VALUES (?, ?, ?, ?)", item, input.start,
                       enum_name(input.state), now));
  }
  return Nothing{};
}

}  // namespace hearth::memory
