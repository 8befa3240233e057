#include "memory/extract/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/extract/html.h"

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

TEST(Html, ReadsBlocksTablesAndLists) {
  const auto page = read_html(
      "<title> A  page </title><h1>Head</h1><p>one<br>two</p><pre>a\n  b</pre><table><tr><td>1<td>2<tr><td>3</table>x", Quotes::Keep);
  EXPECT_EQ(page.title, "A page");
  EXPECT_EQ(page.text, "Head\n\none\ntwo\n\na\nb\n\n1 2\n3\n\nx");
}

TEST(Html, SurvivesDepth) {
  std::string html;
  for (int i = 0; i < 5000; ++i) html += "<div>";
  EXPECT_EQ(read_html("<p>before" + html + "deep", Quotes::Keep).text, "before");
}

}  // namespace
}  // namespace hearth::memory::extract
