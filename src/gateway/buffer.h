#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::gateway {

// Blocks of memory that one thread's connections borrow while bytes are on their way and give back when idle, so that a
// quiet connection holds none.
class BufferPool {
 public:
  static constexpr std::size_t kSmall = 16 * 1024;
  static constexpr std::size_t kLarge = 64 * 1024;  // holds any request head, and bodies at full speed

  BufferPool() = default;
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  char* acquire(std::size_t size);
  void release(char* block, std::size_t size);

 private:
  static constexpr std::size_t kKeptSmall = 32;
  static constexpr std::size_t kKeptLarge = 8;
  std::vector<char*> small_;
  std::vector<char*> large_;
};

// Bytes that have come and are not used yet; holds a block only between ensure() and release().
class Buffer {
 public:
  explicit Buffer(BufferPool& pool) : pool_(pool) {}
  ~Buffer() { release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::string_view view() const { return {block_ + begin_, size()}; }
  std::span<char> bytes() { return {block_ + begin_, size()}; }
  void consume(std::size_t count) {
    begin_ += static_cast<std::uint32_t>(count);
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Where the next bytes go. Takes a block when it has none; makes room by moving, then by a larger block. Empty when the
  // largest block is full.
  std::span<char> room();
  void filled(std::size_t count) { end_ += static_cast<std::uint32_t>(count); }
  // From now on a large block, as soon as this one is empty: the peer sends much.
  void grow_when_empty();

  // Gives the block back; what was in it is lost.
  void release();
  void release_if_empty() {
    if (block_ && empty()) release();
  }

 private:
  BufferPool& pool_;
  char* block_ = nullptr;
  std::uint32_t capacity_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

}  // namespace hearth::gateway
