#include "memory/fts_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::memory {
namespace {

class FtsTokenizer : public testing::Test {
 protected:
  void SetUp() override {
    connection_ = *store::Connection::open(":memory:", store::Connection::Mode::ReadWrite);
    ASSERT_TRUE(register_tokenizer(*connection_));
    ASSERT_TRUE(connection_->execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'hearth')"));
    ASSERT_TRUE(connection_->run("INSERT INTO t VALUES ('我在北京大学学习计算机'), ('Mail ann.lee@example.com about running')"));
  }
  std::int64_t count(std::string_view query) {
    return *connection_->integer("SELECT count(*) FROM t WHERE t MATCH ?", std::string(query));
  }
  std::unique_ptr<store::Connection> connection_;
};

TEST_F(FtsTokenizer, FindsChineseSubstringsAndSingleCharacters) {
  EXPECT_EQ(count("\"北京\""), 1);
  EXPECT_EQ(count("\"京大学\""), 1);
  EXPECT_EQ(count("\"大京\""), 0);
  EXPECT_EQ(count("\"机\" *"), 1);
  EXPECT_EQ(count("\"京\" *"), 1);
}

TEST_F(FtsTokenizer, FindsStemsAndAddresses) {
  EXPECT_EQ(count("\"runs\""), 1);
  EXPECT_EQ(count("\"ann.lee@example.com\""), 1);
  EXPECT_EQ(count("\"lee.ann@example.com\""), 0);
}

TEST_F(FtsTokenizer, MarksTheWordsItself) {
  const auto marked = *connection_->one("SELECT highlight(t, 0, '[', ']') FROM t WHERE t MATCH '\"大学\"'",
                                        [](store::Statement& s) { return s.text(0); });
  EXPECT_EQ(*marked, "我在北京[大学]学习计算机");
}

}  // namespace
}  // namespace hearth::memory
