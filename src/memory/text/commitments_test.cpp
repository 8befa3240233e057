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

// Everyday sentences: appointments that somebody has, short answers, errands, what is open until a day.
TEST(Commitments, AreFoundInEverydayTalk) {
  for (const auto sentence :
       {"Will do by Monday.", "Will do!", "Yes, will pick him up", "ok will call you tonight", "Sure, will bring the salad.",
        "No problem, will fix it tomorrow", "Great - will send the photos later.", "I'll do it tomorrow.", "Thanks, will let you know.",
        "I'll pick her up at 5.", "我明天带个蛋糕过来", "好的，稍后发你", "我晚上去买菜", "我等下给你打电话",
        "收到，马上处理", "好，我明天去取快递", "没问题，周五带给你", "我周末把书还你", "我一会儿回你",
        "我下班后去接她", "行，我下午去幼儿园接孩子", "明天我去超市买牛奶", "我明天早上送你去机场",
        "嗯，我待会把地址发你", "I'll send it this afternoon.", "Ok, will do that tonight.", "Perfect, will order it today",
        "I will get back to you on Thursday.", "晚点我发你", "明天我来接你", "晚上我做饭", "我明天把书带过去",
        "我周六去机场接她", "好呀，我明天给你带两本书来", "我马上转你", "行，明天还你", "我下午把文件寄给你",
        "OK，晚上打给你", "我后天去药店买药", "我明天给妈妈打电话", "我回家后发你照片", "Will do by tomorrow.",
        "yes, will pick her up", "Okay, I'll grab it tomorrow.", "我明天带两瓶酒过来", "好的，我晚点发你", "我下午去接孩子"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Promise) << sentence;
  }
  for (const auto sentence :
       {"Can you pick up the parcel tomorrow?", "Please bring the keys on Saturday.", "Could you water the plants on Sunday?",
        "Don't forget to bring your passport tomorrow.", "Please be there at 9 sharp.", "Remember to take out the bins tonight.",
        "Please call the landlord on Monday at 9.", "Would you please send me the slides by Thursday?", "麻烦你周五把材料带来",
        "请你明天带上身份证", "记得明天交作业", "明天记得带伞", "别忘了周五交房租", "帮我明天取一下快递",
        "麻烦明天帮我取个包裹，可以吗？", "拜托你今晚把照片发群里", "请于12月10日上午9点到校",
        "Please water the flowers on Saturday.", "Kindly send us the signed form on Monday.", "Don't forget to pick up Tom tomorrow at 4.",
        "Could you bring a cake on Sunday?", "你明天帮我拿一下快递", "明天能帮我接下孩子吗？", "请大家明天带好证件",
        "麻烦您周一上午来一趟", "记得周五之前还书", "务必明天到场", "帮忙周六喂一下猫", "麻烦你明天把快递拿一下"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Request) << sentence;
  }
  for (const auto sentence :
       {"Your next check-up with Dr Meier is on 14 January at 8:15 am.", "The parents' evening takes place on Tuesday at 7pm in the school hall.",
        "We have a viewing on Saturday at 11.", "I have a haircut appointment tomorrow at half past four.",
        "Reminder: your dentist appointment on Thursday at 3 p.m.", "The interview will be on 8 December at 10:00.",
        "Our team lunch has been moved from Tuesday to Friday.", "The call on Monday has been postponed to Wednesday at 4.",
        "The wedding is on 12 June 2027.", "Anna's piano recital is this Saturday at 5pm.", "Tomorrow's rehearsal starts at 19:30.",
        "Let us meet on Monday at 10 in room 4.", "Let's meet on Friday at 9 outside the station.", "Dinner tomorrow at 8 at our place.",
        "There's a concert on Sunday evening at 6.", "The webinar begins on Wednesday at 15:00-16:30.",
        "Your surgery is scheduled for 10 December 2026 at 7:30.", "The exam is in two weeks.", "See you tomorrow afternoon at 3 in front of the library",
        "The workshop is from 9 to 12 on Friday.", "Your driving lesson is tomorrow at 16:00.",
        "The funeral will take place on Friday at 11 in St Mary's church.", "The film starts tonight at 8.",
        "您的挂号预约已确认：12月5日上午9点。", "家长会定在周五晚上七点。", "面试时间是12月8日（周二）14:00。",
        "明天下午有个会。", "周六晚上七点有演唱会", "例会推迟到周四下午三点", "会议从周一改到周三上午十点",
        "聚餐时间改到后天晚上六点半了", "婚礼在2027年5月1日举行", "下周一上午九点体检，记得空腹",
        "明天上午十点开会", "您的就诊时间为2026-12-03 14:30", "考试安排在12月20日上午8点30分",
        "您的预约时间为12月3日星期四14:30。", "周日下午三点孩子有钢琴课", "晚上见", "我明天请你吃饭",
        "We confirm your appointment for 3 December at 14:30.", "This is a reminder of your dentist appointment on Thursday at 3pm.",
        "Appointment confirmed: Thursday, 3 December at 14:30", "The meeting's on Friday at 10.", "Lena has a concert next Thursday at 6pm.",
        "We're having a party on Saturday at 7.", "Kick-off is on Monday at 9.", "Just a quick reminder: team meeting tomorrow at 10 in room 4",
        "Don't forget the parents' evening on Tuesday at 7.", "On Thursday we have a parents' evening at 7pm.",
        "Looking forward to our call on Monday at 4.", "Max's football match is on Sunday at 2pm.", "The hearing was moved to 15 January at 9:30.",
        "Your vaccination is on 2026/12/10 at 9:15.", "Our next call will be on Tuesday, December 8th at 4pm.",
        "The boiler inspection is on Wednesday between 9 and 12.", "我和医生约了明天下午三点", "莉娜的音乐会在下周四晚上6点",
        "聚会时间：周六晚上六点半", "明天九点看牙医", "牙医约在明天上午九点一刻", "下周二有考试",
        "周四晚上有家长会", "手术安排在12月10日上午8点", "面试推迟到下周一上午十点",
        "您预约的体检时间是12月8日上午8:30", "明天上午我要去复诊", "彩排提前到周三下午四点", "周六中午一起吃饭",
        "讲座时间：2026年12月8日 19:00", "Your appointment is on Thursday, 3 December 2026 at 14:30.", "The dentist appointment is tomorrow at 9.",
        "Lena's concert is next Thursday at 6pm.", "您的预约时间为2026年12月3日14:30。", "会议改到下周二上午十点。",
        "下周三家长会，别忘了"}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Meeting) << sentence;
  }
  for (const auto sentence :
       {"Applications close on 15 January.", "Your trial ends tomorrow.", "The early bird discount expires on 3 December.",
        "This voucher is valid until 31 December 2026.", "The registration is open until Friday.", "Voting ends on Sunday at midnight.",
        "Entries close at noon on Friday.", "The sale ends Sunday.", "优惠到12月31日为止", "申请12月15日结束",
        "优惠券有效期至2026年12月31日", "投票周五晚上8点截止", "The form must be returned by Friday.",
        "The promotion runs until 5 December.", "Nominations close tomorrow at 5pm.", "The deadline for applications is 15 January.",
        "Bookings must be paid by 10 December.", "促销12月10日截止", "试用期到12月15日结束", "缴费截至本周五", "折扣到周日为止",
        "The offer ends on 31 December.", "Registration closes on Friday."}) {
    EXPECT_EQ(kind(sentence), PromiseKind::Deadline) << sentence;
  }
}

TEST(Commitments, LeaveOutWhatOnlySoundsLikeThem) {
  for (const auto sentence :
       {"The canteen closes on Friday at 2pm.", "The shop closes at 6pm today.", "The museum is open until 8pm.", "The train leaves tomorrow at 7:15.",
        "The bakery opens on Monday at 9.", "The road will be closed on Friday.", "Thanks, I'll try it sometime.", "Maybe I'll call you.",
        "I'll do my best.", "I'll do fine.", "I'll try that.", "He will do it tomorrow.", "Bob says yes, will he come?", "The film was great on Friday.",
        "The meeting was on Monday.", "We have no meeting on Monday.", "I don't have an appointment tomorrow.", "The meeting on Monday is cancelled.",
        "The meeting is cancelled.", "I sent the slides for the meeting on Monday.", "I'm at the office on Friday.", "The call is important to me.",
        "The concert is sold out.", "Our class is every Friday at 6pm.", "We usually have a call on Monday at 10.", "Skip the meeting on Monday.",
        "The lesson is clear.", "The show is on Netflix tomorrow.", "Is the concert on Friday?", "If the meeting is on Monday, I can't come.",
        "The party was moved to Berlin.", "The company moved to Berlin on Friday.", "Prices start at 5 in Berlin.", "The shop has a sale on Friday.",
        "Please find attached the agenda for Monday.", "Please send me the slides for the meeting on Monday.",
        "Please note that the office is closed on Friday.", "Will you come tomorrow?", "Can you meet on Friday?", "Can you come tomorrow?",
        "I am here until Friday.", "The end of the movie is sad.", "She plays the guitar on Friday.", "The game ended at 3:2.", "You will do well tomorrow.",
        "Everyone will be home by Friday.", "The weather will be nice on Sunday.", "The offer was good.", "The offer ended on Friday.",
        "Registration opens on Friday.", "食堂周五下午两点关门", "火车明天七点开", "商场晚上十点关门",
        "我昨天下午去接孩子了", "我每天下午去接孩子", "我上周三去接孩子", "他下午去接孩子", "我明天不去了",
        "明天的会议取消了", "我明天可能去买菜", "会议室明天给他们用", "会议记录明天整理", "改天我带酒过来",
        "有空我去接你", "我会做饭", "我接受", "我明天取消订单", "我记得明天有雨", "我朋友下个月结婚，请我去",
        "明天下雨", "晚上别吃太多", "晚上吃饭要少吃", "展览到12月31日", "公司周五请了客户", "我下午很忙",
        "我晚上在家", "我明天休息", "我明天上班", "活动昨天结束了", "他说明天带酒过来", "你明天带酒来吗",
        "我们明天交通不便", "上周五开会", "每周五开会", "昨天考试", "考试很难", "请问明天开门吗？", "我周五请假",
        "给你添麻烦了，明天见不到", "快递改到明天送", "名字改成小明", "Lunch was nice.", "The office closes at 5 on Friday.",
        "School ends on Friday.", "The restaurant is open until 10pm.", "The party ended at midnight.", "The movie ends at 10pm.",
        "The pool closes on Sunday at 6.", "The semester ends on 31 January.", "The test is easy.", "The test is green on Friday builds.",
        "My visit was on Friday.", "The race is on.", "Of course the bus will come tomorrow.", "The new course is better than the one on Monday.",
        "Will it rain tomorrow?", "Will Bob come on Friday?", "She will do it on Monday.", "I'll think about it sometime.", "Perhaps I'll come by.",
        "Someday I'll write a book.", "We'll do without it.", "I'll do some reading tomorrow.", "Please be aware that it may rain.", "Please wait.",
        "Can you believe it is Friday tomorrow?", "Would you like to come on Friday?", "Could you sleep last night?", "The game on Friday was called off.",
        "The concert last Friday was great.", "If the concert is on Friday, I will come.", "Friday's concert is cancelled.", "I changed my mind on Friday.",
        "He brought wine to the party on Friday.", "We talked about the meeting on Monday.", "The meeting is every Monday at 10.",
        "The show at 8 was sold out.", "I wrote the test on Friday.", "The hotel check-in is from 3pm.", "The flight takes 5 hours.",
        "Breakfast is served from 7 to 10.", "超市晚上九点关门", "飞机明天八点起飞", "图书馆周一开门", "我明天接受采访",
        "我明天在家", "我明天去上海", "我下午想去买菜", "我昨晚给你打电话了", "我以前去学校接孩子",
        "我经常下午去接孩子", "妈妈明天去接孩子", "她晚点发你", "会议已经结束", "上周的会议很长", "会议取消了",
        "家长会开得很好", "考试别紧张", "这次考试很难，明天再看", "音乐会的票明天开卖", "演唱会票明天开抢",
        "他邀请我周五去", "我请他周五来", "他们请我明天去", "请勿吸烟", "不用麻烦你明天来", "我下午没空",
        "周五放假", "下午三点下雨", "有时间我去接你", "我可能晚点发你", "工作日下午开门", "公司明天搬家",
        "我明天起得早", "快递明天到", "课程内容明天公布", "培训费明天交", "改到下一个名字",
        "The sale of the house was fun, see the end of the movie on Friday.",
        "Have a great concert tomorrow!", "Good luck with the exam on Friday!", "I can't make the meeting on Monday.", "The price is 5 euros until Friday.",
        "我明天买不到票", "明天可能开会", "我明天不带了"}) {
    EXPECT_EQ(kind(sentence), std::nullopt) << sentence;
  }
}

// "2026-12-04 10:00" of the first commitment.
std::string when(std::string_view sentence) {
  const auto found = find_commitments(sentence, kSaid);
  if (found.empty() || !found.front().due) return "";
  const auto& due = *found.front().due;
  const year_month_day date(due.day);
  auto text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (due.time) text += fmt::format(" {:02}:{:02}", due.time->count() / 60, due.time->count() % 60);
  return text;
}

TEST(Commitments, TakeTheDayThatIsMeant) {
  EXPECT_EQ(when("The meeting on Wednesday has been moved to Friday at 4."), "2026-11-27 16:00");
  EXPECT_EQ(when("Our lunch was moved from Tuesday to Thursday."), "2026-11-26");
  EXPECT_EQ(when("会议从周三改到周五上午十点。"), "2026-11-27 10:00");
  EXPECT_EQ(when("The sale starts on Friday and ends on Sunday."), "2026-11-29");
  EXPECT_EQ(when("Let us meet on Monday at 10 in room 4."), "2026-11-30 10:00");
  EXPECT_EQ(when("Let’s meet on Friday at 9 outside the station."), "2026-11-27 09:00");
  EXPECT_EQ(when("Dinner tomorrow at 8 at our place."), "2026-11-24 20:00");
  EXPECT_EQ(when("您的就诊时间为2026-12-03 14:30"), "2026-12-03 14:30");
  EXPECT_EQ(when("I have a meeting next month."), "");
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
