#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace hearth::identity {

// The form in which a login name is stored and compared. 2 to 32 characters: letters a to z, digits, '.', '_', '-', Han
// characters, kana and hangul; it begins and ends with a letter or digit. Capitals become small, full-width forms narrow,
// spaces around it go. Only scripts without case and without combining marks are let in beside ASCII, so that one name has
// one form and none looks like another. InvalidInput says what is wrong.
Result<std::string> canonical_name(std::string_view text);

// A name for people to read: any Unicode, 1 to 64 characters, no control characters; spaces around it go.
Result<std::string> clean_display_name(std::string_view text);

// "en" or "zh-CN". InvalidInput otherwise.
Result<std::string> known_language(std::string_view language);

}  // namespace hearth::identity
