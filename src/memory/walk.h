#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/process.h"
#include "memory/extract/wire.h"
#include "memory/source_kind.h"

namespace hearth::memory {

// A file that a source is read from, open.
struct SourceFile {
  std::string place;  // its path below the source's origin; "" when the origin is a file. Without a Maildir's flags.
  std::string name;
  extract::Format format = extract::Format::Message;
  std::int64_t size = 0;
  Time modified;
  Descriptor file;
};

// Goes through what a source's origin holds: one mailbox file, or every file below a folder in a fixed order. Mail: files
// of Maildirs, *.eml, and files that begin like an mbox. Folder: text, Markdown and HTML; hidden files and folders are
// left out. Symbolic links are not followed, whatever is renamed meanwhile. Blocking.
class Walk {
 public:
  // NotFound or Forbidden when the origin cannot be read; Unsupported when it is a file that the kind does not read.
  static Result<Walk> open(SourceKind kind, const std::string& origin);

  // The next file; none at the end. What cannot be opened is left out and counted.
  std::optional<SourceFile> next();
  std::int64_t unreadable() const { return unreadable_; }

  // How many files lie below the origin, for progress; ends early at `most`.
  static std::int64_t count(SourceKind kind, const std::string& origin, std::int64_t most);

 private:
  struct Folder {
    Descriptor descriptor;
    std::string path;  // "" at the root, else with a '/' at the end
    std::vector<std::string> names;
    std::size_t next = 0;
    bool maildir = false;  // "cur" or "new"
  };

  explicit Walk(SourceKind kind) : kind_(kind) {}
  void enter(Descriptor descriptor, std::string path, bool maildir);
  std::optional<SourceFile> describe(Descriptor file, const Folder& folder, const std::string& name);

  SourceKind kind_;
  std::vector<Folder> path_;
  std::optional<SourceFile> only_;
  std::int64_t unreadable_ = 0;
};

}  // namespace hearth::memory
