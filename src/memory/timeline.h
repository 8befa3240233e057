#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "memory/extract/wire.h"

namespace hearth::memory {

using extract::ItemKind;
using extract::TimeCertainty;

// An item as one line of a list.
struct TimelineEntry {
  std::string item;
  std::string source;
  std::string source_name;
  ItemKind kind = ItemKind::Document;
  std::string title;
  std::vector<std::string> authors;
  std::optional<Time> time;
  std::optional<Time> until;
  TimeCertainty certainty = TimeCertainty::Exact;
  std::optional<int> zone;
  std::string day;
  std::string line;
  std::int64_t attachments = 0;
};
HEARTH_DESCRIBE(TimelineEntry, (item, "The item.", .zh = "条目。"), (source, "The source.", .zh = "来源。"),
                (source_name, "The source's name.", .zh = "来源名称。"), (kind, "What it is.", .zh = "种类。"), (title, "Its title.", .zh = "标题。"),
                (authors, "Who wrote it.", .zh = "作者。"), (time, "When it was written, or begins.", .zh = "写作或开始的时间。"),
                (until, "When it ends.", .zh = "结束时间。"), (certainty, "How sure the time is.", .zh = "时间的确定程度。"),
                (zone, "The author's clock: minutes east of Greenwich.", .zh = "作者时区：格林威治以东的分钟数。"),
                (day, "The day in the zone asked for: 2026-11-23.", .zh = "所请求时区中的日期：2026-11-23。"),
                (line, "How its text begins.", .zh = "正文开头。"), (attachments, "How many attachments it has.", .zh = "附件个数。"))

struct TimelineInput {
  std::optional<Time> after;
  std::optional<Time> before;
  std::vector<ItemKind> kinds;
  std::string source;
  std::string person;
  int zone = 0;
  int limit = 50;
  std::string cursor;
};
HEARTH_DESCRIBE(TimelineInput, (after, "Not before this time.", .zh = "不早于。"), (before, "Not after this time.", .zh = "不晚于。"),
                (kinds, "Only items of these kinds.", .zh = "仅限这些种类。", .maximum_length = 20),
                (source, "Only from this source.", .zh = "仅限此来源。", .defaulted = true, .maximum_length = 20, .resource = "memory"),
                (person, "Only with this person: their id.", .zh = "仅与此人相关：其编号。", .defaulted = true, .maximum_length = 20,
                 .resource = "memory_person"),
                (zone, "Your clock, for the days: minutes east of Greenwich.", .zh = "用于划分日期的时区：格林威治以东的分钟数。", .defaulted = true,
                 .minimum = -900, .maximum = 900),
                (limit, "How many items at most.", .zh = "最多条目数。", .defaulted = true, .minimum = 1, .maximum = 500),
                (cursor, "Continue where the last answer ended: its `next`.", .zh = "从上次结果的 next 处继续。", .defaulted = true,
                 .maximum_length = 64))

struct TimelineOutput {
  std::vector<TimelineEntry> items;
  std::string next;
};
HEARTH_DESCRIBE(TimelineOutput, (items, "The items, newest first.", .zh = "条目，最新在前。"),
                (next, "The cursor of what follows; empty at the end.", .zh = "下一页的游标；到末尾时为空。"))

struct OnThisDayInput {
  std::string date;
  int zone = 0;
  int limit = 100;
};
HEARTH_DESCRIBE(OnThisDayInput,
                (date, "The day, as 2026-11-23; today when left out.", .zh = "日期，如 2026-11-23；留空则为今天。", .defaulted = true, .maximum_length = 10),
                (zone, "Your clock: minutes east of Greenwich.", .zh = "时区：格林威治以东的分钟数。", .defaulted = true, .minimum = -900,
                 .maximum = 900),
                (limit, "How many items at most.", .zh = "最多条目数。", .defaulted = true, .minimum = 1, .maximum = 500))

struct OnThisDayOutput {
  std::string date;
  std::vector<TimelineEntry> items;
};
HEARTH_DESCRIBE(OnThisDayOutput, (date, "The day that was looked for.", .zh = "所查日期。"),
                (items, "What happened on it in earlier years, the latest year first.", .zh = "往年同日的条目，最近的年份在前。"))

struct ThreadInput {
  std::string item;
  bool around = false;
  int zone = 0;
  int limit = 100;
  std::string cursor;
};
HEARTH_DESCRIBE(ThreadInput, (item, "An item of the thread.", .zh = "会话中的一个条目。", .maximum_length = 20, .resource = "memory_item"),
                (around, "Begin half a page before the item, instead of at the thread's beginning.", .zh = "从该条目之前半页处开始，而非会话开头。",
                 .defaulted = true),
                (zone, "Your clock, for the days: minutes east of Greenwich.", .zh = "用于划分日期的时区：格林威治以东的分钟数。", .defaulted = true,
                 .minimum = -900, .maximum = 900),
                (limit, "How many items at most.", .zh = "最多条目数。", .defaulted = true, .minimum = 1, .maximum = 500),
                (cursor, "Continue at an earlier answer's `next` or `previous`.", .zh = "从先前结果的 next 或 previous 处继续。", .defaulted = true,
                 .maximum_length = 64))

struct ThreadOutput {
  std::vector<TimelineEntry> items;
  std::int64_t total = 0;
  std::string previous;
  std::string next;
};
HEARTH_DESCRIBE(ThreadOutput, (items, "The thread's items, oldest first.", .zh = "会话的条目，最早在前。"),
                (total, "How many the thread has.", .zh = "会话的条目总数。"),
                (previous, "The cursor of what comes before; empty at the beginning.", .zh = "上一页的游标；在开头时为空。"),
                (next, "The cursor of what follows; empty at the end.", .zh = "下一页的游标；到末尾时为空。"))

}  // namespace hearth::memory
