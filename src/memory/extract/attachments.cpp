#include "memory/extract/attachments.h"

#include "memory/extract/archive.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostAttached = 200;

// What is read of an attachment, told as part of its mail.
class PartSink final : public Sink {
 public:
  PartSink(Sink& outer, const FormatReader& format, const Item& mail, std::string path, const Input& input)
      : outer_(outer), format_(format), mail_(mail), path_(std::move(path)), input_(input) {}

  Result<bool> begin(Extent) override { return begin_part(inner_); }
  Result<bool> begin_part(std::string_view path) override { return outer_.begin_part(path.empty() ? path_ : path_ + "/#" + std::string(path)); }
  Result<> item(ItemText item, Original original) override {
    if (item.within.empty() && format_.many) item.within = item.item.key;
    item.within = item.within.empty() ? path_ : path_ + "/#" + item.within;
    // The same file may lie elsewhere as well: as part of this mail it comes and goes with the mail.
    item.item.part_of = item.item.part_of.empty() ? mail_.key : content_key({mail_.key, item.item.part_of});
    item.item.key = content_key({mail_.key, item.item.key});
    item.item.outside = true;
    if (!original.bytes) {
      original.bytes = TRY(input_.read(original.extent.offset, static_cast<std::size_t>(std::max<std::int64_t>(original.extent.length, 0))));
    }
    return outer_.item(std::move(item), std::move(original));
  }
  Result<> failed(std::string reason) override { return outer_.failed(std::move(reason)); }
  Result<> more_time(int seconds) override { return outer_.more_time(seconds); }
  Result<> needs_pages() override { return outer_.needs_pages(); }
  void within(std::string_view path) override { inner_ = path; }

 private:
  Sink& outer_;
  const FormatReader& format_;
  const Item& mail_;
  std::string path_;
  std::string inner_;
  const Input& input_;
};

// An attachment lies one level deeper than its mail.
class AttachedInput final : public Input {
 public:
  AttachedInput(const std::string& bytes, int depth) : bytes_(bytes), depth_(depth) {}
  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }
  Result<std::size_t> read_at(std::int64_t offset, std::span<char> into) const override {
    if (offset < 0 || offset >= size()) return 0;
    return bytes_.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
  }
  int depth() const override { return depth_; }

 private:
  const std::string& bytes_;
  int depth_;
};

}  // namespace

Result<> read_attachments(const Item& mail, const std::vector<Attached>& files, int depth, Sink& sink) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i == kMostAttached) return sink.failed("It has too many attachments; the rest of them is left out.");
    Request request;
    request.name = tidy_member_name(files[i].name, true);
    request.modified = mail.time;
    const AttachedInput input(files[i].bytes, depth + 1);
    // Looking at it may crash already.
    const auto path = fmt::format("{}/attachment/{}", mail.key, i + 1);
    if (!TRY(sink.begin_part(path))) continue;
    const auto* format = find_format(request, input);
    if (!format) continue;
    if (depth >= kDeepestArchive) {
      TRY(sink.failed("It lies too deep in other archives."));
      continue;
    }
    PartSink parts(sink, *format, mail, path, input);
    if (const auto read = format->read(request, input, parts); !read) TRY(sink.failed(read.error().message()));
  }
  return {};
}

}  // namespace hearth::memory::extract
