#include "memory/extract/slack.h"

#include <charconv>
#include <unordered_map>

#include "base/ascii.h"
#include "memory/extract/chat.h"
#include "memory/extract/json_stream.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostUsers = 200'000;

struct User {
  std::string name;
  std::string mail;
};

struct Channel {
  std::string id;
  std::string title;
  std::vector<std::string> members;
};

class Workspace {
 public:
  static Result<Workspace> read(const Input& input, const std::string& folder) {
    Workspace result;
    result.channel_ = {folder, "#" + folder, {}};
    if (const auto users = input.beside("../users.json")) {
      TRY(each(*users, [&](const std::string& bytes) { result.users_[id_of(bytes)] = {bytes, std::nullopt}; }));
    }
    // Folders of direct messages are named by their id; all others by their name.
    for (const auto* list : {"../channels.json", "../groups.json", "../mpims.json", "../dms.json"}) {
      const auto found = input.beside(list);
      if (!found) continue;
      const bool channels = std::string_view(list) == "../channels.json" || std::string_view(list) == "../groups.json";
      TRY(each(*found, [&](const std::string& bytes) {
        const auto json = Json::parse(bytes).value_or(Json());
        if (channels) result.channels_[std::string(json.text("id"))] = json.text("name");
        if (json.text("name") == folder || json.text("id") == folder) result.found(json, folder, channels);
      }));
    }
    return result;
  }

  const Channel& channel() const { return channel_; }
  std::string channel_name(const std::string& id) const {
    const auto found = channels_.find(id);
    return found == channels_.end() ? id : found->second;
  }
  Person person(const std::string& id, Role role) const {
    const auto found = users_.find(id);
    if (found == users_.end()) return {role, id, address_of(id, "slack")};
    auto& [bytes, user] = found->second;
    if (!user) user = read_user(Json::parse(bytes).value_or(Json()));
    // By mail, the same person is known elsewhere too.
    return {role, user->name.empty() ? id : user->name, address_of(user->mail.empty() ? id : user->mail, "slack")};
  }

 private:
  template <typename Take>
  static Result<> each(const Input& input, Take take) {
    JsonStream stream(input);
    std::size_t count = 0;
    const auto read = stream.each_element([&]() -> Result<> {
      if (++count > kMostUsers) return fail(Code::TooLarge, "Too many users.");
      take(TRY(stream.raw()).bytes);
      return {};
    });
    (void)read;  // what is broken of a list leaves numbers in the place of names
    return {};
  }

  // The first id in it, which is its own.
  static std::string id_of(std::string_view bytes) {
    const auto name = bytes.find("\"id\"");
    const auto start = bytes.find('"', name == bytes.npos ? name : name + 4);
    const auto end = bytes.find('"', start == bytes.npos ? start : start + 1);
    return end == bytes.npos ? "" : std::string(bytes.substr(start + 1, end - start - 1));
  }

  static User read_user(const Json& json) {
    User user{std::string(json.text("real_name")), ""};
    if (const auto* profile = json.find("profile")) {
      for (const auto* name : {"display_name", "real_name"}) {
        if (const auto text = profile->text(name); !text.empty() && (user.name.empty() || std::string_view(name) == "real_name")) user.name = text;
      }
      user.mail = profile->text("email");
    }
    if (user.name.empty()) user.name = json.text("name");
    return user;
  }

  void found(const Json& json, const std::string& folder, bool named) {
    channel_.id = json.text("id").empty() ? folder : json.text("id");
    if (const auto* members = json.find("members"); members && members->as_array()) {
      for (const auto& member : *members->as_array()) {
        if (member.as_string()) channel_.members.push_back(*member.as_string());
      }
    }
    if (named) {
      channel_.members.clear();  // of a channel there may be thousands
      return;
    }
    std::string title;
    for (const auto& member : channel_.members) title += (title.empty() ? "" : ", ") + person(member, Role::Participant).name;
    if (!title.empty()) channel_.title = title;
  }

  // Of many thousands a day names a few: each is read when it is named.
  mutable std::unordered_map<std::string, std::pair<std::string, std::optional<User>>> users_;
  std::unordered_map<std::string, std::string> channels_;
  Channel channel_;
};

// Slack's markup as text: "<@U123>" is the user's name, "<https://…|here>" is "here (https://…)", "&amp;" is "&".
std::string plain(std::string_view text, const Workspace& workspace) {
  std::string result;
  while (!text.empty()) {
    if (text.starts_with('<')) {
      const auto end = text.find('>');
      if (end != text.npos) {
        auto inside = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        const auto bar = inside.find('|');
        const auto label = bar == inside.npos ? std::string_view() : inside.substr(bar + 1);
        const auto target = inside.substr(0, bar);
        if (target.starts_with('@')) {
          result += "@" + (label.empty() ? workspace.person(std::string(target.substr(1)), Role::Participant).name : std::string(label));
        } else if (target.starts_with('#')) {
          result += "#" + (label.empty() ? workspace.channel_name(std::string(target.substr(1))) : std::string(label));
        } else if (target.starts_with('!')) {
          result += label.empty() ? fmt::format("@{}", target.substr(1, target.find('^') - 1)) : std::string(label);
        } else if (label.empty() || label == target) {
          result += target.starts_with("mailto:") ? target.substr(7) : target;
        } else if (target.starts_with("mailto:") || target.starts_with("tel:")) {
          result += label;
        } else {
          result += fmt::format("{} ({})", label, target);
        }
        continue;
      }
    }
    if (text.starts_with("&amp;")) {
      result += '&';
      text.remove_prefix(5);
    } else if (text.starts_with("&lt;")) {
      result += '<';
      text.remove_prefix(4);
    } else if (text.starts_with("&gt;")) {
      result += '>';
      text.remove_prefix(4);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

// What a message's blocks say (Block Kit): sections, and the rich text that people write.
class Blocks {
 public:
  explicit Blocks(const Workspace& workspace) : workspace_(workspace) {}

  std::string text_of(const Json& blocks) {
    add_all(&blocks, 0);
    return std::string(trim(text_));
  }

 private:
  static constexpr int kDeepest = 16;
  static constexpr std::size_t kLongest = 1 << 20;

  void add_all(const Json* list, int depth) {
    if (!list || !list->as_array()) return;
    for (const auto& one : *list->as_array()) add(one, depth + 1);
  }

  void end_line() {
    if (!text_.empty() && !text_.ends_with('\n')) text_ += '\n';
  }

  void add(const Json& one, int depth) {
    if (depth > kDeepest || text_.size() > kLongest) return;
    const auto type = one.text("type");
    const auto shown = one.text("text");
    if (type == "text" || type == "mrkdwn" || type == "plain_text") {
      text_ += type == "mrkdwn" ? plain(shown, workspace_) : std::string(shown);
    } else if (type == "link") {
      text_ += shown.empty() || shown == one.text("url") ? std::string(one.text("url")) : fmt::format("{} ({})", shown, one.text("url"));
    } else if (type == "user") {
      text_ += "@" + workspace_.person(std::string(one.text("user_id")), Role::Participant).name;
    } else if (type == "channel") {
      text_ += "#" + workspace_.channel_name(std::string(one.text("channel_id")));
    } else if (type == "broadcast") {
      text_ += fmt::format("@{}", one.text("range"));
    } else if (type == "emoji") {
      text_ += fmt::format(":{}:", one.text("name"));
    } else if (type == "date") {
      text_ += one.text("fallback");
    } else {  // a block, or what holds others
      end_line();
      if (const auto* inner = one.find("text"); inner && inner->as_object()) add(*inner, depth + 1);
      if (const auto* fields = one.find("fields"); fields && fields->as_array()) {
        for (const auto& field : *fields->as_array()) {
          end_line();
          add(field, depth + 1);
        }
      }
      add_all(one.find("elements"), depth);
      if (type == "image") text_ += one.text("alt_text");
      end_line();
    }
  }

  const Workspace& workspace_;
  std::string text_;
};

// "1714558953.000200": seconds, and a number that makes it unique.
std::optional<WrittenTime> time_of(std::string_view ts) {
  std::int64_t seconds = 0;
  std::from_chars(ts.data(), ts.data() + ts.size(), seconds);
  const auto time = time_since_1970(seconds);
  return time ? std::optional(WrittenTime{*time, {}, TimeCertainty::Exact}) : std::nullopt;
}

ChatMessage read_message(const Json& json, const Workspace& workspace) {
  ChatMessage message;
  message.id = json.text("ts");
  message.when = time_of(message.id);
  if (const auto root = json.text("thread_ts"); !root.empty()) message.thread = fmt::format("thread {}", root);
  const std::string user(json.text("user"));
  message.author = user.empty() ? Person{Role::Author, std::string(json.text("username")), address_of(json.text("bot_id"), "slack")}
                                : workspace.person(user, Role::Author);
  if (const auto* profile = json.find("user_profile"); profile && message.author.name == user) {
    if (const auto name = profile->text("real_name"); !name.empty()) message.author.name = name;
  }
  for (const auto& member : workspace.channel().members) {
    if (member != user) message.others.push_back(workspace.person(member, Role::To));
  }
  message.text = plain(json.text("text"), workspace);
  if (const auto* blocks = json.find("blocks"); blocks && trim(message.text).empty()) message.text = Blocks(workspace).text_of(*blocks);
  if (const auto* attachments = json.find("attachments"); attachments && attachments->as_array()) {
    for (const auto& one : *attachments->as_array()) {  // previews of links, and what applications say
      for (const auto* name : {"pretext", "title", "text", "fallback"}) {
        const auto more = plain(one.text(name), workspace);
        if (more.empty() || message.text.find(more) != message.text.npos) continue;
        if (std::string_view(name) == "fallback" && !one.text("text").empty()) continue;
        message.text += (message.text.empty() ? "" : "\n") + more;
      }
    }
  }
  if (const auto* files = json.find("files"); files && files->as_array()) {
    for (const auto& file : *files->as_array()) {
      const auto name = file.text("name").empty() ? file.text("title") : file.text("name");
      const auto* size = file.find("size");
      message.attachments.push_back({std::string(name), std::string(file.text("mimetype")), size && size->as_integer() && *size->as_integer() > 0 ? *size->as_integer() : 0});
    }
  }
  if (json.find("edited")) message.tags.emplace_back("edited");
  return message;
}

}  // namespace

bool is_slack(const Probe& probe) {
  if (!probe.name.ends_with(".json")) return false;
  const auto text = trim(probe.head);
  if (!text.starts_with('[')) return false;
  const auto first = text.substr(0, 16 << 10);
  return first.find("\"ts\"") != first.npos && first.find("\"type\"") != first.npos &&
         (first.find("\"message\"") != first.npos) && (first.find("\"user\"") != first.npos || first.find("\"bot_id\"") != first.npos || first.find("\"subtype\"") != first.npos);
}

Result<> read_slack(const Request& request, const Input& input, Sink& sink) {
  const auto folder = folder_of_file(request.path);
  const auto workspace = TRY(Workspace::read(input, folder.empty() ? "Slack" : folder));
  Chat chat("slack", workspace.channel().id, workspace.channel().title);
  JsonStream stream(input);
  return stream.each_element([&]() -> Result<> {
    const auto raw = TRY(stream.raw());
    if (!TRY(sink.begin(raw.extent))) return {};
    if (raw.too_large) return sink.failed("The message is too large.");
    const auto json = Json::parse(raw.bytes);
    if (!json) return sink.failed(json.error().message());
    if (json->text("type") != "message" || json->text("ts").empty()) return sink.failed("This is no message.");
    auto message = read_message(*json, workspace);
    if (message.text.empty() && message.attachments.empty()) return {};
    return sink.item(chat.item(std::move(message)), {raw.extent, {}});
  });
}

}  // namespace hearth::memory::extract
