#include "memory/text/commitments.h"

#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

using namespace std::chrono;

constexpr sys_days kSaid = 2026y / November / 23;

std::optional<PromiseKind> kind(std::string_view sentence) {
  const auto found = find_commitments(sentence, kSaid);
  return found.empty() ? std::nullopt : std::optional(found.front().kind);
}

TEST(Commitments, AreFoundByTheirForm) {
  for (const auto sentence : {"I'll send you the draft by Friday.", "We will get back to you soon.", "I’ll let you know tomorrow.", "Will send it tonight.",
                              "I am going to book the table.", "Let me check with Tom and get back to you.", "I promised to call Ann next Tuesday at 3pm.", "我明天把合同发给你。", "我会尽快回复您。",
                              "我们下周二提交报告。"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Promise) << sentence;
  }
  for (const auto sentence : {"Please send the form by 5 December.", "Could you review it before Thursday?", "Don't forget to pay the rent by end of the month.", "请在周五之前回复。", "月底前把房租转给我", "麻烦三天内付款。"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Request) << sentence;
  }
  for (const auto sentence : {"Let's meet on 5 May at 3pm.", "See you tomorrow!", "See you at 7.", "Meeting moved to Wednesday 10:30.", "七点见", "我们明天下午三点开会。", "周五晚上门口见。"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Meeting) << sentence;
  }
  for (const auto sentence : {"The deadline is 15 December.", "The report is due on Friday.", "截止日期是12月15日。", "最晚周五交稿。"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Deadline) << sentence;
  }
}

TEST(Commitments, LeaveOutWhatBindsNobody) {
  for (const auto sentence :
       {"I will not send it.", "I won't call.", "If you like, I'll send it.", "I'll call if anything changes.", "Will you send it?", "I sent it yesterday.",
        "I would send it.", "Let me know by Friday.", "I'll be in Paris on Friday.", "I look forward to meeting you tomorrow.", "Please send it.",
        "We met last Friday.", "I will have to see.", "We could meet on Friday.", "Any time is fine, I'll make work.", "The deadline was moved.", "I promised to call Ann last week.", "The boxes were moved to Berlin on Friday.", "他月底前会把房租转给我。", "They'll send it tomorrow.", "> I'll send it tomorrow.",
        "我昨天发给你了。", "如果明天下雨，我就给你打电话。", "你明天会来吗？", "请回复。", "他明天把合同发给你。", "我不会告诉他。", "明天天气很好。"}) {
    EXPECT_EQ(kind(sentence), std::nullopt) << sentence;
  }
}

TEST(Commitments, SayWhere) {
  const std::string_view text = "Dear Bo,\n\nthanks a lot. I'll send you the draft by Friday.\n\nAnn";
  const auto found = find_commitments(text, kSaid);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text.substr(found[0].span.start, found[0].span.end - found[0].span.start), "I'll send you the draft by Friday.");
  ASSERT_TRUE(found[0].due.has_value());
  EXPECT_EQ(text.substr(found[0].due->words.start, found[0].due->words.end - found[0].due->words.start), "Friday");
}

}  // namespace
}  // namespace hearth::memory
