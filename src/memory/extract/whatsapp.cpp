#include "memory/extract/whatsapp.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/chat.h"
#include "memory/extract/lines.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::string_view kLeftToRight = "\xE2\x80\x8E";
constexpr std::size_t kMostSenders = 200;
constexpr std::size_t kLongestAuthor = 200;
constexpr std::size_t kLongestMessage = 8 << 20;

// Spaces and marks of direction, which the exports put everywhere.
bool drop_invisible(std::string_view& text) {
  static constexpr std::array<std::string_view, 13> kInvisible = {
      " ",            "\xC2\xA0",     "\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB",
      "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x80\xAF", "\xEF\xBB\xBF", "\t"};
  bool any = false;
  for (bool found = true; found;) {
    found = false;
    for (const auto one : kInvisible) {
      if (text.starts_with(one)) {
        text.remove_prefix(one.size());
        any = found = true;
      }
    }
  }
  return any;
}

void drop_invisible_end(std::string_view& text) {
  static constexpr std::array<std::string_view, 8> kInvisible = {" ",            "\xC2\xA0",     "\xE2\x80\x8E", "\xE2\x80\x8F",
                                                                 "\xE2\x80\xAC", "\xE2\x80\xAF", "\n",           "\t"};
  for (bool found = true; found;) {
    found = false;
    for (const auto one : kInvisible) {
      if (text.ends_with(one)) {
        text.remove_suffix(one.size());
        found = true;
      }
    }
  }
}

struct Header {
  FigureTime when;
  std::string_view author;  // "" for a line of the system
  std::string_view text;
  bool marked = false;  // the text begins with a mark of direction: WhatsApp's own words
};

// "[01/05/2024, 10:22:33] Ann: text" or "01/05/2024, 10:22 - Ann: text".
std::optional<Header> read_header(std::string_view line) {
  drop_invisible(line);
  const bool bracket = line.starts_with('[');
  if (bracket) line.remove_prefix(1);
  drop_invisible(line);
  std::size_t length = 0;
  const auto when = read_figure_time(line.substr(0, 80), length);
  if (!when || !when->has_time) return std::nullopt;
  line.remove_prefix(length);
  if (bracket) {
    if (!line.starts_with(']')) return std::nullopt;
    line.remove_prefix(1);
  } else {
    if (!drop_invisible(line)) return std::nullopt;
    if (line.starts_with("- ")) {
      line.remove_prefix(2);
    } else if (line.starts_with("\xE2\x80\x93 ")) {
      line.remove_prefix(4);
    } else {
      return std::nullopt;
    }
  }
  Header found{*when, {}, {}, false};
  drop_invisible(line);
  auto colon = line.find(": ");
  if (colon == line.npos && line.ends_with(':')) colon = line.size() - 1;
  auto author = line.substr(0, colon == line.npos ? 0 : colon);
  // "Ann changed the subject to “Plan: B”" has no author.
  const bool quoted = author.find("\xE2\x80\x9C") != author.npos || author.find('"') != author.npos || author.find("\xE2\x80\x9E") != author.npos;
  if (colon != line.npos && author.size() <= kLongestAuthor && !quoted) {
    line.remove_prefix(std::min(colon + 2, line.size()));
    if (author.starts_with('~')) author.remove_prefix(1);  // not in the telephone's contacts
    drop_invisible(author);
    drop_invisible_end(author);
    found.author = author;
  }
  found.marked = line.starts_with(kLeftToRight);
  found.text = line;
  return found;
}

std::size_t time_and_author(const FigureTime& when, std::string_view author) {
  return std::hash<std::string>()(
      fmt::format("{} {} {} {} {} {} {}", when.date[0], when.date[1], when.date[2], when.hour, when.minute, when.second, author));
}

// What stands where a message or its file was: not an edit of it.
bool is_stand_in(std::string_view text) {
  static constexpr std::array<std::string_view, 28> kStandIns = {
      "This message was deleted", "You deleted this message", "This message was deleted by admin", "You deleted this message as admin",
      "此消息已删除", "你删除了此消息", "您删除了此消息", "你已删除此消息", "你撤回了一条消息", "此消息已被撤回", "此訊息已刪除", "你已刪除此訊息",
      "Diese Nachricht wurde gelöscht", "Du hast diese Nachricht gelöscht", "Se eliminó este mensaje", "Eliminaste este mensaje",
      "Ce message a été supprimé", "Vous avez supprimé ce message", "Questo messaggio è stato eliminato", "Hai eliminato questo messaggio",
      "Mensagem apagada", "Você apagou esta mensagem", "Dit bericht is verwijderd", "تم حذف هذه الرسالة",
      "<Media omitted>", "<媒体已省略>", "<Medien ausgeschlossen>", "<Multimedia omitido>"};
  while (text.ends_with('.')) text.remove_suffix(1);
  if (text.ends_with("。")) text.remove_suffix(3);
  return text.ends_with(" omitted") || text.ends_with("已忽略") || std::find(kStandIns.begin(), kStandIns.end(), text) != kStandIns.end();
}

// What has to be known of the whole file before its first message can be read.
struct Survey {
  DateOrderFinder::Found order;
  std::unordered_set<std::size_t> crowded;  // times and authors of more than one message
  std::string title;  // as iOS says it in its first line
  std::vector<std::string> senders;
  bool group() const {
    return std::count_if(senders.begin(), senders.end(), [&](const auto& sender) { return sender != title; }) >= 2;
  }
};

Result<Survey> survey(const Request& request, const Input& input) {
  static const auto kFounded = *civil_time(2009, 1, 1);
  DateOrderFinder finder(request.modified, kFounded);
  std::unordered_set<std::size_t> seen;
  Survey result;
  LineReader lines(input);
  bool first = true;
  while (const auto line = TRY(lines.next())) {
    const auto header = read_header(line->bytes);
    if (!header) continue;
    finder.add(header->when);
    if (const auto one = time_and_author(header->when, to_valid_utf8(header->author)); !seen.insert(one).second) result.crowded.insert(one);
    if (first && header->marked && !header->author.empty()) result.title = to_valid_utf8(header->author);
    first = false;
    if (header->author.empty() || result.senders.size() >= kMostSenders) continue;
    auto author = to_valid_utf8(header->author);
    if (std::find(result.senders.begin(), result.senders.end(), author) == result.senders.end()) result.senders.push_back(std::move(author));
  }
  result.order = finder.found();
  return result;
}

Person person(const std::string& name, Role role) {
  auto address = international_number(name);
  return {role, name, std::move(address)};
}

// "WhatsApp Chat with Ann.txt", "与小明的 WhatsApp 聊天.txt"; "_chat.txt" lies in a folder or archive "WhatsApp Chat - Ann".
std::string title_of(const Request& request, const Survey& found) {
  auto title = title_of_file(request.name);
  if (title == "_chat") {
    if (!found.title.empty()) return found.title;
    title = title_of_file(folder_of_file(request.path));
  }
  static constexpr std::array<std::string_view, 14> kBefore = {
      "WhatsApp Chat with ",  "WhatsApp Chat - ",        "WhatsApp Chat mit ", "WhatsApp-Chat mit ",      "Chat de WhatsApp con ",
      "Chat WhatsApp con ",   "Discussion WhatsApp avec ", "Conversa do WhatsApp com ", "WhatsApp-chat met ", "WhatsApp 与 ",
      "WhatsApp 与",          "与 ",                     "与",                 "與"};
  static constexpr std::array<std::string_view, 7> kBehind = {" 的 WhatsApp 聊天记录", "的 WhatsApp 聊天记录", "的 WhatsApp 聊天", "的WhatsApp聊天",
                                                              "的聊天记录",            "的 WhatsApp 對話",     " 的聊天"};
  for (const auto before : kBefore) {
    if (!title.starts_with(before)) continue;
    title.erase(0, before.size());
    for (const auto behind : kBehind) {
      if (title.ends_with(behind)) {
        title.resize(title.size() - behind.size());
        break;
      }
    }
    break;
  }
  if (!title.empty() && title != "_chat") return title;
  return found.title.empty() ? "WhatsApp" : found.title;
}

// Takes the names of attached files out of the text: "<attached: a.jpg>", "a.jpg (file attached)".
void take_attachments(std::string& text, std::vector<Attachment>& attachments) {
  static constexpr std::array<std::string_view, 12> kBefore = {"<attached: ", "<附件：", "<附件: ",  "<已附加：", "<adjunto: ", "<pièce jointe : ",
                                                               "<Anhang: ",   "<allegato: ", "<anexado: ", "<bijgevoegd: ", "<添付ファイル: ", "<附加檔案："};
  static constexpr std::array<std::string_view, 13> kBehind = {
      " (file attached)",  " (文件附件)",       " (附件)",         " (檔案已附加)",      " (已附加檔案)", " (Datei angehängt)",
      " (archivo adjunto)", " (fichier joint)", " (arquivo anexado)", " (file allegato)", " (bestand bijgevoegd)", " (ファイル添付)", " (الملف مرفق)"};
  std::string rest;
  for (std::size_t start = 0; start < text.size();) {
    auto end = text.find('\n', start);
    end = end == text.npos ? text.size() : end;
    std::string_view line(text.data() + start, end - start);
    start = end + 1;
    auto shown = line;
    drop_invisible(shown);
    drop_invisible_end(shown);
    std::string name;
    if (shown.ends_with('>')) {
      for (const auto before : kBefore) {
        const auto at = shown.rfind(before);
        if (at == shown.npos) continue;
        name = shown.substr(at + before.size(), shown.size() - 1 - at - before.size());
        shown = shown.substr(0, at);
        drop_invisible_end(shown);
        break;
      }
    }
    for (const auto behind : kBehind) {
      if (!name.empty() || !shown.ends_with(behind)) continue;
      name = shown.substr(0, shown.size() - behind.size());
      shown = {};
    }
    if (name.empty()) {
      rest += (rest.empty() ? "" : "\n") + std::string(line);
      continue;
    }
    attachments.push_back({std::move(name), "", 0});
    if (!shown.empty()) rest += (rest.empty() ? "" : "\n") + std::string(shown);
  }
  text = std::move(rest);
}

void take_edit_mark(std::string& text, std::vector<std::string>& tags) {
  static constexpr std::array<std::string_view, 5> kMarks = {"<This message was edited>", "<此消息已编辑>", "<消息已编辑>", "<此訊息已編輯>",
                                                             "<Diese Nachricht wurde bearbeitet.>"};
  for (const auto mark : kMarks) {
    std::string_view view = text;
    drop_invisible_end(view);
    if (!view.ends_with(mark)) continue;
    view.remove_suffix(mark.size());
    drop_invisible_end(view);
    text = std::string(view);
    tags.emplace_back("edited");
    return;
  }
}

class Reader {
 public:
  Reader(const Request& request, Survey found, Sink& sink)
      : survey_(std::move(found)), sink_(sink), chat_("whatsapp", title_of(request, survey_), title_of(request, survey_)) {}

  Result<> line(const Line& line) {
    const auto header = read_header(line.bytes);
    if (header) {
      TRY(finish());
      extent_ = line.extent;
      open_ = true;
      too_long_ = line.too_long;
      when_ = header->when;
      author_ = to_valid_utf8(header->author);
      marked_ = header->marked;
      text_ = header->text;
      return {};
    }
    if (!open_) return {};  // what stands before the first message
    extent_.length += line.extent.length;
    too_long_ = too_long_ || line.too_long || text_.size() > kLongestMessage;
    if (!too_long_) text_.append("\n").append(line.bytes);
    return {};
  }

  Result<> finish() {
    if (!std::exchange(open_, false)) return {};
    if (!TRY(sink_.begin(extent_))) return {};
    const auto time = to_time(when_, survey_.order.order);
    if (too_long_) return sink_.failed("The message is too long.");
    if (!time) return sink_.failed("Its date does not fit the others of the file.");
    ChatMessage message;
    message.type = "text/plain";
    message.when = WrittenTime{*time, {}, !survey_.order.sure && is_ambiguous(when_) ? TimeCertainty::Day : TimeCertainty::Zone};
    const bool first = !std::exchange(begun_, true);  // iOS: that the chat is encrypted
    const bool system = marked_ && author_ == survey_.title && (first || survey_.group());
    if (!system && !author_.empty()) {
      message.author = person(author_, Role::Author);
      if (survey_.senders.size() == 2) {
        for (const auto& sender : survey_.senders) {
          if (sender != author_) message.others.push_back(person(sender, Role::To));
        }
      }
    }
    auto text = to_utf8(text_, "");
    take_attachments(text, message.attachments);
    take_edit_mark(text, message.tags);
    std::string_view shown = text;
    drop_invisible(shown);
    drop_invisible_end(shown);
    message.text = shown;
    const bool alone = !survey_.crowded.contains(time_and_author(when_, author_));
    if (alone && !is_stand_in(shown)) message.replaces = ChatMessage::Replaces::WhatItsAuthorWroteThen;
    return sink_.item(chat_.item(std::move(message)), {extent_, {}});
  }

 private:
  Survey survey_;
  Sink& sink_;
  Chat chat_;
  Extent extent_;
  FigureTime when_;
  std::string author_;
  std::string text_;
  bool marked_ = false;
  bool open_ = false;
  bool begun_ = false;
  bool too_long_ = false;
};

}  // namespace

bool is_whatsapp(const Probe& probe) {
  if (!probe.name.ends_with(".txt")) return false;
  auto rest = probe.head;
  int headers = 0;
  int authors = 0;
  for (int lines = 0; lines < 20 && !rest.empty(); ++lines) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto header = read_header(line);
    if (!header && headers == 0 && !trim(line).empty()) return false;  // the first line is a message's
    headers += header.has_value();
    authors += header && !header->author.empty();
  }
  return authors > 0;
}

Result<> read_whatsapp(const Request& request, const Input& input, Sink& sink) {
  Reader reader(request, TRY(survey(request, input)), sink);
  LineReader lines(input);
  while (const auto line = TRY(lines.next())) TRY(reader.line(*line));
  return reader.finish();
}

}  // namespace hearth::memory::extract
