#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/extract/exif.h"
#include "memory/extract/mail.h"
#include "memory/extract/markdown.h"
#include "memory/extract/rtf.h"
#include "memory/extract/xml.h"

namespace hearth::memory::extract {
namespace {

using testing::ElementsAre;

TEST(Markdown, ReadsNotesOfAVault) {
  const auto note = read_markdown(
      "---\ntitle: 'Trip'\ntags:\n  - travel\n  - '#北京'\naliases: [Journey]\ndate: 2024-04-02\n---\nSee [[folder/Plan#Part|the plan]] and ![[map.png]] #todo #12 a#b\n"
      "```\n[[kept]] #include\n```\n");
  EXPECT_EQ(note.title, "Trip");
  EXPECT_THAT(note.tags, ElementsAre("travel", "北京", "todo"));
  EXPECT_EQ(note.text, "aliases: [Journey]\n\nSee the plan and map.png #todo #12 a#b\n```\n[[kept]] #include\n```\n");
  EXPECT_TRUE(note.linked && note.whole_day);
  EXPECT_EQ(format_time(*note.time), "2024-04-02T00:00:00.000Z");
  EXPECT_EQ(read_markdown("---\nnever closed").text, "---\nnever closed");
  EXPECT_THAT(read_markdown("#旅行，很好 #北京。 #读书/笔记：第一章\n").tags, ElementsAre("旅行", "北京", "读书/笔记"));
  EXPECT_THAT(read_markdown("---\ntags: one two\n---\n").tags, ElementsAre("one", "two"));
}

TEST(Rtf, ReadsTextInEveryEncoding) {
  const auto paper = read_rtf(
      R"({\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}{\f1\fcharset134 SimSun;}}{\*\generator x}{\info{\title T}{\author Ann}{\creatim\yr2022\mo5\dy6\hr7\min8}})"
      R"(\f0 \'cf\'f0\'e8 \u8364? \uc2\u20320ab\uc1{\b x\}}\par\f1\'c4\'e3\'ba\'c3\tab y\bin3 abc z{\pict 0011})");
  EXPECT_EQ(paper.text, "При € 你x}\n你好\ty z");
  EXPECT_EQ(paper.title, "T");
  EXPECT_THAT(paper.authors, ElementsAre("Ann"));
  EXPECT_EQ(format_time(*paper.time), "2022-05-06T07:08:00.000Z");
  EXPECT_EQ(read_rtf(R"({\rtf1\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}}\f0 {\f1 \'c4\'e3\'ba\'c3} \'c4rger)").text, "你好 Ärger") << "a font ends with its group";
  EXPECT_EQ(read_rtf("{\\rtf1 open {{{").text, "open ");
  EXPECT_EQ(read_rtf("{\\rtf1 a\\").text, "a");
}

TEST(Exif, TakesTimesFromNames) {
  EXPECT_EQ(format_time(time_in_name("IMG_20240501_103000.jpg")->time), "2024-05-01T10:30:00.000Z");
  EXPECT_EQ(format_time(time_in_name("Screenshot 2024-05-01 at 10.30.00.png")->time), "2024-05-01T10:30:00.000Z");
  EXPECT_EQ(format_time(time_in_name("Recording 2024-05-01 10-30.m4a")->time), "2024-05-01T10:30:00.000Z");
  EXPECT_EQ(format_time(time_in_name("Screenshot 2024-05-01 at 10.30.45\u202FPM.jpg")->time), "2024-05-01T22:30:45.000Z");
  const auto picture = time_in_name("IMG-20240513-WA0123.jpg");  // a counter, no clock
  EXPECT_EQ(format_time(picture->time), "2024-05-13T00:00:00.000Z");
  EXPECT_TRUE(picture->whole_day);
  EXPECT_FALSE(time_in_name("invoice 20240599 123456.pdf"));
  EXPECT_FALSE(time_in_name("12345678901234567890.png"));
  EXPECT_FALSE(time_in_name("2024-05-01.png"));
}

TEST(Exif, SurvivesDirectoriesThatPointAnywhere) {
  const std::string loop("II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0", 26);
  EXPECT_FALSE(read_exif(loop).time);
  EXPECT_FALSE(read_exif(std::string("MM\0*\xFF\xFF\xFF\xFF", 8)).time);
}

struct Names final : XmlHandler {
  void start(std::string_view name, const XmlAttributes& attributes) override { seen += std::string(name) + "=" + std::string(attributes["a"]) + ";"; }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  std::string seen;
};

TEST(Xml, ReadsNamesWithoutPrefixAndRefusesEntities) {
  Names names;
  EXPECT_TRUE(read_xml(BytesInput("<x:r x:a='1'><b/></x:r>"), names));
  EXPECT_EQ(names.seen, "r=1;b=;");
  EXPECT_EQ(read_xml(BytesInput("<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>"), names).error().message(), "It declares entities.");
  const auto cut = read_xml(BytesInput("<r>\n<b>\n"), names);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().message(), "Its XML is broken in line 3.");
  EXPECT_EQ(recognised(cut.error().message()).chinese(), "它的 XML 在第 3 行损坏。");  // no word of it in English
}

struct Parts final : Sink {
  Result<bool> begin(Extent) override { return true; }
  Result<bool> begin_part(std::string_view) override { return true; }
  Result<> item(ItemText item, Original original) override {
    items.push_back(std::move(item));
    originals.push_back(original.bytes.value_or(""));
    return {};
  }
  Result<> failed(std::string reason) override {
    failures.push_back(std::move(reason));
    return {};
  }
  std::vector<ItemText> items;
  std::vector<std::string> originals, failures;
};

TEST(Attachments, BecomeItemsOfTheirMail) {
  static const bool prepared = (prepare_mail(), true);
  (void)prepared;
  Parts sink;
  const std::string mail =
      "From: a@example.org\nSubject: s\nDate: Mon, 1 May 2023 09:00:00 +0200\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n"
      "--b\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt\n\nattached\n"
      "--b\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
      "--b\nContent-Disposition: attachment; filename=bad.docx\n\nPK\003\004 broken\n--b--\n";
  ASSERT_TRUE(read_mail_items(mail, {}, sink));
  ASSERT_EQ(sink.items.size(), 2U);
  EXPECT_EQ(sink.items[1].text, "attached");
  EXPECT_EQ(sink.items[1].item.part_of, sink.items[0].item.key);
  EXPECT_NE(sink.items[1].item.key, sink.items[0].item.key);
  EXPECT_EQ(sink.items[1].within, sink.items[0].item.key + "/attachment/1");
  EXPECT_EQ(sink.items[1].item.time, sink.items[0].item.time);
  EXPECT_EQ(sink.originals[1], "attached");
  EXPECT_EQ(sink.failures.size(), 1U);
}

}  // namespace
}  // namespace hearth::memory::extract
