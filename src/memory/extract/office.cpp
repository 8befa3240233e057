#include "memory/extract/office.h"

#include <algorithm>

#include "memory/extract/html.h"
#include "memory/extract/office_parts.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostPictureDescription = 500;

bool is_archive_named(const Probe& probe, std::initializer_list<std::string_view> endings) {
  if (!Zip::begins_like_one(probe.head)) return false;
  return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return probe.name.ends_with(ending); });
}

// WordprocessingML and DrawingML have the same shape: paragraphs of runs of text.
class RunningText final : public XmlHandler {
 public:
  explicit RunningText(std::string& text) : writer_(text) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (skipped_ > 0 || name == "Fallback") {  // a second form of what was said already
      ++skipped_;
    } else if (name == "t") {
      in_text_ = true;
    } else if (name == "tab") {
      writer_.write("\t");
    } else if (name == "br" || name == "cr") {
      writer_.write("\n");
    } else if (name == "noBreakHyphen") {
      writer_.write("-");
    } else if (name == "tc") {
      writer_.cell();
      ++cells_;
    } else if (name == "docPr" || name == "cNvPr") {
      if (const auto description = attributes["descr"]; !description.empty() && description.size() < kMostPictureDescription) {
        writer_.write(description);
        writer_.end_line();
      }
    }
  }
  void end(std::string_view name) override {
    if (skipped_ > 0) {
      --skipped_;
    } else if (name == "t") {
      in_text_ = false;
    } else if (name == "p") {
      if (cells_ > 0) {
        writer_.write(" ");
      } else {
        writer_.end_line();
      }
    } else if (name == "tc") {
      --cells_;
    } else if (name == "tr" && cells_ == 0) {
      writer_.end_line();
    }
  }
  void text(std::string_view more) override {
    if (in_text_ && skipped_ == 0) writer_.write(more);
  }

 private:
  TextWriter writer_;
  int skipped_ = 0;
  int cells_ = 0;
  bool in_text_ = false;
};

// A part that is missing is none; one that is broken gives what can be read of it, unless that is nothing.
Result<> add_running_text(const Zip& zip, const ZipMember& member, std::string& text) {
  const auto before = text.size();
  RunningText running(text);
  const auto opened = TRY(zip.open_member(member));
  const auto read = read_xml(*opened, running);
  if (!read && text.size() == before) return read;
  return {};
}

Result<Paper> read_docx(const Input& input, Sink&) {
  const auto zip = TRY(Zip::open(input));
  Paper paper;
  paper.type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  read_core_properties(zip, "docProps/core.xml", paper);
  std::string main = "word/document.xml";
  for (const auto& [id, target] : relationships(zip, "")) {
    if (target.ends_with("document.xml") || target.ends_with("document2.xml")) main = target;
  }
  const auto* body = zip.find(main);
  if (!body) return fail(Code::Corrupt, "It holds no text part.");
  TRY(add_running_text(zip, *body, paper.text));
  for (const auto* part : {"word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"}) {
    if (const auto* notes = zip.find(part)) (void)add_running_text(zip, *notes, paper.text);
  }
  return paper;
}

Result<Paper> read_pptx(const Input& input, Sink&) {
  const auto zip = TRY(Zip::open(input));
  Paper paper;
  paper.type = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
  read_core_properties(zip, "docProps/core.xml", paper);
  const auto slides = numbered(zip, "ppt/slides/slide", ".xml");
  if (slides.empty()) return fail(Code::Corrupt, "It holds no slides.");
  for (const auto* slide : slides) {
    if (slide != slides.front()) begin_page(paper);
    TRY(add_running_text(zip, *slide, paper.text));
    for (const auto& [id, target] : relationships(zip, slide->name)) {
      if (!target.starts_with("ppt/notesSlides/")) continue;
      if (const auto* notes = zip.find(target)) (void)add_running_text(zip, *notes, paper.text);
    }
  }
  return paper;
}

// OpenDocument's content.xml.
class OpenDocumentText final : public XmlHandler {
 public:
  explicit OpenDocumentText(Paper& paper) : paper_(paper), writer_(paper.text) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (skipped_ > 0 || name == "tracked-changes" || name == "forms" || name == "tracked-change") {
      ++skipped_;
    } else if (name == "body") {
      in_body_ = true;
    } else if (name == "p" || name == "h") {
      ++paragraphs_;
    } else if (name == "tab") {
      writer_.write("\t");
    } else if (name == "s") {
      writer_.write(" ");
    } else if (name == "line-break") {
      writer_.write("\n");
    } else if (name == "table-cell" || name == "covered-table-cell") {
      writer_.cell();
      ++cells_;
    } else if (name == "page" || name == "table") {  // a slide, a sheet
      if (name == "page" || (cells_ == 0 && !attributes["name"].empty() && sheet_)) {
        if (seen_page_) begin_page(paper_);
        seen_page_ = true;
      }
      if (name == "table" && sheet_) {
        writer_.write(attributes["name"]);
        writer_.end_line();
      }
    } else if (name == "spreadsheet") {
      sheet_ = true;
    }
  }
  void end(std::string_view name) override {
    if (skipped_ > 0) {
      --skipped_;
    } else if (name == "p" || name == "h") {
      --paragraphs_;
      if (cells_ > 0) {
        writer_.write(" ");
      } else {
        writer_.end_line();
      }
    } else if (name == "table-cell" || name == "covered-table-cell") {
      --cells_;
    } else if (name == "table-row" && cells_ == 0) {
      writer_.end_line();
    }
  }
  void text(std::string_view more) override {
    if (in_body_ && paragraphs_ > 0 && skipped_ == 0) writer_.write(more);
  }

 private:
  Paper& paper_;
  TextWriter writer_;
  int skipped_ = 0;
  int cells_ = 0;
  int paragraphs_ = 0;
  bool in_body_ = false;
  bool sheet_ = false;
  bool seen_page_ = false;
};

Result<Paper> read_odf(const Input& input, Sink&) {
  const auto zip = TRY(Zip::open(input));
  Paper paper;
  const auto type = zip.read("mimetype", 200);
  paper.type = type ? tidy_line(*type) : "application/vnd.oasis.opendocument.text";
  read_core_properties(zip, "meta.xml", paper);
  OpenDocumentText content(paper);
  const auto read = read_part(zip, "content.xml", content);
  if (!read && paper.text.empty()) return std::unexpected(read.error());
  return paper;
}

// The list of a book's files and the order to read them in.
struct Package final : XmlHandler {
  void start(std::string_view name, const XmlAttributes& attributes) override {
    constexpr std::size_t kMost = 100'000;
    if (name == "item" && files.size() < kMost) files.emplace_back(attributes["id"], attributes["href"]);
    if (name == "itemref" && order.size() < kMost) order.emplace_back(attributes["idref"]);
    if (name == "rootfile" && root.empty()) root = attributes["full-path"];
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<std::string> order;
  std::string root;
};

Result<Paper> read_epub(const Input& input, Sink&) {
  const auto zip = TRY(Zip::open(input));
  Package container;
  TRY(read_part(zip, "META-INF/container.xml", container));
  Package package;
  TRY(read_part(zip, container.root, package));
  Paper paper;
  read_core_properties(zip, container.root, paper);
  paper.type = "application/epub+zip";
  NamedTexts subjects({"subject"});
  (void)read_part(zip, container.root, subjects);
  paper.tags = subjects.all("subject");
  for (const auto& id : package.order) {
    const auto file = std::find_if(package.files.begin(), package.files.end(), [&](const auto& one) { return one.first == id; });
    if (file == package.files.end()) continue;
    const auto chapter = zip.read(resolved(container.root, file->second), 32 << 20);
    if (!chapter) {
      if (chapter.error().code() == Code::NotFound) continue;
      return std::unexpected(chapter.error());
    }
    auto page = read_html(*chapter, Quotes::Keep);
    if (page.text.empty()) continue;
    if (!paper.text.empty()) begin_page(paper);
    TextWriter(paper.text).write(page.text);
    if (paper.text.size() > kLargestText / 2) return fail(Code::TooLarge, "Its text is too large.");
  }
  return paper;
}

}  // namespace

bool is_word_document(const Probe& probe) { return is_archive_named(probe, {".docx", ".docm", ".dotx"}); }
bool is_presentation(const Probe& probe) { return is_archive_named(probe, {".pptx", ".pptm", ".ppsx", ".potx"}); }
bool is_spreadsheet(const Probe& probe) { return is_archive_named(probe, {".xlsx", ".xlsm", ".xltx"}); }
bool is_open_document(const Probe& probe) {
  return is_archive_named(probe, {".odt", ".ods", ".odp", ".odg", ".ott", ".ots", ".otp"});
}
bool is_ebook(const Probe& probe) { return is_archive_named(probe, {".epub"}); }

Result<> read_word_document(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_docx); }
Result<> read_presentation(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_pptx); }
Result<> read_open_document(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_odf); }
Result<> read_ebook(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_epub); }

}  // namespace hearth::memory::extract
