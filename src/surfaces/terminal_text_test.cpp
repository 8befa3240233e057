#include "surfaces/terminal_text.h"

#include <gtest/gtest.h>

namespace hearth::surfaces {
namespace {

TEST(TerminalText, LeavesOutWhatCouldSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\x07\x7f\xc2\x9b" "c\u202e\u2066d"), "a\uFFFD[31mb\uFFFD\uFFFD\uFFFDc\uFFFD\uFFFDd");
  EXPECT_EQ(printable("one\r\ntwo\rthree\t中文 é 🙂\n"), "one\ntwo\uFFFDthree\t中文 é 🙂\n");
  EXPECT_EQ(printable("\x9b\xff\xe4\xb8"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\uFFFD");
  const auto mail = *Json::parse(R"({"items":[{"subject":"\u001b]0;x\u0007\nhi\t!"}]})");
  EXPECT_EQ(render(mail, Language::English), "subject\n\uFFFD]0;x\uFFFD hi !\n");
  const auto item = *Json::parse(R"({"text":"\u009b2J\nsecond","seen\u001b":{"by":"\u202e"}})");
  EXPECT_EQ(render(item, Language::English), "text   \uFFFD2J\nsecond\nseen\uFFFD  by \uFFFD\n");
  EXPECT_EQ(json_line(item), R"({"text":"\u009b2J\nsecond","seen\u001b":{"by":"\u202e"}})" "\n");
}

TEST(TerminalText, DrawsTablesThatLineUpInChinese) {
  EXPECT_EQ(display_width("ab中文"), 6U);
  EXPECT_EQ(render(*Json::parse(R"({"entries":[{"name":"中文","size":1},{"name":"a","size":22}]})"), Language::English),
            "name  size\n中文  1\na     22\n");
}

TEST(TerminalText, ShowsAnObjectAsLines) {
  EXPECT_EQ(render(*Json::parse(R"({"ok":true,"message":"fine"})"), Language::English), "ok       true\nmessage  fine\n");
}

TEST(TerminalText, ShowsTextsInOneLanguage) {
  const auto job = *Json::parse(R"({"title":"Copy /a","title_zh":"复制 /a","note":"/a/b","note_zh":"","lone_zh":"x"})");
  EXPECT_EQ(render(job, Language::English), "title    Copy /a\nnote     /a/b\nlone_zh  x\n");
  EXPECT_EQ(render(job, Language::Chinese), "title    复制 /a\nnote     /a/b\nlone_zh  x\n");
}

TEST(TerminalText, SaysWhatAValueHoldsInALine) {
  const auto results = *Json::parse(R"({"results":[{"title":"Bill","snippet":[{"text":"pay the ","match":false},{"text":"bill","match":true}],
                                    "why":[{"kind":"words","share":0.51234}],"mine":true,"note":""},
                                   {"title":"账单","snippet":[],"why":[],"mine":false}]})");
  EXPECT_EQ(render(results, Language::English), "title  snippet       why                       mine   note\n"
                                                "Bill   pay the bill  kind words, share 0.5123  true\n"
                                                "账单                                           false\n");
  const auto wide = *Json::parse(fmt::format(R"([{{"text":"{}","next":1}}])", std::string(100, 'a')));
  EXPECT_EQ(render(wide, Language::English), "text" + std::string(58, ' ') + "next\n" + std::string(59, 'a') + "…  1\n");
}

}  // namespace
}  // namespace hearth::surfaces
