#include "memory/answering.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "memory/items.h"
#include "memory/text/stop_terms.h"
#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr double kLeastCovered = 0.6;    // below, what was found speaks of something else
constexpr double kSure = 0.5;            // a time that is vaguer limits nothing
constexpr double kNameWorth = 4;
constexpr double kCharacterWorth = 2.5;  // two make about a word
constexpr double kLoneWorth = 1.5;       // a verb mostly: 放, 买
constexpr double kUnneeded = 0.3;
constexpr double kHeld = 0.3;            // less is not what was asked for
constexpr std::size_t kSameRoot = 4;     // letters

// What is left of an answer, for whether it is one, and for which sentence it is.
constexpr double kOtherForm = 0.55;      // it has no number where one is asked for
constexpr double kNoName = 0.25;         // it speaks of somebody or something else
constexpr double kNoWord = 0.55;         // of Chinese: two characters that belong together
constexpr double kNotAll = 0.6;          // a word is missing where all are needed
constexpr double kNotOneWord = 0.85;
constexpr double kNoHead = 0.8;
constexpr double kOtherTime = 0.3;
constexpr double kThingElsewhere = 0.7;

// How much it counts where a word stands: for whether a passage speaks of what is asked, and for which sentence answers.
struct Place {
  double covered;
  double chosen;
};
constexpr Place kSentence{1, 1};
constexpr Place kSentenceBefore{0.95, 0.7};
constexpr Place kSentenceAfter{0.85, 0.45};
constexpr Place kElsewhere{0.8, 0.4};
constexpr Place kTitle{0.95, 0.45};
constexpr Place kPeople{0.95, 0.5};
constexpr Place kReplied{0.95, 0.8};    // in the question that a passage follows
constexpr Place kRepliedSame{1, 1.2};   // and that asks for the same
constexpr Place kBeforeReplied{0.85, 0.7};
constexpr Place kPassageBefore{0.6, 0.3};

// Nouns that only tell what kind of thing is asked for, and how English ones are stemmed.
constexpr std::array<std::string_view, 17> kKinds = {"name", "number", "colour", "color",    "price", "address", "date",  "time", "place",
                                                     "size", "amount", "cost",   "telephon", "call",  "year",    "month", "day"};
constexpr std::array<std::string_view, 8> kSayingTerms = {"say", "said", "write", "wrote", "tell", "told", "mention", "happen"};
constexpr std::array<std::string_view, 32> kChineseAsking = {
    "什么时候", "甚麼時候", "多长时间", "多少钱", "为什么", "有没有", "是不是", "告诉我", "请问", "名字", "号码", "颜色", "地址", "地点", "时间", "日期",
    "价格",     "费用",     "说了",     "写了",   "说过",   "哪里",   "哪裡",   "哪儿",   "哪天", "哪年", "几点", "几次", "几号", "几岁", "怎么", "多久"};
constexpr std::string_view kSayNothing = "的了是在我你他她它们們和与與就也这這那吧啊被把给給对對从從到要会會能去来來谁誰什么甚麼哪怎多少几幾吗嗎呢为為样樣没沒有个個位做";
constexpr std::string_view kMeasures = "次岁号度天年页克斤升块元人";
constexpr std::array<std::string_view, 5> kAfterVerb = {"了", "多少", "几", "什么", "得"};

template <std::size_t N>
bool is_any(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool within(const std::vector<Span>& spans, std::size_t at) {
  return std::any_of(spans.begin(), spans.end(), [&](const Span& span) { return at >= span.start && at < span.end; });
}

// A word apart by one letter may be it, spelt wrongly.
bool nearly(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < 4 || b.size() - a.size() > 1) return false;
  const auto same = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  if (same == a.size()) return true;
  return a.substr(a.size() == b.size() ? same + 1 : same) == b.substr(same + 1);
}

// Blanks what of a Chinese question only asks; returns where the last word ends behind which a verb may come, 0 without one.
std::size_t blank_asking(std::string& text, Wanted wanted) {
  static constexpr std::array<std::string_view, 5> kWhich = {"哪家", "哪所", "哪个", "哪位", "哪些"};
  static constexpr std::array<std::string_view, 3> kTelephones = {"电话", "手机", "電話"};
  const auto blank = [&](std::string_view words) {
    std::size_t end = 0;
    for (auto at = text.find(words); at != text.npos; at = text.find(words, at)) {
      text.replace(at, words.size(), words.size(), ' ');
      end = at + words.size();
    }
    return end;
  };
  std::size_t asks_until = 0;
  for (const auto words : kChineseAsking) asks_until = std::max(asks_until, blank(words));
  for (const auto words : kWhich) blank(words);
  if (wanted == Wanted::Telephone) {
    for (const auto words : kTelephones) blank(words);
  }
  return asks_until;
}

// It says what something is about, and no more.
bool is_heading(std::string_view sentence, std::string_view title) {
  const auto words = sentence.find_first_not_of("# \t\n");
  return sentence.starts_with('#') || (words != sentence.npos && !title.empty() && folded(sentence.substr(words)) == folded(title));
}

Answering::People people_of(const std::string& details) {
  Answering::People people;
  const auto read = parse_details(details);
  if (!read) return people;
  for (const auto& person : read->people) {
    auto& names = person.role == extract::Role::Author ? people.authors : people.others;
    names += person.name + " " + person.address + "\n";
  }
  for (const auto& place : read->places) {
    if (!place.name.empty()) people.places.push_back(place.name);
  }
  return people;
}

// "Dear Ann,", "王总：", and a name below a letter.
bool is_salutation(std::string_view sentence, const Answering::People& people) {
  constexpr std::size_t kLongest = 40;
  if (sentence.size() > kLongest) return false;
  if (sentence.ends_with(',') || sentence.ends_with("，") || sentence.ends_with("：") || sentence.ends_with(':')) return true;
  return folded(people.authors + people.others).find(folded(sentence)) != std::string::npos;
}

}  // namespace

Answering::Answering(std::string_view question, const Query& query, const std::vector<double>& worth, Moment moment)
    : question_(question), query_(query), worth_(worth), moment_(moment), folded_(folded(question)), wanted_(wanted_by(folded_)),
      said_(asks_what_was_said(folded_)), strict_(asks_whether(folded_) || asks_who(folded_)) {
  for (const auto& span : query.spans) {
    if (wanted_ == Wanted::Time && span.words.starts_with("几")) continue;  // 几月 asks
    if (span.sure >= kSure) limits_.push_back(span);
    const auto at = span.words.empty() ? question.npos : question.find(span.words);
    if (at != question.npos) times_.push_back({at, at + span.words.size()});
  }
  add_words();
  add_characters();
  for (const auto& asked : asked_) {
    for (const auto& form : asked.forms) wanted_terms_.add(form.term);
  }
}

void Answering::add_words() {
  const auto verb = loose_verb(question_);
  const auto thing = thing_asked_for(question_);
  const auto subject = whom_it_is_about(question_);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto first = static_cast<std::size_t>(std::find_if(question_.begin(), question_.end(), is_letter) - question_.begin());
  for (std::size_t i = 0; i < query_.terms.size(); ++i) {
    const auto& term = query_.terms[i];
    if (term.phrase || term.character || term.time || term.weight == 0 || is_stop_term(term.term)) continue;
    if (is_unspaced(code_point_at(term.term, 0).value)) continue;
    const auto at = question_.find(term.text);
    if (at == question_.npos || within(times_, at)) continue;
    if (is_any(term.term, kSayingTerms)) continue;
    const bool kind = is_any(term.term, kKinds) || folded(question_.substr(0, at)).ends_with("how ") ||  // "how old"
                      (wanted_ == Wanted::Telephone && term.term == "phone");
    Asked asked;
    asked.name = !kind && (term.person || (question_[at] >= 'A' && question_[at] <= 'Z' && at != first));
    asked.person = term.person;
    asked.thing = !kind && at == thing;
    asked.subject = at == subject;
    asked.needed = !kind && at != verb;
    asked.worth = term.person ? kNameWorth : worth_[i];
    if (kind) asked.worth *= kUnneeded / 2;
    else if (!asked.needed) asked.worth *= kUnneeded;
    asked.forms.push_back({term.text, term.term, 1});
    for (const auto& form : term.forms) {
      const bool misspelt = form.weight <= 0.5;
      if (misspelt && !nearly(form.term, term.term)) continue;
      asked.forms.push_back({form.text, form.term, misspelt ? 0.8 : form.weight});
    }
    for (const auto& near : term.near) {  // "dental" for "dentist"
      if (near.size() >= kSameRoot && term.term.starts_with(near.substr(0, kSameRoot))) asked.forms.push_back({near, near, 0.8});
    }
    asked_.push_back(std::move(asked));
  }
}

void Answering::add_characters() {
  std::string text(question_);
  const auto asks_until = blank_asking(text, wanted_);
  struct Character {
    std::size_t start;
    std::size_t end;
    std::size_t run;
  };
  std::vector<Character> found;
  std::vector<Asked> characters;
  std::size_t run = 0;
  bool inside = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_at(text, at);
    const auto one = std::string_view(text).substr(at, c.length);
    const bool counts = is_unspaced(c.value) && kSayNothing.find(one) == kSayNothing.npos && !within(times_, at);
    if (counts) {
      auto asked = character_at(at, one);
      if (!inside || asked.person != characters.back().person) ++run;  // 送爸爸 is two words
      found.push_back({at, at + c.length, run});
      characters.push_back(std::move(asked));
    }
    inside = counts;
    at += c.length;
  }
  for (std::size_t first = 0, end = 0; first < found.size(); first = end) {
    while (end < found.size() && found[end].run == found[first].run) ++end;
    const auto before = std::string_view(text).substr(0, found[first].start);
    const auto after = std::string_view(text).substr(found[end - 1].end);
    // What follows "when" or "where" up to the end is what is done there: it is often said in another word.
    const bool loose = end == found.size() && asks_until > 0 && found[first].start == asks_until;
    const bool verb = after.starts_with(' ') ||
                      std::any_of(kAfterVerb.begin(), kAfterVerb.end(), [&](auto one) { return after.starts_with(one); });
    for (auto i = first; i < end; ++i) {
      auto& asked = characters[i];
      asked.run = found[i].run;
      asked.lone = end - first == 1 || (i + 1 == end && end - first > 2 && verb);  // 怕 of 朵朵怕什么
      asked.counted = asked.lone && before.ends_with("多少") && kMeasures.find(asked.character) == kMeasures.npos;
      asked.head = i + 1 == end && end - first > 2 && !verb;
      asked.needed = !loose;
      asked.worth = (asked.lone ? kLoneWorth : kCharacterWorth) * (loose ? kUnneeded : 1);
      asked.character_share = asked.lone ? 0.8 : 0.25;
    }
  }
  asked_.insert(asked_.end(), std::make_move_iterator(characters.begin()), std::make_move_iterator(characters.end()));
}

// A character of the question, with the terms that have it there.
Answering::Asked Answering::character_at(std::size_t at, std::string_view character) const {
  Asked asked;
  asked.character = folded(character);
  for (const auto& term : query_.terms) {
    if (term.character || term.phrase || term.term.size() <= asked.character.size()) continue;
    const auto place = question_.find(term.text);
    if (place == question_.npos || at < place || at >= place + term.text.size() || within(times_, place)) continue;
    asked.forms.push_back({term.text, term.term, 1});
    asked.person = asked.person || term.person;
  }
  asked.name = asked.person;
  return asked;
}

Answering::Held Answering::held(std::string_view text) {
  Held result;
  tokenizer_.tokenize(text, Tokenizer::Purpose::Index, [&](const Token& token) {
    result.terms.emplace(token.term);
    return true;
  }, &wanted_terms_);
  result.folded = folded(text);
  return result;
}

double Answering::share(const Asked& asked, const Held& held) const {
  double best = 0;
  for (const auto& form : asked.forms) {
    if (form.weight > best && held.terms.contains(form.term)) best = form.weight;
  }
  if (best == 0 && !asked.character.empty() && held.folded.find(asked.character) != held.folded.npos) best = asked.character_share;
  return best;
}

// Whether what was found is from the time that is asked for, or tells of it.
double Answering::time_share(const Hit& hit) const {
  const std::string_view text = hit.text;
  double share = 1;
  for (const auto& span : limits_) {
    if (hit.time && *hit.time >= span.from && *hit.time < span.to) return 1;
    share = kOtherTime;
    if (said_) continue;
    if (!span.words.empty() && folded(text).find(folded(span.words)) != std::string::npos) return 1;
    const auto overlaps = [&](const TimeSpan& told) { return told.from < span.to && told.to > span.from; };
    const auto now = find_times(text, moment_);
    if (std::any_of(now.begin(), now.end(), [&](const TimeSpan& told) { return !told.relative && overlaps(told); })) return 1;
    if (!hit.time) continue;
    const auto then = find_times(text, {*hit.time, hit.zone});
    if (std::any_of(then.begin(), then.end(), overlaps)) return 1;
  }
  return share;
}

Answering::Passage Answering::read(const Hit& hit) {
  Passage passage;
  const std::string_view text = hit.text;
  passage.spans = sentences(text);
  for (const auto& span : passage.spans) passage.sentences.push_back(held(text.substr(span.start, span.end - span.start)));
  passage.title = held(hit.title);
  passage.people = people_of(hit.details);
  passage.authors = held(passage.people.authors);
  passage.others = held(passage.people.others);
  for (const auto& asked : asked_) passage.asked_author = passage.asked_author || (asked.person && share(asked, passage.authors) > 0);
  bool same = false;
  for (const auto& before : hit.before) {
    const bool next = &before == &hit.before.front();
    if (next) {
      passage.replies = ends_with_question(before.text);
      same = asks_for_something(before.text) && wanted_by(folded(before.text)) == wanted_;
    } else if (!passage.replies) {
      break;
    }
    const auto authors = people_of(before.details).authors;
    if (next) passage.spoken_to = held(authors);
    const auto& place = same ? kRepliedSame : !passage.replies ? kPassageBefore : next ? kReplied : kBeforeReplied;
    passage.before.push_back({held(before.text + "\n" + authors), place.covered, place.chosen});
  }
  return passage;
}

// How much of one thing that is asked about stands in a sentence and around it.
Answering::Shares Answering::shares(const Asked& asked, const Passage& passage, std::size_t sentence, const Speaking& speaking) const {
  Shares best;
  const auto take = [&](const Held& where, const Place& place) {
    if (best.covered >= place.covered && best.chosen >= place.chosen) return;
    const auto there = share(asked, where);
    best.covered = std::max(best.covered, place.covered * there);
    best.chosen = std::max(best.chosen, place.chosen * there);
  };
  take(passage.sentences[sentence], kSentence);
  if (!asked.name) best.own = best.covered;
  take(passage.authors, kPeople);
  if ((asked.person || asked.subject) && speaking.self) {
    if (speaking.to_other) take(passage.spoken_to, kPeople);
    return best;
  }
  if (asked.name && said_) return best;
  take(passage.title, kTitle);
  take(passage.others, kPeople);
  for (std::size_t other = 0; other < passage.sentences.size(); ++other) {
    if (other == sentence || (asked.name && speaking.anew)) continue;
    take(passage.sentences[other], other + 1 == sentence ? kSentenceBefore : other == sentence + 1 ? kSentenceAfter : kElsewhere);
  }
  for (const auto& lent : passage.before) take(lent.held, {lent.covered, lent.chosen});
  return best;
}

// What a sentence is worth when something that is asked about is nowhere around it: little when that has a name.
double Answering::missing(const std::vector<Shares>& shares) const {
  const auto lacks = [&](std::size_t i) { return asked_[i].needed && shares[i].covered < kHeld; };
  double worst = 1;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    const auto& asked = asked_[i];
    if (asked.name && shares[i].covered < kHeld) worst = std::min(worst, kNoName);
    if (!lacks(i)) continue;
    const bool word = asked.run == 0;
    const bool all = strict_ || asked.counted || (!word && wanted_ == Wanted::Anything);
    if (word || asked.lone) worst = std::min(worst, all ? kNotAll : word ? kNotOneWord : 1);
    if (asked.head) worst = std::min(worst, kNoHead);
    if (!word && i > 0 && asked_[i - 1].run == asked.run && lacks(i - 1)) worst = std::min(worst, kNoWord);
  }
  return worst;
}

Answer Answering::weigh(const Hit& hit, const Passage& passage, std::size_t sentence) const {
  const auto& span = passage.spans[sentence];
  const auto text = std::string_view(hit.text).substr(span.start, span.end - span.start);
  // Who speaks of themselves speaks of nobody else who is asked about, but of whom they speak to.
  const Speaking speaking{!passage.asked_author && speaks_of_oneself(text), speaks_to_somebody(text), begins_anew(text, question_)};
  std::vector<Shares> all;
  double whole = 0;
  double own = 0;
  Answer answer{span, 0, 0};
  double chosen = 0;
  bool named = true;
  for (const auto& asked : asked_) {
    const auto& one = all.emplace_back(shares(asked, passage, sentence, speaking));
    whole += asked.worth;
    own = std::max(own, one.own);
    named = named && (!asked.thing || one.own > 0);
    answer.covered += asked.worth * one.covered;
    chosen += asked.worth * one.chosen;
  }
  if (whole > 0) {
    answer.covered /= whole;
    chosen /= whole;
  } else if (only_time()) {
    answer.covered = chosen = 1;
  }
  const auto& places = passage.people.places;
  const bool there = wanted_ == Wanted::Place &&
                     std::any_of(places.begin(), places.end(), [&](const auto& one) { return text.find(one) != text.npos; });
  const auto form = there ? 1 : has_form(wanted_, text, question_);
  answer.covered *= form > 0 ? 0.85 + 0.15 * form : kOtherForm;
  chosen *= 0.5 + 0.5 * form;
  if (own == 0 && (wanted_ == Wanted::Anything || form < 1)) chosen *= passage.replies ? 0.8 : 0.6;
  if (!named) chosen *= kThingElsewhere;
  if (is_heading(text, hit.title)) {
    answer.covered *= 0.75;
    chosen *= 0.3;
  }
  if (ends_with_question(text) && asks_whether(folded(text))) {
    answer.covered *= 0.7;
    chosen *= 0.6;
  }
  answer.covered *= missing(all);
  answer.fit = chosen;
  return answer;
}

std::optional<Answer> Answering::answer(const Hit& hit) {
  const auto passage = read(hit);
  const auto time = time_share(hit);
  std::optional<Answer> best;
  for (std::size_t i = 0; i < passage.spans.size(); ++i) {
    const auto text = std::string_view(hit.text).substr(passage.spans[i].start, passage.spans[i].end - passage.spans[i].start);
    if (asks_for_something(text) || is_salutation(text, passage.people)) continue;
    const auto one = weigh(hit, passage, i);
    if (!best || one.fit > best->fit) best = one;
  }
  if (!best || best->covered * time < kLeastCovered) return std::nullopt;
  best->fit = (best->covered * time + best->fit) / 2;
  return best;
}

}  // namespace hearth::memory
