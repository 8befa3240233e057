#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "memory/extract/formats.h"
#include "memory/extract/written_time.h"

// What all formats of chats share: one message is one item.
namespace hearth::memory::extract {

struct ChatMessage {
  std::string id;  // the service's, unique in its chat; "" when it has none
  // Without an id, what it takes the place of when its chat is read again.
  enum class Replaces { Itself, WhatItsAuthorWroteThen };
  Replaces replaces = Replaces::Itself;
  std::optional<WrittenTime> when;
  Person author;                // with an address where the service has one
  std::vector<Person> others;   // who else has to do with it: the other side of a chat of two, whom it was forwarded from
  std::string text;
  std::vector<Attachment> attachments;
  std::vector<Place> places;
  std::vector<std::string> tags;
  std::string thread;           // what it belongs to within its chat; "": the conversation, by time
  std::string type = "application/json";  // of the original
};

// The messages of one chat in their order, made items.
//
// Their thread is the conversation: a gap of hours begins another. An item's place is its message's id, or else its time, its
// author, its text and its number among those that have all of these in common: so what is read again is known again, also when
// another message beside it was deleted. Where a message is the only one of its author and time, the text is left out on
// request, so that an edited message takes the place of the old one.
class Chat {
 public:
  // `id` is the same whenever the chat is read. `title` is shown.
  Chat(std::string service, std::string id, std::string title)
      : service_(std::move(service)), id_(std::move(id)), title_(std::move(title)) {}

  ItemText item(ChatMessage message);

  const std::string& id() const { return id_; }
  const std::string& title() const { return title_; }

 private:
  std::string conversation(const ChatMessage& message);

  std::string service_;
  std::string id_;
  std::string title_;
  std::string conversation_;
  std::optional<Time> last_;
  std::unordered_map<std::string, int> places_;  // how often each was given, for messages without an id
};

// "tel:+491701234567" for what is written like a telephone number with its country; "" otherwise.
std::string international_number(std::string_view text);
// "tel:…" or an e-mail address in lower case; otherwise `scheme` and the handle, as "slack:U123". "" for "".
std::string address_of(std::string_view handle, std::string_view scheme);

// The title that a file gives a chat: its name without ending and copy number ("chat (1).txt").
std::string title_of_file(std::string_view path);
// The name of the folder that the file lies in, "" without one.
std::string folder_of_file(std::string_view path);


}  // namespace hearth::memory::extract
