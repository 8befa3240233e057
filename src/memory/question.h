#pragma once
#include <string>
#include <string_view>

// The forms of questions and of what answers them, English and Chinese.
namespace hearth::memory {

// Whether a question asks for a time: "when", "几点". `folded`: without case.
bool asks_when(std::string_view folded);

// Whether a text names a time: a day, a month, a number.
bool names_a_time(std::string_view text);

// What a question wants to be told.
enum class Wanted { Anything, Person, Name, Time, Duration, Number, Price, Telephone, Place, Colour };
Wanted wanted_by(std::string_view folded_question);

// How well a sentence's form is that of what is wanted: 1 it is, 0 it cannot be, between: who knows. A name that the question
// has itself is none. Neither is folded.
double has_form(Wanted wanted, std::string_view sentence, std::string_view question);

// Whether a sentence asks for something that can be told, unlike "did you see it?": it is no answer itself.
bool asks_for_something(std::string_view sentence);

// Whether a question asks who does something.
bool asks_who(std::string_view folded_question);

// Whether a question can be answered with yes or no.
bool asks_whether(std::string_view folded_question);

// Where the verb of an English question begins that asks when, where, which or how: what is done is often said in another word
// there, and what it is done to is not. npos without one.
std::size_t loose_verb(std::string_view question);

// Where the word begins that names what is asked for, "hotel" of "Which hotel did she book?"; and of a question for yes or no the name
// that it is about, "Is Anna allergic?". npos without one.
std::size_t thing_asked_for(std::string_view question);
std::size_t whom_it_is_about(std::string_view question);

// Whether a sentence speaks of whoever says it; of whom it is said to.
bool speaks_of_oneself(std::string_view sentence);
bool speaks_to_somebody(std::string_view sentence);

// Whether a sentence begins with somebody or something else than the question names: "Mia is five." is not about Leo, who was
// named before.
bool begins_anew(std::string_view sentence, std::string_view question);

// Whether a question asks for what somebody said or wrote, in what was said itself.
bool asks_what_was_said(std::string_view folded_question);

// Whether a text's last sentence asks.
bool ends_with_question(std::string_view text);

}  // namespace hearth::memory
