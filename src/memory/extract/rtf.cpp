#include "memory/extract/rtf.h"

#include <algorithm>
#include <array>
#include <map>

#include "memory/extract/charset.h"
#include "memory/text/unicode.h"

namespace hearth::memory::extract {
namespace {

constexpr std::size_t kDeepest = 10'000;
constexpr std::size_t kLongestWord = 32;

enum class Goes { Text, Title, Author, Keywords, Time, Nowhere };

struct Group {
  Goes goes = Goes::Text;
  int after_unicode = 1;  // characters after a \u that say the same for old readers
  int font = 0;           // behind the group it is that of before
};

std::string charset_of(int page) {
  if (page == 936) return "GB18030";
  if (page == 950) return "BIG5";
  if (page == 932) return "CP932";
  if (page == 949) return "CP949";
  return page >= 874 && page <= 1258 ? fmt::format("WINDOWS-{}", page) : "WINDOWS-1252";
}

// The code page of a font's character set (\fcharset).
int page_of_charset(int set) {
  constexpr std::array<std::pair<int, int>, 14> kPages = {{{128, 932}, {129, 949}, {134, 936}, {136, 950}, {161, 1253}, {162, 1254}, {163, 1258},
                                                           {177, 1255}, {178, 1256}, {186, 1257}, {204, 1251}, {222, 874}, {238, 1250}, {0, 1252}}};
  for (const auto& [charset, page] : kPages) {
    if (charset == set) return page;
  }
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Paper read() {
    while (at_ < bytes_.size()) step();
    flush();
    paper_.type = "application/rtf";
    return std::move(paper_);
  }

 private:
  void step() {
    const char c = bytes_[at_++];
    if (c == '{') {
      flush();
      if (groups_.size() < kDeepest) groups_.push_back(groups_.back());
      else ++deeper_;
      return;
    }
    if (c == '}') {
      flush();
      if (deeper_ > 0) --deeper_;
      else if (groups_.size() > 1) end_group();
      return;
    }
    if (c == '\\') return control();
    if (c == '\r' || c == '\n') return;
    if (skip_ > 0) {
      --skip_;
      return;
    }
    raw_ += c;
  }

  void end_group() {
    const auto ended = groups_.back().goes;
    groups_.pop_back();
    if (ended == Goes::Time && groups_.back().goes != Goes::Time) set_time();
  }

  void control() {
    if (at_ >= bytes_.size()) return;
    const char c = bytes_[at_];
    if (c == '\'') {  // a byte in hexadecimal
      const auto digits = bytes_.substr(std::min(at_ + 1, bytes_.size()), 2);
      at_ = std::min(at_ + 3, bytes_.size());
      if (skip_ > 0) {
        --skip_;
        return;
      }
      int value = 0;
      for (const char digit : digits) value = value * 16 + (std::isdigit(static_cast<unsigned char>(digit)) ? digit - '0' : (digit | 32) - 'a' + 10);
      if (value > 0 && value < 256) raw_ += static_cast<char>(value);
      return;
    }
    if (!std::isalpha(static_cast<unsigned char>(c))) {
      ++at_;
      if (c == '*') groups_.back().goes = Goes::Nowhere;  // for readers that know it
      if (c == '\\' || c == '{' || c == '}') raw_ += c;
      if (c == '~') say(" ");
      if (c == '_') say("-");
      if (c == '\n' || c == '\r') say("\n");
      return;
    }
    const auto start = at_;
    while (at_ < bytes_.size() && at_ - start < kLongestWord && std::isalpha(static_cast<unsigned char>(bytes_[at_]))) ++at_;
    const auto word = bytes_.substr(start, at_ - start);
    bool negative = false;
    if (at_ < bytes_.size() && bytes_[at_] == '-') {
      negative = true;
      ++at_;
    }
    std::optional<int> number;
    for (int digits = 0; at_ < bytes_.size() && std::isdigit(static_cast<unsigned char>(bytes_[at_])) && digits < 9; ++digits) {
      number = number.value_or(0) * 10 + (bytes_[at_++] - '0');
    }
    if (number && negative) number = -*number;
    if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
    obey(word, number);
  }

  void obey(std::string_view word, std::optional<int> number) {
    if (word == "u" && number) {
      flush();
      auto value = *number < 0 ? *number + 65536 : *number;
      skip_ = groups_.back().after_unicode;
      if (value >= 0xD800 && value < 0xDC00) {
        high_ = value;
        return;
      }
      if (value >= 0xDC00 && value < 0xE000) {
        if (high_ == 0) return;
        value = 0x10000 + ((high_ - 0xD800) << 10) + (value - 0xDC00);
      }
      high_ = 0;
      std::string character;
      append_utf8(character, value);
      return say(character);
    }
    skip_ = 0;
    if (word == "bin" && number) {
      at_ = std::min(bytes_.size(), at_ + static_cast<std::size_t>(std::max(*number, 0)));
    } else if (word == "uc" && number) {
      groups_.back().after_unicode = std::clamp(*number, 0, 16);
    } else if (word == "ansicpg" && number) {
      page_ = *number;
    } else if (word == "fcharset" && number && in_fonts()) {
      fonts_[groups_.back().font] = page_of_charset(*number);
    } else if (word == "f" && number) {
      flush();
      groups_.back().font = *number;
    } else if (word == "par" || word == "line" || word == "row" || word == "sect") {
      say("\n");
    } else if (word == "page") {
      if (groups_.back().goes == Goes::Text) {
        flush();
        begin_page(paper_);
      }
    } else if (word == "tab" || word == "cell" || word == "nestcell") {
      say("\t");
    } else if (word == "emdash" || word == "endash") {
      say(word == "emdash" ? "—" : "–");
    } else if (word == "lquote" || word == "rquote") {
      say(word == "lquote" ? "‘" : "’");
    } else if (word == "ldblquote" || word == "rdblquote") {
      say(word == "ldblquote" ? "“" : "”");
    } else if (word == "bullet") {
      say("•");
    } else {
      destination(word, number);
    }
  }

  bool in_fonts() const { return groups_.back().goes == Goes::Nowhere; }

  void destination(std::string_view word, std::optional<int> number) {
    auto& goes = groups_.back().goes;
    for (const auto* nowhere : {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable", "rsidtbl",
                                "themedata", "colorschememapping", "datastore", "latentstyles", "generator", "filetbl", "revtbl", "fldinst",
                                "xe", "tc", "header", "footer", "headerl", "headerr", "headerf", "footerl", "footerr", "footerf", "deleted"}) {
      if (word == nowhere) {
        flush();
        goes = Goes::Nowhere;
        return;
      }
    }
    if (word == "title") goes = Goes::Title;
    if (word == "author") goes = Goes::Author;
    if (word == "keywords") goes = Goes::Keywords;
    if (word == "revtim" || (word == "creatim" && !paper_.time)) {
      goes = Goes::Time;
      date_ = {};
    }
    if (goes == Goes::Time && number) {
      constexpr std::array<std::string_view, 5> kParts = {"yr", "mo", "dy", "hr", "min"};
      for (std::size_t i = 0; i < kParts.size(); ++i) {
        if (word == kParts[i]) date_[i] = *number;
      }
    }
  }

  void set_time() {
    using namespace std::chrono;
    const year_month_day day{year(date_[0]), month(static_cast<unsigned>(date_[1])), std::chrono::day(static_cast<unsigned>(date_[2]))};
    if (day.ok() && date_[0] > 1970 && date_[0] < 10000) paper_.time = Time(sys_days(day)) + hours(date_[3]) + minutes(date_[4]);
  }

  // Bytes that gathered, in the charset of the font.
  void flush() {
    if (raw_.empty()) return;
    const auto font = fonts_.find(groups_.back().font);
    const int page = font != fonts_.end() && font->second > 0 ? font->second : page_;
    const auto text = to_utf8(raw_, charset_of(page));
    raw_.clear();
    write(text);
  }
  void say(std::string_view text) {
    flush();
    write(text);
  }
  void write(std::string_view text) {
    switch (groups_.back().goes) {
      case Goes::Text: paper_.text += text; break;
      case Goes::Title: paper_.title += text; break;
      case Goes::Author: (paper_.authors.empty() ? paper_.authors.emplace_back() : paper_.authors.front()) += text; break;
      case Goes::Keywords: (paper_.tags.empty() ? paper_.tags.emplace_back() : paper_.tags.front()) += text; break;
      default: break;
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::vector<Group> groups_{Group{}};
  std::size_t deeper_ = 0;
  int skip_ = 0;
  int high_ = 0;  // the first half of a surrogate pair
  int page_ = 1252;
  std::map<int, int> fonts_;  // code pages
  std::string raw_;
  std::array<int, 5> date_{};
  Paper paper_;
};

Result<Paper> read_all_of(const Input& input, Sink&) { return read_rtf(TRY(input.read_all())); }

}  // namespace

Paper read_rtf(std::string_view bytes) { return Reader(bytes).read(); }

bool is_rtf(const Probe& probe) { return probe.head.starts_with("{\\rtf"); }

Result<> read_rtf_file(const Request& request, const Input& input, Sink& sink) { return read_paper_file(request, input, sink, read_all_of); }

}  // namespace hearth::memory::extract
