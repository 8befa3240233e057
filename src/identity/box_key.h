#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hearth::identity {

// The 32 bytes in `folder`/identity.key, made when there is no such file. Only the box's own user can read it. Corrupt when
// the file has another size.
Result<std::string> load_box_key(const std::filesystem::path& folder);

// `bytes` as Crockford's base32 in capitals: five bits a character, the highest first; what is left over is dropped.
std::string readable(std::string_view bytes);

// A code as typed by a person, in the form in which it is compared: capitals, without spaces and hyphens, I and L read as
// 1, O as 0.
std::string normal_code(std::string_view typed);

// "ABCDE-FGHJK": groups for reading.
std::string grouped(std::string_view code, std::size_t size);

}  // namespace hearth::identity
