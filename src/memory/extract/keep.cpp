#include "memory/extract/keep.h"

#include "base/ascii.h"
#include "base/json.h"
#include "memory/extract/charset.h"
#include "memory/extract/chat.h"
#include "memory/extract/document.h"
#include "memory/extract/html.h"

namespace hearth::memory::extract {
namespace {

std::optional<Time> microseconds(const Json& note, std::string_view name) {
  const auto* value = note.find(name);
  if (!value || !value->as_integer() || *value->as_integer() <= 0) return std::nullopt;
  return time_of_count(0, *value->as_integer());
}

bool is_true(const Json& json, std::string_view name) {
  const auto* value = json.find(name);
  return value && value->as_bool() && *value->as_bool();
}

template <typename Take>
void each(const Json& json, std::string_view name, Take take) {
  const auto* array = json.find(name);
  if (!array || !array->as_array()) return;
  for (const auto& one : *array->as_array()) take(one);
}

void add_line(std::string& text, std::string_view line) { text += fmt::format("{}{}", text.empty() ? "" : "\n", line); }

std::string first_line(std::string_view text) {
  text = trim(text);
  const auto line = trim(text.substr(0, text.find('\n')));
  return line.size() <= 120 ? std::string(line) : "";
}

ItemText note_of(const Json& note, const Request& request) {
  ItemText result;
  auto& item = result.item;
  item.kind = ItemKind::Note;
  item.type = "application/json";
  item.outside = false;
  result.text = note.text("textContent");
  each(note, "listContent", [&](const Json& entry) {
    add_line(result.text, fmt::format("- [{}] {}", is_true(entry, "isChecked") ? 'x' : ' ', entry.text("text")));
  });
  each(note, "annotations", [&](const Json& link) {  // pages that the note links to
    const auto url = link.text("url");
    if (url.empty() || result.text.find(url) != result.text.npos) return;
    add_line(result.text, link.text("title").empty() ? std::string(url) : fmt::format("{} {}", link.text("title"), url));
  });
  item.title = note.text("title");
  if (item.title.empty()) item.title = first_line(result.text);
  if (item.title.empty()) item.title = title_of_file(request.name);
  each(note, "attachments", [&](const Json& file) {
    item.attachments.push_back({std::string(file.text("filePath")), std::string(file.text("mimetype")), 0});
  });
  each(note, "labels", [&](const Json& label) {
    if (!label.text("name").empty()) item.tags.emplace_back(label.text("name"));
  });
  each(note, "sharees", [&](const Json& person) {
    if (!person.text("email").empty()) {
      item.people.push_back({is_true(person, "isOwner") ? Role::Author : Role::Participant, "", address_of(person.text("email"), "keep")});
    }
  });
  if (is_true(note, "isArchived")) item.tags.emplace_back("archived");
  item.time = microseconds(note, "createdTimestampUsec");
  const auto edited = microseconds(note, "userEditedTimestampUsec");
  if (!item.time) item.time = edited;
  if (!item.time) {
    item.time = request.modified;
    item.certainty = TimeCertainty::File;
  }
  std::string tags;
  for (const auto& tag : item.tags) tags += tag + "\n";
  item.key = content_key({"keep", item.title, result.text, item.time ? format_time(*item.time) : "", tags});
  cut_passages(result);
  return result;
}

}  // namespace

bool is_keep_note(const Probe& probe) {
  if (!probe.name.ends_with(".json") || !trim(probe.head).starts_with('{')) return false;
  const auto head = probe.head;
  return head.find("\"userEditedTimestampUsec\"") != head.npos && head.find("\"isTrashed\"") != head.npos;
}

Result<> read_keep_note(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all(16 << 20);
  if (!bytes) return sink.failed(bytes.error().message());
  const auto note = Json::parse(*bytes);
  if (!note) return sink.failed(note.error().message());
  if (is_true(*note, "isTrashed")) return {};
  return sink.item(note_of(*note, request), {whole, {}});
}

bool is_keep_page(const Probe& probe) {
  if (!probe.name.ends_with(".html")) return false;
  const auto head = probe.head;
  return head.find("<div class=\"note") != head.npos && head.find("<div class=\"heading\">") != head.npos;
}

Result<> read_keep_page(const Request& request, const Input& input, Sink& sink) {
  // Where nothing can be seen beside it, it stands in a Takeout of our days, which has both.
  if (!input.sees_beside() || input.beside(request.name.substr(0, request.name.rfind('.')) + ".json")) return {};
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all(16 << 20);
  if (!bytes) return sink.failed(bytes.error().message());
  auto page = read_document(Format::Html, *bytes, request.name, request.modified);
  page.item.kind = ItemKind::Note;
  page.item.outside = false;
  return sink.item(std::move(page), {whole, {}});
}

}  // namespace hearth::memory::extract
