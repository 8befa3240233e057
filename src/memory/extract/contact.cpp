#include "memory/extract/contact.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/ascii.h"
#include "memory/extract/charset.h"
#include "memory/extract/content_line.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostAddresses = 100;
constexpr std::size_t kMostMembers = 1000;
constexpr std::size_t kLongestField = 1000;  // bytes in which telephone numbers are looked for
constexpr std::size_t kLongestNumber = 15;  // E.164; one with more digits is several in one
constexpr std::size_t kLargestCard = 32 << 20;  // pictures are in it

bool is_chinese(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (is_han(point.value)) return true;
    i += point.length;
  }
  return false;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

// The parts of N are family, given, additional, prefixes, suffixes; a Chinese name begins with the family's and has no space.
std::string name_of_parts(const std::string& value) {
  auto parts = split_text(value, ';');
  parts.resize(5);
  for (auto& part : parts) std::replace(part.begin(), part.end(), ',', ' ');
  if (is_chinese(parts[0] + parts[1])) return parts[0] + parts[1];
  return joined({parts[3], parts[1], parts[2], parts[0], parts[4]}, " ");
}

// A card's UID as others name it, with "urn:uuid:" or without.
std::string card_id(std::string_view value) {
  auto id = lower(value);
  if (id.starts_with("urn:uuid:")) id.erase(0, 9);
  return id;
}

// The names of a file's cards by UID, where a group names its members so; else none.
std::map<std::string, std::string> names_of_members(std::string_view bytes, const std::vector<ComponentExtent>& extents) {
  std::map<std::string, std::string> names;
  if (bytes.find("MEMBER") == bytes.npos) return names;
  for (const auto& extent : extents) {
    if (extent.end - extent.start > kLargestCard) continue;
    std::string id;
    std::string name;
    for (const auto& line : read_content_lines(bytes.substr(extent.start, extent.end - extent.start))) {
      if (line.name == "UID" && id.empty()) id = card_id(unescape_text(line.value));
      if (line.name == "FN" && name.empty()) name = one_line(unescape_text(line.value));
    }
    if (!id.empty() && !name.empty()) names.emplace(std::move(id), std::move(name));
  }
  return names;
}

// "1980-05-17", "--05-17" without the year; as it is when it is neither. Apple writes a year that it says means none.
std::string birthday(const ContentLine& line) {
  std::string_view value = line.value;
  const auto omitted = line.parameter("X-APPLE-OMIT-YEAR");
  std::string without;
  if (omitted.size() == 4 && value.starts_with(omitted) && value.size() > 4) {
    without = fmt::format("--{}", value.substr(value[4] == '-' ? 5 : 4));
    value = without;
  }
  const auto digits_at = [&](std::size_t at, std::size_t count) {
    return value.size() >= at + count && std::all_of(value.begin() + static_cast<std::ptrdiff_t>(at), value.begin() + static_cast<std::ptrdiff_t>(at + count),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  };
  if (digits_at(0, 8)) return fmt::format("{}-{}-{}", value.substr(0, 4), value.substr(4, 2), value.substr(6, 2));
  if (value.starts_with("--") && digits_at(2, 4)) return fmt::format("{}-{}", value.substr(2, 2), value.substr(4, 2));
  if (value.starts_with("--")) return std::string(value.substr(2));
  if (digits_at(0, 4) && value.size() >= 10 && value[4] == '-' && digits_at(5, 2) && digits_at(8, 2)) return std::string(value.substr(0, 10));
  return unescape_text(value);
}

// What labels and types say, in Chinese.
constexpr auto kInChinese = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"anniversary", "纪念日"}, {"birthday", "生日"}, {"spouse", "配偶"}, {"partner", "伴侣"}, {"domestic partner", "伴侣"}, {"child", "孩子"},
    {"son", "儿子"}, {"daughter", "女儿"}, {"parent", "父母"}, {"father", "父亲"}, {"mother", "母亲"}, {"brother", "兄弟"}, {"sister", "姐妹"},
    {"friend", "朋友"}, {"manager", "上司"}, {"assistant", "助理"}, {"relative", "亲戚"}, {"agent", "代理人"}, {"related", "相关的人"},
});

// Apple's own labels: "_$!<Spouse>!$_".
bool is_built_in(std::string_view label) { return label.starts_with("_$!<") && label.ends_with(">!$_") && label.size() > 8; }

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// Full-width forms (U+FF01 to U+FF5E) and the signs beside them as their plain ones.
std::string without_width(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (point.value >= 0xFF01 && point.value <= 0xFF5E) {
      plain += static_cast<char>(point.value - 0xFF01 + '!');
    } else if (point.value == 0x3000) {
      plain += ' ';
    } else if (point.value == 0x3001) {
      plain += ',';
    } else {
      plain += text.substr(i, point.length);
    }
    i += point.length;
  }
  return plain;
}

// Whether two telephone numbers meet at this sign, and not an area code and a number ("05121/123456"), nor a number and what
// is dialled after it (",,123456#").
bool is_between_numbers(std::string_view before, char sign, std::string_view after) {
  const auto left = digits_in(before);
  const auto right = digits_in(after);
  if (left < 5 || right < 5) return false;
  const auto start = after.find_first_not_of(" \t");
  if (sign == '\n' || sign == '+' || after.find('+') < after.find_first_of("0123456789")) return true;
  if (sign == '/') {
    if (after[start] == '0' || after.substr(start).starts_with("(0")) return true;
    const auto first = before.find_first_of("+0123456789");
    const auto number = before.substr(first);
    return left >= (number.starts_with("00") ? 11u : number[0] == '+' ? 9u : number[0] == '0' ? 7u : 5u);
  }
  if ((after[start] < '0' && after[start] != '(') || before.ends_with(',') || before.ends_with(';')) return false;
  return start > 0 || (right >= 7 && after.find_first_of("#*") == after.npos);
}

class Card {
 public:
  // `names` are those of the cards of the file, by UID.
  Card(std::string_view bytes, const std::map<std::string, std::string>& names) : names_(names) {
    int depth = 0;
    for (auto& line : read_content_lines(bytes)) {
      if (line.name == "BEGIN" || (line.name == "AGENT" && lower(line.value) == "begin:vcard")) ++depth;
      if (line.name == "END") --depth;
      if (line.name == "X-ABLABEL" && !line.group.empty()) labels_.emplace(line.group, unescape_text(line.value));
      if (depth == 1 && line.name != "BEGIN") {
        lines_.push_back(std::move(line));
      } else if (depth == 2) {
        read_agent(line);
      }
    }
  }

  ItemText read() {
    auto& item = result_.item;
    item.kind = ItemKind::Contact;
    item.type = "text/vcard";
    item.external_id = text("UID");
    name_ = one_line(text("FN"));
    if (const auto* parts = find("N"); parts && name_.empty()) name_ = one_line(name_of_parts(parts->value));
    const auto organisation = find("ORG") ? joined(split_text(find("ORG")->value, ';'), ", ") : "";
    chinese_ = is_chinese(name_ + organisation);
    read_further_names();
    for (const auto& line : lines_) read_line(line);
    if (!agent_.empty()) add_related("agent", joined(agent_, ", "));
    const bool group = lower(text("KIND")) == "group" || lower(text("X-ADDRESSBOOKSERVER-KIND")) == "group";
    if (group && !members_.empty()) body_.push_back((chinese_ ? "成员：" : "members: ") + joined(members_, chinese_ ? "、" : ", "));
    if (name_.empty()) name_ = one_line(organisation);
    if (name_.empty() && !addresses_.empty()) name_ = addresses_.front();
    item.title = name_;
    if (group) addresses_.clear();  // a list of people, who have cards of their own
    for (const auto& address : addresses_) item.people.push_back({Role::Subject, name_, address});
    if (addresses_.empty() && !name_.empty() && !group) item.people.push_back({Role::Subject, name_, ""});
    // Names first: the text of a card is short, and read as one.
    std::string& all = result_.text;
    all = name_;
    for (const auto& line : body_) all += (all.empty() ? "" : "\n") + line;
    item.key = content_key({"contact", item.external_id, all});
    cut_passages(result_);
    if (!item.external_id.empty()) result_.within = item.external_id;
    return std::move(result_);
  }

 private:
  const ContentLine* find(std::string_view name) const {
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const auto& line) { return line.name == name && !line.value.empty(); });
    return found == lines_.end() ? nullptr : &*found;
  }
  std::string text(std::string_view name) const {
    const auto* line = find(name);
    return line ? unescape_text(line->value) : "";
  }

  // What is no address is still told.
  void add_address(std::string address, std::string shown, const ContentLine& line) {
    add_labelled(std::move(shown), line);
    add_address(std::move(address));
  }
  void add_address(std::string address) {
    if (address.empty() || addresses_.size() == kMostAddresses) return;
    if (std::find(addresses_.begin(), addresses_.end(), address) == addresses_.end()) addresses_.push_back(std::move(address));
  }

  // With the label that its owner gave it.
  void add_labelled(std::string shown, const ContentLine& line) {
    const auto label = labels_.find(line.group);
    if (label != labels_.end() && !line.group.empty() && !label->second.empty() && !is_built_in(label->second)) shown += " (" + label->second + ")";
    body_.push_back(std::move(shown));
  }

  // The label of a line in words, else one that says what it is.
  std::string word_for(const ContentLine& line, std::string_view otherwise) const {
    const auto label = labels_.find(line.group);
    if (line.group.empty() || label == labels_.end() || label->second.empty()) return in_words(otherwise);
    if (!is_built_in(label->second)) return label->second;
    return in_words(lower(std::string_view(label->second).substr(4, label->second.size() - 8)));
  }
  std::string in_words(std::string_view word) const {
    const auto* found = std::find_if(kInChinese.begin(), kInChinese.end(), [&](const auto& one) { return one.first == word; });
    return std::string(chinese_ && found != kInChinese.end() ? found->second : word);
  }

  // "spouse: Maria Lee".
  void add_related(std::string_view how, const std::string& name) {
    body_.push_back(fmt::format("{}{}{}", in_words(how), chinese_ ? "：" : ": ", name));
  }

  // Other names on the card, and a name of which the one shown leaves out a part.
  void read_further_names() {
    bool first = true;
    for (const auto& line : lines_) {
      const auto value = one_line(unescape_text(line.value));
      if (line.name == "FN" && !value.empty() && !std::exchange(first, false) && value != name_) body_.push_back(value);
    }
    const auto* parts = find("N");
    if (!parts) return;
    const auto whole = one_line(name_of_parts(parts->value));
    auto each = split_text(parts->value, ';');
    each.resize(3);  // family, given, additional
    const auto shown = folded(name_);
    const bool left_out = std::any_of(each.begin(), each.end(), [&](const auto& part) { return shown.find(folded(part)) == shown.npos; });
    if (left_out && whole != name_) body_.push_back(whole);
  }

  // Of the card of an agent within this one: who it is, and how to be reached.
  void read_agent(const ContentLine& line) {
    if (line.name == "FN" || line.name == "TEL" || line.name == "EMAIL") {
      if (auto value = one_line(unescape_text(line.value)); !value.empty()) agent_.push_back(std::move(value));
    }
  }

  void read_line(const ContentLine& line) {
    const auto& name = line.name;
    const auto value = unescape_text(line.value);
    if (value.empty()) return;
    if (name == "EMAIL") {
      auto address = lower(value);
      if (address.starts_with("mailto:")) address.erase(0, 7);
      add_address(address, address, line);
    } else if (name == "TEL") {
      add_labelled(lower(value.substr(0, 4)) == "tel:" ? value.substr(4) : value, line);
      for (const auto& number : telephone_numbers(value)) add_address(telephone_address(number));
    } else if (name == "IMPP") {
      read_handle(line, value);
    } else if (name == "AGENT") {
      if (value.size() > 11 && lower(value.substr(0, 11)) == "begin:vcard") {
        for (const auto& inner : read_content_lines(value)) read_agent(inner);
      }
    } else if (name == "MEMBER" || name == "X-ADDRESSBOOKSERVER-MEMBER") {
      read_member(value);
    } else if (name == "ORG") {
      body_.push_back(joined(split_text(line.value, ';'), ", "));
    } else if (name == "NICKNAME" || name == "TITLE" || name == "ROLE" || name == "NOTE") {
      body_.push_back(value);
    } else if (name == "URL") {
      add_labelled(value, line);
    } else if (name == "ADR") {
      read_postal_address(line, value);
    } else if (name == "BDAY") {
      body_.push_back((chinese_ ? "生于 " : "born ") + birthday(line));
    } else if (name == "ANNIVERSARY" || name == "X-ANNIVERSARY" || name == "X-EVOLUTION-ANNIVERSARY" || name == "X-ABDATE") {
      body_.push_back(word_for(line, "anniversary") + " " + birthday(line));
    } else if (name == "X-ABRELATEDNAMES") {
      add_related(word_for(line, "related"), value);
    } else if (name == "X-SPOUSE" || name == "X-MANAGER" || name == "X-ASSISTANT") {
      add_related(lower(name.substr(2)), value);
    } else if (name == "X-EVOLUTION-SPOUSE" || name == "X-EVOLUTION-MANAGER" || name == "X-EVOLUTION-ASSISTANT") {
      add_related(lower(name.substr(12)), value);
    } else if (name == "X-SOCIALPROFILE") {
      read_profile(line, value);
    } else if (name == "X-ANDROID-CUSTOM") {
      read_custom(line);
    } else if (name == "CATEGORIES") {
      for (auto& tag : split_text(line.value, ',')) {
        if (!tag.empty()) result_.item.tags.push_back(std::move(tag));
      }
    } else if (name == "RELATED" && lower(line.parameter("VALUE")) == "text") {
      const auto type = lower(line.parameter("TYPE"));
      if (type.empty() || type == "home" || type == "work") {
        body_.push_back(value);
      } else {
        add_related(type, value);
      }
    } else if (name.starts_with("X-")) {
      read_old_handle(line, value);
    }
  }

  // "telegram:ann", "xmpp:ann@example.org". Apple's "x-apple:" stands for any service, which a parameter names.
  void read_handle(const ContentLine& line, const std::string& value) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSchemes = {
        {{"jabber", "xmpp"}, {"googletalk", "xmpp"}, {"google talk", "xmpp"}, {"gadugadu", "gg"}}};
    const auto colon = value.find(':');
    const auto scheme = lower(value.substr(0, colon == value.npos ? 0 : colon));
    if (!scheme.empty() && scheme != "x-apple") return add_address(lower(value), lower(value), line);
    const auto handle = scheme.empty() ? value : value.substr(colon + 1);
    auto service = lower(line.parameter("X-SERVICE-TYPE"));
    if (const auto* known = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const auto& one) { return one.first == service; }); known != kSchemes.end()) {
      service = known->second;
    }
    if (service.empty()) return add_labelled(handle, line);
    const auto address = service + ":" + lower(handle);
    add_address(address, address, line);
  }

  // The names before there was IMPP.
  void read_old_handle(const ContentLine& line, const std::string& value) {
    static constexpr auto kOld = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"X-AIM", "aim"}, {"X-ICQ", "icq"}, {"X-JABBER", "xmpp"}, {"X-MSN", "msn"}, {"X-SKYPE", "skype"}, {"X-SKYPE-USERNAME", "skype"},
        {"X-QQ", "qq"}, {"X-WECHAT", "wechat"}, {"X-WECHAT-ID", "wechat"}, {"X-TELEGRAM", "telegram"}, {"X-GOOGLE-TALK", "xmpp"},
        {"X-GTALK", "xmpp"}, {"X-YAHOO", "yahoo"}, {"X-LINE", "line"}, {"X-TWITTER", "twitter"}, {"X-GADUGADU", "gg"}});
    const auto* old = std::find_if(kOld.begin(), kOld.end(), [&](const auto& one) { return one.first == line.name; });
    if (old == kOld.end()) return;
    const auto address = fmt::format("{}:{}", old->second, lower(value));
    add_address(address, address, line);
  }

  // "twitter: jogi, http://twitter.com/jogi".
  void read_profile(const ContentLine& line, const std::string& value) {
    std::string service;
    for (const auto& [name, type] : line.parameters) {
      if (name == "TYPE" && lower(type) != "pref" && service.empty()) service = lower(type);
    }
    const auto place = value.starts_with("x-apple:") ? value.substr(8) : value;
    const std::string user(line.parameter("X-USER"));
    add_labelled((service.empty() ? "" : service + ": ") + joined({user == place ? "" : user, place}, ", "), line);
  }

  // Android's own fields: "vnd.android.cursor.item/relation;Maria;14;;". A kind of 0 has a name of its own behind it.
  void read_custom(const ContentLine& line) {
    static constexpr std::array<std::string_view, 15> kRelations = {"related", "assistant", "brother", "child", "domestic partner", "father", "friend", "manager",
                                                                    "mother", "parent", "partner", "referred by", "relative", "sister", "spouse"};
    static constexpr std::array<std::string_view, 4> kDates = {"date", "anniversary", "date", "birthday"};
    auto parts = split_text(line.value, ';');
    parts.resize(std::max<std::size_t>(parts.size(), 4));
    if (parts[1].empty()) return;
    const auto kind = parts[2].empty() || parts[2].size() > 2 || digits_in(parts[2]) != parts[2].size() ? 0 : std::stoul(parts[2]);
    const auto word = [&](const auto& names) { return kind == 0 && !parts[3].empty() ? parts[3] : std::string(names[kind < names.size() ? kind : 0]); };
    if (parts[0].ends_with("/relation")) {
      add_related(word(kRelations), parts[1]);
    } else if (parts[0].ends_with("/contact_event")) {
      body_.push_back(in_words(word(kDates)) + " " + parts[1]);
    } else {
      body_.push_back(parts[1]);
    }
  }

  // "urn:uuid:…" names another card, "mailto:ann@example.org" a person without one.
  void read_member(std::string value) {
    if (members_.size() == kMostMembers) return;
    const auto small = lower(value);
    if (small.starts_with("mailto:") || small.starts_with("tel:")) {
      members_.push_back(value.substr(value.find(':') + 1));
    } else if (const auto known = names_.find(card_id(value)); known != names_.end()) {
      members_.push_back(known->second);
    }
  }

  void read_postal_address(const ContentLine& line, const std::string& value) {
    auto parts = split_text(line.value, ';');  // box, extended, street, town, region, code, country
    parts.resize(std::max<std::size_t>(parts.size(), 7));
    for (auto& part : parts) std::replace(part.begin(), part.end(), '\n', ' ');
    auto address = is_chinese(value) ? parts[6] + parts[4] + parts[3] + parts[2] + parts[1] + parts[0] + (parts[5].empty() ? "" : " " + parts[5])
                                     : joined({parts[0], parts[1], parts[2], joined({parts[5], parts[3]}, " "), parts[4], parts[6]}, ", ");
    if (address.empty()) return;
    body_.push_back(address);
    result_.item.places.push_back({std::move(address), {}, {}});
  }

  const std::map<std::string, std::string>& names_;
  std::vector<ContentLine> lines_;
  std::map<std::string, std::string> labels_;  // by group
  std::vector<std::string> agent_;
  std::vector<std::string> members_;
  ItemText result_;
  std::string name_;
  std::vector<std::string> addresses_;
  std::vector<std::string> body_;
  bool chinese_ = false;
};

}  // namespace

std::vector<std::string> telephone_numbers(std::string_view written) {
  const auto plain = without_width(written.substr(0, kLongestField));
  const std::string_view text = plain;
  std::vector<std::string> numbers;
  std::size_t start = 0;
  for (auto at = text.find_first_of("/;,\r\n+"); at != text.npos; at = text.find_first_of("/;,\r\n+", at + 1)) {
    const char sign = text[at] == '\r' ? '\n' : text[at];
    const auto behind = sign == '+' ? at : at + 1;
    const auto end = text.find_first_of("/;,\r\n+", at + 1);
    const auto after = text.substr(behind, end == text.npos ? end : (text.find_first_not_of(" \t", behind) == end ? text.npos : end - behind));
    if (!is_between_numbers(text.substr(start, at - start), sign, after)) continue;
    numbers.emplace_back(text.substr(start, at - start));
    start = behind;
  }
  numbers.emplace_back(text.substr(start));
  return numbers;
}

std::string telephone_address(std::string_view written) {
  const auto plain = without_width(written);
  written = plain;
  if (lower(written.substr(0, 4)) == "tel:") written.remove_prefix(4);
  written = written.substr(0, written.find_first_of(";,xX"));  // an extension
  std::string digits;
  bool country = false;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    if (c == '+' && digits.empty()) {
      country = true;
    } else if (c == '(' && country && written.substr(i, 3) == "(0)") {
      i += 2;  // +49 (0)170: dialled only inside the country
    } else if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  if (!country && digits.starts_with("00") && digits.size() > 8) {
    digits.erase(0, 2);
    country = true;
  }
  if (digits.size() < 3 || digits.size() > kLongestNumber) return "";
  return (country ? "tel:+" : "tel:") + digits;
}

bool is_contacts(const Probe& probe) {
  if (probe.name.ends_with(".vcf") || probe.name.ends_with(".vcard")) return true;
  const auto start = probe.head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return start != probe.head.npos && lower(probe.head.substr(start, 11)) == "begin:vcard";
}

Result<> read_contacts(std::string bytes, Sink& sink) {
  const bool wide = is_wide(bytes);
  if (wide) bytes = to_utf8(bytes, "");
  std::map<std::string, int> seen;  // a name twice is numbered
  const auto extents = find_components(bytes, 1);
  if (extents.empty() && bytes.find_first_not_of(" \t\r\n") != bytes.npos) return fail(Code::Corrupt, "Nothing in it can be read; it may have been cut off.");
  const auto names = names_of_members(bytes, extents);
  for (const auto& extent : extents) {
    if (extent.name != "VCARD") continue;
    const Extent at{static_cast<std::int64_t>(extent.start), static_cast<std::int64_t>(extent.end - extent.start)};
    if (!TRY(sink.begin(at))) continue;
    if (!extent.whole) {
      TRY(sink.failed("It ends in the middle."));
      continue;
    }
    if (extent.end - extent.start > kLargestCard) {
      TRY(sink.failed(fmt::format("Larger than {} MB.", kLargestCard >> 20)));
      continue;
    }
    const auto card = std::string_view(bytes).substr(extent.start, extent.end - extent.start);
    auto item = Card(card, names).read();
    if (!item.within.empty()) {
      if (const auto times = ++seen[item.within]; times > 1) item.within += fmt::format("~{}", times);
    }
    Original original{at, {}};
    if (wide) original = {{}, std::string(card)};
    TRY(sink.item(std::move(item), std::move(original)));
  }
  return {};
}

Result<> read_contacts_file(const Request&, const Input& input, Sink& sink) { return read_contacts(TRY(input.read_all()), sink); }

}  // namespace hearth::memory::extract
