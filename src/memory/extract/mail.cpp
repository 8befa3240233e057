#include "memory/extract/mail.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/attachments.h"
#include "memory/extract/charset.h"
#include "memory/extract/document.h"
#include "memory/extract/encoded_words.h"
#include "memory/extract/gmime.h"
#include "memory/extract/mail_parts.h"
#include "memory/extract/mail_time.h"
#include "memory/extract/quotes.h"
#include "memory/text/passages.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostBoundaries = 20'000;  // lines that begin like one
constexpr std::size_t kMostPeople = 500;
constexpr std::size_t kMostTags = 100;

bool names_boundary(std::string_view bytes) {
  constexpr std::string_view kName = "boundary";
  return std::search(bytes.begin(), bytes.end(), kName.begin(), kName.end(), [](char a, char b) { return g_ascii_tolower(a) == b; }) != bytes.end();
}

// The beginning of a message that has more parts than anybody sends: each of them takes kilobytes, however little is in it.
std::string_view within_parts(std::string_view bytes) {
  if (!names_boundary(bytes)) return bytes;  // lines like them are just lines
  std::size_t boundaries = 0;
  for (auto at = bytes.find("\n--"); at != bytes.npos; at = bytes.find("\n--", at + 1)) {
    if (++boundaries == kMostBoundaries) return bytes.substr(0, at + 1);
  }
  return bytes;
}

// A message whose header is in UTF-8 where it is written in another charset than ASCII.
std::string_view with_readable_header(std::string_view message, std::string& kept) {
  const auto end = std::min({message.find("\n\n"), message.find("\n\r\n"), message.size()});
  const auto header = message.substr(0, end);
  if (is_utf8(header)) return message;
  kept = to_utf8(header, charset_named_in(message.substr(0, kMailHead)));
  kept += message.substr(end);
  return kept;
}

void add_people(Item& item, Role role, InternetAddressList* list, int depth = 0) {
  if (!list || depth > 4) return;
  const int count = internet_address_list_length(list);
  for (int i = 0; i < count && item.people.size() < kMostPeople; ++i) {
    auto* address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_MAILBOX(address)) {
      Person person{role, one_line(text_of(internet_address_get_name(address))),
                    lower(one_line(text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)))))};
      if (!person.address.empty() || !person.name.empty()) item.people.push_back(std::move(person));
    } else if (INTERNET_ADDRESS_IS_GROUP(address)) {
      add_people(item, role, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), depth + 1);
    }
  }
}

void set_time(Item& item, const std::optional<WrittenTime>& time) {
  if (!time) return;
  item.time = time->time;
  item.zone = time->zone;
  item.certainty = time->certainty;
}

// When the message was sent: its Date, else when the last server took it.
void read_time(Item& item, GMimeMessage* message) {
  item.certainty = TimeCertainty::File;
  const auto header = [&](const char* name) { return text_of(g_mime_object_get_header(GMIME_OBJECT(message), name)); };
  set_time(item, read_mail_time(header("Date")));
  if (item.time) return;
  const auto received = header("Received");
  if (const auto semicolon = received.rfind(';'); semicolon != received.npos) set_time(item, read_mail_time(std::string_view(received).substr(semicolon + 1)));
}

// The first "<id>" of a header, without the brackets.
std::string first_id(const char* header) {
  const auto text = text_of(header);
  const auto start = text.find('<');
  const auto end = text.find('>', start == text.npos ? 0 : start);
  if (start == text.npos || end == text.npos) return "";
  return one_line(text.substr(start + 1, end - start - 1));
}

// Every "<id>" of a header; of very many the last, which stand next to the message.
std::vector<std::string> ids_of(const char* header) {
  constexpr std::size_t kMostIds = 50;
  std::vector<std::string> ids;
  const auto text = text_of(header);
  for (auto start = text.find('<'); start != text.npos; start = text.find('<', start + 1)) {
    const auto end = text.find('>', start);
    if (end == text.npos) break;
    ids.push_back(one_line(text.substr(start + 1, end - start - 1)));
    start = end;
  }
  if (ids.size() > kMostIds) ids.erase(ids.begin(), ids.end() - kMostIds);
  return ids;
}

// What Gmail's Takeout adds: its labels, and which conversation the message belongs to there.
void read_gmail(GMimeObject* message, Item& item) {
  if (const auto* labels = g_mime_object_get_header(message, "X-Gmail-Labels")) {
    std::string label;
    bool quoted = false;
    for (const char c : one_line(text_of(labels)) + ",") {
      if (c == '"') {
        quoted = !quoted;
      } else if (c != ',' || quoted) {
        label += c;
      } else {
        label = one_line(label);
        if (!label.empty() && item.tags.size() < kMostTags) item.tags.push_back(label);
        label.clear();
      }
    }
  }
  const auto* thread = g_mime_object_get_header(message, "X-GM-THRID");
  if (const auto id = one_line(text_of(thread)); !id.empty()) item.thread = "gmail/" + id;
}

std::string key_of(const Item& item, std::string_view text) {
  Sha256 hash;
  const auto add = [&](std::string_view part) {
    hash.add(part);
    hash.add(std::string_view("\0", 1));
  };
  add("mail");
  add(item.external_id);
  add(item.title);
  add(item.time ? std::to_string(item.time->time_since_epoch().count()) : "");
  for (const auto& person : item.people) {
    if (person.role == Role::Author) add(person.address);
  }
  for (const auto& attachment : item.attachments) add(attachment.name + "/" + std::to_string(attachment.size));
  add(text);
  return to_hex(hash.finish()).substr(0, 32);
}

}  // namespace

void prepare_mail() {
  g_mime_init();
  load_charsets();
}

namespace {

struct Mail {
  ItemText read;
  std::vector<Attached> files;
  Loss loss = Loss::None;
};

Mail read_with_files(std::string_view whole) {
  Mail mail;
  const auto within = within_parts(whole);
  if (within.size() < whole.size()) mail.loss = Loss::Many;
  std::string readable;
  std::string in_utf8;
  const auto bytes = with_readable_words(with_readable_header(within, in_utf8), readable);
  auto& result = mail.read;
  auto& item = result.item;
  item.type = "message/rfc822";
  item.kind = ItemKind::Mail;
  const auto message = parse_message(bytes);
  if (message) {
    auto* object = GMIME_OBJECT(message.get());
    item.title = one_line(text_of(g_mime_message_get_subject(message.get())));
    item.external_id = one_line(text_of(g_mime_message_get_message_id(message.get())));
    add_people(item, Role::Author, g_mime_message_get_from(message.get()));
    add_people(item, Role::To, g_mime_message_get_to(message.get()));
    add_people(item, Role::Copy, g_mime_message_get_cc(message.get()));
    read_time(item, message.get());
    item.thread = first_id(g_mime_object_get_header(object, "References"));
    if (item.thread.empty()) item.thread = first_id(g_mime_object_get_header(object, "In-Reply-To"));
    for (const auto* header : {"References", "In-Reply-To"}) {
      for (auto& id : ids_of(g_mime_object_get_header(object, header))) item.related.push_back(std::move(id));
    }
    const auto history = history_of(item.title, !item.thread.empty());
    if (item.thread.empty()) item.thread = item.external_id;
    read_gmail(object, item);
    auto parts = read_parts(message.get(), history);
    item.attachments = std::move(parts.attachments);
    mail.files = std::move(parts.files);
    mail.loss = std::min(mail.loss, parts.loss);
    result.text = std::move(parts.text);
  } else {  // nothing that looks like a header: then all of it is text
    result.text = to_utf8(bytes, "");
    if (result.text.size() > kMostTextBytes) {
      result.text.resize(beginning_of(result.text, kMostTextBytes).size());
      mail.loss = std::min(mail.loss, Loss::Long);
    }
    item.certainty = TimeCertainty::File;
  }
  item.key = key_of(item, result.text);
  cut_passages(result);
  return mail;
}

}  // namespace

ItemText read_mail(std::string_view bytes) { return read_with_files(bytes).read; }

Result<> read_mail_items(std::string_view bytes, Original original, Sink& sink, int depth, const std::optional<WrittenTime>& otherwise) {
  auto mail = read_with_files(bytes);
  if (!mail.read.item.time) set_time(mail.read.item, otherwise);
  Item about;
  about.key = mail.read.item.key;
  about.time = mail.read.item.time;
  TRY(sink.item(std::move(mail.read), std::move(original)));
  if (mail.loss != Loss::None) TRY(sink.failed(told(mail.loss)));
  return read_attachments(about, mail.files, depth, sink);
}

bool is_bare_message(const Probe& probe) {
  // A Maildir's name may end in anything: "1700000000.M1P1.host.pl".
  const auto number = probe.name.find_first_not_of("0123456789");
  const bool maildir = number != probe.name.npos && number >= 9 && probe.name[number] == '.' && probe.name.find('.', number + 1) != probe.name.npos;
  if (!maildir && has_text_ending(probe.name)) return false;
  auto rest = probe.head;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  bool way = false, from = false, sent = false;
  for (bool first = true; !rest.empty(); first = false) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line.front() == ' ' || line.front() == '\t') {
      if (first) return false;
      continue;
    }
    const auto colon = line.find(':');
    if (colon == line.npos && rest.empty()) break;  // the head was cut here
    if (colon == 0 || colon == line.npos || std::any_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) { return c <= ' ' || c > '~'; })) return false;
    const auto name = lower(line.substr(0, colon));
    way = way || (first && (name == "return-path" || name == "received"));
    from = from || name == "from";
    sent = sent || name == "date" || name == "message-id";
  }
  return way || (from && sent);
}

Result<> read_message_file(const Request&, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all();
  if (!bytes) return sink.failed(bytes.error().message());
  return read_mail_items(*bytes, {whole, {}}, sink, input.depth());
}

}  // namespace hearth::memory::extract
