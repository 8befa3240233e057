#include "memory/extract/mbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/extract/mail.h"
#include "memory/extract/reading_for_tests.h"

namespace hearth::memory::extract {
namespace {

class Mbox : public testing::Test {
 protected:
  void write(std::string_view bytes) { bytes_ = bytes; }
  // The bodies of all messages; checks that they lie one behind the other.
  std::vector<std::string> bodies(std::size_t largest = 1 << 20, std::int64_t from = 0) {
    const BytesInput input(bytes_);
    MboxReader reader(input, from, largest);
    std::vector<std::string> found;
    std::int64_t at = from;
    while (true) {
      auto message = reader.next();
      if (!message) {
        found.push_back("error: " + message.error().message());
        return found;
      }
      if (!*message) break;
      EXPECT_EQ((*message)->offset, at);
      at += (*message)->length;
      if (!(*message)->too_large) {
        EXPECT_EQ((*message)->bytes, bytes_.substr(static_cast<std::size_t>((*message)->body_start),
                                                   static_cast<std::size_t>((*message)->body_length)));
      }
      found.push_back((*message)->too_large ? fmt::format("too large: {}", (*message)->body_length) : (*message)->bytes);
    }
    EXPECT_EQ(at, static_cast<std::int64_t>(bytes_.size()));
    return found;
  }
  std::string bytes_;
};

TEST_F(Mbox, CutsAtFromLines) {
  write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n\nFrom c@d Mon May  1 09:31:00 2023\nSubject: 2\n\ntwo\n");
  EXPECT_THAT(bodies(), testing::ElementsAre("Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"));
}

TEST_F(Mbox, IsNotFooledByProse) {
  write("From a@b\nSubject: 1\n\nline\nFrom inside a paragraph: no\n\nFrom here on we walk.\nIt was far.\n\nFrom c@d\nX: 2\n\ntwo\n");
  EXPECT_THAT(bodies(), testing::ElementsAre(testing::HasSubstr("It was far."), "X: 2\n\ntwo\n"));
}

TEST_F(Mbox, ReadsCarriageReturns) {
  write("From a\r\nS: 1\r\n\r\none\r\n\r\nFrom b\r\nS: 2\r\n\r\ntwo\r\n");
  EXPECT_THAT(bodies(), testing::ElementsAre("S: 1\r\n\r\none\r\n", "S: 2\r\n\r\ntwo\r\n"));
}

TEST_F(Mbox, UndoesFromQuoting) {
  EXPECT_EQ(unquote_from(">From a\n>>From b\n> From c\nx >From d\n>"), "From a\n>From b\n> From c\nx >From d\n>");
}

TEST_F(Mbox, GoesOnBehindAMessageThatIsTooLarge) {
  const std::string huge(5 << 20, 'x');
  write("From a\nS: 1\n\none\n\nFrom b\nS: 2\n\n" + huge + "\n\nFrom c\nS: 3\n\nthree\n");
  EXPECT_THAT(bodies(1 << 20), testing::ElementsAre("S: 1\n\none\n", fmt::format("too large: {}", huge.size() + 7), "S: 3\n\nthree\n"));
  EXPECT_EQ(bodies(8 << 20).size(), 3u);
}

TEST_F(Mbox, FindsBoundariesWhereverReadsEnd) {
  for (const std::size_t pad : {(1u << 20) - 40, (1u << 20) - 20, (1u << 20) - 10, (1u << 20) - 5, (1u << 20), (2u << 20) - 12}) {
    for (std::size_t shift = 0; shift < 12; ++shift) {
      write("From a\nS: 1\n\n" + std::string(pad + shift, 'y') + "\n\nFrom b\nS: 2\n\ntwo\n");
      ASSERT_EQ(bodies(8 << 20).size(), 2u) << pad << " " << shift;
    }
  }
}

TEST_F(Mbox, GoesOnFromAnOffset) {
  write("From a\nS: 1\n\none\n\nFrom b\nS: 2\n\ntwo\n");
  EXPECT_THAT(bodies(1 << 20, 18), testing::ElementsAre("S: 2\n\ntwo\n"));
  EXPECT_THAT(bodies(1 << 20, 3), testing::ElementsAre(testing::HasSubstr("error")));
}

TEST_F(Mbox, ReadsEmptyAndCutFiles) {
  write("");
  EXPECT_THAT(bodies(), testing::ElementsAre());
  write("From a\n");
  EXPECT_THAT(bodies(), testing::ElementsAre(""));
  write("From a\nSubject: cut o");
  EXPECT_THAT(bodies(), testing::ElementsAre("Subject: cut o"));
}

TEST_F(Mbox, CutsAtWholeFromLinesWithoutABlankLine) {
  const std::string second = "Subject: 2\n\ntwo\n";
  for (const auto* line : {"From c@d Mon May  1 09:31:00 2023", "From - Mon May 01 09:31:00 2023", "From ???@??? Wed May 01 10:22:33 +0000 2024",
                           "From \"Ann Lee\" Mon, 1 May 2023 09:31:00 +0200", "From c Mon May 1 09:31:00 2023 remote from d"}) {
    write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n" + std::string(line) + "\n" + second);
    EXPECT_THAT(bodies(), testing::ElementsAre("Subject: 1\n\none\n", second)) << line;
  }
  for (const auto* line : {"From c@d", "From here on Monday 09:31", "From c@d 2023-05-01T09:31:00Z"}) {
    write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n" + std::string(line) + "\n" + second);
    EXPECT_THAT(bodies(), testing::SizeIs(1)) << line;
  }
}

TEST_F(Mbox, IsNotFooledByAParagraph) {
  for (const auto* line : {"From our point of view this is fine.", "From Monday on, at nine:", "From 3 May 2023 we are away.", "From now"
                           " on", "From what I know of the year 2023 it was good"}) {
    write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\nHello\n\n" + std::string(line) + "\nNote: bring the KEY.\n\nBye\n");
    EXPECT_THAT(bodies(), testing::SizeIs(1)) << line;
  }
  for (const auto* line : {"From a@b", "From a@b 2023-05-01T09:30:00Z", "From a@b 周一 5月 01 09:30:00 2023", "From a@b Mon May  1 09:30:00 2023"}) {
    write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\nHello\n\n" + std::string(line) + "\nNote: bring the KEY.\n\nBye\n");
    EXPECT_THAT(bodies(), testing::SizeIs(2)) << line;
  }
}

TEST_F(Mbox, CutsBeforeAQuotedFromLineOfAServer) {
  write("From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n\nFrom c@d Mon May  1 09:31:00 2023\n>From c@d Mon May 1 09:31:00 2023 remote from d\n"
        "Subject: 2\n\ntwo\n");
  EXPECT_THAT(bodies(), testing::SizeIs(2));
}

TEST(MboxFile, MayBeginWithBlankLinesAndAByteOrderMark) {
  prepare_mail();
  const std::string box = "From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n";
  for (const auto* begin : {"\n", "\r\n\r\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
    const auto read = read_bytes("a.mbox", begin + box);
    EXPECT_EQ(read.format, "mbox");
    ASSERT_EQ(read.items.size(), 1u);
    EXPECT_EQ(read.items[0].item.title, "1");
    EXPECT_EQ(read.originals[0], "Subject: 1\n\none\n");
  }
  EXPECT_EQ(read_bytes("a.txt", "\n\nFrom here on we walk.\n").format, "text");
}

TEST(MboxFile, PassesOverWhatThunderbirdDeleted) {
  prepare_mail();
  const auto message = [](std::string_view head, std::string_view subject) {
    return fmt::format("From - Mon May 01 09:30:00 2023\n{}Subject: {}\n\nX-Mozilla-Status: 0008\n\n", head, subject);
  };
  const auto read = read_bytes("a.mbox", message("X-Mozilla-Status: 0009\n", "deleted") + message("X-Mozilla-Status: 0001\n", "read") +
                                             message("x-mozilla-status: 0008\r\n", "deleted too") + message("X-Mozilla-Status2: 00000008\n", "kept") +
                                             message("", "plain"));
  std::vector<std::string> titles;
  for (const auto& item : read.items) titles.push_back(item.item.title);
  EXPECT_THAT(titles, testing::ElementsAre("read", "kept", "plain"));
  EXPECT_THAT(read.failures, testing::IsEmpty());
}

TEST(MboxFile, BeginsAnewWhereNoMessageBegins) {
  prepare_mail();
  const std::string first = "From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n";
  const std::string second = "From c@d\nSubject: 2\n\ntwo\n";
  const auto titles = [](const std::string& box, std::size_t offset) {
    const BytesInput input(box);
    Request request;
    request.offset = static_cast<std::int64_t>(offset);
    ReadFile read;
    reading::Collect sink(input, read);
    EXPECT_TRUE(read_mbox_file(request, input, sink).has_value());
    std::string titles;
    for (const auto& item : read.items) titles += item.item.title;
    return titles;
  };
  EXPECT_EQ(titles(first + "\n" + second, first.size()), "2");
  EXPECT_EQ(titles(first + "\n" + second, first.size() + 1), "2");
  EXPECT_EQ(titles(first + "\n" + second, first.size() - 1), "2");
  EXPECT_EQ(titles(first + "\n" + second, first.size() - 4), "12");
  EXPECT_EQ(titles(first + "more\n\n" + second, first.size()), "12");
  EXPECT_EQ(titles(first + "\nFrom our point of view:\nNote: no\n\n" + second, first.size()), "12");
  EXPECT_EQ(titles(first + "\n" + second, first.size() + 1 + second.size()), "");
  EXPECT_EQ(titles(first + "\n\n", first.size()), "");
}

TEST(MboxFile, GivesAMessageWithoutADateThatOfItsLine) {
  prepare_mail();
  const auto read = read_bytes("a.mbox", "From a@b Mon May  1 09:30:00 2023\nSubject: 1\n\none\n\nFrom a@b Mon May  1 09:30:00 2023\n"
                                         "Subject: 2\nDate: Tue, 2 May 2023 10:00:00 +0000\n\ntwo\n");
  ASSERT_EQ(read.items.size(), 2u);
  EXPECT_EQ(time_of(read.items[0]), "2023-05-01T09:30:00Z");
  EXPECT_EQ(read.items[0].item.certainty, TimeCertainty::Zone);
  EXPECT_EQ(time_of(read.items[1]), "2023-05-02T10:00:00Z");
  // It is the same message without that line.
  EXPECT_EQ(read.items[0].item.key, read_mail("Subject: 1\n\none\n").item.key);
}

TEST(Message, IsKnownByItsHeadWhereItsNameSaysNothing) {
  prepare_mail();
  const std::string mail = "From: a@example.com\nDate: Mon, 1 May 2023 09:30:00 +0000\nSubject: s\n\ntext\n";
  for (const auto* name : {"1", "message", "1700000000.M1P1.host:2,S", "1700000000.M1P1.host.pl"}) {
    const auto read = read_bytes(name, mail);
    EXPECT_EQ(read.format, "message") << name;
    ASSERT_EQ(read.items.size(), 1u) << name;
    EXPECT_EQ(read.items[0].item.kind, ItemKind::Mail);
    EXPECT_TRUE(read.items[0].item.outside);
  }
  EXPECT_EQ(read_bytes("2", "Return-Path: <a@b>\nX-Long: " + std::string(70'000, 'x')).format, "message");
  EXPECT_EQ(read_bytes("2", "Received: from a by b;\n\tMon, 1 May 2023 09:30:00 +0000\n\nx").format, "message");
  EXPECT_EQ(read_bytes("notes.txt", mail).format, "text");
  EXPECT_EQ(read_bytes("README", "From: the team\nTo: you\n\nHello.\n").format, "text");
  EXPECT_EQ(read_bytes("README", "From: the team\nwith love\nDate: today\n").format, "text");
  EXPECT_EQ(read_bytes("todo", "Buy: milk\nDate: today\n").format, "text");
}

}  // namespace
}  // namespace hearth::memory::extract
