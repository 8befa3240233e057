#include "memory/extract/photo.h"

#include <algorithm>

#include "memory/extract/charset.h"
#include "memory/extract/exif.h"
#include "memory/extract/page_reader.h"

namespace hearth::memory::extract {
namespace {

constexpr std::int64_t kSmallest = 2 << 10;  // smaller ones are icons
constexpr std::size_t kMostExif = 1 << 20;
constexpr int kMostSegments = 10'000;
constexpr std::size_t kMostMeta = 4 << 20;
constexpr std::size_t kMostPictureBytes = 64 << 20;

enum class Picture { None, Jpeg, Png, WebP, Tiff, Heif };

Picture kind_of(std::string_view head) {
  if (head.size() < 16) return Picture::None;
  if (head.starts_with("\xFF\xD8\xFF")) return Picture::Jpeg;
  if (head.starts_with("\x89PNG\r\n\x1A\n")) return Picture::Png;
  if (head.starts_with("RIFF") && head.substr(8, 4) == "WEBP") return Picture::WebP;
  if (head.starts_with(std::string_view("II*\0", 4)) || head.starts_with(std::string_view("MM\0*", 4))) return Picture::Tiff;
  if (head.substr(4, 4) == "ftyp") {
    for (const auto* brand : {"heic", "heix", "mif1", "msf1", "avif", "hevc"}) {
      if (head.substr(8, 4) == brand) return Picture::Heif;
    }
  }
  return Picture::None;
}

std::uint64_t big(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value = value << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0);
  return value;
}
std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint64_t value = 0;
  for (std::size_t i = length; i-- > 0;) value = value << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0);
  return value;
}

std::string piece(const Input& input, std::int64_t at, std::uint64_t length) {
  return input.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(length, kMostExif))).value_or("");
}

// JPEG: the APP1 segment that begins with "Exif".
std::string jpeg_exif(const Input& input) {
  std::int64_t at = 2;
  for (int i = 0; i < kMostSegments; ++i) {
    const auto head = piece(input, at, 10);
    if (head.size() < 10 || head[0] != '\xFF') return "";
    const auto marker = static_cast<unsigned char>(head[1]);
    if (marker == 0xDA || marker == 0xD9) return "";
    const auto length = static_cast<std::int64_t>(big(head, 2, 2));
    if (marker == 0xE1 && std::string_view(head).substr(4) == std::string_view("Exif\0\0", 6)) return piece(input, at + 10, static_cast<std::uint64_t>(std::max<std::int64_t>(length - 8, 0)));
    at += 2 + std::max<std::int64_t>(length, 2);
  }
  return "";
}

std::string png_exif(const Input& input) {
  std::int64_t at = 8;
  for (int i = 0; i < kMostSegments; ++i) {
    const auto head = piece(input, at, 8);
    if (head.size() < 8) return "";
    const auto length = static_cast<std::int64_t>(big(head, 0, 4));
    const auto type = std::string_view(head).substr(4);
    if (type == "eXIf") return piece(input, at + 8, static_cast<std::uint64_t>(length));
    if (type == "IEND") return "";
    at += 12 + length;
  }
  return "";
}

std::string webp_exif(const Input& input) {
  std::int64_t at = 12;
  for (int i = 0; i < kMostSegments; ++i) {
    const auto head = piece(input, at, 8);
    if (head.size() < 8) return "";
    const auto length = static_cast<std::int64_t>(little(head, 4, 4));
    if (head.starts_with("EXIF")) {
      auto block = piece(input, at + 8, static_cast<std::uint64_t>(length));
      return block.starts_with(std::string_view("Exif\0\0", 6)) ? block.substr(6) : block;
    }
    at += 8 + length + (length & 1);
  }
  return "";
}

// HEIF (ISO 23008-12): the "meta" box says which item is Exif and where it lies (ISO 14496-12 §8.11).
class HeifMeta {
 public:
  explicit HeifMeta(const Input& input) : input_(input) {}

  std::string exif() {
    std::int64_t at = 0;
    for (int i = 0; i < 100 && at < input_.size(); ++i) {
      const auto head = piece(input_, at, 16);
      if (head.size() < 8) return "";
      auto length = static_cast<std::int64_t>(big(head, 0, 4));
      if (length == 1) length = static_cast<std::int64_t>(big(head, 8, 8) & 0x7FFF'FFFF'FFFF);
      if (length < 8) return "";
      if (std::string_view(head).substr(4, 4) == "meta") {
        meta_ = input_.read(at, static_cast<std::size_t>(std::min<std::int64_t>(length, kMostMeta))).value_or("");
        return find();
      }
      at += length;
    }
    return "";
  }

 private:
  // Calls `take` with the type and place of each box in [at, end) of the meta box.
  template <typename Take>
  void boxes(std::size_t at, std::size_t end, Take take) const {
    end = std::min(end, meta_.size());
    for (int i = 0; i < 1000 && at + 8 <= end; ++i) {
      const auto length = static_cast<std::size_t>(big(meta_, at, 4));
      if (length < 8 || length > end - at) return;
      take(std::string_view(meta_).substr(at + 4, 4), at + 8, at + length);
      at += length;
    }
  }

  std::string find() {
    boxes(12, meta_.size(), [&](std::string_view type, std::size_t at, std::size_t end) {
      if (type == "iinf") {
        const auto version = big(meta_, at, 1);
        boxes(at + (version == 0 ? 6 : 8), end, [&](std::string_view inner, std::size_t entry, std::size_t) {
          const auto entry_version = big(meta_, entry, 1);
          const std::size_t id_length = entry_version == 3 ? 4 : 2;
          if (inner == "infe" && entry_version >= 2 && std::string_view(meta_).substr(std::min(entry + 6 + id_length, meta_.size()), 4) == "Exif") {
            id_ = big(meta_, entry + 4, id_length);
          }
        });
      } else if (type == "iloc") {
        iloc_ = at;
        iloc_end_ = end;
      }
    });
    if (!id_ || iloc_ == 0) return "";
    const auto version = big(meta_, iloc_, 1);
    const auto sizes = big(meta_, iloc_ + 4, 2);
    const std::size_t offset_size = sizes >> 12 & 15, length_size = sizes >> 8 & 15, base_size = sizes >> 4 & 15;
    const std::size_t index_size = version == 0 ? 0 : sizes & 15;
    const std::size_t id_size = version < 2 ? 2 : 4;
    if (std::max({offset_size, length_size, base_size, index_size}) > 8) return "";
    std::size_t at = iloc_ + 6;
    const auto count = big(meta_, at, id_size);
    at += id_size;
    for (std::uint64_t i = 0; i < count && at < iloc_end_; ++i) {
      const auto id = big(meta_, at, id_size);
      at += id_size;
      const auto method = version == 0 ? 0 : big(meta_, at, 2) & 15;
      at += version == 0 ? 0 : 2;
      at += 2;  // the data reference
      const auto base = big(meta_, at, base_size);
      at += base_size;
      const auto extents = big(meta_, at, 2);
      at += 2;
      for (std::uint64_t e = 0; e < extents && at < iloc_end_; ++e) {
        at += index_size;
        const auto offset = big(meta_, at, offset_size);
        at += offset_size;
        const auto length = big(meta_, at, length_size);
        at += length_size;
        if (id != *id_ || method != 0 || e > 0) continue;
        const auto block = piece(input_, static_cast<std::int64_t>((base + offset) & 0x7FFF'FFFF'FFFF), length);
        const auto skip = big(block, 0, 4) + 4;  // to the TIFF header
        return skip < block.size() ? block.substr(static_cast<std::size_t>(skip)) : "";
      }
    }
    return "";
  }

  const Input& input_;
  std::string meta_;
  std::optional<std::uint64_t> id_;
  std::size_t iloc_ = 0;
  std::size_t iloc_end_ = 0;
};

std::string_view type_of(Picture kind, std::string_view name) {
  switch (kind) {
    case Picture::Jpeg: return "image/jpeg";
    case Picture::Png: return "image/png";
    case Picture::WebP: return "image/webp";
    case Picture::Tiff: return "image/tiff";
    default: return name.ends_with(".avif") ? "image/avif" : "image/heic";
  }
}

}  // namespace

std::string find_exif(const Input& input) {
  switch (kind_of(piece(input, 0, 16))) {
    case Picture::Jpeg: return jpeg_exif(input);
    case Picture::Png: return png_exif(input);
    case Picture::WebP: return webp_exif(input);
    case Picture::Tiff: return piece(input, 0, kMostExif);
    case Picture::Heif: return HeifMeta(input).exif();
    case Picture::None: return "";
  }
  return "";
}

bool is_photo(const Probe& probe) { return probe.input.size() >= kSmallest && kind_of(probe.head) != Picture::None; }

Result<> read_photo(const Request& request, const Input& input, Sink& sink) {
  const auto kind = kind_of(piece(input, 0, 16));
  const bool may_hold_text = kind != Picture::Heif && input.size() <= static_cast<std::int64_t>(kMostPictureBytes);
  const auto* pages = page_reader();
  if (may_hold_text && !pages) return sink.needs_pages();
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  auto key = file_key(input);
  if (!key) return sink.failed(key.error().message());
  const auto exif = read_exif(find_exif(input));
  ItemText result;
  auto& item = result.item;
  item.key = *std::move(key);
  item.kind = ItemKind::Photo;
  item.type = type_of(kind, request.name);
  item.title = to_utf8(without_ending(request.name), "");
  item.outside = true;
  item.time = exif.time;
  item.certainty = exif.certainty;
  item.zone = exif.zone;
  if (const auto named = item.time ? std::nullopt : time_in_name(request.name)) {
    item.time = named->time;
    item.certainty = named->whole_day ? TimeCertainty::Day : TimeCertainty::Zone;
  }
  if (!item.time) {
    item.time = request.modified;
    item.certainty = TimeCertainty::File;
  }
  if (!exif.artist.empty()) item.people.push_back({Role::Author, exif.artist, ""});
  if (exif.latitude) item.places.push_back({"", exif.latitude, exif.longitude});
  result.text = exif.description;
  if (!exif.camera.empty()) result.text += (result.text.empty() ? "" : "\n") + exif.camera;
  if (may_hold_text) {
    result.pictures_unread = !pages->recognises_text();
    if (const auto bytes = input.read_all(kMostPictureBytes)) {
      const auto text = TRY(pages->picture(*bytes, exif.orientation, sink));
      if (!text.empty()) result.text += (result.text.empty() ? "" : "\n\n") + text;
    }
  }
  cut_passages(result);
  return sink.item(std::move(result), {whole, {}});
}

}  // namespace hearth::memory::extract
