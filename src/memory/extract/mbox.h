#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// One message of an mbox file.
struct MboxMessage {
  std::int64_t offset = 0;      // of its "From " line
  std::int64_t length = 0;      // up to the next "From " line, or the end of the file
  std::int64_t body_start = 0;  // after the "From " line
  std::int64_t body_length = 0;  // without the blank line that separates it from the next
  std::string from_line;
  std::string bytes;      // the message, as the file has it; empty when it is too large
  bool too_large = false;
};

// Reads an mbox file (RFC 4155 and its relatives) message by message; memory stays within the largest message allowed.
//
// A message begins at a "From " line whose next line is a mail header. The line names one sender and nothing else, or a time;
// before it stands a blank line, unless it tells weekday, day and time in full: text that merely begins with "From " is no
// boundary. The file may begin with a byte order mark and blank lines.
class MboxReader {
 public:
  // `offset` is where a message begins, or the end. The input outlives the reader.
  MboxReader(const Input& input, std::int64_t offset, std::size_t largest) : input_(input), largest_(largest), base_(offset) {}

  // The next message; none at the end. InvalidInput when what stands at the offset is no message.
  Result<std::optional<MboxMessage>> next();
  // Whether a message begins there, after blank lines; so does none at the end.
  Result<bool> begins();
  std::int64_t offset() const { return base_ + static_cast<std::int64_t>(at_); }

 private:
  // Makes `count` bytes available at `at_`, fewer at the end of the file.
  Result<std::size_t> fill(std::size_t count);
  Result<> skip_blank_lines();
  Result<bool> is_header_line(std::size_t after);

  const Input& input_;
  std::size_t largest_;
  std::int64_t base_;     // where window_ begins in the file
  std::string window_;
  std::size_t at_ = 0;    // what is before it was read
  bool ended_ = false;
  bool begun_ = false;
};

// The bytes of a message with the mbox form's quoting undone: ">From " becomes "From ", ">>From " becomes ">From ".
std::string unquote_from(std::string_view bytes);

// The head of a file that begins like an mbox.
bool begins_like_mbox(std::string_view head);

// Reads the messages of an mbox file, from request.offset on, or all of them when no message begins there. What a mail program
// has deleted and not yet taken out is passed over.
Result<> read_mbox_file(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
