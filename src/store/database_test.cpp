#include "store/database.h"

#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <thread>

#include "base/temporary_folder.h"
#include "base/testing.h"

namespace hearth::store {
namespace {

constexpr std::array<Migration, 1> kMigrations = {{{"notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)"}}};

const Schema kNotes = {"notes", kMigrations};

auto add(std::string text) {
  return [text = std::move(text)](Connection& c) { return c.run("INSERT INTO notes (text) VALUES (?)", text); };
}

Result<std::int64_t> count(Connection& c) { return c.integer("SELECT count(*) FROM notes"); }

TEST(Database, KeepsWhatItAcknowledged) {
  const TemporaryFolder folder;
  {
    auto database = *Database::open(folder.path() / "notes.db", {kNotes});
    run_until_done([&](Executor) -> Task<> {
      const auto written = co_await database->write(add("one"));
      EXPECT_TRUE(written.has_value());
      const auto rows = co_await database->read(count);
      EXPECT_EQ(*rows, 1);
    });
  }
  auto again = *Database::open(folder.path() / "notes.db", {kNotes});
  EXPECT_EQ(*again->read_now(count), 1);
}

TEST(Database, AnErrorRollsBackOnlyItsOwnWork) {
  const TemporaryFolder folder;
  auto database = *Database::open(folder.path() / "notes.db", {kNotes});
  int failures = 0;
  run_until_done([&](Executor executor) -> Task<> {
    TaskGroup group(executor);
    for (const auto* text : {"a", "b", "a", "c"}) {
      group.spawn("write", [](Database& d, int& f, std::string t) -> Task<> {
        const auto done = co_await d.write([t](Connection& c) -> Result<> {
          TRY(c.run("INSERT INTO notes (text) VALUES (?)", t + "-before"));
          return c.run("INSERT INTO notes (text) VALUES (?)", t);
        });
        if (!done) ++f;
      }(*database, failures, text));
    }
    while (group.size() > 0) co_await boost::asio::post(executor, boost::asio::use_awaitable);
  });
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(*database->read_now(count), 6);
}

TEST(Database, RefusesWhatIsNoDatabase) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "notes.db") << std::string(8192, 'x');
  const auto database = Database::open(folder.path() / "notes.db", {kNotes});
  ASSERT_FALSE(database.has_value());
  EXPECT_EQ(refusal(database), Code::Corrupt);
  EXPECT_THAT(refusal_text(database), testing::HasSubstr("notes.db is damaged"));
}

TEST(Database, RefusesTheSchemaOfANewerHearth) {
  const TemporaryFolder folder;
  { auto database = *Database::open(folder.path() / "notes.db", {kNotes}); }
  EXPECT_EQ(refusal(Database::open(folder.path() / "notes.db", {Schema{"notes", {}}})), Code::Unsupported);
}

TEST(Database, IsMadeOnceByThoseWhoOpenItTogether) {
  const TemporaryFolder folder;
  std::array<bool, 4> opened{};
  {
    std::vector<std::jthread> threads;
    for (auto& one : opened) {
      threads.emplace_back([&] { one = Database::open(folder.path() / "notes.db", {kNotes}).has_value(); });
    }
  }
  EXPECT_THAT(opened, testing::Each(true));
}

TEST(Database, LeavesAloneWhatAnotherProgramMade) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "notes.db";
  const auto change = [&](std::string_view sql) {
    auto connection = *Connection::open(path, Connection::Mode::ReadWrite);
    EXPECT_TRUE(connection->execute(std::string(sql)).has_value());
  };
  change("CREATE TABLE foreign_table (a)");
  const auto foreign = Database::open(path, {kNotes});
  EXPECT_EQ(refusal(foreign), Code::Corrupt);
  EXPECT_THAT(refusal_text(foreign), testing::HasSubstr("not as Hearth makes it"));
  {
    auto connection = *Connection::open(path, Connection::Mode::ReadOnly);
    EXPECT_EQ(*connection->integer("SELECT count(*) FROM sqlite_master"), 1);
  }
  change("DROP TABLE foreign_table");
  { auto database = *Database::open(path, {kNotes}); }
  for (const std::string_view version : {"-1", "0", "'abc'", "0.5"}) {
    change(fmt::format("UPDATE schema_versions SET version = {}", version));
    EXPECT_EQ(refusal(Database::open(path, {kNotes})), Code::Corrupt) << version;
  }
  change("DELETE FROM schema_versions");  // its tables are there all the same
  const auto without = Database::open(path, {kNotes});
  EXPECT_EQ(refusal(without), Code::Corrupt);
  EXPECT_THAT(refusal_text(without), testing::HasSubstr("does not hold what its version says"));
}

TEST(Connection, NestsTheSameQuery) {
  const TemporaryFolder folder;
  auto database = *Database::open(folder.path() / "notes.db", {kNotes});
  const auto pairs = database->write_now([](Connection& c) -> Result<int> {
    TRY(c.run("INSERT INTO notes (text) VALUES ('a'), ('b')"));
    int seen = 0;
    auto outer = TRY(c.prepare("SELECT text FROM notes"));
    while (TRY(outer.step())) {
      auto inner = TRY(c.prepare("SELECT text FROM notes"));
      while (TRY(inner.step())) ++seen;
    }
    return seen;
  });
  EXPECT_EQ(*pairs, 4);
}

TEST(Database, ClosesIntoOneFile) {
  TemporaryFolder folder;
  const auto path = folder.path() / "kept.db";
  {
    auto database = *Database::open(path, {}, {.readers = 2});
    ASSERT_TRUE(database->write_now([](Connection& c) { return c.execute("CREATE TABLE kept (n); INSERT INTO kept VALUES (7)"); }).has_value());
    EXPECT_EQ(*database->read_now([](Connection& c) { return c.integer("SELECT n FROM kept"); }), 7);
  }
  EXPECT_FALSE(std::filesystem::exists(path.string() + "-wal"));
}

}  // namespace
}  // namespace hearth::store
