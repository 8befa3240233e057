#include "memory/extract/calendar.h"

#include <libical/ical.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "base/ascii.h"
#include "memory/extract/calendar_times.h"
#include "memory/extract/charset.h"
#include "memory/extract/content_line.h"
#include "memory/extract/html.h"
#include "memory/extract/recurrence.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostPeople = 500;
constexpr std::size_t kMostDates = 2000;
constexpr std::size_t kLargestComponent = 8 << 20;

constexpr LocalSeconds kDay = 86400;

LocalSeconds time_of_day(LocalSeconds local) { return (local % kDay + kDay) % kDay; }

struct Component {
  ComponentExtent extent;
  std::vector<ContentLine> lines;  // without those of components within

  const ContentLine* find(std::string_view name) const {
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.name == name; });
    return found == lines.end() ? nullptr : &*found;
  }
  std::string text(std::string_view name) const {
    const auto* line = find(name);
    return line ? unescape_text(line->value) : "";
  }
};

Component read_component(std::string_view bytes, const ComponentExtent& extent) {
  Component component{extent, {}};
  int depth = 0;
  for (auto& line : read_content_lines(bytes.substr(extent.start, extent.end - extent.start))) {
    if (line.name == "BEGIN") {
      ++depth;
    } else if (line.name == "END") {
      --depth;
    } else if (depth == 1) {
      component.lines.push_back(std::move(line));
    }
  }
  return component;
}

Person person_of(const ContentLine& line, Role role) {
  Person person{role, one_line(line.parameter("CN")), ""};
  auto address = line.value;
  if (lower(address.substr(0, 7)) == "mailto:") {
    person.address = lower(address.substr(7));
  } else if (lower(address.substr(0, 4)) == "tel:") {
    person.address = lower(address);
  } else if (address.find('@') != address.npos && address.find(':') == address.npos) {
    person.address = lower(address);
  } else if (const auto mail = line.parameter("EMAIL"); !mail.empty()) {
    person.address = lower(mail);
  }
  if (lower(person.name) == person.address) person.name.clear();
  return person;
}

bool is_chinese(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto point = code_point_at(text, i);
    if (is_han(point.value)) return true;
    i += point.length;
  }
  return false;
}

bool looks_like_html(std::string_view text) {
  const auto small = lower(text.substr(0, 4000));
  static constexpr std::array<std::string_view, 6> kMarks = {"<br", "<p>", "<html", "<div", "</a>", "</b>"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](auto mark) { return small.find(mark) != small.npos; });
}

std::string date_text(LocalSeconds local, bool day) {
  const std::chrono::sys_seconds time{std::chrono::seconds(local)};
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const auto minutes = (local - days.time_since_epoch().count() * 86400) / 60;
  auto text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (!day) text += fmt::format(" {:02}:{:02}", minutes / 60, minutes % 60);
  return text;
}

// "2026-11-30 09:00 – 10:00 (Europe/Berlin)"
std::string span_text(const When& start, const std::optional<LocalSeconds>& end) {
  auto text = date_text(start.local, start.day);
  const auto last = end && start.day ? *end - 86400 : end.value_or(start.local);  // the end of days is the day after
  if (end && last > start.local) {
    const auto whole = date_text(last, start.day);
    const bool same_day = !start.day && whole.substr(0, 10) == text.substr(0, 10);
    text += " – " + (same_day ? whole.substr(11) : whole);
  }
  if (!start.day && !start.clock.name.empty()) text += " (" + start.clock.name + ")";
  return text;
}

std::string list_of_dates(const std::vector<LocalSeconds>& dates) {
  std::string text;
  for (const auto date : dates) text += (text.empty() ? "" : ", ") + date_text(date, true);
  return text;
}

Time as_time(std::int64_t seconds) { return Time(std::chrono::seconds(seconds)); }

std::int64_t duration_of(const std::string& value) {
  const auto duration = icaldurationtype_from_string(value.c_str());
  if (icaldurationtype_is_bad_duration(duration)) return 0;
  return std::int64_t{duration.weeks} * 604800 + std::int64_t{duration.days} * 86400 + std::int64_t{duration.hours} * 3600 +
         std::int64_t{duration.minutes} * 60 + duration.seconds;
}

bool is_meeting_link(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {"CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
                                                             "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Reads one component into an item.
class Reader {
 public:
  Reader(Calendar& calendar, const Component& component, const std::vector<ContentLine>& moved, Time now)
      : calendar_(calendar), component_(component), moved_(moved), now_(now) {}

  ItemText run() {
    auto& item = result_.item;
    const auto& name = component_.extent.name;
    item.kind = name == "VTODO" ? ItemKind::Task : name == "VJOURNAL" ? ItemKind::Note : ItemKind::Event;
    item.type = "text/calendar";
    item.external_id = component_.text("UID");
    item.thread = item.external_id;
    item.title = one_line(component_.text("SUMMARY"));
    description_ = component_.text("DESCRIPTION");
    if (description_.empty()) description_ = component_.text("X-ALT-DESC");
    if (looks_like_html(description_)) description_ = read_html(description_, Quotes::Keep).text;
    chinese_ = is_chinese(item.title) || is_chinese(description_);
    read_times();
    read_state();
    read_place();
    read_people();
    read_rest();
    for (const auto& line : body_) result_.text += (result_.text.empty() ? "" : "\n") + line;
    item.key = content_key({"calendar", item.external_id, component_.text("RECURRENCE-ID"), item.title, description_, place_, people_key_,
                            times_key_, component_.text("STATUS")});
    cut_passages(result_);
    return std::move(result_);
  }

  // The zones that its times name.
  const std::set<std::string>& zones() const { return zones_; }

 private:
  std::optional<When> when(std::string_view name) {
    const auto* line = component_.find(name);
    return line ? when(*line, line->value) : std::nullopt;
  }
  std::optional<When> when(const ContentLine& line, std::string_view value) {
    const auto zone = unescape_text(line.parameter("TZID"));
    if (!zone.empty()) zones_.insert(zone);
    return calendar_.read(value, zone);
  }

  // A day on which a task is due belongs to it, unlike the day on which an event ends.
  static When end_of(When due, const std::optional<When>& start) {
    if (start && start->day && !due.day) {
      due.local += kDay - time_of_day(due.local);
      due.day = true;
    } else if (start && !start->day && due.day) {
      due.local += kDay - 60;
      due.day = false;
      due.clock = start->clock;
    } else if (due.day) {
      due.local += kDay;
    }
    return due;
  }

  // A time at midnight as the day that begins then: on its own clock, or the calendar's.
  std::optional<When> as_day(When time) const {
    if (time_of_day(time.local) != 0) {
      time.local = time.utc() + calendar_.floating().offset_at(time.utc());
      time.clock = calendar_.floating();
    }
    if (time_of_day(time.local) != 0) return std::nullopt;
    time.day = true;
    return time;
  }

  void read_times() {
    auto& item = result_.item;
    auto start = when("DTSTART");
    auto end = when("DTEND");
    const auto due = when("DUE");
    if (due && !end) end = end_of(*due, start);
    if (!start && due) start = due;
    if (!start) start = when("RECURRENCE-ID");
    if (start && lower(component_.text("X-MICROSOFT-CDO-ALLDAYEVENT")) == "true") {
      const auto first = as_day(*start);
      const auto last = end ? as_day(*end) : std::nullopt;
      if (first && (last || !end)) {
        start = first;
        end = last;
      }
    }
    times_key_ = component_.text("RRULE");
    for (const auto& line : component_.lines) {
      if (line.name == "RDATE" || line.name == "EXDATE") times_key_ += line.name + line.value;
    }
    if (!start) return;
    std::optional<std::int64_t> length;
    if (end) length = end->utc() - start->utc();
    if (!end) {
      if (const auto* duration = component_.find("DURATION")) length = duration_of(duration->value);
      if (!length && start->day) length = 86400;
    }
    if (length && *length < 0) length.reset();
    item.time = as_time(start->utc());
    if (length) item.until = as_time(start->utc() + *length);
    if (start->day) {
      item.certainty = TimeCertainty::Day;
    } else {
      item.certainty = start->clock.assumed ? TimeCertainty::Zone : TimeCertainty::Exact;
      item.zone = start->clock.offset_at(start->local) / 60;
    }
    times_key_ += fmt::format("{} {} {}", start->utc(), length.value_or(0), start->day);
    std::optional<LocalSeconds> local_end;
    if (length) local_end = end && !end->day && end->clock.name == start->clock.name ? end->local : start->local + *length;
    body_.push_back(span_text(*start, local_end));
    read_repetition(*start, length.value_or(0));
  }

  void read_repetition(const When& start, std::int64_t length) {
    Repetition repetition{start.local, start.day, {}, {}, {}, {}, {}};
    if (const auto* rule = component_.find("RRULE")) repetition.rule = modern_rule(rule->value);
    const auto on_this_clock = [&](const When& other) {
      const bool moves = !other.day && (!start.day || start.clock.known());
      const auto local = moves ? other.utc() + start.clock.offset_at(other.local) : other.local;
      return start.day ? local - time_of_day(local) : local;
    };
    const auto leave_out = [&](const When& one) {
      if (one.day && !start.day) {
        repetition.without_days.push_back(one.local);
      } else {
        repetition.without.push_back(on_this_clock(one));
      }
    };
    if (const auto until = until_of(repetition.rule); !until.empty()) {
      auto limit = calendar_.read(until, "");
      if (limit && limit->day && !start.day) limit->local += 86399;
      if (limit && limit->clock.assumed) limit->clock = start.clock;
      if (limit) repetition.until = limit->day ? limit->local : on_this_clock(*limit);
    }
    const auto each_date = [&](std::string_view name, auto take) {
      std::size_t count = 0;
      for (const auto& line : component_.lines) {
        if (line.name != name) continue;
        auto values = line.value;
        std::replace(values.begin(), values.end(), ';', ',');  // vCalendar 1.0
        for (const auto& value : split_text(values, ',')) {
          if (++count > kMostDates) return;
          if (const auto one = when(line, value.substr(0, value.find('/')))) take(*one);
        }
      }
    };
    each_date("RDATE", [&](const When& one) { repetition.more.push_back(on_this_clock(one) + (one.day && !start.day ? time_of_day(start.local) : 0)); });
    each_date("EXDATE", leave_out);
    for (const auto& moved : moved_) {
      auto one = calendar_.read(moved.value, moved.parameter("TZID"));
      if (!one) continue;
      if (one->clock.assumed) one->clock = start.clock;
      leave_out(*one);
    }
    if (repetition.rule.empty() && repetition.more.empty()) return;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
    const auto found = occurrences(repetition, now + start.clock.offset_at(now));
    const auto words = rule_in_words(repetition.rule, chinese_ ? Language::Chinese : Language::English);
    if (!words.empty()) {
      body_.push_back((chinese_ ? "重复：" : "Repeats ") + words);
    } else if (!repetition.rule.empty()) {
      body_.push_back((chinese_ ? "重复：" : "Repeats: ") + repetition.rule);
    }
    if (!found.before.empty()) body_.push_back((chinese_ ? "之前：" : "Before: ") + list_of_dates(found.before));
    if (!found.after.empty()) body_.push_back((chinese_ ? "接下来：" : "Next: ") + list_of_dates(found.after));
    result_.item.until.reset();
    if (found.last) {
      auto last = start;
      last.local = *found.last;
      result_.item.until = as_time(last.utc() + length);
    }
  }

  void read_state() {
    const auto status = lower(component_.text("STATUS"));
    if (status == "cancelled" || calendar_.cancels()) {
      body_.emplace_back(chinese_ ? "已取消" : "Cancelled");
      result_.item.tags.emplace_back("cancelled");
    } else if (status == "completed" || component_.find("COMPLETED")) {
      body_.emplace_back(chinese_ ? "已完成" : "Completed");
      result_.item.tags.emplace_back("completed");
    } else if (status == "tentative") {
      body_.emplace_back(chinese_ ? "待定" : "Tentative");
    }
  }

  void read_place() {
    place_ = component_.text("LOCATION");
    Place place{place_, {}, {}};
    if (const auto* geo = component_.find("GEO")) {
      double latitude = 0;
      double longitude = 0;
      const auto middle = geo->value.find_first_of(";,");
      if (middle != geo->value.npos && std::sscanf(geo->value.c_str(), "%lf", &latitude) == 1 &&
          std::sscanf(geo->value.c_str() + middle + 1, "%lf", &longitude) == 1 && std::abs(latitude) <= 90 && std::abs(longitude) <= 180) {
        place.latitude = latitude;
        place.longitude = longitude;
      }
    }
    if (!place_.empty()) body_.push_back(place_);
    if (!place.name.empty() || place.latitude) result_.item.places.push_back(std::move(place));
  }

  void read_people() {
    std::vector<std::string> declined;
    std::vector<std::string> tentative;
    for (const auto& line : component_.lines) {
      if (line.name != "ORGANIZER" && line.name != "ATTENDEE") continue;
      if (result_.item.people.size() == kMostPeople) break;
      if (lower(line.parameter("CUTYPE")) == "room" || lower(line.parameter("CUTYPE")) == "resource") continue;
      auto person = person_of(line, line.name == "ORGANIZER" ? Role::Author : Role::Participant);
      if (person.name.empty() && person.address.empty()) continue;
      const auto answer = lower(line.parameter("PARTSTAT"));
      people_key_ += person.address;
      if (answer == "declined" || answer == "tentative") {
        (answer == "declined" ? declined : tentative).push_back(person.name.empty() ? person.address : person.name);
        people_key_ += " " + answer;
      }
      people_key_ += "\n";
      result_.item.people.push_back(std::move(person));
    }
    if (!declined.empty()) body_.push_back((chinese_ ? "已谢绝：" : "Declined: ") + fmt::format("{}", fmt::join(declined, chinese_ ? "、" : ", ")));
    if (!tentative.empty()) body_.push_back((chinese_ ? "未定：" : "Tentative: ") + fmt::format("{}", fmt::join(tentative, chinese_ ? "、" : ", ")));
  }

  void read_rest() {
    if (!description_.empty()) body_.push_back("\n" + description_);
    if (const auto url = component_.text("URL"); !url.empty()) body_.push_back(url);
    for (const auto& line : component_.lines) {
      if (!is_meeting_link(line.name)) continue;
      const auto link = unescape_text(line.value);
      const bool told = std::any_of(body_.begin(), body_.end(), [&](const auto& one) { return one.find(link) != one.npos; });
      if (!told) body_.push_back(link);
    }
    for (const auto& line : component_.lines) {
      if (line.name == "CATEGORIES") {
        for (auto& tag : split_text(line.value, ',')) {
          if (!tag.empty()) result_.item.tags.push_back(std::move(tag));
        }
      } else if (line.name == "COMMENT" || line.name == "CONTACT") {
        body_.push_back(unescape_text(line.value));
      } else if (line.name == "ATTACH") {
        const bool inside = lower(line.parameter("VALUE")) == "binary" || lower(line.parameter("ENCODING")) == "base64";
        auto name = std::string(line.parameter("FILENAME"));
        if (name.empty()) name = line.parameter("X-FILENAME");
        if (name.empty() && !inside) name = line.value.substr(0, 1000);
        result_.item.attachments.push_back({name, lower(line.parameter("FMTTYPE")), inside ? static_cast<std::int64_t>(line.value.size() / 4 * 3) : 0});
      }
    }
  }

  Calendar& calendar_;
  const Component& component_;
  const std::vector<ContentLine>& moved_;
  Time now_;
  ItemText result_;
  std::vector<std::string> body_;
  std::set<std::string> zones_;
  std::string description_;
  std::string place_;
  std::string people_key_;
  std::string times_key_;
  bool chinese_ = false;
};

bool is_item(std::string_view name) { return name == "VEVENT" || name == "VTODO" || name == "VJOURNAL"; }

}  // namespace

bool is_calendar(const Probe& probe) {
  if (probe.name.ends_with(".ics") || probe.name.ends_with(".ical") || probe.name.ends_with(".ifb") || probe.name.ends_with(".vcs")) return true;
  const auto start = probe.head.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return start != probe.head.npos && lower(probe.head.substr(start, 15)) == "begin:vcalendar";
}

Result<> read_calendar(std::string bytes, Time now, Sink& sink) {
  const bool wide = is_wide(bytes);
  if (wide) bytes = to_utf8(bytes, "");
  std::vector<std::string> loose;
  (void)find_components(bytes, 1, &loose);
  const auto extents = find_components(bytes, 2);
  if (extents.empty() && lower(bytes).find("end:vcalendar") == bytes.npos && bytes.find_first_not_of(" \t\r\n") != bytes.npos) {
    return fail(Code::Corrupt, "Nothing in it can be read; it may have been cut off.");
  }
  std::map<int, std::unique_ptr<Calendar>> calendars;
  std::map<std::string, std::vector<ContentLine>> moved;  // by UID: the times of occurrences that have an item of their own
  const auto calendar_of = [&](int number) -> Calendar& {
    auto& calendar = calendars[number];
    if (!calendar) calendar = std::make_unique<Calendar>(bytes, static_cast<std::size_t>(number) < loose.size() ? loose[static_cast<std::size_t>(number)] : "");
    return *calendar;
  };
  for (const auto& extent : extents) {
    if (extent.name == "VTIMEZONE" && extent.end - extent.start <= kLargestComponent) calendar_of(extent.calendar).add_zone(extent);
    if (!is_item(extent.name) || extent.end - extent.start > kLargestComponent || calendar_of(extent.calendar).answers()) continue;
    const auto component = read_component(bytes, extent);
    if (const auto* line = component.find("RECURRENCE-ID")) moved[component.text("UID")].push_back(*line);
  }
  std::map<std::string, int> seen;  // a name twice is numbered
  static const std::vector<ContentLine> none;
  for (const auto& extent : extents) {
    if (!is_item(extent.name) || calendar_of(extent.calendar).answers()) continue;
    // The extents of a file that was turned into UTF-8 are not those of its bytes; they still tell its items apart.
    if (!TRY(sink.begin({static_cast<std::int64_t>(extent.start), static_cast<std::int64_t>(extent.end - extent.start)}))) continue;
    if (!extent.whole) {
      TRY(sink.failed("It ends in the middle."));
      continue;
    }
    if (extent.end - extent.start > kLargestComponent) {
      TRY(sink.failed(fmt::format("Larger than {} MB.", kLargestComponent >> 20)));
      continue;
    }
    const auto component = read_component(bytes, extent);
    const auto uid = component.text("UID");
    const auto occurrence = component.text("RECURRENCE-ID");
    const auto others = moved.find(uid);
    auto& calendar = calendar_of(extent.calendar);
    Reader reader(calendar, component, !occurrence.empty() || others == moved.end() ? none : others->second, now);
    auto item = reader.run();
    if (!uid.empty()) {
      item.within = uid + (occurrence.empty() ? "" : "/" + occurrence);
      if (const auto times = ++seen[item.within]; times > 1) item.within += fmt::format("~{}", times);
    }
    auto original = calendar.alone(std::string_view(bytes).substr(extent.start, extent.end - extent.start), reader.zones());
    TRY(sink.item(std::move(item), {{}, std::move(original)}));
  }
  return {};
}

Result<> read_calendar_file(const Request&, const Input& input, Sink& sink) {
  auto bytes = TRY(input.read_all());
  return read_calendar(std::move(bytes), std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), sink);
}

}  // namespace hearth::memory::extract
