#include <gmock/gmock.h>

#include "memory/extract/reading_for_tests.h"

namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const auto kModified = parse_time("2024-12-31T00:00:00Z").value();

ReadFile chat(std::string_view bytes, std::string name = "WhatsApp Chat with Ann.txt") { return read_bytes(std::move(name), bytes, "", kModified); }

TEST(Whatsapp, ReadsAndroid) {
  const auto read = chat(
      "13/05/2024, 10:22 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
      "13/05/2024, 10:22 - Ann: Hello there\n"
      "how are you?\n"
      "\n"
      "13/05/2024, 10:23 - Bo: IMG-20240513-WA0001.jpg (file attached)\n"
      "the cat\n"
      "13/05/2024, 10:23 - Bo: fine: thanks\n");
  EXPECT_EQ(read.format, "whatsapp");
  EXPECT_THAT(read.failures, IsEmpty());
  EXPECT_THAT(read.texts(), ElementsAre("Messages and calls are end-to-end encrypted. Tap to learn more.", "Hello there\nhow are you?",
                                        "the cat", "fine: thanks"));
  ASSERT_THAT(read.items, SizeIs(4));
  const auto& first = read.items[1];
  EXPECT_EQ(first.item.title, "Ann");
  EXPECT_EQ(first.item.kind, ItemKind::Message);
  EXPECT_EQ(time_of(first), "2024-05-13T10:22:00Z");
  EXPECT_EQ(first.item.certainty, TimeCertainty::Zone);
  EXPECT_EQ(author_of(first), "Ann");
  EXPECT_EQ(author_of(read.items[0]), "");
  EXPECT_EQ(first.item.people.back().name, "Bo");
  EXPECT_EQ(read.items[2].item.attachments.at(0).name, "IMG-20240513-WA0001.jpg");
  EXPECT_EQ(read.originals[1], "13/05/2024, 10:22 - Ann: Hello there\nhow are you?\n\n");
}

TEST(Whatsapp, ReadsIosWithInvisibleCharacters) {
  const auto read = read_bytes("_chat.txt",
                               "\xEF\xBB\xBF\xE2\x80\x8E[13.05.24, 10:22:33] Trip: \xE2\x80\x8EMessages and calls are end-to-end encrypted.\r\n"
                               "[13.05.24, 10:22:40] ~\xE2\x80\xAF" "Ann: Hello\r\n"
                               "[13.05.24, 22:22:40] Trip: \xE2\x80\x8EYou added Cy\r\n"
                               "[13.05.24, 22:23:41] Bo: Look \xE2\x80\x8E<attached: 00000012-PHOTO-2024-05-13-10-22-33.jpg>\r\n"
                               "\xE2\x80\x8E[13.05.24, 22:24:41] +49 170 1234567: better \xE2\x80\x8E<This message was edited>\r\n",
                               "WhatsApp Chat - Trip/_chat.txt", kModified);
  EXPECT_EQ(read.format, "whatsapp");
  EXPECT_THAT(read.failures, IsEmpty());
  ASSERT_THAT(read.items, SizeIs(5));
  EXPECT_THAT(read.texts(), ElementsAre("Messages and calls are end-to-end encrypted.", "Hello", "You added Cy", "Look", "better"));
  EXPECT_EQ(read.items[0].item.title, "Trip");
  EXPECT_THAT(read.items[0].item.people, IsEmpty());
  EXPECT_THAT(read.items[2].item.people, IsEmpty());
  EXPECT_EQ(author_of(read.items[1]), "Ann");
  EXPECT_EQ(read.items[3].item.attachments.at(0).name, "00000012-PHOTO-2024-05-13-10-22-33.jpg");
  EXPECT_EQ(read.items[4].item.people.at(0).address, "tel:+491701234567");
  EXPECT_THAT(read.items[4].item.tags, ElementsAre("edited"));
  EXPECT_EQ(time_of(read.items[4]), "2024-05-13T22:24:41Z");
  // A pause of twelve hours.
  EXPECT_EQ(read.items[0].item.thread, read.items[1].item.thread);
  EXPECT_NE(read.items[1].item.thread, read.items[2].item.thread);
}

TEST(Whatsapp, ReadsHalfDaysOfManyLanguages) {
  const auto hour = [](std::string_view line) {
    const auto read = chat(std::string(line) + "x\n");
    return read.items.empty() ? "nothing" : time_of(read.items[0]);
  };
  EXPECT_EQ(hour("[5/23/24, 10:22:33\xE2\x80\xAFPM] Ann: "), "2024-05-23T22:22:33Z");
  EXPECT_EQ(hour("5/23/24, 12:05 AM - Ann: "), "2024-05-23T00:05:00Z");
  EXPECT_EQ(hour("5/23/24, 12:05\xE2\x80\xAFpm - Ann: "), "2024-05-23T12:05:00Z");
  EXPECT_EQ(hour("23/05/2024, 9:05 p. m. - Ann: "), "2024-05-23T21:05:00Z");
  EXPECT_EQ(hour("23/5/2024 9:05 a.\xC2\xA0m. - Ann: "), "2024-05-23T09:05:00Z");
  EXPECT_EQ(hour("2024/5/23 下午3:05 - 小明: "), "2024-05-23T15:05:00Z");
  EXPECT_EQ(hour("[2024/5/23 上午12:05:10] 小明: "), "2024-05-23T00:05:10Z");
  EXPECT_EQ(hour("2024/5/23 中午12:05 - 小明: "), "2024-05-23T12:05:00Z");
  EXPECT_EQ(hour("2024/5/23 凌晨1:05 - 小明: "), "2024-05-23T01:05:00Z");
  EXPECT_EQ(hour("2024/5/23 晚上11:05 - 小明: "), "2024-05-23T23:05:00Z");
  EXPECT_EQ(hour("2024/5/23 中午11:30 - 小明: "), "2024-05-23T11:30:00Z");
  EXPECT_EQ(hour("2024/5/23 晚上12:30 - 小明: "), "2024-05-23T00:30:00Z");
  EXPECT_EQ(hour("2024/5/23 深夜11:30 - 小明: "), "2024-05-23T23:30:00Z");
  EXPECT_EQ(hour("2024年5月23日 下午3:05 - 小明: "), "2024-05-23T15:05:00Z");
  EXPECT_EQ(hour("23/05/2024 à 22:39 - Ann: "), "2024-05-23T22:39:00Z");
  EXPECT_EQ(hour("23.5.2024 klo 10.22 - Ann: "), "2024-05-23T10:22:00Z");
  EXPECT_EQ(hour("23.05.24 г., 22:22 - Ann: "), "2024-05-23T22:22:00Z");
  EXPECT_EQ(hour("2024. 5. 23. 오후 3:05 - 민: "), "2024-05-23T15:05:00Z");
  EXPECT_EQ(hour("23-05-2024 15:05 - Ann: "), "2024-05-23T15:05:00Z");
  EXPECT_EQ(hour("24/05/23, 15.05 - Ann: "), "2023-05-24T15:05:00Z");
}

TEST(Whatsapp, FindsTheOrderOfDayAndMonth) {
  const auto first_day = [](std::string_view bytes, std::optional<Time> modified = kModified) {
    const auto read = read_bytes("a.txt", bytes, "", modified);
    return fmt::format("{}{}", time_of(read.items.at(0)).substr(0, 10), read.items[0].item.certainty == TimeCertainty::Day ? "?" : "");
  };
  // A number that can be no month, anywhere in the file.
  EXPECT_EQ(first_day("03/04/2024, 10:00 - A: x\n25/04/2024, 10:00 - A: y\n"), "2024-04-03");
  EXPECT_EQ(first_day("03/04/2024, 10:00 - A: x\n04/25/2024, 10:00 - A: y\n"), "2024-03-04");
  // Time runs forwards: 9 April, 10 April, 3 May.
  EXPECT_EQ(first_day("09/04/2024, 10:00 - A: x\n10/04/2024, 10:00 - A: y\n03/05/2024, 10:00 - A: z\n"), "2024-04-09");
  EXPECT_EQ(first_day("04/09/2024, 10:00 - A: x\n04/10/2024, 10:00 - A: y\n05/03/2024, 10:00 - A: z\n"), "2024-04-09");
  // Nothing was written after the file.
  EXPECT_EQ(first_day("02/11/2024, 10:00 - A: x\n", parse_time("2024-03-01T00:00:00Z").value()), "2024-02-11");
  // Nothing tells: by habit, and so noted.
  EXPECT_EQ(first_day("03/04/2024, 10:00 - A: x\n"), "2024-04-03?");
  EXPECT_EQ(first_day("3/4/24, 10:00 AM - A: x\n"), "2024-03-04?");
  EXPECT_EQ(first_day("4/4/24, 10:00 AM - A: x\n"), "2024-04-04");
  EXPECT_EQ(first_day("03.04.24, 10:00 - A: x\n"), "2024-04-03");
}

TEST(Whatsapp, KeepsPlacesWhenAChatGrowsOrIsEdited) {
  const std::string first = "13/05/2024, 10:22 - Ann: ok\n13/05/2024, 10:22 - Ann: ok\n13/05/2024, 10:23 - Bo: teh\n";
  const auto before = chat(first);
  auto after = chat(first + "14/05/2024, 10:22 - Ann: more\n");
  ASSERT_THAT(before.items, SizeIs(3));
  EXPECT_NE(before.items[0].within, before.items[1].within);
  EXPECT_NE(before.items[0].item.key, before.items[1].item.key);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(before.items[i].within, after.items[i].within);
    EXPECT_EQ(before.items[i].item.key, after.items[i].item.key);
    EXPECT_EQ(before.items[i].item.thread, after.items[i].item.thread);
  }
  const auto edited = chat("13/05/2024, 10:22 - Ann: ok\n13/05/2024, 10:22 - Ann: ok\n13/05/2024, 10:23 - Bo: the <This message was edited>\n");
  EXPECT_EQ(edited.items[2].within, before.items[2].within);
  EXPECT_NE(edited.items[2].item.key, before.items[2].item.key);
}

TEST(Whatsapp, KnowsMessagesAgainWhenOneBesideThemWasDeleted) {
  const auto before = chat("13/05/2024, 09:00 - Ann: one\n13/05/2024, 09:00 - Ann: ok\n13/05/2024, 09:00 - Ann: ok\n13/05/2024, 09:01 - Bo: two\n");
  const auto after = chat("13/05/2024, 09:00 - Ann: ok\n13/05/2024, 09:00 - Ann: ok\n13/05/2024, 09:01 - Bo: This message was deleted\n");
  ASSERT_THAT(before.items, SizeIs(4));
  ASSERT_THAT(after.items, SizeIs(3));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(after.items[i].within, before.items[i + 1].within);
    EXPECT_EQ(after.items[i].item.key, before.items[i + 1].item.key);
  }
  EXPECT_NE(after.items[2].within, before.items[3].within);
  // Alone at its time, but not where "one" was.
  const auto alone = chat("13/05/2024, 09:00 - Ann: ok\n");
  EXPECT_EQ(alone.items[0].item.key, before.items[1].item.key);
  EXPECT_NE(alone.items[0].within, before.items[0].within);
}

TEST(Whatsapp, ReadsArabicAndPersianFigures) {
  auto read = chat("[٢٠٢٤/١/٢، ٩:٠٥:٠٣ م] علي: مرحبا\n[٢٠٢٤/١/٢، ٩:٠٦:٠٣ م] Ann: hello\n");
  EXPECT_EQ(read.format, "whatsapp");
  ASSERT_THAT(read.texts(), ElementsAre("مرحبا", "hello"));
  EXPECT_EQ(time_of(read.items[0]), "2024-01-02T21:05:03Z");
  EXPECT_EQ(author_of(read.items[0]), "علي");
  read = chat("\xE2\x80\x8F" "١٣\xE2\x80\x8F/٥\xE2\x80\x8F/٢٠٢٤، ١٠:٢٢ ص - علي: مرحبا\n");
  ASSERT_THAT(read.texts(), ElementsAre("مرحبا"));
  EXPECT_EQ(time_of(read.items[0]), "2024-05-13T10:22:00Z");
  read = chat("[۲۰۲۴/۵/۱۳،\xC2\xA0۱۰:۲۲:۳۳] سارا: سلام\n");
  ASSERT_THAT(read.texts(), ElementsAre("سلام"));
  EXPECT_EQ(time_of(read.items[0]), "2024-05-13T10:22:33Z");
}

TEST(Whatsapp, LeavesOtherTextsAlone) {
  EXPECT_EQ(chat("Notes of a walk\n13/05/2024, 10:22 - Ann: hello\n").format, "text");
  EXPECT_EQ(chat("13/05/2024 was a good day: sunny\n").format, "text");
  EXPECT_EQ(chat("").format, "text");
}

TEST(Whatsapp, ReadsBrokenFiles) {
  // Old bytes, a date that is none, an end in the middle.
  const auto read = chat("13/05/2024, 10:22 - Ann: caf\xE9\n99/99/2024, 10:22 - Ann: when?\n13/05/2024, 10:24 - Ann: cut o\xE4\xBD");
  EXPECT_THAT(read.failures, SizeIs(1));
  ASSERT_THAT(read.items, SizeIs(2));
  EXPECT_EQ(read.items[0].text, "café");
}

// A line of a gigabyte, without the memory for it.
class Endless final : public Input {
 public:
  std::int64_t size() const override { return std::int64_t{1} << 30; }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override {
    static constexpr std::string_view kStart = "13/05/2024, 10:22 - Ann: ";
    static constexpr std::string_view kEnd = "\n13/05/2024, 10:23 - Bo: behind it";
    const auto length = std::min(into.size(), static_cast<std::size_t>(std::max<std::int64_t>(size() - offset, 0)));
    std::fill_n(into.begin(), length, 'x');
    for (std::size_t i = 0; i < length; ++i) {
      const auto at = offset + static_cast<std::int64_t>(i);
      if (at >= static_cast<std::int64_t>(kStart.size())) break;
      into[i] = kStart[static_cast<std::size_t>(at)];
    }
    const auto end = size() - static_cast<std::int64_t>(kEnd.size());
    for (std::int64_t at = std::max(end, offset); at < offset + static_cast<std::int64_t>(length); ++at) {
      into[static_cast<std::size_t>(at - offset)] = kEnd[static_cast<std::size_t>(at - end)];
    }
    return length;
  }
};

TEST(Whatsapp, GoesOnBehindALineOfAGigabyte) {
  ReadFile read;
  const Endless input;
  Request request;
  request.name = "WhatsApp Chat with Ann.txt";
  class Count final : public Sink {
   public:
    Result<bool> begin(Extent) override { return true; }
    Result<> item(ItemText item, Original) override { texts.push_back(item.text); return {}; }
    Result<> failed(std::string reason) override { failures.push_back(reason); return {}; }
    std::vector<std::string> texts;
    std::vector<std::string> failures;
  } sink;
  const auto* format = find_format(request, input);
  ASSERT_TRUE(format);
  EXPECT_EQ(format->name, "whatsapp");
  EXPECT_TRUE(format->read(request, input, sink));
  EXPECT_THAT(sink.failures, SizeIs(1));
  EXPECT_THAT(sink.texts, ElementsAre("behind it"));
}

}  // namespace
}  // namespace hearth::memory::extract
