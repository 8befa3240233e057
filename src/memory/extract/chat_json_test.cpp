#include <gmock/gmock.h>

#include "memory/extract/charset.h"
#include "memory/extract/reading_for_tests.h"

namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kDialogue = R"([{"qa": [{"question": "a secret?", "evidence": ["D1:2"]}],
 "conversation": {"speaker_a": "Ann", "speaker_b": "Bo",
  "session_1_date_time": "1:56 pm on 8 May, 2023",
  "session_1": [{"speaker": "Ann", "dia_id": "D1:1", "text": "Hey Bo!"},
                {"speaker": "Bo", "dia_id": "D1:2", "text": "Look", "blip_caption": "a photo of a dog", "img_url": ["x"]}],
  "session_2_date_time": "12:05 am on 9 May, 2023",
  "session_2": [{"speaker": "Ann", "dia_id": "D2:1", "text": "Good night"}]},
 "sample_id": "conv-1"}])";

TEST(Dialogue, ReadsSessionsAsThreads) {
  const auto read = read_bytes("dialogues.json", kDialogue);
  EXPECT_EQ(read.format, "dialogue");
  EXPECT_THAT(read.failures, IsEmpty());
  EXPECT_THAT(read.texts(), ElementsAre("Hey Bo!", "Look\n[a photo of a dog]", "Good night"));
  const auto& items = read.items;
  EXPECT_EQ(items[0].item.external_id, "D1:1");
  EXPECT_EQ(items[1].within, "conv-1/D1:2");
  EXPECT_EQ(items[0].item.title, "Ann, Bo");
  EXPECT_EQ(time_of(items[0]), "2023-05-08T13:56:00Z");
  EXPECT_EQ(time_of(items[2]), "2023-05-09T00:05:00Z");
  EXPECT_EQ(items[0].item.thread, items[1].item.thread);
  EXPECT_NE(items[0].item.thread, items[2].item.thread);
  EXPECT_EQ(author_of(items[1]), "Bo");
  EXPECT_EQ(read.originals[0], R"({"speaker": "Ann", "dia_id": "D1:1", "text": "Hey Bo!"})");
  EXPECT_THAT(read_bytes("one.json", kDialogue.substr(1, kDialogue.size() - 2)).items, SizeIs(3));
}

TEST(ChatJson, ReadsArraysObjectsAndLines) {
  constexpr std::string_view kMessages =
      R"([{"time": "2024-05-01T10:22:33+02:00", "sender": "Ann", "text": "one"}, {"time": 1714558953, "sender": {"id": 7, "name": "Bo"}, "text": "two"}])";
  const auto check = [](const ReadFile& read, std::string_view format, std::string_view title) {
    EXPECT_EQ(read.format, format);
    EXPECT_THAT(read.failures, IsEmpty());
    ASSERT_THAT(read.texts(), ElementsAre("one", "two"));
    EXPECT_EQ(read.items[0].item.title, title);
    EXPECT_EQ(time_of(read.items[0]), "2024-05-01T08:22:33Z");
    EXPECT_EQ(read.items[0].item.zone, 120);
    EXPECT_EQ(time_of(read.items[1]), "2024-05-01T10:22:33Z");
    EXPECT_EQ(author_of(read.items[1]), "Bo");
    EXPECT_EQ(read.items[1].item.people[0].address, "chat:7");
  };
  check(read_bytes("family.json", kMessages), "chat json", "family");
  check(read_bytes("x.json", fmt::format(R"({{"name": "Family", "count": 2, "messages": {}}})", kMessages)), "chat json", "Family");
  check(read_bytes("x.json", fmt::format(R"([{{"name": "Family", "messages": {}}}])", kMessages)), "chat json", "Family");
  check(read_bytes("family.jsonl", R"({"time": "2024-05-01T10:22:33+02:00", "sender": "Ann", "text": "one"})"
                                   "\n"
                                   R"({"time": 1714558953, "sender": {"id": 7, "name": "Bo"}, "text": "two"})"),
        "chat lines", "family");
  EXPECT_EQ(read_bytes("family.json", kMessages).originals[1], R"({"time": 1714558953, "sender": {"id": 7, "name": "Bo"}, "text": "two"})");
}

TEST(ChatJson, KeepsIds) {
  const auto read = read_bytes("a.json", R"([{"dia_id": "D1:1", "date": "2024-05-01T10:22:33Z", "speaker": "Ann", "text": "one"}])");
  EXPECT_EQ(read.format, "chat json");
  ASSERT_THAT(read.items, SizeIs(1));
  EXPECT_EQ(read.items[0].item.external_id, "D1:1");
}

TEST(ChatJson, ReadsChineseNames) {
  const auto read = read_bytes("微信.json", R"([{"时间": "2024年5月1日 下午3:05", "发送者": "小明", "内容": "明天见", "会话": "家人"}])");
  ASSERT_THAT(read.texts(), ElementsAre("明天见"));
  EXPECT_EQ(read.items[0].item.title, "家人");
  EXPECT_EQ(time_of(read.items[0]), "2024-05-01T15:05:00Z");
  EXPECT_EQ(read.items[0].item.certainty, TimeCertainty::Zone);
}

TEST(ChatJson, ReportsWhatIsBroken) {
  auto read = read_bytes("a.json", R"([{"time": 1714558953, "sender": "A", "text": "one"}, {"time": 1714558953, "sender": "A", "text": "tw)");
  EXPECT_THAT(read.texts(), ElementsAre("one"));
  EXPECT_THAT(read.failures, SizeIs(1));
  read = read_bytes("a.jsonl", "{\"time\": 1714558953, \"sender\": \"A\", \"text\": \"one\"}\n{\"time\": \n{\"time\": 1714558954, \"sender\": \"A\", \"text\": \"two\"}\n");
  EXPECT_THAT(read.texts(), ElementsAre("one", "two"));
  EXPECT_THAT(read.failures, SizeIs(1));
  read = read_bytes("a.json", "[{\"time\": 1714558953, \"sender\": \"A\", \"text\": \"\xFF\xFE\"}, {\"time\": 1714558953, \"sender\": \"A\", \"text\": \"two\"}]");
  EXPECT_THAT(read.texts(), ElementsAre("two"));
  EXPECT_THAT(read.failures, SizeIs(1));
  EXPECT_EQ(read_bytes("a.json", R"({"name": "package", "version": "1", "files": [{"path": "x"}]})").format, "");
  EXPECT_EQ(read_bytes("a.json", std::string(100'000, '[')).format, "");
}

TEST(ChatTable, ReadsWhatWechatExportersWrite) {
  load_charsets();
  const std::string utf8 =
      "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n"
      "1,2,1,0,0,1714558953,2,\"你好, 在吗\n今晚吃什么\",2024-05-01 18:22:33,小明,明明,wxid_1\r\n"
      "2,2,1,0,1,1714558960,2,\"他说\"\"好\"\"\",2024-05-01 18:22:40,,,\r\n";
  const auto check = [](const ReadFile& read) {
    EXPECT_EQ(read.format, "chat table");
    EXPECT_THAT(read.failures, IsEmpty());
    ASSERT_THAT(read.texts(), ElementsAre("你好, 在吗\n今晚吃什么", "他说\"好\""));
    EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
    EXPECT_EQ(author_of(read.items[1]), "Me");
  };
  const auto read = read_bytes("家人.csv", "\xEF\xBB\xBF" + utf8);
  check(read);
  EXPECT_EQ(author_of(read.items[0]), "小明");
  EXPECT_EQ(read.items[0].item.people[0].address, "chat:wxid_1");
  EXPECT_EQ(read.items[0].item.title, "家人");
  // As a spreadsheet writes it: in GB 18030, however short, and in UTF-16.
  check(read_bytes("a.csv", "localId,IsSender,CreateTime,StrContent,NickName\r\n1,0,1714558953,\"\xC4\xE3\xBA\xC3, \xD4\xDA\xC2\xF0\n\xBD\xF1\xCD\xED\xB3\xD4\xCA\xB2\xC3\xB4\",x\r\n"
                            "2,1,1714558960,\"\xCB\xFB\xCB\xB5\"\"\xBA\xC3\"\"\",\r\n"));
  std::string wide = "\xFF\xFE";
  for (std::size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
    unsigned value = length == 1 ? lead : lead & (0x3F >> (length - 1));
    for (std::size_t i = 1; i < length; ++i) value = value << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3F);
    wide += static_cast<char>(value & 0xFF);
    wide += static_cast<char>(value >> 8);
    at += length;
  }
  check(read_bytes("a.csv", wide));
}

TEST(ChatTable, ReadsFiguresInTheFilesOrder) {
  const auto read = read_bytes("chat.csv", "Date,From,Message\n5/4/2024 10:00,Ann,one\n5/25/2024 10:00,Ann,two\n");
  ASSERT_THAT(read.texts(), ElementsAre("one", "two"));
  EXPECT_EQ(time_of(read.items[0]), "2024-05-04T10:00:00Z");
  EXPECT_THAT(read_bytes("chat.csv", "Date,From,Message\n5/4/2024,Ann,the 5\" pipe fits\n5/25/2024,Bo,buy two\n").items, SizeIs(2));  // five inches
  EXPECT_EQ(read_bytes("prices.csv", "name,price,date\na,1,2024-01-01\n").format, "text");
  // A quotation mark that is never closed takes what follows with it, and no more.
  EXPECT_THAT(read_bytes("chat.csv", "Date,From,Message\n5/4/2024,Ann,\"one\n5/25/2024,Ann,two\n").items, SizeIs(1));
}

}  // namespace
}  // namespace hearth::memory::extract
