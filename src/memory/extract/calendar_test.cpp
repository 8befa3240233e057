#include "memory/extract/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/extract/contact.h"
#include "memory/extract/recurrence.h"
#include "memory/extract/zones.h"

namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Taken final : public Sink {
 public:
  Result<bool> begin(Extent) override { return true; }
  Result<> item(ItemText item, Original original) override {
    items.push_back(std::move(item));
    originals.push_back(std::move(original));
    return {};
  }
  Result<> failed(std::string reason) override {
    failures.push_back(std::move(reason));
    return {};
  }
  std::vector<ItemText> items;
  std::vector<Original> originals;
  std::vector<std::string> failures;
};

Taken calendar(std::string_view inside, std::string_view now = "2026-11-24T00:00:00Z") {
  static const bool loaded = (load_zones(), true);
  (void)loaded;
  Taken taken;
  EXPECT_TRUE(read_calendar(fmt::format("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", inside), *parse_time(now), taken).has_value());
  return taken;
}

Taken event(std::string_view lines, std::string_view before = "") {
  return calendar(fmt::format("{}BEGIN:VEVENT\r\nUID:1@example.org\r\nSUMMARY:Tea\r\n{}END:VEVENT\r\n", before, lines));
}

std::string time_of(const Taken& taken) { return taken.items.empty() || !taken.items[0].item.time ? "" : format_time(*taken.items[0].item.time); }
std::string until_of_first(const Taken& taken) {
  return taken.items.empty() || !taken.items[0].item.until ? "" : format_time(*taken.items[0].item.until);
}

TEST(Calendar, ReadsAnEvent) {
  const auto taken = event(
      "DTSTART;TZID=Europe/Berlin:20260701T090000\r\nDTEND;TZID=Europe/Berlin:20260701T103000\r\nLOCATION:Room 5\\, second floor\r\n"
      "DESCRIPTION:Bring the \r\n blue folder.\\nAnd the key.\r\nORGANIZER;CN=\"Lee; Ann\":MAILTO:Ann@Example.org\r\n"
      "ATTENDEE;CN=小明;PARTSTAT=ACCEPTED:mailto:ming@example.org\r\nATTENDEE;CUTYPE=ROOM;CN=Room 5:mailto:room5@example.org\r\n"
      "CATEGORIES:Work,Tea\\, green\r\nGEO:52.5;13.4\r\nBEGIN:VALARM\r\nDESCRIPTION:Alarm text\r\nEND:VALARM\r\n");
  ASSERT_EQ(taken.items.size(), 1u);
  const auto& item = taken.items[0].item;
  EXPECT_EQ(item.kind, ItemKind::Event);
  EXPECT_EQ(item.title, "Tea");
  EXPECT_EQ(time_of(taken), "2026-07-01T07:00:00.000Z");
  EXPECT_EQ(until_of_first(taken), "2026-07-01T08:30:00.000Z");
  EXPECT_EQ(item.zone, 120);
  EXPECT_EQ(item.certainty, TimeCertainty::Exact);
  EXPECT_EQ(taken.items[0].text,
            "2026-07-01 09:00 – 10:30 (Europe/Berlin)\nRoom 5, second floor\n\nBring the blue folder.\nAnd the key.");
  ASSERT_EQ(item.people.size(), 2u);
  EXPECT_EQ(item.people[0].name, "Lee; Ann");
  EXPECT_EQ(item.people[0].address, "ann@example.org");
  EXPECT_EQ(item.people[0].role, Role::Author);
  EXPECT_EQ(item.people[1].name, "小明");
  EXPECT_THAT(item.tags, ElementsAre("Work", "Tea, green"));
  EXPECT_EQ(item.places[0].latitude, 52.5);
  EXPECT_EQ(taken.items[0].within, "1@example.org");
  EXPECT_THAT(*taken.originals[0].bytes, HasSubstr("Alarm text"));
}

TEST(Calendar, KnowsZonesByAnyName) {
  EXPECT_EQ(time_of(event("DTSTART;TZID=W. Europe Standard Time:20260115T090000\r\n")), "2026-01-15T08:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=Eastern Standard Time (Mexico):20260115T090000\r\n")), "2026-01-15T14:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=/mozilla.org/20050126_1/America/Argentina/Buenos_Aires:20260115T090000\r\n")), "2026-01-15T12:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=\"China Standard Time\":20260115T090000\r\n")), "2026-01-15T01:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=GMT-0330:20260115T090000\r\n")), "2026-01-15T12:30:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=\"(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi\":20260715T090000\r\n")), "2026-07-15T01:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern\":20260715T090000\r\n")), "2026-07-15T07:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=(GMT+01.00) Sarajevo/Warsaw/Zagreb:20260115T090000\r\n")), "2026-01-15T08:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=\"(UTC-03:30) Some Island\":20260715T090000\r\n")), "2026-07-15T12:30:00.000Z");
  EXPECT_EQ(event("DTSTART;TZID=\"(UTC+08:00) Beijing\":20260715T090000\r\n").items[0].item.certainty, TimeCertainty::Exact);
  EXPECT_EQ(time_of(event("DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin:20260715T090000\r\n")), "2026-07-15T07:00:00.000Z");  // no quotation marks
  EXPECT_EQ(time_of(event("DTSTART;TZID=GMT+01:00:20260715T090000\r\n")), "2026-07-15T08:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=tzone://Microsoft/Utc:20260715T090000\r\n")), "2026-07-15T09:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=America/New_York 2:20260115T090000\r\n")), "2026-01-15T14:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=Europe/Berlin:20600701T090000\r\n")), "2060-07-01T07:00:00.000Z");  // beyond the tables
}

TEST(Calendar, BelievesTheZoneThatItBrings) {
  const auto taken = event("DTSTART;TZID=Ours:20260715T090000\r\n",
                           "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\n"
                           "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20200601T000000\r\nRRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1\r\n"
                           "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0630\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n");
  EXPECT_EQ(time_of(taken), "2026-07-15T02:30:00.000Z");
  EXPECT_THAT(*taken.originals[0].bytes, HasSubstr("TZID:Ours\r\nBEGIN:STANDARD"));
}

TEST(Calendar, SaysHowSureATimeIs) {
  const auto floating = event("DTSTART:20260115T090000\r\n");
  EXPECT_EQ(floating.items[0].item.certainty, TimeCertainty::Zone);
  const auto own = event("DTSTART:20260115T090000\r\n", "X-WR-TIMEZONE:Asia/Shanghai\r\n");
  EXPECT_EQ(own.items[0].item.certainty, TimeCertainty::Zone);
  EXPECT_EQ(time_of(own), "2026-01-15T01:00:00.000Z");
  const auto day = event("DTSTART;VALUE=DATE:20260115\r\nDTEND;VALUE=DATE:20260118\r\n");
  EXPECT_EQ(day.items[0].item.certainty, TimeCertainty::Day);
  EXPECT_FALSE(day.items[0].item.zone.has_value());
  EXPECT_THAT(day.items[0].text, HasSubstr("2026-01-15 – 2026-01-17"));
  EXPECT_EQ(event("DTSTART:20260115T090000Z\r\n").items[0].item.certainty, TimeCertainty::Exact);
}

TEST(Calendar, ReadsASeriesAndItsExceptions) {
  const auto taken = calendar(
      "BEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Choir\r\nDTSTART;TZID=Europe/Berlin:20261006T190000\r\nDURATION:PT2H\r\n"
      "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261222T180000Z\r\nEXDATE;TZID=Europe/Berlin:20261201T190000\r\nEND:VEVENT\r\n"
      "BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID;TZID=Europe/Berlin:20261208T190000\r\nSUMMARY:Choir in the church\r\n"
      "DTSTART;TZID=Europe/Berlin:20261209T200000\r\nDURATION:PT2H\r\nEND:VEVENT\r\n");
  ASSERT_EQ(taken.items.size(), 2u);
  const auto& series = taken.items[0];
  EXPECT_THAT(series.text, HasSubstr("Repeats every week on Tuesday, until 2026-12-22"));
  EXPECT_THAT(series.text, HasSubstr("Before: 2026-11-03, 2026-11-10, 2026-11-17\n"));
  EXPECT_THAT(series.text, HasSubstr("Next: 2026-11-24, 2026-12-15, 2026-12-22"));
  EXPECT_EQ(until_of_first(taken), "2026-12-22T20:00:00.000Z");
  EXPECT_EQ(time_of(taken), "2026-10-06T17:00:00.000Z");
  EXPECT_EQ(taken.items[1].within, "s/20261208T190000");
  EXPECT_EQ(taken.items[1].item.thread, series.item.thread);
  EXPECT_NE(taken.items[1].item.key, series.item.key);
}

TEST(Calendar, ListsTheLastDatesOfASeriesThatIsLongOver) {
  const auto taken = event("DTSTART;TZID=Europe/Berlin:20100105T190000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20191224T230000Z\r\n");
  ASSERT_EQ(taken.items.size(), 1u);
  EXPECT_THAT(taken.items[0].text, HasSubstr("Before: 2019-12-10, 2019-12-17, 2019-12-24"));
  EXPECT_EQ(until_of_first(taken), "2019-12-24T20:00:00.000Z");
}

TEST(Calendar, AnEditChangesTheKeyAndAStampDoesNot) {
  const auto one = event("DTSTAMP:20260101T000000Z\r\nDTSTART:20260115T090000Z\r\n");
  const auto stamped = event("DTSTAMP:20260202T000000Z\r\nSEQUENCE:4\r\nDTSTART:20260115T090000Z\r\n");
  const auto moved = event("DTSTAMP:20260101T000000Z\r\nDTSTART:20260115T100000Z\r\n");
  EXPECT_EQ(one.items[0].item.key, stamped.items[0].item.key);
  EXPECT_NE(one.items[0].item.key, moved.items[0].item.key);
}

TEST(Calendar, ReadsTasksAndWhatWasCalledOff) {
  const auto taken = calendar("BEGIN:VTODO\r\nUID:t\r\nSUMMARY:买票\r\nDUE;VALUE=DATE:20261130\r\nSTATUS:COMPLETED\r\nEND:VTODO\r\n"
                              "BEGIN:VEVENT\r\nUID:c\r\nSUMMARY:Tea\r\nDTSTART:20260115T090000Z\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n");
  ASSERT_EQ(taken.items.size(), 2u);
  EXPECT_EQ(taken.items[0].item.kind, ItemKind::Task);
  EXPECT_THAT(taken.items[0].text, HasSubstr("已完成"));
  EXPECT_THAT(taken.items[1].text, HasSubstr("Cancelled"));
  EXPECT_THAT(taken.items[1].item.tags, ElementsAre("cancelled"));
}

TEST(Calendar, LeavesOutWhatIsBroken) {
  const auto taken = calendar("BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:whole\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nDTSTART:29991399\r\nRRULE:FREQ=NEVER;X\r\nEND:VEVENT\r\n"
                              "BEGIN:VEVENT\r\nUID:c\r\nSUMMARY:cut");
  EXPECT_EQ(taken.items.size(), 2u);
  EXPECT_EQ(taken.failures.size(), 1u);
}

TEST(Calendar, BearsEndlessRules) {
  const auto taken = event("DTSTART:19000101T000000Z\r\nRRULE:FREQ=SECONDLY\r\n");
  ASSERT_EQ(taken.items.size(), 1u);
  EXPECT_THAT(taken.items[0].text, HasSubstr("Repeats every second"));
  EXPECT_FALSE(taken.items[0].item.until.has_value());
}

TEST(Recurrence, IsToldInBothLanguages) {
  for (const auto& [rule, english, chinese] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"FREQ=DAILY", "every day", "每天"},
           {"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;COUNT=10", "every 2 weeks on Monday, Wednesday and Friday, 10 times", "每2周的周一、周三、周五，共10次"},
           {"FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday", "每月的最后一个周五"},
           {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday", "每月的最后一个工作日"},
           {"FREQ=MONTHLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=2", "every month on the 2nd day", "每月的第2天"},
           {"FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=1,-1", "every month on the 1st and the last of Tuesday and Thursday", "每月的周二、周四中的第1个、最后一个"},
           {"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "every 3 months on the 15th", "每3个月的15日"},
           {"FREQ=YEARLY;BYMONTH=5;BYDAY=2SU;UNTIL=20300101", "every year in May on the 2nd Sunday, until 2030-01-01", "每年的5月第2个周日，至2030-01-01"},
           {"nonsense", "", ""}}) {
    EXPECT_EQ(rule_in_words(rule, Language::English), english);
    EXPECT_EQ(rule_in_words(rule, Language::Chinese), chinese);
  }
}

TEST(Zones, KeepTheHoursThatComeTwiceOrNever) {
  load_zones();
  const auto* berlin = find_zone("europe/berlin");
  ASSERT_TRUE(berlin);
  const auto at = [](std::string_view text) { return std::chrono::duration_cast<std::chrono::seconds>(parse_time(text)->time_since_epoch()).count(); };
  EXPECT_EQ(berlin->offset_at_local(at("2026-03-29T02:30:00Z")), 3600);   // left out
  EXPECT_EQ(berlin->offset_at_local(at("2026-10-25T02:30:00Z")), 7200);   // twice
  EXPECT_EQ(berlin->offset_at_local(at("2026-10-25T03:00:00Z")), 3600);
  EXPECT_EQ(berlin->offset_at(at("1890-01-01T00:00:00Z")), 3208);  // by the sun, before there were zones
  EXPECT_FALSE(find_zone("Nowhere/Land"));
  EXPECT_EQ(TimeZone("x", "TZif2").offset_at(0), 0);
}

Taken cards(std::string bytes) {
  Taken taken;
  EXPECT_TRUE(read_contacts(std::move(bytes), taken).has_value());
  return taken;
}

std::vector<std::string> addresses(const ItemText& item) {
  std::vector<std::string> all;
  for (const auto& person : item.item.people) all.push_back(person.address);
  return all;
}

TEST(Contacts, ReadsEachVersion) {
  const auto taken = cards(
      "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg\r\nTEL;CELL:+49 (0)170 / 12 34\r\n"
      "NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo =\r\nthree\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n SkZJRg==\r\n\r\nEND:VCARD\r\n"
      "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\nitem1.EMAIL;TYPE=INTERNET:Ann@Example.org\r\nTEL;TYPE=WORK,VOICE:0030 12345\r\n"
      "ADR;TYPE=HOME:;;Main Street 5;Springfield;;12345;Country\r\nBDAY:1980-05-17T00:00:00Z\r\nORG:Garden;Roses\r\nUID:u1\r\nCATEGORIES:Friends,Choir\r\nEND:VCARD\r\n"
      "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:小明\r\nTEL;VALUE=uri:tel:+86-138-0000-0000\r\nIMPP:xmpp:ming@example.org\r\nBDAY:--0203\r\n"
      "ADR:;;长安街1号;北京;;100000;中国\r\nEND:VCARD\r\n");
  ASSERT_EQ(taken.items.size(), 3u);
  EXPECT_EQ(taken.items[0].item.title, "Jörg Müller");
  EXPECT_EQ(taken.items[0].text, "Jörg Müller\n+49 (0)170 / 12 34\none\ntwo three");
  EXPECT_THAT(addresses(taken.items[0]), ElementsAre("tel:+491701234"));
  EXPECT_EQ(taken.items[1].text, "Ann Lee\nann@example.org\n0030 12345\nMain Street 5, 12345 Springfield, Country\nborn 1980-05-17\nGarden, Roses");
  EXPECT_THAT(addresses(taken.items[1]), ElementsAre("ann@example.org", "tel:+3012345"));
  EXPECT_THAT(taken.items[1].item.tags, ElementsAre("Friends", "Choir"));
  EXPECT_EQ(taken.items[1].within, "u1");
  EXPECT_EQ(taken.items[2].text, "小明\n+86-138-0000-0000\nxmpp:ming@example.org\n生于 02-03\n中国北京长安街1号 100000");
  EXPECT_THAT(addresses(taken.items[2]), ElementsAre("tel:+8613800000000", "xmpp:ming@example.org"));
  EXPECT_EQ(taken.items[2].item.people[0].role, Role::Subject);
}

TEST(Contacts, LeavesOutAYearThatMeansNone) {
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:A\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-03-04\nEND:VCARD\n").items.at(0).text, "A\nborn 03-04");
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:A\nBDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:16040304\nEND:VCARD\n").items.at(0).text, "A\nborn 03-04");
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:A\nBDAY;X-APPLE-OMIT-YEAR=1604:1980-03-04\nEND:VCARD\n").items.at(0).text, "A\nborn 1980-03-04");
}

TEST(Contacts, SurvivesWhatIsNoCard) {
  EXPECT_EQ(cards("BEGIN:VCARD\r\nEND:VCARD\r\n").items.size(), 1u);
  EXPECT_EQ(cards("BEGIN:VCARD\r\nFN:cut").failures.size(), 1u);
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n").items.size(), 1u);
  std::string wide = "\xFF\xFE";
  for (const char c : std::string_view("BEGIN:VCARD\nFN:a\nEND:VCARD\n")) wide += {c, '\0'};
  EXPECT_EQ(cards(wide).items.size(), 1u);
}

TEST(Contacts, KeepsNumbersAsTheyStand) {
  const auto card = cards("BEGIN:VCARD\nFN:A\nTEL:+49 30 1234567 / +49 170 7654321\nTEL:12\nTEL:none yet\nEND:VCARD\n").items.at(0);
  EXPECT_EQ(card.text, "A\n+49 30 1234567 / +49 170 7654321\n12\nnone yet");
  std::vector<std::string> addresses;
  for (const auto& person : card.item.people) addresses.push_back(person.address);
  EXPECT_THAT(addresses, testing::IsSupersetOf({"tel:+49301234567", "tel:+491707654321"}));
}

TEST(Contacts, NormalisesNumbers) {
  EXPECT_EQ(telephone_address("+1 (212) 555-0100 x12"), "tel:+12125550100");
  EXPECT_EQ(telephone_address("0170 1234567"), "tel:01701234567");
  EXPECT_EQ(telephone_address("none"), "");
}

}  // namespace
}  // namespace hearth::memory::extract
