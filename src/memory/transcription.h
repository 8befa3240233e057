#pragma once
#include <map>
#include <memory>

#include "memory/implementation.h"

// What is said in recordings becomes text, where a model writes it down (models.h).
//
// An audio item's transcript is its text: each line that was spoken is a passage of its own, "[1:02:03] Ann: Bring the boiler's
// papers.", so that one that is found says from which second on to play. The item keeps its label, and gets the tag
// `transcript`, which tells that nothing is left to do. All of that is the item's: it is exported, taken in again and forgotten
// with it.
namespace hearth::memory {

inline constexpr std::string_view kTranscriptTag = "transcript";

struct TranscribeResult {
  std::int64_t transcribed = 0;
  std::int64_t failed = 0;
};
HEARTH_DESCRIBE(TranscribeResult, (transcribed, "How many recordings were written down.", .zh = "已转写的录音数。"),
                (failed, "How many could not be.", .zh = "未能转写的录音数。"))

// For whom recordings are being written down; true: there is more since. Home thread.
using Transcribing = std::map<std::string, bool>;

// Queues the job below, when there is a transcriber and a recording for it. Not for one that failed in the last hour.
Task<Result<>> start_transcribing(Memory::Implementation& memory, std::string person);

// Writes down one recording after the other; what is done stays done when it is stopped or the box goes down. A second one for
// the same person leaves its work to the first.
Task<Result<TranscribeResult>> run_transcribe(Memory::Implementation& memory, kernel::JobRun& run, std::shared_ptr<Transcribing> under_way);

// "[0:07] Ann: It leaks." None of a line that says nothing.
std::optional<std::string> transcript_line(const Transcriber::Line& line);

}  // namespace hearth::memory
