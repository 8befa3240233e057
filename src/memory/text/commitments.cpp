#include "memory/text/commitments.h"

#include <algorithm>
#include <array>
#include <string>

#include "memory/text/unicode.h"

namespace hearth::memory {
namespace {

constexpr std::size_t kLongest = 400;  // bytes of a sentence

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != text.npos; });
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// --- English ---

// What one can see done afterwards. "be", "have", "like", "need" and their kind promise nothing.
constexpr auto kActions = std::to_array<std::string_view>({
    "send",   "resend",   "forward",  "share",   "email",   "mail",     "write",    "call",    "phone",   "ring",     "text",     "message", "get",
    "let",    "follow",   "check",    "look",    "review",  "read",     "prepare",  "draft",   "finish",  "complete", "submit",   "update",  "upload",
    "post",   "bring",    "pick",     "buy",     "order",   "pay",      "transfer", "book",    "arrange", "organise", "organize", "schedule", "set",
    "fix",    "ask",      "talk",     "speak",   "contact", "confirm",  "reply",    "respond", "provide", "give",     "return",   "introduce", "work",
    "add",    "include",  "make",     "create",  "print",   "sign",     "cancel",   "register", "circulate", "reach", "ping",     "deliver", "attach",
    "revert", "try",      "discuss",  "meet",    "put",     "drop",     "come",     "edit",    "revise",  "reschedule", "invite", "announce", "notify",
    "inform"});
constexpr auto kBetween = std::to_array<std::string_view>({"also", "then", "certainly", "definitely", "gladly", "surely", "happily", "just", "personally",
                                                       "be", "sure", "to", "soon", "now", "immediately", "of", "course", "probably", "shortly", "make",
                                                       "still"});
constexpr auto kAsks = std::to_array<std::string_view>({"please", "kindly", "could you", "can you", "would you", "will you", "need you to", "make sure",
                                                     "don't forget to", "do not forget to", "remember to"});
constexpr auto kMeets = std::to_array<std::string_view>({"let's meet",  "let us meet", "let's have", "let's talk", "let's speak", "let's do",
                                                     "let's chat",  "let's catch", "meet on",    "meet at",    "meet tomorrow", "see you",
                                                     "we will meet", "we'll meet",  "meeting is", "call is"});
constexpr auto kMoved = std::to_array<std::string_view>({"moved to", "rescheduled to", "rescheduled for", "postponed to", "postponed until", "brought forward to"});
constexpr auto kAppointments = std::to_array<std::string_view>({"meeting", "call", "appointment", "interview", "lunch", "dinner", "session", "standup", "stand-up"});
constexpr auto kDeadlines = std::to_array<std::string_view>({"deadline",    "due on",         "due by",     "is due",        "are due",   "no later than",
                                                         "at the latest", "must be submitted", "expires on", "needs to be done", "due date", "closes on"});
constexpr auto kConditions = std::to_array<std::string_view>({" if ", " unless ", " would ", " might ", "whether ", " in case ", " as long as ", " provided that ", " could have ", " could meet "});

constexpr auto kDenials = std::to_array<std::string_view>({" won't ", " not be able ", " never ", " will not ", " shall not "});

struct EnglishWord {
  std::string_view text;  // "i'll" as one
  std::size_t start = 0;
};

std::vector<EnglishWord> english_words(std::string_view lower) {
  std::vector<EnglishWord> words;
  for (std::size_t at = 0; at < lower.size();) {
    const auto inside = [&](std::size_t i) { return i < lower.size() && ((lower[i] >= 'a' && lower[i] <= 'z') || lower[i] == '\''); };
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

// Whether somebody says "I will" of something that can be done; or, of a day ahead, that they promised to.
bool promises(const std::vector<EnglishWord>& words, bool ahead) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i].text : std::string_view(); };
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::size_t at = 0;
    if (word(i) == "i'll" || word(i) == "we'll") {
      at = i + 1;
    } else if ((word(i) == "i" || word(i) == "we") && (word(i + 1) == "will" || word(i + 1) == "shall")) {
      at = i + 2;
    } else if ((word(i) == "i'm" && word(i + 1) == "going" && word(i + 2) == "to") || (word(i) == "i" && (word(i + 1) == "promise" || (ahead && word(i + 1) == "promised")) && word(i + 2) == "to")) {
      at = i + 3;
    } else if (word(i) == "i" && word(i + 1) == "am" && word(i + 2) == "going" && word(i + 3) == "to") {
      at = i + 4;
    } else if (i == 0 && word(0) == "will" && word(1) != "you") {
      at = 1;
    } else if (i == 0 && word(0) == "let" && word(1) == "me" && word(2) != "know") {
      at = 2;
    } else {
      continue;
    }
    const auto begun = at;
    while (at < begun + 4 && is_one_of(word(at), kBetween) && !(word(at) == "make" && word(at + 1) != "sure")) ++at;
    if (at > begun && word(at - 1) == "be") continue;
    if (!is_one_of(word(at), kActions)) continue;
    // "Let me know" asks, "let you know" promises; "get" only back, in touch or what is got for somebody.
    if (word(at) == "let" && word(at + 1) != "you" && word(at + 1) != "everyone") continue;
    if (word(at) == "get" && word(at + 1) != "back" && word(at + 1) != "in" && word(at + 1) != "you" && word(at + 1) != "this" && word(at + 1) != "it") continue;
    if (word(at) == "look" && word(at + 1) == "forward") continue;
    if (word(at) == "come" && word(at + 1) != "back" && word(at + 1) != "by" && word(at + 1) != "over" && word(at + 1) != "to") continue;
    if (word(at) == "give" && word(at + 1) == "up") continue;
    if (word(at) == "make" && (word(at + 1) == "it" || word(at + 1) == "work")) continue;
    if (i == 0 && word(0) == "let" && word(at) != "check" && word(at) != "get" && word(at) != "look" && word(at) != "send" && word(at) != "ask") continue;
    return true;
  }
  return false;
}

std::optional<Commitment> english(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  std::string lower;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (sentence.substr(i).starts_with("’")) {
      lower += '\'';
      i += 2;
    } else {
      lower += sentence[i] >= 'A' && sentence[i] <= 'Z' ? static_cast<char>(sentence[i] + 32) : sentence[i];
    }
  }
  const bool question = sentence.ends_with('?');
  const auto padded = " " + lower;
  const bool conditional = contains_any(padded, kConditions);
  const bool asks = contains_any(lower, kAsks);
  const auto due = find_due(sentence, said, clock);
  const auto words = english_words(lower);
  if (due && due->by && asks && !conditional) return Commitment{{}, PromiseKind::Request, due};
  if (due && !question && contains_any(lower, kDeadlines)) return Commitment{{}, PromiseKind::Deadline, due};
  if (due && !question && !conditional && (contains_any(padded, kMeets) || (contains_any(lower, kMoved) && contains_any(lower, kAppointments)))) return Commitment{{}, PromiseKind::Meeting, due};
  if (question || conditional) return std::nullopt;
  if (!contains_any(padded, kDenials) && promises(words, due.has_value())) return Commitment{{}, PromiseKind::Promise, due};
  return std::nullopt;
}

// --- Chinese ---

constexpr auto kChineseActions = std::to_array<std::string_view>({
    "发给", "寄给", "交给", "转给", "传给", "带给", "给你", "给您", "给大家", "回复", "联系", "打电话", "提交", "准备", "整理",
    "安排", "预订", "预定", "订好", "付款", "付清", "转账", "还给", "还你", "通知", "告诉", "确认", "检查", "处理", "修改", "更新", "完成",
    "写好", "做好", "弄好", "带来", "送去", "送来", "接你", "去取", "去拿", "帮你", "补上", "汇报"});
constexpr auto kChineseWill = std::to_array<std::string_view>({"我会", "我们会", "我将", "我来", "我这就", "我马上", "我尽快", "我回头", "我一定", "我稍后"});
constexpr auto kChineseMeets = std::to_array<std::string_view>({"见面", "碰面", "开会", "会面", "一起吃", "吃饭", "喝咖啡", "喝茶", "通话", "不见不散",
                                                            "聚一聚", "聚餐", "门口见", "碰头", "面谈", "面试"});
constexpr auto kChineseDeadlines = std::to_array<std::string_view>({"截止", "最晚", "最迟", "到期", "截至", "过期", "期限", "前必须", "之前必须"});
constexpr auto kChineseAsks = std::to_array<std::string_view>({"请", "麻烦", "务必", "记得", "别忘", "帮我", "帮忙", "拜托"});
constexpr auto kChineseToMe = std::to_array<std::string_view>({"给我", "还我", "告诉我", "通知我", "发我", "回复我"});
constexpr auto kChineseOthers = std::to_array<std::string_view>({"他", "她", "它", "会", "能", "答应", "说"});
constexpr auto kChineseNot = std::to_array<std::string_view>({"如果", "要是", "假如", "的话", "不会", "不能", "没有", "没法", "已经", "是否", "不知道", "当时", "本来"});

std::optional<Commitment> chinese(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  const bool question = sentence.ends_with("？") || sentence.ends_with("?") || sentence.find("吗") != sentence.npos;
  const bool left_out = contains_any(sentence, kChineseNot) || sentence.ends_with("了。") || sentence.ends_with("了");
  const auto due = find_due(sentence, said, clock);
  if (due && !question && contains_any(sentence, kChineseDeadlines)) return Commitment{{}, PromiseKind::Deadline, due};
  if (question || left_out) return std::nullopt;
  const auto me = sentence.find("我");
  const bool asks = contains_any(sentence, kChineseAsks);
  if (asks) {
    if (due && due->by) return Commitment{{}, PromiseKind::Request, due};
    return std::nullopt;
  }
  if (due && (contains_any(sentence, kChineseMeets) || sentence.ends_with("见。") || sentence.ends_with("见") || sentence.ends_with("见！"))) {
    return Commitment{{}, PromiseKind::Meeting, due};
  }
  // "By then give it to me": somebody is asked, where nobody else is said to do it.
  if (due && due->by && contains_any(sentence, kChineseToMe) && !contains_any(sentence, kChineseOthers)) return Commitment{{}, PromiseKind::Request, due};
  if (me == sentence.npos || !contains_any(sentence, kChineseActions)) return std::nullopt;
  const auto act = sentence.substr(me);
  if (!contains_any(act, kChineseActions)) return std::nullopt;  // what is done to me
  if (contains_any(sentence, kChineseWill) || due) return Commitment{{}, PromiseKind::Promise, due};
  return std::nullopt;
}

bool is_chinese(std::string_view sentence) {
  std::size_t han = 0;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto point = code_point_at(sentence, at);
    if (point.value >= 0 && is_han(point.value)) ++han;
    at += point.length;
  }
  return han * 9 > sentence.size();  // a third of its bytes
}

// What a mail says of itself, and what is quoted.
bool is_boilerplate(std::string_view sentence) {
  static constexpr auto kMarks = std::to_array<std::string_view>({"http://", "https://", "unsubscribe", "confidential", "退订", "请勿回复", "privacy", "do not reply"});
  return sentence.starts_with('>') || sentence.starts_with('|') || contains_any(sentence, kMarks);
}

}  // namespace

std::vector<Commitment> find_commitments(std::string_view text, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  std::vector<Commitment> found;
  for (const auto& span : sentences(text)) {
    const auto sentence = text.substr(span.start, span.end - span.start);
    if (sentence.size() > kLongest || is_boilerplate(sentence)) continue;
    auto one = is_chinese(sentence) ? chinese(sentence, said, clock) : english(sentence, said, clock);
    if (!one) continue;
    one->span = span;
    if (one->due) one->due->words = {one->due->words.start + span.start, one->due->words.end + span.start};
    found.push_back(*std::move(one));
  }
  return found;
}

}  // namespace hearth::memory
