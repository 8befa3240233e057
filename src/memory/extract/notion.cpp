#include "memory/extract/notion.h"

#include <algorithm>

#include "base/ascii.h"
#include "memory/extract/charset.h"
#include "memory/extract/chat.h"
#include "memory/extract/csv.h"
#include "memory/extract/written_time.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kIdLength = 32;

struct NotionName {
  std::string title;
  std::string id;
};

// "Title 0123456789abcdef0123456789abcdef.md", "Title 0123…_all.csv".
std::optional<NotionName> read_name(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  if (name.ends_with("_all")) name.remove_suffix(4);
  if (name.size() <= kIdLength) return std::nullopt;
  const auto id = name.substr(name.size() - kIdLength);
  const auto before = name[name.size() - kIdLength - 1];
  const bool hex = std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!hex || (before != ' ' && before != '_' && before != '-')) return std::nullopt;
  return NotionName{to_valid_utf8(trim(name.substr(0, name.size() - kIdLength - 1))), std::string(id)};
}

using Properties = std::vector<std::pair<std::string, std::string>>;

// What a property says of time and tags.
void use_properties(const Properties& properties, Item& item) {
  static constexpr std::array<std::string_view, 8> kTimes = {"Date", "日期", "Created", "Created time", "创建时间", "Created At", "Last edited time", "上次编辑时间"};
  static constexpr std::array<std::string_view, 4> kTags = {"Tags", "标签", "Labels", "Tag"};
  for (const auto wanted : kTimes) {
    for (const auto& [name, value] : properties) {
      if (item.time || name != wanted) continue;
      if (const auto when = read_written_time(value)) {
        item.time = when->time;
        item.zone = when->zone;
        item.certainty = when->certainty;
      }
    }
  }
  for (const auto& [name, value] : properties) {
    if (std::find(kTags.begin(), kTags.end(), name) == kTags.end()) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (const auto tag = trim(rest.substr(0, comma)); !tag.empty()) item.tags.emplace_back(tag);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
}

// The same for a row of a table and for its page, wherever the page says no more.
std::string row_key(const std::string& title, Properties properties) {
  std::sort(properties.begin(), properties.end());
  std::string joined;
  for (const auto& [name, value] : properties) joined += fmt::format("{}: {}\n", name, value);
  return content_key({"notion row", title, joined});
}

// "Name: value" lines, until an empty one. Only below a title, and only when all lines are so.
Properties read_properties(std::string_view text, std::size_t& end) {
  Properties found;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto stop = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, stop - at);
    if (trim(line).empty()) {
      if (found.empty()) {
        at = stop + 1;
        continue;
      }
      break;
    }
    const auto colon = line.find(": ");
    if (colon == line.npos || colon == 0 || colon > 100 || line.starts_with('-') || line.starts_with('#') || line.starts_with('[')) return {};
    found.emplace_back(line.substr(0, colon), trim(line.substr(colon + 2)));
    at = stop + 1;
  }
  end = std::min(at, text.size());
  return found;
}

void set_file_time(Item& item, const Request& request) {
  if (item.time || !request.modified) return;
  item.time = request.modified;
  item.certainty = TimeCertainty::File;
}

}  // namespace

bool is_notion_page(const Probe& probe) { return probe.name.ends_with(".md") && read_name(probe.name); }

Result<> read_notion_page(const Request& request, const Input& input, Sink& sink) {
  const Extent whole{0, input.size()};
  if (!TRY(sink.begin(whole))) return {};
  const auto bytes = input.read_all(64 << 20);
  if (!bytes) return sink.failed(bytes.error().message());
  const auto name = read_name(request.name).value_or(NotionName{});
  ItemText result;
  auto& item = result.item;
  item.kind = ItemKind::Note;
  item.type = "text/markdown";
  item.outside = false;
  item.external_id = name.id;
  result.text = to_utf8(*bytes, "");
  std::string_view body = result.text;
  if (body.starts_with("# ")) {
    const auto end = std::min(body.find('\n'), body.size());
    item.title = trim(body.substr(2, end - 2));
    body.remove_prefix(end);
  }
  if (item.title.empty()) item.title = name.title;
  std::size_t end = 0;
  const auto properties = read_properties(body, end);
  use_properties(properties, item);
  set_file_time(item, request);
  const bool row = !properties.empty() && trim(body.substr(end)).empty();
  item.key = row ? row_key(item.title, properties) : content_key({"notion", name.id, result.text});
  cut_passages(result);
  return sink.item(std::move(result), {whole, {}});
}

bool is_notion_table(const Probe& probe) { return probe.name.ends_with(".csv") && read_name(probe.name); }

Result<> read_notion_table(const Request& request, const Input& input, Sink& sink) {
  const auto table = read_name(request.name).value_or(NotionName{});
  // "…_all.csv" has all rows; beside it lies a view's.
  CsvReader reader(input);
  const auto names = TRY(reader.next());
  if (!names || names->values.empty()) return {};
  std::map<std::string, int> seen;
  while (const auto record = TRY(reader.next())) {
    if (!record->too_long && record->values.size() == 1 && trim(record->values[0]).empty()) continue;
    if (!TRY(sink.begin(record->extent))) continue;
    if (record->too_long) {
      TRY(sink.failed("The line is too long."));
      continue;
    }
    ItemText result;
    auto& item = result.item;
    item.kind = ItemKind::Note;
    item.type = "text/csv";
    item.outside = false;
    item.title = trim(record->values[0]);
    if (item.title.empty()) item.title = table.title;
    result.text = "# " + item.title + "\n";
    Properties properties;
    for (std::size_t i = 1; i < std::min(record->values.size(), names->values.size()); ++i) {
      const auto value = trim(record->values[i]);
      if (value.empty()) continue;
      properties.emplace_back(trim(names->values[i]), value);
      result.text += fmt::format("\n{}: {}", properties.back().first, value);
    }
    use_properties(properties, item);
    set_file_time(item, request);
    item.tags.push_back(table.title);
    item.key = row_key(item.title, properties);
    const auto number = ++seen[item.title];
    result.within = number == 1 ? item.title : fmt::format("{}/{}", item.title, number);
    cut_passages(result);
    TRY(sink.item(std::move(result), {record->extent, {}}));
  }
  return {};
}

}  // namespace hearth::memory::extract
