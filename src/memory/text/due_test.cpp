#include "memory/text/due.h"

#include <gtest/gtest.h>

#include <string>

namespace hearth::memory {
namespace {

using namespace std::chrono;

constexpr sys_days kSaid = 2026y / November / 23;  // a Monday

// "2026-11-27", "2026-11-27 15:30", "" when no day ahead is named; "<" before it: until then.
std::string due(std::string_view sentence) {
  const auto found = find_due(sentence, kSaid);
  if (!found) return "";
  const year_month_day date(found->day);
  char text[32];
  std::snprintf(text, sizeof text, "%s%04d-%02u-%02u", found->by ? "<" : "", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  std::string result = text;
  if (found->time) {
    std::snprintf(text, sizeof text, " %02d:%02d", static_cast<int>(found->time->count() / 60), static_cast<int>(found->time->count() % 60));
    result += text;
  }
  return result;
}

struct Case {
  std::string_view sentence;
  std::string_view due;
};

TEST(Due, English) {
  for (const auto& [sentence, expected] : std::initializer_list<Case>{
           {"I'll send you the draft by Friday.", "<2026-11-27"},
           {"Let's meet on 5 May at 3pm.", "2027-05-05 15:00"},
           {"See you tomorrow at 9:30 am", "2026-11-24 09:30"},
           {"on December 1st, 2026, at noon", "2026-12-01 12:00"},
           {"the 5th of December", "2026-12-05"},
           {"by the 30th", "<2026-11-30"},
           {"by the 5th", "<2026-12-05"},
           {"next Monday", "2026-11-30"},
           {"on Monday", "2026-11-30"},
           {"next week", "2026-12-04"},
           {"by the end of the week", "<2026-11-27"},
           {"by the end of next month", "<2026-12-31"},
           {"by the end of January", "<2027-01-31"},
           {"within two weeks", "2026-12-07"},
           {"in a couple of days", "2026-11-25"},
           {"the day after tomorrow", "2026-11-25"},
           {"due 2026-12-24", "<2026-12-24"},
           {"tonight at 20:15", "2026-11-23 20:15"},
           {"Tuesday, 1 December", "2026-12-01"},
           {"before Dec 15", "<2026-12-15"},
           {"at 5 pm", "2026-11-23 17:00"},
           {"by EOD", "<2026-11-23"},
           {"on Monday at 10 in room 4", "2026-11-30 10:00"},
           {"Friday at 9 outside the station", "2026-11-27 09:00"},
           {"on Friday at 3 p.m.", "2026-11-27 15:00"},
           {"on Friday 14:30-15:30", "2026-11-27 14:30"},
           {"on Friday from 10 to 12", "2026-11-27 10:00"},
           {"on Friday between 2 and 3", "2026-11-27 14:00"},
           {"tomorrow at half past nine", "2026-11-24 09:30"},
           {"tomorrow at a quarter to eleven", "2026-11-24 10:45"},
           {"tomorrow at quarter to one", "2026-11-24 12:45"},
           {"tomorrow at nine o'clock", "2026-11-24 09:00"},
           {"tomorrow evening at 7", "2026-11-24 19:00"},
           {"this afternoon", "2026-11-23"},
           {"on 2026/12/10 at 9:15", "2026-12-10 09:15"},
           {"tomorrow at 4", "2026-11-24 16:00"},
           {"tomorrow at 7 Main Street", "2026-11-24"},
           {"tomorrow at 5 percent", "2026-11-24"},
           {"tomorrow at 3 in 4 shops", "2026-11-24"},
           {"tomorrow from 5 to 10 people", "2026-11-24"},
           {"between 2 and 3 shops", ""},
           {"last Friday", ""},
           {"on 5 November", ""},
           {"two weeks ago", ""},
           {"the price is 12.50 for 3 people", ""},
           {"we may do so", ""},
           {"the sun sat on the march", ""},
           {"version 3.20 of it", ""},
       }) {
    EXPECT_EQ(due(sentence), expected) << sentence;
  }
}

TEST(Due, Chinese) {
  for (const auto& [sentence, expected] : std::initializer_list<Case>{
           {"我明天把合同发给你", "2026-11-24"},
           {"明天下午三点半见", "2026-11-24 15:30"},
           {"今晚8点开会", "2026-11-23 20:00"},
           {"下周五之前提交", "<2026-12-04"},
           {"本周五上午10点", "2026-11-27 10:00"},
           {"周三见", "2026-11-25"},
           {"周一见", "2026-11-23"},
           {"截止日期是12月15日", "2026-12-15"},
           {"2027年1月3日前付清", "<2027-01-03"},
           {"请在月底前回复", "<2026-11-30"},
           {"三天内给你", "<2026-11-26"},
           {"两周后再说", "2026-12-07"},
           {"30号之前", "<2026-11-30"},
           {"后天中午十二点", "2026-11-25 12:00"},
           {"十二月二十五日晚上7点15分", "2026-12-25 19:15"},
           {"明晚七点", "2026-11-24 19:00"},
           {"12月3日（周四）14:30", "2026-12-03 14:30"},
           {"12月3日星期四上午9点", "2026-12-03 09:00"},
           {"预约时间2026-12-03 14:30", "2026-12-03 14:30"},
           {"明天上午九点一刻", "2026-11-24 09:15"},
           {"明天三点", "2026-11-24 15:00"},
           {"明天七点吃晚饭", "2026-11-24 19:00"},
           {"我下午去接孩子", "2026-11-23"},
           {"昨天下午下雨", ""},
           {"每天下午都忙", ""},
           {"上周五开会", ""},
           {"上个月5号开会", ""},
           {"每周三开会", ""},
           {"我有三天没睡", ""},
           {"11月5日的会", ""},
           {"他们家", ""},
       }) {
    EXPECT_EQ(due(sentence), expected) << sentence;
  }
}

// The plain hour is the next one.
TEST(Due, TakesTheHourThatComes) {
  const auto time = [](std::string_view sentence, minutes clock) {
    const auto found = find_due(sentence, kSaid, clock);
    return found && found->time ? found->day - kSaid + *found->time : minutes(-1);
  };
  constexpr auto kNoon = hours(12) + minutes(54);
  for (const std::string_view sentence : {"七点见", "今天七点见", "See you at 7.", "see you at 7 today", "at 7 o'clock"}) {
    EXPECT_EQ(time(sentence, kNoon), hours(19)) << sentence;
    EXPECT_EQ(time(sentence, hours(6)), hours(7)) << sentence;
  }
  EXPECT_EQ(time("七点见", hours(20)), hours(31));
  EXPECT_EQ(time("See you at 7.", hours(20)), hours(31));
  EXPECT_EQ(time("早上七点见", kNoon), hours(7));
  EXPECT_EQ(time("at 7 in the evening", hours(6)), hours(19));
  EXPECT_EQ(time("明天七点见", kNoon), hours(31));
  EXPECT_EQ(time("at 12:30", kNoon), hours(12) + minutes(30));
  EXPECT_EQ(time("meet at 7 Main Street", kNoon), minutes(-1));
}

TEST(Due, SaysWhichWords) {
  const std::string_view sentence = "I'll be there on 5 December at 3:30 pm sharp";
  const auto found = find_due(sentence, kSaid);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(sentence.substr(found->words.start, found->words.end - found->words.start), "5 December at 3:30 pm");
}

TEST(Due, TakesAnyBytes) {
  std::string text;
  for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
  for (const std::string_view part : {"99999999999999 May", "0月0日", "in 99 months", "31 Feb", "2月30日", "明天99点", "\xE6\x98", "by the 99th", "next", "end of"}) {
    (void)find_due(part, kSaid);
    (void)find_due(text + std::string(part), kSaid);
  }
}

}  // namespace
}  // namespace hearth::memory
