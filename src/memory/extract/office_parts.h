#pragma once
#include <string>
#include <vector>

#include "memory/extract/paper.h"
#include "memory/extract/xml.h"
#include "memory/extract/zip.h"

// What the office formats share; for office*.cpp and ebook.cpp.
namespace hearth::memory::extract {

// Text grows to this at most; what follows is left out, and the sink reports the item as too large.
inline constexpr std::size_t kMostOfficeText = kLargestText + 1;

// Writes running text: paragraphs as lines, cells with tabs between.
class TextWriter {
 public:
  explicit TextWriter(std::string& text) : text_(text) {}
  void write(std::string_view more) {
    if (text_.size() + more.size() <= kMostOfficeText) text_ += more;
  }
  void end_line() {
    while (!text_.empty() && (text_.back() == ' ' || text_.back() == '\t')) text_.pop_back();
    if (!text_.empty() && text_.back() != '\f' && !text_.ends_with("\n\n")) write("\n");
  }
  void cell() {
    if (!text_.empty() && text_.back() != '\n' && text_.back() != '\f') write("\t");
  }

 private:
  std::string& text_;
};

// Reads one member through a handler. NotFound without such a member.
Result<> read_part(const Zip& zip, std::string_view name, XmlHandler& handler);

// The text of every element of these names: metadata.
struct NamedTexts final : XmlHandler {
  struct Found {
    std::string name;
    std::string text;
    std::string id;  // an attribute: of a list of relationships the target, of a manifest the reference
  };
  explicit NamedTexts(std::vector<std::string_view> wanted) : wanted_(std::move(wanted)) {}
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view more) override;
  std::string first(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  std::vector<Found> found;

 private:
  std::vector<std::string_view> wanted_;
  bool open_ = false;
};

// Metadata in Dublin Core's words, as all these formats have it.
void read_core_properties(const Zip& zip, std::string_view member, Paper& paper);

// Members "<before>N<after>" in the order of N.
std::vector<const ZipMember*> numbered(const Zip& zip, std::string_view before, std::string_view after);

// Relationships of an Office Open XML part: id and target, in the archive's names.
std::vector<std::pair<std::string, std::string>> relationships(const Zip& zip, std::string_view part);

// The path of `reference` in a file at `base`.
std::string resolved(std::string_view base, std::string_view reference);

}  // namespace hearth::memory::extract
