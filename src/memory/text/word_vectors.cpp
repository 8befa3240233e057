#include "memory/text/word_vectors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "memory/text/stop_terms.h"
#include "memory/text/tokenizer.h"

namespace hearth::memory {
namespace {

constexpr std::string_view kMagic = "HEARTHV1";
constexpr double kPerUnit = 254;
constexpr std::size_t kFrequentWords = 20'000;
constexpr std::size_t kRemembered = 4000;  // words
constexpr std::size_t kMostNear = 32;
constexpr float kLeastNear = 0.2F;
constexpr std::uint32_t kWithStopWords = 1000;  // no stop word is rarer
constexpr double kFrequent = 1e-3;              // a share of all words from which on a word says little

struct Head {
  char magic[8];
  std::uint32_t words;
  std::uint32_t dimensions;
  std::uint32_t slots;
  std::uint32_t text;
};
static_assert(std::endian::native == std::endian::little);

std::uint32_t hash_of(std::string_view word) {
  std::uint32_t value = 0x811c9dc5;
  for (const char c : word) value = (value ^ static_cast<unsigned char>(c)) * 0x01000193;
  return value;
}

// Never 0, which is a free slot's.
std::uint8_t mark_of(std::uint32_t hash) { return static_cast<std::uint8_t>(hash >> 24 | 1); }

// The share of a text that the word of this rank is, by Zipf's law.
double share_of(std::uint32_t rank) { return 1 / ((rank + 10.0) * 8.7); }

bool is_stop_word(Tokenizer& tokenizer, std::string_view word) {
  bool stop = false;
  tokenizer.tokenize(word, Tokenizer::Purpose::Query, [&](const Token& token) {
    stop = is_stop_term(token.term);
    return false;
  });
  return stop;
}

}  // namespace

Result<std::unique_ptr<const WordVectors>> WordVectors::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::unexpected(Error::from_errno(errno, "opening {}", path.string()));
  struct stat status{};
  void* mapped = MAP_FAILED;
  int error = 0;
  if (::fstat(file, &status) != 0) {
    error = errno;
  } else if (status.st_size >= static_cast<off_t>(sizeof(Head))) {
    mapped = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) error = errno;
  }
  ::close(file);
  if (error != 0) return std::unexpected(Error::from_errno(error, "reading {}", path.string()));
  const auto damaged = [&] { return fail(Code::Corrupt, "{} is no table of word vectors. Build it again.", path.string()); };
  if (mapped == MAP_FAILED) return damaged();

  std::unique_ptr<WordVectors> table(new WordVectors());
  table->mapped_ = mapped;
  table->size_ = static_cast<std::size_t>(status.st_size);
  Head head{};
  std::memcpy(&head, mapped, sizeof(head));
  const std::uint64_t words = head.words;
  const std::uint64_t expected = sizeof(Head) + 4 * (std::uint64_t{head.slots} + words + 1 + words) + words * kDimensions + head.text;
  if (std::string_view(head.magic, sizeof(head.magic)) != kMagic || head.dimensions != kDimensions || !std::has_single_bit(head.slots) ||
      head.slots <= words || expected != table->size_) {
    return damaged();
  }
  const auto* numbers = reinterpret_cast<const std::uint32_t*>(static_cast<const char*>(mapped) + sizeof(Head));
  table->slots_ = {numbers, head.slots};
  table->starts_ = {numbers + head.slots, words + 1};
  table->ranks_ = {numbers + head.slots + words + 1, words};
  table->vectors_ = reinterpret_cast<const std::int8_t*>(numbers + head.slots + words + 1 + words);
  table->text_ = {reinterpret_cast<const char*>(table->vectors_) + words * kDimensions, head.text};
  if (!table->leads_inside()) return damaged();

  table->marks_.resize(head.slots);
  for (std::size_t slot = 0; slot < head.slots; ++slot) {
    if (const auto word = table->slots_[slot]; word != 0) table->marks_[slot] = mark_of(hash_of(table->text_of(word - 1)));
  }
  Tokenizer tokenizer;
  table->says_.resize(words);
  for (Word word = 0; word < words; ++word) {
    const auto rank = table->ranks_[word];
    const bool stop = rank < kWithStopWords && is_stop_word(tokenizer, table->text_of(word));
    table->says_[word] = stop ? 0 : static_cast<float>(kFrequent / (kFrequent + share_of(rank)));
  }
  return table;
}

WordVectors::~WordVectors() {
  if (mapped_) ::munmap(mapped_, size_);
}

// Whether every number in it leads to a place in it.
bool WordVectors::leads_inside() const {
  for (const auto slot : slots_) {
    if (slot > ranks_.size()) return false;
  }
  for (std::size_t i = 1; i < starts_.size(); ++i) {
    if (starts_[i] < starts_[i - 1] || starts_[i] > text_.size()) return false;
  }
  return starts_[0] == 0;
}

std::string_view WordVectors::text_of(Word word) const { return text_.substr(starts_[word], starts_[word + 1] - starts_[word]); }

std::optional<WordVectors::Word> WordVectors::find(std::string_view word) const {
  const auto mask = slots_.size() - 1;
  const auto hash = hash_of(word);
  for (auto slot = hash & mask;; slot = (slot + 1) & mask) {
    if (marks_[slot] == 0) return std::nullopt;
    if (marks_[slot] == mark_of(hash) && text_of(slots_[slot] - 1) == word) return slots_[slot] - 1;
  }
}

double WordVectors::likeness(Word a, Word b) const {
  const auto* x = vector_of(a);
  const auto* y = vector_of(b);
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < kDimensions; ++i) sum += std::int32_t{x[i]} * y[i];
  return sum / (kPerUnit * kPerUnit);
}

std::vector<WordVectors::Word> WordVectors::nearest(Word word, std::size_t most, double least) const {
  const std::scoped_lock lock(mutex_);
  if (near_.size() > kRemembered) near_.clear();
  auto [found, fresh] = near_.try_emplace(word);
  auto& near = found->second;
  if (fresh) {
    const auto frequent = static_cast<Word>(std::min<std::size_t>(says_.size(), kFrequentWords));
    for (Word other = 0; other < frequent; ++other) {
      const auto cosine = static_cast<float>(likeness(word, other));
      if (cosine >= kLeastNear && other != word && says_[other] > 0) near.push_back({cosine, other});
    }
    const auto kept = std::min(kMostNear, near.size());
    std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(kept), near.end(),
                      [](const Near& a, const Near& b) { return a.cosine != b.cosine ? a.cosine > b.cosine : a.word < b.word; });
    near.resize(kept);
  }
  std::vector<Word> words;
  for (const auto& one : near) {
    if (words.size() < most && one.cosine >= least) words.push_back(one.word);
  }
  return words;
}

void WordVectors::add(Sum& sum, Word word, double share) const {
  const auto* vector = vector_of(word);
  const auto factor = static_cast<float>(share / kPerUnit);
  for (std::size_t i = 0; i < kDimensions; ++i) sum[i] += factor * vector[i];
}

double likeness(const WordVectors::Sum& a, const WordVectors::Sum& b) {
  float both = 0;
  float first = 0;
  float second = 0;
  for (std::size_t i = 0; i < WordVectors::kDimensions; ++i) {
    both += a[i] * b[i];
    first += a[i] * a[i];
    second += b[i] * b[i];
  }
  const auto lengths = std::sqrt(first * second);
  return lengths > 0 ? both / lengths : 0;
}

}  // namespace hearth::memory
