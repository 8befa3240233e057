#pragma once
#include <string>
#include <string_view>

#include "memory/extract/input.h"
#include "memory/extract/item_text.h"

// The formats that hearth-extract reads. Each lives in a file of its own and stands in the table of formats.cpp.
namespace hearth::memory::extract {

// Bytes of the input.
struct Extent {
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

// The bytes of an item as they came in: a range of the input, or bytes of their own.
struct Original {
  Extent extent;
  std::optional<std::string> bytes;
};

// Takes what a format reads, item by item.
class Sink {
 public:
  virtual ~Sink() = default;

  // About to read what lies at `at`: crashing or taking too long from here on costs that item alone. False: that happened
  // before, leave it out. Fails, like the others, only when nobody listens any more: then reading ends.
  virtual Result<bool> begin(Extent at) = 0;
  // What was read since begin(). Several may follow one beginning: a mail and what is attached to it.
  virtual Result<> item(ItemText item, Original original) = 0;
  // What was begun last is left out, for this reason; when it was taken already, a part of it.
  virtual Result<> failed(std::string reason) = 0;

  // Where what follows lies in the input: the path of an archive's member, for what is told of it.
  virtual void within(std::string_view /*path*/) {}
  // About to read a part of the item that was taken last, such as a mail's attachment: crashing from here on costs the part.
  virtual Result<bool> begin_part(std::string_view /*within*/) { return true; }
  // The item begun last takes longer than others: it may take this many seconds of processor time from here on.
  virtual Result<> more_time(int /*seconds*/) { return {}; }
  // What lies there is of no format that is read.
  virtual Result<> foreign() { return {}; }
  // What lies there needs a page reader (page_reader.h), and there is none: fails, since reading ends here.
  virtual Result<> needs_pages() { return fail(Code::Unsupported, "There is no page reader."); }
};

// What a format is recognised by.
struct Probe {
  std::string_view name;  // the file's, in lower case, without folders
  std::string_view head;  // the first kProbed bytes
  const Input& input;
};
inline constexpr std::size_t kProbed = 64 << 10;

struct FormatReader {
  std::string_view name;  // "telegram"
  SourceKind kind;        // the kind of source that such a file makes
  bool many;              // a file holds many items
  bool (*recognises)(const Probe& probe);
  // An error is the whole input's: it is reported with the place where reading was.
  Result<> (*read)(const Request& request, const Input& input, Sink& sink);
  bool archive = false;   // holds inputs of any kind
};

// The format of an input; null when it is none, or not of the kind that the request asks for.
const FormatReader* find_format(const Request& request, const Input& input);

}  // namespace hearth::memory::extract
