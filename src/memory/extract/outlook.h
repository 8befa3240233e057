#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Whether a file is Outlook's (.pst, .ost).
bool begins_like_outlook(std::string_view head);
bool is_outlook(const Probe& probe);

// Reads the items of an Outlook file by their numbers, which is how they are told apart in it: mails with their folders as tags
// and what is attached, contacts, appointments, tasks, journal entries and notes. A mail's original is a message (RFC 5322)
// made of it, a contact's a vCard, an appointment's a calendar. Extents rise from 0 to the file's size, so that reading can be
// gone on with at one of them as long as the file's header is the same.
Result<> read_outlook(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
