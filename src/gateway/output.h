#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http.h"
#include "gateway/stream.h"

namespace hearth::gateway {

// What a peer has not taken yet: bytes, and after them perhaps a part of a file. Holds no memory when empty.
class Output {
 public:
  bool empty() const { return pieces_.empty() && !file_; }
  // The last flush() stopped before the peer was full, to let others have their turn.
  bool paused() const { return paused_; }
  std::size_t size() const { return size_; }  // bytes in memory

  void push(std::string piece);
  // `length` bytes of `file` from `offset`, after everything else; nothing may be pushed until they have gone.
  void push_file(std::shared_ptr<const FileSlice> file, std::uint64_t offset, std::uint64_t length) {
    file_ = std::move(file);
    file_offset_ = offset;
    file_left_ = length;
  }
  // Writes `pieces` past the first `skip` bytes into the queue.
  void push_rest(std::initializer_list<std::string_view> pieces, std::size_t skip);
  void clear();

  // Writes until empty (Moved), blocked, or failed. Adds what went to `written`.
  Stream::Outcome flush(Stream& stream, std::span<char> scratch, std::uint32_t& written);

 private:
  std::vector<std::string> pieces_;
  std::size_t first_ = 0;   // index of the first piece that has not gone
  std::size_t offset_ = 0;  // within it
  std::size_t size_ = 0;
  std::shared_ptr<const FileSlice> file_;
  std::uint64_t file_offset_ = 0;
  std::uint64_t file_left_ = 0;
  bool paused_ = false;
};

}  // namespace hearth::gateway
