#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "memory/extract/chat.h"

// The fields of chats that no messenger's own format brings: exports of WeChat and of other programs as JSON, JSON Lines or CSV.
// docs/memory.md lists the names.
namespace hearth::memory::extract {

enum class ChatField { Id, Time, Sender, SenderId, Own, Text, Chat, File, Picture };

// The fields that a column's or member's name stands for, best first in each field; -1 for others. Case, spaces, "_" and "-" do
// not matter.
struct NamedField {
  ChatField field = ChatField::Text;
  int rank = 0;  // among the names of that field: the lowest is used
};
std::optional<NamedField> chat_field(std::string_view name);

// Which column holds which field.
class ChatColumns {
 public:
  explicit ChatColumns(const std::vector<std::string>& names);
  // Time, text and a sender or who it was: enough to be a chat.
  bool is_chat() const;
  // The columns for a field, best first.
  const std::vector<std::size_t>& columns(ChatField field) const { return columns_[static_cast<std::size_t>(field)]; }

 private:
  std::array<std::vector<std::size_t>, 9> columns_;
};

// A message before it is known to which chat it belongs.
struct FieldMessage {
  ChatMessage message;
  std::string chat;
};
// None when it has neither text nor file.
std::optional<FieldMessage> read_fields(const ChatColumns& columns, const std::vector<std::string>& values);

// The chats of one file, by name.
class ChatsByName {
 public:
  ChatsByName(std::string service, std::string otherwise) : service_(std::move(service)), otherwise_(std::move(otherwise)) {}
  ItemText item(FieldMessage message);

 private:
  std::string service_;
  std::string otherwise_;
  std::map<std::string, Chat> chats_;
};

}  // namespace hearth::memory::extract
