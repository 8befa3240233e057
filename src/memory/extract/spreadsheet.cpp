#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "memory/extract/office.h"
#include "memory/extract/office_parts.h"

// Sheets of Office Open XML (ECMA-376 part 1, §18): cells as they are shown, as far as that is a matter of words and dates.
namespace hearth::memory::extract {
namespace {

constexpr std::size_t kMostStrings = 2'000'000;
constexpr std::size_t kMostStringBytes = 128 << 20;
constexpr double kLastDay = 2958466;  // 10000-01-01

// The strings that cells refer to.
class SharedStrings final : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes&) override {
    if (name == "si") {
      if (starts_.size() < kMostStrings) starts_.push_back(bytes_.size());
    } else if (name == "rPh") {
      phonetic_ = true;
    } else if (name == "t") {
      in_text_ = true;
    }
  }
  void end(std::string_view name) override {
    if (name == "t") in_text_ = false;
    if (name == "rPh") phonetic_ = false;
  }
  void text(std::string_view more) override {
    if (in_text_ && !phonetic_ && bytes_.size() + more.size() < kMostStringBytes) bytes_ += more;
  }
  std::string_view at(std::size_t index) const {
    if (index >= starts_.size()) return "";
    const auto end = index + 1 < starts_.size() ? starts_[index + 1] : bytes_.size();
    return std::string_view(bytes_).substr(starts_[index], end - starts_[index]);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> starts_;
  bool in_text_ = false;
  bool phonetic_ = false;
};

enum class Shown { Number, Date, Clock, Both };

// Whether a number format shows a date: ECMA-376 part 1, §18.8.30.
Shown shown_as(int id, std::string_view code) {
  if (id >= 14 && id <= 17) return Shown::Date;
  if (id == 22) return Shown::Both;
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return Shown::Clock;
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return Shown::Date;  // East Asian dates
  bool quoted = false;
  bool bracketed = false;
  bool day = false;
  bool hour = false;
  for (const char c : code.substr(0, code.find(';'))) {
    if (c == '"') quoted = !quoted;
    if (c == '[') bracketed = true;
    if (c == ']') bracketed = false;
    if (quoted || bracketed) continue;
    day = day || c == 'y' || c == 'd' || c == 'Y' || c == 'D';
    hour = hour || c == 'h' || c == 'H' || c == 's';
  }
  return day && hour ? Shown::Both : day ? Shown::Date : hour ? Shown::Clock : Shown::Number;
}

// How each style of cell shows numbers.
class Styles final : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override {
    constexpr std::size_t kMost = 100'000;
    if (name == "numFmt" && formats_.size() < kMost) {
      formats_[std::atoi(std::string(attributes["numFmtId"]).c_str())] = attributes["formatCode"];
    } else if (name == "cellXfs") {
      in_cells_ = true;
    } else if (name == "xf" && in_cells_ && shown_.size() < kMost) {
      const int id = std::atoi(std::string(attributes["numFmtId"]).c_str());
      const auto format = formats_.find(id);
      shown_.push_back(shown_as(id, format == formats_.end() ? "" : std::string_view(format->second)));
    }
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }
  void text(std::string_view) override {}
  Shown at(std::size_t style) const { return style < shown_.size() ? shown_[style] : Shown::Number; }

 private:
  std::map<int, std::string> formats_;
  std::vector<Shown> shown_;
  bool in_cells_ = false;
};

// Days since 1899-12-30, or 1904-01-01 in workbooks from old Macs.
std::string date_text(double days, Shown shown, bool since_1904) {
  using namespace std::chrono;
  if (!(days >= 0) || days >= kLastDay) return "";
  const auto whole = static_cast<int>(std::floor(days));
  const auto seconds_of_day = static_cast<int>(std::lround((days - whole) * 86400)) % 86400;
  const year_month_day day = sys_days(since_1904 ? 1904y / 1 / 1 : 1899y / 12 / 30) + std::chrono::days(whole);
  const auto date = fmt::format("{}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  const auto clock = fmt::format("{:02}:{:02}", seconds_of_day / 3600, seconds_of_day / 60 % 60);
  return shown == Shown::Date ? date : shown == Shown::Clock ? clock : date + " " + clock;
}

class Sheet final : public XmlHandler {
 public:
  Sheet(std::string& text, const SharedStrings& strings, const Styles& styles, bool since_1904)
      : writer_(text), strings_(strings), styles_(styles), since_1904_(since_1904) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "c") {
      type_ = attributes["t"];
      style_ = static_cast<std::size_t>(std::atoi(std::string(attributes["s"]).c_str()));
      value_.clear();
    } else if (name == "v" || name == "t") {
      in_value_ = true;
    }
  }
  void end(std::string_view name) override {
    if (name == "v" || name == "t") in_value_ = false;
    if (name == "c") {
      const auto shown = shown_value();
      if (shown.empty()) return;
      if (in_row_) writer_.cell();
      in_row_ = true;
      writer_.write(shown);
    } else if (name == "row" && in_row_) {
      writer_.end_line();
      in_row_ = false;
    }
  }
  void text(std::string_view more) override {
    constexpr std::size_t kLongestValue = 64 << 10;
    if (in_value_ && value_.size() < kLongestValue) value_ += more;
  }

 private:
  std::string shown_value() const {
    if (type_ == "s") return std::string(strings_.at(static_cast<std::size_t>(std::strtoull(value_.c_str(), nullptr, 10))));
    if (type_ == "b") return value_ == "1" ? "TRUE" : "FALSE";
    if (type_ == "str" || type_ == "inlineStr" || type_ == "e" || value_.empty()) return value_;
    const auto shown = styles_.at(style_);
    const auto number = std::strtod(value_.c_str(), nullptr);
    if (shown != Shown::Number) return date_text(number, shown, since_1904_);
    constexpr double kExact = 1e15;
    if (!std::isfinite(number) || value_.size() <= 12 || value_.find_first_not_of("-0123456789") == value_.npos) return value_;
    if (number == std::trunc(number) && std::abs(number) < kExact) return fmt::format("{:.0f}", number);  // 8.613812345678E12
    return fmt::format("{:.15g}", number);  // 0.30000000000000004 is shown as 0.3
  }

  TextWriter writer_;
  const SharedStrings& strings_;
  const Styles& styles_;
  bool since_1904_;
  std::string type_;
  std::string value_;
  std::size_t style_ = 0;
  bool in_value_ = false;
  bool in_row_ = false;
};

struct Workbook final : XmlHandler {
  void start(std::string_view name, const XmlAttributes& attributes) override {
    constexpr std::size_t kMost = 10'000;
    if (name == "sheet" && sheets.size() < kMost) sheets.emplace_back(attributes["name"], attributes["id"]);
    if (name == "workbookPr") since_1904 = attributes["date1904"] == "1" || attributes["date1904"] == "true";
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  std::vector<std::pair<std::string, std::string>> sheets;  // name, id of the relationship
  bool since_1904 = false;
};

Result<Paper> read_xlsx(const Input& input, Sink&) {
  const auto zip = TRY(Zip::open(input));
  Paper paper;
  paper.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  read_core_properties(zip, "docProps/core.xml", paper);
  Workbook workbook;
  TRY(read_part(zip, "xl/workbook.xml", workbook));
  SharedStrings strings;
  (void)read_part(zip, "xl/sharedStrings.xml", strings);  // a workbook of numbers has none
  Styles styles;
  (void)read_part(zip, "xl/styles.xml", styles);
  const auto parts = relationships(zip, "xl/workbook.xml");
  Result<> trouble;
  for (const auto& [name, id] : workbook.sheets) {
    const auto part = std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.first == id; });
    if (part == parts.end()) continue;
    if (!paper.text.empty()) begin_page(paper);
    paper.text += name + "\n";
    Sheet sheet(paper.text, strings, styles, workbook.since_1904);
    if (auto read = read_part(zip, part->second, sheet); !read) trouble = std::move(read);
  }
  if (!trouble && paper.text.size() < 100) return std::unexpected(trouble.error());
  return paper;
}

}  // namespace

Result<> read_spreadsheet(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_xlsx); }

}  // namespace hearth::memory::extract
