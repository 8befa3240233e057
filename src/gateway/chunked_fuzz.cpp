#include "gateway/chunked.h"

#include <cstdlib>
#include <string>

// Decoded whole and in pieces, a coding gives the same content or the same refusal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hearth::gateway::ChunkedDecoder;
  if (size < 1) return 0;
  const std::size_t piece = data[0] % 16 + 1;
  const std::string coded(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto decode = [&](std::size_t step_size) {
    std::string input = coded;
    std::string content;
    ChunkedDecoder decoder;
    for (std::size_t at = 0; at < input.size() && !decoder.done();) {
      const auto step = decoder.decode({input.data() + at, std::min(step_size, input.size() - at)});
      content.append(input.data() + at, step.payload);
      if (step.bad) return content + "!";
      at += step.consumed;
    }
    return content + (decoder.done() ? "." : "?");
  };
  if (decode(SIZE_MAX) != decode(piece)) std::abort();
  return 0;
}
