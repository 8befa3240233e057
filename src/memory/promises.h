#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/describe.h"
#include "memory/text/commitments.h"

namespace hearth::memory {

struct PromisesInput {
  std::optional<Time> after;
  std::string source;
  int limit = 50;
};
HEARTH_DESCRIBE(PromisesInput,
                (after, "Only in items from this time on; the last 90 days when left out.", .zh = "仅限此后的条目；留空则为最近 90 天。"),
                (source, "Only from this source.", .zh = "仅限此来源。", .defaulted = true, .maximum_length = 20, .resource = "memory"),
                (limit, "How many at most.", .zh = "最多个数。", .defaulted = true, .minimum = 1, .maximum = 500))

struct Promise {
  std::string item;
  std::int64_t start = 0;
  std::int64_t length = 0;
  std::string sentence;
  PromiseKind kind = PromiseKind::Promise;
  std::string who;
  std::string title;
  std::optional<Time> time;
  std::string due_day;
  std::optional<Time> due;
  std::string due_words;
};
HEARTH_DESCRIBE(Promise, (item, "The item.", .zh = "条目。"),
                (start, "Where the sentence begins in the item's text, in characters (Unicode code points).", .zh = "句子在正文中的起始位置（按字符）。"),
                (length, "How many characters it has.", .zh = "句子的字符数。"), (sentence, "The sentence, word for word.", .zh = "原句。"),
                (kind, "What it is.", .zh = "种类。"), (who, "Who said it.", .zh = "说话人。"), (title, "The item's title.", .zh = "条目标题。"),
                (time, "When it was said.", .zh = "说出的时间。"),
                (due_day, "The day on which it is due, as whoever said it counts days, like 2026-11-30: the same wherever it is read. Empty when no day is known.",
                 .zh = "到期的日期，按说话人所在地计算，例如 2026-11-30；无论在哪里阅读都是这一天。日期未知时为空。"),
                (due, "The moment at which it is due, by the clock of whoever said it; left out when no time of day was said.",
                 .zh = "到期的时刻，按说话人的时钟推算；未说明几点时省略。"),
                (due_words, "The words that say when.", .zh = "表示时间的词语。"))

struct PromisesOutput {
  std::vector<Promise> promises;
  bool more = false;
};
HEARTH_DESCRIBE(PromisesOutput, (promises, "What is open: due next first, then what is overdue, then what has no date.",
                                 .zh = "未了事项：即将到期者在前，其次为已过期者，最后为无日期者。"),
                (more, "There are more.", .zh = "还有更多。"))

enum class PromiseState { Done, Dismissed, Open };
HEARTH_DESCRIBE_ENUM(PromiseState, Done, Dismissed, Open)

struct SettlePromiseInput {
  std::string item;
  std::int64_t start = 0;
  PromiseState state = PromiseState::Done;
};
HEARTH_DESCRIBE(SettlePromiseInput, (item, "The item.", .zh = "条目。", .maximum_length = 20, .resource = "memory_item"),
                (start, "Where the sentence begins, as memory.promises gave it.", .zh = "句子的起始位置，与 memory.promises 所给一致。", .minimum = 0),
                (state, "Done, dismissed (it is no promise), or open again.", .zh = "已完成、忽略（并非承诺）或重新打开。", .defaulted = true))

}  // namespace hearth::memory
