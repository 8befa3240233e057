#include "memory/extract/chat_table.h"

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/chat_fields.h"
#include "memory/extract/charset.h"
#include "memory/extract/csv.h"

namespace hearth::memory::extract {
namespace {

bool is_wide(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

// Dates in figures may have day and month in either order: the whole file tells.
Result<DateOrderFinder::Found> find_order(const Request& request, const Input& input) {
  static const auto kEarliest = *civil_time(1990, 1, 1);
  DateOrderFinder finder(request.modified, kEarliest);
  CsvReader reader(input);
  const auto names = TRY(reader.next());
  if (!names) return DateOrderFinder::Found{};
  const ChatColumns columns(names->values);
  while (const auto record = TRY(reader.next())) {
    for (const auto column : columns.columns(ChatField::Time)) {
      if (column >= record->values.size()) continue;
      std::size_t length = 0;
      if (const auto figures = read_figure_time(trim(record->values[column]), length); figures && !figures->long_first) finder.add(*figures);
    }
  }
  return finder.found();
}

Result<> read_table(const Request& request, const Input& input, bool own_bytes, Sink& sink) {
  const auto order = TRY(find_order(request, input));
  CsvReader reader(input);
  const auto names = TRY(reader.next());
  if (!names) return {};
  const ChatColumns columns(names->values);
  ChatsByName chats("chat", title_of_file(request.name));
  while (auto record = TRY(reader.next())) {
    if (!record->too_long && record->values.size() == 1 && trim(record->values[0]).empty()) continue;
    if (!TRY(sink.begin(record->extent))) continue;
    if (record->too_long) {
      TRY(sink.failed("The line is too long."));
      continue;
    }
    auto message = read_fields(columns, record->values);
    if (!message) continue;
    message->message.type = "text/csv";
    for (const auto column : columns.columns(ChatField::Time)) {
      if (message->message.when || column >= record->values.size()) continue;
      std::size_t length = 0;
      const auto figures = read_figure_time(trim(record->values[column]), length);
      const auto time = figures ? to_time(*figures, order.order) : std::nullopt;
      const bool day_only = figures && (!figures->has_time || (!order.sure && is_ambiguous(*figures)));
      if (time) message->message.when = WrittenTime{*time, {}, day_only ? TimeCertainty::Day : TimeCertainty::Zone};
    }
    Original original{record->extent, {}};
    if (own_bytes) {
      original.bytes = TRY(input.read(record->extent.offset, static_cast<std::size_t>(record->extent.length)));
      original.extent = {};
    }
    TRY(sink.item(chats.item(*std::move(message)), std::move(original)));
  }
  return {};
}

}  // namespace

bool is_chat_table(const Probe& probe) {
  if (!probe.name.ends_with(".csv") && !probe.name.ends_with(".tsv")) return false;
  const BytesInput head(is_wide(probe.head) ? to_utf8(probe.head, "") : std::string(probe.head.substr(0, 8 << 10)));
  CsvReader reader(head);
  const auto names = reader.next();
  return names && *names && ChatColumns((*names)->values).is_chat();
}

Result<> read_chat_table(const Request& request, const Input& input, Sink& sink) {
  // Spreadsheets write "Unicode text" as UTF-16: then no line is a range of the file.
  if (!is_wide(TRY(input.read(0, 2)))) return read_table(request, input, false, sink);
  const BytesInput text(to_utf8(TRY(input.read_all()), ""));
  return read_table(request, text, true, sink);
}

}  // namespace hearth::memory::extract
