#include "memory/extract/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kPacked = 64 << 10;
constexpr std::size_t kUnpacked = 256 << 10;
constexpr std::size_t kWindow = 4 << 20;
constexpr std::int64_t kBetweenCheckpoints = 16 << 20;
constexpr std::size_t kMostCheckpoints = 256;  // each takes 40 kB
constexpr std::int64_t kGrowthCounted = 32 << 20;  // what is smaller may grow as it likes
constexpr int kRawDeflate = -15;
constexpr int kGzipHeader = 15 + 16;

}  // namespace

Result<std::size_t> SliceInput::read_at(std::int64_t offset, std::span<char> into) const {
  if (offset < 0 || offset >= part_.length) return 0;
  const auto count = std::min(into.size(), static_cast<std::size_t>(part_.length - offset));
  return whole_.read_at(part_.offset + offset, into.first(count));
}

InflateInput::InflateInput(const Input& source, Extent packed, Compression compression, std::int64_t size)
    : source_(source), packed_(packed), compression_(compression), size_(size), between_checkpoints_(kBetweenCheckpoints) {}

InflateInput::~InflateInput() {
  if (stream_) ::inflateEnd(stream_.get());
  for (const auto& checkpoint : checkpoints_) ::inflateEnd(checkpoint.stream.get());
}

// Goes back to the last checkpoint that is not after `before`, or to the start.
void InflateInput::restart(std::int64_t before) const {
  const auto after = std::find_if(checkpoints_.begin(), checkpoints_.end(), [&](const auto& one) { return one.unpacked > before; });
  if (stream_) ::inflateEnd(stream_.get());
  stream_ = std::make_unique<z_stream>();
  taken_ = 0;
  window_start_ = 0;
  int status = Z_OK;
  if (after != checkpoints_.begin()) {
    const auto& checkpoint = *std::prev(after);
    status = ::inflateCopy(stream_.get(), checkpoint.stream.get());
    taken_ = checkpoint.taken;
    window_start_ = checkpoint.unpacked;
  } else {
    status = ::inflateInit2(stream_.get(), compression_ == Compression::Gzip ? kGzipHeader : kRawDeflate);
  }
  if (status != Z_OK) throw std::bad_alloc();
  stream_->avail_in = 0;
  window_.clear();
  ended_ = false;
}

void InflateInput::remember() const {
  const auto unpacked = window_start_ + static_cast<std::int64_t>(window_.size());
  if (unpacked < (checkpoints_.empty() ? 0 : checkpoints_.back().unpacked) + between_checkpoints_) return;
  if (checkpoints_.size() == kMostCheckpoints) {  // keep every other one
    between_checkpoints_ *= 2;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < checkpoints_.size(); ++i) {
      if (i % 2 == 0) {
        ::inflateEnd(checkpoints_[i].stream.get());
      } else {
        checkpoints_[kept++] = std::move(checkpoints_[i]);
      }
    }
    checkpoints_.resize(kept);
  }
  Checkpoint checkpoint{unpacked, taken_ - static_cast<std::int64_t>(stream_->avail_in), std::make_unique<z_stream>()};
  if (::inflateCopy(checkpoint.stream.get(), stream_.get()) == Z_OK) checkpoints_.push_back(std::move(checkpoint));
}

Result<bool> InflateInput::advance() const {
  if (ended_) return false;
  if (window_.size() >= 2 * kWindow) {
    const auto drop = window_.size() - kWindow;
    window_.erase(0, drop);
    window_start_ += static_cast<std::int64_t>(drop);
  }
  const auto filled = window_.size();
  window_.resize(filled + kUnpacked);
  stream_->next_out = reinterpret_cast<Bytef*>(window_.data() + filled);
  stream_->avail_out = kUnpacked;
  Result<> trouble;
  while (stream_->avail_out > 0 && !ended_ && trouble) {
    if (stream_->avail_in == 0) {
      const auto left = static_cast<std::size_t>(std::max<std::int64_t>(packed_.length - taken_, 0));
      packed_bytes_.resize(std::min(kPacked, left));
      const auto got = source_.read_at(packed_.offset + taken_, packed_bytes_);
      if (!got || *got == 0) {
        trouble = got ? fail(Code::Corrupt, "It ends too early.") : std::unexpected(got.error());
        break;
      }
      taken_ += static_cast<std::int64_t>(*got);
      stream_->next_in = reinterpret_cast<Bytef*>(packed_bytes_.data());
      stream_->avail_in = static_cast<uInt>(*got);
    }
    const int status = ::inflate(stream_.get(), Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      // A gzip file may be several, one after the other.
      const bool more = compression_ == Compression::Gzip && (stream_->avail_in >= 2 ? stream_->next_in[0] == 0x1F && stream_->next_in[1] == 0x8B : taken_ < packed_.length);
      if (!more || ::inflateReset(stream_.get()) != Z_OK) ended_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      trouble = fail(Code::Corrupt, "What it holds is compressed wrongly.");
    }
  }
  window_.resize(filled + kUnpacked - stream_->avail_out);
  const auto unpacked = window_start_ + static_cast<std::int64_t>(window_.size());
  if (trouble && unpacked > kGrowthCounted && unpacked / kMostGrowth > taken_) {
    trouble = fail(Code::TooLarge, "It unpacks to more than {} times its size.", kMostGrowth);
  }
  if (trouble && unpacked > size_) trouble = fail(Code::Corrupt, "It unpacks to more than it says.");
  if (!trouble) {
    ended_ = true;  // what was unpacked can still be read
    return std::unexpected(trouble.error());
  }
  if (!ended_) remember();
  return true;
}

Result<std::size_t> InflateInput::read_at(std::int64_t offset, std::span<char> into) const {
  if (offset < 0 || offset >= size_) return 0;
  if (!stream_ || offset < window_start_) restart(offset);
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto at = offset + static_cast<std::int64_t>(filled) - window_start_;
    if (at < static_cast<std::int64_t>(window_.size())) {
      const auto count = std::min(into.size() - filled, window_.size() - static_cast<std::size_t>(at));
      std::memcpy(into.data() + filled, window_.data() + at, count);
      filled += count;
    } else if (!TRY(advance())) {
      break;
    }
  }
  return filled;
}

Result<std::int64_t> InflateInput::measure() const {
  restart(0);
  while (TRY(advance())) {
  }
  return window_start_ + static_cast<std::int64_t>(window_.size());
}

}  // namespace hearth::memory::extract
