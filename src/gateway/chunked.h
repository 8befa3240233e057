#pragma once
#include <cstdint>
#include <span>

// The chunked transfer coding (RFC 9112 §7.1), read strictly. Extensions and trailers are checked and dropped.
namespace hearth::gateway {

class ChunkedDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // bytes taken from the input
    std::size_t payload = 0;   // bytes of content, moved to the front of the input
    bool bad = false;          // the coding is broken; nothing after it can be trusted
  };
  // Decodes as much as it can, in place: content moves to the front of `bytes`. At most `limit` bytes of content.
  Step decode(std::span<char> bytes, std::size_t limit = SIZE_MAX);
  bool done() const { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t {
    Size, Extension, SizeLineFeed, Content, ContentReturn, ContentLineFeed, TrailerStart, TrailerName, Trailer,
    TrailerLineFeed, EndLineFeed, Done
  };
  bool take(char c);

  std::uint64_t left_ = 0;      // of the chunk
  std::uint32_t overhead_ = 0;  // bytes of extension in this chunk, or of all trailers
  std::uint8_t digits_ = 0;
  State state_ = State::Size;
};

}  // namespace hearth::gateway
