#include "memory/index_words.h"

#include <algorithm>

// How FTS5 lays out its index: the comments at the head of fts5_index.c (SQLite 3.9 and later). An index is some segments; a
// segment is a row of leaf pages, with the terms in order. A page tells at its end where on it terms begin. A second table has
// of each page on which a term begins something that lies between the last term before and that one.
namespace hearth::memory {
namespace {

using store::Connection;
using store::Statement;

constexpr std::int64_t kStructure = 10;  // the row of the list of segments
constexpr int kSegmentShift = 37;
constexpr char kMainIndex = '0';         // before each term; others are of prefix indexes
constexpr std::int64_t kPageBytes = 4050;

// Reads FTS5's numbers; beyond the end everything is 0.
class Bytes {
 public:
  Bytes(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  bool more() const { return at_ < bytes_.size(); }
  std::size_t at() const { return at_; }

  // https://www.sqlite.org/fileformat2.html §1.6: big-endian, seven bits a byte, the ninth byte whole.
  std::int64_t number() {
    std::uint64_t value = 0;
    for (int i = 0; i < 9 && more(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (i == 8) return static_cast<std::int64_t>(value << 8 | byte);
      value = value << 7 | (byte & 0x7F);
      if (byte < 0x80) break;
    }
    return static_cast<std::int64_t>(value);
  }

  std::string_view take(std::int64_t count) {
    const auto rest = bytes_.size() - std::min(at_, bytes_.size());
    const auto size = count < 0 ? 0 : std::min(static_cast<std::size_t>(count), rest);
    const auto taken = bytes_.substr(std::min(at_, bytes_.size()), size);
    at_ += size;
    return taken;
  }

 private:
  std::string_view bytes_;
  std::size_t at_;
};

struct Segment {
  std::int64_t id = 0;
  std::int64_t first_page = 0;
};

std::vector<Segment> segments_of(std::string_view structure) {
  std::vector<Segment> segments;
  constexpr std::size_t kCookie = 4;
  constexpr std::string_view kSecondVersion("\xFF\x00\x00\x01", 4);  // since 3.43
  const bool second = structure.size() >= 2 * kCookie && structure.substr(kCookie, kCookie) == kSecondVersion;
  Bytes bytes(structure, second ? 2 * kCookie : kCookie);
  const auto levels = bytes.number();
  bytes.number();  // segments in all
  bytes.number();  // pages ever written
  if (second) bytes.number();
  for (std::int64_t level = 0; level < levels && bytes.more(); ++level) {
    bytes.number();  // how many of them are being merged
    for (auto count = bytes.number(); count > 0 && bytes.more(); --count) {
      const auto id = bytes.number();
      segments.push_back({id, bytes.number()});
      for (int i = 0; i < (second ? 6 : 1); ++i) bytes.number();  // its last page, and later additions
    }
  }
  return segments;
}

// Calls take(term, bytes of its entries on this page) for the terms that begin on a page; false ends it.
template <typename Take>
void read_page(std::string_view page, Take take) {
  constexpr std::size_t kHeader = 4;
  if (page.size() < kHeader) return;
  const auto end = static_cast<std::size_t>(static_cast<unsigned char>(page[2])) << 8 | static_cast<unsigned char>(page[3]);
  if (end > page.size()) return;
  std::string term;
  Bytes index(page, end);
  bool first = true;
  auto start = index.more() ? static_cast<std::size_t>(index.number()) : 0;
  while (start >= kHeader && start < end) {
    const auto next = index.more() ? start + static_cast<std::size_t>(index.number()) : 0;
    Bytes bytes(page.substr(0, end), start);
    const auto kept = first ? 0 : static_cast<std::size_t>(bytes.number());
    if (kept > term.size()) return;
    term.resize(kept);
    term += bytes.take(bytes.number());
    const auto until = next > start ? std::min(next, end) : end;
    if (!take(term, static_cast<std::int64_t>(until) - static_cast<std::int64_t>(std::min(bytes.at(), until)))) return;
    if (next <= start) return;
    first = false;
    start = next;
  }
}

}  // namespace

Result<> add_index_words(Connection& connection, const std::string& table, const std::string& prefix, int pages,
                         std::map<std::string, std::int64_t>& words) {
  const auto page_sql = fmt::format("SELECT block FROM {}_data WHERE id = ?", table);
  const auto structure = TRY(connection.one(page_sql, [](Statement& s) { return s.text(0); }, kStructure));
  if (!structure) return {};
  const auto begin = kMainIndex + prefix;
  const auto first_sql = fmt::format("SELECT pgno >> 1 FROM {}_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1", table);
  const auto next_sql = fmt::format("SELECT pgno >> 1 FROM {}_idx WHERE segid = ? AND term > ? ORDER BY term", table);
  auto blocks = TRY(connection.prepare(page_sql));
  for (const auto& segment : segments_of(*structure)) {
    const auto find = [&](std::string_view sql) -> Result<Statement> {
      auto found = TRY(connection.prepare(sql));
      found.bind_value(1, segment.id);
      found.bind_blob(2, begin);
      return found;
    };
    // The first page of a segment is in no table: what begins before all others.
    auto first = TRY(find(first_sql));
    auto number = TRY(first.step()) ? std::max(first.integer(0), segment.first_page) : segment.first_page;
    auto next = TRY(find(next_sql));
    for (bool inside = true; inside && pages > 0; --pages) {
      blocks.reset();
      blocks.bind_value(1, segment.id << kSegmentShift | number);
      if (!TRY(blocks.step())) break;
      std::string last;
      read_page(blocks.text_view(0), [&](const std::string& term, std::int64_t size) {
        if (term < begin) return true;
        inside = term.starts_with(begin);
        if (!inside) return false;
        last = term.substr(1);
        words[last] += size;
        return true;
      });
      if (!inside || !TRY(next.step())) break;
      const auto after = next.integer(0);
      if (!last.empty()) words[last] += (after - number - 1) * kPageBytes;  // its entries go on over pages on which no term begins
      number = after;
    }
  }
  return {};
}

}  // namespace hearth::memory
