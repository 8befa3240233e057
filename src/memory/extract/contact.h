#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Whether a file holds contact cards (vCard 2.1, 3.0 RFC 2426, 4.0 RFC 6350).
bool is_contacts(const Probe& probe);

// Reads the cards of a file. Pictures, sounds and keys stay in the original.
Result<> read_contacts_file(const Request& request, const Input& input, Sink& sink);
Result<> read_contacts(std::string bytes, Sink& sink);

// The telephone numbers of a field, as written: people put two into one ("030 12345 / 0170 7654321").
std::vector<std::string> telephone_numbers(std::string_view written);

// "tel:+491701234567" of a telephone number as people write it; without the '+' when it names no country. "" when it is none.
std::string telephone_address(std::string_view written);

}  // namespace hearth::memory::extract
