#include <cstdlib>

#include "base/bytes.h"
#include "memory/extract/archive.h"
#include "memory/extract/audio.h"
#include "memory/extract/exif.h"
#include "memory/extract/mail.h"
#include "memory/extract/markdown.h"
#include "memory/extract/office.h"
#include "memory/extract/page_reader.h"
#include "memory/extract/photo.h"
#include "memory/extract/rtf.h"

// The first byte chooses a format, the rest is its input: what it tells is sound, whatever the input. PDF is poppler's, which
// has its own fuzzers; it may take longer than a fuzzer waits.
namespace {

using namespace hearth::memory::extract;

class Checked final : public Sink {
 public:
  explicit Checked(std::int64_t size) : size_(size) {}
  hearth::Result<bool> begin(Extent) override { return ++begun_ < 10'000; }
  hearth::Result<> item(ItemText item, Original original) override {
    if (!hearth::is_utf8(item.text) || !hearth::is_utf8(item.item.title) || !hearth::is_utf8(item.within)) std::abort();
    if (item.item.key.size() != 32) std::abort();
    for (const auto& tag : item.item.tags) {
      if (!hearth::is_utf8(tag)) std::abort();
    }
    for (const auto& person : item.item.people) {
      if (!hearth::is_utf8(person.name)) std::abort();
    }
    std::int64_t last = -1;
    for (const auto passage : item.item.passages) {
      if (passage <= last || (last < 0 && passage != 0) || passage >= static_cast<std::int64_t>(item.text.size())) std::abort();
      last = passage;
    }
    if (!original.bytes && (original.extent.offset < 0 || original.extent.length < 0 || original.extent.length > size_ - original.extent.offset)) std::abort();
    return {};
  }
  hearth::Result<> failed(std::string reason) override {
    if (reason.empty()) std::abort();
    return {};
  }

 private:
  std::int64_t size_;
  int begun_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  static constexpr PageReader kNoText{[](const Input&, Sink&) { return hearth::Result<Paper>(); },
                                      [](std::string_view, int, Sink&) { return hearth::Result<std::string>(); }, [] { return false; }};
  static const bool prepared = (prepare_mail(), use_page_reader(kNoText), true);
  (void)prepared;
  if (size == 0) return 0;
  const BytesInput input(std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1));
  Checked sink(input.size());
  Request request;
  request.name = "a.gz";
  using Read = hearth::Result<> (*)(const Request&, const Input&, Sink&);
  constexpr Read kReaders[] = {read_zip_archive, read_tar_archive, read_gzip_file,  read_word_document, read_presentation, read_spreadsheet,
                               read_open_document, read_ebook,     read_rtf_file,   read_photo,         read_audio};
  const auto chosen = bytes[0] % (std::size(kReaders) + 2);
  if (chosen < std::size(kReaders)) {
    (void)kReaders[chosen](request, input, sink);
  } else if (chosen == std::size(kReaders)) {
    const auto all = *input.read_all();
    const auto exif = read_exif(all);
    if (!hearth::is_utf8(exif.camera) || !hearth::is_utf8(exif.description)) std::abort();
    (void)time_in_name(all);
  } else if (const auto all = *input.read_all(); hearth::is_utf8(all)) {
    const auto note = read_markdown(all);
    if (!hearth::is_utf8(note.text)) std::abort();
  }
  return 0;
}
