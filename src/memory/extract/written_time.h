#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "memory/extract/wire.h"

// Times as programs and people write them into exports.
namespace hearth::memory::extract {

// A clock's time without a zone is taken as UTC, and its certainty is Zone.
struct WrittenTime {
  Time time;
  std::optional<int> zone;  // minutes east of Greenwich, where it was written
  TimeCertainty certainty = TimeCertainty::Exact;
};

// None when there is no such day or hour.
std::optional<Time> civil_time(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);

// Reads ISO 8601 with and without a zone, "2024/5/1 10:22", "2024年5月1日 下午3:05", "1:56 pm on 8 May, 2023", "May 1, 2024,
// 10:22 AM", "1 May 2024", seconds, milliseconds and microseconds since 1970. Not "5/1/2024", in which day and month may
// stand in either order: DateOrderFinder.
std::optional<WrittenTime> read_written_time(std::string_view text);

// Seconds, milliseconds, microseconds or nanoseconds since 1970, whichever it is by its size.
std::optional<Time> time_since_1970(std::int64_t count);

// `seconds` since 1970 and as many microseconds. None outside the years 1 to 9999, which is what a damaged file says.
std::optional<Time> time_of_count(std::int64_t seconds, std::int64_t microseconds);

// Which part of a date stands where.
enum class DateOrder { DayMonthYear, MonthDayYear, YearMonthDay };

// A date and time in figures, of which nobody said in which order they stand.
struct FigureTime {
  std::array<int, 3> date{};
  bool long_first = false;  // the first was written with four digits
  char separator = '/';
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool has_time = false;
  bool has_seconds = false;
  bool half_day = false;  // with a.m. or p.m. in Latin letters
};

// Reads "dd/mm/yyyy, hh:mm:ss", with a.m., 上午, 오전 and their like, from the start of `text`; sets `length` to the bytes that it
// took. None when it does not begin so.
std::optional<FigureTime> read_figure_time(std::string_view text, std::size_t& length);

std::optional<Time> to_time(const FigureTime& figures, DateOrder order);

// Finds out in which order a file's dates are written: from numbers that can be no month, from the order in which they
// follow one another, and from what would lie in the future or before `earliest`.
class DateOrderFinder {
 public:
  DateOrderFinder(std::optional<Time> latest, Time earliest) : latest_(latest), earliest_(earliest) {}

  void add(const FigureTime& figures);
  struct Found {
    DateOrder order = DateOrder::DayMonthYear;
    bool sure = true;
  };
  Found found() const;

 private:
  struct Hypothesis {
    std::int64_t impossible = 0;
    std::int64_t backwards = 0;  // how often time would run backwards
    std::optional<Time> last;
  };
  std::optional<Time> latest_;
  Time earliest_;
  std::array<Hypothesis, 3> hypotheses_;
  std::int64_t half_days_ = 0;
  std::int64_t dots_ = 0;
  std::int64_t seen_ = 0;
};

// Whether reading this date in the other order gives another day.
bool is_ambiguous(const FigureTime& figures);

}  // namespace hearth::memory::extract
