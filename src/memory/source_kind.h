#pragma once
#include "base/describe.h"

namespace hearth::memory {

// What a source is. Its label comes from it: what outsiders write is untrusted.
enum class SourceKind { Mail, Folder, Chat, Notes, Calendar, Contacts, Browser, Recorder };
HEARTH_DESCRIBE_ENUM(SourceKind, Mail, Folder, Chat, Notes, Calendar, Contacts, Browser, Recorder)

}  // namespace hearth::memory
