#include <string>
#include <vector>

#include "memory/text/commitments_forms.h"

namespace hearth::memory {
namespace {

// What one can see done afterwards. "be", "have", "like", "need" and their kind promise nothing.
constexpr auto kActions = std::to_array<std::string_view>({
    "send",   "resend",   "forward",  "share",   "email",   "mail",     "write",    "call",    "phone",   "ring",     "text",     "message", "get",
    "let",    "follow",   "check",    "look",    "review",  "read",     "prepare",  "draft",   "finish",  "complete", "submit",   "update",  "upload",
    "post",   "bring",    "pick",     "buy",     "order",   "pay",      "transfer", "book",    "arrange", "organise", "organize", "schedule", "set",
    "fix",    "ask",      "talk",     "speak",   "contact", "confirm",  "reply",    "respond", "provide", "give",     "return",   "introduce", "work",
    "add",    "include",  "make",     "create",  "print",   "sign",     "cancel",   "register", "circulate", "reach", "ping",     "deliver", "attach",
    "revert", "try",      "discuss",  "meet",    "put",     "drop",     "come",     "edit",    "revise",  "reschedule", "invite", "announce", "notify",
    "inform", "collect",  "fetch",    "grab",    "lend",    "cook",     "bake",     "clean",   "wash",     "water",    "feed",    "remind",   "tell",    "show",
    "do"});
// What one is asked to do besides.
constexpr auto kAskedActions = std::to_array<std::string_view>({"take", "arrive", "join", "attend", "wait", "help", "fill", "move", "close", "lock", "turn", "be"});
// Of these a question asks whether somebody can, not that they do.
constexpr auto kTalks = std::to_array<std::string_view>({"meet", "make", "come", "talk", "speak", "discuss", "try", "work", "be", "join", "attend", "do"});
constexpr auto kBetween = std::to_array<std::string_view>({"also", "then", "certainly", "definitely", "gladly", "surely", "happily", "just", "personally",
                                                       "be", "sure", "to", "soon", "now", "immediately", "of", "course", "probably", "shortly", "make",
                                                       "still"});
// What may come before a "will" without anybody: "Yes, will send it."
constexpr auto kAnswers = std::to_array<std::string_view>({"yes",  "yep",   "yeah", "ok",     "okay",    "sure",   "of",  "course", "great", "perfect", "fine",  "good",   "alright", "all",
                                                       "right", "thanks", "thank", "you",   "no",      "problem", "worries", "cool", "got",   "it",      "noted", "understood", "hi", "hello", "absolutely"});
// What may stand behind the "do" of a promise; nobody is promised one's best.
constexpr auto kDone = std::to_array<std::string_view>({"", "by", "it", "that", "this", "so", "as", "asap", "today", "tonight", "tomorrow", "right", "now", "on", "before", "later", "in", "first"});
constexpr auto kVague = std::to_array<std::string_view>({" sometime", " someday", " some day", " one day", " some time", " maybe ", " perhaps ", " at some point", " possibly "});
constexpr auto kAsks = std::to_array<std::string_view>({"please", "kindly", "could you", "can you", "would you", "will you", "need you to", "make sure",
                                                     "don't forget to", "do not forget to", "remember to"});
// What is said for politeness and makes nothing hang on it.
constexpr auto kPolite = std::to_array<std::string_view>({"would you", "if possible", "if you can", "if you could", "if you don't mind"});
constexpr auto kOffered = std::to_array<std::string_view>({"would you like", "would you be", "would you have", "would you want", "would you prefer"});
constexpr auto kMeets = std::to_array<std::string_view>({"let's meet",  "let us meet", "let's have", "let's talk", "let's speak", "let's do",
                                                     "let's chat",  "let's catch", "meet on",    "meet at",    "meet tomorrow", "see you",
                                                     "we will meet", "we'll meet"});
constexpr auto kMoved = std::to_array<std::string_view>({"moved", "rescheduled", "postponed", "shifted", "brought", "pushed", "changed", "delayed"});
constexpr auto kEvents = std::to_array<std::string_view>({
    "meeting",     "call",      "appointment",  "interview", "lunch",    "dinner",   "breakfast", "brunch",   "session",  "standup",   "stand-up",  "concert",  "party",
    "wedding",     "funeral",   "ceremony",     "rehearsal", "recital",  "lesson",   "class",     "exam",     "match",    "game",      "show",      "performance", "conference",
    "workshop",    "seminar",   "webinar",      "lecture",   "talk",     "presentation", "checkup", "check-up", "viewing", "haircut",  "surgery",   "reunion",  "hearing",
    "inspection",  "barbecue",     "bbq",       "picnic",   "training", "tour",      "kickoff",  "demo",     "review",    "defence",   "defense",  "gig",
    "premiere",    "screening", "tournament",   "graduation", "assembly", "birthday", "movie",    "film",     "consultation", "examination", "play",   "briefing", "reservation",
    "kick-off",    "get-together", "drinks",    "vaccination", "scan",   "test",     "course",    "visit",    "excursion", "festival", "audition",  "race",      "practice"});
constexpr auto kEvenings = std::to_array<std::string_view>({"parents'", "parents", "parent's", "quiz", "games", "open", "information", "social", "film", "movie"});
constexpr auto kHappens = std::to_array<std::string_view>({"is", "starts", "begins", "takes", "will", "has", "happens"});
// What stands between "is" and the day.
constexpr auto kLeads = std::to_array<std::string_view>({"on", "this", "next", "coming", "now", "scheduled", "set", "planned", "booked", "confirmed", "fixed", "arranged", "taking",
                                                     "take", "place", "held", "be", "been", "being", "the", "from", "again", "also", "only", "still", "already", "actually",
                                                     "start", "begin", "starting", "happening", "at", "in", "for", "with"});
constexpr auto kPlaces = std::to_array<std::string_view>({"in", "at", "for", "with"});
constexpr int kPlaceWords = 3;
// What may come before the event where nothing else says that there is one: "Reminder: your dentist appointment on Monday".
constexpr auto kEventKinds = std::to_array<std::string_view>({"reminder", "your", "our",   "my",    "the",    "next",  "dentist", "dentist's", "doctor", "doctor's", "team",  "staff",   "board",
                                                          "project",  "parents'", "parents", "parent", "teacher", "birthday", "piano", "music", "school", "family", "business", "zoom", "video",
                                                          "phone", "client", "job", "eye", "vet", "yoga", "swimming", "christmas", "farewell", "company", "department", "group",
                                                          "this", "is", "to", "a", "of", "about", "you", "we", "we're", "are", "confirm", "confirming", "confirmation", "just", "friendly", "quick", "remind",
                                                          "don't", "forget", "remember", "looking", "forward", "i'm"});
constexpr auto kCounts = std::to_array<std::string_view>({"a", "an", "our", "my", "your", "the", "another", "two", "this"});
constexpr auto kNoEvents = std::to_array<std::string_view>({"about", "for", "of", "to", "from", "no", "not", "after", "before"});
// What is so again and again, no longer, or on a day that was named before.
constexpr auto kOtherTimes = std::to_array<std::string_view>({" every ", " each ", " usually ", " always ", " normally ", " cancelled", " canceled", " called off", " that day", " that morning",
                                                       " that afternoon", " that evening", " same day", " following day"});
constexpr auto kDeadlines = std::to_array<std::string_view>({"deadline",    "due on",         "due by",     "is due",        "are due",   "no later than",
                                                         "at the latest", "expires on", "due date"});
constexpr auto kMusts = std::to_array<std::string_view>({"must be ", "needs to be ", "need to be ", "has to be ", "have to be "});
// What one is too late for once it has closed, unlike a shop.
constexpr auto kOffers = std::to_array<std::string_view>({"registration", "registrations", "application", "applications", "offer", "offers", "sale",   "discount", "promotion", "trial",
                                                      "submission",   "submissions",   "enrolment",   "enrollment",   "voting", "poll",  "survey", "auction",  "bidding",   "ballot",
                                                      "nominations",  "nomination",    "voucher",     "coupon",       "entries", "portal", "competition", "subscription", "papers",
                                                      "proposals",    "booking",       "bookings",    "sign-up",      "signup", "contest", "promo", "deal"});
constexpr auto kCloses = std::to_array<std::string_view>({"closes", "close", "closing", "ends", "end", "ending", "expires", "expire", "until", "till", "through"});
constexpr auto kConditions = std::to_array<std::string_view>({" if ", " unless ", " would ", " might ", "whether ", " in case ", " as long as ", " provided that ", " could have ", " could meet "});
constexpr auto kDenials = std::to_array<std::string_view>({" won't ", " not be able ", " never ", " will not ", " shall not "});

struct Word {
  std::string_view text;  // "i'll" and "check-up" as one
  std::size_t start = 0;
  std::size_t end() const { return start + text.size(); }
};

std::vector<Word> words_of(std::string_view lower) {
  std::vector<Word> words;
  const auto is_letter = [&](std::size_t i) { return i < lower.size() && lower[i] >= 'a' && lower[i] <= 'z'; };
  for (std::size_t at = 0; at < lower.size();) {
    const auto inside = [&](std::size_t i) {
      return is_letter(i) || (i < lower.size() && lower[i] == '\'') || (i > at && i < lower.size() && lower[i] == '-' && is_letter(i - 1) && is_letter(i + 1));
    };
    if (!inside(at)) {
      ++at;
      continue;
    }
    auto end = at;
    while (inside(end)) ++end;
    words.push_back({lower.substr(at, end - at), at});
    at = end;
  }
  return words;
}

// In small letters, with plain apostrophes, and where each byte stood.
struct Lowered {
  std::string text;
  std::vector<std::size_t> origin;  // one more than the text has bytes

  explicit Lowered(std::string_view sentence) {
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      origin.push_back(i);
      if (sentence.substr(i).starts_with("’")) {
        text += '\'';
        i += 2;
      } else {
        text += sentence[i] >= 'A' && sentence[i] <= 'Z' ? static_cast<char>(sentence[i] + 32) : sentence[i];
      }
    }
    origin.push_back(sentence.size());
  }
};

class Sentence {
 public:
  Sentence(std::string_view lower, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock)
      : lower_(lower), padded_(" " + std::string(lower)), said_(said), clock_(clock), words_(words_of(lower)), due_(find_due(lower, said, clock)) {}

  std::optional<Commitment> read() const {
    const bool question = lower_.ends_with('?');
    const bool conditional = contains_any(padded_, kConditions);
    if (due_ && contains_any(lower_, kAsks) && !hangs_on_something() && (due_->by || asks_to_act(question))) return Commitment{{}, PromiseKind::Request, due_};
    if (question) return std::nullopt;
    if (due_ && (contains_any(lower_, kDeadlines) || (due_->by && contains_any(lower_, kMusts)))) return Commitment{{}, PromiseKind::Deadline, due_};
    if (const auto due = closes()) return Commitment{{}, PromiseKind::Deadline, due};
    if (conditional) return std::nullopt;
    if (const auto due = moved_to()) return Commitment{{}, PromiseKind::Meeting, due};
    if (due_ && (contains_any(padded_, kMeets) || event_happens())) return Commitment{{}, PromiseKind::Meeting, due_};
    if (contains_any(padded_, kDenials)) return std::nullopt;
    return promises() ? std::optional(Commitment{{}, PromiseKind::Promise, due_}) : std::nullopt;
  }

 private:
  std::string_view word(std::size_t i) const { return i < words_.size() ? words_[i].text : std::string_view(); }

  bool is_event(std::size_t i) const {
    return is_one_of(word(i), kEvents) || (word(i) == "evening" && i > 0 && is_one_of(word(i - 1), kEvenings));
  }

  // "Could you send it by Friday, if possible?" does not.
  bool hangs_on_something() const {
    auto text = padded_;
    if (contains_any(text, kOffered)) return true;
    for (const auto phrase : kPolite) {
      if (const auto at = text.find(phrase); at != text.npos) text.erase(at, phrase.size());
    }
    return contains_any(text, kConditions);
  }

  // "Please bring it on Monday", "can you pick her up tomorrow": what is asked for is done at that time.
  bool asks_to_act(bool question) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::size_t at = 0;
      bool politely = true;
      if (word(i) == "please" || word(i) == "kindly") {
        at = i + 1;
      } else if ((word(i) == "can" || word(i) == "could" || word(i) == "would" || word(i) == "will") && word(i + 1) == "you") {
        at = i + 2;
        politely = false;
      } else if ((word(i) == "forget" && i > 0 && (word(i - 1) == "don't" || word(i - 1) == "not")) || word(i) == "remember") {
        if (word(i + 1) != "to") continue;
        at = i + 2;
      } else {
        continue;
      }
      if (word(at) == "please" || word(at) == "kindly" || word(at) == "also") ++at;
      if (!politely && (!question || is_one_of(word(at), kTalks))) continue;
      if (!is_one_of(word(at), kActions) && !is_one_of(word(at), kAskedActions)) continue;
      if ((word(at) == "do" && word(at + 1) == "not") || word(at) == "let") continue;
      const bool before = words_[0].start >= due_->words.start || is_one_of(word(0), kLeads);
      if (due_->words.start < words_[i].start && !before) continue;
      // "Please send me the slides for the meeting on Monday" says when the meeting is.
      if (event_before_due() && word(at) != "join" && word(at) != "attend" && word(at) != "come" && word(at) != "be") continue;
      return true;
    }
    return false;
  }

  bool event_before_due() const {
    std::size_t i = 0;
    while (i < words_.size() && words_[i].start < due_->words.start) ++i;
    while (i > 0 && is_one_of(word(i - 1), kLeads)) --i;
    return i > 0 && is_event(i - 1);
  }

  // "Next week" is no day on which something happens.
  bool names_period() const {
    const auto when = lower_.substr(due_->words.start, due_->words.end - due_->words.start);
    return !when.starts_with("in ") && (when.ends_with("week") || when.ends_with("month") || when.ends_with("year"));
  }

  // The day that comes right behind word `i`.
  std::optional<Due> due_behind(std::size_t i) const {
    const auto start = words_[i].end();
    auto due = find_due(lower_.substr(start), said_, clock_);
    if (!due) return std::nullopt;
    due->words = {due->words.start + start, due->words.end + start};
    for (++i; i < words_.size() && words_[i].start < due->words.start; ++i) {
      if (!is_one_of(word(i), kLeads)) return std::nullopt;
    }
    return due;
  }

  // "Registration closes on Friday", "the offer is valid until 31 December".
  std::optional<Due> closes() const {
    bool offer = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (offer && is_one_of(word(i), kCloses)) {
        if (auto due = due_behind(i)) return due;
      }
      offer = offer || is_one_of(word(i), kOffers);
    }
    return std::nullopt;
  }

  // "The meeting on Monday has been moved to Wednesday": the day behind "to".
  std::optional<Due> moved_to() const {
    bool event = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      event = event || is_event(i);
      if (!is_one_of(word(i), kMoved) || (word(i) == "brought" && word(i + 1) != "forward")) continue;
      for (auto to = i + 1; to < words_.size() && to <= i + 8; ++to) {
        event = event || is_event(to);
        if (!event || (word(to) != "to" && word(to) != "until" && word(to) != "till" && word(to) != "for")) continue;
        if (auto due = due_behind(to)) return due;
      }
    }
    return std::nullopt;
  }

  // "The dentist appointment is tomorrow at 9", "we have a meeting on Monday", "Reminder: team lunch on Friday".
  bool event_happens() const {
    if (due_->by || names_period() || contains_any(padded_, kOtherTimes)) return false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (word(i).ends_with("'s") && is_one_of(word(i).substr(0, word(i).size() - 2), kEvents) && leads_to_due(i + 1)) return true;
      if (!is_event(i)) continue;
      for (auto verb = i + 1; verb < words_.size() && verb <= i + 6; ++verb) {
        if (word(verb) == "was" || word(verb) == "were" || word(verb) == "and") break;
        if (is_one_of(word(verb), kHappens) && leads_to_due(verb + 1)) return true;
      }
      if (is_there(i) && (due_->words.end <= words_[i].start || leads_to_due(i + 1))) return true;
      if (is_announced(i) && leads_to_due(i + 1) && ends_with_place()) return true;
    }
    return false;
  }

  // Whether from word `i` on nothing but a place comes before the day or the time.
  bool leads_to_due(std::size_t i) const {
    if (due_->words.end <= words_[i - 1].start) return false;
    const bool around = due_->words.start < words_[i - 1].start;  // "Monday's meeting is at 10"
    int left = 0;
    for (; i < words_.size() && words_[i].start < due_->words.start; ++i) {
      if (is_one_of(word(i), kLeads)) {
        left = is_one_of(word(i), kPlaces) ? kPlaceWords : left;
      } else if (--left < 0) {
        return false;
      }
    }
    return !around || word(i) == "at" || word(i) == "from" || i == words_.size() || words_[i].start >= due_->words.end;
  }

  // "I have a meeting", "there's a concert".
  bool is_there(std::size_t event) const {
    for (std::size_t back = 1; back <= 6 && back <= event; ++back) {
      const auto i = event - back;
      if (is_one_of(word(i), kNoEvents)) return false;
      const bool has = word(i) == "have" || word(i) == "has" || word(i) == "having" || word(i) == "got" || word(i) == "there's" || ((word(i) == "is" || word(i) == "are" || word(i) == "be") && i > 0 && word(i - 1) == "there");
      if (!has) continue;
      const auto before = i > 0 ? word(i - 1) : std::string_view();
      const bool wished = i == 0 && word(i) == "have";  // "Have a great concert!"
      return is_one_of(word(i + 1), kCounts) && !wished && !before.ends_with("n't") && before != "not" && before != "never";
    }
    return false;
  }

  bool is_announced(std::size_t event) const {
    return std::all_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(event), [](const Word& one) { return is_one_of(one.text, kEventKinds); });
  }

  bool ends_with_place() const {
    const auto rest = lower_.substr(due_->words.end);
    const auto next = rest.find_first_not_of(" .!,;)");
    if (next == rest.npos) return true;
    const auto place = rest.substr(next);
    return place.starts_with("in ") || place.starts_with("at ") || place.starts_with("with ") || place.starts_with('(') || place.starts_with('@');
  }

  // Whether somebody says "I will" of something that can be done; or, of a day ahead, that they promised to.
  bool promises() const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::size_t at = 0;
      if (word(i) == "i'll" || word(i) == "we'll") {
        at = i + 1;
      } else if ((word(i) == "i" || word(i) == "we") && (word(i + 1) == "will" || word(i + 1) == "shall")) {
        at = i + 2;
      } else if ((word(i) == "i'm" && word(i + 1) == "going" && word(i + 2) == "to") || (word(i) == "i" && (word(i + 1) == "promise" || (due_ && word(i + 1) == "promised")) && word(i + 2) == "to")) {
        at = i + 3;
      } else if (word(i) == "i" && word(i + 1) == "am" && word(i + 2) == "going" && word(i + 3) == "to") {
        at = i + 4;
      } else if (word(i) == "will" && word(i + 1) != "you" && nobody_before(i)) {
        at = i + 1;
      } else if (i == 0 && word(0) == "let" && word(1) == "me" && word(2) != "know") {
        at = 2;
      } else {
        continue;
      }
      if (is_action(i, at) && (due_ || !contains_any(clause_of(i), kVague))) return true;
    }
    return false;
  }

  // With a space around, as the words are sought.
  std::string clause_of(std::size_t i) const {
    const auto before = lower_.substr(0, words_[i].start).find_last_of(",;:");
    const auto start = before == lower_.npos ? 0 : before + 1;
    return " " + std::string(lower_.substr(start, lower_.find_first_of(",;:", words_[i].end()) - start)) + " ";
  }

  // "Yes, will bring it": only answers come before, and a comma or nothing at all.
  bool nobody_before(std::size_t i) const {
    if (i == 0) return true;
    if (!std::all_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(i), [](const Word& one) { return is_one_of(one.text, kAnswers); })) return false;
    const auto gap = lower_.substr(words_[i - 1].end(), words_[i].start - words_[i - 1].end());
    return gap.find_first_of(",;-!.:") != gap.npos || word(i - 1) == "ok" || word(i - 1) == "okay" || word(i - 1) == "yes" || word(i - 1) == "sure" || word(i - 1) == "thanks";
  }

  bool is_action(std::size_t i, std::size_t at) const {
    const auto begun = at;
    while (at < begun + 4 && is_one_of(word(at), kBetween) && !(word(at) == "make" && word(at + 1) != "sure")) ++at;
    if (at > begun && word(at - 1) == "be") return false;
    if (!is_one_of(word(at), kActions)) return false;
    const auto next = word(at + 1);
    // "Let me know" asks, "let you know" promises; "get" only back, in touch or what is got for somebody.
    if (word(at) == "let" && next != "you" && next != "everyone") return false;
    if (word(at) == "get" && next != "back" && next != "in" && next != "you" && next != "this" && next != "it") return false;
    if (word(at) == "look" && next == "forward") return false;
    if (word(at) == "come" && next != "back" && next != "by" && next != "over" && next != "to") return false;
    if (word(at) == "give" && next == "up") return false;
    if (word(at) == "make" && (next == "it" || next == "work")) return false;
    if (word(at) == "try" && next != "to" && next != "and") return false;
    if (word(at) == "do" && !is_one_of(next, kDone)) return false;
    if (i == 0 && word(0) == "let" && word(at) != "check" && word(at) != "get" && word(at) != "look" && word(at) != "send" && word(at) != "ask") return false;
    return true;
  }

  std::string_view lower_;
  std::string padded_;
  std::chrono::sys_days said_;
  std::optional<std::chrono::minutes> clock_;
  std::vector<Word> words_;
  std::optional<Due> due_;
};

}  // namespace

std::optional<Commitment> english_commitment(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  const Lowered lowered(sentence);
  auto found = Sentence(lowered.text, said, clock).read();
  if (found && found->due) found->due->words = {lowered.origin[found->due->words.start], lowered.origin[found->due->words.end]};
  return found;
}

}  // namespace hearth::memory
