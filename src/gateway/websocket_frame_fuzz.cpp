#include "gateway/websocket_frame.h"

#include <cstdlib>
#include <string>

// A client's frames, whole and in pieces: the same messages, and no message past the limit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hearth::gateway;
  if (size < 1) return 0;
  const std::size_t piece = data[0] % 32 + 1;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto read = [&](std::size_t step_size) {
    std::string input = bytes;
    std::string seen;
    FrameDecoder decoder;
    for (std::size_t at = 0; at < input.size();) {
      auto rest = std::min(step_size, input.size() - at);
      while (rest > 0) {
        std::size_t consumed = 0;
        const auto event = decoder.next({input.data() + at, rest}, consumed);
        at += consumed;
        rest -= consumed;
        if (event == FrameDecoder::Event::NeedMore) continue;
        seen += static_cast<char>('0' + static_cast<int>(event));
        if (event == FrameDecoder::Event::Failed || event == FrameDecoder::Event::Close) return seen;
        const auto payload = decoder.take_payload();
        if (payload.size() > kMessageLimit) std::abort();
        seen += payload;
      }
    }
    return seen;
  };
  if (read(SIZE_MAX) != read(piece)) std::abort();
  return 0;
}
