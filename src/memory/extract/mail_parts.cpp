#include "memory/extract/mail_parts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/document.h"
#include "memory/extract/flowed.h"
#include "memory/extract/html.h"

namespace hearth::memory::extract {
namespace {

constexpr int kDeepestPart = 256;  // each takes some of the stack
constexpr std::size_t kMostParts = 1000;
constexpr std::size_t kMostGuessed = 32 << 20;  // bytes: they are there twice then
constexpr int kMostGuesses = 8;

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
      const auto divided = parse_message(fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\n\n{}", alternative_texts ? "alternative" : "mixed", boundary, body));
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

}  // namespace

std::string told(Loss loss) {
  switch (loss) {
    case Loss::Deep: return translated("It is nested too deep; the rest of it is left out.").english();
    case Loss::Many: return translated("It has too many parts; the rest of it is left out.").english();
    case Loss::Long: return translated("Its text is too large; the rest of it is left out.").english();
    case Loss::None: break;
  }
  return "";
}

MailParts read_parts(GMimeMessage* message, History history) {
  Parts parts(history);
  parts.add(g_mime_message_get_mime_part(message), 0);
  auto text = parts.take_text();
  return {std::move(text), std::move(parts.attachments), std::move(parts.files), parts.loss};
}

}  // namespace hearth::memory::extract
