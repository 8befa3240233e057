#include "base/bytes.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(Bytes, EncodeAndDecode) {
  const std::string bytes("\x00\xff\x10z", 4);
  EXPECT_EQ(to_hex(bytes), "00ff107a");
  EXPECT_EQ(from_hex("00FF107a"), bytes);
  EXPECT_EQ(to_base64(bytes), "AP8Qeg==");
  EXPECT_EQ(from_base64("AP8Qeg=="), bytes);
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64url("-_8="), "\xfb\xff");
}

TEST(Bytes, SealAndOpen) {
  const std::string key(32, 'k');
  const auto sealed = seal(key, "a secret");
  EXPECT_NE(sealed, seal(key, "a secret"));
  EXPECT_EQ(open_sealed(key, sealed), "a secret");
  EXPECT_FALSE(open_sealed(std::string(32, 'x'), sealed).has_value());
  EXPECT_FALSE(open_sealed(key, "short").has_value());
}

TEST(Bytes, RefuseWhatIsNoEncoding) {
  EXPECT_FALSE(from_hex("0").has_value());
  EXPECT_FALSE(from_hex("zz").has_value());
  EXPECT_FALSE(from_base64("AP8Q eg").has_value());
  EXPECT_FALSE(from_base64url("a").has_value());
}

TEST(Bytes, DigestsAreTheStandards) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2
  Sha256 pieces;
  pieces.add("a");
  pieces.add("bc");
  EXPECT_EQ(pieces.finish(), sha256("abc"));
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231, case 2
}

TEST(Bytes, IdsAreUniqueAndSortByTime) {
  const auto first = make_id();
  EXPECT_TRUE(is_id(first));
  EXPECT_NE(first, make_id());
  EXPECT_LE(first.substr(0, 10), make_id().substr(0, 10));
  EXPECT_FALSE(is_id("01ARZ3NDEKTSV4RRFFQ69G5FAV"));  // upper case is another name for the same thing: refused
  EXPECT_FALSE(is_id(first + "0"));
}

TEST(Bytes, PercentCoding) {
  EXPECT_EQ(percent_encode("a b/中", "/"), "a%20b/%E4%B8%AD");
  EXPECT_EQ(percent_decode("a%20b%2f%E4%B8%AD"), "a b/中");
  for (const auto* text : {"%", "%2", "a%zz"}) EXPECT_FALSE(percent_decode(text).has_value()) << text;
}

TEST(Bytes, EscapeMarkup) {
  EXPECT_EQ(escape_markup("<a href=\"x\">it's & 中\r\n"), "&lt;a href=&quot;x&quot;&gt;it&#39;s &amp; 中&#13;\n");
}

TEST(Bytes, CutBetweenCharacters) {
  EXPECT_EQ(beginning_of("a中b", 9), "a中b");
  EXPECT_EQ(beginning_of("a中b", 4), "a中");
  EXPECT_EQ(beginning_of("a中b", 3), "a");
  EXPECT_EQ(beginning_of("a中b", 1), "a");
  EXPECT_EQ(beginning_of("中", 0), "");
}

TEST(Bytes, KnowUtf8) {
  EXPECT_TRUE(is_utf8("中文 ok"));
  for (const auto* text : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe4\xb8"}) EXPECT_FALSE(is_utf8(text));
}

}  // namespace
}  // namespace hearth
