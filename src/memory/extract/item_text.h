#pragma once
#include <string>

#include "memory/extract/wire.h"

namespace hearth::memory::extract {

// An item and its text, UTF-8.
struct ItemText {
  Item item;
  std::string text;
};

}  // namespace hearth::memory::extract
