#pragma once
#include <string_view>

#include "base/process.h"

namespace hearth::memory {

// An open file in memory that holds these bytes, at their beginning: what came over a network, for hearth-extract.
Result<Descriptor> memory_file(std::string_view bytes);

}  // namespace hearth::memory
