#include <gmock/gmock.h>

#include "memory/extract/reading_for_tests.h"

// Telegram, Slack and Discord, from exports laid out as the programs write them.
namespace hearth::memory::extract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kTelegramChat = R"({
 "name": "Bo Berg", "type": "personal_chat", "id": 4242,
 "messages": [
  {"id": 1, "type": "service", "date": "2024-05-01T10:00:00", "date_unixtime": "1714550400", "actor": "Ann", "actor_id": "user7", "action": "phone_call", "text": "", "text_entities": []},
  {"id": 2, "type": "message", "date": "2024-05-01T12:22:33", "date_unixtime": "1714558953", "from": "Ann", "from_id": "user7", "text": "Hello"},
  {"id": 3, "type": "message", "date": "2024-05-01T12:23:33", "date_unixtime": "1714559013", "edited": "2024-05-01T12:30:00", "edited_unixtime": "1714559400",
   "from": "Bo Berg", "from_id": "user4242", "reply_to_message_id": 2,
   "text": ["See ", {"type": "bold", "text": "this"}, " ", {"type": "text_link", "text": "page", "href": "https://example.org/a"}, " 小明"],
   "text_entities": [{"type": "plain", "text": "See "}]},
  {"id": 4, "type": "message", "date": "2024-05-01T12:24:33", "date_unixtime": "1714559073", "from": null, "from_id": "user4242", "forwarded_from": "Cy",
   "file": "files/plan.pdf", "file_name": "plan.pdf", "file_size": 1234, "mime_type": "application/pdf", "text": ""},
  {"id": 5, "type": "message", "date": "2024-05-02T12:24:33", "date_unixtime": "1714645473", "from": "Ann", "from_id": "user7", "place_name": "Old mill", "address": "River road 1",
   "location_information": {"latitude": 52.5, "longitude": 13.4}, "text": ""}
 ]})";

TEST(Telegram, ReadsAChat) {
  const auto read = read_bytes("result.json", kTelegramChat);
  EXPECT_EQ(read.format, "telegram");
  EXPECT_THAT(read.failures, IsEmpty());
  EXPECT_THAT(read.texts(), ElementsAre("phone call", "Hello", "See this page (https://example.org/a) 小明", "plan.pdf", "Old mill, River road 1"));
  const auto& hello = read.items.at(1);
  EXPECT_EQ(hello.item.title, "Bo Berg");
  EXPECT_EQ(hello.within, "4242/2");
  EXPECT_EQ(time_of(hello), "2024-05-01T10:22:33Z");
  EXPECT_EQ(hello.item.zone, 120);
  EXPECT_EQ(hello.item.certainty, TimeCertainty::Exact);
  EXPECT_EQ(hello.item.people.at(0).address, "telegram:user7");
  EXPECT_EQ(hello.item.people.at(1).address, "telegram:user4242");
  EXPECT_THAT(read.items[2].item.tags, ElementsAre("edited"));
  EXPECT_EQ(read.items[3].item.attachments.at(0).size, 1234);
  EXPECT_EQ(read.items[3].item.people.back().name, "Cy");
  EXPECT_EQ(read.items[4].item.places.at(0).latitude, 52.5);
  EXPECT_EQ(read.items[1].item.thread, read.items[3].item.thread);
  EXPECT_NE(read.items[1].item.thread, read.items[4].item.thread);
  EXPECT_TRUE(read.originals[1].starts_with("{\"id\": 2,") && read.originals[1].ends_with("}"));
}

TEST(Telegram, ReadsAListOfThingsToDo) {
  const auto read = read_bytes("result.json", R"({"type": "private_group", "id": 1, "messages": [{"id": 1, "type": "message", "from": "Ann", "text": "",
    "todo_list": {"title": "Trip", "items": [{"id": 1, "text": "Pack the tent"}, {"id": 2, "text": ["Buy ", {"type": "bold", "text": "tea"}]}]}}]})");
  EXPECT_THAT(read.texts(), ElementsAre("Trip\n- Pack the tent\n- Buy tea"));
  EXPECT_EQ(read.items.at(0).item.certainty, TimeCertainty::File);  // it has no time
}

TEST(Telegram, ReadsAnAccount) {
  const auto account = fmt::format(
      R"({{"about": "Here is the data you requested. Telegram", "personal_information": {{"user_id": 7, "first_name": "Ann", "last_name": "Lee"}},
          "contacts": {{"list": [{{"first_name": "x"}}]}},
          "chats": {{"about": "…", "list": [{}, {{"type": "saved_messages", "id": 7, "messages": [{{"id": 2, "type": "message",
            "date": "2019-05-01T12:22:33", "from": "Ann", "from_id": "user7", "text": "to self"}}]}}]}}}})",
      kTelegramChat);
  const auto read = read_bytes("result.json", account);
  EXPECT_EQ(read.format, "telegram");
  EXPECT_THAT(read.failures, IsEmpty());
  ASSERT_THAT(read.items, SizeIs(6));
  EXPECT_EQ(read.items[5].item.title, "Saved Messages");
  EXPECT_EQ(read.items[5].item.certainty, TimeCertainty::Zone);  // before 2022 there is no other time
  EXPECT_EQ(read.items[2].item.people.at(1).address, "telegram:user7");
  // The same chat alone and in the account has the same items.
  EXPECT_EQ(read.items[1].item.key, read_bytes("result.json", kTelegramChat).items[1].item.key);
}

TEST(Telegram, ReportsWhatIsBroken) {
  std::string cut(kTelegramChat.substr(0, kTelegramChat.find("\"id\": 4, ")));
  auto read = read_bytes("result.json", cut);
  EXPECT_THAT(read.items, SizeIs(3));
  EXPECT_THAT(read.failures, SizeIs(1));
  read = read_bytes("result.json", R"({"type": "personal_chat", "messages": [1, null, {"id": 1, "id": 2}, [[]], {"id": 9, "type": "message", "date": "never", "text": [[], 3, {"text": 4}, "ok"]}]})");
  EXPECT_THAT(read.texts(), ElementsAre("ok"));
  EXPECT_THAT(read.failures, SizeIs(4));
  // Replies in a circle are no harm: nothing follows them.
  read = read_bytes("result.json", R"({"type": "private_group", "id": 1, "messages": [{"id": 1, "type": "message", "reply_to_message_id": 2, "text": "a"}, {"id": 2, "type": "message", "reply_to_message_id": 1, "text": "b"}]})");
  EXPECT_THAT(read.texts(), ElementsAre("a", "b"));
}

class SlackExport : public testing::Test {
 protected:
  ReadFile read(std::string_view day, std::string channel = "general") {
    BytesInput input{std::string(day)};
    const auto put = [&](std::string name, std::string_view bytes) { input.put_beside(std::move(name), std::make_shared<BytesInput>(std::string(bytes))); };
    put("../users.json", R"([{"id": "U1", "name": "ann", "profile": {"real_name": "Ann Lee", "display_name": "annie", "email": "Ann@Example.org"}},
                             {"id": "U2", "name": "bo", "real_name": "Bo Berg", "profile": {"display_name": ""}}])");
    put("../channels.json", R"([{"id": "C1", "name": "general", "members": ["U1", "U2"]}, {"id": "C2", "name": "random", "members": []}])");
    put("../dms.json", R"([{"id": "D1", "members": ["U1", "U2"]}])");
    return read_input("2024-05-01.json", input, "Export/" + channel + "/2024-05-01.json");
  }
};

TEST_F(SlackExport, ReadsADayOfAChannel) {
  const auto read = SlackExport::read(R"([
    {"user": "U1", "type": "message", "ts": "1714558953.000200", "client_msg_id": "x", "text": "Hi <@U2>, see <https://example.org/a|this> in <#C2> &amp; <#C1|general> <!here>", "thread_ts": "1714558953.000200"},
    {"user": "U2", "type": "message", "ts": "1714559953.000300", "text": "reply", "thread_ts": "1714558953.000200", "edited": {"user": "U2", "ts": "1714559954.000000"}},
    {"type": "message", "subtype": "bot_message", "ts": "1714560000.000100", "username": "Builder", "bot_id": "B1", "text": "", "attachments": [{"fallback": "build failed", "title": "Build 7", "text": "failed: <https://example.org/7>"}]},
    {"user": "U9", "type": "message", "ts": "1714560001.000100", "text": "", "files": [{"id": "F1", "name": "plan.pdf", "mimetype": "application/pdf", "size": 77}]}
  ])");
  EXPECT_EQ(read.format, "slack");
  EXPECT_THAT(read.failures, IsEmpty());
  EXPECT_THAT(read.texts(), ElementsAre("Hi @Bo Berg, see this (https://example.org/a) in #random & #general @here", "reply",
                                        "Build 7\nfailed: https://example.org/7", "plan.pdf"));
  EXPECT_EQ(read.items[0].item.title, "#general");
  EXPECT_EQ(author_of(read.items[0]), "Ann Lee");
  EXPECT_EQ(read.items[0].item.people[0].address, "ann@example.org");
  EXPECT_EQ(read.items[1].item.people[0].address, "slack:U2");
  EXPECT_EQ(read.items[0].item.thread, read.items[1].item.thread);
  EXPECT_NE(read.items[0].item.thread, read.items[2].item.thread);
  EXPECT_EQ(author_of(read.items[2]), "Builder");
  EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
  EXPECT_EQ(read.items[0].within, "C1/1714558953.000200");
  EXPECT_THAT(read.items[1].item.tags, ElementsAre("edited"));
}

TEST_F(SlackExport, ReadsTextThatStandsOnlyInBlocks) {
  const auto read = SlackExport::read(R"([
    {"user": "U1", "type": "message", "ts": "1714558953.000200", "text": "", "blocks": [{"type": "rich_text", "elements": [
      {"type": "rich_text_section", "elements": [{"type": "text", "text": "Ask "}, {"type": "user", "user_id": "U2"}, {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C2"}, {"type": "text", "text": ": "}, {"type": "link", "url": "https://example.org/a", "text": "plan"}]},
      {"type": "rich_text_list", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                                              {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}, {"type": "emoji", "name": "tea"}]}]}]}]},
    {"type": "message", "subtype": "bot_message", "ts": "1714560000.000100", "username": "Builder", "text": "",
     "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Build 7"}}, {"type": "section", "text": {"type": "mrkdwn", "text": "by <@U1>"}}]}
  ])");
  EXPECT_THAT(read.texts(), ElementsAre("Ask @Bo Berg in #random: plan (https://example.org/a)\none\ntwo:tea:", "Build 7\nby @Ann Lee"));
}

TEST_F(SlackExport, NamesDirectMessagesByTheirMembers) {
  const auto read = SlackExport::read(R"([{"user": "U1", "type": "message", "ts": "1714558953.000200", "text": "psst"}])", "D1");
  ASSERT_THAT(read.items, SizeIs(1));
  EXPECT_EQ(read.items[0].item.title, "Ann Lee, Bo Berg");
  EXPECT_EQ(read.items[0].item.people.at(1).name, "Bo Berg");
}

TEST_F(SlackExport, ReadsWithoutItsLists) {
  const auto read = read_bytes("2024-05-01.json", R"([{"user": "U1", "type": "message", "ts": "1714558953.000200", "text": "Hi <@U2> <broken"}, {"type": "message"}, 7])");
  EXPECT_THAT(read.texts(), ElementsAre("Hi @U2 <broken"));
  EXPECT_THAT(read.failures, SizeIs(2));
}

TEST(Discord, ReadsWhatTheExporterWrites) {
  const auto read = read_bytes("Friends - general [1].json", R"({
    "guild": {"id": "10", "name": "Friends", "iconUrl": "x"}, "channel": {"id": "11", "type": "GuildTextChat", "categoryId": "9", "category": "Text", "name": "general", "topic": null},
    "dateRange": {"after": null, "before": null}, "exportedAt": "2024-06-01T00:00:00+00:00",
    "messages": [
      {"id": "100", "type": "Default", "timestamp": "2024-05-01T12:22:33.123+02:00", "timestampEdited": null, "isPinned": false, "content": "Hello @bo",
       "author": {"id": "1", "name": "ann", "discriminator": "0000", "nickname": "Ann", "isBot": false}, "attachments": [], "embeds": [], "mentions": [{"id": "2", "name": "bo", "nickname": "Bo"}]},
      {"id": "101", "type": "Reply", "timestamp": "2024-05-01T12:23:33+02:00", "timestampEdited": "2024-05-01T12:24:33+02:00", "content": "",
       "author": {"id": "2", "name": "bo"}, "attachments": [{"id": "5", "url": "x", "fileName": "cat.png", "fileSizeBytes": 9}],
       "embeds": [{"title": "A page", "url": "https://example.org", "description": "about cats", "fields": [{"name": "Age", "value": "3"}]}], "mentions": []}],
    "messageCount": 2})");
  EXPECT_EQ(read.format, "discord");
  EXPECT_THAT(read.failures, IsEmpty());
  EXPECT_THAT(read.texts(), ElementsAre("Hello @bo", "A page\nabout cats\nAge: 3"));
  EXPECT_EQ(read.items[0].item.title, "Friends #general");
  EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33.123Z");
  EXPECT_EQ(read.items[0].item.zone, 120);
  EXPECT_EQ(read.items[0].item.people.at(1).address, "discord:2");
  EXPECT_EQ(read.items[1].item.attachments.at(0).name, "cat.png");
}

TEST(Discord, ReadsItsOwnPackage) {
  const auto check = [](std::string name, std::string_view bytes) {
    BytesInput input{std::string(bytes)};
    input.put_beside("channel.json", std::make_shared<BytesInput>(R"({"id": "11", "type": "DM", "recipients": ["1", "2"]})"));
    input.put_beside("../index.json", std::make_shared<BytesInput>(R"({"11": "Direct Message with bo"})"));
    const auto path = "package/messages/c11/" + name;
    const auto read = read_input(std::move(name), input, path);
    EXPECT_EQ(read.format, "discord package");
    EXPECT_THAT(read.failures, IsEmpty());
    ASSERT_THAT(read.texts(), ElementsAre("Hello, \"bo\"", "cat.png"));
    EXPECT_EQ(read.items[0].item.title, "Direct Message with bo");
    EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
    EXPECT_EQ(read.items[0].within, "11/100");
  };
  check("messages.json", R"([{"ID": 100, "Timestamp": "2024-05-01 10:22:33", "Contents": "Hello, \"bo\"", "Attachments": ""},
                             {"ID": 101, "Timestamp": "2024-05-01 10:23:33", "Contents": "", "Attachments": "https://cdn.example.org/1/cat.png?ex=1"}])");
  check("messages.csv", "ID,Timestamp,Contents,Attachments\n100,2024-05-01 10:22:33.000000+00:00,\"Hello, \"\"bo\"\"\",\n"
                        "101,2024-05-01 10:23:33.000000+00:00,,https://cdn.example.org/1/cat.png?ex=1\n");
}

}  // namespace
}  // namespace hearth::memory::extract
