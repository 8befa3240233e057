#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"

// What hearthd and hearth-extract say to each other.
//
// hearthd sends a Request as one packet of a SOCK_SEQPACKET socket, with the open input attached to it. Replies come back
// over a pipe, each as a frame: the size of the JSON head and the size of the text, four bytes each, little endian, then
// the head (a Reply), then the text (the item's, UTF-8). Replies to one request end with Done; requests are answered in
// order. When hearthd closes the socket, hearth-extract ends.
namespace hearth::memory::extract {

enum class Format { Mbox, Message, PlainText, Markdown, Html };
HEARTH_DESCRIBE_ENUM(Format, Mbox, Message, PlainText, Markdown, Html)

struct Request {
  Format format = Format::Message;
  std::string name;          // the file's name, for a title
  std::int64_t offset = 0;   // an mbox: where a message begins
  std::optional<Time> modified;
  int seconds = 10;          // of processor time for each item; a process that needs more ends
};
HEARTH_DESCRIBE(Request, (format, ""), (name, ""), (offset, "", .defaulted = true), (modified, ""), (seconds, ""))

enum class Role { Author, To, Copy };
HEARTH_DESCRIBE_ENUM(Role, Author, To, Copy)

struct Person {
  Role role = Role::Author;
  std::string name;
  std::string address;  // lower case
};
HEARTH_DESCRIBE(Person, (role, ""), (name, ""), (address, ""))

struct Attachment {
  std::string name;
  std::string type;
  std::int64_t size = 0;  // bytes, decoded
};
HEARTH_DESCRIBE(Attachment, (name, "Its file name.", .zh = "文件名。"), (type, "Its media type.", .zh = "媒体类型。"),
                (size, "Its size in bytes.", .zh = "大小（字节）。"))

struct Item {
  std::string key;          // 32 hex digits: the same message has the same key wherever it is found
  std::string external_id;  // a message's id
  std::string type;         // media type of the original
  std::string title;
  std::optional<Time> time;
  std::optional<int> zone;  // minutes east of Greenwich, as the author's clock said
  std::string thread;       // the id of the message that began it; "" without
  std::vector<Person> people;
  std::vector<Attachment> attachments;
  std::vector<std::int64_t> passages;  // where each passage begins in the text; the first at 0
};
HEARTH_DESCRIBE(Item, (key, ""), (external_id, ""), (type, ""), (title, ""), (time, ""), (zone, ""), (thread, ""),
                (people, ""), (attachments, ""), (passages, ""))

enum class Event {
  Begin,   // about to parse what lies at offset, length: a crash now is that item's
  Item,
  Failed,  // that item is left out
  Done,    // the request is answered; offset is where reading ended
};
HEARTH_DESCRIBE_ENUM(Event, Begin, Item, Failed, Done)

struct Reply {
  Event event = Event::Done;
  std::int64_t offset = 0;         // of the item in the input
  std::int64_t length = 0;         // of the item in the input, with whatever separates it from the next
  std::int64_t original_start = 0;  // the original: bytes of the input
  std::int64_t original_length = 0;
  std::string reason;              // of Failed
  std::optional<Item> item;
};
HEARTH_DESCRIBE(Reply, (event, ""), (offset, ""), (length, ""), (original_start, ""), (original_length, ""), (reason, ""),
                (item, ""))

inline constexpr int kRequestDescriptor = 3;
inline constexpr int kReplyDescriptor = 4;
inline constexpr std::size_t kLargestHead = 4 << 20;
inline constexpr std::size_t kLargestText = 64 << 20;
inline constexpr std::size_t kLargestRequest = 64 << 10;

}  // namespace hearth::memory::extract
