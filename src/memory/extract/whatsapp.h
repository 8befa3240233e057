#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// WhatsApp's "export chat", as iOS and Android write it, with the clock of the exporting telephone and in its language's
// order of day and month: https://faq.whatsapp.com/1180414079177245
bool is_whatsapp(const Probe& probe);
Result<> read_whatsapp(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
