#include "memory/text/tokenizer.h"

#include <libstemmer.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/bytes.h"
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

// Most text is words of plain letters between spaces: these bytes are looked up, not decoded.
struct Plain {
  std::array<bool, 256> word{};
  Plain() {
    for (std::int32_t c = 0; c < 0x80; ++c) word[static_cast<std::size_t>(c)] = is_word(c);
  }
};
const Plain kPlain;

// The byte of a word at `at`; 0 where it has ended.
unsigned char byte_at(std::string_view word, std::size_t at) { return at < word.size() ? static_cast<unsigned char>(word[at]) : 0; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// The first two bytes of a character's UTF-8; characters of scripts without spaces have three or four.
std::array<unsigned char, 2> first_bytes(std::int32_t c) {
  if (c < 0x10000) return {static_cast<unsigned char>(0xE0 | c >> 12), static_cast<unsigned char>(0x80 | (c >> 6 & 0x3F))};
  return {static_cast<unsigned char>(0xF0 | c >> 18), static_cast<unsigned char>(0x80 | (c >> 12 & 0x3F))};
}

}  // namespace

struct Tokenizer::Implementation {
  struct Stemmed {
    std::string word;
    std::string stem;
  };
  static constexpr std::size_t kRemembered = 4096;  // stems of frequent words
  static constexpr std::size_t kAtFirst = 256;      // a query or a sentence needs no more

  sb_stemmer* stemmer = sb_stemmer_new("english", "UTF_8");
  std::vector<Stemmed> remembered{kAtFirst};
  std::size_t forgotten = 0;  // how often one took the place of another
  std::string word;
  std::string pair;

  ~Implementation() { sb_stemmer_delete(stemmer); }

  std::string_view stem(const std::string& text) {
    const auto hash = std::hash<std::string>()(text);
    if (forgotten == kAtFirst) {
      remembered.assign(kRemembered, {});
      ++forgotten;
    }
    auto& slot = remembered[hash % remembered.size()];
    if (slot.word != text) {
      if (remembered.size() == kAtFirst && !slot.word.empty()) ++forgotten;
      slot.word = text;
      const auto* stemmed = sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(text.data()),
                                            static_cast<int>(text.size()));
      slot.stem.assign(stemmed ? reinterpret_cast<const char*>(stemmed) : text.data(),
                       stemmed ? static_cast<std::size_t>(sb_stemmer_length(stemmer)) : text.size());
    }
    return slot.stem;
  }

  void drop_apostrophes() {
    if (word.find('\'') == std::string::npos) return;
    if (word.ends_with("'s")) word.resize(word.size() - 2);
    std::erase(word, '\'');
  }

  // The term of a folded word without apostrophes: stemmed when English, cut when too long.
  std::string_view term() {
    word.resize(beginning_of(word, kLongestTerm).size());
    const bool english =
        word.size() >= 3 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return english ? stem(word) : std::string_view(word);
  }
};

Tokenizer::Tokenizer() : implementation_(std::make_unique<Implementation>()) {}
Tokenizer::~Tokenizer() = default;

// A stem begins as its word does, but for a y that becomes an i (dying, die), or ends after its first letter.
void Beginnings::add(std::string_view term) {
  if (term.empty()) return;
  const auto first = static_cast<std::size_t>(static_cast<unsigned char>(term[0])) << 8;
  if (term.size() == 1) {
    for (std::size_t second = 0; second < 256; ++second) begin_.set(first | second);
    return;
  }
  begin_.set(first | static_cast<unsigned char>(term[1]));
  if (term[1] == 'i') begin_.set(first | 'y');
}

std::size_t Tokenizer::tokenize(std::string_view text, Purpose purpose, const std::function<bool(const Token&)>& take,
                                const Beginnings* wanted) {
  auto& state = *implementation_;
  auto& word = state.word;
  std::size_t word_start = 0;
  std::size_t word_end = 0;
  std::size_t count = 0;
  word.clear();

  const auto end_word = [&] {
    if (word.empty()) return true;
    state.drop_apostrophes();
    bool go_on = true;
    if (!word.empty()) {
      const auto place = count++;
      if (!wanted || wanted->may_begin(byte_at(word, 0), byte_at(word, 1))) {
        go_on = take({state.term(), word_start, word_end, false, place});
      }
    }
    word.clear();
    return go_on;
  };

  // The run of unspaced characters that is being read: the last character, not yet given.
  std::int32_t held = -1;
  std::size_t held_start = 0;
  std::size_t held_end = 0;
  bool run_began = false;  // a pair of this run was given

  // Gives the held character with the one that follows; -1: alone.
  const auto give_held = [&](std::int32_t next, std::size_t end, bool single) {
    const auto place = count++;
    const auto bytes = first_bytes(held);
    if (wanted && !wanted->may_begin(bytes[0], bytes[1])) return true;
    state.pair.clear();
    append_utf8(state.pair, held);
    if (next >= 0) append_utf8(state.pair, next);
    return take({state.pair, held_start, end, single, place});
  };

  const auto end_run = [&] {
    if (held < 0) return true;
    const bool lone = !run_began;
    const bool go_on = (purpose != Purpose::Index && run_began) || give_held(-1, held_end, lone);
    held = -1;
    run_began = false;
    return go_on;
  };

  for (std::size_t at = 0; at < text.size();) {
    if (word.empty() && held < 0 && static_cast<unsigned char>(text[at]) < 0x80) {
      if (!kPlain.word[static_cast<unsigned char>(text[at])]) {
        ++at;
        continue;
      }
      auto end = at + 1;
      while (end < text.size() && kPlain.word[static_cast<unsigned char>(text[end])]) ++end;
      const char next = end < text.size() ? text[end] : ' ';
      if (static_cast<unsigned char>(next) < 0x80 && next != '\'' && !(next == ',' && is_digit(text[end - 1]))) {
        const auto place = count++;
        const auto second = end - at > 1 ? lower(text[at + 1]) : '\0';
        if (!wanted || wanted->may_begin(static_cast<unsigned char>(lower(text[at])), static_cast<unsigned char>(second))) {
          for (auto i = at; i < end; ++i) word += lower(text[i]);
          const bool go_on = take({state.term(), at, end, false, place});
          word.clear();
          if (!go_on) return count;
        }
        at = end;
        continue;
      }
    }
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
        if (!end_word()) return count;
        if (held >= 0) {
          run_began = true;
          if (!give_held(value, at, false)) return count;
        }
        held = value;
        held_start = start;
        held_end = at;
      } else if (is_word(value)) {
        separator = false;
        if (!end_run()) return count;
        if (word.empty()) word_start = start;
        append_utf8(word, value);
        word_end = at;
      } else {
        if (!end_word() || !end_run()) return count;
      }
    }
    if (separator && (!end_word() || !end_run())) return count;
  }
  if (end_word()) (void)end_run();
  return count;
}

}  // namespace hearth::memory
