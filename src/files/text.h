#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace hearth::files {

struct DecodedText {
  std::string text;      // UTF-8
  std::string encoding;  // "utf-8", "utf-16" or "gb18030"
};

// The beginning of a text file as UTF-8: UTF-8, UTF-16 with a byte order mark, else GB18030 (which covers GBK and GB2312,
// what older Chinese programs write). A character cut off at the end is dropped. None when it is no text.
std::optional<DecodedText> decode_text(std::string_view bytes);

}  // namespace hearth::files
