#pragma once
#include <string>
#include <string_view>

// Codes as people read and type them.
namespace hearth::identity {

// The letters for five bits: those of RFC 4648 §6, or Crockford's, of which none looks like another.
enum class Base32 { Rfc4648, Crockford };
// Five bits a character, the highest first, without padding; what the last one lacks is zeros.
std::string to_base32(std::string_view bytes, Base32 letters);

// A code as typed by a person, in the form in which it is compared: capitals, without spaces and hyphens, I and L read as
// 1, O as 0.
std::string normal_code(std::string_view typed);

// "ABCDE-FGHJK": groups for reading.
std::string grouped(std::string_view code, std::size_t size);

}  // namespace hearth::identity
