#pragma once
#include <string>
#include <string_view>

// Codes as people read and type them.
namespace hearth::identity {

// `bytes` as Crockford's base32 in capitals: five bits a character, the highest first; what is left over is dropped.
std::string readable(std::string_view bytes);

// A code as typed by a person, in the form in which it is compared: capitals, without spaces and hyphens, I and L read as
// 1, O as 0.
std::string normal_code(std::string_view typed);

// "ABCDE-FGHJK": groups for reading.
std::string grouped(std::string_view code, std::size_t size);

}  // namespace hearth::identity
