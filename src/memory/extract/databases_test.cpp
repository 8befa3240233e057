#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

#include "base/temporary_folder.h"
#include "memory/extract/imessage.h"
#include "memory/extract/reading_for_tests.h"
#include "memory/extract/sqlite_input.h"

// iMessage and the browsers, from databases made with their tables.
namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Databases : public testing::Test {
 protected:
  // The bytes of a database in which this was run; with its log, when it has one.
  BytesInput make(const std::string& sql, std::string_view name) {
    const auto path = folder_.path() / "made.db";
    std::filesystem::remove(path);
    sqlite3* database = nullptr;
    EXPECT_EQ(::sqlite3_open(path.c_str(), &database), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
    BytesInput input(file_bytes(path));
    const auto log = path.string() + "-wal";
    if (std::filesystem::exists(log)) input.put_beside(std::string(name) + "-wal", std::make_shared<BytesInput>(file_bytes(log)));
    ::sqlite3_close(database);
    return input;
  }
  TemporaryFolder folder_;
};

// As NSArchiver writes "text".
std::string attributed(std::string_view text) {
  std::string body = "\x04\x0Bstreamtyped\x81\xE8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString";
  body += std::string("\0\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+", 32);
  if (text.size() < 0x80) {
    body += static_cast<char>(text.size());
  } else {
    body += '\x81';
    body += static_cast<char>(text.size() & 0xFF);
    body += static_cast<char>(text.size() >> 8);
  }
  return body + std::string(text) + "\x86\x84\x02iI";
}

TEST(Imessage, ReadsAttributedBodies) {
  EXPECT_EQ(attributed_text(attributed("hi 小明")), "hi 小明");
  const std::string longer(300, 'x');
  EXPECT_EQ(attributed_text(attributed(longer)), longer);
  EXPECT_EQ(attributed_text(attributed("cut").substr(0, 70)), attributed_text(attributed("cut").substr(0, 70)));
  EXPECT_EQ(attributed_text("nothing"), "");
}

std::string hex(std::string_view bytes) { return "x'" + to_hex(bytes) + "'"; }

const std::string kMessages =
    "CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, text TEXT, attributedBody BLOB, handle_id INTEGER DEFAULT 0,"
    " service TEXT, account TEXT, date INTEGER, is_from_me INTEGER DEFAULT 0, associated_message_type INTEGER DEFAULT 0, date_edited INTEGER DEFAULT 0, group_title TEXT);"
    "CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT UNIQUE, id TEXT NOT NULL, service TEXT NOT NULL);"
    "CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE NOT NULL, style INTEGER, chat_identifier TEXT, display_name TEXT);"
    "CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));"
    "CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);"
    "CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, filename TEXT, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);"
    "CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);"
    "INSERT INTO handle VALUES (1, '+491701234567', 'iMessage'), (2, 'bo@example.org', 'iMessage');"
    "INSERT INTO chat VALUES (1, 'iMessage;-;+491701234567', 45, '+491701234567', ''), (2, 'iMessage;+;chat9', 43, 'chat9', 'Trip');"
    "INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2);"
    "INSERT INTO message (ROWID, guid, text, handle_id, account, date, is_from_me) VALUES"
    " (1, 'A', 'in seconds', 1, 'E:ann@example.org', 736251753, 0), (2, 'B', 'in nanoseconds', 0, 'E:ann@example.org', 736251800000000000, 1);"
    "INSERT INTO message (ROWID, guid, attributedBody, handle_id, date, is_from_me) VALUES (3, 'C', " +
    hex(attributed("from the body")) +
    ", 2, 736251900000000000, 0);"
    "INSERT INTO message (ROWID, guid, text, handle_id, date, associated_message_type) VALUES (4, 'D', 'Loved “in seconds”', 2, 736251901000000000, 2000);"
    "INSERT INTO message (ROWID, guid, text, handle_id, date) VALUES (5, 'E', '\xEF\xBF\xBC', 1, 736251902000000000);"
    "INSERT INTO attachment VALUES (1, 'a', '~/Library/Messages/Attachments/cat.heic', 'image/heic', 'cat.heic', 99);"
    "INSERT INTO message_attachment_join VALUES (5, 1);"
    "INSERT INTO chat_message_join VALUES (1, 1), (1, 2), (2, 3), (2, 4), (2, 5);";

TEST_F(Databases, ReadMessages) {
  const auto check = [](const ReadFile& read) {
    EXPECT_EQ(read.format, "imessage");
    EXPECT_THAT(read.failures, IsEmpty());
    ASSERT_THAT(read.texts(), ElementsAre("in seconds", "in nanoseconds", "from the body", "cat.heic"));
    EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
    EXPECT_EQ(time_of(read.items[1]), "2024-05-01T10:23:20Z");
    EXPECT_EQ(read.items[0].item.people.at(0).address, "tel:+491701234567");
    EXPECT_EQ(read.items[1].item.people.at(0).address, "ann@example.org");
    EXPECT_EQ(read.items[1].item.people.at(1).address, "tel:+491701234567");
    EXPECT_EQ(read.items[0].item.title, "+491701234567");
    EXPECT_EQ(read.items[2].item.title, "Trip");
    EXPECT_EQ(read.items[2].item.people.at(0).address, "bo@example.org");
    EXPECT_EQ(read.items[3].item.attachments.at(0).type, "image/heic");
    EXPECT_EQ(read.items[0].within, "iMessage;-;+491701234567/A");
  };
  check(read_input("chat.db", make(kMessages, "chat.db")));
  // While the application runs, the newest messages stand in the log alone.
  const auto input = make("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; " + kMessages, "chat.db");
  ASSERT_TRUE(input.beside("chat.db-wal"));
  check(read_input("chat.db", input));
  // Without its log a database says what it said before.
  const auto folded = make(kMessages + "PRAGMA journal_mode = WAL;", "other.db");
  check(read_input("chat.db", BytesInput(folded.read_all().value())));
}

TEST_F(Databases, SurviveDamage) {
  const auto bytes = make(kMessages, "chat.db").read_all().value();
  for (std::size_t step = 0; step < 60; ++step) {
    auto broken = bytes;
    for (std::size_t at = 100 + step * 37; at < broken.size(); at += 997) broken[at] = static_cast<char>(at * 31 + step);
    (void)read_bytes("chat.db", broken);
    (void)read_bytes("chat.db", bytes.substr(0, step * bytes.size() / 60));
  }
  // A view in the place of a table, which could go on for ever.
  const auto endless = make("CREATE VIEW moz_places AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 'http://x' AS url FROM n;"
                            "CREATE TABLE moz_historyvisits (id INTEGER);", "a.db");
  EXPECT_EQ(read_input("a.db", endless).format, "");
}

TEST_F(Databases, ReadBrowsers) {
  const auto chrome = read_input("History", make(
      "CREATE TABLE meta (key TEXT, value TEXT);"
      "CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT, visit_count INTEGER, last_visit_time INTEGER);"
      "CREATE TABLE visits (id INTEGER PRIMARY KEY, url INTEGER, visit_time INTEGER, from_visit INTEGER, transition INTEGER);"
      "INSERT INTO urls VALUES (1, 'https://example.org/boiler', 'Boiler repair', 2, 0), (2, 'chrome://settings', 'Settings', 1, 0), (3, 'https://example.org/frame', 'Frame', 1, 0);"
      "INSERT INTO visits VALUES (1, 1, 13359032553000000, 0, 805306368), (2, 1, 13359036153000000, 0, 805306368), (3, 1, 13359120000000000, 0, 805306368),"
      " (4, 2, 13359032553000000, 0, 805306368), (5, 3, 13359032553000000, 0, 805306371), (6, 3, 13359032553000000, 0, 268435456);", "History"));
  EXPECT_EQ(chrome.format, "chrome history");
  ASSERT_THAT(chrome.texts(), ElementsAre("Boiler repair\nhttps://example.org/boiler", "Boiler repair\nhttps://example.org/boiler"));
  EXPECT_EQ(time_of(chrome.items[0]), "2024-05-01T10:22:33Z");
  EXPECT_EQ(chrome.items[0].item.kind, ItemKind::Page);
  EXPECT_EQ(chrome.items[0].within.substr(0, 11), "2024-05-01/");

  const auto firefox = read_input("places.sqlite", make(
      "CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT, title TEXT, hidden INTEGER);"
      "CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER, visit_date INTEGER, visit_type INTEGER);"
      "CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER, parent INTEGER, title TEXT, dateAdded INTEGER);"
      "INSERT INTO moz_places VALUES (1, 'https://example.org/烤', '烤箱', 0), (2, 'https://example.org/hidden', 'x', 1);"
      "INSERT INTO moz_historyvisits VALUES (1, 1, 1714558953000000, 1), (2, 2, 1714558953000000, 1), (3, 1, 1714558954000000, 4);"
      "INSERT INTO moz_bookmarks VALUES (1, 2, NULL, 0, 'Recipes', 0), (2, 1, 1, 1, 'Oven', 1714558953000000);", "places.sqlite"));
  EXPECT_EQ(firefox.format, "firefox history");
  ASSERT_THAT(firefox.texts(), ElementsAre("烤箱\nhttps://example.org/烤", "Oven\nhttps://example.org/烤"));
  EXPECT_EQ(time_of(firefox.items[0]), "2024-05-01T10:22:33Z");
  EXPECT_THAT(firefox.items[1].item.tags, ElementsAre("Recipes"));

  const auto safari = read_input("History.db", make(
      "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT, visit_count INTEGER);"
      "CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, load_successful BOOLEAN DEFAULT 1, redirect_destination INTEGER);"
      "INSERT INTO history_items VALUES (1, 'https://example.org/a', 1);"
      "INSERT INTO history_visits VALUES (1, 1, 736251753.5, 'A page', 1, NULL), (2, 1, 736251700.0, 'gone', 0, NULL);", "History.db"));
  EXPECT_EQ(safari.format, "safari history");
  ASSERT_THAT(safari.texts(), ElementsAre("A page\nhttps://example.org/a"));
  EXPECT_EQ(time_of(safari.items[0]), "2024-05-01T10:22:33.500Z");
}

TEST(Bookmarks, ReadTheFormatOfAllBrowsers) {
  const auto read = read_bytes("bookmarks.html", R"x(<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1714558000">Recipes &amp; food</H3>
    <DL><p>
        <DT><A HREF="https://example.org/cake?a=1&amp;b=2" ADD_DATE="1714558953" TAGS="sweet,烘焙">Cake &lt;3</A>
        <DD>The one with eggs
    </DL><p>
    <DT><A HREF="javascript:alert(1)">No page</A>
    <DT><A HREF="https://example.org/b">Later</A>
</DL><p>
)x");
  EXPECT_EQ(read.format, "bookmarks");
  EXPECT_THAT(read.failures, IsEmpty());
  ASSERT_THAT(read.texts(), ElementsAre("Cake <3\nhttps://example.org/cake?a=1&b=2\nThe one with eggs", "Later\nhttps://example.org/b"));
  EXPECT_THAT(read.items[0].item.tags, ElementsAre("Recipes & food", "sweet", "烘焙"));
  EXPECT_EQ(time_of(read.items[0]), "2024-05-01T10:22:33Z");
  EXPECT_TRUE(read.originals[0].ends_with("Cake &lt;3</A>"));
}

}  // namespace
}  // namespace hearth::memory::extract
