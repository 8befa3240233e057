#include "memory/extract/quotes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace hearth::memory::extract {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kHeaderLines = 10;       // within which the headers of a block stand
constexpr std::size_t kAttributionLines = 4;   // "On Monday, Ann" and the rest of it
constexpr std::size_t kLongestAttribution = 600;
constexpr std::size_t kLongestMark = 120;
constexpr std::size_t kBelowMark = 3;  // lines: within which a header stands below the mark of a message

std::string_view trim(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '*' || line.back() == '\r')) line.remove_suffix(1);
  return line;
}

template <std::size_t N>
bool starts_with_any(std::string_view line, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) { return line.starts_with(beginning); });
}

template <std::size_t N>
bool has_any(std::string_view line, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return line.find(word) != line.npos; });
}

constexpr auto kWrote = std::to_array<std::string_view>(
    {" wrote", "写道", "寫道", "schrieb", "a écrit", "escribió", "ha scritto", "escreveu", "schreef", "skrev", "さんは書きました", "napisał",
     "napsal", "kirjoitti", "написал", "пишет", "님이 작성"});
constexpr auto kAttributionStart = std::to_array<std::string_view>(
    {"On ", "At ", "在 ", "在20", "于 ", "Am ", "Le ", "El ", "Il ", "Em ", "Op ", "Den ", "W dniu ", "Dnia ", "Dne "});
// The words of the author, who quotes without a mark.
constexpr auto kOwnWriting = std::to_array<std::string_view>({" i wrote", " you wrote", " we wrote", " ich schrieb", "schrieb ich", "schriebst du"});

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

constexpr auto kFrom = std::to_array<std::string_view>({"From", "Von", "De", "Da", "Van", "Från", "Fra", "Od", "От", "Lähettäjä", "Gönderen", "Kimden",
                                                        "发件人", "發件人", "寄件者", "寄件人", "差出人", "送信者", "보낸 사람"});
constexpr auto kSent = std::to_array<std::string_view>(
    {"Sent", "Gesendet", "Envoyé", "Enviado", "Enviada", "Inviato", "Verzonden", "Skickat", "Sendt", "Wysłano", "Odesláno", "Lähetetty", "Gönderildi",
     "Отправлено", "发送时间", "发件时间", "发送日期", "寄件日期", "傳送時間", "發送時間", "送信日時", "보낸 날짜"});
constexpr auto kDate = std::to_array<std::string_view>(
    {"Date", "Datum", "Fecha", "Data", "Dato", "Tarih", "Дата", "日期", "时间", "時間", "發送日期", "日時", "日付", "날짜"});
constexpr auto kTo = std::to_array<std::string_view>({"To", "Cc", "CC", "Bcc", "Reply-To", "An", "À", "Para", "A", "Aan", "Till", "Til", "Do", "Komu", "DW", "Kime",
                                                      "Vastaanottaja", "Кому", "Копия", "收件人", "收件者", "宛先", "抄送", "副本", "Kopie", "Kopia", "Kopi", "받는 사람"});
constexpr auto kSubject = std::to_array<std::string_view>({"Subject", "Betreff", "Objet", "Asunto", "Assunto", "Oggetto", "Onderwerp", "Ämne", "Emne", "Aihe", "Temat",
                                                           "Předmět", "Konu", "Тема", "主题", "主題", "主旨", "件名", "제목"});

bool is_header(std::string_view line) {
  return header(line, kFrom) || header(line, kSent) || header(line, kDate) || header(line, kTo) || header(line, kSubject);
}

// "10:22".
bool has_clock(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (auto colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
    if (colon > 0 && digit(colon - 1) && digit(colon + 1) && digit(colon + 2)) return true;
  }
  return false;
}

// A date as mail programs write it has several numbers, a quoted book's has a year.
bool is_dated(std::string_view text) {
  int numbers = 0;
  bool within = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && !within) ++numbers;
    within = digit;
  }
  return numbers > 1 || text.find('@') != text.npos;
}

// Whether the header block of a message begins at `at`: who it is from, its subject, and what only mail has of the two others.
// A ticket says from where to where, a parcel from whom to whom. Before who it is from other headers may stand, nothing else.
bool is_header_block(const Lines& lines, std::size_t at) {
  auto sender = at;
  while (sender < lines.size() && !header(lines[sender], kFrom)) {
    if (sender == at + kBelowMark || !is_header(lines[sender])) return false;
    ++sender;
  }
  if (sender == lines.size() || (sender > at && at > 0 && !trim(lines[at - 1]).empty())) return false;
  std::size_t headers = 0;
  bool subject = false;
  bool mail = false;
  for (std::size_t i = at; i < std::min(lines.size(), at + kHeaderLines); ++i) {
    if (const auto from = header(lines[i], kFrom)) {
      if (i != sender) break;
      mail = mail || from->find('@') != from->npos;
    } else if (header(lines[i], kSubject)) {
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

// What mail programs put above the message that is answered: "-----Original Message-----", however many dashes.
enum class Mark { No, Bare, Dashes };

Mark original_mark(std::string_view line) {
  static constexpr auto kOriginal = std::to_array<std::string_view>(
      {"original message", "original email", "original mail", "original", "原始邮件", "原始郵件", "原始信件", "原始訊息", "邮件原件", "回复的原邮件", "原邮件", "message d'origine",
       "message d’origine", "message original", "mensaje original", "mensagem original", "messaggio originale", "ursprüngliche nachricht", "originalnachricht",
       "original-nachricht", "ursprüngliche mail", "oorspronkelijk bericht", "originele bericht", "origineel bericht", "ursprungligt meddelande", "originalmeddelande",
       "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "исходное сообщение",
       "Исходное сообщение", "元のメッセージ", "orijinal mesaj", "원본 메시지"});
  line = trim(line.substr(0, kLongestMark));
  auto said = lower(line);
  for (const std::string_view space : {"&nbsp;", "\xC2\xA0"}) {
    for (auto found = said.find(space); found != said.npos; found = said.find(space)) said.replace(found, space.size(), " ");
  }
  const auto start = said.find_first_not_of("- ");
  if (start == said.npos) return Mark::No;
  const bool closed = said.ends_with("--");
  const std::string_view words = trim(std::string_view(said).substr(start, said.find_last_not_of("- ") + 1 - start));
  // "--- original idea of Ann" is an entry of a list.
  const bool found = std::any_of(kOriginal.begin(), kOriginal.end(), [&](auto mark) { return words == mark || (closed && mark != "original" && words.starts_with(mark)); });
  if (!found) return Mark::No;
  return said.starts_with("---") ? Mark::Dashes : Mark::Bare;
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

// The text of the attribution above `at`; empty when there is none.
std::string attribution_text(const Lines& lines, std::size_t at) {
  std::string text;
  for (auto i = attribution_above(lines, at); i < at; ++i) text += std::string(trim(lines[i])) + " ";
  return text;
}

bool is_quote(std::string_view line) { return trim(line).starts_with('>'); }

// No quotes: servers write ">From", Python asks ">>>".
bool is_own_mark(std::string_view line) {
  const auto depth = line.find_first_not_of('>');
  if (depth == line.npos) return line.size() == 3;
  return line.substr(depth).starts_with("From ") || (depth == 3 && line[3] == ' ');
}

// Words stand alone; in Chinese and Japanese they need not.
bool says(std::string_view text, std::span<const std::string_view> phrases) {
  const auto said = lower(text);
  const auto letter = [&](std::size_t i) { return i < said.size() && std::isalpha(static_cast<unsigned char>(said[i])); };
  for (const auto phrase : phrases) {
    const bool word = std::isalpha(static_cast<unsigned char>(phrase.back())) != 0;
    for (auto at = said.find(phrase); at != said.npos; at = said.find(phrase, at + 1)) {
      if (!word || ((at == 0 || !letter(at - 1)) && !letter(at + phrase.size()))) return true;
    }
  }
  return false;
}

constexpr auto kColoured = std::to_array<std::string_view>(
    {"in red", "in blue", "in green", "in bold", "in caps", "in capitals", "in colour", "in color", "in rot", "in blau", "in grün", "in fett", "farbig", "en rouge", "en bleu",
     "en vert", "en gras", "en rojo", "en azul", "en verde", "in rosso", "in blu", "em vermelho", "em azul", "in het rood", "in het blauw", "i rött", "med rött", "i blått",
     "na czerwono", "na niebiesko", "红字", "红色", "紅字", "紅色", "蓝字", "蓝色", "藍字", "藍色", "标红", "標紅", "赤字", "赤で"});
constexpr auto kWithin = std::to_array<std::string_view>(
    {"inline", "in-line", "in line", "below", "interspersed", "in the text", "in your text", "in your mail", "in your email", "between the lines", "siehe unten", "s. unten",
     "s.u", "unten", "im text", "dazwischen", "ci-dessous", "ci dessous", "plus bas", "dans le texte", "dans le corps", "más abajo", "abajo", "a continuación", "qui sotto",
     "di seguito", "sotto", "nel testo", "abaixo", "hieronder", "nedan", "nedenfor", "poniżej", "见下", "見下", "如下", "下面", "下方", "下文", "文中", "以下", "行内", "逐条"});

// Nobody sends an address alone: what was written stands below it.
bool is_salutation(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == text.npos) return true;
  text = text.substr(0, end + 1);
  text.remove_prefix(text.find_first_not_of(" \t\r\n"));
  if (text.find('\n') != text.npos) return false;
  return text.ends_with(',') || text.ends_with("，") || text.ends_with(':') || text.ends_with("：");
}

// Takes the history out of one text.
class HistoryFinder {
 public:
  HistoryFinder(std::string_view text, History& history) : lines_(lines_of(text)), quoted_(lines_.size(), 0), history_(history) {}

  void find() {
    attributed_ = history_ != History::Unknown;
    std::size_t above = lines_.size();  // the last line that is not blank
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (trim(lines_[i]).empty()) continue;
      if (is_forward_mark(lines_[i])) {
        history_ = History::Forwarded;
        return;
      }
      if (const auto end = run_of_quotes(i); end > i) {
        find_in_run(i, end);
        above = i = end - 1;
        continue;
      }
      if (const auto from = where_history_begins(i, above)) {
        const auto own = kept_before(*from);
        if (!is_salutation(own) && !says_answers_within(own)) quote(*from, lines_.size());
        return;
      }
      above = i;
    }
  }

  std::string kept() const {
    auto kept = kept_before(lines_.size());
    kept.resize(kept.find_last_not_of(" \t\n") + 1);
    return kept;
  }

 private:
  void quote(std::size_t first, std::size_t last) {
    std::fill(quoted_.begin() + static_cast<std::ptrdiff_t>(first), quoted_.begin() + static_cast<std::ptrdiff_t>(last), 1);
  }

  std::string kept_before(std::size_t end) const {
    std::string kept;
    for (std::size_t i = 0; i < end; ++i) {
      if (quoted_[i]) continue;
      kept += lines_[i];
      kept += '\n';
    }
    return kept;
  }

  // Where the lines end that are quoted alike from `first` on.
  std::size_t run_of_quotes(std::size_t first) const {
    const bool indented = !lines_[first].starts_with('>');
    auto end = first;
    while (end < lines_.size() && is_quote(lines_[end]) && indented == !lines_[end].starts_with('>')) ++end;
    return end;
  }

  void find_in_run(std::size_t first, std::size_t end) {
    const auto above = attribution_above(lines_, first);
    const bool below_attribution = above < first;
    const auto who = below_attribution ? attribution_text(lines_, first) : "";
    if (!attributed_ && !(below_attribution && (is_dated(who) || starts_with_any(who, kAttributionStart)))) return;
    if (!lines_[first].starts_with('>')) {  // may be a line of one's own, as a text says that is "format=flowed"
      indented_ = indented_ || below_attribution;
      if (!indented_) return;
    }
    bool ordinary = below_attribution;
    bool spaced = true;  // "> text", as most programs write
    for (auto i = first; i < end; ++i) {
      const auto line = trim(lines_[i]);
      if (is_own_mark(line)) continue;
      ordinary = true;
      spaced = spaced && (line == ">" || line.starts_with("> ") || line.starts_with(">>"));
    }
    if (!ordinary) return;
    for (auto i = first; i < end; ++i) quoted_[i] = !(spaced && lines_[i].starts_with(">From "));
    quote(above, first);
    attributed_ = marks_ = true;
  }

  // The line at which the rest is history, when that begins at `at`.
  std::optional<std::size_t> where_history_begins(std::size_t at, std::size_t above) {
    const bool answered = history_ == History::Answered;
    const auto start = above < lines_.size() && is_rule(lines_[above]) ? above : at;
    const auto mark = original_mark(lines_[at]);
    if (mark == Mark::Bare && answered && header_follows(at)) return start;  // QQ draws the line around it
    if (mark == Mark::Dashes) {
      if (quotes_follow(at)) {
        quoted_[at] = 1;
        attributed_ = true;
        return std::nullopt;
      }
      // Somebody may write about this line.
      if (answered || header_follows(at)) return start;
    }
    if (!answered) return std::nullopt;
    if (is_header_block(lines_, at) && !is_introduced(above)) return start;
    // Yahoo and telephones put nothing before the lines of the message that is answered.
    if (marks_) return std::nullopt;
    const auto first = attribution_above(lines_, at);
    if (first == at || (first > 0 && !trim(lines_[first - 1]).empty())) return std::nullopt;
    const auto who = attribution_text(lines_, at);
    const bool program = starts_with_any(who, kAttributionStart) || who.find('@') != who.npos;
    if (!program || !is_dated(who) || has_any(lower(who), kOwnWriting)) return std::nullopt;
    return first;
  }

  bool header_follows(std::size_t mark) const {
    std::size_t seen = 0;
    for (auto i = mark + 1; i < lines_.size() && seen < kBelowMark; ++i) {
      if (trim(lines_[i]).empty()) continue;
      if (is_header(lines_[i])) return true;
      ++seen;
    }
    return false;
  }

  // Whether lines behind '>' are what the mark is about.
  bool quotes_follow(std::size_t mark) const {
    std::size_t first = lines_.size();  // the line below the mark
    std::size_t seen = 0;
    for (auto i = mark + 1; i < lines_.size() && seen <= kAttributionLines; ++i) {
      if (trim(lines_[i]).empty()) continue;
      if (first == lines_.size()) first = i;
      if (is_quote(lines_[i])) return i == first || attribution_above(lines_, i) == first;
      ++seen;
    }
    return false;
  }

  // "This came in by the form:" makes what follows the point of the mail.
  bool is_introduced(std::size_t above) const {
    if (above == lines_.size()) return false;
    const auto line = trim(lines_[above]);
    return (line.ends_with(':') || line.ends_with("：")) && !has_any(line, kWrote) && !is_header(line);
  }

  Lines lines_;
  std::vector<char> quoted_;
  History& history_;
  bool attributed_ = false;  // it is known that lines behind '>' are quoted
  bool indented_ = false;    // they have space before the '>'
  bool marks_ = false;       // there are such lines
};

}  // namespace

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
  auto first = attribution_above(lines, lines.size());
  if (first < lines.size() && original_mark(lines[line_above(lines, first)]) == Mark::Dashes) first = line_above(lines, first);
  if (first < lines.size()) text.resize(static_cast<std::size_t>(lines[first].data() - text.data()));
}

bool ends_with_dated_attribution(std::string_view text) {
  constexpr auto kEnd = 2 * kLongestAttribution;
  const auto lines = lines_of(text.substr(text.size() - std::min(text.size(), kEnd)));
  return is_dated(attribution_text(lines, lines.size()));
}

bool begins_with_dated_attribution(std::string_view text) {
  const auto lines = lines_of(text.substr(0, kLongestAttribution));
  std::size_t seen = 0;
  for (std::size_t i = 0; i < lines.size() && seen < kAttributionLines; ++i) {
    if (trim(lines[i]).empty()) continue;
    if (is_dated(attribution_text(lines, i + 1))) return true;
    ++seen;
  }
  return false;
}

bool says_coloured_answers(std::string_view text) { return says(text, kColoured); }

bool says_answers_within(std::string_view text) { return says(text, kWithin) || says_coloured_answers(text); }

std::string own_words(std::string_view text, History& history) {
  if (history == History::Forwarded) return std::string(text);
  HistoryFinder finder(text, history);
  finder.find();
  return finder.kept();
}

std::string without_quotes(std::string_view text, History history) {
  auto own = own_words(text, history);
  return own.empty() ? std::string(text) : own;
}

}  // namespace hearth::memory::extract
