#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// Audio files: MP3, M4A, Ogg, Opus, WAV, FLAC, AIFF, through TagLib. Title, artist and length; the time from their tags or
// their name. Their text stays empty: a transcriber gives it (memory/models.h), from the original.
bool is_audio(const Probe& probe);
Result<> read_audio(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
