#include "memory/text/word_vectors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "base/temporary_folder.h"

namespace hearth::memory {
namespace {

struct Entry {
  std::string word;
  std::uint32_t rank;
  std::array<std::int8_t, WordVectors::kDimensions> vector;
};

Entry entry(std::string word, std::uint32_t rank, int first, int second) {
  Entry made{std::move(word), rank, {}};
  made.vector[0] = static_cast<std::int8_t>(first);
  made.vector[1] = static_cast<std::int8_t>(second);
  return made;
}

void put(std::string& file, std::uint32_t number) { file.append(reinterpret_cast<const char*>(&number), 4); }

// A table as vectors/make.mjs writes it.
std::string table_of(const std::vector<Entry>& entries) {
  constexpr std::uint32_t kSlots = 16;
  std::array<std::uint32_t, kSlots> slots{};
  std::string text;
  std::vector<std::uint32_t> starts{0};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::uint32_t hash = 0x811c9dc5;
    for (const char c : entries[i].word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    auto slot = hash % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<std::uint32_t>(i) + 1;
    text += entries[i].word;
    starts.push_back(static_cast<std::uint32_t>(text.size()));
  }
  std::string file = "HEARTHV1";
  put(file, static_cast<std::uint32_t>(entries.size()));
  put(file, WordVectors::kDimensions);
  put(file, kSlots);
  put(file, static_cast<std::uint32_t>(text.size()));
  for (const auto slot : slots) put(file, slot);
  for (const auto start : starts) put(file, start);
  for (const auto& one : entries) put(file, one.rank);
  for (const auto& one : entries) file.append(reinterpret_cast<const char*>(one.vector.data()), one.vector.size());
  return file + text;
}

class WordVectorsTest : public testing::Test {
 protected:
  Result<std::unique_ptr<const WordVectors>> open(const std::string& bytes) {
    const auto path = folder_.path() / "words.vec";
    std::ofstream(path, std::ios::binary) << bytes;
    return WordVectors::open(path);
  }

  std::string good_ = table_of({entry("the", 0, 127, 0), entry("pottery", 15'000, 127, 0), entry("ceramics", 18'000, 122, 34), entry("train", 900, 0, 127)});
  TemporaryFolder folder_;
};

TEST_F(WordVectorsTest, FindsWhatIsThereAndNothingElse) {
  const auto table = open(good_);
  ASSERT_TRUE(table) << table.error().describe();
  EXPECT_TRUE((*table)->find("pottery"));
  EXPECT_FALSE((*table)->find("potter"));
  EXPECT_FALSE((*table)->find(""));
}

TEST_F(WordVectorsTest, LikenessIsACosine) {
  const auto table = open(good_);
  ASSERT_TRUE(table) << table.error().describe();
  const auto pottery = *(*table)->find("pottery");
  EXPECT_NEAR((*table)->likeness(pottery, *(*table)->find("ceramics")), 0.24, 0.01);  // of vectors of length 127 of 254
  EXPECT_EQ((*table)->likeness(pottery, *(*table)->find("train")), 0);
}

TEST_F(WordVectorsTest, SumsAreComparedByDirection) {
  const auto table = open(good_);
  ASSERT_TRUE(table) << table.error().describe();
  WordVectors::Sum a{};
  WordVectors::Sum b{};
  EXPECT_EQ(likeness(a, b), 0);
  (*table)->add(a, *(*table)->find("pottery"), 1);
  (*table)->add(b, *(*table)->find("pottery"), 3);
  EXPECT_NEAR(likeness(a, b), 1, 1e-6);
}

TEST_F(WordVectorsTest, AStopWordSaysNothingAndARareOneMuch) {
  const auto table = open(good_);
  ASSERT_TRUE(table) << table.error().describe();
  EXPECT_EQ((*table)->says(*(*table)->find("the")), 0);
  EXPECT_GT((*table)->says(*(*table)->find("pottery")), 0.95);
  EXPECT_LT((*table)->says(*(*table)->find("train")), (*table)->says(*(*table)->find("pottery")));
}

TEST_F(WordVectorsTest, NearestLeavesOutTheWordItselfAndStopWords) {
  const auto table = open(good_);
  ASSERT_TRUE(table) << table.error().describe();
  const auto near = (*table)->nearest(*(*table)->find("pottery"), 8, 0.2);
  ASSERT_EQ(near.size(), 1U);
  EXPECT_EQ((*table)->text_of(near[0]), "ceramics");
}

TEST_F(WordVectorsTest, DamageIsNamedWhereverItIs) {
  for (std::size_t length = 0; length < good_.size(); length += 37) {
    const auto table = open(good_.substr(0, length));
    ASSERT_FALSE(table) << length;
    EXPECT_EQ(table.error().code(), Code::Corrupt);
  }
  for (const std::size_t place : {0, 8, 12, 16, 20, 24, 24 + 4 * 16 + 4}) {  // the head's numbers, a slot, a start
    auto bytes = good_;
    for (std::size_t i = 0; i < 4; ++i) bytes[place + i] = '\x7f';
    EXPECT_FALSE(open(bytes)) << place;
  }
  EXPECT_FALSE(WordVectors::open(folder_.path() / "not there"));
}

}  // namespace
}  // namespace hearth::memory
