#pragma once
#include "base/describe.h"

namespace hearth::memory {

// What a source is. Its label comes from it: what outsiders write is untrusted.
// Files: a person's own files. The last three are servers.
enum class SourceKind { Mail, Folder, Chat, Notes, Calendar, Contacts, Browser, Recorder, Files, Imap, Caldav, Carddav };
HEARTH_DESCRIBE_ENUM(SourceKind, Mail, Folder, Chat, Notes, Calendar, Contacts, Browser, Recorder, Files, Imap, Caldav, Carddav)

constexpr bool is_server(SourceKind kind) {
  return kind == SourceKind::Imap || kind == SourceKind::Caldav || kind == SourceKind::Carddav;
}

}  // namespace hearth::memory
