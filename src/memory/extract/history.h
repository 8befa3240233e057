#pragma once
#include <string_view>

namespace hearth::memory::extract {

// What a mail's head says of the older messages in its text.
enum class History {
  Unknown,
  Related,    // it names one in References, but not as its answer: Exchange does so in what it passes on, too
  Answered,   // it answers one: "Re:"
  Forwarded,  // it passes one on, which is the point of it: "Fw:"
};
History history_of(std::string_view subject, bool refers);

}  // namespace hearth::memory::extract
