#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.h"
#include "memory/source_kind.h"

// What hearthd and hearth-extract say to each other.
//
// hearthd sends a Request as one packet of a SOCK_SEQPACKET socket, with the open input attached to it, and behind it the files
// that help to read it (Request::beside). Replies come back
// over a pipe, each as a frame: the sizes of the JSON head, of the text and of the original, four bytes each, little endian,
// then the head (a Reply), the text (the item's, UTF-8), and the original's bytes where they are no range of the input (a
// member of an archive). Replies to one request end with Done; requests are answered in order. When hearthd closes the
// socket, hearth-extract ends. hearth-extract-pages is the same program, which can read more (page_reader.h).
namespace hearth::memory::extract {

// What hearthd knows of an input by its name; Any: hearth-extract finds out by name and contents (formats.h).
enum class Format { Any, Mbox, Message, PlainText, Markdown, Html };
HEARTH_DESCRIBE_ENUM(Format, Any, Mbox, Message, PlainText, Markdown, Html)

struct Request {
  Format format = Format::Any;
  std::string name;          // the file's name, for a title
  std::string path;          // the same with the folders above it, as far as they are the source's
  std::int64_t offset = 0;   // an mbox: where a message begins
  std::optional<Time> modified;
  int seconds = 10;          // of processor time for each item; a process that needs more ends
  std::optional<SourceKind> only;   // formats of this kind; none: of every kind
  std::vector<std::int64_t> skip;   // items at these offsets ended an earlier process: they are left out
  std::vector<std::string> beside;  // names of the files that follow the input: "users.json", "../users.json" in the folder above
  bool recognise = false;    // says only which format it is: answered by Done or Unknown
};
HEARTH_DESCRIBE(Request, (format, ""), (name, ""), (path, "", .defaulted = true), (offset, "", .defaulted = true), (modified, ""), (seconds, ""), (only, ""),
                (skip, ""), (beside, "", .defaulted = true), (recognise, "", .defaulted = true))

// Participant: was there or is a member, as in a chat or at an event. Subject: whom a contact card is about.
enum class Role { Author, To, Copy, Participant, Subject };
HEARTH_DESCRIBE_ENUM(Role, Author, To, Copy, Participant, Subject)

struct Person {
  Role role = Role::Author;
  std::string name;
  std::string address;  // an e-mail address in lower case, or with its scheme: "tel:+491701234567", "telegram:user123"
};
HEARTH_DESCRIBE(Person, (role, ""), (name, ""), (address, ""))

struct Attachment {
  std::string name;
  std::string type;
  std::int64_t size = 0;  // bytes, decoded
};
HEARTH_DESCRIBE(Attachment, (name, "Its file name.", .zh = "文件名。"), (type, "Its media type.", .zh = "媒体类型。"),
                (size, "Its size in bytes.", .zh = "大小（字节）。"))

struct Place {
  std::string name;
  std::optional<double> latitude;   // degrees north
  std::optional<double> longitude;  // degrees east
};
HEARTH_DESCRIBE(Place, (name, "Its name.", .zh = "名称。", .defaulted = true), (latitude, "Degrees north.", .zh = "北纬度数。"),
                (longitude, "Degrees east.", .zh = "东经度数。"))

enum class ItemKind { Document, Mail, Message, Note, Event, Task, Contact, Page, Recording, Photo, Audio };
HEARTH_DESCRIBE_ENUM(ItemKind, Document, Mail, Message, Note, Event, Task, Contact, Page, Recording, Photo, Audio)

// How sure an item's time is. Zone: the clock is right, its time zone was assumed. Day: only the day is known. File: when the
// file was last changed, for want of better.
enum class TimeCertainty { Exact, Zone, Day, File };
HEARTH_DESCRIBE_ENUM(TimeCertainty, Exact, Zone, Day, File)

struct Item {
  std::string key;          // 32 hex digits: the same content has the same key wherever it is found
  ItemKind kind = ItemKind::Document;
  std::string external_id;  // a message's id
  std::string type;         // media type of the original
  std::string title;
  std::optional<Time> time;
  std::optional<Time> until;  // when an event or a recording ends
  TimeCertainty certainty = TimeCertainty::Exact;
  std::optional<int> zone;  // minutes east of Greenwich, as the author's clock said
  std::string thread;       // the same for all that belong together: the id of the message that began it, a chat; "" without
  std::vector<std::string> related;  // ids of other messages of the thread, as far as this one names them
  std::string part_of;      // the key of the item that this one is attached to; "" without
  bool outside = true;      // somebody other than the memory's owner may have written it
  std::vector<Person> people;
  std::vector<Attachment> attachments;
  std::vector<Place> places;
  std::vector<std::string> tags;       // as the source has them: a mail's labels, a note's tags
  std::vector<std::int64_t> passages;  // where each passage begins in the text; the first at 0
};
HEARTH_DESCRIBE(Item, (key, ""), (kind, ""), (external_id, ""), (type, ""), (title, ""), (time, ""), (until, ""), (certainty, ""),
                (zone, ""), (thread, ""), (related, "", .defaulted = true), (part_of, "", .defaulted = true), (outside, ""), (people, ""), (attachments, ""),
                (places, ""), (tags, ""), (passages, ""))

enum class Event {
  Begin,    // about to parse what lies at offset, length: a crash now is that item's
  Item,
  Failed,   // that item is left out, or part of it when it was told already
  Unknown,  // no format that is read, or none of the kind asked for: the input, then Done follows, or a member of an archive
  Done,     // the request is answered; offset is where reading ended
  NeedsPages,  // what comes next only hearth-extract-pages can read; the process ends
};
HEARTH_DESCRIBE_ENUM(Event, Begin, Item, Failed, Unknown, Done, NeedsPages)

struct Reply {
  Event event = Event::Done;
  std::int64_t offset = 0;         // of the item in the input
  std::int64_t length = 0;         // of the item in the input, with whatever separates it from the next
  std::int64_t original_start = 0;  // the original: bytes of the input, unless the frame brings them
  std::int64_t original_length = 0;
  bool many = false;               // the format holds many items
  std::string within;              // of an Item: where in the input, the same whenever it is read; "": the input is the item.
                                   // Of others: in which member of an archive
  bool pictures_unread = false;    // of an Item: there may be text in pictures, and nothing here reads it
  std::string reason;              // of Failed
  std::string format;              // of Done: what the input is, "" when unknown
  std::optional<SourceKind> kind;  // of Done: the kind of source that such an input makes
  std::optional<Item> item;
};
HEARTH_DESCRIBE(Reply, (event, ""), (offset, ""), (length, ""), (original_start, ""), (original_length, ""),
                (many, "", .defaulted = true), (within, "", .defaulted = true),
                (pictures_unread, "", .defaulted = true), (reason, "", .defaulted = true),
                (format, "", .defaulted = true), (kind, ""), (item, ""))

inline constexpr int kRequestDescriptor = 3;
inline constexpr int kReplyDescriptor = 4;
inline constexpr std::size_t kMostBeside = 16;
inline constexpr std::size_t kLargestHead = 4 << 20;
inline constexpr std::size_t kLargestText = 64 << 20;
inline constexpr std::size_t kLargestOriginal = 512 << 20;
inline constexpr std::size_t kLargestRequest = 64 << 10;

}  // namespace hearth::memory::extract
