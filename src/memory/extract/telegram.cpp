#include "memory/extract/telegram.h"

#include <charconv>

#include "memory/extract/chat.h"
#include "memory/extract/json_stream.h"

namespace hearth::memory::extract {
namespace {

// What is known of a chat before its messages.
struct About {
  std::string name;
  std::string type;
  std::string id;
};

bool is_between_two(std::string_view type) { return type == "personal_chat" || type == "bot_chat"; }

std::string address(std::string_view id) { return id.empty() ? "" : fmt::format("telegram:{}", id); }

// A text is a string, or pieces: strings and objects such as {"type": "bold", "text": "…"}.
std::string text_of(const Json* text) {
  if (!text) return "";
  if (const auto* plain = text->as_string()) return *plain;
  std::string result;
  if (const auto* pieces = text->as_array()) {
    for (const auto& piece : *pieces) {
      if (const auto* plain = piece.as_string()) {
        result += *plain;
        continue;
      }
      result += piece.text("text");
      const auto link = piece.text("href");
      if (piece.text("type") == "text_link" && !link.empty() && link != piece.text("text")) result += fmt::format(" ({})", link);
    }
  }
  return result;
}

std::optional<WrittenTime> time_of(const Json& message) {
  const auto seconds = text_or_number(message, "date_unixtime");
  const auto local = read_written_time(message.text("date"));
  std::int64_t count = 0;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), count);
  const auto exact = time_since_1970(count);
  if (!exact) return local;  // of 2021 and before: the clock of the exporting computer
  WrittenTime found{*exact, {}, TimeCertainty::Exact};
  if (local) {
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(local->time - *exact).count();
    if (offset % 15 == 0 && offset >= -14 * 60 && offset <= 14 * 60) found.zone = static_cast<int>(offset);
  }
  return found;
}

std::int64_t size_of(const Json& message, std::string_view name) {
  const auto* size = message.find(name);
  return size && size->as_integer() && *size->as_integer() > 0 ? *size->as_integer() : 0;
}

void add_media(const Json& message, ChatMessage& result) {
  const auto attach = [&](std::string_view path, std::string_view name, std::string_view type, std::int64_t size) {
    if (path.starts_with('(')) path = {};  // "(File not included. Change data exporting settings to download.)"
    if (name.empty()) name = path.substr(path.rfind('/') + 1);
    result.attachments.push_back({std::string(name), std::string(type), size});
  };
  if (message.find("photo")) attach(message.text("photo"), "", "image/jpeg", size_of(message, "photo_file_size"));
  if (message.find("file")) attach(message.text("file"), message.text("file_name"), message.text("mime_type"), size_of(message, "file_size"));
  const auto add_line = [&](std::string_view line) {
    if (!line.empty()) result.text += fmt::format("{}{}", result.text.empty() ? "" : "\n", line);
  };
  if (const auto* location = message.find("location_information")) {
    const auto* latitude = location->find("latitude");
    const auto* longitude = location->find("longitude");
    Place place;
    place.name = message.text("place_name");
    if (latitude && longitude && latitude->as_double() && longitude->as_double()) {
      place.latitude = *latitude->as_double();
      place.longitude = *longitude->as_double();
    }
    if (const auto street = message.text("address"); !street.empty()) place.name += fmt::format("{}{}", place.name.empty() ? "" : ", ", street);
    add_line(place.name);
    result.places.push_back(std::move(place));
  }
  if (const auto* contact = message.find("contact_information")) {
    add_line(fmt::format("{} {} {}", contact->text("first_name"), contact->text("last_name"), contact->text("phone_number")));
  }
  if (const auto* poll = message.find("poll")) {
    add_line(text_of(poll->find("question")));
    if (const auto* answers = poll->find("answers"); answers && answers->as_array()) {
      for (const auto& answer : *answers->as_array()) add_line("- " + text_of(answer.find("text")));
    }
  }
  if (const auto* list = message.find("todo_list")) {
    add_line(text_of(list->find("title")));
    if (const auto* entries = list->find("items"); entries && entries->as_array()) {
      for (const auto& entry : *entries->as_array()) add_line("- " + text_of(entry.find("text")));
    }
  }
  if (result.text.empty() && message.find("sticker_emoji")) add_line(message.text("sticker_emoji"));
}

// "create group: Trip (Ann, Bo)" of what Telegram itself says in a chat.
void add_service(const Json& message, ChatMessage& result) {
  std::string said(message.text("action"));
  std::replace(said.begin(), said.end(), '_', ' ');
  if (const auto title = message.text("title"); !title.empty()) said += fmt::format(": {}", title);
  if (const auto* members = message.find("members"); members && members->as_array()) {
    std::string names;
    for (const auto& member : *members->as_array()) {
      if (const auto* name = member.as_string(); name && names.size() < 1000) names += (names.empty() ? "" : ", ") + *name;
    }
    if (!names.empty()) said += fmt::format(" ({})", names);
  }
  result.text = result.text.empty() ? said : said + "\n" + result.text;
}

class Reader {
 public:
  Reader(const Input& input, Sink& sink) : stream_(input), sink_(sink) {}

  Result<> read() {
    About about;
    return chat_or_account(about);
  }

 private:
  // One chat, or an account with lists of them.
  Result<> chat_or_account(About& about) {
    return stream_.each_member([&](std::string_view name) -> Result<> {
      if (name == "personal_information" && TRY(stream_.peek()) == '{') {
        const auto own = TRY(stream_.value());
        const auto id = text_or_number(own, "user_id");
        if (!id.empty()) own_id_ = "user" + id;
        own_name_ = own.text("first_name");
        if (const auto last = own.text("last_name"); !last.empty()) own_name_ += (own_name_.empty() ? "" : " ") + std::string(last);
        return {};
      }
      if ((name == "chats" || name == "left_chats") && TRY(stream_.peek()) == '{') return lists();
      return chat_member(name, about);
    });
  }

  Result<> lists() {
    return stream_.each_member([&](std::string_view name) -> Result<> {
      if (name != "list" || TRY(stream_.peek()) != '[') return stream_.skip();
      return stream_.each_element([&]() -> Result<> {
        if (TRY(stream_.peek()) != '{') return stream_.skip();
        About about;
        return stream_.each_member([&](std::string_view member) { return chat_member(member, about); });
      });
    });
  }

  Result<> chat_member(std::string_view name, About& about) {
    const auto begins = TRY(stream_.peek());
    if (name == "messages" && begins == '[') return messages(about);
    if (name != "name" && name != "type" && name != "id") return stream_.skip();
    const auto value = TRY(stream_.value());
    auto& into = name == "name" ? about.name : name == "type" ? about.type : about.id;
    if (const auto* text = value.as_string()) into = *text;
    if (const auto* number = value.as_integer()) into = std::to_string(*number);
    return {};
  }

  Result<> messages(const About& about) {
    const auto title = !about.name.empty() ? about.name : about.type == "saved_messages" ? "Saved Messages" : "Telegram";
    Chat chat("telegram", about.id.empty() ? title : about.id, title);
    return stream_.each_element([&]() -> Result<> { return message(TRY(stream_.raw()), about, chat); });
  }

  Result<> message(const JsonStream::Raw& raw, const About& about, Chat& chat) {
    if (!TRY(sink_.begin(raw.extent))) return {};
    if (raw.too_large) return sink_.failed("The message is too large.");
    const auto json = Json::parse(raw.bytes);
    if (!json) return sink_.failed(json.error().message());
    if (!json->as_object()) return sink_.failed("This is no message.");
    const bool service = json->text("type") == "service";
    ChatMessage result;
    result.id = text_or_number(*json, "id");
    result.when = time_of(*json);
    result.author = {Role::Author, std::string(json->text(service ? "actor" : "from")), address(json->text(service ? "actor_id" : "from_id"))};
    if (is_between_two(about.type)) {
      const bool from_them = json->text("from_id") == "user" + about.id || result.author.name == about.name;
      if (!from_them) result.others.push_back({Role::To, about.name, address(about.id.empty() ? "" : "user" + about.id)});
      if (from_them && !own_id_.empty()) result.others.push_back({Role::To, own_name_, address(own_id_)});
    }
    if (const auto from = json->text("forwarded_from"); !from.empty()) {
      result.others.push_back({Role::Participant, std::string(from), address(json->text("forwarded_from_id"))});
      result.tags.emplace_back("forwarded");
    }
    if (json->find("edited")) result.tags.emplace_back("edited");
    result.text = text_of(json->find("text"));
    if (service) add_service(*json, result);
    add_media(*json, result);
    if (result.text.empty() && result.attachments.empty() && result.places.empty()) return {};
    return sink_.item(chat.item(std::move(result)), {raw.extent, {}});
  }

  JsonStream stream_;
  Sink& sink_;
  std::string own_id_;
  std::string own_name_;
};

}  // namespace

bool is_telegram(const Probe& probe) {
  if (!probe.name.ends_with(".json")) return false;
  const auto head = probe.head;
  if (head.find("\"personal_information\"") != head.npos && head.find("Telegram") != head.npos) return true;
  if (head.find("\"messages\"") == head.npos && head.find("\"chats\"") == head.npos) return false;
  static constexpr std::array<std::string_view, 9> kTypes = {"personal_chat",     "bot_chat",        "saved_messages",
                                                             "private_group",     "private_supergroup", "public_supergroup",
                                                             "private_channel",   "public_channel",  "verification_codes"};
  for (const auto type : kTypes) {
    if (head.find(fmt::format("\"{}\"", type)) != head.npos) return true;
  }
  return false;
}

Result<> read_telegram(const Request&, const Input& input, Sink& sink) { return Reader(input, sink).read(); }

}  // namespace hearth::memory::extract
