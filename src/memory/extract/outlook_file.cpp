#include "memory/extract/outlook_file.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

extern "C" {
#include <libpst/vbuf.h>
}

#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/outlook.h"

namespace hearth::memory::extract {
namespace {

// Kinds of nodes ([MS-PST] 2.2.2.1).
constexpr std::uint64_t kKindBits = 0x1F;
constexpr std::uint64_t kMessage = 0x04;
constexpr int kDeepestFolder = 64;

// Where the header says how the file is to be read ([MS-PST] 2.2.2.6).
struct HeaderPlaces {
  std::size_t size, nodes_block, nodes, blocks_block, blocks, encryption;
  std::size_t width;  // of an offset, in bytes
};
constexpr HeaderPlaces kNarrow{0xA8, 0xB8, 0xBC, 0xC0, 0xC4, 0x1CD, 4};
constexpr HeaderPlaces kWide{0xB8, 0xD8, 0xE0, 0xE8, 0xF0, 0x201, 8};
constexpr std::size_t kClient = 8;  // "SM", or "SO" of an OST: an address book is another
constexpr std::size_t kVersion = 10;
constexpr std::size_t kHeader = 0x202;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t number = 0;
  for (std::size_t i = width; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

}  // namespace

struct OutlookFile::Cookie {
  const Input* input;
  std::int64_t at = 0;

  static ssize_t read(void* self, char* into, std::size_t size) {
    auto& cookie = *static_cast<Cookie*>(self);
    const auto got = cookie.input->read_at(cookie.at, std::span(into, size));
    if (!got) return -1;
    cookie.at += static_cast<std::int64_t>(*got);
    return static_cast<ssize_t>(*got);
  }
  static int seek(void* self, off64_t* offset, int whence) {
    auto& cookie = *static_cast<Cookie*>(self);
    const auto from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? cookie.at : cookie.input->size();
    if (*offset < -from || *offset > INT64_MAX - from) return -1;
    cookie.at = from + *offset;
    *offset = cookie.at;
    return 0;
  }
};

OutlookFile::~OutlookFile() {
  if (file_.fp) ::pst_close(&file_);
}

Result<std::unique_ptr<OutlookFile>> OutlookFile::open(const Input& input) {
  std::unique_ptr<OutlookFile> opened(new OutlookFile);
  const Input* from = &input;
  if (input.depth() > 0) {  // libpst goes to and fro, which a compressed member is slow at
    opened->unpacked_ = std::make_unique<BytesInput>(TRY(input.read_all()));
    from = opened->unpacked_.get();
  }
  const auto header = TRY(from->read(0, kHeader));
  if (!begins_like_outlook(header) || header.size() < kHeader) return fail(Code::Corrupt, "The Outlook file is cut off in its header.");
  if (header[kClient] != 'S' || (header[kClient + 1] != 'M' && header[kClient + 1] != 'O')) return fail(Code::Corrupt, "The Outlook file's tables are damaged.");
  auto& file = opened->file_;
  // As pst_open does, which would open a name.
  file.ind_type = static_cast<unsigned char>(header[kVersion]);
  switch (file.ind_type) {
    case 14:
    case 15: file.do_read64 = 0; break;
    case 21:
    case 23: file.do_read64 = 1; break;
    case 36: file.do_read64 = 2; break;
    default: return fail(Code::Unsupported, "The Outlook file is of version {}, which is not read.", static_cast<int>(file.ind_type));
  }
  const auto& places = file.do_read64 ? kWide : kNarrow;
  file.size = number_at(header, places.size, places.width);
  file.index1_back = number_at(header, places.blocks_block, places.width);
  file.index1 = number_at(header, places.blocks, places.width);
  file.index2_back = number_at(header, places.nodes_block, places.width);
  file.index2 = number_at(header, places.nodes, places.width);
  file.encryption = static_cast<unsigned char>(header[places.encryption]);
  file.charset = "utf-8";
  opened->cookie_ = std::make_unique<Cookie>(Cookie{from});
  file.fp = ::fopencookie(opened->cookie_.get(), "rb", {Cookie::read, nullptr, Cookie::seek, nullptr});
  if (!file.fp) return fail(Code::Internal, "The Outlook file could not be opened.");
  ::pst_unicode_init();
  const std::uint64_t told = file.size;  // libpst's members lie where they fit, and give no references
  if (told > static_cast<std::uint64_t>(from->size())) return fail(Code::Corrupt, "The Outlook file is cut off: {} of its {} bytes are there.", from->size(), told);
  if (::pst_load_index(&file) != 0 || !file.d_head) return fail(Code::Corrupt, "The Outlook file's tables are damaged.");
  (void)::pst_load_extended_attributes(&file);  // without, what has a name instead of a number is not read
  opened->find_nodes();
  return opened;
}

void OutlookFile::find_nodes() {
  if (const OutlookItem root{::pst_parse_item(&file_, file_.d_head, nullptr)}) top_ = ::pst_getTopOfFolders(&file_, root.get());
  for (auto* entry = file_.d_head; entry;) {
    if ((entry->d_id & kKindBits) == kMessage && entry->desc && entry->d_id <= UINT32_MAX) {
      const pst_desc_tree* above = entry->parent;
      for (int depth = 0; above && above != top_ && depth < kDeepestFolder; ++depth) above = above->parent;
      if (!top_ || !entry->parent || above == top_) nodes_.push_back({static_cast<std::uint32_t>(entry->d_id), entry});
    }
    if (entry->child) {
      entry = entry->child;
      continue;
    }
    while (entry && !entry->next) entry = entry->parent;
    if (entry) entry = entry->next;
  }
  std::sort(nodes_.begin(), nodes_.end(), [](const Node& a, const Node& b) { return a.number < b.number; });
  const auto last = std::unique(nodes_.begin(), nodes_.end(), [](const Node& a, const Node& b) { return a.number == b.number; });
  nodes_.erase(last, nodes_.end());
}

OutlookItem OutlookFile::read(const Node& node) { return OutlookItem(::pst_parse_item(&file_, node.entry, nullptr)); }

OutlookItem OutlookFile::read_embedded(const pst_item_attach& attachment) {
  if (attachment.method != PST_ATTACH_EMBEDDED) return nullptr;
  pst_desc_tree entry{};
  entry.desc = ::pst_getID(&file_, attachment.i_id);
  if (!entry.desc) return nullptr;
  return OutlookItem(::pst_parse_item(&file_, &entry, attachment.id2_head));
}

std::string OutlookFile::bytes_of(pst_item_attach& attachment) {
  const auto held = ::pst_attach_to_mem(&file_, &attachment);
  const std::unique_ptr<char, decltype(&::free)> owned(held.data, ::free);
  return held.data ? std::string(held.data, held.size) : "";
}

std::vector<std::string> OutlookFile::folders(const Node& node) {
  std::vector<std::string> path;
  for (auto* folder = node.entry->parent; folder && folder != top_ && path.size() < kDeepestFolder; folder = folder->parent) {
    auto found = std::lower_bound(names_.begin(), names_.end(), folder, [](const auto& one, const auto* wanted) { return one.first < wanted; });
    if (found == names_.end() || found->first != folder) {
      std::string name;
      if (const OutlookItem item{::pst_parse_item(&file_, folder, nullptr)}) name = outlook_text(*item, item->file_as);
      found = names_.insert(found, {folder, std::move(name)});
    }
    if (!found->second.empty()) path.push_back(found->second);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

bool begins_like_outlook(std::string_view head) {
  return head.starts_with("!BDN");
}

std::string charset_of_code_page(int page) {
  switch (page) {
    case 65001: return "UTF-8";
    case 1200: return "UTF-16LE";
    case 932: return "SHIFT_JIS";
    case 936:
    case 20936:
    case 54936: return "GB18030";
    case 949:
    case 51949: return "EUC-KR";
    case 950: return "BIG5";
    case 874: return "TIS-620";
    case 20127: return "US-ASCII";
    case 20866: return "KOI8-R";
    case 21866: return "KOI8-U";
    case 50220:
    case 50221:
    case 50222: return "ISO-2022-JP";
    case 51932: return "EUC-JP";
    case 65000: return "UTF-7";
    default: break;
  }
  if (page >= 1250 && page <= 1258) return fmt::format("WINDOWS-{}", page);
  if (page >= 28591 && page <= 28606) return fmt::format("ISO-8859-{}", page - 28590);
  return "";
}

std::string outlook_text(pst_item& item, const pst_string& text) {
  if (!text.str) return "";
  const std::string_view bytes(text.str);
  if (text.is_utf8) return to_utf8(bytes, "UTF-8");
  return to_utf8(bytes, charset_of_code_page(item.message_codepage ? item.message_codepage : item.internet_cpid));
}

std::optional<Time> outlook_time(const FILETIME* time) {
  if (!time) return std::nullopt;
  constexpr std::int64_t kSecondsTo1970 = 11'644'473'600;  // from 1601
  const auto units = static_cast<std::int64_t>(std::uint64_t{time->dwHighDateTime} << 32 | time->dwLowDateTime);  // of 100 ns
  if (units <= 0) return std::nullopt;
  const auto seconds = units / 10'000'000 - kSecondsTo1970;
  constexpr std::int64_t kYear = 31'556'952;
  if (seconds <= -100 * kYear || seconds >= 300 * kYear) return std::nullopt;  // 4501 stands for none
  return Time(std::chrono::seconds(seconds));
}

}  // namespace hearth::memory::extract
