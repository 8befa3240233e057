#include "memory/extract/chat_fields.h"

#include <algorithm>

#include "base/ascii.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostChats = 10'000;

struct Names {
  ChatField field;
  std::vector<std::string_view> names;  // as normal() makes them, best first
};

const std::vector<Names>& all_names() {
  static const std::vector<Names> names = {
      {ChatField::Id, {"diaid", "messageid", "msgid", "msgsvrid", "uuid", "guid", "id", "localid", "消息id", "编号"}},
      {ChatField::Time,
       {"timestamp", "createtime", "createdat", "sentat", "dateunixtime", "time", "datetime", "date", "created", "sent", "ts", "strtime",
        "msgtime", "sendtime", "formattedtime", "时间", "发送时间", "消息时间", "创建时间", "日期", "日期时间", "時間"}},
      {ChatField::Sender,
       {"sendername", "senderdisplayname", "authorname", "sender", "from", "author", "accountname", "groupnickname", "speaker", "remark",
        "nickname", "displayname", "username", "user", "name", "发送者", "发送人", "发言人", "发信人", "昵称", "备注", "作者", "说话人", "姓名",
        "發送者"}},
      {ChatField::SenderId,
       {"senderid", "senderusername", "authorid", "userid", "fromid", "wxid", "platformid", "senderphone", "phone", "email", "发送者id"}},
      {ChatField::Own, {"issender", "isfromme", "issend", "isself", "isme", "fromme", "是否本人", "是否发送"}},
      {ChatField::Text,
       {"text", "content", "body", "strcontent", "message", "msg", "parsedcontent", "内容", "消息内容", "文本", "消息", "正文", "內容"}},
      {ChatField::Chat,
       {"chat", "chatname", "conversation", "conversationname", "conversationtitle", "room", "roomname", "channel", "channelname", "group",
        "groupname", "sessionname", "talker", "talkername", "会话", "会话名称", "聊天", "聊天对象", "群", "群聊", "群名", "群名称", "频道"}},
      {ChatField::File, {"attachment", "attachments", "file", "filename", "media", "mediafile", "附件", "文件", "文件名"}},
      {ChatField::Picture, {"blipcaption", "imagedescription", "alt", "caption", "图片描述"}},
  };
  return names;
}

std::string normal(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '\t') continue;
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (result.starts_with("\xEF\xBB\xBF")) result.erase(0, 3);
  return result;
}

}  // namespace

std::optional<NamedField> chat_field(std::string_view name) {
  if (name.size() > 64) return std::nullopt;
  const auto wanted = normal(name);
  for (const auto& [field, names] : all_names()) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found != names.end()) return NamedField{field, static_cast<int>(found - names.begin())};
  }
  return std::nullopt;
}

ChatColumns::ChatColumns(const std::vector<std::string>& names) {
  std::array<std::vector<std::pair<int, std::size_t>>, 9> found;
  const auto has = [&](std::string_view wanted) {
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.size() <= 64 && normal(name) == wanted; });
  };
  // WeChatMsg gives a name as "Remark" or "NickName"; its "Sender" is an id.
  const bool wechat = has("strcontent") && has("sender") && (has("remark") || has("nickname"));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto named = chat_field(names[i]);
    if (!named) continue;
    const bool id = wechat && named->field == ChatField::Sender && normal(names[i]) == "sender";
    if (id) found[static_cast<std::size_t>(ChatField::SenderId)].emplace_back(named->rank, i);
    constexpr int kLast = 1000;  // where nothing else names the sender
    found[static_cast<std::size_t>(named->field)].emplace_back(id ? kLast : named->rank, i);
  }
  for (std::size_t field = 0; field < found.size(); ++field) {
    std::sort(found[field].begin(), found[field].end());
    for (const auto& [rank, column] : found[field]) columns_[field].push_back(column);
  }
}

bool ChatColumns::is_chat() const {
  const bool who = !columns(ChatField::Sender).empty() || !columns(ChatField::SenderId).empty() || !columns(ChatField::Own).empty();
  return !columns(ChatField::Time).empty() && !columns(ChatField::Text).empty() && who;
}

std::optional<FieldMessage> read_fields(const ChatColumns& columns, const std::vector<std::string>& values) {
  const auto first = [&](ChatField field) -> std::string_view {
    for (const auto column : columns.columns(field)) {
      if (column < values.size() && !trim(values[column]).empty()) return trim(values[column]);
    }
    return "";
  };
  FieldMessage found;
  auto& message = found.message;
  message.id = first(ChatField::Id);
  message.text = first(ChatField::Text);
  found.chat = first(ChatField::Chat);
  for (const auto column : columns.columns(ChatField::Time)) {
    if (column >= values.size()) continue;
    message.when = read_written_time(values[column]);
    if (message.when) break;
  }
  const auto own = first(ChatField::Own);
  const bool mine = own == "1" || own == "true" || own == "True" || own == "是";
  message.author = {Role::Author, std::string(first(ChatField::Sender)), address_of(first(ChatField::SenderId), "chat")};
  if (message.author.name.empty() && message.author.address.empty() && mine) message.author.name = "Me";
  if (message.author.address.empty()) {
    const auto address = address_of(message.author.name, "");
    if (!address.starts_with(':')) message.author.address = address;  // a number or an e-mail address stood for the name
  }
  if (const auto file = first(ChatField::File); !file.empty()) {
    message.attachments.push_back({std::string(file.substr(file.rfind('/') + 1)), "", 0});
  }
  // What a picture shows is the only thing of it that can be found.
  if (const auto shown = first(ChatField::Picture); !shown.empty()) message.text += fmt::format("{}[{}]", message.text.empty() ? "" : "\n", shown);
  if (message.text.empty() && message.attachments.empty()) return std::nullopt;
  return found;
}

ItemText ChatsByName::item(FieldMessage message) {
  auto name = message.chat.empty() || (chats_.size() >= kMostChats && !chats_.contains(message.chat)) ? otherwise_ : message.chat;
  auto [found, fresh] = chats_.try_emplace(name, service_, name, name);
  return found->second.item(std::move(message.message));
}

}  // namespace hearth::memory::extract
