#include "memory/extract/outlook_items.h"

#include <algorithm>
#include <array>

extern "C" {
#include <libpst/lzfu.h>
}

#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/paper.h"
#include "memory/extract/rtf.h"

namespace hearth::memory::extract {
namespace {

constexpr int kDeepestMessage = 4;
constexpr std::size_t kMostNames = 500;
constexpr std::size_t kThreadBytes = 22;  // of a conversation index: what a reply shares with what it answers

// One line of a header: no line breaks, UTF-8.
std::string line_of(std::string_view text) {
  std::string line(text);
  for (auto& c : line) c = static_cast<unsigned char>(c) < ' ' || c == '\x7F' ? ' ' : c;
  return tidy_line(line);
}

std::string in_quotes(std::string_view name) {
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.find_first_of(" <>\"(),;:/") == text.npos;
}

// A person whose address is not known stands as an empty group (RFC 5322 §3.4), and is told beside.
std::string written(const Person& person) {
  if (person.address.empty()) return in_quotes(person.name) + ":;";
  return person.name.empty() || person.name == person.address ? person.address : fmt::format("{} <{}>", in_quotes(person.name), person.address);
}

std::string written_date(Time time) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto clock = std::chrono::floor<std::chrono::seconds>(time) - day;
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), clock.count() / 3600, clock.count() / 60 % 60,
                     clock.count() % 60);
}

std::string small(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// The header that a mail came with, without what told of the form of its body; and the names of its fields.
struct CameWith {
  std::string lines;
  std::vector<std::string> names;
  bool has(std::string_view name) const { return std::find(names.begin(), names.end(), name) != names.end(); }
};
CameWith came_with(std::string_view header) {
  CameWith kept;
  bool keeping = false;
  while (!header.empty()) {
    const auto end = header.find('\n');
    auto line = header.substr(0, end);
    header.remove_prefix(end == header.npos ? header.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      if (kept.names.empty()) continue;
      break;
    }
    if (line[0] != ' ' && line[0] != '\t') {
      const auto colon = line.find(':');
      const auto name = small(line.substr(0, colon));
      keeping = colon != line.npos && colon > 0 && name.find(' ') == name.npos && !name.starts_with("content-") && name != "mime-version";
      if (keeping) kept.names.push_back(name);
    }
    if (keeping) kept.lines.append(line).append("\r\n");
  }
  return kept;
}

// "Bo; 小明; ann@example.org", as Outlook shows whom a mail is to.
std::vector<Person> shown_people(Role role, std::string_view text) {
  std::vector<Person> people;
  while (!text.empty() && people.size() < kMostNames) {
    const auto end = text.find(';');
    auto name = line_of(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    while (name.size() > 1 && (name.front() == '\'' || name.front() == '"') && name.back() == name.front()) name = name.substr(1, name.size() - 2);
    if (name.empty()) continue;
    people.push_back(is_address(name) ? Person{role, "", small(name)} : Person{role, name, ""});
  }
  return people;
}

struct Body {
  std::string type;
  std::string bytes;
};

std::vector<Body> bodies_of(pst_item& item) {
  std::vector<Body> bodies;
  auto text = outlook_text(item, item.body);
  auto& mail = *item.email;
  if (text.empty()) text = outlook_text(item, mail.report_text);
  if (text.empty() && !mail.htmlbody.str && mail.rtf_compressed.data && mail.rtf_compressed.size <= UINT32_MAX) {
    std::size_t size = 0;
    const std::unique_ptr<char, decltype(&::free)> rtf(
        ::pst_lzfu_decompress(mail.rtf_compressed.data, static_cast<std::uint32_t>(mail.rtf_compressed.size), &size), ::free);
    if (rtf) text = read_rtf({rtf.get(), size}).text;
  }
  if (!text.empty()) bodies.push_back({"text/plain; charset=utf-8", std::move(text)});
  if (mail.htmlbody.str) {
    const auto charset = mail.htmlbody.is_utf8 ? "UTF-8" : charset_of_code_page(item.internet_cpid ? item.internet_cpid : item.message_codepage);
    auto html = charset.empty() ? to_utf8(mail.htmlbody.str, "") : std::string(mail.htmlbody.str);
    bodies.push_back({fmt::format("text/html; charset={}", charset.empty() ? "utf-8" : charset), std::move(html)});
  }
  return bodies;
}

// A message of an item (RFC 5322, MIME).
class Message {
 public:
  Message(OutlookFile& file, OutlookRendering& about) : file_(file), about_(about) {}

  Result<std::string> made_of(pst_item& item, int depth) {
    auto message = headers(item, depth);
    auto bodies = bodies_of(item);
    if (bodies.empty()) bodies.push_back({"text/plain; charset=utf-8", ""});
    const bool attached = item.attach != nullptr;
    const auto limit = fmt::format("=_{}_{}", depth, to_hex(sha256(message)).substr(0, 24));
    message += "MIME-Version: 1.0\r\n";
    if (attached) message += fmt::format("Content-Type: multipart/mixed; boundary=\"{}\"\r\n\r\n--{}\r\n", limit, limit);
    if (bodies.size() == 1) {
      add_body(message, bodies[0]);
    } else {
      message += fmt::format("Content-Type: multipart/alternative; boundary=\"{}_a\"\r\n\r\n", limit);
      for (const auto& body : bodies) {
        message += fmt::format("--{}_a\r\n", limit);
        add_body(message, body);
      }
      message += fmt::format("--{}_a--\r\n", limit);
    }
    if (!attached) return message;
    for (auto* one = item.attach; one; one = one->next) {
      if (message.size() > kLargestItem) break;
      TRY(add_attachment(message, item, *one, limit, depth));
    }
    message += fmt::format("--{}--\r\n", limit);
    if (message.size() > kLargestItem) return fail(Code::TooLarge, "Larger than {} MB.", kLargestItem >> 20);
    return message;
  }

 private:
  std::string headers(pst_item& item, int depth) {
    auto& mail = *item.email;
    auto [lines, names] = came_with(outlook_text(item, mail.header));
    const CameWith given{lines, names};
    const auto add = [&](std::string_view name, std::string_view value) {
      if (!value.empty() && !given.has(small(name))) lines += fmt::format("{}: {}\r\n", name, value);
    };
    Person author{Role::Author, first_text(item, {&mail.outlook_sender_name, &mail.outlook_sender_name2}), ""};
    for (const auto* address : {&mail.sender_address, &mail.sender2_address}) {
      if (const auto text = line_of(outlook_text(item, *address)); author.address.empty() && is_address(text)) author.address = small(text);
    }
    if (author.address.empty() && is_address(author.name)) author.address = small(author.name);
    if (!author.name.empty() || !author.address.empty()) people(lines, given, "From", {author}, depth);
    people(lines, given, "To", shown_people(Role::To, outlook_text(item, mail.sentto_address)), depth);
    people(lines, given, "Cc", shown_people(Role::Copy, outlook_text(item, mail.cc_address)), depth);
    add("Subject", subject(item));
    const auto sent = outlook_time(mail.sent_date);
    const auto time = sent ? sent : outlook_time(mail.arrival_date);
    if (time) add("Date", written_date(*time));
    add("Message-ID", id(item, mail.messageid));
    add("In-Reply-To", id(item, mail.in_reply_to));
    if (depth == 0 && !given.has("references") && !given.has("in-reply-to") && !mail.in_reply_to.str && mail.conversation_index.data &&
        mail.conversation_index.size >= kThreadBytes) {
      about_.thread = "outlook/" + to_hex({mail.conversation_index.data, kThreadBytes});
    }
    if (depth == 0 && !time) about_.time = outlook_time(item.create_date);
    return lines;
  }

  void people(std::string& lines, const CameWith& given, std::string_view name, std::vector<Person> list, int depth) {
    if (list.empty() || given.has(small(name))) return;
    lines += fmt::format("{}:", name);
    for (std::size_t i = 0; i < list.size(); ++i) lines += fmt::format("{} {}", i == 0 ? "" : ",\r\n", written(list[i]));
    lines += "\r\n";
    if (depth > 0) return;
    for (auto& person : list) {
      if (person.address.empty()) about_.people.push_back(std::move(person));
    }
  }

  static std::string first_text(pst_item& item, std::initializer_list<const pst_string*> texts) {
    for (const auto* text : texts) {
      if (auto line = line_of(outlook_text(item, *text)); !line.empty()) return line;
    }
    return "";
  }

  static std::string subject(pst_item& item) { return line_of(outlook_text(item, item.subject)); }

  static std::string id(pst_item& item, const pst_string& text) {
    const auto line = line_of(outlook_text(item, text));
    if (line.empty()) return "";
    return line.starts_with('<') ? line : "<" + line + ">";
  }

  static void add_body(std::string& message, const Body& body) {
    message += fmt::format("Content-Type: {}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", body.type);
    message += body.bytes;
    message += "\r\n";
  }

  Result<> add_attachment(std::string& message, pst_item& item, pst_item_attach& one, const std::string& limit, int depth) {
    auto name = first_text(item, {&one.filename2, &one.filename1});
    if (const auto embedded = depth < kDeepestMessage ? file_.read_embedded(one) : nullptr; embedded && embedded->email) {
      message += fmt::format("--{}\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n", limit);
      message += TRY(made_of(*embedded, depth + 1));
      message += "\r\n";
      return {};
    }
    if (one.method == PST_ATTACH_NONE) return {};
    // What lies elsewhere, or is a picture that Office keeps in a form of its own, is told by its name.
    const auto bytes = one.method == PST_ATTACH_BY_VALUE ? file_.bytes_of(one) : "";
    if (bytes.empty() && name.empty()) return {};
    auto type = first_text(item, {&one.mimetype});
    if (type.find('/') == type.npos || type.find_first_of(" ;\"") != type.npos) type = "application/octet-stream";
    message += fmt::format("--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: base64\r\n", limit, type);
    message += name.empty() ? "Content-Disposition: attachment\r\n" : fmt::format("Content-Disposition: attachment; filename={}\r\n", in_quotes(name));
    if (const auto content = first_text(item, {&one.content_id}); !content.empty()) message += fmt::format("Content-ID: <{}>\r\n", content);
    message += "\r\n";
    constexpr std::size_t kLine = 57;  // bytes: 76 characters
    for (std::size_t at = 0; at < bytes.size() && message.size() <= kLargestItem; at += kLine) {
      message += to_base64(std::string_view(bytes).substr(at, kLine));
      message += "\r\n";
    }
    return {};
  }

  OutlookFile& file_;
  OutlookRendering& about_;
};

// --- cards and calendars ---

// A text as vCard and iCalendar have it (RFC 6350 §3.4, RFC 5545 §3.3.11).
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') result += '\\';
    result += c;
  }
  return result;
}

// A line, folded after 75 bytes between characters.
void add_line(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  const auto line = fmt::format("{}:{}", name, value);
  std::size_t width = 0;
  for (const char c : line) {
    if (width >= 70 && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      text += "\r\n ";
      width = 1;
    }
    text += c;
    ++width;
  }
  text += "\r\n";
}

std::string stamp(Time time, bool day) {
  const auto date = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day calendar(date);
  const auto clock = (std::chrono::floor<std::chrono::seconds>(time) - date).count();
  const auto written = fmt::format("{:04}{:02}{:02}", static_cast<int>(calendar.year()), static_cast<unsigned>(calendar.month()), static_cast<unsigned>(calendar.day()));
  return day ? written : fmt::format("{}T{:02}{:02}{:02}Z", written, clock / 3600, clock / 60 % 60, clock % 60);
}

// Midnight in the author's zone, which is not known: the day that is nearest.
Time nearest_day(Time time) { return std::chrono::floor<std::chrono::days>(time + std::chrono::hours(12)); }

std::string card_of(pst_item& item) {
  auto& contact = *item.contact;
  const auto text = [&](const pst_string& one) { return outlook_text(item, one); };
  const auto value = [&](const pst_string& one) { return escaped(text(one)); };
  std::string name = text(contact.fullname);
  if (name.empty()) name = text(item.file_as);
  if (name.empty()) name = text(item.subject);
  if (name.empty()) name = tidy_line(text(contact.first_name) + " " + text(contact.surname));
  if (name.empty()) name = text(contact.company_name);
  std::string card = "BEGIN:VCARD\r\nVERSION:3.0\r\n";
  add_line(card, "FN", escaped(name));
  const auto parts = fmt::format("{};{};{};{};{}", value(contact.surname), value(contact.first_name), value(contact.middle_name), value(contact.display_name_prefix), value(contact.suffix));
  if (parts != ";;;;") add_line(card, "N", parts);
  add_line(card, "NICKNAME", value(contact.nickname));
  for (const auto* address : {&contact.address1, &contact.address2, &contact.address3}) {
    if (const auto one = text(*address); is_address(one)) add_line(card, "EMAIL", one);
  }
  const std::pair<const char*, const pst_string*> telephones[] = {
      {"TEL;TYPE=CELL", &contact.mobile_phone}, {"TEL;TYPE=WORK", &contact.business_phone}, {"TEL;TYPE=WORK", &contact.business_phone2},
      {"TEL;TYPE=HOME", &contact.home_phone},   {"TEL;TYPE=HOME", &contact.home_phone2},    {"TEL", &contact.primary_phone},
      {"TEL", &contact.other_phone},            {"TEL;TYPE=CAR", &contact.car_phone},       {"TEL;TYPE=WORK", &contact.company_main_phone}};
  for (const auto& [kind, telephone] : telephones) add_line(card, kind, value(*telephone));
  const auto place = [&](const char* kind, const pst_string& street, const pst_string& city, const pst_string& state, const pst_string& code, const pst_string& country) {
    const auto address = fmt::format(";;{};{};{};{};{}", value(street), value(city), value(state), value(code), value(country));
    if (address != ";;;;;;") add_line(card, kind, address);
  };
  place("ADR;TYPE=WORK", contact.business_street, contact.business_city, contact.business_state, contact.business_postal_code, contact.business_country);
  place("ADR;TYPE=HOME", contact.home_street, contact.home_city, contact.home_state, contact.home_postal_code, contact.home_country);
  place("ADR", contact.other_street, contact.other_city, contact.other_state, contact.other_postal_code, contact.other_country);
  auto company = value(contact.company_name);
  if (const auto department = value(contact.department); !department.empty()) company += ";" + department;
  add_line(card, "ORG", company);
  add_line(card, "TITLE", value(contact.job_title));
  add_line(card, "URL", value(contact.business_homepage));
  add_line(card, "URL", value(contact.personal_homepage));
  if (const auto birthday = outlook_time(contact.birthday)) {
    const auto day = stamp(nearest_day(*birthday), true);
    add_line(card, "BDAY", fmt::format("{}-{}-{}", day.substr(0, 4), day.substr(4, 2), day.substr(6)));
  }
  auto note = text(item.body);
  if (const auto comment = text(item.comment); !comment.empty()) note += (note.empty() ? "" : "\n") + comment;
  add_line(card, "NOTE", escaped(note));
  return card + "END:VCARD\r\n";
}

// The rule of a series ([MS-OXOCAL] 2.2.1.44.1) as iCalendar writes it.
std::string rule_of(pst_item_appointment& event) {
  static constexpr std::array kFrequencies = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
  static constexpr std::array kDays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  constexpr std::size_t kShortest = 22;
  if (!event.recurrence_data.data || event.recurrence_data.size < kShortest) return "";
  const std::unique_ptr<pst_recurrence, decltype(&::pst_free_recurrence)> read(::pst_convert_recurrence(&event), ::pst_free_recurrence);
  if (!read || read->type >= kFrequencies.size()) return "";
  auto rule = fmt::format("FREQ={}", kFrequencies[read->type]);
  if (read->interval > 1) rule += fmt::format(";INTERVAL={}", read->interval);
  if (read->count > 0 && read->termination == 1) rule += fmt::format(";COUNT={}", read->count);
  const auto until = outlook_time(event.recurrence_end);
  if (read->termination == 0 && until) rule += fmt::format(";UNTIL={}", stamp(*until + std::chrono::hours(24), false));
  if (read->dayofmonth >= 1 && read->dayofmonth <= 31) rule += fmt::format(";BYMONTHDAY={}", read->dayofmonth);
  if (read->monthofyear >= 1 && read->monthofyear <= 12) rule += fmt::format(";BYMONTH={}", read->monthofyear);
  std::string days;
  for (std::size_t i = 0; i < kDays.size(); ++i) {
    if (read->bydaymask >> i & 1) days += fmt::format("{}{}", days.empty() ? "" : ",", kDays[i]);
  }
  if (!days.empty()) rule += ";BYDAY=" + days;
  if (!days.empty() && read->position >= 1 && read->position <= 5) rule += fmt::format(";BYSETPOS={}", read->position == 5 ? -1 : static_cast<int>(read->position));
  return rule;
}

std::string calendar_of(pst_item& item, std::string_view component) {
  const auto subject = outlook_text(item, item.subject);
  const auto body = outlook_text(item, item.body);
  std::string inner;
  auto* event = item.appointment;
  std::optional<Time> start = event ? outlook_time(event->start) : std::nullopt;
  if (!start && item.journal) start = outlook_time(item.journal->start);
  const auto changed = outlook_time(item.modify_date) ? outlook_time(item.modify_date) : outlook_time(item.create_date);
  if (!start && component != "VEVENT") start = changed;
  auto end = event ? outlook_time(event->end) : std::nullopt;
  const bool day = event && event->all_day == 1;
  if (start) add_line(inner, day ? "DTSTART;VALUE=DATE" : "DTSTART", stamp(day ? nearest_day(*start) : *start, day));
  if (end && component == "VEVENT") add_line(inner, day ? "DTEND;VALUE=DATE" : "DTEND", stamp(day ? nearest_day(*end) : *end, day));
  if (event) {
    add_line(inner, "LOCATION", escaped(outlook_text(item, event->location)));
    if (event->is_recurring == 1) add_line(inner, "RRULE", rule_of(*event));
  }
  if (item.email && component == "VEVENT") {
    const auto name = line_of(outlook_text(item, item.email->outlook_sender_name));
    const auto address = line_of(outlook_text(item, item.email->sender_address));
    auto plain = name;
    std::erase_if(plain, [](char c) { return c == '"'; });
    if (is_address(address)) add_line(inner, plain.empty() ? "ORGANIZER" : fmt::format("ORGANIZER;CN=\"{}\"", plain), "mailto:" + address);
  }
  std::string text = fmt::format("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Hearth//Outlook//EN\r\nBEGIN:{}\r\n", component);
  add_line(text, "UID", "outlook-" + content_key({component, subject, inner}));
  if (changed) add_line(text, "DTSTAMP", stamp(*changed, false));
  add_line(text, "SUMMARY", escaped(subject));
  text += inner;
  add_line(text, "DESCRIPTION", escaped(body));
  return text + fmt::format("END:{}\r\nEND:VCALENDAR\r\n", component);
}

}  // namespace

Result<OutlookRendering> render_outlook(OutlookFile& file, pst_item& item) {
  using Form = OutlookRendering::Form;
  OutlookRendering made;
  if (item.flags & PST_FLAG_UNSENT) made.tags.emplace_back("draft");
  if (item.type == PST_TYPE_CONTACT && item.contact) {
    made.form = Form::Card;
    made.bytes = card_of(item);
  } else if (item.type == PST_TYPE_APPOINTMENT && item.appointment) {
    made.form = Form::Calendar;
    made.bytes = calendar_of(item, "VEVENT");
  } else if (item.type == PST_TYPE_TASK) {
    made.form = Form::Calendar;
    made.bytes = calendar_of(item, "VTODO");
  } else if (item.type == PST_TYPE_JOURNAL) {
    made.form = Form::Calendar;
    made.bytes = calendar_of(item, "VJOURNAL");
  } else if (item.type == PST_TYPE_STICKYNOTE || !item.email) {
    made.form = Form::Note;
    made.title = line_of(outlook_text(item, item.subject));
    made.bytes = outlook_text(item, item.body);
    made.time = outlook_time(item.modify_date) ? outlook_time(item.modify_date) : outlook_time(item.create_date);
    if (made.bytes.empty()) made.bytes = made.title;
    if (made.bytes.empty()) return fail(Code::Unsupported, "The Outlook item is of a kind that is not read.");
  } else {
    made.bytes = TRY(Message(file, made).made_of(item, 0));
  }
  if (made.form != Form::Mail) std::erase(made.tags, "draft");
  return made;
}

}  // namespace hearth::memory::extract
