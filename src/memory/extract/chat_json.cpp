#include "memory/extract/chat_json.h"

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/chat_fields.h"
#include "memory/extract/json_stream.h"
#include "memory/extract/lines.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostChats = 100'000;

std::string shown(const Json& value) {
  if (const auto* text = value.as_string()) return *text;
  if (const auto* number = value.as_integer()) return std::to_string(*number);
  if (const auto* number = value.as_double()) return fmt::format("{:.6f}", *number);
  if (const auto* yes = value.as_bool()) return *yes ? "true" : "false";
  if (const auto* array = value.as_array()) return array->empty() ? "" : shown(array->front());
  for (const auto* name : {"name", "display_name", "username", "nickname", "title", "text", "id"}) {  // {"sender": {"id", "name"}}
    if (const auto* member = value.find(name); member && !member->as_object()) return shown(*member);
  }
  return "";
}

struct Fields {
  std::vector<std::string> names;
  std::vector<std::string> values;
};

Fields fields_of(const Json& message) {
  Fields fields;
  const auto* object = message.as_object();
  if (!object) return fields;
  for (const auto& [name, value] : *object) {
    if (!chat_field(name)) continue;
    fields.names.push_back(name);
    fields.values.push_back(shown(value));
    if (const auto* id = value.find("id"); id && chat_field(name)->field == ChatField::Sender) {
      fields.names.emplace_back("sender_id");
      fields.values.push_back(shown(*id));
    }
  }
  return fields;
}

bool is_message(const Json& json) { return ChatColumns(fields_of(json).names).is_chat(); }

Result<> read_message(const JsonStream::Raw& raw, const std::string& chat, ChatsByName& chats, Sink& sink) {
  if (!TRY(sink.begin(raw.extent))) return {};
  if (raw.too_large) return sink.failed("The message is too large.");
  const auto json = Json::parse(raw.bytes);
  if (!json) return sink.failed(json.error().message());
  const auto fields = fields_of(*json);
  const ChatColumns columns(fields.names);
  if (!columns.is_chat()) return sink.failed("It has no time, no text or no sender.");
  auto message = read_fields(columns, fields.values);
  if (!message) return {};
  if (message->chat.empty()) message->chat = chat;
  return sink.item(chats.item(*std::move(message)), {raw.extent, {}});
}

bool is_list_name(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {"messages", "data", "items",    "records", "list", "chat_history", "history",
                                                              "msgs",     "rows", "聊天记录", "消息",    "chats"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_chat_name(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames = {"chat", "name", "title", "chat_name", "conversation", "room", "会话", "群名", "名称"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Goes through arrays and objects to the messages: [m…], {"messages": [m…]}, [{"name", "messages": [m…]}…].
class Chats {
 public:
  Chats(const Request& request, const Input& input, Sink& sink)
      : stream_(input), sink_(sink), chats_("chat", title_of_file(request.name)) {}

  Result<> read() { return value("", 0); }

 private:
  Result<> value(const std::string& chat, int depth) {
    const auto begins = TRY(stream_.peek());
    if (depth > 4 || (begins != '[' && begins != '{')) return stream_.skip();
    if (begins == '{') return object(chat, depth);
    return stream_.each_element([&]() -> Result<> { return element(chat, depth); });
  }

  // Of an array: a message, or an object that holds a chat.
  Result<> element(const std::string& chat, int depth) {
    if (TRY(stream_.peek()) != '{') return stream_.skip();
    const auto raw = TRY(stream_.raw());
    if (!raw.too_large) {
      // Whatever cannot be read among messages is a message that cannot be read.
      const auto json = Json::parse(raw.bytes);
      if (json && !is_message(*json) && nested(*json)) return inner(raw, chat, depth);
      if (json && !is_message(*json)) return {};
    }
    return read_message(raw, chat, chats_, sink_);
  }

  static bool nested(const Json& json) {
    for (const auto& [name, member] : *json.as_object()) {
      if (is_list_name(name) && member.as_array()) return true;
    }
    return false;
  }

  // A whole chat inside an array, at hand already.
  Result<> inner(const JsonStream::Raw& raw, const std::string& chat, int depth) {
    const BytesInput input(raw.bytes);
    Shifted shifted(sink_, raw.extent.offset);
    Chats chats(JsonStream(input), shifted, std::move(chats_));
    const auto read = chats.value(chat, depth + 1);
    chats_ = std::move(chats.chats_);
    return read;
  }

  Result<> object(std::string chat, int depth) {
    return stream_.each_member([&](std::string_view name) -> Result<> {
      const std::string member(name);
      const auto begins = TRY(stream_.peek());
      if (begins == '"' && is_chat_name(member)) {
        const auto text = TRY(stream_.value());
        if (chat.empty() && text.as_string()) chat = *text.as_string();
        return {};
      }
      if (begins == '{' && (member == "meta" || member == "session" || member == "chat" || member == "conversation")) {
        const auto about = TRY(stream_.value());
        for (const auto* key : {"name", "displayName", "display_name", "nickname", "title"}) {
          if (chat.empty()) chat = about.text(key);
        }
        return {};
      }
      if (begins == '[' && is_list_name(member)) return value(chat, depth + 1);
      if (begins == '{' && (member == "data" || member == "result")) return value(chat, depth + 1);
      return stream_.skip();
    });
  }

  // Tells the sink where things lie in the whole file.
  class Shifted final : public Sink {
   public:
    Shifted(Sink& sink, std::int64_t by) : sink_(sink), by_(by) {}
    Result<bool> begin(Extent at) override { return sink_.begin({at.offset + by_, at.length}); }
    Result<> item(ItemText item, Original original) override {
      original.extent.offset += by_;
      return sink_.item(std::move(item), std::move(original));
    }
    Result<> failed(std::string reason) override { return sink_.failed(std::move(reason)); }

   private:
    Sink& sink_;
    std::int64_t by_;
  };

  Chats(JsonStream stream, Sink& sink, ChatsByName chats) : stream_(std::move(stream)), sink_(sink), chats_(std::move(chats)) {}

  JsonStream stream_;
  Sink& sink_;
  ChatsByName chats_;
};

// Whether the object or array element that begins in `text` has the fields of a message.
bool has_message_fields(std::string_view text) {
  const BytesInput input{std::string(text)};
  JsonStream stream(input);
  std::vector<std::string> names;
  const auto read = stream.each_member([&](std::string_view name) -> Result<> {
    names.emplace_back(name);
    return stream.skip();
  });
  return (read || !names.empty()) && ChatColumns(names).is_chat();
}

std::string session_number(std::string_view name) {  // "12" of "session_12"
  constexpr std::string_view kPrefix = "session_";
  if (!name.starts_with(kPrefix)) return "";
  name.remove_prefix(kPrefix.size());
  const bool number = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number ? std::string(name) : "";
}

// What must be known of a dialogue before its turns are read.
struct Dialogue {
  std::string id;
  std::string speaker_a;
  std::string speaker_b;
  std::map<std::string, std::string> times;  // of each session
};

class Dialogues {
 public:
  Dialogues(const Request& request, const Input& input, Sink& sink)
      : request_(request), survey_(input), stream_(input), sink_(sink) {}

  Result<> read() {
    if (TRY(stream_.peek()) != '[') return one();
    // Both go through the file side by side, one dialogue apart.
    return survey_array();
  }

 private:
  Result<> survey_array() {
    std::vector<Dialogue> found;
    TRY(survey_.each_element([&]() -> Result<> {
      found.push_back(TRY(survey()));
      return found.size() > kMostChats ? fail(Code::TooLarge, "It holds too many dialogues.") : Result<>();
    }));
    std::size_t at = 0;
    return stream_.each_element([&]() -> Result<> { return turns(found[std::min(at++, found.size() - 1)]); });
  }

  Result<> one() { return turns(TRY(survey())); }

  Result<Dialogue> survey() {
    Dialogue found;
    const auto text = [&](std::string& into) -> Result<> {
      const auto value = TRY(survey_.value());
      if (value.as_string()) into = *value.as_string();
      return {};
    };
    TRY(survey_.each_member([&](std::string_view name) -> Result<> {
      const auto begins = TRY(survey_.peek());
      if (name == "sample_id" && begins == '"') return text(found.id);
      if (name != "conversation" || begins != '{') return survey_.skip();
      return survey_.each_member([&](std::string_view inner) -> Result<> {
        if (TRY(survey_.peek()) != '"') return survey_.skip();
        if (inner == "speaker_a") return text(found.speaker_a);
        if (inner == "speaker_b") return text(found.speaker_b);
        constexpr std::string_view kTime = "_date_time";
        if (!inner.ends_with(kTime)) return survey_.skip();
        return text(found.times[session_number(inner.substr(0, inner.size() - kTime.size()))]);
      });
    }));
    return found;
  }

  Result<> turns(const Dialogue& dialogue) {
    const auto id = dialogue.id.empty() ? title_of_file(request_.name) : dialogue.id;
    const auto title = dialogue.speaker_a.empty() || dialogue.speaker_b.empty() ? id : dialogue.speaker_a + ", " + dialogue.speaker_b;
    Chat chat("dialogue", id, title);
    return stream_.each_member([&](std::string_view name) -> Result<> {
      if (name != "conversation" || TRY(stream_.peek()) != '{') return stream_.skip();
      return stream_.each_member([&](std::string_view inner) -> Result<> {
        const auto number = session_number(inner);
        if (number.empty() || TRY(stream_.peek()) != '[') return stream_.skip();
        const auto when = dialogue.times.find(number);
        const auto time = when == dialogue.times.end() ? std::nullopt : read_written_time(when->second);
        return stream_.each_element([&]() -> Result<> { return turn(TRY(stream_.raw()), dialogue, number, time, chat); });
      });
    });
  }

  Result<> turn(const JsonStream::Raw& raw, const Dialogue& dialogue, const std::string& session, std::optional<WrittenTime> time, Chat& chat) {
    if (!TRY(sink_.begin(raw.extent))) return {};
    const auto json = Json::parse(raw.bytes);
    if (raw.too_large || !json || !json->as_object()) return sink_.failed("This is no turn of a dialogue.");
    ChatMessage message;
    message.id = text_or_number(*json, "dia_id");
    message.when = time;
    message.author.name = json->text("speaker");
    message.thread = "session " + session;
    message.text = json->text("text");
    if (const auto picture = json->text("blip_caption"); !picture.empty()) message.text += fmt::format("{}[{}]", message.text.empty() ? "" : "\n", picture);
    const auto& other = message.author.name == dialogue.speaker_a ? dialogue.speaker_b : dialogue.speaker_a;
    message.others.push_back({Role::To, other, ""});
    return sink_.item(chat.item(std::move(message)), {raw.extent, {}});
  }

  const Request& request_;
  JsonStream survey_;
  JsonStream stream_;
  Sink& sink_;
};

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return trim(text);
}

}  // namespace

bool is_chat_json(const Probe& probe) {
  if (!probe.name.ends_with(".json")) return false;
  const auto text = without_mark(probe.head);
  if (!text.starts_with('[') && !text.starts_with('{')) return false;
  // The first array of objects that look like messages.
  for (std::size_t at = 0, tries = 0; tries < 50; ++tries) {
    at = text.find('[', at);
    if (at == text.npos) return false;
    const auto behind = trim(text.substr(++at, 4096));
    if (behind.starts_with('{') && has_message_fields(behind)) return true;
  }
  return false;
}

Result<> read_chat_json(const Request& request, const Input& input, Sink& sink) { return Chats(request, input, sink).read(); }

bool is_chat_lines(const Probe& probe) {
  if (!probe.name.ends_with(".jsonl") && !probe.name.ends_with(".ndjson") && !probe.name.ends_with(".json")) return false;
  const auto text = without_mark(probe.head);
  const auto line = text.substr(0, text.find('\n'));
  const auto json = Json::parse(line);
  return json && is_message(*json);
}

Result<> read_chat_lines(const Request& request, const Input& input, Sink& sink) {
  ChatsByName chats("chat", title_of_file(request.name));
  LineReader lines(input);
  while (const auto line = TRY(lines.next())) {
    const auto text = without_mark(line->bytes);
    if (text.empty() && !line->too_long) continue;
    TRY(read_message({line->extent, std::string(text), line->too_long}, "", chats, sink));
  }
  return {};
}

bool is_dialogue(const Probe& probe) {
  if (!probe.name.ends_with(".json")) return false;
  const auto holds = [&](std::string_view text) { return probe.head.find(text) != probe.head.npos; };
  return (holds("\"conversation\"") && (holds("\"session_1\"") || holds("\"speaker_a\""))) || (holds("\"qa\"") && holds("\"evidence\""));
}

Result<> read_dialogue(const Request& request, const Input& input, Sink& sink) { return Dialogues(request, input, sink).read(); }

}  // namespace hearth::memory::extract
