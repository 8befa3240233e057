#pragma once
#include <memory>

#include "memory/extract/formats.h"

struct z_stream_s;

namespace hearth::memory::extract {

// A part of another input, as an input of its own. The other outlives it.
class SliceInput final : public Input {
 public:
  SliceInput(const Input& whole, Extent part) : whole_(whole), part_(part) {}

  std::int64_t size() const override { return part_.length; }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override;
  int depth() const override { return whole_.depth(); }

 private:
  const Input& whole_;
  Extent part_;
};

enum class Compression { Deflate, Gzip };

// What compressed bytes unpack to (RFC 1951, RFC 1952), in a window: whatever its size, it takes little memory. Reading back
// before the window unpacks again, from the checkpoint before. The source outlives it. Fails over bytes that are broken, and
// over what grows to more than kMostGrowth times its size.
class InflateInput final : public Input {
 public:
  // `size` is what it unpacks to, where that is known.
  InflateInput(const Input& source, Extent packed, Compression compression, std::int64_t size);
  ~InflateInput() override;
  InflateInput(InflateInput&&) = delete;

  std::int64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override;
  int depth() const override { return source_.depth(); }

  // Unpacks all of it, keeping nothing: how long it is.
  Result<std::int64_t> measure() const;

 private:
  struct Checkpoint {
    std::int64_t unpacked = 0;
    std::int64_t taken = 0;
    std::unique_ptr<z_stream_s> stream;
  };

  void restart(std::int64_t before) const;
  void remember() const;
  // Unpacks some more; false at the end.
  Result<bool> advance() const;

  const Input& source_;
  Extent packed_;
  Compression compression_;
  std::int64_t size_;
  mutable std::unique_ptr<z_stream_s> stream_;
  mutable std::string packed_bytes_;  // read and not yet unpacked
  mutable std::int64_t taken_ = 0;    // of packed_, up to the end of packed_bytes_
  mutable std::string window_;
  mutable std::int64_t window_start_ = 0;
  mutable bool ended_ = false;
  mutable std::vector<Checkpoint> checkpoints_;
  mutable std::int64_t between_checkpoints_;
};

inline constexpr std::int64_t kMostGrowth = 200;
inline constexpr std::int64_t kUnknownSize = std::int64_t{1} << 62;

}  // namespace hearth::memory::extract
