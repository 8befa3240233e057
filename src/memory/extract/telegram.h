#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Telegram Desktop's result.json, of one chat or of the whole account: https://core.telegram.org/import-export
bool is_telegram(const Probe& probe);
Result<> read_telegram(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
