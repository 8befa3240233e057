#include "memory/extract/zones.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "base/ascii.h"
#include "base/process.h"

namespace hearth::memory::extract {
namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kLargestFile = 64 << 10;
constexpr std::int64_t kCycle = 28LL * 365 * 86400 + 7 * 86400;  // after so long, weekdays and dates fall together again

// "" when it cannot be read, or is none of the database: six hundred are read at every start.
std::string read_file(const char* path) {
  static std::array<char, kLargestFile + 1> bytes;
  const Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
  const auto got = file.get() < 0 ? -1 : ::read(file.get(), bytes.data(), bytes.size());
  if (got <= 0 || got > static_cast<ssize_t>(kLargestFile)) return "";
  return {bytes.data(), static_cast<std::size_t>(got)};
}

struct Database {
  std::map<std::string, std::string, std::less<>> files;  // by name in lower case: name, '\0', bytes
  std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones;
  std::unique_ptr<TimeZone> home;
};

Database& database() {
  static Database one;
  return one;
}

std::int64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int64_t>(value);
}

// Windows' names and a place in each (Unicode CLDR, windowsZones).
constexpr auto kWindows = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"afghanistan", "Asia/Kabul"}, {"alaskan", "America/Anchorage"}, {"aleutian", "America/Adak"}, {"altai", "Asia/Barnaul"},
    {"arab", "Asia/Riyadh"}, {"arabian", "Asia/Dubai"}, {"arabic", "Asia/Baghdad"}, {"argentina", "America/Argentina/Buenos_Aires"},
    {"astrakhan", "Europe/Astrakhan"}, {"atlantic", "America/Halifax"}, {"aus central", "Australia/Darwin"},
    {"aus central w.", "Australia/Eucla"}, {"aus eastern", "Australia/Sydney"}, {"azerbaijan", "Asia/Baku"}, {"azores", "Atlantic/Azores"},
    {"bahia", "America/Bahia"}, {"bangladesh", "Asia/Dhaka"}, {"belarus", "Europe/Minsk"}, {"bougainville", "Pacific/Bougainville"},
    {"canada central", "America/Regina"}, {"cape verde", "Atlantic/Cape_Verde"}, {"caucasus", "Asia/Yerevan"},
    {"cen. australia", "Australia/Adelaide"}, {"central", "America/Chicago"}, {"central america", "America/Guatemala"},
    {"central asia", "Asia/Almaty"}, {"central brazilian", "America/Cuiaba"}, {"central europe", "Europe/Budapest"},
    {"central european", "Europe/Warsaw"}, {"central pacific", "Pacific/Guadalcanal"}, {"central (mexico)", "America/Mexico_City"},
    {"chatham islands", "Pacific/Chatham"}, {"china", "Asia/Shanghai"}, {"cuba", "America/Havana"}, {"dateline", "Etc/GMT+12"},
    {"e. africa", "Africa/Nairobi"}, {"e. australia", "Australia/Brisbane"}, {"e. europe", "Europe/Chisinau"},
    {"e. south america", "America/Sao_Paulo"}, {"easter island", "Pacific/Easter"}, {"eastern", "America/New_York"},
    {"eastern (mexico)", "America/Cancun"}, {"egypt", "Africa/Cairo"}, {"ekaterinburg", "Asia/Yekaterinburg"}, {"fiji", "Pacific/Fiji"},
    {"fle", "Europe/Kiev"}, {"georgian", "Asia/Tbilisi"}, {"gmt", "Europe/London"}, {"greenland", "America/Nuuk"},
    {"greenwich", "Atlantic/Reykjavik"}, {"gtb", "Europe/Bucharest"}, {"haiti", "America/Port-au-Prince"}, {"hawaiian", "Pacific/Honolulu"},
    {"india", "Asia/Kolkata"}, {"iran", "Asia/Tehran"}, {"israel", "Asia/Jerusalem"}, {"jordan", "Asia/Amman"},
    {"kaliningrad", "Europe/Kaliningrad"}, {"kamchatka", "Asia/Kamchatka"}, {"korea", "Asia/Seoul"}, {"libya", "Africa/Tripoli"},
    {"line islands", "Pacific/Kiritimati"}, {"lord howe", "Australia/Lord_Howe"}, {"magadan", "Asia/Magadan"},
    {"magallanes", "America/Punta_Arenas"}, {"marquesas", "Pacific/Marquesas"}, {"mauritius", "Indian/Mauritius"},
    {"mid-atlantic", "Atlantic/South_Georgia"}, {"middle east", "Asia/Beirut"}, {"montevideo", "America/Montevideo"},
    {"morocco", "Africa/Casablanca"}, {"mountain", "America/Denver"}, {"mountain (mexico)", "America/Mazatlan"}, {"myanmar", "Asia/Yangon"},
    {"n. central asia", "Asia/Novosibirsk"}, {"namibia", "Africa/Windhoek"}, {"nepal", "Asia/Kathmandu"}, {"new zealand", "Pacific/Auckland"},
    {"newfoundland", "America/St_Johns"}, {"norfolk", "Pacific/Norfolk"}, {"north asia", "Asia/Krasnoyarsk"},
    {"north asia east", "Asia/Irkutsk"}, {"north korea", "Asia/Pyongyang"}, {"omsk", "Asia/Omsk"}, {"pacific", "America/Los_Angeles"},
    {"pacific (mexico)", "America/Tijuana"}, {"pacific sa", "America/Santiago"}, {"pakistan", "Asia/Karachi"}, {"paraguay", "America/Asuncion"},
    {"qyzylorda", "Asia/Qyzylorda"}, {"romance", "Europe/Paris"}, {"russia time zone 10", "Asia/Srednekolymsk"},
    {"russia time zone 11", "Asia/Kamchatka"}, {"russia time zone 3", "Europe/Samara"}, {"russian", "Europe/Moscow"},
    {"sa eastern", "America/Cayenne"}, {"sa pacific", "America/Bogota"}, {"sa western", "America/La_Paz"}, {"saint pierre", "America/Miquelon"},
    {"sakhalin", "Asia/Sakhalin"}, {"samoa", "Pacific/Apia"}, {"sao tome", "Africa/Sao_Tome"}, {"saratov", "Europe/Saratov"},
    {"se asia", "Asia/Bangkok"}, {"singapore", "Asia/Singapore"}, {"south africa", "Africa/Johannesburg"}, {"south sudan", "Africa/Juba"},
    {"sri lanka", "Asia/Colombo"}, {"sudan", "Africa/Khartoum"}, {"syria", "Asia/Damascus"}, {"taipei", "Asia/Taipei"},
    {"tasmania", "Australia/Hobart"}, {"tocantins", "America/Araguaina"}, {"tokyo", "Asia/Tokyo"}, {"tomsk", "Asia/Tomsk"},
    {"tonga", "Pacific/Tongatapu"}, {"transbaikal", "Asia/Chita"}, {"turkey", "Europe/Istanbul"}, {"turks and caicos", "America/Grand_Turk"},
    {"ulaanbaatar", "Asia/Ulaanbaatar"}, {"us eastern", "America/Indiana/Indianapolis"}, {"us mountain", "America/Phoenix"},
    {"venezuela", "America/Caracas"}, {"vladivostok", "Asia/Vladivostok"}, {"volgograd", "Europe/Volgograd"}, {"w. australia", "Australia/Perth"},
    {"w. central africa", "Africa/Lagos"}, {"w. europe", "Europe/Berlin"}, {"w. mongolia", "Asia/Hovd"}, {"west asia", "Asia/Tashkent"},
    {"west bank", "Asia/Hebron"}, {"west pacific", "Pacific/Port_Moresby"}, {"yakutsk", "Asia/Yakutsk"}, {"yukon", "America/Whitehorse"},
});

// Names in use that the database has under another, besides Windows' for UTC.
constexpr auto kOthers = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"asia/beijing", "asia/shanghai"}, {"coordinated universal time", "utc"}, {"universal coordinated time", "utc"}, {"us-pacific", "us/pacific"},
    {"us-mountain", "us/mountain"}, {"us-central", "us/central"}, {"us-eastern", "us/eastern"},
});

// "eastern standard time (mexico)" is "eastern (mexico)" in the table; "pacific standard time/pacific daylight time", "pacific time
// (us & canada)" are "pacific".
std::string_view place_of_windows_name(std::string name) {
  static constexpr std::array<std::string_view, 3> kEndings = {" standard time", " daylight time", " time"};
  const auto* ending = std::find_if(kEndings.begin(), kEndings.end(), [&](auto one) { return name.find(one) != name.npos; });
  if (ending == kEndings.end()) return "";
  if (!name.starts_with("russia time zone")) {
    const auto at = name.find(*ending);
    const auto rest = name.substr(at + ending->size());
    name.erase(at);
    if (rest == " (mexico)") {
      name += rest;
    } else if (!rest.empty() && rest[0] != '/' && rest != " (us & canada)") {
      return "";
    }
  }
  const auto found = std::find_if(kWindows.begin(), kWindows.end(), [&](const auto& one) { return one.first == name; });
  return found == kWindows.end() ? "" : found->second;
}

// "UTC+02:00", "GMT-5", "+0200"; not "Etc/GMT+5", whose sign means the opposite and which the database has.
std::optional<int> fixed_offset(std::string_view name) {
  for (const auto* prefix : {"utc", "gmt"}) {
    if (name.starts_with(prefix)) {
      name.remove_prefix(3);
      break;
    }
  }
  while (name.starts_with(' ')) name.remove_prefix(1);
  if (name.empty() || name == "z") return 0;
  if (name[0] != '+' && name[0] != '-') return std::nullopt;
  std::string digits;
  for (const char c : name.substr(1)) {
    if (c == ':' || c == '.') continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  const int value = std::stoi(digits);
  const int seconds = digits.size() <= 2 ? value * 3600 : (value / 100) * 3600 + (value % 100) * 60;
  if (seconds > 15 * 3600) return std::nullopt;
  return name[0] == '-' ? -seconds : seconds;
}

std::string fixed_file(int seconds) {  // a zone file of one type
  std::string bytes = "TZif2" + std::string(15, '\0') + std::string(24, '\0');
  bytes += "TZif2" + std::string(15, '\0') + std::string(16, '\0') + std::string("\0\0\0\1\0\0\0\4", 8);
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(static_cast<unsigned>(seconds) >> shift & 0xFF);
  return bytes + std::string(6, '\0');
}

// A zone's name in lower case, without what is written around it.
std::string key_of(std::string_view name) {
  auto key = lower(name);
  while (!key.empty() && (key.front() == ' ' || key.front() == '"')) key.erase(0, 1);
  while (!key.empty() && (key.back() == ' ' || key.back() == '"')) key.pop_back();
  if (constexpr std::string_view kMicrosoft = "tzone://microsoft/"; key.starts_with(kMicrosoft)) key.erase(0, kMicrosoft.size());
  const auto other = std::find_if(kOthers.begin(), kOthers.end(), [&](const auto& one) { return one.first == key; });
  return other == kOthers.end() ? key : std::string(other->second);
}

// "america/new_york 2" without the number.
std::string_view without_number(std::string_view key) {
  const auto space = key.find_last_not_of("0123456789");
  if (space == key.npos || space + 1 == key.size() || key[space] != ' ') return key;
  return key.substr(0, space);
}

const TimeZone* zone_of(std::string_view key, std::string_view name, std::string_view bytes) {
  auto& zones = database().zones;
  const auto found = zones.find(key);
  if (found != zones.end()) return found->second.get();
  return zones.emplace(std::string(key), std::make_unique<TimeZone>(std::string(name), bytes)).first->second.get();
}

const TimeZone* in_database(std::string_view key) {
  const auto file = database().files.find(key);
  if (file == database().files.end()) return nullptr;
  const auto end = file->second.find('\0');
  return zone_of(key, std::string_view(file->second).substr(0, end), std::string_view(file->second).substr(end + 1));
}

// "/softwarestudio.org/Olson_20011030_5/America/New_York": the end of it may be a name.
const TimeZone* zone_behind_prefix(std::string_view key) {
  for (auto slash = key.find('/'); slash != key.npos; slash = key.find('/', slash + 1)) {
    const auto* zone = in_database(key.substr(slash + 1));
    if (zone && zone->name().find('/') != std::string::npos) return zone;
  }
  return nullptr;
}

// Outlook's and Exchange's "(UTC+01:00) Amsterdam, Berlin, Bern", "(GMT+01.00) Sarajevo/Warsaw/Zagreb": the zone of the first of
// the places that the database knows and that has this offset in winter; otherwise the offset all year.
const TimeZone* zone_of_description(const std::string& key, std::string_view name) {
  const auto close = key.find(')');
  if (!key.starts_with('(') || close == key.npos) return nullptr;
  const auto offset = fixed_offset(std::string_view(key).substr(1, close - 1));
  if (!offset) return nullptr;
  if (const auto known = database().zones.find(key); known != database().zones.end()) return known->second.get();
  for (auto start = close + 1; start < key.size();) {
    const auto end = std::min(key.find_first_of(",/;&", start), key.size());
    auto city = key.substr(start, end - start);
    start = end + 1;
    city.erase(0, city.find_first_not_of(' '));
    while (city.ends_with(' ') || city.ends_with('\\')) city.pop_back();
    if (city.empty()) continue;
    std::replace(city.begin(), city.end(), ' ', '_');
    for (const auto& [file, content] : database().files) {
      if (file.size() <= city.size() || !file.ends_with(city) || file[file.size() - city.size() - 1] != '/') continue;
      constexpr std::int64_t kJanuary = 1'768'435'200;  // of 2026
      constexpr std::int64_t kJuly = 1'784'073'600;
      const auto* zone = in_database(file);
      if (!zone || std::min(zone->offset_at(kJanuary), zone->offset_at(kJuly)) != *offset) continue;
      const auto bytes = std::string_view(content).substr(content.find('\0') + 1);
      return zone_of(key, zone->name(), bytes);
    }
  }
  return zone_of(key, name, fixed_file(*offset));
}

}  // namespace

TimeZone::TimeZone(std::string name, std::string_view bytes) : name_(std::move(name)) {
  constexpr std::size_t kHead = 44;
  const auto counts = [&](std::size_t head, std::size_t which) {
    return static_cast<std::size_t>(std::max<std::int64_t>(number(bytes, head + 20 + which * 4, 4), 0));
  };
  if (bytes.size() < kHead || !bytes.starts_with("TZif") || bytes[4] < '2') return;
  // The first block has times of 32 bits: passed over.
  const auto first = kHead + counts(0, 0) + counts(0, 1) + counts(0, 2) * 8 + counts(0, 3) * 5 + counts(0, 4) * 6 + counts(0, 5);
  if (first > bytes.size() || bytes.size() - first < kHead) return;
  const auto times = counts(first, 3);
  const auto types = counts(first, 4);
  const auto start = first + kHead;
  if (types == 0 || times > kLargestFile || types > 256 || bytes.size() - start < times * 9 + types * 6) return;
  const auto offset_of = [&](std::size_t type) { return static_cast<int>(number(bytes, start + times * 9 + type * 6, 4)); };
  first_ = offset_of(0);
  for (std::size_t i = 0; i < times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[start + times * 8 + i]);
    if (type >= types) break;
    transitions_.push_back(number(bytes, start + i * 8, 8));
    offsets_.push_back(offset_of(type));
  }
  if (!std::is_sorted(transitions_.begin(), transitions_.end())) {
    transitions_.clear();
    offsets_.clear();
  }
}

int TimeZone::offset_at(std::int64_t utc) const {
  if (transitions_.empty()) return first_;
  // The file lists transitions until 2037; the rules are taken to stay as they are then.
  const auto last = transitions_.back();
  if (last > 2'100'000'000 && utc > last) utc -= (utc - last + kCycle - 1) / kCycle * kCycle;
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc);
  return after == transitions_.begin() ? first_ : offsets_[static_cast<std::size_t>(after - transitions_.begin()) - 1];
}

int TimeZone::offset_at_local(LocalSeconds local) const {
  const int before = offset_at(local - 86400);  // what the clock was set to the day before, and after
  const int after = offset_at(local + 86400);
  if (offset_at(local - before) == before) return before;
  return offset_at(local - after) == after ? after : before;
}

void load_zones() {
  auto& all = database();
  std::error_code error;
  const std::filesystem::path folder(kFolder);
  for (auto at = std::filesystem::recursive_directory_iterator(folder, error); !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    const auto name = at->path().native().substr(kFolder.size());
    if (at->is_directory(error)) {
      if (name == "posix" || name == "right") at.disable_recursion_pending();
      continue;
    }
    if (name.find('.') != name.npos) continue;  // tables
    const auto bytes = read_file(at->path().c_str());
    if (bytes.starts_with("TZif")) all.files.emplace(lower(name), name + '\0' + bytes);
  }
  auto name = std::filesystem::canonical("/etc/localtime", error).string();
  name = name.starts_with(kFolder) ? name.substr(kFolder.size()) : "";
  all.home = std::make_unique<TimeZone>(name, read_file("/etc/localtime"));
}

const TimeZone* find_zone(std::string_view name) {
  if (name.empty() || name.size() > 200) return nullptr;
  const auto key = key_of(name);
  if (const auto* zone = in_database(key)) return zone;
  if (const auto* zone = zone_of_description(key, name)) return zone;
  if (const auto place = place_of_windows_name(key); !place.empty()) return in_database(lower(place));
  if (const auto* zone = zone_behind_prefix(key)) return zone;
  const auto shorter = without_number(key);
  if (shorter.size() < key.size() && shorter.find_first_of(" /") != shorter.npos) return find_zone(shorter);
  if (const auto offset = fixed_offset(key)) return zone_of(key, name, fixed_file(*offset));
  return nullptr;
}

bool is_place_of_database(std::string_view name) {
  if (name.size() > 200) return false;
  const auto key = key_of(name);
  const auto place = without_number(key);
  if (place.find('/') == place.npos) return false;
  return in_database(place) || zone_behind_prefix(place);
}

const TimeZone& home_zone() {
  auto& home = database().home;
  if (!home) home = std::make_unique<TimeZone>("UTC", "");
  return *home;
}

}  // namespace hearth::memory::extract
