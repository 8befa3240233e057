#include "memory/index_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "memory/fts_tokenizer.h"

namespace hearth::memory {
namespace {

using store::Connection;

class IndexWords : public testing::Test {
 protected:
  void SetUp() override {
    connection_ = *Connection::open(":memory:", Connection::Mode::ReadWrite);
    ASSERT_TRUE(register_tokenizer(*connection_));
    ASSERT_TRUE(connection_->execute("CREATE VIRTUAL TABLE t USING fts5(body, title, content = '', columnsize = 0, tokenize = 'hearth');"
                                     "CREATE VIRTUAL TABLE v USING fts5vocab(t, 'row')"));
  }

  void add(std::int64_t row, const std::string& text) {
    ASSERT_TRUE(connection_->run("INSERT INTO t (rowid, body, title) VALUES (?, ?, 'letter')", row, text));
  }

  std::map<std::string, std::int64_t> words(const std::string& prefix, int pages = 1000) {
    std::map<std::string, std::int64_t> found;
    EXPECT_TRUE(add_index_words(*connection_, "t", prefix, pages, found));
    return found;
  }

  // As FTS5 itself tells.
  std::set<std::string> true_words(const std::string& prefix) {
    const auto all = *connection_->all("SELECT term FROM v", [](store::Statement& s) { return s.text(0); });
    std::set<std::string> found;
    for (const auto& word : all) {
      if (word.starts_with(prefix)) found.insert(word);
    }
    return found;
  }

  void expect_all(const std::string& prefix) {
    std::set<std::string> found;
    for (const auto& [word, size] : words(prefix)) found.insert(word);
    EXPECT_EQ(found, true_words(prefix)) << prefix;
  }

  std::unique_ptr<Connection> connection_;
};

TEST_F(IndexWords, AreThoseOfTheIndex) {
  EXPECT_TRUE(words("a").empty());
  add(1, "apple apricot 北京大学");
  EXPECT_THAT(words("ap"), testing::SizeIs(2));
  EXPECT_THAT(words("大"), testing::ElementsAre(testing::Key("大学")));
  // Several segments, pages on which terms begin, and terms whose entries fill many pages.
  std::int64_t row = 2;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(connection_->run("BEGIN"));
    for (int j = 0; j < 100; ++j, row += 70'000) add(row, fmt::format("common w{} x{}y commonly{} {}", (row * 7919) % 5003, row % 97, row % 11, row));
    ASSERT_TRUE(connection_->run("COMMIT"));
  }
  for (const auto* prefix : {"", "w", "w1", "w49", "x", "common", "letter", "zzz", "1", "99", "北"}) expect_all(prefix);
  ASSERT_TRUE(connection_->run("INSERT INTO t (t, rank) VALUES ('merge', 30)"));  // is left in the middle
  for (const auto* prefix : {"", "w", "x", "common"}) expect_all(prefix);
  ASSERT_TRUE(connection_->run("INSERT INTO t (t) VALUES ('optimize')"));
  for (const auto* prefix : {"", "w", "w1", "x9", "common"}) expect_all(prefix);
}

TEST_F(IndexWords, TellWhichAreFrequent) {
  for (int i = 1; i <= 3000; ++i) add(i * 64, i % 100 == 0 ? "there therapy" : "there");
  const auto found = words("the");
  EXPECT_GT(found.at("there"), 20 * found.at("therapi"));
}

TEST_F(IndexWords, EndWithThePages) {
  ASSERT_TRUE(connection_->run("BEGIN"));
  for (int i = 1; i <= 3000; ++i) add(i, fmt::format("w{}", i));
  ASSERT_TRUE(connection_->run("COMMIT"));
  const auto some = words("w", 2).size();
  EXPECT_GT(some, 10u);
  EXPECT_LT(some, 3000u);
}

TEST_F(IndexWords, PassOverWhatIsNoPage) {
  add(1, "apple");
  for (const auto& bytes : {std::string(), std::string(1, '\xFF'), std::string(40, '\xFF'), std::string(5000, '\x81'), std::string({0, 0, 0, 6, 'a', 'b', 4})}) {
    auto update = *connection_->prepare("UPDATE t_data SET block = ? WHERE id > 10");
    update.bind_blob(1, bytes);
    while (*update.step()) {
    }
    EXPECT_THAT(words("a"), testing::IsEmpty());
  }
  for (const auto& bytes : {std::string(), std::string(3, '\0'), std::string(100, '\xFF'), std::string(100, '\x7F')}) {
    auto update = *connection_->prepare("UPDATE t_data SET block = ? WHERE id = 10");
    update.bind_blob(1, bytes);
    while (*update.step()) {
    }
    EXPECT_THAT(words("a"), testing::IsEmpty());
  }
}

}  // namespace
}  // namespace hearth::memory
