#include <gmock/gmock.h>

#include "memory/extract/reading_for_tests.h"

// Notes and recordings: Google Keep, Apple Notes, Notion, Limitless, Omi.
namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kKeep = R"({"color": "DEFAULT", "isTrashed": false, "isPinned": true, "isArchived": false,
  "listContent": [{"text": "milk", "isChecked": true}, {"text": "鸡蛋", "isChecked": false}], "title": "Shopping",
  "userEditedTimestampUsec": 1714559953000000, "createdTimestampUsec": 1714558953000000, "labels": [{"name": "home"}],
  "attachments": [{"filePath": "a.jpg", "mimetype": "image/jpeg"}],
  "annotations": [{"description": "", "source": "WEBLINK", "title": "A cake", "url": "https://example.org/cake"}]})";

TEST(Keep, ReadsANoteOnce) {
  const auto read = read_bytes("Shopping.json", kKeep);
  EXPECT_EQ(read.format, "keep");
  ASSERT_THAT(read.texts(), ElementsAre("- [x] milk\n- [ ] 鸡蛋\nA cake https://example.org/cake"));
  const auto& item = read.items[0].item;
  EXPECT_EQ(item.title, "Shopping");
  EXPECT_EQ(item.kind, ItemKind::Note);
  EXPECT_THAT(item.tags, ElementsAre("home"));
  EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
  EXPECT_EQ(item.attachments.at(0).name, "a.jpg");
  // The page beside it is the same note.
  constexpr std::string_view kPage = "<html><head><title>Shopping</title></head><body><div class=\"note\"><div class=\"heading\">May 1</div>"
                                     "<div class=\"title\">Shopping</div><div class=\"content\">milk</div></div></body></html>";
  BytesInput page{std::string(kPage)};
  EXPECT_THAT(read_input("Shopping.html", page).items, SizeIs(1));
  page.put_beside("Shopping.json", std::make_shared<BytesInput>(std::string(kKeep)));
  EXPECT_THAT(read_input("Shopping.html", page).items, IsEmpty());
}

TEST(Keep, ReportsBrokenNotes) {
  EXPECT_THAT(read_bytes("a.json", kKeep.substr(0, kKeep.size() - 20)).failures, SizeIs(1));
  EXPECT_THAT(read_bytes("a.json", R"({"isTrashed": true, "userEditedTimestampUsec": 5, "textContent": "gone"})").items, IsEmpty());
}

TEST(Notion, CleansNamesAndReadsProperties) {
  const auto page = read_bytes("Cake plan 0123456789abcdef0123456789abcdef.md",
                               "# Cake plan\n\nTags: sweet, 周末\nCreated: May 1, 2024 10:22 AM\nStatus: Done\n\nThree eggs.\n");
  EXPECT_EQ(page.format, "notion");
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].item.title, "Cake plan");
  EXPECT_THAT(page.items[0].item.tags, ElementsAre("sweet", "周末"));
  EXPECT_EQ(time_of(page.items[0]), "2024-05-01T10:22:00Z");
  EXPECT_EQ(page.items[0].item.external_id, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(read_bytes("Cake plan.md", "# Cake\n").format, "markdown");
}

TEST(Notion, ReadsRowsThatArePagesOnce) {
  const auto table = read_bytes("Tasks fedcba9876543210fedcba9876543210.csv", "\xEF\xBB\xBFName,Status,Tags\nWindow,Done,\"home, glass\"\n门,,\n");
  EXPECT_EQ(table.format, "notion table");
  ASSERT_THAT(table.items, SizeIs(2));
  EXPECT_EQ(table.items[0].item.title, "Window");
  EXPECT_EQ(table.items[0].text, "# Window\n\nStatus: Done\nTags: home, glass");
  EXPECT_THAT(table.items[0].item.tags, ElementsAre("home", "glass", "Tasks"));
  const auto page = read_bytes("Window 1123456789abcdef0123456789abcdef.md", "# Window\n\nTags: home, glass\nStatus: Done\n");
  EXPECT_EQ(page.items.at(0).item.key, table.items[0].item.key);
}

TEST(AppleNotes, TakesTheTimeFromTheName) {
  Request request;
  request.name = "Garden-2019-05-07T17_08_12Z.txt";
  request.only = SourceKind::Notes;
  const BytesInput input("Water the roses.");
  const auto* format = find_format(request, input);
  ASSERT_TRUE(format);
  ReadFile read;
  reading::Collect sink(input, read);
  ASSERT_TRUE(format->read(request, input, sink));
  ASSERT_THAT(read.items, SizeIs(1));
  EXPECT_EQ(read.items[0].item.kind, ItemKind::Note);
  EXPECT_EQ(read.items[0].item.title, "Garden");
  EXPECT_EQ(time_of(read.items[0]), "2019-05-07T17:08:12Z");
}

TEST(Limitless, TellsUtcFromLocalTime) {
  const auto lifelog = [](std::string_view start, std::string_view end) {
    return fmt::format(R"({{"id": "L1", "title": "A walk", "markdown": "# A walk\n\n## Trees\n\n- Ann (2/1/25 10:00 AM): Look, an oak.\n", "startTime": "{}", "endTime": "{}",
      "contents": [{{"type": "heading1", "content": "A walk"}}, {{"type": "heading2", "content": "Trees", "children": [
        {{"type": "blockquote", "content": "Look, an oak.", "speakerName": "Ann", "speakerIdentifier": null, "startTime": "{}"}},
        {{"type": "blockquote", "content": "很大！", "speakerName": "Speaker 1"}}]}}]}})", start, end, start);
  };
  const auto check = [](const ReadFile& read) {
    EXPECT_EQ(read.format, "limitless");
    EXPECT_THAT(read.failures, IsEmpty());
    ASSERT_THAT(read.texts(), ElementsAre("Trees\nAnn: Look, an oak.\nSpeaker 1: 很大！"));
    const auto& item = read.items[0].item;
    EXPECT_EQ(item.title, "A walk");
    EXPECT_EQ(item.kind, ItemKind::Recording);
    EXPECT_EQ(time_of(read.items[0]), "2025-02-01T15:00:00Z");
    EXPECT_EQ(item.until, parse_time("2025-02-01T15:30:00Z").value());
    EXPECT_EQ(item.zone, -300);
    ASSERT_THAT(item.people, SizeIs(1));
    EXPECT_EQ(item.people[0].name, "Ann");
  };
  const auto local = lifelog("2025-02-01T10:00:00-05:00", "2025-02-01T10:30:00-05:00");
  check(read_bytes("a.json", fmt::format(R"({{"data": {{"lifelogs": [{}]}}, "meta": {{"lifelogs": {{"nextCursor": null, "count": 1}}}}}})", local)));
  // UTC outside, the wearer's clock inside.
  const auto utc = lifelog("2025-02-01T15:00:00Z", "2025-02-01T15:30:00Z");
  check(read_bytes("a.json", fmt::format(R"({{"data": {{"lifelogs": [{}]}}}})", utc)));
  check(read_bytes("a.json", "[" + utc + "]"));
  check(read_bytes("a.json", utc));
  EXPECT_THAT(read_bytes("a.json", "[" + utc + ", " + utc.substr(0, 90)).failures, SizeIs(1));
}

TEST(Limitless, ReadsItsPages) {
  const auto read = read_bytes("2025-02-01.md", "# A walk\n\n## Trees\n\n- Ann (2/1/25 10:00 AM): Look, an oak.\n- Speaker 1 (2/1/25 10:05 AM): Big!\n");
  EXPECT_EQ(read.format, "limitless page");
  ASSERT_THAT(read.texts(), ElementsAre("## Trees\n\nAnn: Look, an oak.\nSpeaker 1: Big!"));
  EXPECT_EQ(read.items[0].item.title, "A walk");
  EXPECT_EQ(time_of(read.items[0]), "2025-02-01T10:00:00Z");
  EXPECT_EQ(read.items[0].item.certainty, TimeCertainty::Zone);
  EXPECT_EQ(read.items[0].item.until, parse_time("2025-02-01T10:05:00Z").value());
}

TEST(Omi, ReadsConversations) {
  const auto read = read_bytes("omi.json", R"([{"id": "O1", "created_at": "2025-02-01T15:00:00.123456+00:00", "started_at": "2025-02-01T15:00:00+00:00", "finished_at": "2025-02-01T15:10:00+00:00",
    "structured": {"title": "Boiler", "overview": "The boiler is to be repaired.", "emoji": "x", "category": "home", "action_items": [{"description": "Call the plumber", "completed": false}], "events": []},
    "transcript_segments": [{"text": " It is cold. ", "speaker": "SPEAKER_00", "is_user": true, "start": 0.0, "end": 2.5}, {"text": "叫水管工", "speaker": "SPEAKER_01", "is_user": false, "start": 3.0, "end": 4.5}],
    "geolocation": {"latitude": 52.5, "longitude": 13.4, "address": "River road 1"}}])");
  EXPECT_EQ(read.format, "omi");
  EXPECT_THAT(read.failures, IsEmpty());
  ASSERT_THAT(read.texts(), ElementsAre("The boiler is to be repaired.\n- [ ] Call the plumber\n\nMe: It is cold.\nSPEAKER_01: 叫水管工"));
  EXPECT_EQ(read.items[0].item.title, "Boiler");
  EXPECT_EQ(read.items[0].item.until, parse_time("2025-02-01T15:10:00Z").value());
  EXPECT_EQ(read.items[0].item.places.at(0).name, "River road 1");
  EXPECT_THAT(read.items[0].item.tags, ElementsAre("home"));
}

}  // namespace
}  // namespace hearth::memory::extract
