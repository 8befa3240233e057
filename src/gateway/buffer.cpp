#include "gateway/buffer.h"

#include <cstring>

namespace hearth::gateway {

BufferPool::~BufferPool() {
  for (char* block : small_) delete[] block;
  for (char* block : large_) delete[] block;
}

char* BufferPool::acquire(std::size_t size) {
  auto& kept = size == kSmall ? small_ : large_;
  if (kept.empty()) return new char[size];
  char* block = kept.back();
  kept.pop_back();
  return block;
}

void BufferPool::release(char* block, std::size_t size) {
  auto& kept = size == kSmall ? small_ : large_;
  if (kept.size() < (size == kSmall ? kKeptSmall : kKeptLarge)) {
    kept.push_back(block);
  } else {
    delete[] block;
  }
}

std::span<char> Buffer::room() {
  if (!block_) {
    capacity_ = BufferPool::kSmall;
    block_ = pool_.acquire(capacity_);
  }
  if (end_ == capacity_ && begin_ > 0) {
    std::memmove(block_, block_ + begin_, size());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_ && capacity_ == BufferPool::kSmall) {
    char* larger = pool_.acquire(BufferPool::kLarge);
    std::memcpy(larger, block_, end_);
    pool_.release(block_, capacity_);
    block_ = larger;
    capacity_ = BufferPool::kLarge;
  }
  return {block_ + end_, capacity_ - end_};
}

void Buffer::grow_when_empty() {
  if (!block_ || !empty() || capacity_ == BufferPool::kLarge) return;
  pool_.release(block_, capacity_);
  capacity_ = BufferPool::kLarge;
  block_ = pool_.acquire(capacity_);
}

void Buffer::release() {
  if (!block_) return;
  pool_.release(block_, capacity_);
  block_ = nullptr;
  capacity_ = begin_ = end_ = 0;
}

}  // namespace hearth::gateway
