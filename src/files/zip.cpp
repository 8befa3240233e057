#include "files/zip.h"

#include <zlib.h>

#include <ctime>

namespace hearth::files {
namespace {

constexpr std::uint16_t kFlags = 0x0808;  // sizes follow the content; names are UTF-8
constexpr std::uint16_t kDeflate = 8;
constexpr std::uint16_t kVersion = 45;

template <typename T>
void put(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xff);
  }
}

// MS-DOS date and time, in UTC: what the format has.
std::uint32_t dos_time(Time time) {
  const auto seconds = static_cast<std::time_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  if (parts.tm_year < 80) return (1u << 21) | (1u << 16);
  return static_cast<std::uint32_t>(((parts.tm_year - 80) << 25) | ((parts.tm_mon + 1) << 21) | (parts.tm_mday << 16) |
                                    (parts.tm_hour << 11) | (parts.tm_min << 5) | (parts.tm_sec / 2));
}

}  // namespace

std::string ZipWriter::counted(std::string bytes) {
  offset_ += bytes.size();
  return bytes;
}

std::string ZipWriter::folder(std::string_view path, Time modified) {
  Entry entry;
  entry.path = std::string(path) + "/";
  entry.time = dos_time(modified);
  entry.offset = offset_;
  entry.folder = true;
  std::string out;
  put<std::uint32_t>(out, 0x04034b50);
  put<std::uint16_t>(out, 20);
  put<std::uint16_t>(out, 0x0800);
  put<std::uint16_t>(out, 0);
  put<std::uint32_t>(out, entry.time);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, 0);
  put<std::uint16_t>(out, static_cast<std::uint16_t>(entry.path.size()));
  put<std::uint16_t>(out, 0);
  out += entry.path;
  entries_.push_back(std::move(entry));
  return counted(std::move(out));
}

std::string ZipWriter::begin_file(std::string_view path, Time modified, std::uint64_t at_most) {
  Entry entry;
  entry.path = path;
  entry.time = dos_time(modified);
  entry.offset = offset_;
  // Stored blocks cost 5 bytes for each 65,535; a little more is assumed, as the choice cannot be taken back.
  entry.zip64 = at_most + at_most / 1024 + 1024 >= zip64_from_;
  std::string out;
  put<std::uint32_t>(out, 0x04034b50);
  put<std::uint16_t>(out, entry.zip64 ? kVersion : 20);
  put<std::uint16_t>(out, kFlags);
  put<std::uint16_t>(out, kDeflate);
  put<std::uint32_t>(out, entry.time);
  put<std::uint32_t>(out, 0);
  put<std::uint32_t>(out, entry.zip64 ? 0xffffffff : 0);
  put<std::uint32_t>(out, entry.zip64 ? 0xffffffff : 0);
  put<std::uint16_t>(out, static_cast<std::uint16_t>(entry.path.size()));
  put<std::uint16_t>(out, entry.zip64 ? 20 : 0);
  out += entry.path;
  if (entry.zip64) {
    put<std::uint16_t>(out, 1);
    put<std::uint16_t>(out, 16);
    put<std::uint64_t>(out, 0);
    put<std::uint64_t>(out, 0);
  }
  entries_.push_back(std::move(entry));
  return counted(std::move(out));
}

std::string ZipWriter::bytes(std::string_view piece) {
  auto& entry = entries_.back();
  entry.crc = static_cast<std::uint32_t>(::crc32_z(entry.crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
  entry.size += piece.size();
  std::string out;
  out.reserve(piece.size() + piece.size() / 8192 + 16);
  while (!piece.empty()) {
    const auto block = piece.substr(0, 0xffff);
    out += '\0';  // a stored block, not the last
    put(out, static_cast<std::uint16_t>(block.size()));
    put(out, static_cast<std::uint16_t>(~block.size()));
    out += block;
    piece.remove_prefix(block.size());
  }
  entry.packed += out.size();
  return counted(std::move(out));
}

std::string ZipWriter::end_file() {
  auto& entry = entries_.back();
  std::string out("\x01\x00\x00\xff\xff", 5);  // the last block, empty
  entry.packed += out.size();
  put<std::uint32_t>(out, 0x08074b50);
  put(out, entry.crc);
  if (entry.zip64) {
    put(out, entry.packed);
    put(out, entry.size);
  } else {
    put(out, static_cast<std::uint32_t>(entry.packed));
    put(out, static_cast<std::uint32_t>(entry.size));
  }
  return counted(std::move(out));
}

std::string ZipWriter::finish() {
  const auto start = offset_;
  std::string out;
  for (const auto& entry : entries_) {
    const bool far = entry.offset >= zip64_from_;
    std::string extra;
    if (entry.zip64 || far) {
      std::string values;
      if (entry.zip64) {
        put(values, entry.size);
        put(values, entry.packed);
      }
      if (far) put(values, entry.offset);
      put<std::uint16_t>(extra, 1);
      put(extra, static_cast<std::uint16_t>(values.size()));
      extra += values;
    }
    put<std::uint32_t>(out, 0x02014b50);
    put<std::uint16_t>(out, (3 << 8) | kVersion);  // made on Unix, so that the mode below counts
    put<std::uint16_t>(out, extra.empty() ? 20 : kVersion);
    put<std::uint16_t>(out, entry.folder ? 0x0800 : kFlags);
    put<std::uint16_t>(out, entry.folder ? 0 : kDeflate);
    put(out, entry.time);
    put(out, entry.crc);
    put(out, entry.zip64 ? 0xffffffff : static_cast<std::uint32_t>(entry.packed));
    put(out, entry.zip64 ? 0xffffffff : static_cast<std::uint32_t>(entry.size));
    put(out, static_cast<std::uint16_t>(entry.path.size()));
    put(out, static_cast<std::uint16_t>(extra.size()));
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0);
    put<std::uint16_t>(out, 0);
    put<std::uint32_t>(out, entry.folder ? (040755u << 16) | 0x10 : 0100644u << 16);
    put(out, far ? 0xffffffff : static_cast<std::uint32_t>(entry.offset));
    out += entry.path;
    out += extra;
  }
  const auto size = static_cast<std::uint64_t>(out.size());
  const bool many = entries_.size() >= 0xffff;
  const bool zip64 = many || start >= zip64_from_ || size >= zip64_from_;
  if (zip64) {
    const auto at = start + size;
    put<std::uint32_t>(out, 0x06064b50);
    put<std::uint64_t>(out, 44);
    put<std::uint16_t>(out, (3 << 8) | kVersion);
    put<std::uint16_t>(out, kVersion);
    put<std::uint32_t>(out, 0);
    put<std::uint32_t>(out, 0);
    put<std::uint64_t>(out, entries_.size());
    put<std::uint64_t>(out, entries_.size());
    put<std::uint64_t>(out, size);
    put<std::uint64_t>(out, start);
    put<std::uint32_t>(out, 0x07064b50);
    put<std::uint32_t>(out, 0);
    put<std::uint64_t>(out, at);
    put<std::uint32_t>(out, 1);
  }
  put<std::uint32_t>(out, 0x06054b50);
  put<std::uint16_t>(out, 0);
  put<std::uint16_t>(out, 0);
  put(out, many ? std::uint16_t{0xffff} : static_cast<std::uint16_t>(entries_.size()));
  put(out, many ? std::uint16_t{0xffff} : static_cast<std::uint16_t>(entries_.size()));
  put(out, zip64 ? 0xffffffff : static_cast<std::uint32_t>(size));
  put(out, zip64 ? 0xffffffff : static_cast<std::uint32_t>(start));
  put<std::uint16_t>(out, 0);
  return counted(std::move(out));
}

}  // namespace hearth::files
