#include "kernel/audit.h"

#include <gtest/gtest.h>

#include "base/temporary_folder.h"
#include "kernel/kernel.h"

namespace hearth::kernel {
namespace {

class AuditTest : public testing::Test {
 protected:
  AuditTest() {
    begin();
    for (int i = 0; i < 5; ++i) append(fmt::format("files.list{}", i));
  }
  void begin() {
    ASSERT_TRUE(database_->write_now([&](store::Connection& c) { return audit_.begin(c); }).has_value());
  }
  void append(std::string operation) {
    const auto done = database_->write_now([&](store::Connection& c) {
      return audit_.append(c, {0, Time(Duration(5)), "person:a", "a", operation, "read", "files:/", "ok", "::1"});
    });
    ASSERT_TRUE(done.has_value());
  }
  AuditVerdict verdict_after(std::string sql) {
    EXPECT_TRUE(database_->write_now([&](store::Connection& c) { return c.execute(sql); }).has_value());
    return *database_->read_now([&](store::Connection& c) { return audit_.verify(c, {}, {}); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<store::Database> database_ = *store::Database::open(folder_.path() / "system.db", {kernel_schema()});
  Audit audit_ = Audit(std::string(32, 'k'));
};

TEST_F(AuditTest, AcceptsWhatItWrote) {
  const auto verdict = verdict_after("");
  EXPECT_TRUE(verdict.ok);
  EXPECT_EQ(verdict.entries, 5);
}

TEST_F(AuditTest, NamesTheAlteredRow) {
  EXPECT_EQ(verdict_after("UPDATE audit SET outcome = 'denied' WHERE seq = 3").first_bad, 3);
}

TEST_F(AuditTest, NamesTheRemovedRow) {
  const auto verdict = verdict_after("DELETE FROM audit WHERE seq = 2");
  EXPECT_EQ(verdict.first_bad, 2);
  EXPECT_EQ(verdict.problem, "removed");
}

TEST_F(AuditTest, NamesTheFirstRowCutOffTheEnd) {
  EXPECT_EQ(verdict_after("DELETE FROM audit WHERE seq > 3").first_bad, 4);
}

TEST_F(AuditTest, NoticesACutEndEvenAfterMoreWasWritten) {
  verdict_after("DELETE FROM audit WHERE seq > 3");
  append("later");
  EXPECT_EQ(verdict_after("").first_bad, 4);
}

TEST_F(AuditTest, NamesTheFirstOfTwoSwappedRows) {
  EXPECT_EQ(verdict_after("UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 4;"
                          "UPDATE audit SET seq = 4 WHERE seq = -1")
                .first_bad,
            2);
}

TEST_F(AuditTest, NoticesARewrittenHead) {
  EXPECT_FALSE(verdict_after("DELETE FROM audit WHERE seq = 5; UPDATE audit_head SET seq = 4").ok);
  EXPECT_FALSE(verdict_after("DELETE FROM audit_head").ok);
}

TEST_F(AuditTest, NamesTheRowBehindTheLastWhereTheHeadWasRewritten) {
  EXPECT_EQ(verdict_after("DELETE FROM audit WHERE seq = 5; UPDATE audit_head SET seq = 4").first_bad, 5);
}

TEST_F(AuditTest, GoesOnWhateverNumbersWerePutIn) {
  verdict_after("UPDATE audit SET seq = 9223372036854775807 WHERE seq = 5");
  append("later");
  append("and later");
  EXPECT_EQ(verdict_after("").first_bad, 5);
  verdict_after("UPDATE audit_head SET seq = 9223372036854775807");
  append("still");
}

TEST_F(AuditTest, NoticesWhatReadsTheSameButIsNot) {
  EXPECT_EQ(verdict_after("UPDATE audit SET time = time + 0.5 WHERE seq = 2").first_bad, 2);
}

TEST_F(AuditTest, IsGoneWithItsTable) {
  EXPECT_EQ(verdict_after("DROP TABLE audit").first_bad, 1);
}

TEST_F(AuditTest, AnEarlierStateOfTheDatabaseIsNotItsEnd) {
  const auto path = folder_.path() / "anchor";
  const auto last = [&] { return *database_->read_now([](store::Connection& c) { return Audit::last(c); }); };
  {
    auto anchor = *AuditAnchor::open(path);
    EXPECT_TRUE(anchor.is_new());
    EXPECT_TRUE(anchor.move(last()).has_value());
  }
  // Back to three rows, with the head of then.
  verdict_after("DELETE FROM audit; DELETE FROM audit_head");
  begin();
  for (int i = 0; i < 3; ++i) append(fmt::format("files.list{}", i));
  EXPECT_TRUE(verdict_after("").ok);  // as far as the database knows
  auto anchor = *AuditAnchor::open(path);
  EXPECT_EQ(anchor.mark().seq, 5);
  const auto missing = *database_->read_now([&](store::Connection& c) { return Audit::missing(c, anchor.mark()); });
  EXPECT_EQ(missing, 4);
  EXPECT_TRUE(anchor.found_lost(*missing).has_value());
  for (int i = 0; i < 4; ++i) {
    append("later");
    EXPECT_TRUE(anchor.move(last()).has_value());
  }
  const auto again = *AuditAnchor::open(path);
  EXPECT_EQ(again.lost(), 4);
  EXPECT_EQ(again.mark().seq, 5);
  const auto verdict = *database_->read_now([&](store::Connection& c) { return audit_.verify(c, again.mark(), again.lost()); });
  EXPECT_EQ(verdict.first_bad, 4);
  EXPECT_EQ(verdict.problem, "removed");
}

TEST_F(AuditTest, AnEmptiedChainIsNotWhole) { EXPECT_EQ(verdict_after("DELETE FROM audit").first_bad, 1); }

TEST_F(AuditTest, NorIsOneThatWasRemovedWithItsHead) {
  auto verdict = verdict_after("DELETE FROM audit; DELETE FROM audit_head");
  EXPECT_EQ(verdict.first_bad, 1);
  EXPECT_EQ(verdict.problem, "removed");
  append("later");
  append("and later");
  verdict = verdict_after("");
  EXPECT_EQ(verdict.first_bad, 1);
  EXPECT_EQ(verdict.problem, "removed");
}

TEST_F(AuditTest, AHeadThatWasRemovedIsNotMadeAnew) {
  verdict_after("DELETE FROM audit_head");
  begin();
  EXPECT_FALSE(verdict_after("").ok);
  append("later");
  EXPECT_EQ(verdict_after("").first_bad, 6);
}

TEST_F(AuditTest, OneWithoutEntriesIsWhole) {
  verdict_after("DELETE FROM audit; DELETE FROM audit_head");
  begin();  // as on a new home
  const auto verdict = verdict_after("");
  EXPECT_TRUE(verdict.ok);
  EXPECT_EQ(verdict.entries, 0);
  EXPECT_EQ(verdict.message_zh, "审计为空。");
  append("first");
  EXPECT_EQ(verdict_after("").entries, 1);
}

}  // namespace
}  // namespace hearth::kernel
