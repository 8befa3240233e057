#include "memory/extract/recorder.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/chat.h"
#include "memory/extract/json_stream.h"
#include "memory/extract/written_time.h"

namespace hearth::memory::extract {
namespace {

constexpr int kDeepestBlock = 16;
constexpr std::size_t kMostSpeakers = 20;

void add_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// Speakers that have a name: not "Speaker 1", "Unknown", "SPEAKER_00".
void add_speaker(Item& item, std::string_view name, Role role) {
  name = trim(name);
  if (name.empty() || name == "Unknown" || name.starts_with("Speaker ") || name.starts_with("SPEAKER_") || name.starts_with("Unknown ")) return;
  const bool known = std::any_of(item.people.begin(), item.people.end(), [&](const auto& one) { return one.name == name; });
  if (!known && item.people.size() < kMostSpeakers) item.people.push_back({role, std::string(name), ""});
}

// A stamp such as "(2/1/25 10:00 AM)" in a line: local time, the month first.
std::optional<Time> local_stamp(std::string_view line, std::string_view* before = nullptr, std::string_view* behind = nullptr) {
  for (auto open = line.find('('); open != line.npos; open = line.find('(', open + 1)) {
    std::size_t length = 0;
    const auto figures = read_figure_time(line.substr(open + 1, 40), length);
    if (!figures || !figures->has_time || open + 1 + length >= line.size() || line[open + 1 + length] != ')') continue;
    if (before) *before = line.substr(0, open);
    if (behind) *behind = line.substr(open + 2 + length);
    return to_time(*figures, figures->long_first ? DateOrder::YearMonthDay : DateOrder::MonthDayYear);
  }
  return std::nullopt;
}

void set_time(Item& item, const std::optional<WrittenTime>& start, const std::optional<WrittenTime>& end) {
  if (start) {
    item.time = start->time;
    item.zone = start->zone;
    item.certainty = start->certainty;
  }
  if (end && (!start || end->time >= start->time)) item.until = end->time;
}

// Where the interface gave UTC, the text tells the wearer's clock.
void find_zone(Item& item, std::string_view text) {
  if (!item.time || (item.zone && *item.zone != 0)) return;
  const auto local = local_stamp(text.substr(0, 4000));
  if (!local) return;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(*local - *item.time).count();
  const auto rounded = (minutes + (minutes >= 0 ? 7 : -7)) / 15 * 15;
  if (std::abs(minutes - rounded) <= 7 && rounded >= -12 * 60 && rounded <= 14 * 60) item.zone = static_cast<int>(rounded);
}

// Headings, and what was said as "Ann: text".
void add_blocks(const Json& blocks, ItemText& result, int depth) {
  if (!blocks.as_array() || depth > kDeepestBlock) return;
  for (const auto& block : *blocks.as_array()) {
    const auto content = block.text("content");
    const auto speaker = block.text("speakerName");
    if (block.text("type").starts_with("heading")) {
      if (content != result.item.title) add_line(result.text, result.text.empty() ? std::string(content) : fmt::format("\n{}", content));
    } else {
      add_line(result.text, speaker.empty() || content.empty() ? std::string(content) : fmt::format("{}: {}", speaker, content));
    }
    add_speaker(result.item, speaker, block.text("speakerIdentifier") == "user" ? Role::Author : Role::Participant);
    if (const auto* children = block.find("children")) add_blocks(*children, result, depth + 1);
  }
}

void finish(ItemText& result, std::string_view service) {
  auto& item = result.item;
  item.kind = ItemKind::Recording;
  if (item.title.empty()) item.title = std::string(trim(std::string_view(result.text).substr(0, result.text.find('\n'))).substr(0, 100));
  while (!item.title.empty() && (static_cast<unsigned char>(item.title.back()) & 0x80) != 0 && !is_utf8(item.title)) item.title.pop_back();
  item.key = content_key({service, item.external_id, item.time ? format_time(*item.time) : "", item.title, result.text});
  result.within = item.external_id;
  cut_passages(result);
}

ItemText lifelog(const Json& json) {
  ItemText result;
  auto& item = result.item;
  item.type = "application/json";
  item.external_id = text_or_number(json, "id");
  item.title = json.text("title");
  set_time(item, read_written_time(json.text("startTime")), read_written_time(json.text("endTime")));
  if (const auto* contents = json.find("contents")) add_blocks(*contents, result, 0);
  if (result.text.empty()) result.text = json.text("markdown");
  find_zone(item, json.text("markdown"));
  finish(result, "limitless");
  return result;
}

void add_seconds(Item& item, const Json& segments) {  // the end, where only the segments tell it
  if (item.until || !item.time || segments.as_array()->empty()) return;
  const auto* end = segments.as_array()->back().find("end");
  const double seconds = !end ? 0 : end->as_double() ? *end->as_double() : end->as_integer() ? static_cast<double>(*end->as_integer()) : 0;
  if (seconds > 0 && seconds < 1e6) item.until = *item.time + std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

ItemText conversation(const Json& json) {
  ItemText result;
  auto& item = result.item;
  item.type = "application/json";
  item.external_id = text_or_number(json, "id");
  auto start = read_written_time(json.text("started_at"));
  if (!start) start = read_written_time(json.text("created_at"));
  set_time(item, start, read_written_time(json.text("finished_at")));
  if (const auto* structured = json.find("structured")) {
    item.title = structured->text("title");
    add_line(result.text, structured->text("overview"));
    if (const auto category = structured->text("category"); !category.empty()) item.tags.emplace_back(category);
    if (const auto* actions = structured->find("action_items"); actions && actions->as_array()) {
      for (const auto& action : *actions->as_array()) {
        const auto* done = action.find("completed");
        const auto what = action.as_string() ? std::string_view(*action.as_string()) : action.text("description");
        if (!what.empty()) add_line(result.text, fmt::format("- [{}] {}", done && done->as_bool() && *done->as_bool() ? 'x' : ' ', what));
      }
    }
  }
  if (const auto* segments = json.find("transcript_segments"); segments && segments->as_array()) {
    if (!result.text.empty()) result.text += '\n';
    for (const auto& segment : *segments->as_array()) {
      const auto* own = segment.find("is_user");
      const bool user = own && own->as_bool() && *own->as_bool();
      auto speaker = segment.text("speaker_name");
      if (speaker.empty()) speaker = user ? "Me" : segment.text("speaker");
      const auto said = trim(segment.text("text"));
      if (!said.empty()) add_line(result.text, speaker.empty() ? std::string(said) : fmt::format("{}: {}", speaker, said));
      if (speaker != "Me") add_speaker(item, speaker, Role::Participant);
    }
    add_seconds(item, *segments);
  } else {
    add_line(result.text, json.text("transcript"));
  }
  if (const auto* place = json.find("geolocation"); place && place->as_object()) {
    const auto* latitude = place->find("latitude");
    const auto* longitude = place->find("longitude");
    Place found{std::string(place->text("address")), {}, {}};
    if (latitude && longitude && latitude->as_double() && longitude->as_double()) {
      found.latitude = *latitude->as_double();
      found.longitude = *longitude->as_double();
    }
    if (found.latitude || !found.name.empty()) item.places.push_back(std::move(found));
  }
  finish(result, "omi");
  return result;
}

// Goes to the recordings: the whole text, an array of them, or one in a member `list` of objects.
class Recordings {
 public:
  using Make = ItemText (*)(const Json& json);
  Recordings(const Input& input, std::initializer_list<std::string_view> lists, std::string_view mark, Make make, Sink& sink)
      : input_(input), stream_(input), lists_(lists), mark_(mark), make_(make), sink_(sink) {}

  Result<> read() {
    if (TRY(stream_.peek()) == '[') return array();
    if (TRY(has_list())) return object(0);
    return one(TRY(stream_.raw()));
  }

 private:
  bool is_list(std::string_view name) const { return std::find(lists_.begin(), lists_.end(), name) != lists_.end(); }

  // Whether it is an object around a list, and no recording itself.
  Result<bool> has_list() {
    JsonStream stream(input_);
    bool found = true;
    TRY(stream.each_member([&](std::string_view name) -> Result<> {
      if (name == mark_) found = false;
      return stream.skip();
    }));
    return found;
  }

  Result<> array() {
    return stream_.each_element([&]() -> Result<> { return one(TRY(stream_.raw())); });
  }

  Result<> object(int depth) {
    return stream_.each_member([&](std::string_view name) -> Result<> {
      const auto begins = TRY(stream_.peek());
      if (begins == '[' && is_list(name)) return array();
      if (begins == '{' && name == "data" && depth < 3) return object(depth + 1);
      return stream_.skip();
    });
  }

  Result<> one(const JsonStream::Raw& raw) {
    if (!TRY(sink_.begin(raw.extent))) return {};
    if (raw.too_large) return sink_.failed("The recording is too large.");
    const auto json = Json::parse(raw.bytes);
    if (!json) return sink_.failed(json.error().message());
    if (!json->as_object()) return sink_.failed("This is no recording.");
    auto item = make_(*json);
    if (item.text.empty() && item.item.title.empty()) return {};
    return sink_.item(std::move(item), {raw.extent, {}});
  }

  const Input& input_;
  JsonStream stream_;
  std::vector<std::string_view> lists_;
  std::string_view mark_;
  Make make_;
  Sink& sink_;
};

bool is_json(const Probe& probe) { return probe.name.ends_with(".json") && (trim(probe.head).starts_with('{') || trim(probe.head).starts_with('[')); }
bool holds(const Probe& probe, std::string_view text) { return probe.head.find(text) != probe.head.npos; }

}  // namespace

bool is_limitless(const Probe& probe) {
  return is_json(probe) && (holds(probe, "\"lifelogs\"") || (holds(probe, "\"startTime\"") && holds(probe, "\"markdown\""))) && holds(probe, "\"startTime\"");
}

Result<> read_limitless(const Request&, const Input& input, Sink& sink) {
  return Recordings(input, {"lifelogs", "data"}, "startTime", lifelog, sink).read();
}

bool is_limitless_page(const Probe& probe) {
  if (!probe.name.ends_with(".md")) return false;
  int said = 0;
  for (std::size_t at = 0; at < probe.head.size() && said < 2;) {
    const auto end = std::min(probe.head.find('\n', at), probe.head.size());
    const auto line = probe.head.substr(at, end - at);
    std::string_view behind;
    said += (line.starts_with("- ") || line.starts_with("> ")) && local_stamp(line.substr(0, 200), nullptr, &behind) && behind.starts_with(':');
    at = end + 1;
  }
  return said == 2;
}

Result<> read_limitless_page(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all(16 << 20);
  if (!bytes) return sink.failed(bytes.error().message());
  ItemText result;
  auto& item = result.item;
  item.type = "text/markdown";
  item.certainty = TimeCertainty::Zone;
  const auto text = to_utf8(*bytes, "");
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (item.title.empty() && line.starts_with("# ")) {
      item.title = trim(line.substr(2));
      continue;
    }
    std::string_view before;
    std::string_view behind;
    const bool entry = line.starts_with("- ") || line.starts_with("> ");
    const auto time = entry ? local_stamp(line, &before, &behind) : std::nullopt;
    if (!time || !behind.starts_with(':')) {
      result.text += std::string(line) + "\n";
      continue;
    }
    const auto speaker = trim(before.substr(2));
    add_speaker(item, speaker, Role::Participant);
    result.text += fmt::format("{}: {}\n", speaker, trim(behind.substr(1)));
    if (!item.time || *time < *item.time) item.time = time;
    if (!item.until || *time > *item.until) item.until = time;
  }
  result.text = trim(result.text);
  if (item.title.empty()) item.title = title_of_file(request.name);
  finish(result, "limitless");
  return sink.item(std::move(result), {whole, {}});
}

bool is_omi(const Probe& probe) {
  return is_json(probe) && holds(probe, "\"structured\"") && (holds(probe, "\"transcript_segments\"") || holds(probe, "\"started_at\""));
}

Result<> read_omi(const Request&, const Input& input, Sink& sink) {
  return Recordings(input, {"conversations", "memories"}, "structured", conversation, sink).read();
}

}  // namespace hearth::memory::extract
