#pragma once
#include <libical/ical.h>

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "memory/extract/content_line.h"
#include "memory/extract/zones.h"

namespace hearth::memory::extract {

// How a clock on a wall is read: by a zone of the system's, by one that the calendar brings, or by none that is known.
struct WallClock {
  const TimeZone* system = nullptr;
  icaltimezone* own = nullptr;
  std::string name;
  bool assumed = false;  // nobody said which zone it is
  LocalSeconds own_from = std::numeric_limits<LocalSeconds>::min();  // before it, the calendar's own says nothing

  bool known() const { return system || own; }
  int offset_at(LocalSeconds local) const;  // seconds east of Greenwich
};

// A date or a time as a calendar writes it.
struct When {
  LocalSeconds local = 0;
  bool day = false;  // only the day is known
  WallClock clock;

  std::int64_t utc() const { return day ? local : local - clock.offset_at(local); }
};

// The part of a calendar that all its events share.
class Calendar {
 public:
  // `bytes`, which outlive it: the whole; `loose`: the lines that belong to no component.
  Calendar(std::string_view bytes, std::string loose);
  void add_zone(const ComponentExtent& extent);

  // "20261130T090000", "20261130T080000Z", "20261130", also with hyphens and colons.
  std::optional<When> read(std::string_view value, std::string_view zone);

  // The zone that a value belongs to; one that nobody knows is taken for the calendar's own, or the box's. What a calendar says
  // of a place's zone may begin late (Google's New York in 2007): the database knows it better.
  WallClock clock_of(std::string_view name);
  WallClock floating() const;

  // A calendar of one component alone.
  std::string alone(std::string_view component, const std::set<std::string>& zones) const;

  bool cancels() const { return method_ == "cancel"; }
  // Whether it is an answer to an invitation, or a question about one, and no event.
  bool answers() const { return method_ == "reply" || method_ == "counter" || method_ == "declinecounter" || method_ == "refresh"; }

 private:
  struct FreeZone {
    void operator()(icaltimezone* zone) const { icaltimezone_free(zone, 1); }
  };
  struct Zone {
    std::string_view text;
    std::unique_ptr<icaltimezone, FreeZone> zone;
    bool tried = false;
    std::string location;  // its name in the database, where the calendar says it
    LocalSeconds from = std::numeric_limits<LocalSeconds>::min();  // its first change
  };

  void read_offset(const std::string& written, bool summer);
  static icaltimezone* ical_zone(Zone& zone);

  std::string_view bytes_;
  std::string loose_;
  std::map<std::string, Zone> zones_;
  WallClock own_clock_;
  std::string method_;
};

}  // namespace hearth::memory::extract
