#include "memory/timeline.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "memory/entries.h"
#include "memory/identities.h"
#include "memory/labels.h"
#include "memory/present.h"
#include "memory/schema.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::size_t kLineLength = 160;  // characters

// White space as one space each, cut after a number of characters.
std::string one_line(std::string_view text) {
  std::string line;
  std::size_t count = 0;
  bool space = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = code_point_at(text, at);
    if (point.value >= 0 && point.value <= ' ') {
      space = !line.empty();
    } else {
      if (count == kLineLength) return line + "…";
      if (space) line += ' ';
      space = false;
      line += text.substr(at, point.length);
      ++count;
    }
    at += point.length;
  }
  return line;
}

std::int64_t number(Time time) { return time.time_since_epoch().count(); }

// Where a page of the timeline ended: the order's three columns.
struct Cursor {
  std::int64_t time = 0;
  std::string kind;
  std::int64_t item = 0;
};

Result<Cursor> parse_cursor(std::string_view text) {
  const auto first = text.find('.');
  const auto last = text.rfind('.');
  Cursor cursor;
  if (first != text.npos && first != last) {
    const auto time = std::from_chars(text.data(), text.data() + first, cursor.time);
    const auto item = std::from_chars(text.data() + last + 1, text.data() + text.size(), cursor.item);
    cursor.kind = text.substr(first + 1, last - first - 1);
    if (time.ec == std::errc() && time.ptr == text.data() + first && item.ec == std::errc() && item.ptr == text.data() + text.size()) {
      return cursor;
    }
  }
  return fail(Code::InvalidInput, "cursor: {} is not what an earlier answer gave as next.", text);
}

Time start_of(std::chrono::year_month_day date, int zone) {
  return Time(std::chrono::sys_days(date)) - std::chrono::minutes(zone);
}

}  // namespace

std::string day_of(Time time, int zone) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time + std::chrono::minutes(zone)));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Result<EntryReader> EntryReader::open(Connection& connection, const std::string& person, int zone) {
  return EntryReader(TRY(read_sources(connection, person)), nothing_yet(person), zone);
}

TimelineEntry EntryReader::read(Statement& row) {
  TimelineEntry entry;
  entry.item = std::to_string(row.integer(0));
  entry.source = std::to_string(row.integer(1));
  entry.kind = enum_value<ItemKind>(row.text_view(2)).value_or(ItemKind::Document);
  entry.title = row.text(3);
  entry.authors = authors_of(row.text(4));
  entry.time = row.optional_time(5);
  entry.until = row.optional_time(6);
  entry.certainty = enum_value<TimeCertainty>(row.text_view(7)).value_or(TimeCertainty::Exact);
  if (!row.is_null(8)) entry.zone = static_cast<int>(row.integer(8));
  entry.attachments = row.integer(9);
  entry.line = one_line(row.text_view(13));
  if (entry.time) entry.day = day_of(*entry.time, zone_);
  if (const auto source = sources_.find(row.integer(1)); source != sources_.end()) {
    entry.source_name = source->second.name;
    label_ = kernel::join(label_, read_label(row, 10, source->second.label));
  }
  return entry;
}

Result<kernel::Labelled<TimelineOutput>> read_timeline(Connection& connection, const std::string& person, const TimelineInput& input) {
  auto reader = TRY(EntryReader::open(connection, person, input.zone));
  Cursor cursor{std::numeric_limits<std::int64_t>::max(), "", 0};
  if (!input.cursor.empty()) cursor = TRY(parse_cursor(input.cursor));
  // Of one person the items are found first; otherwise the index by time gives them in order.
  auto sql = fmt::format("SELECT {} FROM ", EntryReader::kColumns);
  if (!input.person.empty()) {
    sql += "(SELECT DISTINCT item FROM item_people WHERE person IN (SELECT id FROM people WHERE root = ?7)) q CROSS JOIN items i ON i.id = q.item";
  } else {
    sql += "items i";
  }
  sql += fmt::format(" WHERE i.time BETWEEN ?1 AND ?2 AND (i.time, i.kind, i.id) < (?3, ?4, ?5) AND {}", kPresent);
  if (!input.source.empty()) sql += " AND i.source = ?6";
  for (std::size_t i = 0; i < input.kinds.size(); ++i) {
    sql += fmt::format("{}'{}'", i == 0 ? " AND i.kind IN (" : ", ", enum_name(input.kinds[i]));
  }
  if (!input.kinds.empty()) sql += ")";
  sql += " ORDER BY i.time DESC, i.kind DESC, i.id DESC LIMIT ?8";
  auto rows = TRY(connection.prepare(sql));
  rows.bind_value(1, input.after ? number(*input.after) : std::numeric_limits<std::int64_t>::min());
  rows.bind_value(2, std::min(cursor.time, input.before ? number(*input.before) : std::numeric_limits<std::int64_t>::max()));
  rows.bind_value(3, cursor.time);
  rows.bind_value(4, cursor.kind);
  rows.bind_value(5, cursor.item);
  if (!input.source.empty()) rows.bind_value(6, TRY(number_of(input.source, "source")));
  if (!input.person.empty()) rows.bind_value(7, TRY(root_of(connection, input.person)));
  rows.bind_value(8, input.limit + 1);
  TimelineOutput output;
  while (TRY(rows.step())) {
    if (output.items.size() == static_cast<std::size_t>(input.limit)) {
      const auto& last = output.items.back();
      output.next = fmt::format("{}.{}.{}", number(*last.time), enum_name(last.kind), last.item);
      break;
    }
    output.items.push_back(reader.read(rows));
  }
  return kernel::Labelled<TimelineOutput>{std::move(output), reader.label()};
}

Result<kernel::Labelled<OnThisDayOutput>> read_on_this_day(Connection& connection, const std::string& person,
                                                           const OnThisDayInput& input, Time now) {
  using namespace std::chrono;
  auto reader = TRY(EntryReader::open(connection, person, input.zone));
  OnThisDayOutput output;
  output.date = input.date.empty() ? day_of(now, input.zone) : input.date;
  const auto midnight = parse_time(output.date + "T00:00:00Z");
  if (output.date.size() != 10 || !midnight) return fail(Code::InvalidInput, "date: {} is no day like 2026-11-23.", output.date);
  const year_month_day date(floor<days>(*midnight));
  const auto oldest = TRY(connection.one(fmt::format("SELECT i.time FROM items i WHERE i.time IS NOT NULL AND {} ORDER BY i.time LIMIT 1", kPresent),
                                         [](Statement& s) { return s.time(0); }));
  if (oldest) {
    const auto first = year_month_day(floor<days>(*oldest + minutes(input.zone))).year();
    // When a file was changed says little about what happened on that day.
    const auto sql = fmt::format(
        "SELECT {} FROM items i WHERE i.time >= ? AND i.time < ? AND i.certainty <> 'file' AND {} ORDER BY i.time DESC, i.kind DESC, i.id DESC LIMIT ?",
        EntryReader::kColumns, kPresent);
    for (auto year = date.year() - years(1); year >= first && output.items.size() < static_cast<std::size_t>(input.limit); --year) {
      const year_month_day day(year, date.month(), date.day());
      if (!day.ok()) continue;  // the 29th of February
      auto entries = TRY(connection.all(sql, [&](Statement& row) { return reader.read(row); }, start_of(day, input.zone),
                                        start_of(day, input.zone) + hours(24), input.limit - static_cast<int>(output.items.size())));
      std::move(entries.begin(), entries.end(), std::back_inserter(output.items));
    }
  }
  return kernel::Labelled<OnThisDayOutput>{std::move(output), reader.label()};
}

Result<kernel::Labelled<ThreadOutput>> read_thread(Connection& connection, const std::string& person, const ThreadInput& input) {
  auto reader = TRY(EntryReader::open(connection, person, input.zone));
  const auto item = TRY(number_of(input.item, "item"));
  struct Place {
    std::optional<std::int64_t> thread;
    std::optional<Time> time;
  };
  const auto place = TRY(connection.one(fmt::format("SELECT i.thread, i.time FROM items i WHERE i.id = ? AND {}", kPresent),
                                        [](Statement& s) {
                                          return Place{s.is_null(0) ? std::nullopt : std::optional(s.integer(0)), s.optional_time(1)};
                                        },
                                        item));
  if (!place) return fail(Code::NotFound, "There is no such item. It may have been forgotten.");
  ThreadOutput output;
  std::int64_t start = 0;
  const std::string_view cursor = input.cursor;
  if (!cursor.empty()) {
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), start);
    if (error != std::errc() || end != cursor.data() + cursor.size() || start < 0) {
      return fail(Code::InvalidInput, "cursor: {} is not what an earlier answer gave.", cursor);
    }
  }
  const auto among = place->thread ? std::string("i.thread = ?1") : std::string("i.id = ?1");
  const auto which = place->thread.value_or(item);
  output.total = TRY(connection.integer(fmt::format("SELECT count(*) FROM items i WHERE {} AND {}", among, kPresent), which));
  if (place->thread && cursor.empty() && input.around) {
    const auto before = TRY(connection.integer(
        fmt::format("SELECT count(*) FROM items i WHERE i.thread = ?1 AND (i.time, i.id) < (?2, ?3) AND {}", kPresent), which, place->time, item));
    start = std::max<std::int64_t>(0, before - input.limit / 2);
  }
  output.items = TRY(connection.all(
      fmt::format("SELECT {} FROM items i WHERE {} AND {} ORDER BY i.time, i.id LIMIT ?2 OFFSET ?3", EntryReader::kColumns, among, kPresent),
      [&](Statement& row) { return reader.read(row); }, which, input.limit, start));
  const auto end = start + static_cast<std::int64_t>(output.items.size());
  if (end < output.total) output.next = std::to_string(end);
  if (start > 0) output.previous = std::to_string(std::max<std::int64_t>(0, start - input.limit));
  return kernel::Labelled<ThreadOutput>{std::move(output), reader.label()};
}

}  // namespace hearth::memory
