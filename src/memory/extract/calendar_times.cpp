#include "memory/extract/calendar_times.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/ascii.h"
#include "memory/extract/charset.h"

namespace hearth::memory::extract {
namespace {

constexpr int kMostOffset = 24 * 3600;  // seconds; what a calendar says beyond it is no zone

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};

int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

int WallClock::offset_at(LocalSeconds local) const {
  if (!own || (system && local < own_from)) return system ? system->offset_at_local(local) : 0;
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(local)));
  const std::chrono::year_month_day date(days);
  const auto second = static_cast<int>(local - days.time_since_epoch().count() * 86400);
  icaltimetype time = icaltime_null_time();
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  time.hour = second / 3600;
  time.minute = second / 60 % 60;
  time.second = second % 60;
  int daylight = 0;
  const int offset = icaltimezone_get_utc_offset(own, &time, &daylight);
  return std::abs(offset) <= kMostOffset ? offset : 0;
}

Calendar::Calendar(std::string_view bytes, std::string loose) : bytes_(bytes), loose_(std::move(loose)) {
  std::string offset;
  bool summer = false;
  for (const auto& line : read_content_lines(loose_)) {
    if (line.name == "X-WR-TIMEZONE") own_clock_ = clock_of(line.value);
    if (line.name == "METHOD") method_ = lower(unescape_text(line.value));
    if (line.name == "TZ") offset = unescape_text(line.value);
    if (line.name == "DAYLIGHT") summer = summer || line.value.starts_with("TRUE");
  }
  if (!offset.empty() && !own_clock_.known()) read_offset(offset, summer);
}

void Calendar::add_zone(const ComponentExtent& extent) {
  const auto text = bytes_.substr(extent.start, extent.end - extent.start);
  Zone zone{text, nullptr, false, {}};
  std::string id;
  std::set<std::string> offsets;
  std::optional<LocalSeconds> first;
  for (const auto& line : read_content_lines(text)) {
    if (line.name == "TZID" && id.empty()) id = unescape_text(line.value);
    if (line.name == "X-LIC-LOCATION") zone.location = unescape_text(line.value);
    if (line.name == "TZOFFSETFROM" || line.name == "TZOFFSETTO") offsets.insert(line.value);
    if (line.name != "DTSTART") continue;
    if (const auto onset = read(line.value, "")) first = std::min(first.value_or(onset->local), onset->local);
  }
  if (first && offsets.size() > 1) zone.from = *first;
  if (!id.empty()) zones_.emplace(id, std::move(zone));
}

std::optional<When> Calendar::read(std::string_view value, std::string_view zone) {
  std::string plain;
  for (const char c : value.substr(0, 40)) {
    if (c != '-' && c != ':' && c != ' ') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const int year = digits(plain, 0, 4);
  const int month = digits(plain, 4, 2);
  const int day = digits(plain, 6, 2);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
                                         std::chrono::day(static_cast<unsigned>(std::max(day, 0)))};
  if (year < 1 || !date.ok()) return std::nullopt;
  When when;
  when.local = std::chrono::sys_days(date).time_since_epoch().count() * 86400LL;
  when.day = plain.size() < 9 || plain[8] != 'T';
  if (when.day) return when;
  const int hour = digits(plain, 9, 2);
  const int minute = digits(plain, 11, 2);
  const int second = std::max(digits(plain, 13, 2), 0);
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return std::nullopt;
  when.local += hour * 3600 + minute * 60 + std::min(second, 59);
  const auto sign = value.find_first_of("+-", value.find_first_of("Tt"));
  const auto* offset = sign == value.npos ? nullptr : find_zone(fmt::format("UTC{}", value.substr(sign)));
  if (plain.ends_with('Z')) {
    when.clock.name = "UTC";
  } else if (offset) {  // "T09:00:00+08:00"
    when.clock = {offset, nullptr, offset->name(), false};
  } else if (!zone.empty()) {
    when.clock = clock_of(zone);
  } else {
    when.clock = floating();
  }
  if (when.clock.own && !when.clock.system && when.local < when.clock.own_from) when.clock.assumed = true;
  return when;
}

WallClock Calendar::clock_of(std::string_view name) {
  const auto id = unescape_text(name);
  const auto* known = find_zone(id);
  if (const auto found = zones_.find(id); found != zones_.end() && !(known && is_place_of_database(id))) {
    if (auto* zone = ical_zone(found->second)) return {known ? known : find_zone(found->second.location), zone, id, false, found->second.from};
  }
  if (known) return {known, nullptr, known->name(), false};
  return floating();
}

WallClock Calendar::floating() const {
  auto clock = own_clock_;
  if (!clock.known()) clock.system = &home_zone();
  clock.assumed = true;
  return clock;
}

std::string Calendar::alone(std::string_view component, const std::set<std::string>& zones) const {
  std::string calendar = "BEGIN:VCALENDAR\r\n" + loose_;
  if (!calendar.ends_with('\n')) calendar += "\r\n";
  for (const auto& id : zones) {
    if (const auto zone = zones_.find(id); zone != zones_.end()) calendar += zone->second.text;
  }
  calendar += component;
  if (!calendar.ends_with('\n')) calendar += "\r\n";
  return calendar + "END:VCALENDAR\r\n";
}

// vCalendar 1.0's "TZ:+0800", the winter's; the box's zone when it is that, for it knows the summers too.
void Calendar::read_offset(const std::string& written, bool summer) {
  const auto* zone = find_zone((written[0] == '+' || written[0] == '-' ? "UTC" : "") + written);
  if (!zone) return;
  const auto january = 1'768'435'200;  // of 2026
  const auto july = 1'784'073'600;
  const auto& home = home_zone();
  if (summer && std::min(home.offset_at(january), home.offset_at(july)) == zone->offset_at(january)) return;
  own_clock_ = {zone, nullptr, zone->name(), false};
}

icaltimezone* Calendar::ical_zone(Zone& zone) {
  if (!std::exchange(zone.tried, true)) {
    const auto text = to_utf8(zone.text, "");
    std::unique_ptr<icalcomponent, FreeComponent> component(icalparser_parse_string(text.c_str()));
    if (component && icalcomponent_isa(component.get()) == ICAL_VTIMEZONE_COMPONENT) {
      zone.zone.reset(icaltimezone_new());
      if (icaltimezone_set_component(zone.zone.get(), component.get())) {
        (void)component.release();  // it is the zone's now
      } else {
        zone.zone.reset();
      }
    }
  }
  return zone.zone.get();
}

}  // namespace hearth::memory::extract
