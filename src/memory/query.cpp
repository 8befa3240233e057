#include "memory/query.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "memory/fts_tokenizer.h"
#include "memory/question.h"
#include "memory/text/irregular.h"
#include "memory/text/stop_terms.h"
#include "memory/text/tokenizer.h"
#include "memory/text/unicode.h"
#include "memory/time_ranges.h"

namespace hearth::memory {
namespace {

// Words that ask, beside the stop words; and what people put around a question.
constexpr std::array<std::string_view, 13> kAskingTerms = {"tell", "show", "find", "know", "rememb", "mani",  "long",
                                                           "often", "kind", "type", "sort", "anyth", "someth"};

// That something was written or happened at all.
constexpr std::array<std::string_view, 9> kTellingTerms = {"say", "said", "write", "wrote", "send", "sent", "happen", "tell", "told"};

// Chinese phrases that ask; the longer ones first.
constexpr std::array<std::string_view, 46> kAskingPhrases = {
    "什么时候", "甚麼時候", "为什么",   "為什麼", "是不是", "有没有", "有沒有", "能不能", "可不可以", "多长时间", "多少钱", "什么样",
    "怎么样",   "怎麼樣",   "告诉我",   "告訴我", "请问",   "請問",   "什么",   "什麼",   "甚麼",     "哪里",     "哪裡",   "哪儿",
    "哪个",     "哪個",     "哪些",     "哪天",   "哪年",   "哪位",   "怎么",   "怎麼",   "怎样",     "怎樣",     "如何",   "多少",
    "几点",     "几次",     "几个",     "多久",   "是谁",   "是誰",   "谁",     "誰",     "吗",       "呢"};

// Characters that mostly hold sentences together.
constexpr std::string_view kFunctionCharacters = "的了是在我你他她它们們和与與就都也这這那有吧啊被把给給对對从從到要会會能去来來";

bool is_function_character(std::int32_t code_point) {
  for (std::size_t at = 0; at < kFunctionCharacters.size();) {
    const auto c = code_point_at(kFunctionCharacters, at);
    if (c.value == code_point) return true;
    at += c.length;
  }
  return false;
}

double weight_of(std::string_view term) {
  const auto first = code_point_at(term, 0);
  if (!is_unspaced(first.value) || first.length == term.size()) return 1;
  const auto second = code_point_at(term, first.length);
  return is_function_character(first.value) || is_function_character(second.value) ? 0.3 : 1;
}

std::string blank_asking_phrases(std::string_view text) {
  std::string result(text);
  for (const auto phrase : kAskingPhrases) {
    for (auto at = result.find(phrase); at != result.npos; at = result.find(phrase, at)) {
      result.replace(at, phrase.size(), phrase.size(), ' ');  // what follows stays in its place
    }
  }
  return result;
}

// The words of a text that people separate by white space alone.
std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto start = text.find_first_not_of(" \t\r\n", at);
    if (start == text.npos) break;
    const auto end = std::min(text.find_first_of(" \t\r\n", start), text.size());
    found.push_back(text.substr(start, end - start));
    at = end;
  }
  return found;
}

// The number that ends (or begins) at a place of a text; 0 without.
int number_before(std::string_view text, std::size_t end) {
  std::size_t start = end;
  while (start > 0 && is_digit(text[start - 1]) && end - start < 4) --start;
  return start == end ? 0 : std::atoi(std::string(text.substr(start, end - start)).c_str());
}

// A year, a month and a day of the month in a folded text. "May" alone may be no month.
AskedTime read_time(const std::string& text) {
  const auto in_a_code = [&](std::size_t start, std::size_t end) {  // 2024 of NL-2024-00817
    const auto joins = [](char c) { return c == '-' || c == '_'; };
    return start > 1 && joins(text[start - 1]) && is_word(static_cast<unsigned char>(text[start - 2])) && !is_digit(text[start - 2]) && end < text.size();
  };
  AskedTime time;
  const auto tell = [&](std::size_t start, std::size_t end) {
    if (!time.words.empty()) time.words += ' ';
    time.words += text.substr(start, end - start);
  };
  int lone_number = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (is_digit(text[at])) {
      auto end = at;
      while (end < text.size() && is_digit(text[end])) ++end;
      const int number = number_before(text, std::min(end, at + 4));
      const auto rest = std::string_view(text).substr(end);
      if (rest.starts_with("月")) {
        time.month = number >= 1 && number <= 12 ? number : 0;
        tell(at, end + std::string_view("月").size());
      } else if (rest.starts_with("日") || rest.starts_with("号")) {
        time.day = number;
      } else if (end - at == 4 && number >= 1900 && number < 2200 && !in_a_code(at, end)) {
        time.year = number;
        tell(at, end);
      } else if (end - at <= 2 && number >= 1 && number <= 31) {
        lone_number = number;
      }
      at = end;
      continue;
    }
    const bool word_start = at == 0 || !is_word(static_cast<unsigned char>(text[at - 1]));
    for (std::size_t m = 0; word_start && m < kMonthNames.size(); ++m) {
      const auto end = at + kMonthNames[m].size();
      if (text.compare(at, kMonthNames[m].size(), kMonthNames[m]) == 0 && (end >= text.size() || !is_word(static_cast<unsigned char>(text[end])))) {
        time.month = static_cast<int>(m) + 1;
        tell(at, end);
      }
    }
    ++at;
  }
  if (time.month != 0 && time.day == 0) time.day = lone_number;
  const bool maybe_verb = time.month == 5 && time.year == 0 && time.day == 0 && text.find("may") != text.npos && text.find("in may") == text.npos;
  if (maybe_verb) time.month = 0;
  return time;
}

// What people call the kinds of things that are kept.
std::optional<extract::ItemKind> kind_called(std::string_view word) {
  using extract::ItemKind;
  static constexpr std::array<std::pair<std::string_view, ItemKind>, 36> kWords = {{
      {"mail", ItemKind::Mail},         {"mails", ItemKind::Mail},        {"email", ItemKind::Mail},       {"emails", ItemKind::Mail},
      {"邮件", ItemKind::Mail},         {"message", ItemKind::Message},   {"messages", ItemKind::Message}, {"chat", ItemKind::Message},
      {"chats", ItemKind::Message},     {"消息", ItemKind::Message},      {"短信", ItemKind::Message},     {"聊天", ItemKind::Message},
      {"note", ItemKind::Note},         {"notes", ItemKind::Note},        {"笔记", ItemKind::Note},        {"event", ItemKind::Event},
      {"events", ItemKind::Event},      {"appointment", ItemKind::Event}, {"appointments", ItemKind::Event}, {"日程", ItemKind::Event},
      {"task", ItemKind::Task},         {"tasks", ItemKind::Task},        {"任务", ItemKind::Task},        {"contact", ItemKind::Contact},
      {"contacts", ItemKind::Contact},  {"联系人", ItemKind::Contact},    {"recording", ItemKind::Recording}, {"recordings", ItemKind::Recording},
      {"录音", ItemKind::Recording},    {"photo", ItemKind::Photo},       {"photos", ItemKind::Photo},     {"picture", ItemKind::Photo},
      {"pictures", ItemKind::Photo},    {"照片", ItemKind::Photo},        {"document", ItemKind::Document}, {"documents", ItemKind::Document},
  }};
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const auto& one) { return one.first == word; });
  if (found == kWords.end()) return std::nullopt;
  return found->second;
}

// "-beech": what is found must not hold it.
bool excludes(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && is_word(code_point_at(word, 1).value) && !is_digit(word[1]);
}

class Reader {
 public:
  // `text` outlives the reader; words given later are parts of it.
  Reader(std::string_view text, std::optional<Moment> moment) : text_(text) {
    if (!moment) return;
    times_ = find_times(text, *moment);
    for (const auto& time : times_) query_.spans.push_back({time.from, time.to, time.sure, part(time.words), time.open});
    for (const auto& time : find_times_by_event(text)) {
      const bool dated = std::any_of(times_.begin(), times_.end(), [&](const TimeSpan& one) {
        return one.words.start < time.words.end && time.words.start < one.words.end;
      });
      if (!dated) query_.events.push_back({part(time.event), part(time.words), time.from_days, time.to_days});  // else: before Christmas
    }
    query_.zone = moment->zone;
  }

  // Adds the terms of one word. An address or a path (several terms, none of them Chinese) also counts as a phrase.
  void add_word(std::string_view word) {
    std::vector<QueryTerm> found;
    bool unspaced = false;
    tokenizer_.tokenize(word, Tokenizer::Purpose::Query, [&](const Token& token) {
      QueryTerm term;
      term.text = word.substr(token.start, token.end - token.start);
      term.term = token.term;
      term.weight = weight_of(token.term);
      const auto at = static_cast<std::size_t>(word.data() - text_.data()) + token.start;
      for (const auto& time : times_) {
        if (at + (token.end - token.start) <= time.words.start || at >= time.words.end) continue;  // 爸昨 of 爸爸昨天 is none of a name
        term.time = true;
        term.relative = term.relative || time.relative;
      }
      term.kind = kind_called(folded(term.text));
      term.filler = term.weight < 1 || std::find(kTellingTerms.begin(), kTellingTerms.end(), term.term) != kTellingTerms.end();
      if (term.relative) term.weight *= kTimeWeight;  // who wrote then did not say so
      term.prefix = token.single;
      for (const auto form : irregular_forms(folded(term.text))) term.forms.push_back({std::string(form), term_of(form), kFormWeight});
      unspaced = unspaced || is_unspaced(code_point_at(token.term, 0).value);
      found.push_back(std::move(term));
      return found.size() < kMostTerms;
    });
    if (found.size() > 1 && !unspaced) {
      QueryTerm phrase;
      phrase.text = word;
      phrase.phrase = true;
      for (const auto& term : found) phrase.terms.push_back(term.term);
      phrase.time = std::all_of(found.begin(), found.end(), [](const QueryTerm& term) { return term.time; });
      phrase.term = phrase.terms.front();
      add(std::move(phrase));
    }
    for (auto& term : found) {
      if (unspaced) add_characters(term.text);
      add(std::move(term));
    }
    letters_ += count_code_points(word);
    if (unspaced) chinese_letters_ += count_code_points(word);
  }

  void add(QueryTerm term) {
    if (query_.terms.size() < kMostTerms && seen_.insert((term.phrase ? "p:" : "t:") + (term.phrase ? term.text : term.term)).second) {
      query_.terms.push_back(std::move(term));
    }
  }

  // The characters of a Chinese term, for texts that say it in another word: 医 of 医生 is in 医院.
  void add_characters(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const auto c = code_point_at(text, at);
      if (is_unspaced(c.value) && !is_function_character(c.value) && characters_.size() < kMostCharacters) {
        QueryTerm term;
        term.text = text.substr(at, c.length);
        term.term = folded(term.text);
        term.weight = kCharacterWeight;
        term.prefix = true;
        term.character = true;
        if (seen_.insert("c:" + term.term).second) characters_.push_back(std::move(term));
      }
      at += c.length;
    }
  }

  void require(std::string_view phrase) { query_.required.push_back(fts_string(phrase)); }
  void exclude(std::string_view word) { query_.excluded += (query_.excluded.empty() ? "" : " ") + std::string(word); }

  template <typename Drop>
  Query finish(Drop drop) && {
    auto kept = query_.terms;
    std::erase_if(kept, drop);
    const bool words_left = std::any_of(kept.begin(), kept.end(), [](const QueryTerm& term) { return !term.phrase; });  // AT&T is of stop words
    if (words_left) query_.terms = std::move(kept);
    if (query_.terms.size() > 1 || (query_.terms.size() == 1 && !query_.terms[0].prefix)) {
      for (auto& term : characters_) {
        if (query_.terms.size() < kMostTerms) query_.terms.push_back(std::move(term));
      }
    }
    query_.chinese = chinese_letters_ * 2 > letters_;
    std::string calendar(text_);
    for (const auto& time : times_) {  // before 2025 is not of 2025
      if (time.open) std::fill(calendar.begin() + static_cast<std::ptrdiff_t>(time.words.start), calendar.begin() + static_cast<std::ptrdiff_t>(time.words.end), ' ');
    }
    query_.time = read_time(folded(calendar));
    return std::move(query_);
  }

 private:
  static constexpr std::size_t kMostTerms = 64;
  static constexpr std::size_t kMostCharacters = 16;
  static constexpr double kCharacterWeight = 0.25;
  static constexpr double kFormWeight = 0.9;
  static constexpr double kTimeWeight = 0.2;

  std::string part(Span span) const { return std::string(text_.substr(span.start, span.end - span.start)); }

  std::string term_of(std::string_view word) {
    std::string term;
    forms_tokenizer_.tokenize(word, Tokenizer::Purpose::Query, [&](const Token& token) {
      term = token.term;
      return false;
    });
    return term;
  }

  std::string_view text_;
  std::vector<TimeSpan> times_;
  Tokenizer forms_tokenizer_;
  Tokenizer tokenizer_;
  Query query_;
  std::vector<QueryTerm> characters_;
  std::set<std::string> seen_;
  std::size_t letters_ = 0;
  std::size_t chinese_letters_ = 0;
};

}  // namespace

bool Query::only_around() const {
  return std::all_of(terms.begin(), terms.end(), [](const QueryTerm& term) { return term.around(); }) &&
         (!spans.empty() || std::any_of(terms.begin(), terms.end(), [](const QueryTerm& term) { return term.person; }));
}

std::string fts_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\0' || c == kVerbatim) continue;
    result += c;
    if (c == '"') result += '"';
  }
  return result + "\"";
}

std::vector<std::string> words_excluded(const Query& query) {
  std::vector<std::string> phrases;
  for (const auto word : words(query.excluded)) phrases.push_back(fts_string(word));
  return phrases;
}

std::string fts_term(std::string_view term) { return std::string("\"") + kVerbatim + std::string(term) + "\""; }

Query read_query(std::string_view text, Typing typing, std::optional<Moment> moment) {
  if (typing == Typing::Finished && (text.ends_with("?") || text.ends_with("？"))) return read_question(text, moment);
  std::string rest;
  std::vector<std::string> phrases;
  for (std::size_t at = 0; at < text.size();) {  // "a phrase" between quotation marks
    const auto open = text.find('"', at);
    const auto close = open == text.npos ? text.npos : text.find('"', open + 1);
    if (close == text.npos) {
      rest += text.substr(at);
      break;
    }
    rest += std::string(text.substr(at, open - at)) + " ";
    const auto phrase = text.substr(open + 1, close - open - 1);
    if (phrase.find_first_not_of(" \t") != phrase.npos) {
      phrases.emplace_back(phrase);
    }
    at = close + 1;
  }
  std::string whole;
  for (const auto& phrase : phrases) whole += phrase + " ";
  whole += rest;
  Reader reader(whole, moment);
  for (const auto& phrase : phrases) reader.require(phrase);
  const auto typed = words(whole);
  for (const auto word : typed) {
    if (excludes(word) && typed.size() > 1) reader.exclude(word.substr(1));
    else reader.add_word(word);
  }
  auto query = std::move(reader).finish([](const QueryTerm& term) { return !term.phrase && is_stop_term(term.term); });
  if (typing == Typing::Going && !rest.empty() && !query.empty()) {
    auto& last = *std::find_if(query.terms.rbegin(), query.terms.rend(), [](const QueryTerm& term) { return !term.character; });
    const auto c = code_point_at(rest, rest.size() - 1);
    if (c.value > ' ' && c.value != '"' && !last.phrase && last.term.size() >= 2 && rest.ends_with(last.text)) last.prefix = true;
  }
  return query;
}

Query read_question(std::string_view text, std::optional<Moment> moment) {
  const auto plain = blank_asking_phrases(text);
  Reader reader(plain, moment);
  for (const auto word : words(plain)) reader.add_word(word);
  auto query = std::move(reader).finish([](const QueryTerm& term) {
    return !term.phrase && (is_stop_term(term.term) ||
                            std::find(kAskingTerms.begin(), kAskingTerms.end(), term.term) != kAskingTerms.end());
  });
  query.question = true;
  query.asks_when = asks_when(folded(text));
  return query;
}

}  // namespace hearth::memory
