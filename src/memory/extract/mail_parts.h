#pragma once
#include <string>
#include <vector>

#include "memory/extract/attachments.h"
#include "memory/extract/gmime.h"
#include "memory/extract/quotes.h"
#include "memory/extract/wire.h"

namespace hearth::memory::extract {

inline constexpr std::size_t kMostTextBytes = 16 << 20;  // of a mail; text is there several times while it is read

// What of a message is not read; of several the first in this order is told.
enum class Loss { Deep, Many, Long, None };

// The reason that is reported; "" of None.
std::string told(Loss loss);

// What the parts of a message hold.
struct MailParts {
  std::string text;  // the author's own; when there is none, the history that it quotes
  std::vector<Attachment> attachments;
  std::vector<Attached> files;  // the attachments that are more than decoration
  Loss loss = Loss::None;
};
MailParts read_parts(GMimeMessage* message, History history);

}  // namespace hearth::memory::extract
