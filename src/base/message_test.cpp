#include "base/message.h"

#include <cerrno>

#include "base/result.h"
#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Message, HasBothLanguages) {
  const auto error = fail(Code::NotFound, "There is no file “{}”.", "/a").error();
  EXPECT_EQ(error.message(), "There is no file “/a”.");
  EXPECT_EQ(error.message(Language::English), error.message());
  EXPECT_EQ(error.message(Language::Chinese), "没有文件“/a”。");
}

TEST(Message, PartsAreTranslatedToo) {
  const auto error = Error::from_errno(EACCES, "writing {}", "/a/b");
  EXPECT_EQ(error.message(), "writing /a/b: Permission denied. Check who owns it and its permissions.");
  EXPECT_EQ(error.message(Language::Chinese), "写入 /a/b：没有权限。请检查它的所有者和权限。");
  EXPECT_EQ(error.code(), Code::Forbidden);
}

TEST(Message, ChineseMayOrderArgumentsDifferently) {
  EXPECT_EQ(translated("There is no \"{}\" in {}. See: hearth {}", "lst", "files", "files").chinese(),
            "files 中没有“lst”。参见：hearth files");
}

TEST(Message, WithoutEntryIsTheSameInBoth) {
  const Message name(std::string("mail.mbox"));
  EXPECT_EQ(name.in(Language::Chinese), "mail.mbox");
  EXPECT_EQ(translated("[{}]", name).in(Language::Chinese), "[mail.mbox]");
  EXPECT_EQ(translated("[{}]", translated("a list")).in(Language::Chinese), "[列表]");
  EXPECT_EQ(Error::from_errno(EXFULL, "writing {}", "/a").message(Language::Chinese), "写入 /a：Exchange full。");
}

TEST(Message, IsRecognisedWithoutItsChinese) {
  EXPECT_EQ(recognised("There is no file “/a”.").chinese(), "没有文件“/a”。");
  EXPECT_EQ(recognised("writing /a/b: Permission denied. Check who owns it and its permissions.").chinese(),
            "写入 /a/b：没有权限。请检查它的所有者和权限。");
  EXPECT_EQ(recognised("There is no \"lst\" in files. See: hearth files").chinese(), "files 中没有“lst”。参见：hearth files");
  EXPECT_EQ(recognised("Cancelled.").chinese(), "已取消。");
  for (const auto* other : {"", ".", "something that nobody says", "there is no file", "Cancelled"}) {
    EXPECT_EQ(recognised(other).in(Language::Chinese), other);
  }
}

TEST(Language, OfAHeader) {
  const auto chinese = [](std::string_view header) { return language_of_header(header) == Language::Chinese; };
  EXPECT_TRUE(chinese("zh-CN"));
  EXPECT_TRUE(chinese("zh-CN,zh;q=0.9,en;q=0.8"));
  EXPECT_TRUE(chinese("en;q=0.5, zh"));
  EXPECT_TRUE(chinese("de, zh-TW;q=0.7, en;q=0.3"));
  EXPECT_TRUE(chinese("zh,en"));  // equal weights: the first
  EXPECT_FALSE(chinese("en,zh"));
  EXPECT_FALSE(chinese("en-US,en;q=0.9,zh;q=0.8"));
  EXPECT_FALSE(chinese("zh;q=0"));
  EXPECT_FALSE(chinese("de, fr;q=0.5"));
  EXPECT_FALSE(chinese("zhx"));
  EXPECT_FALSE(chinese(""));
  EXPECT_FALSE(chinese(",;q=,;;,zh;q=9"));
}

TEST(Language, OfALocale) {
  EXPECT_EQ(language_of_tag("zh_CN.UTF-8"), Language::Chinese);
  EXPECT_EQ(language_of_tag("zh-Hans"), Language::Chinese);
  EXPECT_EQ(language_of_tag("C.UTF-8"), Language::English);
  EXPECT_EQ(language_of_tag("en_GB.UTF-8"), Language::English);
}

}  // namespace
}  // namespace hearth
