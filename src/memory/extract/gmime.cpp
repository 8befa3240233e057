#include "memory/extract/gmime.h"

#include <array>

#include "memory/extract/charset.h"

namespace hearth::memory::extract {

Owned<GMimeMessage> parse_message(std::string_view bytes) {
  const auto charset = charset_named_in(bytes.substr(0, kMailHead));
  std::array<const char*, 4> fallbacks = {"utf-8", charset.empty() ? "windows-1252" : charset.c_str(), "windows-1252", nullptr};
  auto* options = g_mime_parser_options_new();
  g_mime_parser_options_set_fallback_charsets(options, fallbacks.data());
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), options));
  g_mime_parser_options_free(options);
  return message;
}

std::string text_of(const char* text) { return text ? to_utf8(text, "") : ""; }

}  // namespace hearth::memory::extract
