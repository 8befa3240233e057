#include "memory/extract/item_text.h"

#include "base/bytes.h"
#include "memory/text/passages.h"

namespace hearth::memory::extract {

std::string content_key(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const auto part : parts) joined += fmt::format("{}:{}", part.size(), part);
  return to_hex(sha256(joined)).substr(0, 32);
}

void cut_passages(ItemText& item) {
  item.item.passages.clear();
  for (const auto& passage : passages(item.text)) item.item.passages.push_back(static_cast<std::int64_t>(passage.start));
}

}  // namespace hearth::memory::extract
