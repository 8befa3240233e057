#include "memory/extract/encoded_words.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "memory/extract/charset.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kWordBytes = 45;  // in one encoded word, which is at most 75 letters long; a multiple of three
constexpr std::size_t kLongestWord = 2000;  // of senders who do not know that; no end is looked for beyond

// "=?charset?B?content?=".
struct Word {
  std::string_view charset;
  char encoding;  // 'b' or 'q'
  std::string_view content;
  std::size_t length;
};

// The word that begins here; none when this is not one.
std::optional<Word> word_at(std::string_view text) {
  text = text.substr(0, kLongestWord);
  if (!text.starts_with("=?")) return std::nullopt;
  const auto charset = text.find('?', 2);
  if (charset == text.npos || charset + 2 >= text.size() || text[charset + 2] != '?') return std::nullopt;
  const auto end = text.find("?=", charset + 3);
  if (end == text.npos) return std::nullopt;
  const Word word{text.substr(2, charset - 2), static_cast<char>(g_ascii_tolower(text[charset + 1])), text.substr(charset + 3, end - charset - 3), end + 2};
  const bool broken = (word.encoding != 'b' && word.encoding != 'q') || word.content.find_first_of(" \t\r\n") != word.content.npos;
  return broken ? std::nullopt : std::optional(word);
}

bool same_kind(const Word& a, const Word& b) {
  return a.encoding == b.encoding && a.charset.size() == b.charset.size() &&
         g_ascii_strncasecmp(a.charset.data(), b.charset.data(), a.charset.size()) == 0;
}

void decode(const Word& word, std::string& bytes) {
  std::string content;
  for (const char c : word.content) {
    if (word.encoding == 'q' && c == '_') content += "=20";
    else content += c;
  }
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, word.encoding == 'b' ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  std::string out(g_mime_encoding_outlen(&state, content.size()), '\0');
  out.resize(g_mime_encoding_flush(&state, content.data(), content.size(), out.data()));
  bytes += out;
}

void append_words(std::string& out, std::string_view text) {
  // Characters may be cut: GMime joins words of one charset, but none behind one that ends with "=".
  for (std::string_view between; !text.empty(); between = "\n ") {
    const auto piece = text.substr(0, kWordBytes);
    out += between;
    out += "=?utf-8?B?" + to_base64(piece) + "?=";
    text.remove_prefix(piece.size());
  }
}

// Whether anybody reads a word as it stands.
bool is_plain(const Word& word, std::string_view bytes) {
  constexpr std::string_view kUtf8 = "utf-8";
  return word.charset.size() == kUtf8.size() && g_ascii_strncasecmp(word.charset.data(), kUtf8.data(), kUtf8.size()) == 0 && is_utf8(bytes);
}

// Where the next encoded word stands that names a file: name="=?…". npos without one.
std::size_t named_word(std::string_view message, std::size_t from) {
  constexpr std::string_view kName = "name=";
  for (auto at = message.find(kName, std::min(from, message.size())); at != message.npos; at = message.find(kName, at + 1)) {
    auto word = at + kName.size();
    if (message.substr(word).starts_with('"')) ++word;
    if (message.substr(word).starts_with("=?")) return word;
  }
  return message.npos;
}

}  // namespace

std::string_view with_readable_words(std::string_view message, std::string& kept) {
  const auto end = std::min({message.find("\n\n"), message.find("\n\r\n"), message.size()});
  std::size_t copied = 0;
  // Behind the header, names of files are written so as well.
  const auto next_word = [&](std::size_t from) {
    const auto found = from < end ? message.substr(0, end).find("=?", from) : message.npos;
    return found == message.npos ? named_word(message, std::max(from, end)) : found;
  };
  for (auto at = next_word(0); at != message.npos; at = next_word(at)) {
    const auto first = word_at(message.substr(at));
    if (!first) {
      at += 2;
      continue;
    }
    // Words that follow one another are one text: its characters may be cut between them.
    std::string bytes;
    auto after = at;
    int count = 0;
    for (auto word = first; word && same_kind(*first, *word); ++count) {
      decode(*word, bytes);
      after = static_cast<std::size_t>(word->content.data() - message.data()) + word->content.size() + 2;
      const auto next = message.find_first_not_of(" \t\r\n", after);
      word = next == message.npos || (next >= end && after < end) ? std::nullopt : word_at(message.substr(next));
    }
    if (count > 1 || !is_plain(*first, bytes)) {
      kept += message.substr(copied, at - copied);
      append_words(kept, to_utf8(bytes, first->charset));
      copied = after;
    }
    at = after;
  }
  if (copied == 0) return message;
  kept += message.substr(copied);
  return kept;
}

}  // namespace hearth::memory::extract
