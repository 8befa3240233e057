#include "memory/extract/outlook.h"

#include "memory/extract/calendar.h"
#include "memory/extract/contact.h"
#include "memory/extract/mail.h"
#include "memory/extract/outlook_file.h"
#include "memory/extract/outlook_items.h"
#include "memory/extract/paper.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr int kSecondsToOpen = 30;  // for the tables of a large file

// What the readers of mails, cards and calendars tell of an item, told as the Outlook file's.
class ItemSink final : public Sink {
 public:
  ItemSink(Sink& outer, const OutlookRendering& rendering, std::string number, std::vector<std::string> folders)
      : outer_(outer), rendering_(rendering), number_(std::move(number)), folders_(std::move(folders)) {}

  Result<bool> begin(Extent) override { return true; }
  Result<bool> begin_part(std::string_view path) override { return outer_.begin_part(path); }
  Result<> item(ItemText read, Original original) override {
    if (read.item.part_of.empty()) {
      auto& item = read.item;
      for (const auto& person : rendering_.people) {
        const auto same = [&](const Person& one) { return one.role == person.role && one.name == person.name && one.address == person.address; };
        if (std::none_of(item.people.begin(), item.people.end(), same)) item.people.push_back(person);
      }
      if (!rendering_.thread.empty() && (item.thread.empty() || item.thread == item.external_id)) item.thread = rendering_.thread;
      item.tags.insert(item.tags.end(), folders_.begin(), folders_.end());
      item.tags.insert(item.tags.end(), rendering_.tags.begin(), rendering_.tags.end());
      if (!item.time && rendering_.time) item.time = rendering_.time;
      read.within = number_;
      original = {{}, rendering_.bytes};
    }
    return outer_.item(std::move(read), std::move(original));
  }
  Result<> failed(std::string reason) override { return outer_.failed(std::move(reason)); }
  Result<> more_time(int seconds) override { return outer_.more_time(seconds); }
  Result<> needs_pages() override { return outer_.needs_pages(); }

 private:
  Sink& outer_;
  const OutlookRendering& rendering_;
  std::string number_;
  std::vector<std::string> folders_;
};

Result<> read_note(const OutlookRendering& rendering, Sink& sink) {
  ItemText read;
  auto& item = read.item;
  item.kind = ItemKind::Note;
  item.type = "text/plain";
  item.title = rendering.title;
  item.time = rendering.time;
  read.text = rendering.bytes;
  item.key = content_key({"outlook note", item.title, item.time ? format_time(*item.time) : "", read.text});
  cut_passages(read);
  return sink.item(std::move(read), {});
}

Result<> read_one(OutlookFile& file, const OutlookFile::Node& node, Time now, int depth, Sink& sink) {
  const auto item = file.read(node);
  if (!item) return sink.failed("The Outlook item is damaged.");
  auto rendering = render_outlook(file, *item);
  if (!rendering) return sink.failed(rendering.error().message());
  ItemSink told(sink, *rendering, std::to_string(node.number), file.folders(node));
  switch (rendering->form) {
    case OutlookRendering::Form::Mail: return read_mail_items(rendering->bytes, {{}, rendering->bytes}, told, depth);
    case OutlookRendering::Form::Card: return read_contacts(rendering->bytes, told);
    case OutlookRendering::Form::Calendar: return read_calendar(rendering->bytes, now, told);
    case OutlookRendering::Form::Note: return read_note(*rendering, told);
  }
  return {};
}

}  // namespace

bool is_outlook(const Probe& probe) { return begins_like_outlook(probe.head); }

Result<> read_outlook(const Request& request, const Input& input, Sink& sink) {
  if (!TRY(sink.begin({0, 0}))) return {};  // its tables ended a process, which was told
  TRY(sink.more_time(kSecondsToOpen));
  const auto file = TRY(OutlookFile::open(input));
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto& nodes = file->nodes();
  // An item's place among all, as a place in the file: it has more bytes than items.
  const auto place = [&](std::size_t i) {
    return static_cast<std::int64_t>(static_cast<double>(input.size()) * static_cast<double>(i + 1) / static_cast<double>(nodes.size() + 1));
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto at = place(i);
    if (at < request.offset) continue;
    const auto end = i + 1 < nodes.size() ? place(i + 1) : input.size();
    if (!TRY(sink.begin({at, end - at}))) continue;
    TRY(read_one(*file, nodes[i], now, input.depth(), sink));
  }
  return {};
}

}  // namespace hearth::memory::extract
