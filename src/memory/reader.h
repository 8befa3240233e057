#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "memory/extractor.h"
#include "memory/walk.h"

namespace hearth::memory {

// An item as it was read, before it is stored.
struct Incoming {
  extract::Item item;
  std::string text;
  std::string place;
  std::int64_t size = 0;  // of the file, as `modified`
  Time modified;
  std::int64_t original_start = 0;  // bytes of `file`
  std::int64_t original_length = 0;
  std::optional<std::string> original;  // where it is no part of the file
  std::shared_ptr<const SourceFile> file;
};

// What could not be read.
struct Failure {
  std::string place;
  std::int64_t offset = 0;
  std::string reason;
};

// How far a file that holds many items was read.
struct FilePosition {
  std::string place;
  std::int64_t size = 0;  // of the file, as `modified`
  Time modified;
  std::int64_t offset = 0;
  std::string digest;  // of an mbox: of the bytes before
  // Of an mbox that was read to its end: where its last message begins, and what it is called within the file. It may have been
  // half written.
  std::optional<std::int64_t> last_start = {};
  std::string last = {};
};

struct Batch {
  std::vector<Incoming> items;
  std::vector<Failure> failures;
  std::vector<FilePosition> positions;
  std::vector<std::string> replaced;  // places of what was read half written, and whole now
  std::int64_t unchanged = 0;  // files passed by
  std::int64_t foreign = 0;    // files of no format that is read
  std::int64_t done = 0;       // bytes of files that are read, and of a mailbox as far as it is read
  bool finished = false;
};

// Reads a source from where it was left, in batches, through hearth-extract, and from the first item on that needs it through
// hearth-extract-pages. When that ends over an item, the item is reported, and reading goes on behind it in a new process.
// Blocking: one pool thread at a time.
class SourceReader {
 public:
  struct Options {
    std::filesystem::path extractor;  // the program hearth-extract; hearth-extract-pages lies beside it
    Duration patience = std::chrono::seconds(30);  // without a sign of life
    int seconds_per_item = 10;                     // of processor time
    std::optional<SourceKind> only;                // formats of this kind
    std::size_t batch_items = 1000;
    std::size_t batch_bytes = 8 << 20;
    Duration batch_time = std::chrono::milliseconds(500);  // so that what was read is found soon
  };
  struct Known {
    // Whether the file at this place was stored with this size and time.
    std::function<bool(const std::string& place, std::int64_t size, Time modified)> file;
    std::function<std::optional<FilePosition>(const std::string& place)> mailbox;
  };

  SourceReader(std::unique_ptr<Supply> supply, Known known, Options options)
      : supply_(std::move(supply)), known_(std::move(known)), options_(std::move(options)) {}

  // Fails only when hearth-extract cannot be started at all.
  Result<Batch> next();

 private:
  struct Pending {
    std::shared_ptr<const SourceFile> file;
    std::int64_t start = 0;  // of an mbox: where this request begins
    std::int64_t item_offset = 0;  // of the item being parsed
    std::int64_t item_end = 0;
    std::string within;  // the member of an archive that it lies in
    std::string item_within;  // what the message being read is called within an mbox
    std::optional<std::int64_t> last_start;  // as in a FilePosition: when the mbox was read to its end
    std::string last;
    bool parsing = false;
    bool many = false;  // the file holds many items
    bool told = false;  // its item has been told, parts of it may still come
    std::int64_t heard = 0;   // answers that told of items, since `start`
    std::int64_t repeat = 0;  // of them, those that come again from a new process
    std::vector<std::int64_t> skip;  // items that ended a process
  };

  void hand_out(Batch& batch);
  void send(const Pending& pending);
  void take(Extractor::Answer answer, Batch& batch);
  // The process ended over the first pending item.
  Result<> go_on_behind(Batch& batch);
  // Another process goes on with what is pending.
  Result<> start();
  void note_position(Batch& batch);
  void finish(const SourceFile& file);

  std::unique_ptr<Supply> supply_;
  Known known_;
  Options options_;
  std::optional<Extractor> extractor_;
  bool with_pages_ = false;  // it is hearth-extract-pages
  std::deque<Pending> pending_;
  std::optional<Pending> reached_;  // how far a mailbox was read, not yet told
  bool supplied_ = false;  // there is no further file
  std::int64_t unread_pictures_ = 0;  // items in whose pictures there may be text that nothing reads
  std::int64_t done_bytes_ = 0;     // of files that are read to their end
  std::int64_t done_within_ = 0;    // of the mailbox that is being read
};

// The digest kept in a FilePosition: of the last bytes before `offset`.
std::string digest_before(int file, std::int64_t offset);

}  // namespace hearth::memory
