#include "memory/extract/imessage.h"

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/chat.h"
#include "memory/extract/sqlite_input.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::int64_t kSecondsTo2001 = 978'307'200;
constexpr std::string_view kObject = "\xEF\xBF\xBC";  // stands for an attachment in the text

// Seconds since 2001, or since macOS 10.13 nanoseconds.
std::optional<WrittenTime> time_of(std::int64_t date) {
  if (date <= 0) return std::nullopt;
  const auto time = date > 100'000'000'000 ? time_of_count(kSecondsTo2001, date / 1000) : time_of_count(kSecondsTo2001 + date, 0);
  if (!time) return std::nullopt;
  return WrittenTime{*time, {}, TimeCertainty::Exact};
}

std::string without_objects(std::string text) {
  for (auto at = text.find(kObject); at != text.npos; at = text.find(kObject, at)) text.erase(at, kObject.size());
  return std::string(trim(text));
}

struct Conversation {
  std::string id;
  std::string title;
  std::vector<std::string> handles;
};

class Reader {
 public:
  Reader(const SqliteInput& database, Sink& sink) : database_(database), sink_(sink), columns_(database.columns("message")) {}

  Result<> read() {
    // Sorted by number first, so that no text is held for it.
    auto order = TRY(database_.query(
        "SELECT j.chat_id, m.ROWID FROM message m LEFT JOIN chat_message_join j ON j.message_id = m.ROWID ORDER BY j.chat_id, m.date, m.ROWID"));
    auto message = TRY(database_.query(message_sql()));
    auto attachments = TRY(database_.query(
        "SELECT a.transfer_name, a.filename, a.mime_type, a.total_bytes FROM message_attachment_join j JOIN attachment a ON a.ROWID = "
        "j.attachment_id WHERE j.message_id = ?"));
    std::optional<Chat> chat;
    Conversation about;
    std::int64_t current = -1;
    while (TRY(order.next())) {
      const auto number = order.integer(0);
      const auto row = order.integer(1);
      if (!chat || number != current) {
        about = TRY(conversation(number));
        chat.emplace("imessage", about.id, about.title);
        current = number;
      }
      if (!TRY(sink_.begin({row, 0}))) continue;
      message.bind(row);
      attachments.bind(row);
      TRY(one(message, attachments, about, *chat));
    }
    return {};
  }

 private:
  // The columns that this version has; the others are null.
  std::string message_sql() const {
    std::string list;
    for (const auto* name : {"guid", "text", "attributedBody", "date", "is_from_me", "account", "destination_caller_id", "associated_message_type",
                             "date_edited", "group_title", "service"}) {
      list += fmt::format("{}{}", list.empty() ? "" : ", ", columns_.contains(std::string_view(name)) ? fmt::format("m.\"{}\"", name) : "NULL");
    }
    return fmt::format("SELECT {}, h.id FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id WHERE m.ROWID = ?", list);
  }

  Result<Conversation> conversation(std::int64_t number) {
    Conversation found{std::to_string(number), "", {}};
    auto chat = TRY(database_.query("SELECT guid, display_name, chat_identifier FROM chat WHERE ROWID = ?"));
    chat.bind(number);
    if (TRY(chat.next())) {
      if (!chat.text(0).empty()) found.id = chat.text(0);
      found.title = chat.text(1);
    }
    auto handles = TRY(database_.query("SELECT h.id FROM chat_handle_join j JOIN handle h ON h.ROWID = j.handle_id WHERE j.chat_id = ? LIMIT 50"));
    handles.bind(number);
    while (TRY(handles.next())) found.handles.push_back(handles.text(0));
    for (std::size_t i = 0; found.title.empty() && i < std::min<std::size_t>(found.handles.size(), 4); ++i) {
      names_ += (i == 0 ? "" : ", ") + found.handles[i];
    }
    if (found.title.empty()) found.title = std::exchange(names_, {});
    if (found.title.empty()) found.title = "iMessage";
    return found;
  }

  Result<> one(SqliteRows& row, SqliteRows& attached, const Conversation& about, Chat& chat) {
    if (!TRY(row.next())) return {};
    const auto reaction = row.integer(7);
    if (reaction >= 2000 && reaction < 4000) return {};  // "Loved “…”"
    ChatMessage message;
    message.id = row.text(0);
    message.when = time_of(row.integer(3));
    const auto body = row.blob(2);
    message.text = without_objects(row.text(1).empty() ? attributed_text(body) : row.text(1));
    const bool own = row.integer(4) != 0;
    const auto handle = row.text(11);
    auto account = row.text(6).empty() ? row.text(5) : row.text(6);
    if (const auto colon = account.find(':'); colon == 1) account.erase(0, 2);  // "E:ann@example.org", "P:+49…"
    Person me{own ? Role::Author : Role::To, "", address_of(account, "imessage")};
    if (me.address.empty()) me.name = "Me";
    if (own) {
      message.author = std::move(me);
      for (const auto& one : about.handles) message.others.push_back({Role::To, one, address_of(one, "imessage")});
    } else {
      message.author = {Role::Author, handle, address_of(handle, "imessage")};
      message.others.push_back(std::move(me));
      if (about.handles.size() <= 8) {
        for (const auto& one : about.handles) message.others.push_back({Role::Participant, one, address_of(one, "imessage")});
      }
    }
    if (message.text.empty() && !row.text(9).empty()) message.text = row.text(9);  // the group got this name
    if (row.integer(8) > 0) message.tags.emplace_back("edited");
    while (TRY(attached.next())) {
      auto name = attached.text(0);
      if (const auto path = attached.text(1); name.empty()) name = path.substr(path.rfind('/') + 1);
      message.attachments.push_back({std::move(name), attached.text(2), std::max<std::int64_t>(attached.integer(3), 0)});
    }
    if (message.text.empty() && message.attachments.empty()) return {};
    auto original = Json::object({{"guid", row.text(0)}, {"date", row.integer(3)}, {"is_from_me", own}, {"handle", handle}, {"service", row.text(10)}});
    if (!row.is_null(1)) original.set("text", row.text(1));
    if (!body.empty()) original.set("attributedBody", to_base64(body));
    return sink_.item(chat.item(std::move(message)), {{}, original.dump()});
  }

  const SqliteInput& database_;
  Sink& sink_;
  std::set<std::string, std::less<>> columns_;
  std::string names_;
};

}  // namespace

std::string attributed_text(std::string_view body) {
  // … NSString … '+', the length in one byte, or behind 0x81 in two or 0x82 in four, little endian; then the text.
  const auto name = body.find("NSString");
  if (name == body.npos) return "";
  const auto plus = body.find('+', name);
  if (plus == body.npos || plus - name > 24 || plus + 1 >= body.size()) return "";
  auto at = plus + 1;
  const auto byte = [&](std::size_t i) { return i < body.size() ? static_cast<std::size_t>(static_cast<unsigned char>(body[i])) : 0; };
  std::size_t length = byte(at);
  if (length == 0x81) {
    length = byte(at + 1) | byte(at + 2) << 8;
    at += 3;
  } else if (length == 0x82) {
    length = byte(at + 1) | byte(at + 2) << 8 | byte(at + 3) << 16 | byte(at + 4) << 24;
    at += 5;
  } else {
    at += 1;
  }
  return at < body.size() ? to_valid_utf8(body.substr(at, length)) : "";
}

bool is_imessage(const Probe& probe) {
  if (!begins_like_sqlite(probe.head)) return false;
  const auto database = SqliteInput::open(probe.input, probe.name);
  return database && database->has_tables({"message", "handle", "chat", "chat_message_join", "chat_handle_join", "attachment", "message_attachment_join"});
}

Result<> read_imessage(const Request& request, const Input& input, Sink& sink) {
  const auto database = TRY(SqliteInput::open(input, request.name));
  return Reader(database, sink).read();
}

}  // namespace hearth::memory::extract
