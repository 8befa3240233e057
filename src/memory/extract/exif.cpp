#include "memory/extract/exif.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "memory/extract/charset.h"
#include "memory/extract/paper.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostEntries = 500;
constexpr std::size_t kLongestText = 64 << 10;

enum Tag : unsigned {
  kImageDescription = 0x010E,
  kMake = 0x010F,
  kModel = 0x0110,
  kOrientation = 0x0112,
  kDateTime = 0x0132,
  kArtist = 0x013B,
  kExifDirectory = 0x8769,
  kGpsDirectory = 0x8825,
  kDateTimeOriginal = 0x9003,
  kDateTimeDigitized = 0x9004,
  kOffsetTime = 0x9010,
  kOffsetTimeOriginal = 0x9011,
  kOffsetTimeDigitized = 0x9012,
};
enum GpsTag : unsigned { kLatitudeRef = 1, kLatitude = 2, kLongitudeRef = 3, kLongitude = 4, kGpsTime = 7, kGpsDate = 0x1D };

class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : bytes_(bytes), big_(bytes.starts_with("MM")) {}

  std::uint32_t number(std::size_t at, std::size_t length) const {
    if (length > bytes_.size() || at > bytes_.size() - length) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[at + (big_ ? i : length - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

  // The entries of a directory: tag to where its entry is.
  std::map<unsigned, std::size_t> directory(std::size_t at) const {
    std::map<unsigned, std::size_t> entries;
    const std::size_t count = std::min<std::size_t>(number(at, 2), kMostEntries);
    for (std::size_t i = 0; i < count; ++i) {
      const auto entry = at + 2 + i * 12;
      if (entry + 12 > bytes_.size()) break;
      entries.emplace(number(entry, 2), entry);
    }
    return entries;
  }

  std::string_view value(std::size_t entry) const {
    constexpr std::array<std::size_t, 14> kSizes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
    const auto type = number(entry + 2, 2);
    const std::size_t count = number(entry + 4, 4);
    if (type >= kSizes.size() || kSizes[type] == 0 || count > kLongestText) return "";
    const auto length = count * kSizes[type];
    const std::size_t at = length <= 4 ? entry + 8 : number(entry + 8, 4);
    return at <= bytes_.size() && length <= bytes_.size() - at ? bytes_.substr(at, length) : "";
  }
  std::size_t place(std::string_view value) const { return static_cast<std::size_t>(value.data() - bytes_.data()); }

  // The n-th of a value's fractions.
  std::optional<double> fraction(std::string_view value, std::size_t n) const {
    if (value.size() < (n + 1) * 8) return std::nullopt;
    const auto at = place(value) + n * 8;
    const auto below = number(at + 4, 4);
    if (below == 0) return std::nullopt;
    return static_cast<double>(number(at, 4)) / below;
  }

 private:
  std::string_view bytes_;
  bool big_;
};

std::string text_of(std::string_view value) { return tidy_line(to_utf8(value.substr(0, value.find('\0')), "")); }

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Time> make_time(std::optional<int> y, std::optional<int> mo, std::optional<int> d, std::optional<int> h, std::optional<int> mi, std::optional<int> s) {
  using namespace std::chrono;
  if (!y || !mo || !d || !h || !mi || !s || *y < 1900 || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  const year_month_day day{year(*y), month(static_cast<unsigned>(*mo)), std::chrono::day(static_cast<unsigned>(*d))};
  if (!day.ok()) return std::nullopt;
  return Time(sys_days(day)) + hours(*h) + minutes(*mi) + seconds(*s);
}

// "2024:05:01 10:30:00", on the camera's clock.
std::optional<Time> clock_time(std::string_view text) {
  return make_time(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2));
}

// "+02:00".
std::optional<int> offset_minutes(std::string_view text) {
  if (text.size() < 6 || (text[0] != '+' && text[0] != '-')) return text.starts_with('Z') ? std::optional(0) : std::nullopt;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

Exif read_exif(std::string_view bytes) {
  Exif exif;
  if (!bytes.starts_with("II") && !bytes.starts_with("MM")) return exif;
  const Tiff tiff(bytes);
  const auto main = tiff.directory(tiff.number(4, 4));
  const auto find = [&](const std::map<unsigned, std::size_t>& entries, unsigned tag) {
    const auto found = entries.find(tag);
    return found == entries.end() ? std::string_view() : tiff.value(found->second);
  };
  const auto directory = [&](unsigned tag) {
    const auto value = find(main, tag);
    return value.size() == 4 ? tiff.directory(tiff.number(tiff.place(value), 4)) : std::map<unsigned, std::size_t>();
  };
  const auto shot = directory(kExifDirectory);
  const auto gps = directory(kGpsDirectory);

  exif.description = text_of(find(main, kImageDescription));
  exif.artist = text_of(find(main, kArtist));
  if (const auto turned = find(main, kOrientation); turned.size() == 2) {
    const auto value = tiff.number(tiff.place(turned), 2);
    if (value >= 1 && value <= 8) exif.orientation = static_cast<int>(value);
  }
  const auto make = text_of(find(main, kMake));
  const auto model = text_of(find(main, kModel));
  exif.camera = model.starts_with(make) ? model : tidy_line(make + " " + model);

  struct Candidate {
    std::string_view time, offset;
  };
  for (const auto& [time, offset] : {Candidate{find(shot, kDateTimeOriginal), find(shot, kOffsetTimeOriginal)},
                                     Candidate{find(shot, kDateTimeDigitized), find(shot, kOffsetTimeDigitized)},
                                     Candidate{find(main, kDateTime), find(shot, kOffsetTime)}}) {
    const auto local = clock_time(time);
    if (!local) continue;
    exif.zone = offset_minutes(offset);
    if (!exif.zone) exif.zone = offset_minutes(find(shot, kOffsetTime));
    // Satellites say the time in Greenwich: what is between is the zone.
    const auto date = find(gps, kGpsDate);
    const auto clock = find(gps, kGpsTime);
    const auto h = tiff.fraction(clock, 0), m = tiff.fraction(clock, 1), s = tiff.fraction(clock, 2);
    if (!exif.zone && h && m && s && *h < 24 && *m < 60 && *s < 61) {
      const auto greenwich = make_time(digits(date, 0, 4), digits(date, 5, 2), digits(date, 8, 2), static_cast<int>(*h), static_cast<int>(*m), static_cast<int>(*s));
      if (greenwich) {
        const auto apart = static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(*local - *greenwich).count()) / 900;
        if (std::abs(apart) <= 14 * 4 && std::abs(apart - std::round(apart)) < 0.3) exif.zone = static_cast<int>(std::round(apart)) * 15;
      }
    }
    exif.time = *local - std::chrono::minutes(exif.zone.value_or(0));
    exif.certainty = exif.zone ? TimeCertainty::Exact : TimeCertainty::Zone;
    break;
  }

  const auto degrees = [&](unsigned tag, unsigned reference, char negative, double most) -> std::optional<double> {
    const auto value = find(gps, tag);
    const auto d = tiff.fraction(value, 0), m = tiff.fraction(value, 1), s = tiff.fraction(value, 2);
    if (!d) return std::nullopt;
    const auto sum = *d + m.value_or(0) / 60 + s.value_or(0) / 3600;
    if (!(sum <= most)) return std::nullopt;
    return find(gps, reference).starts_with(negative) ? -sum : sum;
  };
  exif.latitude = degrees(kLatitude, kLatitudeRef, 'S', 90);
  exif.longitude = degrees(kLongitude, kLongitudeRef, 'W', 180);
  // Without a fix some cameras write 0, 0.
  if (!exif.latitude || !exif.longitude || (*exif.latitude == 0 && *exif.longitude == 0)) {
    exif.latitude.reset();
    exif.longitude.reset();
  }
  return exif;
}

std::optional<NamedMoment> time_in_name(std::string_view name) {
  static const Time kFirst(std::chrono::seconds(631'152'000));  // 1990
  // The digits of a date and a time of day that follow one another, with few other characters between groups.
  for (std::size_t at = 0; at + 8 <= name.size(); ++at) {
    if (at > 0 && std::isdigit(static_cast<unsigned char>(name[at - 1]))) continue;
    std::string found;
    std::size_t between = 0;
    std::size_t end = at;
    bool counter = false;  // of WhatsApp: IMG-20240513-WA0123
    for (std::size_t i = at; i < name.size() && found.size() < 14; ++i) {
      const char c = name[i];
      if (c >= '0' && c <= '9') {
        found += c;
        between = 0;
        end = i + 1;
      } else if (found.size() == 8 && name.substr(i).starts_with("-WA")) {
        counter = true;
        break;
      } else if (found.size() < 4 || found.size() % 2 != 0 || ++between > (found.size() == 8 ? 4U : 1U)) {
        break;
      }
    }
    if (counter) {
      const auto day = make_time(digits(found, 0, 4), digits(found, 4, 2), digits(found, 6, 2), 0, 0, 0);
      if (day && *day > kFirst) return NamedMoment{*day, true};
    }
    if (found.size() != 12 && found.size() != 14) continue;
    if (found.size() == 12) found += "00";
    auto hour = digits(found, 8, 2);
    auto behind = name.substr(end, 6);  // "10.30.45 PM", with a narrow space
    while (!behind.empty() && (behind[0] == ' ' || static_cast<unsigned char>(behind[0]) >= 0x80)) behind.remove_prefix(1);
    if (behind.starts_with("PM") && hour && *hour < 12) *hour += 12;
    if (behind.starts_with("AM") && hour == 12) hour = 0;
    const auto time = make_time(digits(found, 0, 4), digits(found, 4, 2), digits(found, 6, 2), hour, digits(found, 10, 2), digits(found, 12, 2));
    if (time && *time > kFirst) return NamedMoment{*time, false};
  }
  return std::nullopt;
}

}  // namespace hearth::memory::extract
