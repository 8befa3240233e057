#include "memory/extract/archive.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kLongestTarName = 64 << 10;
constexpr std::int64_t kLifeSign = 64 << 20;  // unpacked without saying anything
constexpr std::int64_t kAlwaysUnpacked = std::int64_t{1} << 30;

// What an inner format reads, told to the outer sink in terms of the outer input.
class InnerSink final : public Sink {
 public:
  InnerSink(Sink& outer, const FormatReader& format, std::string_view path, const Input& input, std::optional<Extent> at, std::int64_t& numbers)
      : outer_(outer), format_(format), path_(path), input_(input), at_(at), numbers_(numbers) {}

  Result<bool> begin(Extent) override {
    outer_.within(inner_.empty() ? path_ : path_ + "/#" + inner_);
    return outer_.begin({numbers_++, 0});
  }
  Result<bool> begin_part(std::string_view path) override {
    outer_.within(path_ + "/#" + std::string(path));
    return outer_.begin({numbers_++, 0});
  }
  Result<> item(ItemText item, Original original) override {
    if (item.within.empty() && format_.many) item.within = item.item.key;
    item.within = item.within.empty() ? path_ : path_ + "/#" + item.within;
    if (!original.bytes) {
      if (at_) {
        original.extent.offset += at_->offset;
      } else if (original.extent.length > static_cast<std::int64_t>(kLargestItem)) {
        return failed(fmt::format("Larger than {} MB.", kLargestItem >> 20));
      } else {
        original.bytes = TRY(input_.read(original.extent.offset, static_cast<std::size_t>(original.extent.length)));
      }
    }
    return outer_.item(std::move(item), std::move(original));
  }
  Result<> failed(std::string reason) override { return outer_.failed(std::move(reason)); }
  Result<> more_time(int seconds) override { return outer_.more_time(seconds); }
  Result<> needs_pages() override { return outer_.needs_pages(); }
  Result<> foreign() override { return outer_.foreign(); }
  void within(std::string_view path) override {
    inner_ = path;
    outer_.within(path.empty() ? path_ : path_ + "/#" + inner_);
  }

 private:
  Sink& outer_;
  const FormatReader& format_;
  std::string path_;
  std::string inner_;
  const Input& input_;
  std::optional<Extent> at_;
  std::int64_t& numbers_;
};

// The member of this path; null when there is none.
using FindMember = std::function<std::shared_ptr<const Input>(const std::string& path)>;

// A member's bytes, one archive deeper than the archive.
class MemberInput final : public Input {
 public:
  // `find`: empty when the archive cannot be searched.
  MemberInput(const Input& bytes, int depth, std::string_view name, const FindMember& find)
      : bytes_(bytes), depth_(depth), folder_(name.substr(0, name.rfind('/') == name.npos ? 0 : name.rfind('/') + 1)), find_(find) {}
  std::shared_ptr<const Input> beside(std::string_view name) const override {
    auto folder = folder_;
    if (name.starts_with("../")) {
      if (folder.size() < 2) return nullptr;
      const auto above = folder.rfind('/', folder.size() - 2);
      folder.resize(above == folder.npos ? 0 : above + 1);
      name.remove_prefix(3);
    }
    return find_ ? find_(folder + std::string(name)) : nullptr;
  }
  bool sees_beside() const override { return static_cast<bool>(find_); }
  std::int64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override { return bytes_.read_at(offset, into); }
  int depth() const override { return depth_; }

 private:
  const Input& bytes_;
  int depth_;
  std::string folder_;
  const FindMember& find_;
};

// Names of members, each used once: a second member of the same name gets a number.
class Names {
 public:
  std::string unique(const std::string& name) {
    if (used_.insert(std::hash<std::string>()(name)).second) return name;
    for (int number = 2;; ++number) {
      auto other = fmt::format("{} ({})", name, number);
      if (used_.insert(std::hash<std::string>()(other)).second) return other;
    }
  }

 private:
  std::unordered_set<std::size_t> used_;
};

// What programs leave in archives for themselves.
bool is_hidden(std::string_view name) {
  return name.empty() || name.starts_with('.') || name.find("/.") != name.npos || name.starts_with("__MACOSX/");
}

Result<> read_member(const Request& request, const Member& member, const std::string& path, const Input& bytes,
                     std::optional<Extent> at, std::int64_t& numbers, Sink& sink, int depth, const FindMember& find = {}) {
  sink.within(path);
  if (!TRY(sink.begin({numbers++, 0}))) return {};
  if (const auto head = bytes.read(0, kProbed); !head) return sink.failed(head.error().message());
  const MemberInput input(bytes, depth + 1, member.name, find);
  return read_inside(request, member, path, input, at, numbers, sink);
}

Result<> too_deep(Sink& sink) {
  if (!TRY(sink.begin({0, 0}))) return {};
  return sink.failed("It lies too deep in other archives.");
}

std::int64_t most_unpacked(const Input& input) { return kAlwaysUnpacked + input.size() * kMostGrowth; }

std::unexpected<Error> unpacks_to_too_much() { return fail(Code::TooLarge, "It unpacks to too much; the rest of it is left out."); }

// --- tar: POSIX.1-2001 ustar and pax, GNU's long names ---

std::string_view field(std::string_view block, std::size_t at, std::size_t length) {
  const auto bytes = block.substr(at, length);
  return bytes.substr(0, std::min(bytes.find('\0'), bytes.size()));
}

// An octal number, or GNU's binary one.
std::int64_t tar_number(std::string_view bytes) {
  std::int64_t value = 0;
  if (!bytes.empty() && (bytes[0] & 0x80)) {
    for (std::size_t i = bytes.size() > 8 ? bytes.size() - 8 : 1; i < bytes.size(); ++i) value = (value << 8 | static_cast<unsigned char>(bytes[i])) & 0x7FFF'FFFF'FFFF'FFFF;
    return value;
  }
  for (const char c : bytes) {
    if (c >= '0' && c <= '7') value = (value << 3 | (c - '0')) & 0x7FFF'FFFF'FFFF'FFFF;
    if (c == '\0' || (c == ' ' && value > 0)) break;
  }
  return value;
}

bool is_tar_header(std::string_view block) {
  if (block.size() < kBlock) return false;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(block[i]);
  return sum == tar_number(block.substr(148, 8)) && sum != 8 * ' ';
}

// What pax headers say of the next member.
struct Pax {
  std::string path;
  std::optional<std::int64_t> size;
  std::optional<std::int64_t> time;
};

std::int64_t decimal(std::string_view text) {
  std::int64_t value = 0;
  for (const char c : text.substr(0, 18)) {
    if (c < '0' || c > '9') break;
    value = value * 10 + (c - '0');
  }
  return value;
}

void read_pax(std::string_view records, Pax& pax) {
  while (!records.empty()) {
    const auto space = records.find(' ');
    const auto length = static_cast<std::size_t>(decimal(records));
    if (space == records.npos || length <= space + 1 || length > records.size()) return;
    const auto record = records.substr(space + 1, length - space - 2);
    const auto equals = record.find('=');
    if (equals == record.npos) return;
    const auto name = record.substr(0, equals);
    const auto value = record.substr(equals + 1);
    if (name == "path") pax.path = value;
    if (name == "size") pax.size = decimal(value);
    if (name == "mtime") pax.time = decimal(value);
    records.remove_prefix(length);
  }
}

// `packed`: the members' bytes do not lie in the outer input as they are.
enum class Bytes { Plain, Packed };
Result<> read_tar(const Request& request, const Input& tar, Bytes kind, std::int64_t most, int depth, Sink& sink) {
  Names names;
  std::int64_t numbers = 0;
  Pax pax;
  std::int64_t at = 0;
  std::int64_t said = 0;  // up to where there was a sign of life
  while (true) {
    while (at - said > kLifeSign) {  // passing over a large member of a packed archive means unpacking it
      said += kLifeSign;
      (void)TRY(sink.begin({numbers++, 0}));
      if (kind == Bytes::Packed) TRY(tar.read(said, 1));
    }
    const auto block = TRY(tar.read(at, kBlock));
    if (block.empty() || (block.size() == kBlock && block.find_first_not_of('\0') == block.npos)) return {};
    if (!is_tar_header(block)) return fail(Code::Corrupt, "It is broken after {} bytes.", at);
    const char type = block[156];
    auto size = tar_number(std::string_view(block).substr(124, 12));
    const bool describes = type == 'x' || type == 'g' || type == 'L' || type == 'K';
    if (!describes && pax.size) size = *pax.size;
    const auto start = at + static_cast<std::int64_t>(kBlock);
    if (size > most - start) {
      if (kind == Bytes::Packed) return unpacks_to_too_much();
      return fail(Code::Corrupt, "It ends too early.");
    }
    at = start + (size + static_cast<std::int64_t>(kBlock) - 1) / static_cast<std::int64_t>(kBlock) * static_cast<std::int64_t>(kBlock);
    if (describes) {
      if (type == 'K' || type == 'g' || size > static_cast<std::int64_t>(kLongestTarName)) continue;
      const auto bytes = TRY(tar.read(start, static_cast<std::size_t>(size)));
      if (type == 'x') read_pax(bytes, pax);
      if (type == 'L') pax.path = field(bytes, 0, bytes.size());
      continue;
    }
    const auto described = std::exchange(pax, {});
    if (type != '0' && type != '\0' && type != '7') continue;
    std::string name = described.path;
    if (name.empty()) {
      const bool ustar = std::string_view(block).substr(257, 6) == std::string_view("ustar\0", 6);
      const auto prefix = ustar ? field(block, 345, 155) : std::string_view();
      name = prefix.empty() ? std::string(field(block, 0, 100)) : std::string(prefix) + "/" + std::string(field(block, 0, 100));
    }
    const bool folder = name.ends_with('/');
    const auto time = described.time ? *described.time : tar_number(std::string_view(block).substr(136, 12));
    Member member{tidy_member_name(name, false), size, {}};
    if (time > 0 && time < 1LL << 40) member.modified = Time(std::chrono::seconds(time));
    if (folder || is_hidden(member.name)) continue;
    const auto path = names.unique(member.name);
    const Extent extent{start, size};
    const SliceInput slice(tar, extent);
    TRY(read_member(request, member, path, slice, kind == Bytes::Plain ? std::optional(extent) : std::nullopt, numbers, sink, depth));
    said = std::max(said, start);
  }
}

}  // namespace

Result<> read_inside(const Request& outer, const Member& member, std::string_view path, const Input& input, std::optional<Extent> at,
                     std::int64_t& numbers, Sink& sink) {
  Request request;
  request.name = member.name.substr(member.name.rfind('/') + 1);
  const auto& around = outer.path.empty() ? outer.name : outer.path;
  request.path = around.substr(0, around.rfind('.')) + "/" + member.name;
  request.modified = member.modified ? member.modified : outer.modified;
  request.seconds = outer.seconds;
  request.only = outer.only;
  const auto* format = find_format(request, input);
  if (!format) return sink.foreign();
  InnerSink inner(sink, *format, path, input, at, numbers);
  if (const auto read = format->read(request, input, inner); !read) return sink.failed(read.error().message());
  return {};
}

bool is_zip_archive(const Probe& probe) { return probe.name.ends_with(".zip") && Zip::begins_like_one(probe.head); }
bool is_tar_archive(const Probe& probe) { return probe.head.size() >= kBlock && is_tar_header(probe.head.substr(0, kBlock)); }
bool is_gzip_file(const Probe& probe) { return probe.head.starts_with("\x1F\x8B\x08"); }

Result<> read_zip_archive(const Request& request, const Input& input, Sink& sink) {
  if (input.depth() >= kDeepestArchive) return too_deep(sink);
  const auto zip = TRY(Zip::open(input));
  Names names;
  std::int64_t numbers = 0;
  std::int64_t unpacked = 0;
  std::unordered_map<std::string_view, const ZipMember*> by_name;
  for (const auto& member : zip.members()) by_name.try_emplace(member.name, &member);
  const FindMember find = [&](const std::string& name) -> std::shared_ptr<const Input> {
    const auto found = by_name.find(name);
    if (found == by_name.end()) return nullptr;
    auto bytes = zip.open_member(*found->second);
    return bytes ? std::shared_ptr<const Input>(*std::move(bytes)) : nullptr;
  };
  for (const auto& member : zip.members()) {
    if (is_hidden(member.name)) continue;
    const auto path = names.unique(member.name);
    const auto stored = zip.stored_at(member);
    auto bytes = zip.open_member(member);
    if (!bytes || !stored) {
      sink.within(path);
      if (TRY(sink.begin({numbers++, 0}))) TRY(sink.failed((bytes ? stored.error() : bytes.error()).message()));
      continue;
    }
    unpacked += std::min(member.size, member.packed * kMostGrowth);
    if (unpacked > most_unpacked(input)) return unpacks_to_too_much();
    TRY(read_member(request, member, path, **bytes, *stored, numbers, sink, input.depth(), find));
  }
  sink.within("");
  return {};
}

Result<> read_tar_archive(const Request& request, const Input& input, Sink& sink) {
  if (input.depth() >= kDeepestArchive) return too_deep(sink);
  return read_tar(request, input, Bytes::Plain, input.size(), input.depth(), sink);
}

Result<> read_gzip_file(const Request& request, const Input& input, Sink& sink) {
  if (input.depth() >= kDeepestArchive) return too_deep(sink);
  const InflateInput unpacked(input, {0, input.size()}, Compression::Gzip, kUnknownSize);
  const auto head = TRY(unpacked.read(0, kBlock));
  if (is_tar_header(head)) return read_tar(request, unpacked, Bytes::Packed, most_unpacked(input), input.depth(), sink);
  Member member{request.name, TRY(unpacked.measure()), request.modified};
  if (member.name.ends_with(".gz")) member.name.resize(member.name.size() - 3);
  if (member.name.empty()) member.name = "unpacked";
  const InflateInput sized(input, {0, input.size()}, Compression::Gzip, member.size);
  std::int64_t numbers = 0;
  return read_member(request, member, tidy_member_name(member.name, true), sized, {}, numbers, sink, input.depth());
}

}  // namespace hearth::memory::extract
