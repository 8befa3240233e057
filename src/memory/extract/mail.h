#pragma once
#include <string_view>

#include "memory/extract/item_text.h"

namespace hearth::memory::extract {

// Makes the mail library ready: once, before read_mail.
void prepare_mail();

// Reads one mail message (RFC 5322, MIME) as it was kept or sent. Broken MIME, headers and charsets are read as well as
// can be: there is no input that fails. Plain text is preferred to HTML; the history it quotes is left out; attachments
// are named, not read.
ItemText read_mail(std::string_view bytes);

}  // namespace hearth::memory::extract
