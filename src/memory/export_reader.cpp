#include "memory/export_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "memory/walk.h"

namespace hearth::memory {
namespace {

constexpr std::size_t kItemsAtOnce = 200;
constexpr std::size_t kBytesAtOnce = 8 << 20;
constexpr std::size_t kLongestLine = 256 << 20;
constexpr std::int64_t kLargestOriginal = 1LL << 31;
constexpr std::int64_t kLargestManifest = 1 << 20;

// A file of the export: not outside of it, whatever an export may say.
Result<Descriptor> open_inside(const std::filesystem::path& folder, const std::string& name) {
  const auto root = open_origin(folder.string(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (!root) return std::unexpected(Error::from_errno(errno, "opening {}", folder.string()));
  auto file = open_beneath(root.get(), name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (!file) return fail(Code::NotFound, "The export has no {}. It may not be whole.", name);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return fail(Code::InvalidInput, "{} of the export is no file.", name);
  return file;
}

Result<std::string> read_piece(int file, std::int64_t start, std::int64_t length, const std::string& name) {
  if (start < 0 || length < 0 || length > kLargestOriginal) return fail(Code::InvalidInput, "The export is damaged: {} of {} bytes at {}.", name, length, start);
  struct stat status {};
  if (::fstat(file, &status) != 0 || start > status.st_size || length > status.st_size - start) {
    return fail(Code::InvalidInput, "The export is damaged: {} is shorter than it should be.", name);
  }
  std::string bytes(static_cast<std::size_t>(length), '\0');
  for (std::size_t filled = 0; filled < bytes.size();) {
    const auto got = ::pread(file, bytes.data() + filled, bytes.size() - filled, start + static_cast<std::int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::unexpected(Error::from_errno(errno, "reading the export"));
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

// The lines of a file, one described struct each.
class ExportReader::Lines {
 public:
  static Result<Lines> open(const std::filesystem::path& folder, std::string name, std::int64_t from) {
    auto file = TRY(open_inside(folder, name));
    return Lines(std::move(file), std::move(name), from);
  }
  // None at the end.
  template <typename T>
  Result<std::optional<T>> next() {
    std::string line;
    while (true) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        line = buffer_.substr(at_, end - at_);
        at_ = end + 1;
        offset_ += static_cast<std::int64_t>(line.size()) + 1;
        break;
      }
      if (buffer_.size() - at_ > kLongestLine) return fail(Code::TooLarge, "The export is damaged: a line of {} has no end.", name_);
      if (!TRY(fill())) {
        if (at_ < buffer_.size()) return fail(Code::InvalidInput, "The export is damaged: {} ends in the middle of a line.", name_);
        return std::nullopt;
      }
    }
    const auto parsed = Json::parse(line);
    auto value = parsed ? from_json<T>(*parsed) : Result<T>(std::unexpected(parsed.error()));
    if (!value) return fail(Code::InvalidInput, "The export is damaged: {} before byte {}: {}", name_, offset_, value.error().sentence());
    return *std::move(value);
  }
  std::int64_t offset() const { return offset_; }

 private:
  Lines(Descriptor file, std::string name, std::int64_t from) : file_(std::move(file)), name_(std::move(name)), offset_(from), read_(from) {}
  Result<bool> fill() {
    buffer_.erase(0, at_);
    at_ = 0;
    const auto before = buffer_.size();
    buffer_.resize(before + (256 << 10));
    const auto got = ::pread(file_.get(), buffer_.data() + before, 256 << 10, read_);
    if (got < 0) return std::unexpected(Error::from_errno(errno, "reading the export"));
    buffer_.resize(before + static_cast<std::size_t>(got));
    read_ += got;
    return got > 0;
  }
  Descriptor file_;
  std::string name_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t offset_;
  std::int64_t read_;
};

template <typename T>
Result<std::vector<T>> ExportReader::read_all(const std::filesystem::path& folder, const std::string& name) {
  Lines lines = TRY(Lines::open(folder, name, 0));
  std::vector<T> all;
  while (auto one = TRY(lines.template next<T>())) all.push_back(*std::move(one));
  return all;
}

Result<ExportReader> ExportReader::open(std::filesystem::path folder, std::int64_t offset) {
  const auto file = TRY(open_inside(folder, "manifest.json"));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || status.st_size > kLargestManifest) return fail(Code::InvalidInput, "The export's manifest is damaged.");
  const auto bytes = TRY(read_piece(file.get(), 0, status.st_size, "manifest.json"));
  const auto parsed = TRY(Json::parse(bytes));
  const auto version = parsed.find("version");
  if (!version || !version->as_integer()) return fail(Code::InvalidInput, "The export's manifest is damaged.");
  if (*version->as_integer() > kExportVersion) return fail(Code::Unsupported, "This was exported by a newer Hearth. Update Hearth.");
  const auto manifest = TRY(from_json<Manifest>(parsed));
  auto sources = TRY(read_all<ExportedSource>(folder, "sources.jsonl"));
  auto items = std::make_shared<Lines>(TRY(Lines::open(folder, "items.jsonl", offset)));
  return ExportReader(std::move(folder), std::move(sources), std::move(items), manifest.items);
}

Result<ExportReader::Arrived> ExportReader::arrive(ExportedItem item) const {
  Arrived arrived;
  for (const auto& passage : item.passages) arrived.text += passage;
  for (const auto& origin : item.origins) {
    if (origin.file.empty()) {
      arrived.originals.emplace_back();
      continue;
    }
    const auto file = TRY(open_inside(folder_, origin.file));
    auto bytes = TRY(read_piece(file.get(), origin.start, origin.length, origin.file));
    arrived.originals.push_back(origin.quoted ? unquote_mbox(bytes) : std::move(bytes));
  }
  if (!from_hex(item.key) || item.key.size() != 32 || !from_hex(item.part_of)) return fail(Code::InvalidInput, "The export is damaged: {} is no key.", item.key);
  arrived.item = std::move(item);
  return arrived;
}

Result<ExportReader::Page> ExportReader::next_page() {
  Page page;
  std::size_t bytes = 0;
  while (page.items.size() < kItemsAtOnce && bytes < kBytesAtOnce) {
    auto item = TRY(items_->next<ExportedItem>());
    if (!item) {
      page.finished = true;
      break;
    }
    page.items.push_back(TRY(arrive(*std::move(item))));
    bytes += page.items.back().text.size();
    for (const auto& original : page.items.back().originals) bytes += original.size();
  }
  page.offset = items_->offset();
  return page;
}

Result<ExportReader::People> ExportReader::people() const {
  People all;
  all.people = TRY(read_all<ExportedPerson>(folder_, "people.jsonl"));
  all.merges = TRY(read_all<ExportedMerge>(folder_, "merges.jsonl"));
  return all;
}

Result<ExportReader::Rest> ExportReader::rest() const {
  Rest all;
  all.searches = TRY(read_all<ExportedSearch>(folder_, "searches.jsonl"));
  all.settled = TRY(read_all<ExportedSettled>(folder_, "settled.jsonl"));
  all.forgotten = TRY(read_all<ExportedForgotten>(folder_, "forgotten.jsonl"));
  auto failures = read_all<ExportedFailure>(folder_, "failures.jsonl");
  if (!failures && failures.error().code() != Code::NotFound) return std::unexpected(failures.error());
  if (failures) all.failures = *std::move(failures);
  return all;
}

}  // namespace hearth::memory
