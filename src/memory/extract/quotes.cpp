#include "memory/extract/quotes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

namespace hearth::memory::extract {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kHeaderLines = 10;       // within which the headers of a block stand
constexpr std::size_t kAttributionLines = 4;   // "On Monday, Ann" and the rest of it
constexpr std::size_t kLongestAttribution = 600;
constexpr std::size_t kLongestMark = 120;

std::string_view trim(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '*' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

template <std::size_t N>
bool starts_with_any(std::string_view line, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return line.starts_with(beginning); });
}

template <std::size_t N>
bool has_any(std::string_view line, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return line.find(word) != line.npos; });
}

constexpr std::array<std::string_view, 12> kWrote = {" wrote",   "写道",     "寫道",       "schrieb",  "a écrit",   "escribió",
                                                    "ha scritto", "escreveu", "schreef", "skrev", "さんは書きました", "napisał"};
constexpr std::array<std::string_view, 13> kAttributionStart = {"On ", "At ", "在 ", "在20", "于 ", "Am ", "Le ", "El ", "Il ", "Em ", "Op ", "Den ", "W dniu "};
// What stands between dashes above the message that is answered.
constexpr std::array<std::string_view, 13> kOriginal = {"original message", "original", "原始邮件", "原始郵件", "邮件原件", "original-nachricht", "ursprüngliche nachricht",
                                                        "message d'origine", "message d’origine", "mensaje original", "messaggio originale", "mensagem original", "oorspronkelijk bericht"};

// A header's value, when the line is one of these headers: "From: Ann", "*From:* Ann", "发件人： 张三".
template <std::size_t N>
std::optional<std::string_view> header(std::string_view line, const std::array<std::string_view, N>& names) {
  line = trim(line);
  if (line.starts_with('*')) line.remove_prefix(1);
  for (const auto name : names) {
    if (!line.starts_with(name)) continue;
    auto rest = line.substr(name.size());
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '*')) rest.remove_prefix(1);
    if (rest.starts_with("\xC2\xA0")) rest.remove_prefix(2);
    if (rest.starts_with(':')) return trim(rest.substr(1));
    if (rest.starts_with("：")) return trim(rest.substr(3));
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 10> kFrom = {"From", "Von", "De", "Da", "Van", "Från", "发件人", "寄件者", "寄件人", "差出人"};
constexpr std::array<std::string_view, 10> kSent = {"Sent", "Gesendet", "Envoyé", "Enviado", "Inviato", "Verzonden", "发送时间", "寄件日期", "傳送時間", "送信日時"};
constexpr std::array<std::string_view, 8> kDate = {"Date", "Datum", "Fecha", "Data", "日期", "时间", "發送日期", "日時"};
constexpr std::array<std::string_view, 15> kTo = {"To", "Cc", "CC", "An", "À", "Para", "A", "Aan", "Till", "收件人", "收件者", "宛先", "抄送", "副本", "Kopie"};
constexpr std::array<std::string_view, 8> kSubject = {"Subject", "Betreff", "Objet", "Asunto", "Oggetto", "Onderwerp", "主题", "主旨"};

// "10:22".
bool has_clock(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
    if (colon > 0 && digit(colon - 1) && digit(colon + 1) && digit(colon + 2)) return true;
  }
  return false;
}

// Whether the header block of a message begins at `at`: who it is from, its subject, and what only mail has of the two others.
// A ticket says from where to where, a parcel from whom to whom.
bool is_header_block(const Lines& lines, std::size_t at) {
  const auto from = header(lines[at], kFrom);
  if (!from) return false;
  std::size_t headers = 1;
  bool subject = false;
  bool mail = from->find('@') != from->npos;
  for (std::size_t i = at + 1; i < std::min(lines.size(), at + kHeaderLines); ++i) {
    if (header(lines[i], kFrom)) break;
    if (header(lines[i], kSubject)) {
      subject = true;
    } else if (header(lines[i], kSent)) {
      mail = true;
    } else if (const auto date = header(lines[i], kDate)) {
      mail = mail || has_clock(*date);
    } else if (!header(lines[i], kTo)) {
      continue;
    }
    ++headers;
  }
  return headers >= 3 && subject && mail;
}

bool is_original_mark(std::string_view line) {
  if (!line.starts_with("---") || line.size() > kLongestMark) return false;
  auto said = lower(line);
  for (auto at = said.find("&nbsp;"); at != said.npos; at = said.find("&nbsp;")) said.replace(at, 6, " ");
  const auto first = said.find_first_not_of("- ");
  if (first == said.npos) return false;
  const auto last = said.find_last_not_of("- ");
  return std::find(kOriginal.begin(), kOriginal.end(), std::string_view(said).substr(first, last + 1 - first)) != kOriginal.end();
}

// Whether one of the lines from `at` on says who the message below is from.
bool names_sender(const Lines& lines, std::size_t at) {
  constexpr std::size_t kNear = 4;
  for (auto i = at; i < std::min(lines.size(), at + kNear); ++i) {
    if (header(lines[i], kFrom) || header(lines[i], kSent) || header(lines[i], kSubject)) return true;
  }
  return false;
}

// Outlook's line above the message that is answered.
bool is_rule(std::string_view line) {
  line = trim(line);
  return line.size() >= 10 && line.find_first_not_of('_') == line.npos;
}

// The line before `at` that is not blank; `at` when there is none.
std::size_t line_above(const Lines& lines, std::size_t at) {
  auto above = at;
  while (above > 0 && trim(lines[above - 1]).empty()) --above;
  return above == 0 ? at : above - 1;
}

// Where the lines begin that say who wrote what follows at `at`; `at` when there are none.
std::size_t attribution_above(const Lines& lines, std::size_t at) {
  const auto last = line_above(lines, at);
  if (last == at) return at;
  const auto end = trim(lines[last]);
  if (!end.ends_with(':') && !end.ends_with("：")) return at;
  std::string whole;
  for (auto first = last;; --first) {
    const auto line = trim(lines[first]);
    if (line.empty() || line.starts_with('>')) break;
    whole = std::string(line) + " " + whole;
    const bool begins = starts_with_any(line, kAttributionStart);
    if (whole.size() > kLongestAttribution) break;
    if (begins && has_any(whole, kWrote)) return first;
    if (first == 0 || last - first + 1 == kAttributionLines) break;
  }
  return has_any(end, kWrote) ? last : at;
}

Lines lines_of(std::string_view text) {
  Lines lines;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

// "[EXTERNAL] FW: Offer" without what a server put before it; "[Fwd: plans]" is no such thing.
std::string_view without_tags(std::string_view title) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAround = {{{"[", "]"}, {"【", "】"}, {"(", ")"}, {"***", "***"}}};
  for (bool found = true; found;) {
    found = false;
    for (const auto& [open, close] : kAround) {
      if (!title.starts_with(open)) continue;
      const auto end = title.find(close, open.size());
      if (end == title.npos || end + close.size() == title.size() || title.substr(0, end).find(':') != title.npos) continue;
      title = trim(title.substr(end + close.size()));
      found = true;
    }
  }
  return title;
}

// ">From" is a line of its own that a server guarded; ">>>" a prompt.
bool is_quoted(std::string_view line) { return line.starts_with('>') && !line.starts_with(">From "); }

// Whether lines that say who wrote what follows say also when, or with which address: else they may lead up to a citation.
bool tells_of_mail(const Lines& lines, std::size_t first, std::size_t last) {
  return starts_with_any(trim(lines[first]), kAttributionStart) || std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.begin() + static_cast<std::ptrdiff_t>(last), [](std::string_view line) {
    return line.find('@') != line.npos || std::any_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
  });
}

}  // namespace

History history_of(std::string_view subject, bool refers) {
  static constexpr std::array<std::string_view, 17> kForwards = {"fw", "fwd", "wg", "tr", "rv", "enc", "doorst", "i", "vb", "vs", "vl", "pd", "ilt", "转发", "轉寄", "转寄", "轉發"};
  static constexpr std::array<std::string_view, 18> kAnswers = {"re", "aw", "sv", "antw", "rif", "r", "res", "ref", "odp", "ynt", "vá", "atb", "rép", "回复", "回覆", "答复", "答覆", "返信"};
  const auto title = lower(without_tags(trim(subject)));
  const auto begins = [&](const auto& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) {
      std::string_view rest = title;
      if (rest.starts_with('[')) rest.remove_prefix(1);  // "[Fwd: plans]"
      if (!rest.starts_with(prefix)) return false;
      rest.remove_prefix(prefix.size());
      while (!rest.empty() && (rest.front() == ' ' || rest.front() == '[' || rest.front() == ']' || (rest.front() >= '0' && rest.front() <= '9'))) rest.remove_prefix(1);
      return rest.starts_with(':') || rest.starts_with("：");
    });
  };
  if (begins(kForwards)) return History::Forwarded;
  // What refers to another may also pass it on, under a subject of its own.
  return begins(kAnswers) ? History::Answered : refers ? History::Referring : History::Unknown;
}

bool is_forward_mark(std::string_view line) {
  static constexpr std::array<std::string_view, 9> kBegins = {
      "begin forwarded message", "anfang der weitergeleiteten nachricht", "début du message", "inicio del mensaje reenviado",
      "inizio messaggio inoltrato", "início da mensagem reenviada", "begin doorgestuurd bericht", "下面是被转发的邮件", "開始轉寄郵件"};
  static constexpr std::array<std::string_view, 9> kBetweenDashes = {
      "forwarded", "weitergeleitet", "transféré", "reenviado", "inoltrato", "encaminhada", "doorgestuurd", "转发", "轉寄"};
  line = trim(line.substr(0, kLongestMark));
  const auto said = lower(line);
  if (starts_with_any(said, kBegins)) return true;
  return said.starts_with("--") && has_any(said, kBetweenDashes);
}

bool begins_with_headers(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos) return false;
  return is_header_block(lines_of(text.substr(start)), 0);
}

void drop_attribution(std::string& text) {
  constexpr auto kEnd = 2 * kLongestAttribution;
  const auto end = text.find_last_not_of(" \t\n");
  if (end == text.npos) return;
  const auto start = end < kEnd ? 0 : end - kEnd;
  const auto lines = lines_of(std::string_view(text).substr(start, end + 1 - start));
  const auto first = attribution_above(lines, lines.size());
  if (first < lines.size()) text.resize(static_cast<std::size_t>(lines[first].data() - text.data()));
}

std::string without_quotes(std::string_view text, History history) {
  if (history == History::Forwarded) return std::string(text);
  const auto lines = lines_of(text);
  std::vector<char> quoted(lines.size(), 0);
  const auto quote = [&](std::size_t first, std::size_t last) {
    std::fill(quoted.begin() + static_cast<std::ptrdiff_t>(first), quoted.begin() + static_cast<std::ptrdiff_t>(last), 1);
  };
  std::size_t runs = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) runs += is_quoted(trim(lines[i])) && (i == 0 || !is_quoted(trim(lines[i - 1])));
  const bool between_answers = runs > 1;
  std::optional<std::size_t> above;  // the last line that is not blank
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = trim(lines[i]);
    if (line.empty()) continue;
    if (is_forward_mark(line)) break;
    const auto rule = std::exchange(above, i);
    const bool below_rule = rule && is_rule(lines[*rule]);
    // Without a word that it answers, a message may well have such lines of its own: a form that was filled in.
    const bool block = is_header_block(lines, i) && (history == History::Answered || below_rule);
    const bool original = is_original_mark(line) && (history == History::Answered || names_sender(lines, i + 1));
    if (original || block) {
      quote(below_rule ? *rule : i, lines.size());
      break;
    }
    if (!is_quoted(line)) continue;
    if (i > 0 && is_quoted(trim(lines[i - 1]))) {
      quoted[i] = quoted[i - 1];
      continue;
    }
    const auto first = attribution_above(lines, i);
    // A message that answers nothing may cite something else, or have such lines of its own; not so between lines that answer them.
    quoted[i] = history != History::Unknown || between_answers || (first < i && tells_of_mail(lines, first, i));
    if (quoted[i] && first < i) quote(first, i);
  }
  std::string kept;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (quoted[i]) continue;
    kept += lines[i];
    kept += '\n';
  }
  const auto end = kept.find_last_not_of(" \t\n");
  if (end == kept.npos) return std::string(text);
  kept.resize(end + 1);
  return kept;
}

}  // namespace hearth::memory::extract
