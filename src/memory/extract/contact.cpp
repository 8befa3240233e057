#include "memory/extract/contact.h"

#include <algorithm>
#include <array>
#include <map>

#include "memory/extract/charset.h"
#include "memory/extract/content_line.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostAddresses = 100;
constexpr std::size_t kLargestCard = 32 << 20;  // pictures are in it

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

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

// Two in one field: "+49 30 1234567 / +49 170 7654321".
std::vector<std::string> numbers_in(std::string_view text) {
  constexpr std::ptrdiff_t kFewest = 5;
  const auto is_number = [](std::string_view part) {
    return std::count_if(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; }) >= kFewest;
  };
  const auto at = text.find_first_of("/;\n");
  if (at == text.npos || !is_number(text.substr(0, at)) || !is_number(text.substr(at + 1))) return {std::string(text)};
  auto numbers = numbers_in(text.substr(at + 1));
  numbers.insert(numbers.begin(), std::string(text.substr(0, at)));
  return numbers;
}

class Card {
 public:
  explicit Card(std::string_view bytes) {
    int depth = 0;
    for (auto& line : read_content_lines(bytes)) {
      if (line.name == "BEGIN") ++depth;
      if (line.name == "END") --depth;
      if (depth == 1 && line.name != "BEGIN") lines_.push_back(std::move(line));
    }
  }

  ItemText read() {
    auto& item = result_.item;
    item.kind = ItemKind::Contact;
    item.type = "text/vcard";
    item.external_id = text("UID");
    name_ = text("FN");
    if (const auto* parts = find("N"); parts && name_.empty()) name_ = name_of_parts(parts->value);
    const auto organisation = find("ORG") ? joined(split_text(find("ORG")->value, ';'), ", ") : "";
    chinese_ = is_chinese(name_ + organisation);
    for (const auto& line : lines_) read_line(line);
    if (name_.empty()) name_ = organisation;
    if (name_.empty() && !addresses_.empty()) name_ = addresses_.front();
    item.title = name_;
    for (const auto& address : addresses_) item.people.push_back({Role::Subject, name_, address});
    if (addresses_.empty() && !name_.empty()) item.people.push_back({Role::Subject, name_, ""});
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

  void add_address(std::string address, std::string shown) {
    if (address.empty() || addresses_.size() == kMostAddresses) return;
    if (body_.empty() || body_.back() != shown) body_.push_back(std::move(shown));
    if (std::find(addresses_.begin(), addresses_.end(), address) == addresses_.end()) addresses_.push_back(std::move(address));
  }

  void read_line(const ContentLine& line) {
    const auto& name = line.name;
    const auto value = unescape_text(line.value);
    if (value.empty()) return;
    if (name == "EMAIL") {
      auto address = lower(value);
      if (address.starts_with("mailto:")) address.erase(0, 7);
      add_address(address, address);
    } else if (name == "TEL") {
      const auto number = lower(value.substr(0, 4)) == "tel:" ? value.substr(4) : value;
      for (const auto& one : numbers_in(number)) add_address(telephone_address(one), number);
      if (body_.empty() || body_.back() != number) body_.push_back(number);  // one that nobody can be called by, as it stands
    } else if (name == "IMPP" || name.starts_with("X-") ) {
      read_handle(line, value);
    } else if (name == "ORG") {
      body_.push_back(joined(split_text(line.value, ';'), ", "));
    } else if (name == "NICKNAME" || name == "TITLE" || name == "ROLE" || name == "NOTE" || name == "URL") {
      body_.push_back(value);
    } else if (name == "ADR") {
      read_postal_address(line, value);
    } else if (name == "BDAY") {
      body_.push_back((chinese_ ? "生于 " : "born ") + birthday(line));
    } else if (name == "ANNIVERSARY") {
      body_.push_back((chinese_ ? "纪念日 " : "anniversary ") + birthday(line));
    } else if (name == "CATEGORIES") {
      for (auto& tag : split_text(line.value, ',')) {
        if (!tag.empty()) result_.item.tags.push_back(std::move(tag));
      }
    } else if (name == "RELATED" && lower(line.parameter("VALUE")) == "text") {
      body_.push_back(value);
    }
  }

  // "telegram:ann", "xmpp:ann@example.org"; and the names before there was IMPP.
  void read_handle(const ContentLine& line, const std::string& value) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOld = {
        {{"X-AIM", "aim"}, {"X-ICQ", "icq"}, {"X-JABBER", "xmpp"}, {"X-MSN", "msn"}, {"X-SKYPE", "skype"}, {"X-QQ", "qq"},
         {"X-WECHAT", "wechat"}, {"X-TELEGRAM", "telegram"}, {"X-GOOGLE-TALK", "xmpp"}}};
    std::string address;
    if (line.name == "IMPP") {
      if (value.find(':') != value.npos) address = lower(value);
    } else {
      const auto old = std::find_if(kOld.begin(), kOld.end(), [&](const auto& one) { return one.first == line.name; });
      if (old != kOld.end()) address = fmt::format("{}:{}", old->second, lower(value));
    }
    add_address(address, address);
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

  std::vector<ContentLine> lines_;
  ItemText result_;
  std::string name_;
  std::vector<std::string> addresses_;
  std::vector<std::string> body_;
  bool chinese_ = false;
};

}  // namespace

std::string telephone_address(std::string_view written) {
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
  if (digits.size() < 3 || digits.size() > 20) return "";
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
    auto item = Card(card).read();
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
