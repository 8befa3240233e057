#pragma once
#include <string>
#include <string_view>

namespace hearth::memory::extract {

// What the author of a mail wrote, without the history quoted below or between: lines behind '>', "… wrote:", and the
// header blocks that mail programs put above the message being answered, in English and Chinese. A forwarded message is
// kept, since it is the point of the mail; so is everything when nothing else would be left.
std::string without_quotes(std::string_view text);

}  // namespace hearth::memory::extract
