#include <cstdlib>

#include "base/bytes.h"
#include "memory/extract/calendar.h"
#include "memory/extract/contact.h"
#include "memory/extract/zones.h"

// Calendars, contact cards and zone files, by the first byte. Whatever they hold, what is read is well-formed.
namespace {

using namespace hearth::memory::extract;

class Checked final : public Sink {
 public:
  hearth::Result<bool> begin(Extent at) override {
    if (at.offset < 0 || at.length <= 0) std::abort();
    return true;
  }
  hearth::Result<> item(ItemText read, Original original) override {
    if (!hearth::is_utf8(read.text) || !hearth::is_utf8(read.item.title) || !hearth::is_utf8(read.item.external_id)) std::abort();
    for (const auto& person : read.item.people) {
      if (!hearth::is_utf8(person.name) || !hearth::is_utf8(person.address)) std::abort();
    }
    if (read.item.key.size() != 32 || (original.bytes && original.bytes->empty())) std::abort();
    if (read.item.zone && (*read.item.zone < -24 * 60 || *read.item.zone > 24 * 60)) std::abort();
    return {};
  }
  hearth::Result<> failed(std::string) override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  static const bool loaded = (load_zones(), true);
  (void)loaded;
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(bytes + 1), size - 1);
  Checked sink;
  switch (bytes[0] % 3) {
    case 0: (void)read_calendar(std::move(text), hearth::Time(std::chrono::seconds(1'795'000'000)), sink); break;
    case 1: (void)read_contacts(std::move(text), sink); break;
    case 2: {
      const TimeZone zone("x", text);
      (void)zone.offset_at_local(1'795'000'000);
      (void)zone.offset_at(3'000'000'000);
    }
  }
  return 0;
}
