#include "memory/text/tokenizer.h"

#include <libstemmer.h>

#include <vector>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr std::int32_t kSoftHyphen = 0x00AD;
constexpr std::int32_t kZeroWidthSpace = 0x200B;
constexpr std::int32_t kZeroWidthJoiner = 0x200D;
constexpr std::int32_t kByteOrderMark = 0xFEFF;
constexpr std::int32_t kRightQuote = 0x2019;
constexpr std::int32_t kVoiced = 0x3099;
constexpr std::int32_t kHalfVoiced = 0x309A;

// Kana may come with their voicing mark apart: half-width ｶﾞ, or か with U+3099.
bool is_voicing(std::int32_t c) { return c == kVoiced || c == kHalfVoiced || c == 0xFF9E || c == 0xFF9F; }

std::int32_t voiced(std::int32_t kana, std::int32_t mark) {
  const bool half = mark == kHalfVoiced || mark == 0xFF9F;
  const auto row = kana >= 0x30A1 ? kana : kana + 0x60;  // katakana follow hiragana at that distance
  if (row >= 0x30AB && row <= 0x30C8) return half ? kana : kana + 1;
  if (row >= 0x30CF && row <= 0x30DB) return kana + (half ? 2 : 1);
  if (row == 0x30A6 && !half) return kana + 0x4E;
  return kana;
}

bool is_apostrophe(std::int32_t c) { return c == '\'' || c == kRightQuote; }

}  // namespace

struct Tokenizer::Implementation {
  struct Stemmed {
    std::string word;
    std::string stem;
  };
  static constexpr std::size_t kRemembered = 4096;  // stems of frequent words

  sb_stemmer* stemmer = sb_stemmer_new("english", "UTF_8");
  std::vector<Stemmed> remembered{kRemembered};
  std::string word;
  std::string pair;

  ~Implementation() { sb_stemmer_delete(stemmer); }

  std::string_view stem(const std::string& text) {
    auto& slot = remembered[std::hash<std::string>()(text) % kRemembered];
    if (slot.word != text) {
      slot.word = text;
      const auto* stemmed = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(text.data()),
                                            static_cast<int>(text.size()));
      slot.stem.assign(stemmed ? reinterpret_cast<const char*>(stemmed) : text.data(),
                       stemmed ? static_cast<std::size_t>(sb_stemmer_length(stemmer)) : text.size());
    }
    return slot.stem;
  }

  // The term of a folded word: without possessive and apostrophes, stemmed when English, cut when too long.
  std::string_view term() {
    if (word.find('\'') != std::string::npos) {
      if (word.ends_with("'s")) word.resize(word.size() - 2);
      std::erase(word, '\'');
    }
    if (word.size() > kLongestTerm) {
      std::size_t end = kLongestTerm;
      while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
      word.resize(end);
    }
    const bool english =
        word.size() >= 3 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return english ? stem(word) : std::string_view(word);
  }
};

Tokenizer::Tokenizer() : implementation_(std::make_unique<Implementation>()) {}
Tokenizer::~Tokenizer() = default;

void Tokenizer::tokenize(std::string_view text, Purpose purpose, const std::function<bool(const Token&)>& take) {
  auto& state = *implementation_;
  auto& word = state.word;
  std::size_t word_start = 0;
  std::size_t word_end = 0;
  word.clear();

  const auto end_word = [&] {
    if (word.empty()) return true;
    const auto term = state.term();
    const bool go_on = term.empty() || take({term, word_start, word_end, false});
    word.clear();
    return go_on;
  };

  // The run of unspaced characters that is being read: the last character, not yet given.
  std::int32_t held = -1;
  std::size_t held_start = 0;
  std::size_t held_end = 0;
  bool run_began = false;  // a pair of this run was given

  const auto end_run = [&] {
    if (held < 0) return true;
    const bool give = purpose == Purpose::Index || !run_began;
    state.pair.clear();
    append_utf8(state.pair, held);
    held = -1;
    const bool lone = !run_began;
    run_began = false;
    return !give || take({state.pair, held_start, held_end, lone});
  };

  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    const auto start = at;
    at += c.length;
    if (c.value == kSoftHyphen || (c.value >= kZeroWidthSpace && c.value <= kZeroWidthJoiner) || c.value == kByteOrderMark) {
      continue;  // invisible: it does not cut a word
    }
    if (is_apostrophe(c.value)) {
      const auto next = at < text.size() ? code_point_at(text, at).value : -1;
      if (!word.empty() && is_word(next) && !is_unspaced(next)) {
        word += '\'';
        continue;
      }
    }
    if (c.value == ',' && !word.empty() && is_digit(word.back()) && at + 3 <= text.size() && is_digit(text[at]) &&
        is_digit(text[at + 1]) && is_digit(text[at + 2]) && (at + 3 == text.size() || !is_digit(text[at + 3]))) {
      continue;  // 1,000
    }

    auto f = c.value < 0 ? Folded{} : fold(c.value);
    if (f.count == 1 && f.values[0] >= 0x3041 && f.values[0] <= 0x30FF && at < text.size()) {
      if (const auto mark = code_point_at(text, at); is_voicing(mark.value)) {
        f.values[0] = voiced(f.values[0], mark.value);
        at += mark.length;
      }
    }
    if (f.count == 0 && c.value >= 0 && is_word(c.value)) continue;  // an accent of its own
    bool separator = true;
    for (std::size_t i = 0; i < f.count; ++i) {
      const auto value = f.values[i];
      if (is_unspaced(value)) {
        separator = false;
        if (!end_word()) return;
        if (held >= 0) {
          state.pair.clear();
          append_utf8(state.pair, held);
          append_utf8(state.pair, value);
          run_began = true;
          if (!take({state.pair, held_start, at, false})) return;
        }
        held = value;
        held_start = start;
        held_end = at;
      } else if (is_word(value)) {
        separator = false;
        if (!end_run()) return;
        if (word.empty()) word_start = start;
        append_utf8(word, value);
        word_end = at;
      } else {
        if (!end_word() || !end_run()) return;
      }
    }
    if (separator && (!end_word() || !end_run())) return;
  }
  if (!end_word()) return;
  (void)end_run();
}

}  // namespace hearth::memory
