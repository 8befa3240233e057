#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// A file attached to a mail.
struct Attached {
  std::string name;
  std::string bytes;
};

// Reads what is attached to an item that the sink has taken: each file of a format that is read becomes an item of its own,
// part of the mail. `depth`: in how many archives and mails the mail lies.
Result<> read_attachments(const Item& mail, const std::vector<Attached>& files, int depth, Sink& sink);

}  // namespace hearth::memory::extract
