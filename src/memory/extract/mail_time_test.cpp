#include "memory/extract/mail_time.h"

#include <gtest/gtest.h>

namespace hearth::memory::extract {
namespace {

std::string shown(const std::optional<WrittenTime>& found) {
  if (!found) return "none";
  auto text = format_time(found->time);
  text.replace(text.size() - 5, 5, "Z");
  if (found->zone) text += fmt::format(" {:+}", *found->zone);
  if (found->certainty != TimeCertainty::Exact) text += found->certainty == TimeCertainty::Day ? " day" : " zone";
  return text;
}
std::string read(std::string_view header) { return shown(read_mail_time(header)); }

TEST(MailTime, ReadsWhatTheStandardSays) {
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 +0100"), "2024-01-02T09:00:00Z +60");
  EXPECT_EQ(read("2 Jan 2024 10:00 -0530"), "2024-01-02T15:30:00Z -330");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 +0800 (\xD6\xD0\xB9\xFA)"), "2024-01-02T02:00:00Z +480");
  EXPECT_EQ(read("Tue,2 Jan 2024 10:00:00 -0000"), "2024-01-02T10:00:00Z");
  EXPECT_EQ(read("2 Jan 24 10:00 GMT"), "2024-01-02T10:00:00Z +0");
  EXPECT_EQ(read("Tue, 2 Jan 102 10:00:00 EST"), "2002-01-02T15:00:00Z -300");
}

TEST(MailTime, ReadsWhatOthersWrite) {
  EXPECT_EQ(read("2024-01-02T10:00:00Z"), "2024-01-02T10:00:00Z +0");
  EXPECT_EQ(read("2024-01-02T10:00:00.250+01:00"), "2024-01-02T09:00:00Z +60");
  EXPECT_EQ(read("2024-01-02 10:00:00 +0100"), "2024-01-02T09:00:00Z +60");
  EXPECT_EQ(read("2024-01-02 10:00:00"), "2024-01-02T10:00:00Z zone");
  EXPECT_EQ(read("Tue Jan  2 10:00:00 2024"), "2024-01-02T10:00:00Z zone");
  EXPECT_EQ(read("Tue, 02 Jan 2024 10.00.00 +0100"), "2024-01-02T09:00:00Z +60");
  EXPECT_EQ(read("02-Jan-2024 10:00:00 +0100"), "2024-01-02T09:00:00Z +60");
  EXPECT_EQ(read("Di, 2 Dez 2024 10:00:00 +0100"), "2024-12-02T09:00:00Z +60");
  EXPECT_EQ(read("Tue, 2 Jan 2024 1:05:00 PM +0000"), "2024-01-02T13:05:00Z +0");
  EXPECT_EQ(read("2 January 2024"), "2024-01-02T00:00:00Z day");
}

TEST(MailTime, IsUnsureOfZonesThatNoStandardNames) {
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00"), "2024-01-02T10:00:00Z zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 JST"), "2024-01-02T01:00:00Z +540 zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 CEST"), "2024-01-02T08:00:00Z +120 zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 IST"), "2024-01-02T04:30:00Z +330 zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 GMT+0100"), "2024-01-02T09:00:00Z +60 zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 XYZ"), "2024-01-02T10:00:00Z zone");
  EXPECT_EQ(read("Tue, 2 Jan 2024 10:00:00 +0100 CET"), "2024-01-02T09:00:00Z +60");
}

TEST(MailTime, RefusesWhatIsNoTime) {
  for (const auto* header : {"", "yesterday", "soon", "Mon, 1 Jan 0001 00:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000", "Wed, 3 Jun 1925 10:00:00 +0000",
                             "Tue, 45 Jan 2024 10:00:00 +0000", "2024", "10:00", "-", "--", "1-", "()", "Jan Jan Jan", "99999999999999999999 May 2024"}) {
    EXPECT_EQ(read(header), "none") << header;
  }
}

TEST(MailTime, ReadsLinesOfMboxFiles) {
  EXPECT_EQ(shown(time_of_from_line("From a@x Mon Jan 01 10:00:00 2024")), "2024-01-01T10:00:00Z zone");
  EXPECT_EQ(shown(time_of_from_line("From 1787654321@xxx Mon Jan 01 10:00:00 +0000 2024\r")), "2024-01-01T10:00:00Z +0");
  EXPECT_EQ(shown(time_of_from_line("From a@x")), "none");
  EXPECT_EQ(shown(time_of_from_line("Subject: x")), "none");
}

}  // namespace
}  // namespace hearth::memory::extract
