#pragma once
#include <initializer_list>
#include <string>

#include "memory/extract/wire.h"

namespace hearth::memory::extract {

// An item and its text, UTF-8.
struct ItemText {
  Item item;
  std::string text;
  bool pictures_unread = false;  // there may be text in pictures, and nothing here reads it
  std::string within;  // where in its input, the same whenever it is read; "": the input, or the item's key when it holds many
};

// A key for what these parts say, in this order.
std::string content_key(std::initializer_list<std::string_view> parts);

// Cuts the text into passages.
void cut_passages(ItemText& item);

}  // namespace hearth::memory::extract
