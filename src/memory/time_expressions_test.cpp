#include "memory/time_expressions.h"

#include <gtest/gtest.h>

#include <fmt/chrono.h>

namespace hearth::memory {
namespace {

// A Wednesday: 2026-11-25, 10:00 in UTC+8.
const Moment kNow{Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 25)) + std::chrono::hours(2), 480};

struct Case {
  std::string_view text;
  std::string_view spans;  // from..to by local days, the words in brackets
};

std::string told(std::string_view text) {
  std::string result;
  for (const auto& span : find_times(text, kNow)) {
    const auto day = [](Time time) {
      const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time + std::chrono::minutes(kNow.zone)));
      return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    };
    if (!result.empty()) result += " ";
    result += fmt::format("{}..{}[{}]", day(span.from), day(span.to), text.substr(span.words.start, span.words.end - span.words.start));
  }
  return result;
}

class TimeExpressions : public testing::TestWithParam<Case> {};

TEST_P(TimeExpressions, AreResolvedAgainstNow) { EXPECT_EQ(told(GetParam().text), GetParam().spans); }

INSTANTIATE_TEST_SUITE_P(
    English, TimeExpressions,
    testing::Values(Case{"what did I buy yesterday", "2026-11-24..2026-11-25[yesterday]"},
                    Case{"the day before yesterday", "2026-11-23..2026-11-24[day before yesterday]"},
                    Case{"photos from last spring", "2026-03-01..2026-06-01[last spring]"},
                    Case{"last winter's heating bill", "2025-12-01..2026-03-01[last winter]"},
                    Case{"three weeks ago", "2026-11-01..2026-11-08[three weeks ago]"},
                    Case{"a month ago", "2026-10-11..2026-11-11[a month ago]"}, Case{"last week", "2026-11-16..2026-11-23[last week]"},
                    Case{"Where was I last weekend?", "2026-11-21..2026-11-23[last weekend]"},
                    Case{"last Monday", "2026-11-23..2026-11-24[last Monday]"}, Case{"last Friday", "2026-11-20..2026-11-21[last Friday]"},
                    Case{"in 2019", "2019-01-01..2020-01-01[2019]"}, Case{"summer of 2021", "2021-06-01..2021-09-01[summer of 2021]"},
                    Case{"on May 8th, 2023", "2023-05-08..2023-05-09[May 8th, 2023]"}, Case{"8 May 2023", "2023-05-08..2023-05-09[8 May 2023]"},
                    Case{"2023-05-08", "2023-05-08..2023-05-09[2023-05-08]"}, Case{"in December", "2025-12-01..2026-01-01[in December]"},
                    Case{"in the last two weeks", "2026-11-11..2026-11-26[last two weeks]"}, Case{"who may come", ""},
                    Case{"february 30 2023", "2023-01-01..2024-01-01[2023]"}, Case{"room 2023b", ""}, Case{"Sept 2025", "2025-09-01..2025-10-01[Sept 2025]"},
                    Case{"30.03.2026", "2026-03-30..2026-03-31[30.03.2026]"}, Case{"3/30/2026", "2026-03-30..2026-03-31[3/30/2026]"},
                    Case{"3/4/2026", "2026-03-04..2026-03-05[3/4/2026] 2026-04-03..2026-04-04[3/4/2026]"}, Case{"2026-03", "2026-03-01..2026-04-01[2026-03]"},
                    Case{"order NL-2024-00817", ""}, Case{"Q3 2024", "2024-07-01..2024-10-01[Q3 2024]"},
                    Case{"the second half of last year", "2025-07-01..2026-01-01[second half of last year]"}, Case{"the second half of the match", ""},
                    Case{"October last year", "2025-10-01..2025-11-01[October last year]"}, Case{"end of March", "2026-03-21..2026-04-01[end of March]"},
                    Case{"early 2024", "2024-01-01..2024-03-02[early 2024]"}, Case{"the early bird", ""}, Case{"three Fridays ago", "2026-11-06..2026-11-07[three Fridays ago]"},
                    Case{"on Friday", "2026-11-20..2026-11-21[on Friday] 2026-11-27..2026-11-28[on Friday]"},
                    Case{"a fortnight ago", "2026-11-08..2026-11-15[a fortnight ago]"}, Case{"a year ago", "2025-10-11..2026-01-09[a year ago]"},
                    Case{"since November", "2026-11-01..2026-11-26[since November]"}, Case{"before 2025", "1900-01-01..2025-01-01[before 2025]"},
                    Case{"after March 2026", "2026-04-01..2200-01-01[after March 2026]"}, Case{"before we march on", ""},
                    Case{"last Christmas", "2025-12-24..2025-12-27[last Christmas]"}, Case{"Easter 2024", "2024-03-29..2024-04-02[Easter 2024]"},
                    Case{"Thanksgiving 2025", "2025-11-27..2025-11-28[Thanksgiving 2025]"}, Case{"New Year's Eve", "2025-12-31..2026-01-01[New Year's Eve]"},
                    Case{"the week before Christmas", "2025-12-17..2025-12-24[week before Christmas]"}));

INSTANTIATE_TEST_SUITE_P(
    Chinese, TimeExpressions,
    testing::Values(Case{"前天买了什么", "2026-11-23..2026-11-24[前天]"}, Case{"大前天", "2026-11-22..2026-11-23[大前天]"},
                    Case{"上个月的账单", "2026-10-01..2026-11-01[上个月]"}, Case{"上周三开的会", "2026-11-18..2026-11-19[上周三]"},
                    Case{"去年春天", "2025-03-01..2025-06-01[去年春天]"}, Case{"去年5月8号", "2025-05-08..2025-05-09[去年5月8号]"},
                    Case{"2019年去了哪里", "2019-01-01..2020-01-01[2019年]"}, Case{"2019年八月", "2019-08-01..2019-09-01[2019年八月]"},
                    Case{"三天前", "2026-11-22..2026-11-23[三天前]"}, Case{"两周前", "2026-11-08..2026-11-15[两周前]"},
                    Case{"三个月前", "2026-08-12..2026-09-12[三个月前]"}, Case{"上个周末", "2026-11-21..2026-11-23[上个周末]"},
                    Case{"10月1日", "2026-10-01..2026-10-02[10月1日]"}, Case{"最近三天", "2026-11-22..2026-11-26[最近三天]"},
                    Case{"周围有什么", ""}, Case{"二〇二五年十月", "2025-10-01..2025-11-01[二〇二五年十月]"},
                    Case{"去年国庆的照片", "2025-10-01..2025-10-08[去年国庆]"}, Case{"2024年春节", "2024-02-09..2024-02-17[2024年春节]"},
                    Case{"去年除夕", "2025-01-28..2025-01-29[去年除夕]"}, Case{"中秋节", "2026-09-24..2026-09-27[中秋节]"},
                    Case{"国庆节前一天", "2026-09-30..2026-10-01[国庆节前一天]"}, Case{"周五一起吃饭", "2026-11-20..2026-11-21[周五] 2026-11-27..2026-11-28[周五]"},
                    Case{"五个人一起去五一起", ""}, Case{"去年年底", "2025-11-02..2026-01-01[去年年底]"}, Case{"年初", "2026-01-01..2026-03-02[年初]"},
                    Case{"三月底", "2026-03-21..2026-04-01[三月底]"}, Case{"2025年中国", "2025-01-01..2026-01-01[2025年]"},
                    Case{"今年初中同学", "2026-01-01..2027-01-01[今年]"}, Case{"2024年第三季度", "2024-07-01..2024-10-01[2024年第三季度]"},
                    Case{"今年上半年", "2026-01-01..2026-07-01[今年上半年]"}, Case{"2025年之前", "1900-01-01..2025-01-01[2025年之前]"},
                    Case{"三月以来", "2026-03-01..2026-11-26[三月以来]"}, Case{"近三天", "2026-11-22..2026-11-26[近三天]"},
                    Case{"半年前", "2026-05-14..2026-06-14[半年前]"}, Case{"三天后", "2026-11-28..2026-11-29[三天后]"},
                    Case{"15号", "2026-11-15..2026-11-16[15号] 2026-12-15..2026-12-16[15号]"}, Case{"3号线", ""}));

TEST(TimeByEvents, AreFound) {
  const std::string_view text = "What did we pack the week before the trip to Oslo?";
  const auto found = find_times_by_event(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text.substr(found[0].event.start, found[0].event.end - found[0].event.start), "trip to Oslo");
  EXPECT_EQ(found[0].from_days, -7);
  EXPECT_EQ(found[0].to_days, 0);
  const std::string_view chinese = "婚礼前一周谁来了";
  const auto spoken = find_times_by_event(chinese);
  ASSERT_EQ(spoken.size(), 1U);
  EXPECT_EQ(chinese.substr(spoken[0].event.start, spoken[0].event.end - spoken[0].event.start), "婚礼");
  EXPECT_TRUE(find_times_by_event("Call me before you go").empty());
}

}  // namespace
}  // namespace hearth::memory
