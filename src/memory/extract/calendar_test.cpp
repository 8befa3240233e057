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
  EXPECT_EQ(time_of(event("DTSTART;TZID=Europe/Berlin:20600701T090000\r\n")), "2060-07-01T07:00:00.000Z");  // beyond the tables
}

TEST(Calendar, ReadsTimesWhoseZoneHasAColonInItsName) {
  for (const auto* zone : {"tzone://Microsoft/Utc", "\"tzone://Microsoft/Utc\"", "Coordinated Universal Time"}) {
    const auto taken = event(fmt::format("DTSTART;TZID={}:20260715T090000\r\n", zone));
    EXPECT_EQ(time_of(taken), "2026-07-15T09:00:00.000Z") << zone;
  }
  EXPECT_EQ(event("DTSTART;TZID=tzone://Microsoft/Utc:20260715T090000\r\n").items[0].item.certainty, TimeCertainty::Exact);
  for (const auto* zone : {"(UTC+01:00) Amsterdam, Berlin", "(UTC+01:00) Amsterdam\\, Berlin", "tzone://Microsoft/W. Europe Standard Time"}) {
    const auto taken = event(fmt::format("DTSTART;TZID={}:20260715T090000\r\nDTEND;TZID={}:20260715T100000\r\n", zone, zone));
    EXPECT_EQ(time_of(taken), "2026-07-15T07:00:00.000Z") << zone;
    EXPECT_EQ(until_of_first(taken), "2026-07-15T08:00:00.000Z") << zone;
  }
  EXPECT_EQ(time_of(event("DTSTART;TZID=GMT+01:00:20260715T090000\r\n")), "2026-07-15T08:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART;TZID=GMT+01:00:2026-07-15T09:00:00\r\n")), "2026-07-15T08:00:00.000Z");
  EXPECT_EQ(time_of(event("DTSTART:2026-07-15T09:00:00Z\r\n")), "2026-07-15T09:00:00.000Z");
  // Elsewhere a colon before a date is the text's.
  EXPECT_THAT(event("DTSTART:20260715T090000Z\r\nDESCRIPTION:Day: 20260801\r\n").items[0].text, HasSubstr("Day: 20260801"));
}

TEST(Calendar, KnowsZonesByNamesWithMoreBehindThem) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"W. Europe Standard Time 1", "07"}, {"America/New_York 2", "13"}, {"Asia/Beijing", "01"}, {"Russia Time Zone 3", "05"},
      {"Pacific Standard Time/Pacific Daylight Time", "16"}, {"Pacific Time (US & Canada)", "16"}, {"US-Pacific", "16"}, {"China Time", "01"},
      {"Etc/GMT-8", "01"}, {"(GMT +01:00) Nowhere", "08"}};
  for (const auto& [zone, hour] : cases) {
    const auto taken = event(fmt::format("DTSTART;TZID=\"{}\":20260715T090000\r\n", zone));
    EXPECT_EQ(time_of(taken), fmt::format("2026-07-15T{}:00:00.000Z", hour)) << zone;
    EXPECT_EQ(taken.items[0].item.certainty, TimeCertainty::Exact) << zone;
  }
  EXPECT_FALSE(find_zone("Our Time"));
  EXPECT_FALSE(find_zone("Room 2"));
  EXPECT_TRUE(is_place_of_database("/mozilla.org/20050126_1/Europe/Berlin"));
  EXPECT_FALSE(is_place_of_database("EST"));  // may be with summer time
  EXPECT_FALSE(is_place_of_database("W. Europe Standard Time"));
}

TEST(Calendar, BelievesTheZoneThatItBrings) {
  const auto taken = event("DTSTART;TZID=Ours:20260715T090000\r\n",
                           "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\n"
                           "END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20200601T000000\r\nRRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1\r\n"
                           "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0630\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n");
  EXPECT_EQ(time_of(taken), "2026-07-15T02:30:00.000Z");
  EXPECT_THAT(*taken.originals[0].bytes, HasSubstr("TZID:Ours\r\nBEGIN:STANDARD"));
}

std::string zone_from_2007(std::string_view id) {
  return fmt::format("BEGIN:VTIMEZONE\r\nTZID:{}\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nDTSTART:20070311T020000\r\n"
                     "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n"
                     "DTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n", id);
}

TEST(Calendar, KnowsSummerTimeBeforeTheZoneThatItBringsBegins) {
  for (const auto* id : {"America/New_York", "Eastern Standard Time", "/example.org/1/America/New_York"}) {
    const auto old = event(fmt::format("DTSTART;TZID={}:19980715T090000\r\n", id), zone_from_2007(id));
    EXPECT_EQ(time_of(old), "1998-07-15T13:00:00.000Z") << id;
    EXPECT_EQ(old.items[0].item.certainty, TimeCertainty::Exact) << id;
    EXPECT_EQ(time_of(event(fmt::format("DTSTART;TZID={}:20260715T090000\r\n", id), zone_from_2007(id))), "2026-07-15T13:00:00.000Z") << id;
  }
  EXPECT_EQ(event("DTSTART;TZID=Ours:19980715T090000\r\n", zone_from_2007("Ours")).items[0].item.certainty, TimeCertainty::Zone);
  EXPECT_EQ(event("DTSTART;TZID=Ours:20260715T090000\r\n", zone_from_2007("Ours")).items[0].item.certainty, TimeCertainty::Exact);
  // An abbreviation is the calendar's own, from when it says.
  EXPECT_EQ(time_of(event("DTSTART;TZID=EST:20260715T090000\r\n", zone_from_2007("EST"))), "2026-07-15T13:00:00.000Z");
}

TEST(Calendar, ReadsAnOffsetBehindATime) {
  const auto taken = event("DTSTART:2026-05-01T09:00:00+08:00\r\nDTEND:20260501T090000-0500\r\n");
  EXPECT_EQ(time_of(taken), "2026-05-01T01:00:00.000Z");
  EXPECT_EQ(until_of_first(taken), "2026-05-01T14:00:00.000Z");
  EXPECT_EQ(taken.items[0].item.certainty, TimeCertainty::Exact);
  EXPECT_EQ(taken.items[0].item.zone, 480);
}

TEST(Calendar, ReadsWhatVersion1Writes) {
  const auto taken = event("DTSTART:20260501T090000\r\nDTEND:20260501T100000\r\nRRULE:W1 FR 20261231T000000\r\nEXDATE:20261204T090000;20261211T090000\r\n", "TZ:+0800\r\n");
  EXPECT_EQ(time_of(taken), "2026-05-01T01:00:00.000Z");
  EXPECT_THAT(taken.items[0].text, HasSubstr("Repeats every week on Friday, until 2026-12-31"));
  EXPECT_THAT(taken.items[0].text, HasSubstr("Next: 2026-11-27, 2026-12-18, 2026-12-25"));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"D2 #5", "FREQ=DAILY;INTERVAL=2;COUNT=5"},
      {"W2 MO 0900 WE #0", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"},
      {"MP1 1+ MO TU 2- FR$ #3", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO,1TU,-2FR;COUNT=3"},
      {"MD1 15 LD 2-", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15,-1,-2;COUNT=2"},
      {"ym1 5 6 #0", "FREQ=YEARLY;INTERVAL=1;BYMONTH=5,6"},
      {"YD1 100 2026-12-31", "FREQ=YEARLY;INTERVAL=1;BYYEARDAY=100;UNTIL=20261231"},
      {"FREQ=DAILY", "FREQ=DAILY"}, {"Daily", "Daily"}, {"", ""}, {"#", "#"}, {"W", "W"}};
  for (const auto& [old, rule] : cases) EXPECT_EQ(modern_rule(old), rule);
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

TEST(Calendar, LeavesOutDatesHoweverTheyAreWritten) {
  const std::string series = "BEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Choir\r\nDTSTART;TZID=Europe/Berlin:20261201T190000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4\r\n";
  for (const auto* without : {"EXDATE;VALUE=DATE:20261203", "EXDATE:20261203T180000Z", "EXDATE;TZID=America/New_York:20261203T130000"}) {
    const auto taken = calendar(fmt::format("{}{}\r\nEND:VEVENT\r\n", series, without));
    EXPECT_THAT(taken.items.at(0).text, HasSubstr("Next: 2026-12-01, 2026-12-02, 2026-12-04")) << without;
  }
  for (const auto* moved : {"RECURRENCE-ID;VALUE=DATE:20261203", "RECURRENCE-ID;TZID=America/New_York:20261203T130000", "RECURRENCE-ID:20261203T190000"}) {
    const auto taken = calendar(fmt::format("{}END:VEVENT\r\nBEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Later\r\n{}\r\nDTSTART;TZID=Europe/Berlin:20261203T210000\r\nEND:VEVENT\r\n", series, moved));
    EXPECT_THAT(taken.items.at(0).text, HasSubstr("Next: 2026-12-01, 2026-12-02, 2026-12-04")) << moved;
  }
  // Another hour of the same day is another occurrence.
  EXPECT_THAT(calendar(series + "EXDATE;TZID=Europe/Berlin:20261203T180000\r\nEND:VEVENT\r\n").items.at(0).text, HasSubstr("2026-12-02, 2026-12-03, 2026-12-04"));
  const auto last = calendar(series + "EXDATE;TZID=Europe/Berlin:20261204T190000\r\nEND:VEVENT\r\n");
  EXPECT_EQ(until_of_first(last), "2026-12-03T19:00:00.000Z");
}

TEST(Calendar, FindsTheLastDatesOfWhatIsRare) {
  EXPECT_THAT(event("DTSTART;VALUE=DATE:20050720\r\nRRULE:FREQ=YEARLY\r\n").items.at(0).text, HasSubstr("Before: 2024-07-20, 2025-07-20, 2026-07-20"));
  EXPECT_THAT(event("DTSTART;VALUE=DATE:19900720\r\nRRULE:FREQ=YEARLY;INTERVAL=5\r\n").items.at(0).text, HasSubstr("Before: 2015-07-20, 2020-07-20, 2025-07-20"));
  EXPECT_THAT(event("DTSTART;VALUE=DATE:19800229\r\nRRULE:FREQ=YEARLY\r\n").items.at(0).text, HasSubstr("Before: 2016-02-29, 2020-02-29, 2024-02-29"));
  EXPECT_THAT(event("DTSTART:20050720T090000Z\r\nRRULE:FREQ=YEARLY\r\nEXDATE:20250720T090000Z\r\n").items.at(0).text, HasSubstr("Before: 2023-07-20, 2024-07-20, 2026-07-20"));
}

TEST(Calendar, CountsWeeksFromTheirFirstDay) {
  const auto next = [](std::string_view rule) {
    const auto text = event(fmt::format("DTSTART:20261202T090000Z\r\nRRULE:FREQ=WEEKLY;{}\r\n", rule)).items.at(0).text;  // a Wednesday
    return text.substr(text.find("Next: ") + 6, 46);
  };
  EXPECT_EQ(next("INTERVAL=2;BYDAY=SU"), "2026-12-02, 2026-12-06, 2026-12-20, 2027-01-03");
  EXPECT_EQ(next("INTERVAL=2;BYDAY=SU;WKST=SU"), "2026-12-02, 2026-12-13, 2026-12-27, 2027-01-10");
  EXPECT_EQ(next("INTERVAL=2;BYDAY=TU,SU"), "2026-12-02, 2026-12-06, 2026-12-15, 2026-12-20");
  EXPECT_EQ(next("INTERVAL=2"), "2026-12-02, 2026-12-16, 2026-12-30, 2027-01-13");
  const auto counted = event("DTSTART:20261206T090000Z\r\nRRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,SA;COUNT=3\r\n");
  EXPECT_THAT(counted.items.at(0).text, HasSubstr("Next: 2026-12-06, 2026-12-26, 2026-12-27"));
  EXPECT_EQ(until_of_first(counted), "2026-12-27T09:00:00.000Z");
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

TEST(Calendar, ATaskTakesItsLastDay) {
  const auto task = [](std::string_view lines) { return calendar(fmt::format("BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Taxes\r\n{}END:VTODO\r\n", lines)); };
  const auto days = task("DTSTART;VALUE=DATE:20260501\r\nDUE;VALUE=DATE:20260510\r\n");
  EXPECT_EQ(days.items.at(0).text, "2026-05-01 – 2026-05-10");
  EXPECT_EQ(until_of_first(days), "2026-05-11T00:00:00.000Z");
  EXPECT_EQ(task("DUE;VALUE=DATE:20260510\r\n").items.at(0).text, "2026-05-10");
  EXPECT_EQ(task("DTSTART;VALUE=DATE:20260510\r\nDUE;VALUE=DATE:20260510\r\n").items.at(0).text, "2026-05-10");
  EXPECT_EQ(task("DTSTART;VALUE=DATE:20260501\r\nDUE:20260510T170000Z\r\n").items.at(0).text, "2026-05-01 – 2026-05-10");
  EXPECT_EQ(task("DTSTART;TZID=Asia/Shanghai:20260501T090000\r\nDUE;VALUE=DATE:20260510\r\n").items.at(0).text, "2026-05-01 09:00 – 2026-05-10 23:59 (Asia/Shanghai)");
  EXPECT_EQ(task("DTSTART:20260501T090000Z\r\nDUE:20260501T100000Z\r\n").items.at(0).text, "2026-05-01 09:00 – 10:00 (UTC)");
}

TEST(Calendar, AnAnswerIsNoEvent) {
  const std::string_view lines = "DTSTART:20260501T090000Z\r\nATTENDEE;CN=Ann;PARTSTAT=DECLINED:mailto:ann@example.org\r\n"
                                 "ATTENDEE;PARTSTAT=TENTATIVE:mailto:bob@example.org\r\nATTENDEE;CN=Cem;PARTSTAT=ACCEPTED:mailto:cem@example.org\r\n";
  for (const auto* method : {"REPLY", "COUNTER", "reply"}) {
    const auto answer = event(lines, fmt::format("METHOD:{}\r\n", method));
    EXPECT_TRUE(answer.items.empty() && answer.failures.empty()) << method;
  }
  const auto asked = event(lines, "METHOD:REQUEST\r\n");
  ASSERT_EQ(asked.items.size(), 1u);
  EXPECT_EQ(asked.items[0].text, "2026-05-01 09:00 (UTC)\nDeclined: Ann\nTentative: bob@example.org");
  EXPECT_NE(asked.items[0].item.key, event("DTSTART:20260501T090000Z\r\nATTENDEE:mailto:ann@example.org\r\nATTENDEE:mailto:bob@example.org\r\nATTENDEE:mailto:cem@example.org\r\n").items.at(0).item.key);
}

TEST(Calendar, KnowsOutlooksWholeDays) {
  const auto taken = event("DTSTART;TZID=W. Europe Standard Time:20260501T000000\r\nDTEND;TZID=W. Europe Standard Time:20260503T000000\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n");
  EXPECT_EQ(taken.items.at(0).text, "2026-05-01 – 2026-05-02");
  EXPECT_EQ(taken.items[0].item.certainty, TimeCertainty::Day);
  const auto utc = event("DTSTART:20260430T160000Z\r\nDTEND:20260501T160000Z\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n", "X-WR-TIMEZONE:Asia/Shanghai\r\n");
  EXPECT_EQ(utc.items.at(0).text, "2026-05-01");
  const auto series = event("DTSTART;TZID=Europe/Berlin:20261201T000000\r\nDTEND;TZID=Europe/Berlin:20261202T000000\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n"
                            "RRULE:FREQ=DAILY;UNTIL=20261203T230000Z\r\nEXDATE:20261201T230000Z\r\n");
  EXPECT_THAT(series.items.at(0).text, HasSubstr("Next: 2026-12-01, 2026-12-03, 2026-12-04"));
  EXPECT_THAT(event("DTSTART:20260501T090000Z\r\nDTEND:20260501T100000Z\r\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\r\n").items.at(0).text, HasSubstr("09:00 – 10:00"));
  EXPECT_THAT(event("DTSTART:20260501T000000Z\r\nDTEND:20260502T000000Z\r\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE\r\n").items.at(0).text, HasSubstr("00:00"));
}

TEST(Calendar, TellsWhereToMeetOnline) {
  const auto taken = event("DTSTART:20260501T090000Z\r\nDESCRIPTION:Join at https://zoom.example/j/5\r\nX-GOOGLE-CONFERENCE:https://meet.example/abc\r\n"
                           "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l/1\r\nCONFERENCE;VALUE=URI:https://zoom.example/j/5\r\n");
  EXPECT_EQ(taken.items.at(0).text, "2026-05-01 09:00 (UTC)\n\nJoin at https://zoom.example/j/5\nhttps://meet.example/abc\nhttps://teams.example/l/1");
}

TEST(Calendar, TitlesAndNamesAreOneLine) {
  const auto taken = calendar("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Line one\\nLine two\r\nDTSTART:20260501T090000Z\r\n"
                              "ORGANIZER;CN=\"Ann ^'Babe^' Lee^n^^ ^x\":mailto:a@example.org\r\nEND:VEVENT\r\n");
  EXPECT_EQ(taken.items.at(0).item.title, "Line one Line two");
  EXPECT_EQ(taken.items[0].item.people.at(0).name, "Ann \"Babe\" Lee ^ ^x");
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

Taken card(std::string_view lines) { return cards(fmt::format("BEGIN:VCARD\nVERSION:3.0\nFN:A\n{}END:VCARD\n", lines)); }

TEST(Contacts, TellNumbersThatAreNone) {
  const auto taken = card("TEL:12\nTEL:ask Bob\nIMPP:annlee77\nTEL:\uFF10\uFF11\uFF10\uFF0D\uFF16\uFF16\uFF16\uFF16\n");
  EXPECT_EQ(taken.items.at(0).text, "A\n12\nask Bob\nannlee77\n\uFF10\uFF11\uFF10\uFF0D\uFF16\uFF16\uFF16\uFF16");
  EXPECT_THAT(addresses(taken.items[0]), ElementsAre("tel:0106666"));
}

TEST(Contacts, ReadTwoNumbersOfOneField) {
  const auto taken = card("TEL:+49 30 1234567 / +49 170 7654321\n");
  EXPECT_EQ(taken.items.at(0).text, "A\n+49 30 1234567 / +49 170 7654321");
  EXPECT_THAT(addresses(taken.items[0]), ElementsAre("tel:+49301234567", "tel:+491707654321"));
  for (const auto* written : {"030 12345 / 0170 7654321", "030 12345/0170 7654321", "030 12345, 0170 7654321", "030 12345\\; 0170 7654321", "030 12345\\n0170 7654321",
                              "030 12345\uFF0F0170 7654321", "030 12345\u30010170 7654321", "03012345,01707654321"}) {
    EXPECT_THAT(addresses(card(fmt::format("TEL:{}\n", written)).items.at(0)), ElementsAre("tel:03012345", "tel:01707654321")) << written;
  }
  EXPECT_THAT(addresses(card("TEL:66667777/66668888\n").items.at(0)), ElementsAre("tel:66667777", "tel:66668888"));
  EXPECT_THAT(addresses(card("TEL:+49 30 1234567 +49 170 7654321\n").items.at(0)), ElementsAre("tel:+49301234567", "tel:+491707654321"));
  EXPECT_THAT(addresses(card("TEL:030 12345 or 0170 7654321 or 0171 1\n").items.at(0)), ElementsAre(""));
}

TEST(Contacts, KeepOneNumberWhole) {
  for (const auto& [written, address] : std::vector<std::pair<std::string, std::string>>{
           {"05121/123456", "tel:05121123456"}, {"+49 5121/123456", "tel:+495121123456"}, {"0049 5121/123456", "tel:+495121123456"}, {"030/1234567", "tel:0301234567"},
           {"+49 (0)170 / 12 34", "tel:+491701234"}, {"+1 212 555 0100\\,\\,123456#", "tel:+12125550100"}, {"+1 212 555 0100\\,123456", "tel:+12125550100"}, {"+1 212 555 0100\\,\\,1234567", "tel:+12125550100"},
           {"tel:+34-600-000-000;ext=12345", "tel:+34600000000"}}) {
    EXPECT_THAT(addresses(card(fmt::format("TEL:{}\n", written)).items.at(0)), ElementsAre(address)) << written;
  }
}

TEST(Contacts, ReadTheFieldsOfTelephones) {
  const auto apple = card(
      "item1.TEL:+49 170 1234567\nitem1.X-ABLabel:Allotment\nitem2.EMAIL:a@example.org\nitem2.X-ABLabel:_$!<Work>!$_\nitem3.X-ABDATE:2010-06-12\n"
      "item3.X-ABLabel:_$!<Anniversary>!$_\nitem4.X-ABRELATEDNAMES:Maria Lee\nitem4.X-ABLabel:_$!<Spouse>!$_\nitem5.X-ABDate:2012-01-02\nitem5.X-ABLabel:Wedding\n"
      "X-SOCIALPROFILE;type=twitter;x-user=jogi:http://twitter.com/jogi\nIMPP;X-SERVICE-TYPE=QQ;type=HOME:x-apple:12345678\n"
      "IMPP;X-SERVICE-TYPE=Facebook:x-apple:12345678\nIMPP:x-apple:777\nX-WECHAT-ID:wxid_abc\nX-SKYPE-USERNAME:Ann.Skype\n");
  EXPECT_EQ(apple.items.at(0).text,
            "A\n+49 170 1234567 (Allotment)\na@example.org\nanniversary 2010-06-12\nspouse: Maria Lee\nWedding 2012-01-02\ntwitter: jogi, http://twitter.com/jogi\n"
            "qq:12345678\nfacebook:12345678\n777\nwechat:wxid_abc\nskype:ann.skype");
  EXPECT_THAT(addresses(apple.items[0]), ElementsAre("tel:+491701234567", "a@example.org", "qq:12345678", "facebook:12345678", "wechat:wxid_abc", "skype:ann.skype"));
  const auto android = cards(
      "BEGIN:VCARD\nVERSION:2.1\nFN:张三\nX-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;=E5=B0=8F=E5=BC=A0;1;;;;\n"
      "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Maria;14;;\nX-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Bob;0;neighbour;\n"
      "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2015-05-01;1;;\nX-ANDROID-CUSTOM:vnd.android.cursor.item/relation\nX-QQ:55667788\nEND:VCARD\n");
  EXPECT_EQ(android.items.at(0).text, "张三\n小张\n配偶：Maria\nneighbour：Bob\n纪念日 2015-05-01\nqq:55667788");
}

TEST(Contacts, TellEveryName) {
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:María José\nFN:MJ\nN:García;María José;;;\nRELATED;TYPE=spouse;VALUE=text:Luis\nEND:VCARD\n").items.at(0).text,
            "María José\nMJ\nMaría José García\nspouse: Luis");
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:Dr. Jörg MÜLLER\nN:Müller;Jörg;;Dr.;\nEND:VCARD\n").items.at(0).text, "Dr. Jörg MÜLLER");
  EXPECT_EQ(cards("BEGIN:VCARD\nFN:Ann\\nLee\nN:Lee;Ann;;;\nEND:VCARD\n").items.at(0).item.title, "Ann Lee");
}

TEST(Contacts, ReadACardWithAnAgent) {
  for (const auto* agent : {"AGENT:\nBEGIN:VCARD\nFN:Secretary\nTEL:5551234\nEND:VCARD\n", "AGENT:BEGIN:VCARD\nFN:Secretary\nTEL:5551234\nEND:VCARD\n",
                            "AGENT:BEGIN:VCARD\\nFN:Secretary\\nTEL:5551234\\nEND:VCARD\\n\n", "item1.AGENT;X=y:\n\nBEGIN:VCARD\nFN:Secretary\nTEL:5551234\nEND:VCARD\n"}) {
    const auto taken = card(fmt::format("{}TEL:5559999\n", agent));
    ASSERT_EQ(taken.items.size(), 1u) << agent;
    EXPECT_TRUE(taken.failures.empty()) << agent;
    EXPECT_EQ(taken.items[0].text, "A\n5559999\nagent: Secretary, 5551234") << agent;
    EXPECT_THAT(addresses(taken.items[0]), ElementsAre("tel:5559999")) << agent;
  }
}

TEST(Contacts, AGroupIsNoPerson) {
  const auto taken = cards(
      "BEGIN:VCARD\nFN:Friends\nN:Friends;;;;\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:U1\nUID:g1\nEND:VCARD\n"
      "BEGIN:VCARD\nFN:Ann Lee\nUID:u1\nTEL:5559999\nEND:VCARD\n"
      "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Team\nEMAIL:team@example.org\nMEMBER:urn:uuid:u1\nMEMBER:mailto:bob@example.org\nEND:VCARD\n"
      "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Garden GmbH\nEND:VCARD\n");
  ASSERT_EQ(taken.items.size(), 4u);
  EXPECT_TRUE(taken.items[0].item.people.empty());
  EXPECT_EQ(taken.items[0].text, "Friends\nmembers: Ann Lee");
  EXPECT_TRUE(taken.items[2].item.people.empty());
  EXPECT_EQ(taken.items[2].text, "Team\nteam@example.org\nmembers: Ann Lee, bob@example.org");
  EXPECT_EQ(taken.items[3].item.people.size(), 1u);
}

TEST(Contacts, NormalisesNumbers) {
  EXPECT_EQ(telephone_address("+1 (212) 555-0100 x12"), "tel:+12125550100");
  EXPECT_EQ(telephone_address("0170 1234567"), "tel:01701234567");
  EXPECT_EQ(telephone_address("none"), "");
}

}  // namespace
}  // namespace hearth::memory::extract
