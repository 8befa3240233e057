#pragma once
#include <string>
#include <vector>

#include "memory/implementation.h"
#include "memory/timeline.h"

namespace hearth::memory {

// Reads items as lines of a list, and joins their labels.
class EntryReader {
 public:
  static constexpr std::string_view kColumns =
      "i.id, i.source, i.kind, i.title, i.details, i.time, i.until, i.certainty, i.zone, i.attached, i.outside,"
      " i.confidentiality, i.integrity, (SELECT substr(text, 1, 300) FROM passages WHERE id = i.id << 16)";

  // `zone`: minutes east of Greenwich, for the days.
  static Result<EntryReader> open(store::Connection& connection, const std::string& person, int zone);

  // The entry of a row that begins with kColumns.
  TimelineEntry read(store::Statement& row);
  // Of everything that was read so far.
  const kernel::Label& label() const { return label_; }

 private:
  EntryReader(std::map<std::int64_t, SourceRow> sources, kernel::Label label, int zone)
      : sources_(std::move(sources)), label_(std::move(label)), zone_(zone) {}

  std::map<std::int64_t, SourceRow> sources_;
  kernel::Label label_;
  int zone_;
};

// "2026-11-23": the day of a time on a clock `zone` minutes east of Greenwich.
std::string day_of(Time time, int zone);

Result<kernel::Labelled<TimelineOutput>> read_timeline(store::Connection& connection, const std::string& person, const TimelineInput& input);
Result<kernel::Labelled<OnThisDayOutput>> read_on_this_day(store::Connection& connection, const std::string& person,
                                                           const OnThisDayInput& input, Time now);
Result<kernel::Labelled<ThreadOutput>> read_thread(store::Connection& connection, const std::string& person, const ThreadInput& input);

}  // namespace hearth::memory
