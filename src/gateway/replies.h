#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/message.h"

// The gateway's own answers: status lines, fields, and small pages for what went wrong.
namespace hearth::gateway {

std::string_view reason_phrase(int status);
void append_status_line(std::string& head, int status);  // "HTTP/1.1 200 OK\r\n"
void append_number_field(std::string& head, std::string_view name_and_colon, std::uint64_t value);

// {"error":{"code":…,"message":…}}: what every surface answers to a program.
std::string error_json(std::string_view code, const Message& message, Language language);
// A small self-contained page for people, in English and Chinese.
std::string error_page(std::string_view title, std::string_view text, std::string_view title_zh, std::string_view text_zh);

}  // namespace hearth::gateway
