#include <uchardet.h>

#include <algorithm>
#include <span>

#include "memory/extract/charset.h"
#include "memory/extract/charset_conversion.h"
#include "memory/text/unicode.h"

// uchardet knows scripts and long texts well. Short ones of Latin letters it takes for other languages', or for those of DOS:
// these are told by which charset makes whole words of a language's letters.
namespace hearth::memory::extract {
namespace {

constexpr std::size_t kSample = 64 << 10;
constexpr std::size_t kWeighed = 1 << 10;  // of words with letters beyond ASCII, for each charset

// The letters beyond ASCII that a language writes, in lower case.
constexpr std::u32string_view kWestern[] = {
    U"éèêëàâçîïôùûœüÿæ",  // French
    U"äöüß",              // German
    U"áéíóúñü",           // Spanish
    U"ãõáâàçéêíóôú",      // Portuguese
    U"àèéìòù",            // Italian
    U"àçéèíïóòúü",        // Catalan
    U"éëïöüóèê",          // Dutch
    U"åäöæøéü",           // Danish, Norwegian, Swedish, Finnish
    U"áðéíóúýþæö",        // Icelandic
    U"äõöüšž",            // Estonian
};
constexpr std::u32string_view kCentral[] = {
    U"ąćęłńóśźż",          // Polish
    U"áčďéěíňóřšťúůýž",    // Czech
    U"áäčďéíĺľňóôŕšťúýž",  // Slovak
    U"áéíóöőúüű",          // Hungarian
    U"ăâîşţșț",            // Romanian
    U"čćđšž",              // Croatian, Slovene
};
constexpr std::u32string_view kEsperanto[] = {U"ĉĝĥĵŝŭ"};
constexpr std::u32string_view kTurkish[] = {U"çğıöşüâî"};
constexpr std::u32string_view kBaltic[] = {U"ąčęėįšųūž", U"āčēģīķļņšūž", U"äõöüšž"};

// Scores count in halves of a letter.
constexpr int kLetter = 2;
constexpr int kWrong = 4;     // what no writing has
constexpr int kRare = 5;      // what hardly anybody writes any more must be much better
constexpr int kDetected = 1;  // between equals
constexpr std::size_t kLong = 20;  // characters beyond ASCII from which on the detector is worth that

struct Candidate {
  const char* name;
  std::span<const std::u32string_view> languages;
  int handicap;
};
constexpr Candidate kLatin[] = {
    {"WINDOWS-1252", kWestern, 0}, {"ISO-8859-15", kWestern, 0}, {"WINDOWS-1250", kCentral, 0}, {"ISO-8859-2", kCentral, 0}, {"WINDOWS-1254", kTurkish, 0},
    {"WINDOWS-1257", kBaltic, 0}, {"ISO-8859-3", kEsperanto, 0}, {"IBM850", kWestern, kRare}, {"IBM852", kCentral, kRare}, {"MACINTOSH", kWestern, kRare}};

bool is_ascii_letter(char32_t c) { return (c | 0x20) >= U'a' && (c | 0x20) <= U'z' && c < 0x80; }

bool is_letter(char32_t c) {
  if (c < 0x80) return is_ascii_letter(c);
  return c >= 0xC0 && c < 0x2000 && c != U'×' && c != U'÷' && !(c >= 0x02B0 && c <= 0x02FF);
}

// Of the letters of Latin, Greek and Cyrillic that old charsets have.
bool is_upper(char32_t c) {
  if (c < 0x80) return c >= U'A' && c <= U'Z';
  if (c <= 0xDE) return c >= 0xC0;
  if (c == U'Ÿ') return true;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c % 2 == 1;
  if (c >= 0x100 && c <= 0x21B) return c % 2 == 0 && c != U'ĸ';
  return (c >= 0x386 && c <= 0x3AB && c != U'ΐ') || (c >= 0x400 && c <= 0x42F) || c == 0x490;
}

char32_t lower(char32_t c) {
  if (c == U'Ÿ') return U'ÿ';
  if (c == U'İ') return U'i';
  if (!is_upper(c)) return c;
  return c < 0x100 ? c + 0x20 : c + 1;
}

std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto one = code_point_at(text, at);
    result += static_cast<char32_t>(std::max(one.value, 0));
    at += one.length;
  }
  return result;
}

std::u32string decoded(std::string_view bytes, const std::string& charset) {
  const auto converted = convert(bytes, charset);
  return converted ? code_points(converted->text) : std::u32string();
}

// How well what is no ASCII fits in its place. `language`: the letters it may have; "": any.
int score(std::u32string_view text, std::u32string_view language) {
  constexpr std::u32string_view kWithinWords = U"’‘·–—…\u00A0\u00AD";
  constexpr std::u32string_view kBeforeWords = U"¿¡‚„";
  constexpr std::u32string_view kSeldom = U"¤¦¬¨¸¯´";
  constexpr std::u32string_view kAlone = U"àáâéèêíóôúäöåøæ";  // words of one letter, or a letter that is spoken of
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    if (c < 0x80) continue;
    const auto before = i > 0 ? text[i - 1] : U' ';
    const auto behind = i + 1 < text.size() ? text[i + 1] : U' ';
    if (c < 0xA0 || c == 0xFFFD) {
      sum -= kWrong;
    } else if (is_letter(c)) {
      const bool lone = !is_letter(before) && !is_letter(behind);
      const bool by_figure = (before >= U'0' && before <= U'9') || (behind >= U'0' && behind <= U'9');
      const bool known = language.empty() || language.find(lower(c)) != language.npos;
      if (is_upper(c) && is_letter(before) && !is_upper(before)) {
        sum -= kWrong;
      } else {
        sum += known && !by_figure && (language.empty() || !lone || kAlone.find(lower(c)) != kAlone.npos) ? kLetter : -kLetter;
      }
    } else if (kWithinWords.find(c) != kWithinWords.npos) {
      sum += kLetter / 2;
    } else if (is_letter(before) && (is_letter(behind) || kBeforeWords.find(c) != kBeforeWords.npos)) {
      sum -= kWrong;
    } else {
      sum += kSeldom.find(c) != kSeldom.npos ? -kLetter / 2 : kLetter / 2;
    }
  }
  return sum;
}

std::size_t count_high(std::string_view bytes) {
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

// The first words that have something beyond ASCII, as they stand.
std::string words_to_weigh(std::string_view bytes) {
  std::string words;
  for (std::size_t at = 0; at < bytes.size() && words.size() < kWeighed;) {
    const auto end = std::min(bytes.find_first_of(" \n\t", at), bytes.size());
    const auto word = bytes.substr(at, std::min(end - at, kWeighed - words.size()));
    if (count_high(word) > 0) (words += ' ') += word;
    at = end + 1;
  }
  return words;
}

// Whether the words that have something beyond ASCII are made of Latin letters otherwise. Of other scripts they have none.
bool has_latin_words(std::string_view bytes) {
  std::size_t latin = 0, others = 0;
  std::size_t word_latin = 0, word_others = 0;
  const auto end_word = [&] {
    if (word_others > 0 && word_latin + word_others > 1) {
      latin += word_latin;
      others += word_others;
    }
    word_latin = word_others = 0;
  };
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      ++word_others;
    } else if (is_ascii_letter(static_cast<unsigned char>(c))) {
      ++word_latin;
    } else {
      end_word();
    }
  }
  end_word();
  return latin > 0 && latin * 3 >= others;
}

std::string latin_charset(std::string_view bytes, std::string_view detected) {
  const auto weighed = words_to_weigh(bytes);
  const bool much = count_high(weighed) >= kLong;
  const char* best = "WINDOWS-1252";
  int most = -1'000'000;
  for (const auto& candidate : kLatin) {
    const auto text = decoded(weighed, candidate.name);
    const bool found = detected == candidate.name || (detected == "ISO-8859-9" && candidate.languages.data() == kTurkish) ||
                       (detected == "ISO-8859-13" && candidate.languages.data() == kBaltic);
    for (const auto language : candidate.languages) {
      const int reached = score(text, language) - candidate.handicap + (found && much ? kDetected : 0);
      if (reached <= most) continue;
      most = reached;
      best = candidate.name;
    }
  }
  // Of languages that are not listed here.
  for (const auto* rare : {"ISO-8859-4", "ISO-8859-10", "ISO-8859-14", "ISO-8859-16"}) {
    if (much && detected == rare && score(decoded(weighed, rare), U"") > most) return rare;
  }
  return best;
}

// Short Cyrillic is taken for Greek with large letters within its words.
std::string cyrillic_or(std::string detected, std::string_view bytes) {
  static constexpr std::string_view kMistaken[] = {"", "ISO-8859-7", "WINDOWS-1253", "ISO-8859-5", "WINDOWS-1251", "KOI8-R", "IBM855", "IBM866", "MAC-CYRILLIC"};
  if (std::find(std::begin(kMistaken), std::end(kMistaken), detected) == std::end(kMistaken)) return detected;
  if (detected == "KOI8-R") detected = "KOI8-U";  // the same but for the letters of Ukrainian, where the other has lines
  const auto weighed = words_to_weigh(bytes);
  int most = detected.empty() ? kLetter * 2 : score(decoded(weighed, detected), U"") + kLetter;
  for (const auto* name : {"WINDOWS-1251", "KOI8-U"}) {
    const int reached = score(decoded(weighed, name), U"");
    if (reached <= most) continue;
    most = reached;
    detected = name;
  }
  return detected;
}

// Whether a short text's bytes are pairs that stand for the most frequent Chinese characters and for punctuation in GB 2312.
bool is_short_chinese(std::string_view bytes) {
  constexpr int kShort = 64;  // characters: in more the detector finds what it is
  int pairs = 0;
  int others = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    const auto trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
    const bool frequent = ((lead >= 0xB0 && lead <= 0xD7) || (lead >= 0xA1 && lead <= 0xA3)) && trail >= 0xA1 && trail <= 0xFE;
    ++(frequent ? pairs : others);
    i += frequent;
  }
  return pairs >= 2 && pairs < kShort && pairs >= 8 * others;
}

std::string detect(std::string_view sample) {
  auto* detector = ::uchardet_new();
  std::string name;
  if (::uchardet_handle_data(detector, sample.data(), sample.size()) == 0) {
    ::uchardet_data_end(detector);
    name = ::uchardet_get_charset(detector);
  }
  ::uchardet_delete(detector);
  return name;
}

}  // namespace

std::string guess_charset(std::string_view bytes) {
  const auto* const high = std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (high == bytes.end()) return detect(bytes.substr(0, kSample));
  // From the word on that has the first letter beyond ASCII.
  const auto start = bytes.substr(0, static_cast<std::size_t>(high - bytes.begin())).find_last_of(" \n") + 1;
  const auto sample = bytes.substr(start, kSample);
  auto name = detect(sample);
  const bool east_asian = name == "UHC" || name == "EUC-KR" || name == "BIG5" || name == "EUC-JP" || name == "SHIFT_JIS" || name == "EUC-TW" || name == "GB18030";
  if (east_asian || name.starts_with("ISO-2022") || name.starts_with("UTF-16") || name.starts_with("UTF-32")) return name;
  if (is_short_chinese(sample)) return "GB18030";
  if (name == "UTF-8") return name;
  const bool vietnamese = name == "WINDOWS-1258" || name == "VISCII";
  if (has_latin_words(sample) && !(vietnamese && count_high(sample) >= kLong)) return latin_charset(sample, name);
  return cyrillic_or(std::move(name), sample);
}

}  // namespace hearth::memory::extract
