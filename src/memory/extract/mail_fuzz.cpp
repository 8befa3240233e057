#include <cstdlib>

#include <unistd.h>
#include <sys/mman.h>

#include "memory/extract/document.h"
#include "memory/extract/mail.h"
#include "memory/extract/mbox.h"
#include "base/bytes.h"

// Every message of an mbox is read; passages lie in order inside a text that is UTF-8.
namespace {

void check(const hearth::memory::extract::ItemText& read) {
  if (!hearth::is_utf8(read.text) || !hearth::is_utf8(read.item.title) || !hearth::is_utf8(read.item.external_id)) std::abort();
  for (const auto& person : read.item.people) {
    if (!hearth::is_utf8(person.name) || !hearth::is_utf8(person.address)) std::abort();
  }
  for (const auto& attachment : read.item.attachments) {
    if (!hearth::is_utf8(attachment.name)) std::abort();
  }
  std::int64_t last = -1;
  for (const auto passage : read.item.passages) {
    if (passage <= last || passage >= static_cast<std::int64_t>(read.text.size())) std::abort();
    last = passage;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace hearth::memory::extract;
  static const bool prepared = (prepare_mail(), true);
  (void)prepared;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check(read_mail(text));
  check(read_document(Format::Html, text, "a.html", std::nullopt));
  const BytesInput input{std::string(text)};
  MboxReader reader(input, 0, 1 << 16);
  std::int64_t at = 0;
  while (auto message = reader.next()) {
    if (!*message) break;
    if ((*message)->offset != at || (*message)->length <= 0) std::abort();
    at += (*message)->length;
    check(read_mail(unquote_from((*message)->bytes)));
  }
  return 0;
}
