#include "memory/schema.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "memory/fts_tokenizer.h"

namespace hearth::memory {
namespace {

TEST(Rows, StandForPassages) {
  for (const std::int64_t item : {1LL, 2LL, 1'000'000LL, 1LL << 40}) {
    for (const std::int64_t number : {0LL, 1LL, 63LL, 64LL, 65LL, 65534LL}) {
      const auto passage = first_passage(item) + number;
      EXPECT_EQ(passage_of_row(row_of_passage(passage)), passage) << item << " " << number;
    }
  }
}

TEST(Rows, KeepTheOrderOfItems) {
  EXPECT_LT(row_of_passage(first_passage(7)), row_of_passage(first_passage(7) + 63));
  EXPECT_LT(row_of_passage(first_passage(7) + 63), row_of_passage(first_passage(8)));
  EXPECT_LT(row_of_passage(first_passage(8) + 64), row_of_passage(first_passage(1)));
  EXPECT_LT(row_of_passage(first_passage(7) + 64), row_of_passage(first_passage(7) + 65));
  EXPECT_LT(row_of_passage(first_passage(7) + 65), row_of_passage(first_passage(8) + 64));
}

TEST(Migrations, CountThePassagesOfOlderItems) {
  const TemporaryFolder folder;
  const auto path = (folder.path() / "memory.db").string();
  auto older = memory_schema();
  older.migrations = older.migrations.first(2);
  {
    auto database = *store::Database::open(path, {older}, {.prepare = register_tokenizer});
    const auto written = database->write_now([](store::Connection& c) -> Result<> {
      for (const int item : {1, 2}) {
        TRY(c.run("INSERT INTO items (id, source, key, kind, external_id, type, title, certainty, outside, attached, details)"
                  " VALUES (?1, 1, ?1, 'note', '', '', '', 'exact', 0, 0, '{}')", item));
      }
      for (const auto passage : {first_passage(1), first_passage(1) + 1, last_passage(1), first_passage(2)}) {
        TRY(c.run("INSERT INTO passages (id, text) VALUES (?, 'text')", passage));
      }
      return {};
    });
    ASSERT_TRUE(written.has_value()) << written.error().describe();
  }
  auto database = *store::Database::open(path, {memory_schema()}, {.prepare = register_tokenizer});
  EXPECT_EQ(*database->read_now([](store::Connection& c) { return c.integer("SELECT group_concat(passages, '') FROM items ORDER BY id"); }), 31);
}

}  // namespace
}  // namespace hearth::memory
