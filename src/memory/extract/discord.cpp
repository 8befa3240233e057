#include "memory/extract/discord.h"

#include <algorithm>

#include "base/ascii.h"
#include "memory/extract/chat.h"
#include "memory/extract/csv.h"
#include "memory/extract/json_stream.h"

namespace hearth::memory::extract {
namespace {

Person person(const Json& author, Role role) {
  auto name = author.text("nickname");
  if (name.empty()) name = author.text("name");
  return {role, std::string(name), address_of(text_or_number(author, "id"), "discord")};
}

void add_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

ChatMessage exported_message(const Json& json) {
  ChatMessage message;
  message.id = text_or_number(json, "id");
  message.when = read_written_time(json.text("timestamp"));
  if (const auto* author = json.find("author")) message.author = person(*author, Role::Author);
  message.text = json.text("content");
  if (const auto* mentions = json.find("mentions"); mentions && mentions->as_array()) {
    for (const auto& one : *mentions->as_array()) message.others.push_back(person(one, Role::Participant));
  }
  if (const auto* attachments = json.find("attachments"); attachments && attachments->as_array()) {
    for (const auto& one : *attachments->as_array()) {
      const auto* size = one.find("fileSizeBytes");
      message.attachments.push_back({std::string(one.text("fileName")), "", size && size->as_integer() && *size->as_integer() > 0 ? *size->as_integer() : 0});
    }
  }
  if (const auto* embeds = json.find("embeds"); embeds && embeds->as_array()) {
    for (const auto& one : *embeds->as_array()) {
      add_line(message.text, one.text("title"));
      add_line(message.text, one.text("description"));
      if (const auto* fields = one.find("fields"); fields && fields->as_array()) {
        for (const auto& field : *fields->as_array()) add_line(message.text, fmt::format("{}: {}", field.text("name"), field.text("value")));
      }
    }
  }
  if (const auto edited = json.text("timestampEdited"); !edited.empty()) message.tags.emplace_back("edited");
  return message;
}

struct Channel {
  std::string id;
  std::string title;
};

Channel channel_of(const Json& json, std::string_view guild) {
  Channel channel{text_or_number(json, "id"), std::string(json.text("name"))};
  const auto type = json.text("type");
  const bool direct = type.find("Direct") != type.npos;
  if (!direct && !channel.title.empty()) channel.title = fmt::format("{}{}#{}", guild, guild.empty() ? "" : " ", channel.title);
  if (channel.title.empty()) channel.title = "Discord";
  return channel;
}

// The folder's name, "c123", names a channel whose file is gone.
Channel channel_beside(const Request& request, const Input& input) {
  Channel channel{folder_of_file(request.path), ""};
  if (channel.id.starts_with('c')) channel.id.erase(0, 1);
  if (const auto file = input.beside("channel.json")) {
    if (const auto json = Json::parse(file->read_all(1 << 20).value_or(""))) {
      if (const auto id = text_or_number(*json, "id"); !id.empty()) channel.id = id;
      const auto* guild = json->find("guild");
      channel.title = channel_of(*json, guild ? guild->text("name") : "").title;
      if (channel.title == "Discord") channel.title.clear();
    }
  }
  if (const auto index = input.beside("../index.json"); index && channel.title.empty()) {  // {"123": "Direct Message with ann"}
    if (const auto json = Json::parse(index->read_all(16 << 20).value_or(""))) channel.title = json->text(channel.id);
  }
  if (channel.title.empty()) channel.title = "Discord";
  return channel;
}

// One of the person's own messages.
ChatMessage own_message(std::string id, std::string_view time, std::string_view text, std::string_view files) {
  ChatMessage message;
  message.id = std::move(id);
  message.when = read_written_time(time);
  if (message.when && message.when->certainty == TimeCertainty::Zone) message.when->certainty = TimeCertainty::Exact;  // it is UTC
  message.author.name = "Me";
  message.text = text;
  while (!files.empty()) {
    const auto space = files.find(' ');
    auto url = files.substr(0, space);
    files.remove_prefix(space == files.npos ? files.size() : space + 1);
    url = url.substr(0, url.find('?'));
    if (!url.empty()) message.attachments.push_back({std::string(url.substr(url.rfind('/') + 1)), "", 0});
  }
  return message;
}

}  // namespace

bool is_discord(const Probe& probe) {
  if (!probe.name.ends_with(".json") || !trim(probe.head).starts_with('{')) return false;
  const auto head = probe.head.substr(0, 4 << 10);
  return head.find("\"guild\"") != head.npos && head.find("\"channel\"") != head.npos &&
         (head.find("\"dateRange\"") != head.npos || head.find("\"exportedAt\"") != head.npos || head.find("\"messages\"") != head.npos);
}

Result<> read_discord(const Request&, const Input& input, Sink& sink) {
  JsonStream stream(input);
  std::string guild;
  Channel channel{"", "Discord"};
  return stream.each_member([&](std::string_view name) -> Result<> {
    if (name == "guild") {
      guild = TRY(stream.value()).text("name");
      if (guild == "Direct Messages") guild.clear();
      return {};
    }
    if (name == "channel") {
      channel = channel_of(TRY(stream.value()), guild);
      return {};
    }
    if (name != "messages" || TRY(stream.peek()) != '[') return stream.skip();
    Chat chat("discord", channel.id, channel.title);
    return stream.each_element([&]() -> Result<> {
      const auto raw = TRY(stream.raw());
      if (!TRY(sink.begin(raw.extent))) return {};
      if (raw.too_large) return sink.failed("The message is too large.");
      const auto json = Json::parse(raw.bytes);
      if (!json) return sink.failed(json.error().message());
      auto message = exported_message(*json);
      if (message.text.empty() && message.attachments.empty()) return {};
      return sink.item(chat.item(std::move(message)), {raw.extent, {}});
    });
  });
}

bool is_discord_package(const Probe& probe) {
  if (probe.name == "messages.csv") return probe.head.starts_with("ID,Timestamp,Contents,Attachments");
  if (probe.name != "messages.json") return false;
  const auto head = probe.head.substr(0, 4 << 10);
  return trim(head).starts_with('[') && head.find("\"Timestamp\"") != head.npos && head.find("\"Contents\"") != head.npos;
}

Result<> read_discord_package(const Request& request, const Input& input, Sink& sink) {
  const auto channel = channel_beside(request, input);
  Chat chat("discord", channel.id, channel.title);
  const auto take = [&](ChatMessage message, Extent extent, std::string_view type) -> Result<> {
    if (message.text.empty() && message.attachments.empty()) return {};
    message.type = type;
    return sink.item(chat.item(std::move(message)), {extent, {}});
  };
  if (request.name.ends_with(".csv")) {
    CsvReader reader(input);
    TRY(reader.next());
    while (const auto record = TRY(reader.next())) {
      if (!TRY(sink.begin(record->extent))) continue;
      if (record->values.size() < 4) {
        TRY(sink.failed("The line has too few values."));
        continue;
      }
      const auto& values = record->values;
      TRY(take(own_message(values[0], values[1], values[2], values[3]), record->extent, "text/csv"));
    }
    return {};
  }
  JsonStream stream(input);
  return stream.each_element([&]() -> Result<> {
    const auto raw = TRY(stream.raw());
    if (!TRY(sink.begin(raw.extent))) return {};
    if (raw.too_large) return sink.failed("The message is too large.");
    const auto json = Json::parse(raw.bytes);
    if (!json) return sink.failed(json.error().message());
    return take(own_message(text_or_number(*json, "ID"), json->text("Timestamp"), json->text("Contents"), json->text("Attachments")), raw.extent,
                "application/json");
  });
}

}  // namespace hearth::memory::extract
