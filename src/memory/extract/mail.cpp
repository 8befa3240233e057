#include "memory/extract/mail.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "memory/extract/attachments.h"
#include "memory/extract/charset.h"
#include "memory/extract/document.h"
#include "memory/extract/encoded_words.h"
#include "memory/extract/flowed.h"
#include "memory/extract/html.h"
#include "memory/extract/mail_time.h"
#include "memory/extract/quotes.h"
#include "memory/text/passages.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr int kDeepestPart = 256;  // each takes some of the stack
constexpr std::size_t kMostParts = 1000;
constexpr std::size_t kMostBoundaries = 20'000;  // lines that begin like one
constexpr std::size_t kMostPeople = 500;
constexpr std::size_t kMostTags = 100;
constexpr std::size_t kMostTextBytes = 16 << 20;  // text is there several times while it is read
constexpr std::size_t kMostGuessed = 32 << 20;  // bytes: they are there twice then
constexpr int kMostGuesses = 8;

template <typename T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref<T>>;

std::string text_of(const char* text) { return text ? to_utf8(text, "") : ""; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// White space as one space, none at the ends: folded headers become one line.
std::string one_line(std::string_view text) {
  std::string result;
  bool space = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ') {
      space = !result.empty();
    } else {
      if (space) result += ' ';
      space = false;
      result += c;
    }
  }
  return result;
}

// The first charset that a message names: what its unlabelled headers are probably in.
std::string first_charset(std::string_view bytes) {
  const auto head = lower(bytes.substr(0, 16 << 10));
  const auto found = head.find("charset=");
  if (found == head.npos) return "";
  auto start = found + 8;
  if (start < head.size() && head[start] == '"') ++start;
  const auto end = head.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_", start);
  return head.substr(start, std::min(end, head.size()) - start);
}

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
  kept = to_utf8(header, first_charset(message));
  kept += message.substr(end);
  return kept;
}

Owned<GMimeMessage> parse(std::string_view bytes) {
  const auto charset = first_charset(bytes);
  std::array<const char*, 4> fallbacks = {"utf-8", charset.empty() ? "windows-1252" : charset.c_str(), "windows-1252", nullptr};
  auto* options = g_mime_parser_options_new();
  g_mime_parser_options_set_fallback_charsets(options, fallbacks.data());
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), options));
  g_mime_parser_options_free(options);
  return message;
}

std::string content_of(GMimePart* part) {
  auto* content = g_mime_part_get_content(part);
  if (!content) return "";
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, out.get());
  const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  return array && array->data ? std::string(reinterpret_cast<const char*>(array->data), array->len) : "";
}

// The boundary that the lines of a body show: the first line like one that has a part's header below it.
std::string_view shown_boundary(std::string_view body) {
  constexpr std::size_t kLongest = 200;
  for (std::size_t at = 0; at < body.size();) {
    const auto end = std::min(body.find('\n', at), body.size());
    auto line = body.substr(at, end - at);
    at = end + 1;
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.size() <= 2 || line.size() > kLongest || !line.starts_with("--") || line.find_first_of("\"\\") != line.npos) continue;
    if (at < body.size() && g_ascii_strncasecmp(body.data() + at, "content-", std::min<std::size_t>(8, body.size() - at)) == 0) return line.substr(2);
  }
  return "";
}

// What of a message is not read; of several the first in this order is told.
enum class Loss { Deep, Many, Long, None };

std::string told(Loss loss) {
  switch (loss) {
    case Loss::Deep: return translated("It is nested too deep; the rest of it is left out.").english();
    case Loss::Many: return translated("It has too many parts; the rest of it is left out.").english();
    case Loss::Long: return translated("Its text is too large; the rest of it is left out.").english();
    case Loss::None: break;
  }
  return "";
}

// What the parts of a message hold.
class Parts {
 public:
  explicit Parts(History history) : history_(history) {}

  void add(GMimeObject* object, int depth) {
    if (!object) return;
    if (depth > kDeepestPart) return lose(Loss::Deep);
    if (++seen_ > kMostParts) return lose(Loss::Many);
    if (GMIME_IS_MULTIPART(object)) {
      add_multipart(GMIME_MULTIPART(object), depth);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
      add_message(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth);
    } else if (GMIME_IS_PART(object)) {
      add_part(GMIME_PART(object), depth);
    }
  }

  // The text; when nothing of it is the author's own, the history that it quotes.
  std::string take_text() { return std::move(text.empty() ? quoted : text); }

  std::string text;    // the author's own
  std::string quoted;  // of parts that are nothing but history
  std::vector<Attachment> attachments;
  std::vector<Attached> files;  // the attachments that are more than decoration
  Loss loss = Loss::None;

 private:
  void lose(Loss what) { loss = std::min(loss, what); }

  void add_multipart(GMimeMultipart* parts, int depth) {
    const int count = g_mime_multipart_get_count(parts);
    auto* type = g_mime_object_get_content_type(GMIME_OBJECT(parts));
    const bool alternative_texts = g_mime_content_type_is_type(type, "multipart", "alternative");
    if (count == 0) return add_undivided(parts, alternative_texts, depth);
    if (!alternative_texts) {
      for (int i = 0; i < count; ++i) add(g_mime_multipart_get_part(parts, i), depth + 1);
      return;
    }
    // The same text several times: the plain one, else the page, else the first that gives any.
    Parts best(history_);
    int best_rank = 0;
    for (int i = 0; i < count; ++i) {
      Parts alternative(history_);
      alternative.seen_ = seen_;
      alternative.guesses_ = guesses_;
      auto* object = g_mime_multipart_get_part(parts, i);
      alternative.add(object, depth + 1);
      seen_ = alternative.seen_;
      guesses_ = alternative.guesses_;
      auto* own = object ? g_mime_object_get_content_type(object) : nullptr;
      const auto is = [&](const char* subtype) { return own && g_mime_content_type_is_type(own, "text", subtype); };
      const int rank = is("plain") ? 3 : is("html") || !is("*") ? 2 : 1;  // a page may lie in a multipart
      const bool empty = alternative.text.empty() && alternative.quoted.empty();
      attachments.insert(attachments.end(), alternative.attachments.begin(), alternative.attachments.end());
      std::move(alternative.files.begin(), alternative.files.end(), std::back_inserter(files));
      if (alternative.loss != Loss::Long) lose(alternative.loss);
      if (empty) continue;
      if (rank == 3 && best_rank == 3) {  // what a gateway adds is one more text
        best.append(std::move(alternative.text), best.text);
        best.append(std::move(alternative.quoted), best.quoted);
        best.lose(alternative.loss);
      } else if (rank > best_rank || (rank == 2 && is_excuse(best.text, alternative.text))) {
        best_rank = rank;
        best.text = std::move(alternative.text);
        best.quoted = std::move(alternative.quoted);
        best.history_ = alternative.history_;
        best.loss = alternative.loss;
      }
    }
    lose(best.loss);
    history_ = best.history_;
    append(std::move(best.text), text);
    append(std::move(best.quoted), quoted);
  }

  // "This mail can only be shown as HTML."
  static bool is_excuse(std::string_view plain, std::string_view page) {
    constexpr std::size_t kLongest = 200;
    return plain.size() < kLongest && page.size() > 5 * plain.size() && lower(plain).find("html") != std::string::npos;
  }

  // No boundary is named, or one that is never there: the parts are those that the lines show, else all of it is text.
  void add_undivided(GMimeMultipart* parts, bool alternative_texts, int depth) {
    const auto* prologue = g_mime_multipart_get_prologue(parts);
    const std::string_view body = prologue ? prologue : "";
    const auto boundary = body.size() <= kMostGuessed && guesses_ < kMostGuesses ? shown_boundary(body) : "";
    if (!boundary.empty()) {
      ++guesses_;
      const auto divided = parse(fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\n\n{}", alternative_texts ? "alternative" : "mixed", boundary, body));
      auto* found = divided ? g_mime_message_get_mime_part(divided.get()) : nullptr;
      if (found && GMIME_IS_MULTIPART(found) && g_mime_multipart_get_count(GMIME_MULTIPART(found)) > 0) return add(found, depth + 1);
    }
    append_written(to_utf8(body, ""));
  }

  // What an attached message quotes is a history of its own.
  static History history_of_attached(GMimeMessage* message, std::string_view subject) {
    const auto refers = [&](const char* name) { return text_of(g_mime_object_get_header(GMIME_OBJECT(message), name)).find('<') != std::string::npos; };
    return history_of(subject, refers("References") || refers("In-Reply-To"));
  }

  // An attached or forwarded message: its text belongs to the mail.
  void add_message(GMimeMessage* message, int depth) {
    if (!message) return;
    const auto subject = one_line(text_of(g_mime_message_get_subject(message)));
    if (!subject.empty()) append(subject, text);
    const auto around = history_;
    auto own_before = std::exchange(text, "");
    auto quoted_before = std::exchange(quoted, "");
    if (around != History::Forwarded) history_ = history_of_attached(message, subject);
    add(g_mime_message_get_mime_part(message), depth + 1);
    history_ = around;
    auto attached = take_text();
    text = std::move(own_before);
    quoted = std::move(quoted_before);
    append(std::move(attached), text);
  }

  // Text of a kind that is not known is text; what a mail is as a whole is meant to be read, whatever it is called.
  static bool is_readable(GMimeContentType* type, std::string_view content, int depth) {
    static constexpr std::array kForPrograms = {"calendar", "vcard", "x-vcard", "directory", "css", "rfc822-headers"};
    const auto is = [&](const char* media, const char* subtype) { return g_mime_content_type_is_type(type, media, subtype) != FALSE; };
    if (depth == 0) return !is("image", "*") && !is("audio", "*") && !is("video", "*") && is_text(content);
    return is("text", "*") && std::none_of(kForPrograms.begin(), kForPrograms.end(), [&](const char* subtype) { return is("text", subtype); }) && is_text(content);
  }

  // What a part without a name is read as: invitations and cards are sent so.
  static std::string name_by_type(std::string_view type) {
    if (type == "text/calendar" || type == "application/ics") return "invitation.ics";
    if (type == "text/vcard" || type == "text/x-vcard" || type == "text/directory") return "card.vcf";
    return "";
  }

  void add_part(GMimePart* part, int depth) {
    auto* object = GMIME_OBJECT(part);
    auto* type = g_mime_object_get_content_type(object);
    const auto* disposition = g_mime_object_get_disposition(object);
    const auto name = one_line(text_of(g_mime_part_get_filename(part)));
    const bool html = type && g_mime_content_type_is_type(type, "text", "html");
    const bool plain = !type || g_mime_content_type_is_type(type, "text", "plain");
    const bool attached = !name.empty() || (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0);
    auto content = content_of(part);
    if (attached || !(html || plain || is_readable(type, content, depth))) {
      auto* mime = type ? g_mime_content_type_get_mime_type(type) : nullptr;
      attachments.push_back({name, mime ? lower(text_of(mime)) : "application/octet-stream", static_cast<std::int64_t>(content.size())});
      g_free(mime);
      // A picture with an id is one that the HTML text shows, a logo, a signature, unless it is said to be attached.
      const bool shown = g_mime_object_get_content_id(object) && !(disposition && g_ascii_strcasecmp(disposition, "attachment") == 0) && attachments.back().type.starts_with("image/");
      auto read_as = name.empty() ? name_by_type(attachments.back().type) : name;
      if (!shown && !read_as.empty()) files.push_back({std::move(read_as), std::move(content)});
      return;
    }
    if (content.size() > kMostTextBytes) {
      content.resize(kMostTextBytes);
      lose(Loss::Long);
    }
    const auto* charset = g_mime_object_get_content_type_parameter(object, "charset");
    auto decoded = to_utf8(content, charset ? charset : "");
    content = {};
    if (html) {
      auto page = read_html(decoded, history_ == History::Forwarded ? Quotes::Keep : Quotes::Drop, history_);
      return page.answers_within ? append(std::move(page.text), text) : append_written(std::move(page.text));
    }
    const auto is_parameter = [&](const char* name, const char* value) {
      const auto* given = g_mime_object_get_content_type_parameter(object, name);
      return given && g_ascii_strcasecmp(given, value) == 0;
    };
    if (plain && is_parameter("format", "flowed")) decoded = read_flowed(decoded, is_parameter("delsp", "yes") ? SoftBreak::Nothing : SoftBreak::Space);
    append_written(std::move(decoded));
  }

  // What was written without what it quotes.
  void append_written(std::string written) {
    auto own = own_words(written, history_);
    if (own.find_first_not_of(" \t\n") == own.npos) return append(std::move(written), quoted);
    append(std::move(own), text);
  }

  void append(std::string more, std::string& whole) {
    if (more.find_first_not_of(" \t\n") == more.npos) return;
    constexpr std::string_view kBetween = "\n\n";
    const auto room = kMostTextBytes - std::min(kMostTextBytes, whole.empty() ? 0 : whole.size() + kBetween.size());
    if (more.size() > room) {
      more.resize(beginning_of(more, room).size());
      lose(Loss::Long);
    }
    if (whole.empty()) {
      whole = std::move(more);
    } else if (!more.empty()) {
      whole += kBetween;
      whole += more;
    }
  }

  History history_;
  std::size_t seen_ = 0;
  int guesses_ = 0;
};

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
  const auto message = parse(bytes);
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
    Parts parts(history);
    parts.add(g_mime_message_get_mime_part(message.get()), 0);
    item.attachments = std::move(parts.attachments);
    mail.files = std::move(parts.files);
    mail.loss = std::min(mail.loss, parts.loss);
    result.text = parts.take_text();
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
