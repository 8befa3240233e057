#include "memory/extract/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/extract/html.h"
#include "memory/extract/reading_for_tests.h"

namespace hearth::memory::extract {
namespace {

TEST(Document, TakesTheTitleOfMarkdown) {
  EXPECT_EQ(read_document(Format::Markdown, "text\n```\n# code\n```\n# The plan #\n", "a.md", {}).item.title, "The plan");
  EXPECT_EQ(read_document(Format::Markdown, "---\ntags: x\ntitle: \"Own\"\n---\n# Other", "a.md", {}).item.title, "Own");
  EXPECT_EQ(read_document(Format::Markdown, "nothing", "日记 5.md", {}).item.title, "日记 5");
}

TEST(Document, ReadsOldCharsets) {
  EXPECT_EQ(read_document(Format::PlainText, "\xEF\xBB\xBF" "bom\r\nline\0x", "a.txt", {}).text, "bom\nline");
  EXPECT_EQ(read_document(Format::PlainText, std::string("\xFF\xFE" "a\0b\0", 6), "a.txt", {}).text, "ab");
}

TEST(Document, BelievesWhatAPageSays) {
  const auto title = [](std::string_view page) { return read_document(Format::Html, page, "a.html", {}).item.title; };
  EXPECT_EQ(title("<meta http-equiv='Content-Type' content='text/html; charset=gb2312'><title>\xCD\xA8\xD6\xAA</title>"), "通知");
  EXPECT_EQ(title("<meta charset=\"Shift_JIS\"><title>\x93\x8C\x8B\x9E\x89\x77</title>"), "東京駅");
}

// A program: mostly zeros and small numbers, with words between.
std::string program() {
  std::string bytes("\x7F" "ELF\x02\x01\x01", 7);
  for (int i = 0; i < 4000; ++i) bytes += std::string("\0\0\x05", 3) + static_cast<char>(i * 7) + (i % 8 ? "" : "symbol") + static_cast<char>(i >> 4);
  return bytes;
}

// Bytes without any order.
std::string noise(std::size_t size) {
  std::string bytes;
  std::uint32_t state = 1;
  while (bytes.size() < size) bytes += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

TEST(Document, IsTextWhateverItsName) {
  for (const std::string& bytes : std::vector<std::string>{program(), noise(3000), noise(100), "\xFF\xFE" + noise(3000), std::string(500, '\0'), std::string("words, words\n") + program()}) {
    for (const std::string& name : std::vector<std::string>{"a.txt", "a.text", "a.md", "a.html"}) {
      const auto read = read_bytes(name, bytes);
      EXPECT_THAT(read.failures, testing::ElementsAre("It is no text.")) << name << " " << bytes.size();
      EXPECT_TRUE(read.items.empty());
    }
  }
}

TEST(Document, MayHoldWhatProgramsLeaveInText) {
  const std::string line = "A line that somebody wrote long ago, and saved with an old program.\n";
  std::string chinese = "a";
  while (chinese.size() < 2 * kProbed) chinese += "你好，明天见。";
  for (const std::string& bytes : std::vector<std::string>{
           "", line, line + "\x1A", "Hi\x1A", line + "\b\x07" + line + line, "\x1B[31m" + line + "\x1B[0m", line + std::string(60, '\0'),
           std::string("a\0b\0c\0\n\0", 8), chinese, "b" + chinese, "bc" + chinese, "\x1B$B2q5D\x1B(B", "caf\xE9 d\xE9j\xE0 vu",
           "\xC4\xE3\xBA\xC3\xA3\xAC\xCE\xD2\xC3\xC7", "\x93quoted\x94 \x96 and so on\x85"}) {
    const auto read = read_bytes("a.txt", bytes);
    EXPECT_EQ(read.items.size(), 1u) << bytes;
    EXPECT_THAT(read.failures, testing::ElementsAre()) << bytes;
  }
}

TEST(Html, LeavesOutOnlyWhatIsNotShown) {
  const std::vector<std::pair<std::string, std::string>> pages = {
      {"<td style='font-size:0px;padding:1px'><div style='font-size:13px'>shown</div></td>", "shown"},
      {"<div style='font-size:0'><p style='font: italic 400 13px/1.5 Ubuntu'>shown</p>no</div>", "shown"},
      {"<div style='font:0/0 a'>no<span style='FONT-SIZE: medium'>shown</span></div>", "shown"},
      {"<div style='font-size:0'><font size=2>shown</font></div>", "shown"},
      {"<div style='font-size:0 !important;font-size:12px'>no</div>shown", "shown"},
      {"<div style='font-size:0'><b style='font-size:2em'>no</b><i style='font-size:120%'>no</i></div>shown", "shown"},
      {"<div style='font-size:0.8em'>shown</div>", "shown"},
      {"<div style='line-height:0;max-font-size:0'>shown</div>", "shown"},
      {"A<span style='font-size:0'>no</span>B", "AB"},
      {"<div style='visibility:hidden'>no<p style='visibility: visible'>shown</p>no</div>", "shown"},
      {"<div style='display:none'><p style='display:block;visibility:visible;font-size:9px'>no</p></div>shown", "shown"},
      {"<div style='font-size:0'><img alt=picture></div>", "picture"},
      {"<div style='visibility:hidden'><img alt=no><ul><li>no</ul></div>shown", "shown"},
  };
  for (const auto& [html, text] : pages) EXPECT_EQ(read_html("<!doctype html><table><tr>" + (html.starts_with("<td") ? html : "<td>" + html), Quotes::Keep).text, text) << html;
}

TEST(Html, ReadsBlocksTablesAndLists) {
  const auto page = read_html(
      "<title> A  page </title><h1>Head</h1><p>one<br>two</p><pre>a\n  b</pre><table><tr><td>1<td>2<tr><td>3</table>x", Quotes::Keep);
  EXPECT_EQ(page.title, "A page");
  EXPECT_EQ(page.text, "Head\n\none\ntwo\n\na\nb\n\n1 2\n3\n\nx");
}

TEST(Html, ShowsWhatHasASizeAgain) {
  const auto text = [](std::string_view html) { return read_html(html, Quotes::Keep).text; };
  EXPECT_EQ(text("<table><tr><td style='font-size:0px;padding:0'><div style='font-size:13px'>code 77</div>gap</td></tr></table>"), "code 77");
  EXPECT_EQ(text("<div style='visibility:hidden'>a<p style='visibility: visible'>b</p></div>"), "b");
  EXPECT_EQ(text("<div style='font-size:0'><span style='font-size:100%'>a</span></div>c"), "c");
  EXPECT_EQ(text("<p style='font-size:0.9em'>small</p>"), "small");
  EXPECT_EQ(text("<div style='display:none'><p style='font-size:13px'>a</p></div>b"), "b");
}

TEST(Html, KeepsWordsApart) {
  EXPECT_EQ(read_html("<details><summary>More</summary>Hidden</details><label>Left</label><select><option>A<option>B</select>", Quotes::Keep).text, "More\nHidden\nLeft\nA\nB");
}

TEST(Html, SurvivesDepth) {
  std::string html;
  for (int i = 0; i < 5000; ++i) html += "<div>";
  EXPECT_EQ(read_html("<p>before" + html + "deep", Quotes::Keep).text, "before");
}

}  // namespace
}  // namespace hearth::memory::extract
