#include <string>

#include "memory/text/commitments_forms.h"

namespace hearth::memory {
namespace {

constexpr auto kActions = std::to_array<std::string_view>({
    "发给", "寄给", "交给", "转给", "传给", "带给", "给你", "给您", "给大家", "回复", "联系", "打电话", "提交", "准备", "整理",
    "安排", "预订", "预定", "订好", "付款", "付清", "转账", "还给", "还你", "通知", "告诉", "确认", "检查", "处理", "修改", "更新", "完成",
    "写好", "做好", "弄好", "带来", "送去", "送来", "接你", "去取", "去拿", "帮你", "补上", "汇报"});
// What stands right behind "我", or behind a time: single characters say too little elsewhere.
constexpr auto kVerbs = std::to_array<std::string_view>({
    "发你", "发您", "发群里", "发过去", "发过来", "发邮件", "转你", "传你", "寄你", "给你", "给您", "接", "买", "送", "拿", "取", "寄", "交", "修", "订", "付", "填", "查", "问", "陪", "打给",
    "打电话", "打扫", "做饭", "做好", "做完", "写好", "写完", "改好", "改完", "洗", "收拾", "过来", "到你", "去你", "回你", "回电", "还你", "还您", "借你", "帮", "替", "叫", "约"});
// Words that begin like those and say something else.
constexpr auto kNotVerbs = std::to_array<std::string_view>({"接受", "接着", "接下", "接到", "接触", "接近", "接手", "取消", "取决", "交通", "交流", "交往", "问题", "买到", "查到", "叫做", "约会", "送别", "修养", "付出", "收到"});
// "买不到", "买了".
constexpr auto kNotDone = std::to_array<std::string_view>({"不", "了"});
// "带两瓶酒过来": where something is brought to.
constexpr auto kBrought = std::to_array<std::string_view>({"过来", "来", "过去", "去", "上", "给"});
// What one goes somewhere for: "去幼儿园接孩子".
constexpr auto kErrands = std::to_array<std::string_view>({"接", "买", "取", "拿", "送"});
constexpr std::size_t kLongestPlace = 24;  // bytes
constexpr auto kWill = std::to_array<std::string_view>({"我会", "我们会", "我将", "我来", "我这就", "我马上", "我尽快", "我回头", "我一定", "我稍后"});
// What stands between "我" and the verb and says that it is still to come,
constexpr auto kLater = std::to_array<std::string_view>({"晚点", "晚些", "稍后", "马上", "立刻", "尽快", "这就", "回头", "等下", "等会儿", "等会", "待会儿", "待会", "一会儿", "一会", "到时候", "下班后", "下班", "回家后", "回家"});
// or says nothing about it.
constexpr auto kFillers = std::to_array<std::string_view>({"就", "再", "去", "来", "先", "会", "要", "开车", "顺路", "顺便", "亲自", "负责", "一定", "可以", "一起", "都", "们", "也", "早点", "时候", "早上", "上午", "中午", "下午", "傍晚", "晚上", " ", "，", ",", "的"});
// Of somebody who answers and leaves the "我" out.
constexpr auto kAnswers = std::to_array<std::string_view>({"好的", "好呀", "好啊", "好嘞", "好", "行", "可以", "没问题", "收到", "嗯嗯", "嗯", "知道了", "明白", "OK", "ok", "放心", "当然"});
constexpr auto kMeets = std::to_array<std::string_view>({"见面", "碰面", "开会", "会面", "一起吃", "吃饭", "喝咖啡", "喝茶", "通话", "不见不散",
                                                     "聚一聚", "聚餐", "门口见", "碰头", "面谈", "面试"});
constexpr auto kEvents = std::to_array<std::string_view>({
    "预约", "会议", "例会", "家长会", "班会", "年会", "研讨会", "演唱会", "音乐会", "生日会", "电话会", "视频会", "婚礼", "葬礼", "典礼", "面试", "考试", "讲座", "聚会", "聚餐", "饭局", "体检", "复诊", "复查",
    "手术", "比赛", "演出", "彩排", "排练", "培训", "答辩", "门诊", "就诊", "看诊", "看牙医", "看医生", "牙医", "开庭", "派对", "约会", "面谈", "钢琴课", "游泳课", "舞蹈课", "英语课", "课程", "补课", "开会", "电影", "话剧"});
// "会议室": what is called after an event.
constexpr auto kNotEvents = std::to_array<std::string_view>({"室", "记录", "纪要", "资料", "材料", "厅", "内容", "费", "院", "票", "通知", "照片", "结果", "报告", "取消", "不开", "改"});
// What may stand between an event and its time.
constexpr auto kIs = std::to_array<std::string_view>({"时间", "日期", "已经", "已", "确认", "成功", "安排", "预定", "预约", "就诊", "定", "约", "开始", "是", "在", "为", "于", "就", "到", "：", ":", "，", ",", " ", "的", "了", "将", "会", "举行", "一"});
// What may stand between a time and the event then.
constexpr auto kThereIs = std::to_array<std::string_view>({"有", "是", "要", "去", "我们", "我", "咱们", "你", "您", "还", "参加", "一个", "一场", "一次", "个", "场", "次", "的", "，", ",", " ", "早上", "上午", "中午", "下午", "傍晚", "晚上", "孩子", "公司", "学校", "部门"});
constexpr auto kMoved = std::to_array<std::string_view>({"改到", "改在", "改成", "改为", "改至", "推迟到", "推迟至", "延期到", "延期至", "延到", "提前到", "提前至", "挪到", "调到", "调整到", "调整为", "移到", "顺延到"});
constexpr auto kMovedTimes = std::to_array<std::string_view>({"时间", "会", "课", "约"});
constexpr auto kDeadlines = std::to_array<std::string_view>({"截止", "最晚", "最迟", "到期", "截至", "过期", "期限", "前必须", "之前必须", "有效期至", "有效期到", "有效期为"});
// What one is too late for once it has ended, unlike a shop.
constexpr auto kOffers = std::to_array<std::string_view>({"优惠", "折扣", "促销", "报名", "申请", "投票", "征集", "征稿", "试用", "预售", "注册", "投稿", "缴费", "特价", "团购", "预约通道", "有效"});
constexpr auto kEnds = std::to_array<std::string_view>({"结束", "为止", "关闭", "止"});
constexpr auto kAsks = std::to_array<std::string_view>({"请", "麻烦", "务必", "记得", "别忘", "帮我", "帮忙", "拜托"});
// What holds an asking word and asks nobody, or asks for nothing that is done.
constexpr auto kNotAsks = std::to_array<std::string_view>({"邀请", "申请", "请假", "请问", "请客", "请你吃", "请您吃", "请大家吃", "我请", "请他", "请她", "请我", "请人", "请个", "请了", "请来", "请到", "请朋友", "请同事", "请同学", "请师傅", "请医生", "宴请", "聘请", "我记得", "还记得", "不记得", "添麻烦", "太麻烦", "麻烦了", "请查收", "请见", "请知悉", "请放心"});
constexpr auto kPolite = std::to_array<std::string_view>({"你", "您", "大家", "各位", "也", "就", "一定", "要", "还", "都", "再", "，", ",", "。", "！", "!", "：", ":", "；", " ", "的", "能不能", "可以", "能", "@"});
constexpr auto kToMe = std::to_array<std::string_view>({"给我", "还我", "告诉我", "通知我", "发我", "回复我"});
constexpr auto kOthers = std::to_array<std::string_view>({"他", "她", "它", "会", "能", "答应", "说"});
constexpr auto kNot = std::to_array<std::string_view>({"如果", "要是", "假如", "的话", "不会", "不能", "没有", "没法", "已经", "是否", "不知道", "当时", "本来"});
// What has been, is always so, or may never be.
constexpr auto kLoose = std::to_array<std::string_view>({"昨天", "昨晚", "前天", "刚才", "刚刚", "上周", "上个", "去年", "每天", "每次", "每周", "平时", "总是", "经常", "以前", "一般", "通常", "改天", "哪天", "有空", "有时间", "有机会",
                                                     "也许", "可能", "说不定", "看情况", "再说", "再看", "想", "打算", "不用", "不想", "不要", "别", "取消", "不开", "不去", "不来"});
constexpr auto kNotLoose = std::to_array<std::string_view>({"别忘", "特别", "尽可能"});
constexpr auto kVague = std::to_array<std::string_view>({"改天", "哪天", "有空", "有时间", "有机会", "也许", "说不定", "看情况", "可能"});
constexpr auto kOff = std::to_array<std::string_view>({"取消", "不开会", "不用开会"});
constexpr auto kPeriods = std::to_array<std::string_view>({"周", "星期", "礼拜", "月", "底"});
constexpr auto kMarks = std::to_array<std::string_view>({"，", ",", "。", "！", "!", "；", "～", "~", " "});
constexpr auto kClauseEnds = std::to_array<std::string_view>({"，", ",", "。", "！", "!", "；", "~", "（", "(", "哦", "呢", "啊", "呀", "在"});

template <std::size_t N>
bool starts_with_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.starts_with(part); });
}

template <std::size_t N>
bool ends_with_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.ends_with(part); });
}

template <std::size_t N>
bool take(std::string_view& text, const std::array<std::string_view, N>& words) {
  for (const auto one : words) {
    if (text.starts_with(one)) {
      text.remove_prefix(one.size());
      return true;
    }
  }
  return false;
}

template <std::size_t N>
bool takes_all(std::string_view text, const std::array<std::string_view, N>& words) {
  while (take(text, words)) {
  }
  return text.empty();
}

template <std::size_t N>
std::string without(std::string_view text, const std::array<std::string_view, N>& parts) {
  std::string left(text);
  for (const auto part : parts) {
    for (auto at = left.find(part); at != left.npos; at = left.find(part)) left.erase(at, part.size());
  }
  return left;
}

bool ends_with_mark(std::string_view sentence, std::string_view word) {
  for (const std::string_view mark : {"", "。", "！", "!", ".", "~", "～"}) {
    if (sentence.ends_with(std::string(word) + std::string(mark))) return true;
  }
  return false;
}

class Sentence {
 public:
  Sentence(std::string_view text, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock)
      : text_(text), said_(said), clock_(clock), due_(find_due(text, said, clock)), dated_(due_ && (due_->names_day || due_->time)) {}

  std::optional<Commitment> read() const {
    const bool question = text_.ends_with("？") || text_.ends_with("?") || text_.find("吗") != text_.npos;
    if (dated_ && !question && (contains_any(text_, kDeadlines) || closes())) return Commitment{{}, PromiseKind::Deadline, due_};
    const bool asks = contains_any(text_, kAsks) && contains_any(without(text_, kNotAsks), kAsks);
    if (contains_any(text_, kNot) || (question && !asks)) return std::nullopt;
    if (!question) {
      if (const auto due = moved_to()) return Commitment{{}, PromiseKind::Meeting, due};
      if (event_happens()) return Commitment{{}, PromiseKind::Meeting, due_};
    }
    if (ends_with_mark(text_, "了") && !ends_with_mark(text_, "别忘了")) return std::nullopt;
    if (asks) {
      if (dated_ && ((due_->by && !question) || asks_to_act())) return Commitment{{}, PromiseKind::Request, due_};
      return std::nullopt;
    }
    if (due_ && ((dated_ && contains_any(text_, kMeets) && !is_vague() && !contains_any(text_, kOff)) || ends_with_mark(text_, "见"))) return Commitment{{}, PromiseKind::Meeting, due_};
    // "By then give it to me": somebody is asked, where nobody else is said to do it.
    if (due_ && due_->by && contains_any(text_, kToMe) && !contains_any(text_, kOthers)) return Commitment{{}, PromiseKind::Request, due_};
    if (says_what_i_do() || acts()) return Commitment{{}, PromiseKind::Promise, due_};
    return std::nullopt;
  }

 private:
  bool is_vague() const { return contains_any(without(text_, kNotLoose), kVague); }
  bool is_loose() const { return contains_any(without(text_, kNotLoose), kLoose); }

  // "优惠到12月31日结束".
  bool closes() const {
    const auto behind = text_.substr(due_->words.end);
    return contains_any(text_.substr(0, due_->words.start), kOffers) && starts_with_any(behind, kEnds);
  }

  // "会议从周一改到周三": the day behind.
  std::optional<Due> moved_to() const {
    for (const auto moved : kMoved) {
      const auto at = text_.find(moved);
      if (at == text_.npos) continue;
      const auto start = at + moved.size();
      auto due = find_due(text_.substr(start), said_, clock_);
      if (!due || due->words.start > 3 || !(due->names_day || due->time)) return std::nullopt;
      due->words = {due->words.start + start, due->words.end + start};
      const auto before = text_.substr(0, at);
      if (contains_any(text_, kEvents) || (due->time && contains_any(before, kMovedTimes))) return due;
    }
    return std::nullopt;
  }

  // "下个月" is no day on which something happens.
  bool names_period() const { return ends_with_any(text_.substr(due_->words.start, due_->words.end - due_->words.start), kPeriods); }

  // "预约时间为12月3日14:30", "下周三家长会", "明天上午有个会".
  bool event_happens() const {
    if (!dated_ || due_->by || names_period() || is_loose()) return false;
    for (const auto event : kEvents) {
      for (auto at = text_.find(event); at != text_.npos; at = text_.find(event, at + event.size())) {
        const auto end = at + event.size();
        const auto behind = text_.substr(end);
        if (starts_with_any(behind, kNotEvents)) continue;
        if (end <= due_->words.start && takes_all(text_.substr(end, due_->words.start - end), kIs)) return true;
        if (due_->words.end <= at && takes_all(text_.substr(due_->words.end, at - due_->words.end), kThereIs) && ends_clause(behind)) return true;
      }
    }
    for (const std::string_view fixed : {"约在", "约了", "约好", "约的是"}) {
      if (text_.substr(0, due_->words.start).ends_with(fixed)) return true;
    }
    for (const std::string_view some : {"有会", "有个会", "有一个会", "有场会"}) {
      const auto at = text_.find(some, due_->words.end);
      if (at != text_.npos && ends_clause(text_.substr(at + some.size()))) return true;
    }
    return false;
  }

  static bool ends_clause(std::string_view behind) {
    return behind.empty() || starts_with_any(behind, kClauseEnds);
  }

  // "麻烦你明天把快递拿一下": what asks stands at the beginning of a clause, or behind the time.
  bool asks_to_act() const {
    if (ends_with_mark(text_, "见")) return false;
    for (const auto ask : kAsks) {
      for (auto at = text_.find(ask); at != text_.npos; at = text_.find(ask, at + ask.size())) {
        if (!is_no_ask(at) && begins_here(at)) return true;
      }
    }
    return false;
  }

  bool is_no_ask(std::size_t at) const {
    return std::any_of(kNotAsks.begin(), kNotAsks.end(), [&](std::string_view one) {
      const auto found = text_.find(one, at < one.size() ? 0 : at - one.size() + 1);
      return found != text_.npos && found <= at;
    });
  }

  // Whether nothing but a mark, a polite word or the time comes right before.
  bool begins_here(std::size_t at) const {
    auto before = text_.substr(0, at);
    while (!before.empty()) {
      if (due_->words.end == before.size()) return true;
      const auto* polite = std::find_if(kPolite.begin(), kPolite.end(), [&](auto one) { return before.ends_with(one); });
      if (polite == kPolite.end()) return false;
      if (*polite == "，" || *polite == "," || *polite == "。" || *polite == "：" || *polite == "！") return true;
      before.remove_suffix(polite->size());
    }
    return true;
  }

  // Of what one does for others, with "I will" or a time.
  bool acts() const {
    const auto me = text_.find("我");
    if (me == text_.npos || !contains_any(text_.substr(me), kActions)) return false;  // else it is done to me
    return (contains_any(text_, kWill) || dated_) && (dated_ || !is_vague());
  }

  // "我下午去接孩子", "好的，晚点发你": somebody does something later.
  bool says_what_i_do() const {
    if (is_loose()) return false;
    for (auto me = text_.find("我"); me != text_.npos; me = text_.find("我", me + 3)) {
      if (me != 0 && !begins_clause(me)) continue;
      if (does_later(me + 3, (due_ && due_->words.end == me) || ends_with_any(text_.substr(0, me), kLater))) return true;
    }
    auto rest = text_;
    if (!take(rest, kAnswers)) return false;
    while (take(rest, kAnswers) || take(rest, kMarks)) {
    }
    return does_later(text_.size() - rest.size(), false);
  }

  bool begins_clause(std::size_t at) const {
    const auto before = text_.substr(0, at);
    return (due_ && due_->words.end == at) || ends_with_any(before, kMarks) || ends_with_any(before, kLater) || before == "那" || before == "那么";
  }

  // Whether a time and a verb stand at `at`, with nothing between that says who or what else.
  bool does_later(std::size_t at, bool later) const {
    auto rest = text_.substr(at);
    while (true) {
      const auto place = text_.size() - rest.size();
      if (due_ && place == due_->words.start) {
        rest = text_.substr(due_->words.end);
        later = true;
      } else if (take(rest, kLater)) {
        later = true;
      } else if (starts_with_any(rest, kVerbs) || starts_with_any(rest, kActions)) {
        return later && !starts_with_any(rest, kNotVerbs) && !starts_with_any(rest.substr(3), kNotDone);
      } else if (rest.starts_with("带")) {
        return later && contains_any(clause(rest), kBrought) && !rest.starts_with("带着");
      } else if (rest.starts_with("把")) {
        const auto part = clause(rest);
        return later && (contains_any(part, kActions) || contains_any(part.substr(3), kVerbs) || (part.find("带") != part.npos && contains_any(part, kBrought)));
      } else if (!take(rest, kFillers)) {
        return later && text_.substr(0, place).ends_with("去") && is_errand(clause(rest));
      }
    }
  }

  static bool is_errand(std::string_view place) {
    for (std::size_t at = 3; at < std::min(place.size(), kLongestPlace); ++at) {
      if (starts_with_any(place.substr(at), kErrands)) return !starts_with_any(place.substr(at), kNotVerbs);
    }
    return false;
  }

  static std::string_view clause(std::string_view text) {
    auto end = text.size();
    for (const auto mark : kMarks) end = std::min(end, text.find(mark));
    return text.substr(0, end);
  }

  std::string_view text_;
  std::chrono::sys_days said_;
  std::optional<std::chrono::minutes> clock_;
  std::optional<Due> due_;
  bool dated_;  // more is known than the part of the day
};

}  // namespace

std::optional<Commitment> chinese_commitment(std::string_view sentence, std::chrono::sys_days said, std::optional<std::chrono::minutes> clock) {
  return Sentence(sentence, said, clock).read();
}

}  // namespace hearth::memory
