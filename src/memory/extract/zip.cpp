#include "memory/extract/zip.h"

#include <zlib.h>

#include <algorithm>

#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kEndRecord = 22;
constexpr std::size_t kLongestComment = 65535;
constexpr std::size_t kDirectoryEntry = 46;
constexpr std::size_t kLocalHeader = 30;
constexpr std::size_t kLargestDirectory = 192 << 20;
constexpr std::size_t kMostMembers = 1'000'000;
constexpr std::size_t kLongestName = 1000;
constexpr int kStored = 0;
constexpr int kDeflated = 8;

// Little endian numbers in bytes that are long enough.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}
std::int64_t signed_number(std::string_view bytes, std::size_t at, std::size_t length) {
  return static_cast<std::int64_t>(number(bytes, at, length) & 0x7FFF'FFFF'FFFF'FFFF);
}

std::unexpected<Error> broken() { return fail(Code::Corrupt, "Its list of contents is broken; it may have been cut off."); }

// MS-DOS date and time: the clock of whoever packed it, to two seconds.
std::optional<Time> dos_time(std::uint64_t date, std::uint64_t time) {
  using namespace std::chrono;
  const year_month_day day{year(static_cast<int>(1980 + (date >> 9))), month(static_cast<unsigned>(date >> 5 & 15)),
                           std::chrono::day(static_cast<unsigned>(date & 31))};
  if (!day.ok() || date == 33) return std::nullopt;  // 1980-01-01: no time was known
  return Time(sys_days(day)) + hours(time >> 11) + minutes(time >> 5 & 63) + seconds((time & 31) * 2);
}

struct Directory {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

Result<Directory> find_directory(const Input& input) {
  const auto tail_size = std::min<std::int64_t>(input.size(), kEndRecord + kLongestComment);
  const auto tail = TRY(input.read(input.size() - tail_size, static_cast<std::size_t>(tail_size)));
  const auto at = tail.rfind("PK\x05\x06");
  if (at == tail.npos || tail.size() - at < kEndRecord) return broken();
  Directory found{signed_number(tail, at + 16, 4), signed_number(tail, at + 12, 4)};
  const auto end = input.size() - tail_size + static_cast<std::int64_t>(at);
  if (found.offset == 0xFFFF'FFFF || found.size == 0xFFFF'FFFF || number(tail, at + 10, 2) == 0xFFFF) {
    const auto locator = TRY(input.read(std::max<std::int64_t>(end - 20, 0), 20));
    if (locator.size() == 20 && locator.starts_with("PK\x06\x07")) {
      const auto record = TRY(input.read(signed_number(locator, 8, 8), 56));
      if (record.size() != 56 || !record.starts_with("PK\x06\x06")) return broken();
      found = {signed_number(record, 48, 8), signed_number(record, 40, 8)};
    }
  }
  if (found.offset > input.size() || found.size > input.size() - found.offset) return broken();
  return found;
}

// Names say too little to guess their charset from. In GB 2312, which Chinese Windows packs with, letters beyond ASCII come in
// pairs of high bytes.
bool looks_chinese(std::string_view raw) {
  std::size_t run = 0;
  for (const unsigned char c : raw) {
    if (c >= 0xA1) {
      ++run;
    } else if (c >= 0x80 || run % 2 != 0) {
      return false;
    }
  }
  return run % 2 == 0;
}

// The sizes of an entry that are too large for its fields, and its time in UTC (extra fields 0x0001 and 0x5455).
void read_extra(std::string_view extra, ZipMember& member) {
  constexpr std::int64_t kElsewhere = 0xFFFF'FFFF;
  while (extra.size() >= 4) {
    const auto id = number(extra, 0, 2);
    const auto length = static_cast<std::size_t>(number(extra, 2, 2));
    if (length > extra.size() - 4) return;
    auto field = extra.substr(4, length);
    if (id == 0x0001) {
      for (auto* value : {&member.size, &member.packed, &member.header}) {
        if (*value != kElsewhere || field.size() < 8) continue;
        *value = signed_number(field, 0, 8);
        field.remove_prefix(8);
      }
    } else if (id == 0x5455 && field.size() >= 5 && (field[0] & 1)) {
      member.modified = Time(std::chrono::seconds(static_cast<std::int32_t>(number(field, 1, 4))));
    }
    extra.remove_prefix(4 + length);
  }
}

}  // namespace

std::string tidy_member_name(std::string_view raw, bool utf8) {
  auto text = utf8 || is_utf8(raw) ? to_valid_utf8(raw) : to_utf8(raw, looks_chinese(raw) ? "GB18030" : "");
  if (text.find('/') == text.npos) std::replace(text.begin(), text.end(), '\\', '/');
  std::string name;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find('/', start), text.size());
    std::string part = text.substr(start, end - start);
    start = end + 1;
    if (part.empty() || part == "." || part == ".." || (name.empty() && part.size() == 2 && part[1] == ':')) continue;
    for (auto& c : part) {
      if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '_';
    }
    if (!name.empty()) name += '/';
    name += part;
  }
  if (name.size() > kLongestName) {  // its end says most: the file's own name
    const auto digest = to_hex(sha256(name)).substr(0, 16);
    auto cut = name.size() - kLongestName;
    while (cut < name.size() && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) ++cut;
    name = digest + "…" + name.substr(cut);
  }
  return name;
}

Result<Zip> Zip::open(const Input& input) {
  const auto directory = TRY(find_directory(input));
  if (directory.size > static_cast<std::int64_t>(kLargestDirectory)) return fail(Code::TooLarge, "Its list of contents is too long.");
  const auto bytes = TRY(input.read(directory.offset, static_cast<std::size_t>(directory.size)));
  Zip zip(input);
  std::int64_t packed = 0;
  std::string_view rest = bytes;
  while (rest.size() >= kDirectoryEntry && rest.starts_with("PK\x01\x02")) {
    const auto name_length = static_cast<std::size_t>(number(rest, 28, 2));
    const auto extra_length = static_cast<std::size_t>(number(rest, 30, 2));
    const auto length = kDirectoryEntry + name_length + extra_length + static_cast<std::size_t>(number(rest, 32, 2));
    if (length > rest.size()) break;
    const auto flags = number(rest, 8, 2);
    const auto name = rest.substr(kDirectoryEntry, name_length);
    ZipMember member;
    member.method = static_cast<int>(number(rest, 10, 2));
    member.encrypted = flags & 1;
    member.modified = dos_time(number(rest, 14, 2), number(rest, 12, 2));
    member.packed = signed_number(rest, 20, 4);
    member.size = signed_number(rest, 24, 4);
    member.header = signed_number(rest, 42, 4);
    read_extra(rest.substr(kDirectoryEntry + name_length, extra_length), member);
    rest.remove_prefix(length);
    if (name.ends_with('/') || name.ends_with('\\')) continue;
    if (zip.members_.size() == kMostMembers) return fail(Code::TooLarge, "It holds more than {} files.", kMostMembers);
    member.name = tidy_member_name(name, flags & 0x800);
    if (member.size < 0 || member.packed < 0 || member.packed > input.size()) return broken();
    packed += member.packed;
    if (packed > input.size()) return fail(Code::Corrupt, "Its members share their bytes, as no program packs them.");
    zip.members_.push_back(std::move(member));
  }
  if (zip.members_.empty() && directory.size > 0) return broken();
  return zip;
}

const ZipMember* Zip::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [&](const auto& one) { return one.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

Result<Extent> Zip::packed_at(const ZipMember& member) const {
  const auto local = TRY(input_->read(member.header, kLocalHeader));
  if (local.size() != kLocalHeader || !local.starts_with("PK\x03\x04")) return fail(Code::Corrupt, "It is not where the archive says.");
  const auto start = member.header + static_cast<std::int64_t>(kLocalHeader + number(local, 26, 2) + number(local, 28, 2));
  if (start > input_->size() || member.packed > input_->size() - start) return fail(Code::Corrupt, "It ends too early.");
  return Extent{start, member.packed};
}

Result<std::optional<Extent>> Zip::stored_at(const ZipMember& member) const {
  if (member.method != kStored || member.encrypted) return std::nullopt;
  if (member.size != member.packed) return fail(Code::Corrupt, "The archive says two different sizes of it.");
  return TRY(packed_at(member));
}

Result<std::unique_ptr<Input>> Zip::open_member(const ZipMember& member) const {
  if (member.encrypted) return fail(Code::Unsupported, "It is encrypted.");
  if (const auto stored = TRY(stored_at(member))) return std::make_unique<SliceInput>(*input_, *stored);
  if (member.method != kDeflated) return fail(Code::Unsupported, "It is compressed in a way that is not read (method {}).", member.method);
  return std::make_unique<InflateInput>(*input_, TRY(packed_at(member)), Compression::Deflate, member.size);
}

Result<std::string> Zip::read(const ZipMember& member, std::size_t most) const {
  const auto opened = TRY(open_member(member));
  return opened->read_all(most);
}

Result<std::string> Zip::read(std::string_view name, std::size_t most) const {
  const auto* member = find(name);
  if (!member) return fail(Code::NotFound, "It holds no {}.", name);
  return read(*member, most);
}

}  // namespace hearth::memory::extract
