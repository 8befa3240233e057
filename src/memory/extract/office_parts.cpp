#include "memory/extract/office_parts.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostNamedTexts = 100'000;
constexpr std::size_t kLongestNamedText = 64 << 10;

struct Relationships final : XmlHandler {
  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "Relationship" && found.size() < kMostNamedTexts) found.emplace_back(attributes["Id"], attributes["Target"]);
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  std::vector<std::pair<std::string, std::string>> found;
};

}  // namespace

Result<> read_part(const Zip& zip, std::string_view name, XmlHandler& handler) {
  const auto* member = zip.find(name);
  if (!member) return fail(Code::NotFound, "It holds no {}.", name);
  const auto opened = TRY(zip.open_member(*member));
  return read_xml(*opened, handler);
}

void NamedTexts::start(std::string_view name, const XmlAttributes&) {
  if (found.size() < kMostNamedTexts && std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end()) {
    found.push_back({std::string(name), "", ""});
    open_ = true;
  }
}

void NamedTexts::end(std::string_view name) {
  if (open_ && !found.empty() && found.back().name == name) open_ = false;
}

void NamedTexts::text(std::string_view more) {
  if (open_ && found.back().text.size() < kLongestNamedText) found.back().text += more;
}

std::string NamedTexts::first(std::string_view name) const {
  const auto at = std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.name == name && !one.text.empty(); });
  return at == found.end() ? "" : at->text;
}

std::vector<std::string> NamedTexts::all(std::string_view name) const {
  std::vector<std::string> texts;
  for (const auto& one : found) {
    if (one.name == name && !one.text.empty()) texts.push_back(one.text);
  }
  return texts;
}

void read_core_properties(const Zip& zip, std::string_view member, Paper& paper) {
  NamedTexts core({"title", "creator", "initial-creator", "created", "creation-date", "modified", "date", "subject", "keyword", "keywords"});
  (void)read_part(zip, member, core);  // a document without them is one all the same
  paper.title = core.first("title");
  paper.authors = core.all("creator");
  if (paper.authors.empty()) paper.authors = core.all("initial-creator");
  for (const auto* name : {"modified", "date", "created", "creation-date"}) {
    if (!paper.time) paper.time = parse_iso_time(core.first(name));
  }
  for (const auto* name : {"keyword", "keywords"}) {
    for (const auto& words : core.all(name)) {
      for (std::size_t start = 0; start <= words.size();) {
        const auto end = std::min(words.find_first_of(",;", start), words.size());
        if (auto word = tidy_line(std::string_view(words).substr(start, end - start)); !word.empty()) paper.tags.push_back(std::move(word));
        start = end + 1;
      }
    }
  }
}

std::vector<const ZipMember*> numbered(const Zip& zip, std::string_view before, std::string_view after) {
  std::vector<std::pair<int, const ZipMember*>> found;
  for (const auto& member : zip.members()) {
    std::string_view name = member.name;
    if (!name.starts_with(before) || !name.ends_with(after) || name.size() <= before.size() + after.size()) continue;
    name.remove_prefix(before.size());
    name.remove_suffix(after.size());
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) found.emplace_back(number, &member);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const ZipMember*> members;
  for (const auto& [number, member] : found) members.push_back(member);
  return members;
}

std::vector<std::pair<std::string, std::string>> relationships(const Zip& zip, std::string_view part) {
  const auto slash = part.rfind('/') + 1;
  Relationships reading;
  (void)read_part(zip, fmt::format("{}_rels/{}.rels", part.substr(0, slash), part.substr(slash)), reading);
  for (auto& [id, target] : reading.found) target = resolved(part, target);
  return std::move(reading.found);
}

std::string resolved(std::string_view base, std::string_view reference) {
  std::string path = reference.starts_with('/') ? "" : std::string(base.substr(0, base.rfind('/') + 1));
  path += reference.substr(0, reference.find_first_of("#?"));
  if (auto decoded = percent_decode(path)) path = *std::move(decoded);
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    auto part = path.substr(start, end - start);
    start = end + 1;
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(std::move(part));
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

}  // namespace hearth::memory::extract
