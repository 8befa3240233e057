#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::memory::extract {

// Seconds since 1970 on some clock on a wall.
using LocalSeconds = std::int64_t;

// A time zone of the system's database (RFC 9636).
class TimeZone {
 public:
  // Of the bytes of its file; a zone without any transition is UTC. Any bytes are accepted.
  TimeZone(std::string name, std::string_view bytes);

  const std::string& name() const { return name_; }
  // Seconds east of Greenwich at a moment.
  int offset_at(std::int64_t utc) const;
  // The same when the clock on the wall shows this: of the hour that comes twice, the first; in the one that is left out,
  // as before it.
  int offset_at_local(LocalSeconds local) const;

 private:
  std::string name_;
  std::vector<std::int64_t> transitions_;
  std::vector<int> offsets_;  // from each transition on
  int first_ = 0;             // before all of them
};

// Reads the system's zones into memory, half a megabyte. Once, before the sandbox closes the file system.
void load_zones();

// By its name in the database ("Europe/Berlin", also behind a prefix as some calendars have it: "/mozilla.org/…/Europe/Berlin"),
// or by Windows' name for it ("W. Europe Standard Time", also behind "tzone://Microsoft/"), or as a fixed offset ("GMT+0200"), or
// as Outlook describes it ("(UTC+01:00) Amsterdam, Berlin, Bern"). A number behind it, which tells apart zones of one name in
// a file, is passed over. Null when it is none. Lives for as long as the process.
const TimeZone* find_zone(std::string_view name);

// Whether it is a place's name in the database, with or without a prefix or a number, and not Windows' name, an offset or
// an abbreviation, which calendars use for zones of their own as well.
bool is_place_of_database(std::string_view name);

// The box's own; UTC where it has none.
const TimeZone& home_zone();

}  // namespace hearth::memory::extract
