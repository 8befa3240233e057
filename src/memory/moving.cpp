#include "memory/moving.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/bytes.h"

namespace hearth::memory {
namespace {

constexpr off_t kLargestManifest = 64 << 10;

// Lines of at most 75 bytes, the rest on lines that begin with a space (RFC 5545 §3.1, RFC 6350 §3.2).
std::string content_line(std::string_view name, std::string_view value) {
  const auto line = fmt::format("{}:{}", name, value);
  std::string folded(beginning_of(line, 75));
  for (auto at = folded.size(); at < line.size();) {
    const auto piece = beginning_of(std::string_view(line).substr(at), 74);
    folded += "\r\n ";
    folded += piece;
    at += piece.size();
  }
  return folded + "\r\n";
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\\' || c == ';' || c == ',') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) >= ' ' || c == '\t') {
      result += c;
    }
  }
  return result;
}

std::string stamp(Time time, bool day) {
  const auto date = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time));
  const auto text = fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (day) return text;
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - std::chrono::floor<std::chrono::days>(time)));
  return text + fmt::format("T{:02}{:02}{:02}Z", clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

bool is_mail_address(std::string_view address) { return address.find('@') != address.npos && address.find(':') == address.npos; }

std::string time_line(std::string_view name, Time time, bool day, int zone) {
  return day ? content_line(fmt::format("{};VALUE=DATE", name), stamp(time + std::chrono::minutes(zone), true)) : content_line(name, stamp(time, false));
}

}  // namespace

std::string quote_mbox(std::string_view original) {
  std::string quoted;
  quoted.reserve(original.size());
  for (std::size_t at = 0; at < original.size();) {
    const auto end = std::min(original.find('\n', at), original.size() - 1) + 1;
    const auto line = original.substr(at, end - at);
    const auto mark = line.find_first_not_of('>');
    if (mark != line.npos && line.substr(mark).starts_with("From ")) quoted += '>';
    quoted += line;
    at = end;
  }
  return quoted;
}

std::string unquote_mbox(std::string_view quoted) {
  std::string original;
  original.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size();) {
    const auto end = std::min(quoted.find('\n', at), quoted.size() - 1) + 1;
    auto line = quoted.substr(at, end - at);
    const auto mark = line.find_first_not_of('>');
    if (mark != line.npos && mark > 0 && line.substr(mark).starts_with("From ")) line.remove_prefix(1);
    original += line;
    at = end;
  }
  return original;
}

std::string mbox_separator(const ExportedItem& item) {
  std::string author = "unknown";
  for (const auto& person : item.people) {
    if (person.role == extract::Role::Author && is_mail_address(person.address) && person.address.find(' ') == std::string::npos) author = person.address;
  }
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = item.time.value_or(Time());
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("From {} {} {} {:2} {:02}:{:02}:{:02} {}\n", author, kDays[std::chrono::weekday(day).c_encoding()],
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), static_cast<int>(date.year()));
}

std::string as_calendar_entry(const ExportedItem& item, std::string_view text) {
  const bool task = item.kind == ItemKind::Task;
  const bool day = item.certainty == TimeCertainty::Day;
  const int zone = item.zone.value_or(0);
  auto entry = content_line("BEGIN", task ? "VTODO" : "VEVENT") + content_line("UID", escaped(item.external_id.empty() ? item.key : item.external_id)) +
               content_line("DTSTAMP", stamp(item.time.value_or(Time()), false)) + content_line("SUMMARY", escaped(item.title));
  if (item.time) entry += time_line(task ? "DUE" : "DTSTART", *item.time, day, zone);
  if (item.until && !task) entry += time_line("DTEND", *item.until, day, zone);
  if (!text.empty()) entry += content_line("DESCRIPTION", escaped(text));
  for (const auto& place : item.places) {
    if (!place.name.empty()) entry += content_line("LOCATION", escaped(place.name));
    if (place.latitude && place.longitude) entry += content_line("GEO", fmt::format("{};{}", *place.latitude, *place.longitude));
    break;
  }
  for (const auto& person : item.people) {
    if (!is_mail_address(person.address)) continue;
    std::string name;
    for (const char c : person.name) name += c == '"' || static_cast<unsigned char>(c) < ' ' ? '\'' : c;
    entry += content_line(fmt::format("{};CN=\"{}\"", person.role == extract::Role::Author ? "ORGANIZER" : "ATTENDEE", name), "mailto:" + person.address);
  }
  return entry + content_line("END", task ? "VTODO" : "VEVENT");
}

std::string as_card(const ExportedItem& item, std::string_view text) {
  auto card = content_line("BEGIN", "VCARD") + content_line("VERSION", "4.0") + content_line("UID", escaped(item.external_id.empty() ? item.key : item.external_id)) +
              content_line("FN", escaped(item.title.empty() ? "?" : item.title));
  for (const auto& person : item.people) {
    if (person.role != extract::Role::Subject || person.address.empty()) continue;
    if (is_mail_address(person.address)) {
      card += content_line("EMAIL", escaped(person.address));
    } else {
      card += content_line(person.address.starts_with("tel:") ? "TEL;VALUE=uri" : "IMPP", person.address);
    }
  }
  if (!text.empty()) card += content_line("NOTE", escaped(text));
  return card + content_line("END", "VCARD");
}

std::string as_markdown(const ExportedItem& item, std::string_view text) {
  // A JSON string is a YAML string.
  auto page = fmt::format("---\ntitle: {}\n", quote_json(item.title));
  if (item.time) page += fmt::format("date: {}\n", format_time(*item.time));
  if (!item.tags.empty()) {
    page += "tags:\n";
    for (const auto& tag : item.tags) page += fmt::format("  - {}\n", quote_json(tag));
  }
  if (!item.people.empty()) {
    page += "people:\n";
    for (const auto& person : item.people) {
      page += fmt::format("  - {}\n", quote_json(person.address.empty() ? person.name : person.name.empty() ? person.address : person.name + " <" + person.address + ">"));
    }
  }
  page += fmt::format("kind: {}\nkey: {}\n---\n\n", enum_name(item.kind), item.key);
  page += text;
  if (!page.ends_with('\n')) page += '\n';
  return page;
}

bool is_export(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return opened && is_export(opened.get());
}

bool is_export(int folder) {
  const Descriptor file(::openat(folder, "manifest.json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > kLargestManifest) return false;
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const auto got = ::pread(file.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  const auto parsed = Json::parse(text);
  return parsed && parsed->text("format") == kExportFormat;
}

}  // namespace hearth::memory
