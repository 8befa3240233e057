#include <cstdlib>

#include "base/bytes.h"
#include "memory/extract/formats.h"
#include "memory/extract/mail.h"

// Exports of chats, notes, recorders and browsers. The first byte picks the file's name, which with the rest finds the format;
// what stands behind a line "\n---beside---\n" lies beside it. Items are sound whatever the file says.
namespace {

using namespace hearth;
using namespace hearth::memory::extract;

class Check final : public Sink {
 public:
  explicit Check(const Input& input) : input_(input) {}
  Result<bool> begin(Extent at) override {
    if (at.offset < 0 || at.length < 0) std::abort();
    begun_ = true;
    return ++count_ < 5000 ? Result<bool>(true) : fail(Code::TooMany, "Enough.");
  }
  Result<> item(ItemText read, Original original) override {
    const auto& item = read.item;
    if (!begun_ || item.key.size() != 32) std::abort();
    if (!original.bytes && (original.extent.offset < 0 || original.extent.length < 0 || original.extent.offset + original.extent.length > input_.size())) std::abort();
    const auto sound = [](std::string_view text) {
      if (!is_utf8(text)) std::abort();
    };
    for (const auto text : {std::string_view(read.text), std::string_view(item.title), std::string_view(item.external_id), std::string_view(read.within)}) sound(text);
    for (const auto& person : item.people) {
      sound(person.name);
      sound(person.address);
    }
    for (const auto& attachment : item.attachments) {
      sound(attachment.name);
      if (attachment.size < 0) std::abort();
    }
    for (const auto& tag : item.tags) sound(tag);
    if (item.zone && (*item.zone < -24 * 60 || *item.zone > 24 * 60)) std::abort();
    std::int64_t last = -1;
    for (const auto passage : item.passages) {
      if (passage <= last || passage >= static_cast<std::int64_t>(read.text.size())) std::abort();
      last = passage;
    }
    return {};
  }
  Result<> failed(std::string reason) override {
    if (!is_utf8(reason)) std::abort();
    return {};
  }

 private:
  const Input& input_;
  int count_ = 0;
  bool begun_ = false;
};

constexpr std::array<std::string_view, 12> kNames = {"_chat.txt",
                                                     "result.json",
                                                     "2024-05-01.json",
                                                     "messages.json",
                                                     "messages.csv",
                                                     "chat.db",
                                                     "family.csv",
                                                     "family.jsonl",
                                                     "Plan 0123456789abcdef0123456789abcdef.md",
                                                     "Plan 0123456789abcdef0123456789abcdef.csv",
                                                     "bookmarks.html",
                                                     "2025-02-01.md"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  static const bool prepared = (prepare_mail(), true);
  (void)prepared;
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  constexpr std::string_view kBeside = "\n---beside---\n";
  std::string beside;
  if (const auto at = text.find(kBeside); at != text.npos) {
    beside = text.substr(at + kBeside.size());
    text = text.substr(0, at);
  }
  Request request;
  request.name = kNames[static_cast<unsigned char>(bytes[0]) % kNames.size()];
  request.path = "export/c11/" + request.name;
  BytesInput input{std::string(text)};
  for (const auto* name : {"../users.json", "../channels.json", "../dms.json", "channel.json", "../index.json", "chat.db-wal"}) {
    if (!beside.empty()) input.put_beside(name, std::make_shared<BytesInput>(beside));
  }
  const auto* format = find_format(request, input);
  if (!format) return 0;
  Check sink(input);
  (void)format->read(request, input, sink);
  return 0;
}
