#pragma once
#include "base/describe.h"

namespace hearth::memory {

enum class SourceKind { Mail, Folder };
HEARTH_DESCRIBE_ENUM(SourceKind, Mail, Folder)

}  // namespace hearth::memory
