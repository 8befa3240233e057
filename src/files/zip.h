#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace hearth::files {

// Makes a ZIP archive (APPNOTE 6.3) as it is sent, without knowing more than one piece of it: nothing is compressed, since
// what people share mostly is already, and nothing is kept but the directory. Sizes and counts past the old limits take
// ZIP64. Contents are written as stored blocks of Deflate: unlike method 0 they say themselves where they end, so programs
// that read archives as a stream can, too.
class ZipWriter {
 public:
  // Sizes and offsets of `zip64_from` and more are written as ZIP64; smaller only in tests.
  explicit ZipWriter(std::uint64_t zip64_from = 0xffffffff) : zip64_from_(zip64_from) {}

  // Each returns the bytes to send next.
  std::string folder(std::string_view path, Time modified);  // path without '/' at the end
  std::string begin_file(std::string_view path, Time modified, std::uint64_t at_most);
  std::string bytes(std::string_view piece);  // no more in all than was announced
  std::string end_file();
  std::string finish();

 private:
  struct Entry {
    std::string path;
    std::uint32_t time = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
    bool zip64 = false;
    bool folder = false;
  };
  std::string counted(std::string bytes);

  std::uint64_t zip64_from_;
  std::uint64_t offset_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace hearth::files
