#include "memory/extract/browser_history.h"

#include <charconv>
#include <functional>

#include "base/ascii.h"
#include "base/bytes.h"
#include "memory/extract/charset.h"
#include "memory/extract/chat.h"
#include "memory/extract/html.h"
#include "memory/extract/sqlite_input.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::int64_t kSecondsTo2001 = 978'307'200;
constexpr std::int64_t kSecondsFrom1601 = 11'644'473'600;  // to 1970

struct Page {
  std::string url;
  std::string title;
  std::string description;
  std::optional<Time> time;
  std::vector<std::string> tags;
};

// Pages of the browser itself, and what is no page.
bool is_page(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://") || url.starts_with("ftp://") || url.starts_with("gemini://");
}

std::string written(const std::optional<Time>& time) { return time ? format_time(*time) : ""; }

ItemText item_of(Page page, std::string_view what) {
  ItemText result;
  auto& item = result.item;
  item.kind = ItemKind::Page;
  item.type = "text/x-uri";
  item.external_id = page.url;
  item.title = page.title.empty() ? page.url : page.title;
  item.time = page.time;
  item.tags = std::move(page.tags);
  result.text = page.title.empty() ? page.url : page.title + "\n" + page.url;
  if (!page.description.empty()) result.text += "\n" + page.description;
  const auto time = written(page.time);
  item.key = content_key({what, page.url, time, item.title, page.description});
  // A visit's place is its day, so that what is read again on the same day is the same.
  result.within = fmt::format("{}/{}", what == "visit" ? time.substr(0, 10) : std::string(what), to_hex(sha256(page.url)).substr(0, 16));
  cut_passages(result);
  return result;
}

// Rows of: number, URL, title, day, time. `to_time` reads the last.
Result<> read_visits(const Input& input, const std::string& name, const std::string& sql, const std::function<std::optional<Time>(const SqliteRows&, int)>& to_time, Sink& sink) {
  const auto database = TRY(SqliteInput::open(input, name));
  auto rows = TRY(database.query(sql));
  while (TRY(rows.next())) {
    Page page{rows.text(1), rows.text(2), "", to_time(rows, 3), {}};
    if (!is_page(page.url)) continue;
    if (!TRY(sink.begin({rows.integer(0), 0}))) continue;
    const auto original = Json::object({{"url", page.url}, {"title", page.title}, {"visited", written(page.time)}}).dump();
    TRY(sink.item(item_of(std::move(page), "visit"), {{}, original}));
  }
  return {};
}

bool has_tables(const Probe& probe, std::initializer_list<std::string_view> names) {
  if (!begins_like_sqlite(probe.head)) return false;
  const auto database = SqliteInput::open(probe.input, probe.name);
  return database && database->has_tables(names);
}

// --- bookmarks ---

std::string attribute(std::string_view tag, std::string_view name) {  // names in any case
  for (std::size_t at = 0; at + name.size() + 1 < tag.size(); ++at) {
    const bool here = (at == 0 || tag[at - 1] <= ' ') && tag[at + name.size()] == '=' &&
                      std::equal(name.begin(), name.end(), tag.begin() + static_cast<std::ptrdiff_t>(at), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
    if (!here) continue;
    auto value = tag.substr(at + name.size() + 1);
    const char quote = value.empty() ? ' ' : value.front();
    const bool quoted = quote == '"' || quote == '\'';
    if (quoted) value.remove_prefix(1);
    value = value.substr(0, quoted ? value.find(quote) : value.find_first_of(" \t\r\n>"));
    std::string plain;
    while (!value.empty()) {
      static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
          {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}};
      const auto* entity = std::find_if(kEntities.begin(), kEntities.end(), [&](const auto& one) { return value.starts_with(one.first); });
      plain += entity == kEntities.end() ? value.front() : entity->second;
      value.remove_prefix(entity == kEntities.end() ? 1 : entity->first.size());
    }
    return plain;
  }
  return "";
}

class Bookmarks {
 public:
  Bookmarks(std::string_view text, Sink& sink) : text_(text), sink_(sink) {}

  Result<> read() {
    std::size_t at = 0;
    while ((at = text_.find('<', at)) != text_.npos) {
      const auto end = text_.find('>', at);
      if (end == text_.npos) break;
      const auto tag = text_.substr(at + 1, end - at - 1);
      const auto starts = [&](std::string_view name) {
        return tag.size() >= name.size() && std::equal(name.begin(), name.end(), tag.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); }) &&
               (tag.size() == name.size() || tag[name.size()] <= ' ');
      };
      if (starts("h3")) {
        heading_ = inner(end + 1, "</h3");
      } else if (starts("dl")) {
        folders_.push_back(std::exchange(heading_, {}));
      } else if (starts("/dl") && !folders_.empty()) {
        folders_.pop_back();
      } else if (starts("a")) {
        TRY(bookmark(at, tag, end + 1));
      }
      at = end + 1;
      if (folders_.size() > 1000) return fail(Code::InvalidInput, "The folders are nested too deep.");
    }
    return {};
  }

 private:
  // The text from `start` to a closing tag.
  std::string inner(std::size_t start, std::string_view closing) {
    const auto rest = text_.substr(start, 64 << 10);
    for (std::size_t at = rest.find('<'); at != rest.npos; at = rest.find('<', at + 1)) {
      const auto tag = rest.substr(at, closing.size());
      if (tag.size() == closing.size() && std::equal(closing.begin(), closing.end(), tag.begin(), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); })) {
        length_ = at;
        return std::string(trim(read_html(rest.substr(0, at), Quotes::Keep).text));
      }
    }
    length_ = 0;
    return "";
  }

  Result<> bookmark(std::size_t start, std::string_view tag, std::size_t behind) {
    Page page;
    page.url = attribute(tag, "href");
    page.title = inner(behind, "</a");
    if (!is_page(page.url)) return {};
    const Extent extent{static_cast<std::int64_t>(start), static_cast<std::int64_t>(behind + length_ - start)};
    if (!TRY(sink_.begin(extent))) return {};
    // What stands in <DD> behind it is its description.
    const auto next = text_.find('<', behind + length_ + 1);
    if (next != text_.npos && text_.size() > next + 4 && (text_.substr(next, 4) == "<DD>" || text_.substr(next, 4) == "<dd>")) {
      const auto rest = text_.substr(next + 4, 16 << 10);
      page.description = trim(read_html(rest.substr(0, rest.find('<')), Quotes::Keep).text);
    }
    const auto added = attribute(tag, "add_date");
    std::int64_t seconds = 0;
    std::from_chars(added.data(), added.data() + added.size(), seconds);
    page.time = time_since_1970(seconds);
    for (const auto& folder : folders_) {
      if (!folder.empty()) page.tags.push_back(folder);
    }
    std::string_view tags = attribute_tags_ = attribute(tag, "tags");
    while (!tags.empty()) {
      const auto comma = std::min(tags.find(','), tags.size());
      if (const auto one = trim(tags.substr(0, comma)); !one.empty()) page.tags.emplace_back(one);
      tags.remove_prefix(std::min(comma + 1, tags.size()));
    }
    return sink_.item(item_of(std::move(page), "bookmark"), {{}, std::string(text_.substr(start, behind + length_ - start)) + "</A>"});
  }

  std::string_view text_;
  Sink& sink_;
  std::vector<std::string> folders_;
  std::string heading_;
  std::string attribute_tags_;
  std::size_t length_ = 0;  // of what inner() found
};

}  // namespace

bool is_chrome_history(const Probe& probe) { return has_tables(probe, {"urls", "visits", "meta"}); }

Result<> read_chrome_history(const Request& request, const Input& input, Sink& sink) {
  // Microseconds since 1601; the last page of a chain of redirections, no frames (ui/base/page_transition_types.h).
  return read_visits(input, request.name,
                     "SELECT v.id, u.url, u.title, min(v.visit_time) FROM visits v JOIN urls u ON u.id = v.url"
                     " WHERE (v.transition & 0x20000000) <> 0 AND (v.transition & 0xFF) NOT IN (3, 4)"
                     " GROUP BY u.id, v.visit_time / 86400000000 ORDER BY v.visit_time",
                     [](const SqliteRows& rows, int column) { return time_of_count(-kSecondsFrom1601, rows.integer(column)); }, sink);
}

bool is_firefox_places(const Probe& probe) { return has_tables(probe, {"moz_places", "moz_historyvisits"}); }

Result<> read_firefox_places(const Request& request, const Input& input, Sink& sink) {
  // Microseconds since 1970; no embedded pages, frames and downloads (nsINavHistoryService.idl).
  TRY(read_visits(input, request.name,
                  "SELECT v.id, p.url, p.title, min(v.visit_date) FROM moz_historyvisits v JOIN moz_places p ON p.id = v.place_id"
                  " WHERE p.hidden = 0 AND v.visit_type NOT IN (4, 7, 8) GROUP BY p.id, v.visit_date / 86400000000 ORDER BY v.visit_date",
                  [](const SqliteRows& rows, int column) { return time_of_count(0, rows.integer(column)); }, sink));
  const auto database = TRY(SqliteInput::open(input, request.name));
  if (!database.has_tables({"moz_bookmarks"})) return {};
  auto rows = TRY(database.query(
      "SELECT b.id, p.url, coalesce(b.title, p.title), b.dateAdded, f.title FROM moz_bookmarks b JOIN moz_places p ON p.id = b.fk"
      " LEFT JOIN moz_bookmarks f ON f.id = b.parent WHERE b.type = 1 ORDER BY b.id"));
  constexpr std::int64_t kBehindVisits = std::int64_t{1} << 40;
  while (TRY(rows.next())) {
    Page page{rows.text(1), rows.text(2), "", time_of_count(0, rows.integer(3)), {}};
    if (!is_page(page.url)) continue;
    if (const auto folder = rows.text(4); !folder.empty()) page.tags.push_back(folder);
    if (!TRY(sink.begin({kBehindVisits + rows.integer(0), 0}))) continue;
    const auto original = Json::object({{"url", page.url}, {"title", page.title}, {"added", written(page.time)}}).dump();
    TRY(sink.item(item_of(std::move(page), "bookmark"), {{}, original}));
  }
  return {};
}

bool is_safari_history(const Probe& probe) { return has_tables(probe, {"history_items", "history_visits"}); }

Result<> read_safari_history(const Request& request, const Input& input, Sink& sink) {
  // Seconds since 2001, with a fraction.
  return read_visits(input, request.name,
                     "SELECT v.id, i.url, v.title, min(v.visit_time) FROM history_visits v JOIN history_items i ON i.id = v.history_item"
                     " WHERE v.load_successful = 1 AND v.redirect_destination IS NULL GROUP BY i.id, CAST(v.visit_time / 86400 AS INTEGER)"
                     " ORDER BY v.visit_time",
                     [](const SqliteRows& rows, int column) {
                       const auto microseconds = std::clamp(rows.real(column) * 1e6, -9e18, 9e18);
                       return time_of_count(kSecondsTo2001, static_cast<std::int64_t>(microseconds));
                     },
                     sink);
}

bool is_bookmarks(const Probe& probe) { return trim(probe.head.substr(0, 1000)).starts_with("<!DOCTYPE NETSCAPE-Bookmark-file-1>"); }

Result<> read_bookmarks(const Request&, const Input& input, Sink& sink) {
  const auto text = to_utf8(TRY(input.read_all()), "");
  return Bookmarks(text, sink).read();
}

}  // namespace hearth::memory::extract
