#pragma once
#include <string>
#include <string_view>

// The forms of questions and of what answers them, English and Chinese.
namespace hearth::memory {

// Whether a question asks for a time: "when", "几点". `folded`: without case.
bool asks_when(std::string_view folded);

// Whether a text names a time: a day, a month, a number.
bool names_a_time(std::string_view text);

// Whether a sentence has the form of what is asked for: a time for "when", a number for "how many". Both folded.
bool has_asked_form(std::string_view question, std::string_view sentence);

// Whether a text's last sentence asks.
bool ends_with_question(std::string_view text);

}  // namespace hearth::memory
