#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/process.h"
#include "memory/extract/wire.h"
#include "memory/source_kind.h"

namespace hearth::memory {

// A file that helps to read another: who the users are that a chat names by number.
struct FileBeside {
  std::string name;  // in the same folder, or "../name" in the one above
  Descriptor file;
};

// A file that a source is read from, open.
struct SourceFile {
  std::string place;  // its path below the source's origin; "" when the origin is a file. Without a Maildir's flags.
  std::string name;
  extract::Format format = extract::Format::Message;
  std::int64_t size = 0;
  Time modified;
  Descriptor file;
  std::string path = {};  // for titles: the place behind the origin's name; of an origin that is a file, behind its folder's
  std::vector<FileBeside> beside = {};
};

// Where a source's files come from, one after the other: folders, or a server. Blocking.
class Supply {
 public:
  virtual ~Supply() = default;
  // The next file; none at the end. What cannot be opened is left out and counted.
  virtual std::optional<SourceFile> next() = 0;
  virtual std::int64_t unreadable() const = 0;
};

// Folders that nothing goes into, by whatever path it comes there: those of the box itself, which hold everybody's files. A
// folder inside them is gone into only when it is where somebody begins: their own files.
class ClosedFolders {
 public:
  ClosedFolders() = default;
  // Those that are not there are left out.
  explicit ClosedFolders(std::span<const std::filesystem::path> folders);
  bool contains(const struct stat& folder) const;

 private:
  std::vector<std::pair<dev_t, ino_t>> folders_;
};

// What of a folder a source does not read. A Maildir is one wherever it is found: `cur` and `new` beside each other.
class LeftOut {
 public:
  LeftOut(SourceKind kind, ClosedFolders closed) : kind_(kind), closed_(std::move(closed)) {}
  // By its name, in that folder: hidden ones, unless they are mail, and the unfinished mails of a Maildir.
  bool name(int folder, bool maildir, const std::string& name) const;
  // A folder below the origin: one of the box's own, or an exported memory, whose mails and papers would come in a second time,
  // as the person's own and in spite of being forgotten.
  bool folder(int folder) const;
  // Whether a folder is closed, as an origin too.
  bool closed(int folder) const;

 private:
  SourceKind kind_;
  ClosedFolders closed_;
};

bool is_maildir(int folder);

// The place of a file at a path below a source's origin. UTF-8, and different for different paths. cur/ and new/ of a Maildir
// are one place: a message moves from one to the other when it is read, and its flags stand in its name.
enum class Within { Folder, Maildir };
std::string place_of_path(const std::string& path, Within within);

// Goes through what a source's origin holds: one mailbox file, or every file below a folder in a fixed order. Mail: files
// of Maildirs, *.eml, files that begin like an mbox, and whatever else hearth-extract finds to be mail. Other kinds: every
// file, those of Maildirs as mail; what is left out: see above. Symbolic links are not followed, whatever is renamed meanwhile.
// Blocking.
class Walk final : public Supply {
 public:
  // NotFound or Forbidden when the origin cannot be read; Unsupported when it is neither a file nor a folder.
  static Result<Walk> open(SourceKind kind, const std::string& origin, ClosedFolders closed = {});

  // Goes through these paths below a folder alone: files, and folders with all that is in them. What is not there any more
  // is passed by.
  static Result<Walk> open_some(SourceKind kind, const std::string& origin, std::vector<std::string> paths, ClosedFolders closed = {});

  std::optional<SourceFile> next() override;
  std::int64_t unreadable() const override { return unreadable_; }

  // What kind of source an origin makes, by what lies there; none for a file that only hearth-extract can tell.
  static Result<std::optional<SourceKind>> guess(const std::string& origin, ClosedFolders closed = {});

  // How many files lie below the origin, and how long they are in all, for progress; ends early at `most` files.
  struct Extent {
    std::int64_t files = 0;
    std::int64_t bytes = 0;
  };
  static Extent measure(SourceKind kind, const std::string& origin, std::int64_t most, ClosedFolders closed = {});

 private:
  struct Folder {
    Descriptor descriptor;
    std::string path;  // "" at the root, else with a '/' at the end
    std::vector<std::string> names;
    std::size_t next = 0;
    bool messages = false;  // "cur" or "new" of a Maildir
    bool maildir = false;
  };

  Walk(SourceKind kind, ClosedFolders closed) : kind_(kind), left_out_(kind, std::move(closed)) {}
  void enter(Descriptor descriptor, std::string path, bool messages);
  bool holds_messages(const Folder& above, const std::string& name) const;
  std::optional<SourceFile> visit(const std::string& path);
  // `above`: the folder above that one, -1 when that is not the source's.
  std::optional<SourceFile> describe(Descriptor file, const Folder& folder, int above, const std::string& name);

  SourceKind kind_;
  LeftOut left_out_;
  std::string origin_name_;
  std::vector<Folder> path_;
  std::optional<SourceFile> only_;
  Descriptor root_;                 // of some_
  std::vector<std::string> some_;   // still to visit, the next at the end
  std::int64_t unreadable_ = 0;
};

// Opens what lies at `path` below a folder, following no link anywhere on the way (openat2(2)); none with errno set.
Descriptor open_beneath(int folder, const std::string& path, int flags);
// Opens an origin by the path that was checked when it was named, which had no link in it: one that has come since is not
// followed. None with errno set.
Descriptor open_origin(const std::string& path, int flags);

}  // namespace hearth::memory
