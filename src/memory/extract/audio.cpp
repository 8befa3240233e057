#include "memory/extract/audio.h"

#include <taglib/aifffile.h>
#include <taglib/audioproperties.h>
#include <taglib/flacfile.h>
#include <taglib/id3v2framefactory.h>
#include <taglib/mp4file.h>
#include <taglib/mpegfile.h>
#include <taglib/oggfile.h>
#include <taglib/opusfile.h>
#include <taglib/tag.h>
#include <taglib/tiostream.h>
#include <taglib/tpropertymap.h>
#include <taglib/vorbisfile.h>
#include <taglib/wavfile.h>

#include <algorithm>
#include <memory>

#include "memory/extract/charset.h"
#include "memory/extract/exif.h"
#include "memory/extract/paper.h"

namespace hearth::memory::extract {
namespace {

constexpr std::int64_t kLongestSeconds = 7 * 24 * 3600;
constexpr std::int64_t kMostAtOnce = 8 << 20;

enum class Kind { None, Mpeg, Mp4, Vorbis, Opus, Flac, Wav, Aiff };

Kind kind_of(std::string_view head, std::string_view name) {
  const auto at = [&](std::size_t start, std::string_view text) { return head.size() > start && head.substr(start, text.size()) == text; };
  if (at(0, "ID3")) return name.ends_with(".flac") ? Kind::Flac : Kind::Mpeg;
  if (head.size() > 2 && head[0] == '\xFF' && (head[1] & 0xE6) == 0xE2 && name.ends_with(".mp3")) return Kind::Mpeg;
  if (at(4, "ftyp") && (at(8, "M4A") || at(8, "M4B") || ((at(8, "mp4") || at(8, "isom") || at(8, "dash") || at(8, "3gp")) &&
                                                         (name.ends_with(".m4a") || name.ends_with(".m4b") || name.ends_with(".3ga"))))) {
    return Kind::Mp4;
  }
  if (at(0, "OggS")) return head.substr(0, 200).find("OpusHead") != head.npos ? Kind::Opus : head.substr(0, 200).find("vorbis") != head.npos ? Kind::Vorbis : Kind::None;
  if (at(0, "fLaC")) return Kind::Flac;
  if (at(0, "RIFF") && at(8, "WAVE")) return Kind::Wav;
  if (at(0, "FORM") && (at(8, "AIFF") || at(8, "AIFC"))) return Kind::Aiff;
  return Kind::None;
}

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::Mpeg: return "audio/mpeg";
    case Kind::Mp4: return "audio/mp4";
    case Kind::Vorbis:
    case Kind::Opus: return "audio/ogg";
    case Kind::Flac: return "audio/flac";
    case Kind::Wav: return "audio/wav";
    default: return "audio/aiff";
  }
}

// TagLib's view of an input, to read only.
class Stream final : public TagLib::IOStream {
 public:
  explicit Stream(const Input& input) : input_(input) {}
  TagLib::FileName name() const override { return ""; }
  TagLib::ByteVector readBlock(unsigned long length) override {
    const auto wanted = std::min<std::int64_t>({static_cast<std::int64_t>(length), kMostAtOnce, input_.size() - at_});
    if (wanted <= 0) return {};
    const auto bytes = input_.read(at_, static_cast<std::size_t>(wanted)).value_or("");
    at_ += static_cast<std::int64_t>(bytes.size());
    return {bytes.data(), static_cast<unsigned int>(bytes.size())};
  }
  void writeBlock(const TagLib::ByteVector&) override {}
  void insert(const TagLib::ByteVector&, unsigned long, unsigned long) override {}
  void removeBlock(unsigned long, unsigned long) override {}
  bool readOnly() const override { return true; }
  bool isOpen() const override { return true; }
  void seek(long offset, Position from) override {
    at_ = offset + (from == Beginning ? 0 : from == Current ? at_ : input_.size());
    at_ = std::clamp<std::int64_t>(at_, 0, input_.size());
  }
  void clear() override {}
  long tell() const override { return at_; }
  long length() override { return input_.size(); }
  void truncate(long) override {}

 private:
  const Input& input_;
  std::int64_t at_ = 0;
};

std::unique_ptr<TagLib::File> open(Kind kind, Stream& stream) {
  switch (kind) {
    case Kind::Mpeg: return std::make_unique<TagLib::MPEG::File>(&stream, TagLib::ID3v2::FrameFactory::instance());
    case Kind::Mp4: return std::make_unique<TagLib::MP4::File>(&stream);
    case Kind::Vorbis: return std::make_unique<TagLib::Ogg::Vorbis::File>(&stream);
    case Kind::Opus: return std::make_unique<TagLib::Ogg::Opus::File>(&stream);
    case Kind::Flac: return std::make_unique<TagLib::FLAC::File>(&stream, TagLib::ID3v2::FrameFactory::instance());
    case Kind::Wav: return std::make_unique<TagLib::RIFF::WAV::File>(&stream);
    case Kind::Aiff: return std::make_unique<TagLib::RIFF::AIFF::File>(&stream);
    case Kind::None: return nullptr;
  }
  return nullptr;
}

std::string text_of(const TagLib::String& text) { return tidy_line(text.to8Bit(true)); }

void add_tags(const TagLib::Tag& tag, ItemText& result) {
  auto& item = result.item;
  if (auto title = text_of(tag.title()); !title.empty()) item.title = std::move(title);
  if (auto artist = text_of(tag.artist()); !artist.empty()) item.people.push_back({Role::Author, std::move(artist), ""});
  if (auto genre = text_of(tag.genre()); !genre.empty()) item.tags.push_back(std::move(genre));
  const auto properties = tag.properties();
  if (const auto found = properties.find("DATE"); found != properties.end() && !found->second.isEmpty()) {
    const auto date = text_of(found->second.front());
    // A year alone says when a song came out, not when anything happened.
    if (const auto time = date.size() >= 10 ? parse_iso_time(date) : std::nullopt) {
      item.time = time;
      item.certainty = date.size() == 10 ? TimeCertainty::Day : date.ends_with('Z') ? TimeCertainty::Exact : TimeCertainty::Zone;
    }
  }
  for (const auto& more : {tag.album(), tag.comment()}) {
    if (const auto line = text_of(more); !line.empty()) result.text += line + "\n";
  }
}

}  // namespace

bool is_audio(const Probe& probe) { return kind_of(probe.head, probe.name) != Kind::None; }

Result<> read_audio(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  auto key = file_key(input);
  if (!key) return sink.failed(key.error().message());
  std::string name = request.name;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto kind = kind_of(input.read(0, 512).value_or(""), name);
  ItemText result;
  auto& item = result.item;
  item.key = *std::move(key);
  item.kind = ItemKind::Audio;
  item.type = type_of(kind);
  item.title = to_utf8(without_ending(request.name), "");
  item.outside = true;
  Stream stream(input);
  const auto file = open(kind, stream);
  std::int64_t seconds = 0;
  if (file && file->isValid()) {
    if (const auto* tag = file->tag()) add_tags(*tag, result);
    if (const auto* audio = file->audioProperties()) seconds = audio->lengthInSeconds();
  }
  if (const auto named = item.time ? std::nullopt : time_in_name(request.name)) {
    item.time = named->time;
    item.certainty = named->whole_day ? TimeCertainty::Day : TimeCertainty::Zone;
  }
  if (!item.time) {
    item.time = request.modified;
    item.certainty = TimeCertainty::File;
  }
  if (item.time && seconds > 0 && seconds < kLongestSeconds) item.until = *item.time + std::chrono::seconds(seconds);
  cut_passages(result);
  return sink.item(std::move(result), {whole, {}});
}

}  // namespace hearth::memory::extract
